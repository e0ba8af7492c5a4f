"""Free texts as the reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.texts import in_words
from store.log import Store
from store.recorded import RecordedFact
from store.texts import Ref
from workflows.queries.inquiry import Inquiry


class TextsRead:
    """Those that these facts refer to."""

    def __init__(self, store: Store, facts: Sequence[RecordedFact[Any]], inquiry: Inquiry) -> None:
        self._look, self._lang = store.texts_of(facts), inquiry.lang

    def of(self, ref: Ref) -> str:
        return in_words(self._look(ref), self._lang)

    def find(self, ref: Ref | None) -> str | None:
        return None if ref is None else self.of(ref)
