"""What a witness's commands answer: one document for machines, and the same in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trail.lang import Lang
from trail.note import SignerKey, VerifierKey
from trail.particles import resolve_particles
from trail.witness.evidence import describe_evidence, load_evidence
from trail.witness.state import key_of, load_trusted_keys

Said = tuple[dict[str, Any], str]


def say_served(folder: Path, key: SignerKey, url: str, lang: Lang) -> Said:
    """Who is served at which address, and for which logs. Raises NotRemembered."""
    origins = sorted(load_trusted_keys(folder))
    document = {"witness": key.name, "vkey": str(key.verifier), "url": url, "logs": origins}
    none = _in(lang, "없음: `witness trust`", "none: `witness trust`")
    lines = (
        f"{_in(lang, '증인', 'Witness')} {key.name}  {url}",
        f"  {key.verifier}",
        f"  {_in(lang, '확인하는 기록', 'logs')}: {', '.join(origins) or none}",
        _in(lang, "끝내려면 Ctrl-C를 누르십시오.", "Press Ctrl-C to stop."),
    )
    return document, "\n".join(lines)


def say_made(key: SignerKey) -> Said:
    """The public key, to be given to the log's operator and to verifiers."""
    vkey = str(key.verifier)
    return {"witness": key.name, "vkey": vkey}, vkey


def say_trusted(key: VerifierKey, lang: Lang) -> Said:
    words = _in(
        lang,
        resolve_particles(f"기록 {key.name}을(를) 확인합니다."),
        f"The log {key.name} is cosigned from now on.",
    )
    return {"origin": key.name, "vkey": str(key)}, words


def say_evidence(folder: Path, lang: Lang) -> Said:
    """All that is kept. Raises NoWitnessHere, NotRemembered."""
    key_of(folder)
    shown: list[dict[str, Any]] = [
        {
            "file": str(path),
            "words": None if one is None else describe_evidence(one).say(lang),
            "evidence": one,
        }
        for path, one in load_evidence(folder)
    ]
    unreadable = _in(lang, "읽을 수 없는 파일입니다.", "The file cannot be read.")
    lines = [f"{one['words'] or unreadable}\n  {one['file']}" for one in shown]
    none = _in(lang, "보관한 증거가 없습니다.", "There is no evidence.")
    return {"evidence": shown}, "\n".join(lines) or none


def _in(lang: Lang, ko: str, en: str) -> str:
    return ko if lang == "ko" else en
