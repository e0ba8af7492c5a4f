"""A checkpoint as it is judged: who signed it, of which log it is, whether its quorum is there, and when it was seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trail.bilingual import Bilingual
from trail.checkpoint import Checkpoint, parse_checkpoint
from trail.errors import BadCheckpoint, BadNote, BadPolicy, NotTrusted
from trail.korean_time import SEOUL
from trail.note import Note, parse_note, verify_note
from trail.policy import Policy, parse_policy
from trail.sources import Source
from trail.verdict import Verdict

_MARK = "\ufeff"
_FAR_AWAY = 250_000_000_000  # the year 9892; what a witness says beyond it says no more
SLACK = timedelta(seconds=60)  # by which clocks of witnesses, authorities and the store may differ


def policy_of(source: Source, verdict: Verdict, own: str | None) -> Policy:
    """The policy got on paper, or else the one that lies there. Raises NotTrusted, BadPolicy."""
    verdict.own_policy = own is not None
    if own is not None:
        policy = parse_policy(_plain(own, verdict))
    else:
        policy = parse_policy(_plain(_utf8(require_file(source, "policy"), "policy"), verdict))
        verdict.remarks(
            "policy",
            "정책과 키를 검사 대상 안에서 가져왔습니다. 따로 받아 둔 것(--policy)과 같은지 비교하십시오",
            "the policy and its keys came with what is checked; compare them with the ones got on paper (--policy)",
        )
    if not policy.logs:
        raise BadPolicy(line=1, problem=Bilingual("log 줄이 없습니다", "there is no log line"))
    verdict.keys = [*map(str, policy.log_keys), *(str(one.key) for one in policy.witnesses)]
    return policy


def check_checkpoint(given: bytes, where: str, policy: Policy) -> tuple[Note, Checkpoint]:
    """A checkpoint that a key of the policy has signed, of that key's log. Raises BadNote, BadCheckpoint."""
    note = verify_note(check_not_forged(parse_note(given, where), policy, where), policy.log_keys, where)
    checkpoint = parse_checkpoint(note, where)
    if checkpoint.origin not in {key.name for key in policy.log_keys if key.signature_on(note)}:
        name = checkpoint.origin[:80]
        problem = Bilingual(f"다른 기록({name})의 것입니다", f"it is of another log ({name})")
        raise BadCheckpoint(where=where, problem=problem)
    if checkpoint.size == 0:
        raise BadCheckpoint(where=where, problem=Bilingual("빈 기록의 것입니다", "it is of an empty log"))
    return note, checkpoint


def older_checkpoint(given: bytes, where: str, policy: Policy, origin: str) -> tuple[Note, Checkpoint, bool]:
    """A checkpoint of the past, and whether a key of the policy has signed it: keys are retired, what they signed stays.

    Whoever relies on it has to see that the present tree begins with it. Raises BadNote, BadCheckpoint.
    """
    note = check_not_forged(parse_note(given, where), policy, where)
    checkpoint = parse_checkpoint(note, where, origin)
    return note, checkpoint, any(key.signature_on(note) for key in policy.log_keys)


def older_of(
    given: bytes, where: str, policy: Policy, origin: str, verdict: Verdict
) -> tuple[Note, Checkpoint]:
    """The same; that no key of the policy has signed it is remarked."""
    note, old, known = older_checkpoint(given, where, policy, origin)
    if not known:
        verdict.remarks(
            where,
            "지금 정책의 기록 키로 서명되지 않았습니다(폐지된 키일 수 있음)",
            "no log key of the present policy has signed it; it may be by a retired one",
        )
    return note, old


def check_not_forged(note: Note, policy: Policy, where: str) -> Note:
    """The note, where each line that names a key of the policy is that key's signature. Raises BadNote.

    Lines by others say nothing; one that claims to be by a key that is known and is not was changed by somebody.
    """
    for key in (*policy.log_keys, *(witness.key for witness in policy.witnesses)):
        for line in note.signatures:
            if (line.name, line.key_id) == (key.name, key.key_id) and not key.signature_on(
                Note(note.text, (line,))
            ):
                problem = Bilingual(
                    f"{key.name}의 서명이 맞지 않습니다", f"the signature by {key.name} does not fit"
                )
                raise BadNote(where=where, problem=problem)
    return note


def current(source: Source, verdict: Verdict, policy: Policy) -> tuple[Note, Checkpoint]:
    """The checkpoint that all else is checked against. Raises NotTrusted."""
    note, checkpoint = check_checkpoint(require_file(source, "checkpoint"), "checkpoint", policy)
    verdict.checkpoint = checkpoint
    verdict.holds(
        "checkpoint",
        f"기록 {checkpoint.size:,}건의 체크포인트에 기록 키의 서명이 있습니다",
        f"the checkpoint of {checkpoint.size:,} fact(s) is signed by the log's key",
    )
    verdict.quorum = policy.is_satisfied_by(note)
    names = ", ".join(witness.name for witness in policy.witnesses_on(note))
    if not verdict.quorum:
        verdict.fails(
            "checkpoint",
            f"증인 정족수에 미치지 못합니다(필요 {policy.needed}, 확인: {names or '없음'}): 운영자가 고쳐 쓰지 않았음을 보장하지 못합니다",
            f"it has not its quorum of witnesses ({policy.needed} needed; there are: {names or 'none'}): "
            "nothing shows that the operator did not rewrite it",
        )
    elif policy.needed == 0:
        verdict.remarks(
            "policy",
            "정책이 증인을 요구하지 않습니다: 서명만으로는 운영자가 고쳐 쓰지 않았음을 알 수 없습니다",
            "the policy asks for no witnesses: a signature alone does not show that the operator did not rewrite it",
        )
    else:
        last = clock(_last_seen(policy, note))
        verdict.holds(
            "checkpoint",
            f"증인 정족수가 확인했습니다: {names}, 마지막 {last}. 그 뒤의 기록이 잘렸는지는 이것으로 알 수 없습니다",
            f"a quorum of witnesses: {names}, last at {last}; whether anything later was cut off, this does not show",
        )
    return note, checkpoint


def require_file(source: Source, path: str) -> bytes:
    """A file that has to be there. Raises NotTrusted."""
    found = source.read(path)
    if found is None:
        raise NotTrusted(where=path, problem=Bilingual("파일이 없습니다", "there is no such file"))
    return found


def times_seen(policy: Policy, note: Note) -> tuple[datetime, datetime] | None:
    """The first and the last time at which the policy's witnesses say that they saw it; None without any.

    One honest witness is enough for both to be bounds: what is in the note was there at the last, and not signed before
    the first.
    """
    times = [
        datetime.fromtimestamp(min(one.at, _FAR_AWAY), UTC)
        for witness in policy.witnesses
        if (one := witness.key.signature_on(note)) is not None
    ]
    return (min(times), max(times)) if times else None


def _last_seen(policy: Policy, note: Note) -> datetime:
    between = times_seen(policy, note)
    assert between is not None, "a quorum of nobody"
    return between[1]


def _plain(text: str, verdict: Verdict) -> str:
    """Without the marks that editors of Windows leave, which are told."""
    if text.startswith(_MARK):
        verdict.remarks(
            "policy",
            "정책 파일 앞의 바이트 순서 표식(BOM)은 빼고 읽습니다",
            "the byte-order mark at its beginning is left out",
        )
    if "\r\n" in text:
        verdict.remarks(
            "policy",
            "정책 파일의 Windows 줄바꿈(CR LF)은 줄바꿈으로 읽습니다",
            "its line ends of Windows (CR LF) are taken as line ends",
        )
    return text.removeprefix(_MARK)


def _utf8(given: bytes, where: str) -> str:
    try:
        return given.decode()
    except UnicodeDecodeError:
        raise NotTrusted(
            where=where, problem=Bilingual("UTF-8 글이 아닙니다", "it is no UTF-8 text")
        ) from None


def clock(at: datetime) -> str:
    """e.g. 2024-03-07 14:07:00 KST"""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S} KST"
