"""The whole history as data, for who takes it elsewhere."""

from __future__ import annotations

from pathlib import Path

import msgspec

from projections.exports.manifest import Format
from projections.exports.writing import Progress, export
from projections.slices import AsOfMoments, resolve_as_of
from workflows.queries.inquiry import Inquiry


class HistoryExported(msgspec.Struct, frozen=True):
    """`facts`: how many of the log; `root`: of their tree, in hex; `files`: in the folder `out`, the manifest among them."""

    out: str
    format: Format
    store: str
    facts: int
    root: str
    files: int


def export_history(
    inquiry: Inquiry, out: Path, form: Format, progress: Progress = lambda done, of: None
) -> HistoryExported:
    """Write the log and the views into a folder. Raises ExportNeedsReason, and as `projections.exports.writing.export`."""
    at = inquiry.authorise("history", exported=True) or resolve_as_of(inquiry.store, AsOfMoments())
    as_of = None if inquiry.sliced is None else inquiry.sliced[0].as_of
    made = export(inquiry.store, out, form, at, as_of, progress)
    return HistoryExported(str(out), form, made.store, made.last, made.root, len(made.files) + 1)


def may_follow(inquiry: Inquiry) -> None:
    """Before the log leaves line by line, as it grows. Raises ExportNeedsReason."""
    inquiry.authorise("history", exported=True)
