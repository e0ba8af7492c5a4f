"""What an inspector brings to a check: the policy on paper, checkpoints that were kept, authorities' certificates, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from trail.bilingual import Refusal
from trail.files import read_named, read_text
from trail.origin import READINGS
from trail.verifying import Own


class TwoOfOne(Refusal):
    ko = "{path}은(는) 앞의 체크포인트와 같은 기록의 것입니다. 기록의 것 하나, 열람·거부 기록의 것 하나만 --since로 지정하십시오."
    en = "{path} is of the same log as the checkpoint before it. Give one of the facts and one of readings and refusals with --since."


def bring(
    where: str | Path | None, policy: Path | None, since: Sequence[Path], certificates: Path | None
) -> Own:
    """`where`: what is to be checked; a policy that lies in it is nobody's own. Raises NotReadable, NotUtf8, TwoOfOne."""
    kept = _sort_checkpoints(since)
    return Own(
        policy=None if policy is None or _lies_in(policy, where) else read_text(policy),
        since=kept.get(False),
        readings_since=kept.get(True),
        certificates=None if certificates is None else read_named(certificates),
    )


def is_of_readings(checkpoint: bytes) -> bool:
    return checkpoint.partition(b"\n")[0].endswith(f"/{READINGS}".encode())


def _sort_checkpoints(files: Sequence[Path]) -> dict[bool, bytes]:
    """Checkpoints by whether they are of the log of readings and refusals; its name says so. Raises NotReadable, TwoOfOne."""
    found: dict[bool, bytes] = {}
    for path in files:
        given = read_named(path)
        of_readings = is_of_readings(given)
        if of_readings in found:
            raise TwoOfOne(path=path)
        found[of_readings] = given
    return found


def _lies_in(policy: Path, where: str | Path | None) -> bool:
    """Whether it is the very file that came with what is checked, which is nobody's own."""
    there = None if where is None else Path(where, "policy")
    return there is not None and there.is_file() and policy.is_file() and there.samefile(policy)
