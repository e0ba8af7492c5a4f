"""`python -m tests.domain.write_samples`: a sample of each fact and version that has none. One that is there stays as it is."""

from __future__ import annotations

from pathlib import Path

import msgspec

from domain.fact import Fact
from domain.register import FACTS
from tests.domain.filled import filled_fact

SAMPLES = Path(__file__).parent / "samples"


def write_missing(folder: Path, facts: list[type[Fact]]) -> list[str]:
    """The names of the files that were written: of each fact in its present version, every field filled."""
    written = []
    for fact in facts:
        path = folder / f"{fact.kind}.v{fact.schema_version}.json"
        if not path.exists():
            path.write_bytes(msgspec.json.encode(filled_fact(fact)) + b"\n")
            written.append(path.name)
    return written


if __name__ == "__main__":
    for name in write_missing(SAMPLES, list(FACTS.values())):
        print(name)  # noqa: T201 - a program of its own
