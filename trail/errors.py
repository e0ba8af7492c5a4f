"""What is wrong with a trail, a proof or a policy: each names the file or line, and the reason."""

from __future__ import annotations

from trail.bilingual import Bilingual, Refusal


class NotTrusted(Refusal):
    """`where`: the file or part; `problem`: the reason, worded."""

    ko = "{where}을(를) 믿을 수 없습니다: {problem}."
    en = "{where} cannot be trusted: {problem}."


class BadNote(NotTrusted):
    """Not a signed note, or none of the keys that are trusted signed it."""


class BadCheckpoint(NotTrusted):
    """Not a checkpoint of this log."""


def rewritten_error(where: str, size: int) -> BadCheckpoint:
    """The log does not go on from a checkpoint of it."""
    return BadCheckpoint(
        where=where,
        problem=Bilingual(
            f"처음 {size:,}건이 이 체크포인트의 것과 다릅니다: 그 뒤에 기록이 고쳐 쓰였습니다",
            f"the first {size:,} fact(s) is(are) not those of this checkpoint: the log was rewritten after it",
        ),
    )


class BadProof(NotTrusted):
    """A proof that does not lead to the root, or that is none."""


class TileMissing(NotTrusted):
    """A tile or an entry bundle is not there, or not as long as it has to be."""


class BadTimestamp(NotTrusted):
    """Not a timestamp token, or its signature does not fit what it says."""


class OtherImprint(BadTimestamp):
    """A timestamp over other bytes."""


class AuthorityNotTrusted(BadTimestamp):
    """Signed by a timestamp authority that none of the trusted certificates vouches for."""


class AuthorityExpired(AuthorityNotTrusted):
    """The authority's certificate was not valid at the time that the token names."""


class BadPolicy(Refusal):
    """A policy that cannot be read or that nobody can satisfy."""

    ko = "정책 파일의 {line}번째 줄을 받을 수 없습니다: {problem}. 고쳐서 다시 시도하십시오."
    en = "Line {line} of the policy cannot be taken: {problem}. Correct it and try again."
