"""The report as JSON: the document as it is, in both languages, with every figure once more by its id."""

from __future__ import annotations

import msgspec

from domain.errors import Lang
from projections.report.document import Document, figures


def as_json(document: Document, lang: Lang) -> bytes:
    """`lang` changes nothing: each text stands there in both. The same bytes from the same document."""
    whole = msgspec.to_builtins(document)
    whole["figures"] = {
        identity: {"value": one.value, "kind": one.kind, "label": one.label, "facts": one.facts}
        for identity, one in sorted(figures(document).items())
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"
