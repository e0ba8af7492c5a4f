"""Two verifiers over the same packs: ours, in memory, and the one in Go, one process for all of them."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from projections.inspection.pack_page import in_sentences
from trail.pack_verifying import verify_pack
from trail.sources import Source, Zip
from trail.verdict import Item, Verdict
from trail.verifying import Own


class Memory:
    """A pack's files; ours reads them as it reads a folder."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes | None:
        return self._files.get(path)

    def names(self) -> Sequence[str]:
        return sorted(self._files)


class Judged:
    """`ok`: what comes of it; `wrong`: where and why not, for who has to look into a disagreement."""

    def __init__(self, ok: bool, wrong: Sequence[str]) -> None:
        self.ok, self.wrong = ok, wrong


def ours(source: Source, own: Own, beside: tuple[str, ...] = ()) -> Judged:
    """Without what only ours looks at: that the page is the one that is made of the events, and what is `beside`."""
    verdict = Verdict()
    with verdict.checking("all"):
        verify_pack(source, own, verdict, lambda _: None, in_sentences())
    wrong = [
        f"{one.where}: {one.said.en}"
        for one in verdict.failures
        if _of_the_sums(one) or not one.where.startswith(("index.html", *beside))
    ]
    return Judged(verdict.checkpoint is not None and verdict.quorum and not wrong, wrong)


def _of_the_sums(one: Item) -> bool:
    """A page that is missing is told and no more, unless the sums have it."""
    return "SHA256SUMS" in one.said.en or (one.where, one.said.en) == ("index.html", "there is no such file")


def ours_of_a_zip(given: bytes, own: Own) -> Judged:
    verdict = Verdict()
    with verdict.checking("all"):
        try:
            archive = zipfile.ZipFile(io.BytesIO(given))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return Judged(False, ["it is no zip"])
        with archive:
            return ours(Zip(archive, "zip"), own)
    return Judged(False, [one.said.en for one in verdict.failures])


class Go:
    """The verifier in Go while it runs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._bases: list[Mapping[str, bytes]] = []

    def pack(self, files: Mapping[str, bytes], base: Mapping[str, bytes], own: Own) -> Judged:
        """`base`: what it was made of; only what differs is sent."""
        number = self._number(base)
        put = {name: content for name, content in files.items() if base.get(name) != content}
        return self._ask(Base=number, Put=_coded(put), Drop=sorted(base.keys() - files.keys()), **_own(own))

    def zip(self, given: bytes, own: Own) -> Judged:
        return self._ask(Zip=base64.b64encode(given).decode(), **_own(own))

    def store(self, rows: Mapping[str, Any], trail: Mapping[str, bytes], own: Own) -> Judged:
        return self._ask(Put=_coded(trail), Base=-1, Rows=rows, **_own(own))

    def _number(self, base: Mapping[str, bytes]) -> int:
        for number, known in enumerate(self._bases):
            if known is base:
                return number
        self._bases.append(base)
        self._write(Base=len(self._bases) - 1, Define=True, Put=_coded(base))
        return len(self._bases) - 1

    def _ask(self, **request: Any) -> Judged:
        self._write(**request)
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline())
        return Judged(answer["ok"], answer["wrong"] or [])

    def _write(self, **request: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()


def _own(own: Own) -> dict[str, Any]:
    authorities = None if own.certificates is None else base64.b64encode(own.certificates).decode()
    return {"Policy": own.policy, "Authorities": authorities}


def _coded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


@contextmanager
def judging(built: Path, without: str = "") -> Iterator[Go]:
    """`without`: a check that is left out."""
    words = [str(built), "stream", *(["-without", without] if without else [])]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Go(process)
        assert process.stdin is not None
        process.stdin.close()


def files_of(pack: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
