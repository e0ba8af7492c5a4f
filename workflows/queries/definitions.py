"""What people read of lifecycle definitions: those of the store, one of them, two beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from domain.definition.hashing import sha256_of
from domain.definition.state import DEFINITION, Versions
from domain.definition_names import definition_of
from domain.lifecycle.content import LONGEST_NAME, content_of, parse_content
from domain.lifecycle.model import Definition
from domain.programme.state import PROGRAMME, ProgrammeStage
from domain.streams import definition_stream, identity_of, programme_stream
from domain.values import LocalText
from projections.slices import AsOf, of_stream
from store.log import Store
from store.recorded import fold_state
from workflows.definitions.comparing import DefinitionDifference, compare_definitions
from workflows.definitions.drawing import as_document
from workflows.definitions.templates import UnknownDefinition, templates
from workflows.queries.inquiry import Inquiry

DefinitionState = Literal["file", "template", "draft", "adopted", "withdrawn"]


class DefinitionRow(msgspec.Struct, frozen=True):
    """A version. `from_day`: from when it may be taken; `programmes`: for which years, all where there are none.

    `sha256`: of its content as canonical JSON; `at`: when it came to be as it is; `opened`: the years that were opened by it.
    """

    definition: str
    state: DefinitionState
    sha256: str
    at: datetime | None = None
    from_day: date | None = None
    programmes: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()


class DefinitionList(msgspec.Struct, frozen=True):
    definitions: list[DefinitionRow]


class StageAllowed(msgspec.Struct, frozen=True):
    stage: str
    open: bool
    conditions: list[str]


class RequirementShown(msgspec.Struct, frozen=True):
    """`that`: the expression, in CEL; `otherwise`: what is said where it is false."""

    that: str
    otherwise: LocalText


class CommandAllowed(msgspec.Struct, frozen=True):
    """`by`: roles; `from`: stages and conditions in which it can be given; `to`: where it moves a task, if it does.

    `guards`: what the program checks beside; `requirements`: what the definition requires on top.
    """

    command: str
    by: list[str]
    frm: list[str] = msgspec.field(name="from")
    to: str | None
    guards: list[str]
    requirements: list[RequirementShown]


class MeetingsRuled(msgspec.Struct, frozen=True):
    """See `domain/lifecycle/meetings.py`."""

    agenda_business_days: int
    objection_business_days: int
    quorum: str
    majority: str


class MoneyRulesShown(msgspec.Struct, frozen=True):
    """As `domain/lifecycle/money.py` has them."""

    overspend: str
    warn_below: int
    warn_above: int
    closing_day: int


class ConcernRulesShown(msgspec.Struct, frozen=True):
    """As `domain/lifecycle/concerns.py` has them."""

    opinion_business_days: int
    review_days: int


class DefinitionShown(msgspec.Struct, frozen=True):
    """With all that it grants; its rules as its file has them (`domain/lifecycle/rules.py`), as places and steps of its own
    (`domain/lifecycle/steps.py`), letters (`domain/lifecycle/letters.py`), quiet days (`domain/lifecycle/quiet_days.py`) and
    what it says of meetings (`domain/lifecycle/meetings.py`), of money (`domain/lifecycle/money.py`) and of concerns
    (`domain/lifecycle/concerns.py`).

    `content`: the whole of it as canonical JSON, as it stands in the log; `sha256`: of that text's UTF-8 bytes.
    """

    name: str
    version: int
    state: DefinitionState
    sha256: str
    content: str
    stages: list[StageAllowed]
    commands: list[CommandAllowed]
    deadlines: list[dict[str, Any]]
    grades: list[dict[str, Any]]
    transitions: list[dict[str, Any]]
    ladders: list[dict[str, Any]]
    places: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    letters: list[dict[str, Any]]
    quiet_days: list[dict[str, Any]]
    meetings: MeetingsRuled
    money: MoneyRulesShown
    concerns: ConcernRulesShown


class DefinitionsShown(msgspec.Struct, frozen=True):
    definitions: list[DefinitionShown]


class DefinitionsCompared(msgspec.Struct, frozen=True):
    """`before`, `after`: which two."""

    before: str
    after: str
    differences: list[DefinitionDifference]


def list_definitions(inquiry: Inquiry) -> DefinitionList:
    """All versions that the store holds, by name and number."""
    at = inquiry.authorise("definitions")
    return DefinitionList([one.row for one in _all(inquiry.store, at)])


def list_templates() -> DefinitionList:
    """Those that come along: of the program, not of a store."""
    return DefinitionList([_template(one).row for one in templates().values()])


def show_definitions(inquiry: Inquiry, name: str | None) -> DefinitionsShown:
    """All that there are, templates among them that the store does not hold; or one by its identity, or all of a name.

    Raises UnknownDefinition.
    """
    at = inquiry.authorise("definitions")
    return _show(_find(inquiry.store, at, name))


def show_file(definition: Definition) -> DefinitionsShown:
    """One that was read from a file; no store is asked."""
    return _show([_outside(definition, "file")])


def _show(found: Iterable[_Found]) -> DefinitionsShown:
    shown = [
        as_document(one.content)
        | {"state": one.row.state, "sha256": one.row.sha256, "content": content_of(one.content)}
        for one in found
    ]
    return msgspec.convert({"definitions": shown}, DefinitionsShown)


class _Found(NamedTuple):
    """A version with its content."""

    row: DefinitionRow
    content: Definition


def _find(store: Store, at: AsOf | None, name: str | None) -> list[_Found]:
    held = {one.row.definition: one for one in _all(store, at)}
    held |= {name: _template(one) for name, one in templates().items() if name not in held}
    wanted = [one for identity, one in held.items() if name in (None, identity, identity.partition("/")[0])]
    if not wanted:
        raise UnknownDefinition(given=str(name)[:LONGEST_NAME], known=tuple(held))
    return wanted


def compare_two(inquiry: Inquiry, before: str, after: str) -> DefinitionsCompared:
    """In what the second differs from the first. Raises UnknownDefinition."""
    at = inquiry.authorise("definitions")
    old, new = (_find(inquiry.store, at, one)[-1] for one in (before, after))
    found = compare_definitions(old.content, new.content, inquiry.lang)
    return DefinitionsCompared(old.row.definition, new.row.definition, found)


def _all(store: Store, at: AsOf | None) -> Iterator[_Found]:
    opened: dict[str, list[int]] = {}
    for stream, facts in store.load(store.streams(programme_stream(""))).streams.items():
        programme = fold_state(PROGRAMME, of_stream(facts, at))
        if programme.stage is not ProgrammeStage.UNKNOWN:
            year = int(identity_of(stream))
            opened.setdefault(programme.definition or definition_of(year), []).append(year)
    for stream, facts in store.load(store.streams(definition_stream(""))).streams.items():
        versions: Versions = fold_state(DEFINITION, of_stream(facts, at))
        for number in sorted({*versions.drafts, *versions.adopted}):
            yield _describe_version(f"{identity_of(stream)}/{number}", versions, opened)


def _describe_version(identity: str, versions: Versions, opened: Mapping[str, Sequence[int]]) -> _Found:
    number = int(identity.partition("/")[2])
    if (one := versions.adopted.get(number)) is None:
        draft = versions.drafts[number]
        return _Found(
            DefinitionRow(identity, "draft", draft.sha256, draft.since), parse_content(draft.content)
        )
    gone = versions.withdrawn.get(number)
    row = DefinitionRow(
        identity,
        "adopted" if gone is None else "withdrawn",
        one.sha256,
        gone or one.since,
        one.from_day,
        one.programmes,
        tuple(opened.get(identity, ())),
    )
    return _Found(row, parse_content(one.content))


def _template(one: Definition) -> _Found:
    return _outside(one, "template")


def _outside(one: Definition, state: DefinitionState) -> _Found:
    """One that no store holds."""
    return _Found(DefinitionRow(one.identity, state, sha256_of(content_of(one))), one)
