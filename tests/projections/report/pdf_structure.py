"""A PDF read by its own structure, as a screen reader does: which tags there are, and which letters stand under each."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream


@dataclass
class Tag:
    """An element of the structure. `parts`: tags and texts in the order of reading."""

    kind: str
    alt: str | None = None
    parts: list[Tag | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def all(self, kind: str) -> list[Tag]:
        found = [self] if self.kind == kind else []
        return found + [tag for part in self.parts if isinstance(part, Tag) for tag in part.all(kind)]


def read(paper: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(paper))


def structure(paper: bytes) -> Tag:
    """The root of what is tagged."""
    reader = read(paper)
    root = reader.root_object["/StructTreeRoot"]
    roles = {name: str(role) for name, role in root.get("/RoleMap", {}).items()}
    texts = {page.indirect_reference.idnum: _marked(page, reader) for page in reader.pages}
    tag = Tag("root")
    _walk(root["/K"], tag, None, texts, roles)
    return tag


def _walk(
    node: Any, into: Tag, page: int | None, texts: dict[int, dict[int, str]], roles: dict[str, str]
) -> None:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for part in node:
            _walk(part, into, page, texts, roles)
    elif isinstance(node, int):
        assert page is not None
        into.parts.append(texts[page].get(node, ""))
    elif "/MCID" in node:
        into.parts.append(texts[node.raw_get("/Pg").idnum if "/Pg" in node else page].get(node["/MCID"], ""))
    elif "/S" in node:
        kind = roles.get(node["/S"], str(node["/S"])).removeprefix("/")
        tag = Tag(kind, node.get("/Alt"))
        into.parts.append(tag)
        page = node.raw_get("/Pg").idnum if "/Pg" in node else page
        _walk(node.get("/K", []), tag, page, texts, roles)


def _mark(operands: Any) -> int | None:
    return operands[1].get("/MCID") if isinstance(operands[1], dict) else None


def _innermost(marks: Sequence[int | None]) -> int | None:
    return next((mark for mark in reversed(marks) if mark is not None), None)


def _marked(page: Any, reader: PdfReader) -> dict[int, str]:
    """The letters of each marked piece of a page. What no mark holds belongs to nobody's reading."""
    found: dict[int, str] = {}
    fonts = {name: _letters(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    marks: list[int | None] = []
    letters: dict[int, str] = {}
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        match operator:
            case b"BDC" | b"BMC":
                marks.append(_mark(operands) if operator == b"BDC" else None)
            case b"EMC":
                marks.pop()
            case b"Tf":
                letters = fonts[operands[0]]
            case b"Tj" | b"TJ":
                said = operands[0] if operator == b"TJ" else [operands[0]]
                if (held := _innermost(marks)) is not None:
                    found[held] = found.get(held, "") + "".join(_shown(piece, letters) for piece in said)
    return found


def _shown(piece: Any, letters: dict[int, str]) -> str:
    raw = getattr(piece, "original_bytes", b"") if not isinstance(piece, bytes) else piece
    return "".join(letters[int.from_bytes(raw[at : at + 2])] for at in range(0, len(raw), 2))


def _letters(font: Any) -> dict[int, str]:
    """Glyph to letters, as the font's own table says for people who copy text."""
    table = font["/ToUnicode"].get_data().decode("ascii")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for glyph, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, letters in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int(letters, 16)
            found |= {
                glyph: chr(start + glyph - int(first, 16))
                for glyph in range(int(first, 16), int(last, 16) + 1)
            }
    return found
