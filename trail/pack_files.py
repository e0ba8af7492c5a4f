"""A pack's files: whether it is one, and whether all of them are there, whole, and none besides."""

from __future__ import annotations

import re
from hashlib import sha256

from trail.bilingual import Bilingual
from trail.english import many
from trail.errors import NotTrusted
from trail.signed import require_file
from trail.sources import Source, safe
from trail.verdict import Verdict

EVENT = re.compile(r"events/([1-9][0-9]{0,15})\.json")
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")


def is_pack(source: Source) -> bool:
    """Whether it is a pack and not a whole trail. A pack that is damaged is still one."""
    names = source.names() or ()
    return "SHA256SUMS" in names or "verify.sh" in names or any(EVENT.fullmatch(name) for name in names)


def check_sums(source: Source, verdict: Verdict) -> None:
    """That every file is there, whole, and that there is none besides."""
    listed: set[str] = set()
    before = len(verdict.failures)
    with verdict.checking("SHA256SUMS"):
        lines = require_file(source, "SHA256SUMS").decode(errors="replace").split("\n")
        for line in lines[:-1] if lines[-1] == "" else lines:
            found = _SUM.fullmatch(line)
            if found is None or not safe(found[2]):
                raise wrong("SHA256SUMS", "형식에 맞지 않습니다", "it has not the form of a list of sums")
            listed.add(found[2])
            with verdict.checking(found[2]):
                if sha256(require_file(source, found[2])).hexdigest() != found[1]:
                    raise wrong(
                        found[2],
                        "SHA256SUMS에 적힌 내용과 다릅니다",
                        "its content is not what SHA256SUMS says",
                    )
    for name in sorted(set(source.names() or ()) - listed - {"SHA256SUMS"}):
        verdict.fails(name, "SHA256SUMS에 없는 파일입니다", "it does not stand in SHA256SUMS")
    if len(verdict.failures) == before:
        verdict.holds(
            "SHA256SUMS",
            f"파일 {len(listed):,}개가 온전합니다",
            f"{many(len(listed), 'file is', 'files are')} as it says",
        )


def wrong(where: str, ko: str, en: str) -> NotTrusted:
    return NotTrusted(where=where, problem=Bilingual(ko, en))
