"""The facts behind a figure, each as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import msgspec

from domain.errors import Lang, Refusal
from domain.streams import identity_of, kind_of, task_stream
from domain.values import LocalText
from projections.history import history
from projections.labels import item_names_in
from projections.report.document import Document, Figure, figures
from projections.report.gathering import Gathered
from store.log import Store
from store.recorded import RecordedFact


class UnknownFigure(Refusal):
    """`like`: ids that look like it."""

    ko = "{year}년 보고서에 ‘{figure}’ 수치가 없습니다. 비슷한 이름: {like}. 모든 이름은 JSON 보고서의 figures에 있습니다."
    en = "The report of {year} has no figure “{figure}”. Names like it: {like}. All are under `figures` in the JSON report."


class Behind(msgspec.Struct, frozen=True):
    """A fact behind a figure. `at`: when it was so, in Seoul."""

    position: int
    stream: str
    version: int
    kind: str
    at: datetime
    sentence: str


def figure_of(document: Document, identity: str) -> Figure:
    """Raises UnknownFigure."""
    known = figures(document)
    if identity not in known:
        like = get_close_matches(identity, list(known), n=3, cutoff=0.4) or list(known)[:3]
        raise UnknownFigure(year=document.year, figure=identity, like=tuple(like))
    return known[identity]


def drill(store: Store, gathered: Gathered, figure: Figure, lang: Lang) -> list[Behind]:
    """In the order of the log. A task's facts are told within its history, since that names its plan's parts."""
    streams: dict[str, list[RecordedFact[Any]]] = {}
    for recorded in store.at(figure.facts):
        streams.setdefault(recorded.stream, []).append(recorded)
    wanted, found = frozenset(figure.facts), []

    def items(task: str) -> Mapping[str, LocalText]:
        return item_names_in(one.fact for one in _whole(gathered, task_stream(task)))

    for stream, recordeds in streams.items():
        told = _whole(gathered, stream) or recordeds
        texts = store.texts_of(told)
        for line in history(told, texts, gathered.names, lang, items=items):
            if line.position in wanted:
                found.append(Behind(line.position, stream, line.version, line.kind, line.at, line.sentence))
    return sorted(found, key=lambda one: one.position)


def _whole(gathered: Gathered, stream: str) -> Sequence[RecordedFact[Any]]:
    """Of a task all its facts that were gathered; nothing of any other stream."""
    if kind_of(stream) != "task":
        return ()
    task = identity_of(stream)
    known = gathered.tasks.get(task) or gathered.earlier.get(task) or gathered.waited_for.get(task)
    return () if known is None else known.facts
