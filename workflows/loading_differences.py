"""What a programme file says otherwise than the store: what of it is a change, and what the store has left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

import msgspec

from domain.agency import facts as facts_of
from domain.agency.commands import Register, Rename, Transfer
from domain.agency.state import AGENCY
from domain.aggregate import Command
from domain.definition.commands import Adopt
from domain.definition.state import DEFINITION
from domain.definition_names import definition_of
from domain.errors import Bilingual
from domain.lifecycle.content import parse_content
from domain.limits import legible
from domain.meeting.commands import Call
from domain.meeting.state import MEETING
from domain.programme import facts as facts_of_list
from domain.programme.commands import AddArea, AddTask, Change, ChangeTask, LeavingOfList, Open, RenameArea
from domain.programme.state import PROGRAMME, Listed, Programme, ProgrammeStage
from domain.reform.commands import Enter
from domain.reform.facts import CATEGORIES, Category, Measure, MovedOver
from domain.reform.measures import describe_measure
from domain.reform.state import REFORM, ReformCase, ReformStage
from domain.values import LocalText, Phase
from projections.sentences.plans import PLANS_FIELDS
from store.log import Store
from store.recorded import RecordedFact, fold_state
from store.texts import Look


class Kept(msgspec.Struct, frozen=True):
    """What the file says and the store does not take from it, in words, and why."""

    what: Bilingual
    why: Bilingual


class Other(msgspec.Struct, frozen=True):
    """A command by which the store comes to say what the file says, and what it changes, in words."""

    command: Command
    said: Bilingual


class New(msgspec.Struct, frozen=True):
    """Nothing is there yet: the file's own command makes it."""


Compared = Kept | Other | New
_SINCE = Bilingual(
    "파일의 값은 예전 값이며 그 뒤에 바뀌었습니다. 되돌리려면 해당 명령을 직접 내리십시오.",
    "the file says what was so before it was changed since. To change it back, give the command for it.",
)
_REDACTED = Bilingual(
    "예전 요약이 삭제되었으며, 파일의 값이 그것일 수 있습니다. 바꾸려면 `donghaeng programme change-task --summary`로 지정하십시오.",
    "an earlier summary was redacted, and the file may say it again. Give it with `donghaeng programme change-task --summary`.",
)
_OPENED_WITH = Bilingual(
    "사업연도를 개시한 뒤에는 정의를 바꿀 수 없습니다.",
    "a year goes by the definition that it was opened with.",
)
_CALLED = Bilingual(
    "소집한 회의는 파일로 바꾸지 않습니다. `donghaeng meeting move`로 바꾸십시오.",
    "a meeting that was called is not changed by a file. Use `donghaeng meeting move`.",
)
_ENTERED = Bilingual(
    "등록한 우수사례는 파일로 바꾸지 않습니다. `donghaeng reform revise`로 바꾸십시오.",
    "a reform case that was entered is not changed by a file. Use `donghaeng reform revise`.",
)
CASE_FIELDS: Mapping[str, Bilingual] = {
    "agency": Bilingual("기관", "agency"),
    "name": Bilingual("이름", "name"),
    "category": Bilingual("유형", "category"),
    "measures": Bilingual("수치", "figures"),
    "transfers": Bilingual("이관", "transfers"),
}
MEETING_FIELDS: Mapping[str, Bilingual] = {
    "name": Bilingual("이름", "name"),
    "venue": Bilingual("장소", "place"),
    "theme": Bilingual("주제", "theme"),
    "on": Bilingual("일자", "day"),
}
_ENTRY = ("name", "city", "declared_task_count", "declared_agency_count")
_LEAVING = get_args(LeavingOfList)
_LISTED = ("title", "area", "lead", *_LEAVING)
_GONE = "–"  # a text that was redacted, or is not as it was committed
Values = Mapping[str, Any]


def compare(store: Store, command: Command) -> Iterator[Compared]:
    """What a command of the file, which was not carried out, comes to in the store as it is."""
    facts = store.read(command.stream)
    match command:
        case Open():
            yield from _compare_programme(command, facts)
        case AddTask():
            yield from _compare_task(store, command, facts)
        case Register():
            yield from _compare_agency(command, facts)
        case Transfer():
            told = facts_of.Transferred(what=command.what, name=command.title, to=command.to)
            if told not in [one.fact for one in facts]:
                yield New()
        case Call():
            yield from _compare_meeting(command, facts)
        case Enter():
            yield from _compare_case(command, facts)
        case Adopt(content=content):
            if parse_content(content).version not in fold_state(DEFINITION, facts).adopted:
                yield New()
        case _:
            yield New()


def _compare_programme(command: Open, facts: Sequence[RecordedFact[Any]]) -> Iterator[Compared]:
    programme: Programme = fold_state(PROGRAMME, facts)
    if programme.stage is ProgrammeStage.UNKNOWN:
        yield New()
        return
    about = Bilingual(f"{command.year}년 사업", f"the programme of {command.year}")
    said = {name: getattr(command, "title" if name == "name" else name) for name in _ENTRY}
    for name, value, old in _differing(said, programme):
        words = _words(about, name, old, value)
        if _was_so(value, [getattr(one.fact, name, None) for one in facts]):
            yield Kept(words, _SINCE)
        else:
            yield Other(Change(year=command.year, **{name: value}), words)
    if command.definition not in (None, programme.definition or definition_of(command.year)):
        old, new = (programme.definition or definition_of(command.year)), command.definition
        words = Bilingual(f"{about.ko}: 정의 {old} → {new}", f"{about.en}: definition {old} → {new}")
        yield Kept(words, _OPENED_WITH)
    yield from _compare_areas(command, programme, facts)


def _compare_areas(
    command: Open, programme: Programme, facts: Sequence[RecordedFact[Any]]
) -> Iterator[Compared]:
    year, seen = command.year, [one for fact in facts for one in getattr(fact.fact, "areas", ())]
    known = [(one.id, one.name) for one in seen]
    known += [(one.fact.area, one.fact.name) for one in facts if one.kind.startswith("programme.area_")]
    for area in command.areas:
        about = Bilingual(f"분야 {area.id}", f"area {area.id}")
        old = programme.areas.get(area.id)
        words = _words(about, "name", old, area.name)
        if old is None:
            yield Other(AddArea(year=year, area=area.id, name=area.name), words)
        elif old != area.name and (area.id, area.name) in known:
            yield Kept(words, _SINCE)
        elif old != area.name:
            yield Other(RenameArea(year=year, area=area.id, name=area.name), words)
    for identity in programme.areas.keys() - {area.id for area in command.areas}:
        yield Kept(
            Bilingual(f"분야 {identity}: 파일에 없음", f"area {identity}: not in the file"),
            Bilingual("등록된 분야는 삭제할 수 없습니다.", "an area that is there stays."),
        )


def _compare_task(store: Store, command: AddTask, facts: Sequence[RecordedFact[Any]]) -> Iterator[Compared]:
    listed = fold_state(PROGRAMME, facts).tasks.get(command.task)
    if listed is None:
        yield New()
        return
    now, *earlier = _values_told(store, command.task, listed, facts)
    changes: dict[str, Any] = {}
    words: list[Bilingual] = []
    for name, value, old in _differing_task(command, now):
        said = _words(Bilingual(f"과제 {command.task}", f"task {command.task}"), name, old, value)
        if (why := _why_to_keep(name, value, earlier)) is not None:
            yield Kept(said, why)
            continue
        words.append(said)
        changes |= {"without": (*changes.get("without", ()), name)} if value is None else {name: value}
    if changes:
        joined = Bilingual("; ".join(one.ko for one in words), "; ".join(one.en for one in words))
        yield Other(ChangeTask(year=command.year, task=command.task, **changes), joined)


def _values_told(store: Store, task: str, listed: Listed, facts: Sequence[RecordedFact[Any]]) -> list[Values]:
    """What the list says of the task now, and then what each of its facts gave."""
    said = [listed, *(one.fact for one in facts if getattr(one.fact, "task", None) == task)]
    look = store.texts([one.summary for one in said if one.summary is not None])
    return [_of_the_list(one, look) for one in said]


def _of_the_list(said: Listed | facts_of_list.TaskAdded | facts_of_list.TaskChanged, look: Look) -> Values:
    """What the list says of the task, or a fact gave, with the summary's words in place of where they lie."""
    values = {name: getattr(said, name) for name in _LISTED}
    if said.summary is not None:
        values["summary"] = look(said.summary).body or _GONE
    return values


def _differing_task(command: AddTask, known: Values) -> Iterator[tuple[str, Any, Any]]:
    """Each value that the file gives otherwise, with what is so now; None where it says no more what the list does."""
    for name in _LISTED:
        value, old = getattr(command, name), known[name]
        if name in _LEAVING and not value and old:
            yield name, None, old
        elif value is not None and value != old:
            yield name, value, old


def _compare_agency(command: Register, facts: Sequence[RecordedFact[Any]]) -> Iterator[Compared]:
    agency = fold_state(AGENCY, facts)
    if agency.name is None:
        yield New()
    elif agency.name != command.title:
        words = _words(
            Bilingual(f"기관 {command.agency}", f"agency {command.agency}"),
            "name",
            agency.name,
            command.title,
        )
        if _was_so(command.title, [getattr(one.fact, "name", None) for one in facts]):
            yield Kept(words, _SINCE)
        else:
            yield Other(Rename(agency=command.agency, name=command.title), words)


def _compare_meeting(command: Call, facts: Sequence[RecordedFact[Any]]) -> Iterator[Compared]:
    """A meeting that was called stays as it was called; it is moved by itself."""
    called = fold_state(MEETING, facts).called
    if called is None:
        yield New()
        return
    said = {"name": command.title, "venue": command.venue, "theme": command.theme, "on": command.on}
    about = Bilingual(f"회의 {command.meeting}", f"meeting {command.meeting}")
    for name, value, old in _differing(said, called):
        yield Kept(_words(about, MEETING_FIELDS[name], old, value), _CALLED)


def _compare_case(command: Enter, facts: Sequence[RecordedFact[Any]]) -> Iterator[Compared]:
    """A reform case stays as it was entered, which may be as its agency revised it since."""
    case: ReformCase = fold_state(REFORM, facts)
    if case.stage is ReformStage.UNKNOWN:
        yield New()
        return
    about = Bilingual(f"우수사례 {command.case}", f"reform case {command.case}")
    found = [*_differing({"agency": command.agency, "name": command.title}, case)]
    if command.category not in (None, case.category):
        found.append(("category", _label(command.category), _label(case.category)))
    for name, given, now in (
        ("measures", command.measures, case.measures_of(case.agency)),
        ("transfers", command.transfers, case.transfers),
    ):
        if given and given != now:
            found.append((name, given, now))
    for name, value, old in found:
        yield Kept(_words(about, CASE_FIELDS[name], old, value), _ENTERED)


def _label(category: Category | None) -> Bilingual | None:
    return None if category is None else CATEGORIES[category]


def _differing(said: dict[str, Any], known: Any) -> Iterator[tuple[str, Any, Any]]:
    """Each value that the file gives otherwise, with what is so now; what it leaves out says nothing."""
    for name, value in said.items():
        old = getattr(known, name)
        if value is not None and value != old:
            yield name, value, old


def _why_to_keep(name: str, value: Any, earlier: Sequence[Values]) -> Bilingual | None:
    """Where the list said so of the task before (of nothing: where it was listed without it), or may have, in words that were
    redacted.
    """
    before = [one[name] for one in earlier]
    if value is not None and _GONE in before:
        return _REDACTED
    was_so = not before[0] if value is None else _was_so(value, before)
    return _SINCE if was_so else None


def _was_so(value: Any, earlier: Sequence[Any]) -> bool:
    return value in [one for one in earlier if one is not None]


def _words(about: Bilingual, field: str | Bilingual, old: Any, new: Any) -> Bilingual:
    label = PLANS_FIELDS[field] if isinstance(field, str) else field
    before, after = _value(old), _value(new)
    return Bilingual(
        f"{about.ko}: {label.ko} {before.ko} → {after.ko}", f"{about.en}: {label.en} {before.en} → {after.en}"
    )


def _value(value: Any) -> Bilingual:
    match value:
        case None | ():
            return Bilingual("없음", "none")
        case str():
            said = legible(value)
        case Bilingual():
            return value
        case LocalText():
            said = value.ko if value.en is None else f"{value.ko} ({value.en})"
        case tuple():
            parts = [_part(one) for one in value]
            return Bilingual(", ".join(one.ko for one in parts), ", ".join(one.en for one in parts))
        case _:
            said = str(value)
    return Bilingual(said, said)


def _part(one: Phase | Measure | MovedOver) -> Bilingual:
    match one:
        case Measure():
            return describe_measure(one)
        case MovedOver():
            said = f"{one.name.ko} {one.from_agency} → {one.to_agency}"
        case _:
            said = f"{one.name.ko} {one.starts}~{one.ends}"
    return Bilingual(said, said)
