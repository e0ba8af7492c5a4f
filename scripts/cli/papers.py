"""Files that go with a command: an option that is repeated, and how they come to be in the command."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from domain.attachments import describe_file
from domain.limits import LARGEST_FILE
from domain.values import Paper
from scripts.cli.run import Run
from trail.files import read_named


def read_papers(run: Run, paths: Iterable[str] | None) -> tuple[Paper, ...]:
    """What the command says of them; their bytes go with it. Raises NotReadable, also where one is larger than any that may be attached."""
    papers = []
    for path in paths or ():
        content = read_named(Path(path), LARGEST_FILE << 20)
        given = describe_file(content)
        run.files[given.sha256] = content
        papers.append(Paper(Path(path).name, given))
    return tuple(papers)
