"""Where a report on paper says what it was made from: among its keywords. A damaged or foreign file says nothing."""

from __future__ import annotations

import io
import re
from html import unescape
from zipfile import ZipFile

import msgspec

from projections.report.in_archives import UNREADABLE
from projections.report.recipe import Recipe, decode_recipe

_LARGEST = 1 << 20  # bytes of the part that holds the keywords; more is no report of ours


def of_pdf(content: bytes) -> Recipe | None:
    return _in(content, rb"<pdf:Keywords>(.{1,2000}?)</pdf:Keywords>")


def of_xlsx(content: bytes) -> Recipe | None:
    return _in(_part(content, "docProps/core.xml"), rb"<cp:keywords>(.{1,2000}?)</cp:keywords>")


def of_hwpx(content: bytes) -> Recipe | None:
    return _in(_part(content, "Contents/content.hpf"), rb'name="keyword"[^>]{0,200}>(.{1,2000}?)</')


def _in(text: bytes, place: bytes) -> Recipe | None:
    found = re.search(place, text)
    try:
        return None if found is None else decode_recipe(unescape(found[1].decode()))
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return None


def _part(content: bytes, name: str) -> bytes:
    try:
        with ZipFile(io.BytesIO(content)) as archive, archive.open(name) as part:
            return part.read(_LARGEST)
    except UNREADABLE:
        return b""
