"""In which language people are written to: their own choice, else their agency's; of the city's offices the year's; else Korean."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from domain.agency.state import AGENCY
from domain.errors import Lang
from domain.programme.state import PROGRAMME, Programme
from domain.streams import agency_stream, programme_stream
from domain.subject.state import SUBJECT
from projections.notices import NoticeRow
from store.log import Store
from store.recorded import fold_state

USUAL: Lang = "ko"


class Languages:
    """Those of the recipients of these notices, and of the agencies that answer; read at once."""

    def __init__(self, store: Store, rows: Collection[NoticeRow]) -> None:
        wanted = {agency_stream(row.agency) for row in rows if row.agency is not None}
        wanted |= {_stream_of(row.recipient) for row in rows}
        self._streams: Mapping[str, Sequence[Any]] = store.load(sorted(wanted)).streams if wanted else {}

    def of(self, row: NoticeRow) -> Lang:
        """Of who is told by this reminder."""
        kind, _, _ = row.recipient.partition("/")
        if kind == "programme":
            return self._of_office(row.recipient) or USUAL
        if kind == "agency":
            return self._choice_of(row.recipient) or USUAL
        agency = None if row.agency is None else self._choice_of(agency_stream(row.agency))
        return self._choice_of(row.recipient) or agency or USUAL

    def _choice_of(self, stream: str) -> Lang | None:
        aggregate: Any = SUBJECT if stream.startswith("subject/") else AGENCY
        found: Lang | None = fold_state(aggregate, self._streams.get(stream, ())).lang
        return found

    def _of_office(self, recipient: str) -> Lang | None:
        stream = _stream_of(recipient)
        programme: Programme = fold_state(PROGRAMME, self._streams.get(stream, ()))
        return programme.languages.get(recipient.removeprefix(f"{stream}/"))


def _stream_of(recipient: str) -> str:
    """Where a recipient's choice stands; of an office of the city in the year's programme."""
    kind, _, identity = recipient.partition("/")
    return programme_stream(int(identity[:4])) if kind == "programme" else recipient
