"""Ids by their beginnings: whoever types one may leave off its end, as long as it is told from all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import msgspec

from domain.errors import Refusal
from domain.streams import identity_of, notice_stream, subject_stream, text_stream, token_stream
from store.log import Store
from workflows.read_access import Reader, may_read

LEAST = 4  # letters; what is shorter is taken as it is
_NAMED = 5
_HEX = re.compile(r"[0-9a-f]{1,31}")


class BeginsSeveral(Refusal):
    """`candidates`: the first of them."""

    ko = "‘{given}’(으)로 시작하는 번호가 여럿입니다: {candidates}. 구별될 때까지 더 길게 적으십시오."
    en = "Several ids begin with “{given}”: {candidates}. Type more of the one that is meant."


class ById(msgspec.Struct, frozen=True):
    """What kind of id is typed: by which reading such ids are known to a reader, and those in the store that begin so."""

    reading: str
    known: Callable[[Store, str], list[str]]


def _of_streams(stream: Callable[[str], str]) -> Callable[[Store, str], list[str]]:
    """The ids of what has a stream of its own."""

    def known(store: Store, given: str) -> list[str]:
        found = [identity_of(one) for one in store.streams(stream(given))]
        # an id may be short, and is then meant itself
        return [given] if store.read(stream(given)) else found

    return known


def _of_commands(store: Store, given: str) -> list[str]:
    return store.commands_from(given, _NAMED + 1) if _HEX.fullmatch(given) else []


SUBJECT = ById("subject.names", _of_streams(subject_stream))
NOTICE = ById("notices", _of_streams(notice_stream))
TOKEN = ById("token.list", _of_streams(token_stream))
TEXT = ById("task.history", _of_streams(text_stream))
COMMAND = ById("trail", _of_commands)


def complete_id(store: Store, reader: Reader, kind: ById, given: str) -> str:
    """The id that begins so; what is given where there is none, or the reader knows none of them. Raises BeginsSeveral."""
    own = () if reader.actor is None else (reader.actor.agency,)
    if len(given) < LEAST or not given.isalnum() or not may_read(store, reader, kind.reading, own):
        return given
    return find_meant(given, kind.known(store, given))


def find_meant(given: str, known: Iterable[str]) -> str:
    """Which of these ids is typed by its beginning; what is given where it is one of them or none begins so. Raises BeginsSeveral."""
    found = [one for one in known if one.startswith(given)]
    if len(given) < LEAST or not found or given in found:
        return given
    if len(found) > 1:
        more = ("…",) if len(found) > _NAMED else ()
        raise BeginsSeveral(given=given, candidates=(*found[:_NAMED], *more))
    return found[0]
