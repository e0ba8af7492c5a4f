"""Files that nobody should hand in, and words that name nothing."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

_MB = 1 << 20


def _zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<sheetData><row r="1"><c r="XFD5000" t="n"><v>1</v></c></row></sheetData></worksheet>'
)

CONTENTS: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zeros": lambda: bytes(_MB),
    "all-bytes": lambda: bytes(range(256)) * 64,
    "utf-16": lambda: "{}\n".encode("utf-16"),
    "only-a-mark": "\ufeff".encode,
    "surrogate": lambda: b'{"year": "\\ud800"}',
    "nul": lambda: b"a = 'x\x00'\n",
    "null": lambda: b"null",
    "list": lambda: b"[]",
    "text": lambda: b'"x"',
    "nan": lambda: b'{"year": NaN, "tasks": Infinity}',
    "long-number": lambda: b'{"year": ' + b"9" * 10_000 + b"}",
    "long-exponent": lambda: b'{"year": 1e999999}',
    "deep-json": lambda: b"[" * 100_000,
    "deep-objects": lambda: b'{"a":' * 100_000,
    "deep-toml": lambda: b"a = " + b"[" * 100_000,
    "deep-keys": lambda: b".".join([b"a"] * 5_000) + b" = 1\n",
    "no-such-day": lambda: b"days = [{ day = 2024-02-31, name = 'x' }]\n",
    "many-lists": lambda: b"[" + b"[]," * (5 * _MB) + b"[]]",
    "many-tables": lambda: b"[[a]]\n" * 200_000,
    "commas": lambda: b"," * (15 * _MB),
    "quote": lambda: b'"' + b"a," * (5 * _MB),
    "one-line": lambda: b"a" * (15 * _MB),
    "lines": lambda: b"a\n" * (2 * _MB),
    "too-large": lambda: b" " * (40 * _MB),
    "cut-zip": lambda: _zipped({"a": b"a" * 4096})[:-30],
    "empty-zip": lambda: _zipped({}),
    "odd-zip": lambda: _zipped({"../../a": b"a", "/etc/b": b"b"}),
    "bomb": lambda: _zipped({"xl/workbook.xml": bytes(200 * _MB), "[Content_Types].xml": b"<a/>"}),
    "far-cell": lambda: _zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": _SHEET}),
    "gzip": lambda: gzip.compress(bytes(_MB)),
    "pdf": lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 1000,
    "png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 20_000,
    "entities": lambda: b'<!DOCTYPE a [<!ENTITY b "' + b"b" * 1000 + b'">]><a>' + b"&b;" * 1000 + b"</a>",
    "note": "donghaeng/x\n1\nAAAA\n\n— donghaeng/x AAAA\n".encode,
    "crlf": lambda: b"\r\n" * 100_000,
}
WORDS: Mapping[str, str] = {
    "empty": "",
    "blank": " ",
    "letter": "x",
    "korean": "가",
    "zero": "0",
    "many-digits": "9" * 30,
    "path": "../../etc",
    "long": "a" * 5000,
    "slash": "a/b",
    "quotes": "'\"",
    "percent": "%s%n",
    "control": "a\x1b[0m\x07",
    "marks": "\u202e\u200b",
    "no-text": "\udcff",
    "hex": "0" * 32,
    "capitals": "A" * 32,
    "no-such-day": "2024-13-45",
    "last-day": "9999-12-31",
    "first-day": "0001-01-01",
    "no-number": "1e400",
    "fraction": "1.5",
    "equals": "a=b=c",
    "commas": ",,",
    "nul": "a\0b",
    "lines": "a\nb",
}


NO_FILES = frozenset({"folder", "itself", "not-there", "without-end", "long-name", "nul-name"})


def made(folder: Path) -> dict[str, Path]:
    """Each file by what is wrong with it, and what is no file."""
    folder.mkdir(exist_ok=True)
    found = {}
    for name, content in CONTENTS.items():
        found[name] = folder / name
        found[name].write_bytes(content())
    found["folder"] = folder / "folder"
    found["folder"].mkdir()
    found["itself"] = folder / "itself"
    found["itself"].symlink_to(found["itself"])
    found["not-there"] = folder / "not-there"
    found["without-end"] = Path("/dev/zero")
    found["long-name"] = folder / ("x" * 300)
    found["nul-name"] = folder / "\0"
    return found
