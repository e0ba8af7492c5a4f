"""What of the trail leaves the program: exports, samples, packs and proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec

from domain.errors import Refusal
from projections.inspection.pack_page import in_sentences
from projections.inspection.searching import Filters
from trail.files import problem_of
from trail.leaves import Tick
from trail.pack_asked import Asked
from trail.pack_verifying import verify_pack
from trail.packing import Place, place_of, whole_of, write_pack
from trail.proof import Proof
from trail.sources import open_sealed_folder, open_source
from trail.tiles import Tiles
from trail.tree import inclusion_proof
from trail.verdict import Verdict
from trail.verifying import Own
from workflows.queries.inquiry import Inquiry
from workflows.queries.trail import may_read_trail
from workflows.trail.about import Format
from workflows.trail.exporting import Exported, export
from workflows.trail.packs import gather_events
from workflows.trail.sampling import Sample, Wanted, sample, write_sample


class NotSealedYet(Refusal):
    ko = "{position}번 기록은 아직 봉인되지 않았습니다(봉인: {size}건까지). `donghaeng trail seal` 뒤에 다시 시도하십시오."
    en = "Event {position} is not sealed yet (sealed: the first {size}). Run `donghaeng trail seal` and try again."


class CannotWrite(Refusal):
    ko = "{path}에 쓸 수 없습니다({problem}). 다른 곳을 --out으로 지정하십시오."
    en = "{path} cannot be written ({problem}). Give another place with --out."


class PackNotGood(Refusal):
    """What was made did not stand its own check, so it was thrown away."""

    ko = "묶음을 만들었으나 검증되지 않아 버렸습니다: {where}: {problem}. `donghaeng trail verify --store`로 기록을 확인하십시오."
    en = "The pack that was made did not verify and was thrown away: {where}: {problem}. Check the log with `donghaeng trail verify --store`."


class ProofRead(msgspec.Struct, frozen=True):
    """`size`: how many facts are sealed; `proof`: as C2SP tlog-proof."""

    position: int
    size: int
    proof: str


class PackMade(msgspec.Struct, frozen=True):
    """`events`: those that were asked for; `quorum`: whether the checkpoint of `size` has its witnesses."""

    file: str
    events: int
    size: int
    quorum: bool


def export_trail(
    inquiry: Inquiry,
    filters: Filters,
    form: Format,
    out: Path,
    trail_folder: Path,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Exported:
    """All that a search finds, as a file, which is named with its folder. Raises ExportNeedsReason, and as `workflows.trail.exporting.export`."""
    may_read_trail(inquiry, filters, exported=True)
    made = export(inquiry.store, filters, form, out, inquiry.lang, progress, _checkpoint_in(trail_folder))
    return msgspec.structs.replace(made, file=str(out))


def sample_trail(
    inquiry: Inquiry,
    filters: Filters,
    wanted: Wanted,
    out: Path,
    trail_folder: Path,
    tick: Tick = lambda _: None,
) -> Sample:
    """A population, and a draw from it, in a new folder. Raises ExportNeedsReason, NoSuchTrail, and as `sample`."""
    may_read_trail(inquiry, filters, exported=True)
    place = place_of(open_sealed_folder(trail_folder))
    found, positions = sample(inquiry.store, place, filters, wanted, inquiry.lang, tick)
    write_sample(out, found, positions)
    return found


def prove_entry(inquiry: Inquiry, position: int, trail_folder: Path) -> ProofRead:
    """The proof that an event stands in the sealed log. Raises NoSuchTrail, NotSealedYet, NotTrusted."""
    inquiry.authorise("trail")
    place = place_of(open_sealed_folder(trail_folder))
    size = place.checkpoint.size
    if position > size:
        raise NotSealedYet(position=position, size=size)
    path = tuple(inclusion_proof(position - 1, size, Tiles(place.source.read, size).subtree))
    return ProofRead(position, size, str(Proof(position - 1, path, place.note)))


def make_pack(
    inquiry: Inquiry,
    asked: Asked,
    out: Path,
    trail_folder: Path,
    comparing: AbstractContextManager[Tick],
    writing: Callable[[int], AbstractContextManager[Tick]],
) -> PackMade:
    """Events with all that proves them, in one file. `comparing`, `writing(events)`: told how far each is, while it lasts.

    Raises ExportNeedsReason, NoSuchTrail, CannotWrite, PackNotGood, and as `workflows.trail.packs.gather_events`.
    """
    agencies, tasks = ((one,) if one is not None else () for one in (asked.agency, asked.task))
    inquiry.authorise("trail", agencies, tasks=tasks, exported=True)
    place = place_of(open_sealed_folder(trail_folder))
    whole = whole_of(place, asked)  # at once: the next seal counts on
    with comparing as tick:
        events = gather_events(inquiry.store, asked, place.checkpoint.size, tick)
    with writing(len(events)) as tick, _word_write_faults(out):
        write_pack(place, events, asked, inquiry.purpose or "", out, tick, in_sentences(), whole)
    _check_what_was_made(out, place)
    count = sum(event.asked for event in events)
    return PackMade(str(out), count, place.checkpoint.size, place.quorum)


def _check_what_was_made(out: Path, place: Place) -> None:
    """What we hand out we have checked as its reader will. A quorum that is missing is the reader's to see."""
    verdict = Verdict()
    with open_source(str(out)) as source:
        verify_pack(source, Own(policy=place.policy.text), verdict, lambda _: None, in_sentences())
    wrong = [item for item in verdict.failures if place.quorum or item.where != "checkpoint"]
    if wrong:
        out.unlink()
        raise PackNotGood(where=wrong[0].where, problem=wrong[0].said)


@contextmanager
def _word_write_faults(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(path=out, problem=problem_of(error)) from None


def _checkpoint_in(trail_folder: Path) -> str | None:
    try:
        return (trail_folder / "checkpoint").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
