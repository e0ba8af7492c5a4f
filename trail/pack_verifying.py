"""Verifying a pack: each event's bytes, leaf and path to the checkpoint, older checkpoints, timestamps, texts, times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from trail.bilingual import Bilingual
from trail.commitments import references
from trail.english import many
from trail.errors import BadProof
from trail.leaves import Tick, parse_leaf
from trail.pack_asked import Said, read_said
from trail.pack_events import Proven
from trail.pack_files import EVENT, check_sums, is_pack, wrong
from trail.pack_older import Pack, check_older, check_since
from trail.pack_parts import check_parts
from trail.pack_streams import check_streams
from trail.pack_whole import check_whole
from trail.page import Page
from trail.policy import parse_policy
from trail.proof import check_proof, parse_proof
from trail.signed import require_file
from trail.sources import Source
from trail.time_bounds import check_token, floor_of, read_held_times
from trail.tree import inclusion_proof
from trail.two_times import TwoTimes, judge
from trail.verdict import Verdict
from trail.verifying import Own, check_after, check_before, verify_trail


def verify(source: Source, own: Own, verdict: Verdict, tick: Tick, page: Page | None) -> list[Proven]:
    """A pack or a trail, whichever it is: the events of a pack that hold, none of a trail. Raises as `verify_pack` does."""
    if is_pack(source):
        return verify_pack(source, own, verdict, tick, page)
    verify_trail(source, own, verdict, tick)
    return []


def verify_pack(source: Source, own: Own, verdict: Verdict, tick: Tick, page: Page | None) -> list[Proven]:
    """The events that hold, in order; what does not is said in the verdict. Raises NotTrusted, BadPolicy.

    `page`: what index.html is compared with; None where nothing here puts events into words, which is said.
    """
    check_sums(source, verdict)
    pack = Pack(source, own, verdict)
    with verdict.checking("--since"):
        check_since(pack)
    check_older(pack)
    proven = list(_events(pack, tick))
    _check_times(pack, proven)
    _check_known(pack, proven)
    _check_texts(pack, proven)
    check_parts(pack, {event.leaf.position: set(event.texts) for event in proven})
    _check_what_it_says(pack, proven, page)
    if proven:
        verdict.holds(
            "events",
            f"사건 {len(proven):,}건이 모두 체크포인트로 이어집니다",
            f"{many(len(proven), 'event leads', 'events lead')} to the checkpoint",
        )
    else:
        verdict.fails("events", "묶음에 맞는 사건이 하나도 없습니다", "there is no event in it that holds")
    return proven


def _events(pack: Pack, tick: Tick) -> Iterator[Proven]:
    positions = sorted(int(found[1]) for name in pack.names if (found := EVENT.fullmatch(name)))
    for position in positions:
        with pack.verdict.checking(f"events/{position}.json"):
            yield _event(pack, position)
        tick(1)


def _event(pack: Pack, position: int) -> Proven:
    event, leaf_file, proof_file = (
        f"events/{position}.json",
        f"leaves/{position}.json",
        f"proofs/{position}.tlog-proof",
    )
    state, given = require_file(pack.source, event), require_file(pack.source, leaf_file)
    leaf = parse_leaf(given, leaf_file)
    if leaf.position != position:
        raise wrong(
            leaf_file,
            f"{leaf.position}번 기록의 리프입니다",
            f"it is the leaf of event {leaf.position}",
        )
    if sha256(state).hexdigest() != leaf.state:
        raise wrong(event, "봉인된 내용과 다릅니다", "its content is not what was sealed")
    proof = parse_proof(require_file(pack.source, proof_file), proof_file)
    if proof.index != position - 1:
        raise BadProof(
            where=proof_file,
            problem=Bilingual(f"{proof.index}번 리프의 증명입니다", f"it is a proof for index {proof.index}"),
        )
    if proof.checkpoint != pack.note:
        problem = Bilingual("다른 체크포인트로 가는 증명입니다", "it is a proof for another checkpoint")
        raise BadProof(where=proof_file, problem=problem)
    check_proof(proof, given, proof_file)
    if tuple(inclusion_proof(proof.index, pack.checkpoint.size, pack.tiles.subtree)) != proof.path:
        raise wrong(
            "tile", f"{position}번의 증명과 다릅니다", f"they are not what the proof of event {position} says"
        )
    return Proven(leaf, state, _texts(pack, position, state))


def _texts(pack: Pack, position: int, state: bytes) -> dict[str, str]:
    """The texts of an event that are in the pack, each what the event commits to."""
    found: dict[str, str] = {}
    for identity, commitment in references(state):
        name = f"texts/{position}.{identity}"
        body = pack.source.read(f"{name}.txt")
        if body is not None:
            if sha256(require_file(pack.source, f"{name}.salt") + body).hexdigest() != commitment:
                raise wrong(
                    f"{name}.txt",
                    "사건이 확약한 글이 아닙니다",
                    "it is not the text that the event commits to",
                )
            found[identity] = body.decode(errors="replace")
    return found


def _check_times(pack: Pack, proven: Sequence[Proven]) -> None:
    """recorded_at never goes back, and lies within what others saw."""
    last, floor = "", None
    for event in proven:
        where = f"events/{event.leaf.position}.json"
        with pack.verdict.checking(where):
            if event.leaf.recorded_at < last:
                raise wrong(
                    where,
                    "앞의 기록보다 먼저 적힌 것으로 되어 있습니다",
                    "it was recorded before the one before it",
                )
            last = event.leaf.recorded_at
            held = read_held_times(pack.checkpoint.origin, event.leaf.kind, event.state, where)
            if held is not None:
                check_token(held, pack.certificates, pack.verdict, where)
                floors = (floor, floor_of(pack.policy, held, where))
                floor = max(filter(None, floors), default=None)
            if floor is not None:
                check_after(event.leaf, floor, where)
            seen = min((at for size, at in pack.tops if size >= event.leaf.position), default=None)
            if seen is not None:
                check_before(event.leaf, seen, where)


def _check_known(pack: Pack, proven: Sequence[Proven]) -> None:
    """Outside a simulated store an event was known when it was recorded; where that is not said, two times are told."""
    times = TwoTimes()
    for event in proven:
        leaf = event.leaf
        times.add(leaf.position, leaf.known_at, leaf.recorded_at)
    earliest = times.earliest
    where = "events" if earliest is None else f"events/{earliest.position}.json"
    judge(pack.verdict, where, pack.checkpoint.origin, times)


def _check_what_it_says(pack: Pack, proven: Sequence[Proven], page: Page | None) -> None:
    """What it says that it holds, and what its page says of that."""
    said = None
    with pack.verdict.checking("asked.json"):
        said = read_said(pack.source)
    whole = None if said is None else said.whole
    counted = check_whole(pack, proven, whole or ())
    check_streams(pack.verdict, [one.leaf for one in proven], whole, pack.checkpoint.size, counted)
    with pack.verdict.checking("index.html"):
        _check_page(pack, proven, said, page)


def _check_page(pack: Pack, proven: Sequence[Proven], said: Said | None, page: Page | None) -> None:
    """The page, which nobody signed, is the one that is made of the proven events. Raises NotTrusted, BadPolicy."""
    given = pack.source.read("index.html")
    if given is None:
        pack.verdict.remarks("index.html", "묶음에 없습니다", "there is none in the pack")
        return
    if page is None:
        pack.verdict.remarks(
            "index.html",
            "이 프로그램은 사건을 문장으로 옮기지 않아 확인하지 않았습니다. 화면은 무엇이든 말할 수 있으며, 증명된 것은 사건의 원문입니다",
            "it was not checked, for this program puts no events into words: it can say anything; what is proved are the events",
        )
        return
    if said is not None:
        written = pack.source.read("policy")
        if written is None:
            raise wrong(
                "index.html",
                "화면을 만든 정책 파일(policy)이 묶음에 없어 화면을 확인할 수 없습니다",
                "the pack's own policy, of which it was made, is not there, so that it cannot be compared",
            )
        policy = parse_policy(written.decode(errors="replace"))
        if given == page.make(policy, pack.note, pack.checkpoint, proven, said).encode():
            pack.verdict.holds(
                "index.html",
                "증명된 사건에서 다시 만든 것과 한 바이트도 다르지 않습니다",
                "it is the page that is made of the proven events, to the byte",
            )
            return
        if said.made_by == page.made_by:
            raise wrong(
                "index.html",
                "증명된 사건에서 다시 만든 화면과 다릅니다. 그 내용은 믿을 수 없으며, 증명된 것은 사건의 원문입니다",
                "it is not the page that is made of the proven events: what it says is not to be relied on",
            )
    pack.verdict.remarks(
        "index.html",
        "다른 버전의 프로그램이 만들어 확인하지 못했습니다. 화면은 무엇이든 말할 수 있으며, 증명된 것은 사건의 원문입니다",
        "it was made by another version of the program and was not checked: it can say anything; what is proved are the events",
    )


def _check_texts(pack: Pack, proven: Sequence[Proven]) -> None:
    """A text that is not there was redacted, and a proven event says so."""
    redacted = {event.leaf.stream for event in proven if event.leaf.kind == "text.redacted"}
    for event in proven:
        for identity, _ in references(event.state):
            name = f"texts/{event.leaf.position}.{identity}.txt"
            if identity in event.texts:
                continue
            if f"text/{identity}" in redacted:
                pack.verdict.remarks(
                    name, "비공개 처리되어 묶음에 없습니다", "it was redacted; an event in this pack says so"
                )
            else:
                pack.verdict.fails(
                    name,
                    "글이 없고, 비공개 처리했다는 사건도 없습니다",
                    "it is missing, and no event in this pack says that it was redacted",
                )
