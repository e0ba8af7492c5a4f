"""What a city's own definition says beside the program: how often its steps were taken, how long tasks stood in its places, and
what the amounts of its forms come to. A report on a year without any has no such section.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.errors import Bilingual
from domain.streams import version_of
from domain.task.facts import DeadlinesSet, StepTaken
from domain.task.stages import Place, place_named
from domain.values import FilledField, LocalText
from projections.report.document import Block, Cell, Section, Table, Text
from projections.report.report_data import ReportData, both, cell, column, mean_of
from projections.report.tracing import Traced
from store.recorded import RecordedFact

_AMOUNT = "krw"  # the type of a form's field that is added up
_COUNTED = Text(
    Bilingual(
        "머문 기간은 영업일로, 들어온 다음 날부터 나간 날까지 셈. 아직 머무는 과제는 기준일까지 셈.",
        "The time in a place is in business days, from the day after a task came until the one on which it left; of a task that still stands there, until the day of the report.",
    ),
    role="remark",
)
_LAST = Text(
    Bilingual(
        "한 과제에서 절차를 여러 번 진행하였으면 마지막에 적은 금액만 더함.",
        "Where a step was taken several times with a task, only the amount that was filled in last is added.",
    ),
    role="remark",
)


class _Stay(msgspec.Struct, frozen=True):
    """A task in a place, from the fact that brought it there. `until`: the day on which it left, None where it is there still."""

    task: str
    place: str
    on: date
    until: date | None
    facts: tuple[int, ...]

    def days(self, m: ReportData) -> int:
        return max(0, m.gathered.business_days(self.on, self.until or m.as_of))


class _Amount(msgspec.Struct, frozen=True):
    """What was filled in last with a task into a field of money."""

    field: FilledField
    position: int


class _Lived(msgspec.Struct):
    """One definition, by its name, and what tasks did by it. `steps`, `places`: what it calls them, in its own order."""

    name: str
    tasks: list[Traced] = msgspec.field(default_factory=list)
    steps: dict[str, LocalText] = msgspec.field(default_factory=dict)
    places: dict[str, LocalText] = msgspec.field(default_factory=dict)

    def taken(self, step: str) -> list[tuple[str, RecordedFact[Any]]]:
        return [(task, one) for task, one in _steps_of(self.tasks) if one.fact.step == step]

    def stays(self) -> list[_Stay]:
        return [stay for task in self.tasks for stay in _stays_of(task)]


def own_steps(m: ReportData) -> tuple[Section, ...]:
    """None where no task of the year lives by a definition with places or steps of its own."""
    parts = tuple(_part(m, one) for one in _lives_of(m) if one.steps or one.places)
    title = Bilingual("정의에 따른 위치와 절차", "Places and steps of the definition")
    return (Section("own", title, parts=parts),) if parts else ()


def has_amounts(m: ReportData) -> bool:
    """Whether forms of definitions ask for amounts of money, and some were filled in."""
    return any(one.type == _AMOUNT for _, taken in _steps_of(m.tasks) for one in taken.fact.form)


def _lives_of(m: ReportData) -> list[_Lived]:
    found: dict[str, _Lived] = {}
    for task in m.tasks:
        name = task.task.definition.partition("/")[0]
        one = found.setdefault(name, _Lived(name))
        one.tasks.append(task)
    for one in found.values():
        for identity in sorted(_versions(one.tasks), key=version_of):
            content = json.loads(m.gathered.definitions.get(identity, "{}"))
            one.steps |= _labels(content.get("steps", ()), "step")
            one.places |= _labels(content.get("places", ()), "place")
        for _, taken in _steps_of(one.tasks):  # of a history that came without its definition
            one.steps.setdefault(taken.fact.step, taken.fact.label)
            if taken.fact.to_label is not None:
                one.places.setdefault(taken.fact.to_place, taken.fact.to_label)
    return [found[name] for name in sorted(found)]


def _versions(tasks: Iterable[Traced]) -> set[str]:
    """All by which they lived at some time."""
    return {
        one.fact.definition
        for task in tasks
        for one in task.facts
        if isinstance(one.fact, DeadlinesSet | StepTaken)
    } | {task.task.definition for task in tasks}


def _labels(declared: Iterable[Any], key: str) -> dict[str, LocalText]:
    return {one[key]: msgspec.convert(one["label"], LocalText) for one in declared}


def _steps_of(tasks: Iterable[Traced]) -> Iterator[tuple[str, RecordedFact[Any]]]:
    for task in tasks:
        for one in task.facts:
            if isinstance(one.fact, StepTaken):
                yield task.number, one


def _stays_of(task: Traced) -> Iterator[_Stay]:
    spans = task.standings
    for number, span in enumerate(spans):
        if span.condition.is_own:
            left = spans[number + 1] if number + 1 < len(spans) else None
            facts = (span.position,) if left is None else (span.position, left.position)
            place = str(Place(span.stage, span.condition))
            yield _Stay(task.number, place, span.on, None if left is None else left.on, facts)


def _part(m: ReportData, one: _Lived) -> Section:
    title = Bilingual(f"정의 ‘{one.name}’", f"Definition “{one.name}”")
    blocks: list[Block] = []
    if one.steps:
        blocks.append(_steps(one))
    if one.places:
        blocks += [_places(m, one), _COUNTED]
    blocks += _amounts(one)
    return Section(f"own.{one.name}", title, tuple(blocks))


def _steps(one: _Lived) -> Table:
    rows = []
    for step, label in one.steps.items():
        taken, of = one.taken(step), f"step.{one.name}.{step}"
        by_rule = [each for _, each in taken if each.envelope.via == "rule"]
        facts = [each.position for _, each in taken]
        rows.append(
            (
                cell(both(label)),
                cell(len(taken), facts, f"{of}.taken"),
                cell(len({task for task, _ in taken}), facts, f"{of}.tasks"),
                cell(len(by_rule), [each.position for each in by_rule], f"{of}.by-rule"),
            )
        )
    columns = (
        column("step", "절차", "Step", weight=5),
        column("taken", "진행 횟수", "Times taken", "int", 2),
        column("tasks", "과제", "Tasks", "int", 2),
        column("by-rule", "규칙 처리", "By rule", "int", 2),
    )
    caption = Bilingual("절차별 진행", "Steps taken")
    return Table(f"own.{one.name}.steps", caption, columns, tuple(rows))


def _places(m: ReportData, one: _Lived) -> Table:
    stays = one.stays()
    rows = tuple(
        _row_of_place(m, one, place, label, [stay for stay in stays if stay.place == place])
        for place, label in one.places.items()
    )
    columns = (
        column("place", "위치", "Place", weight=4),
        column("stage", "단계", "Stage", weight=2),
        column("stays", "머문 횟수", "Stays", "int", 2),
        column("tasks", "과제", "Tasks", "int", 2),
        column("mean-days", "평균(영업일)", "Mean (business days)", "decimal", 2),
        column("most-days", "최장(영업일)", "Longest (business days)", "days", 2),
        column("now", "현재", "There now", "int", 2),
    )
    caption = Bilingual("위치별로 머문 기간", "Time in each place")
    return Table(f"own.{one.name}.places", caption, columns, rows)


def _row_of_place(
    m: ReportData, one: _Lived, place: str, label: LocalText, mine: Sequence[_Stay]
) -> tuple[Cell, ...]:
    of, facts = f"place.{one.name}.{place}", [position for stay in mine for position in stay.facts]
    days, now = [stay.days(m) for stay in mine], [stay for stay in mine if stay.until is None]
    stage = place_named(place).stage
    return (
        cell(both(label)),
        cell(Bilingual(stage.say("ko"), stage.say("en"))),
        cell(len(mine), facts, f"{of}.stays"),
        cell(len({stay.task for stay in mine}), facts, f"{of}.tasks"),
        cell(mean_of(days), facts, f"{of}.mean-days"),
        cell(max(days, default=None), facts, f"{of}.most-days"),
        cell(len(now), [each for stay in now for each in stay.facts], f"{of}.now"),
    )


def _amounts(one: _Lived) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = []
    for step, label in one.steps.items():
        for field, last in _last_amounts(one, step).items():
            of, facts = f"step.{one.name}.{step}.{field}", [each.position for each in last.values()]
            *_, newest = sorted(last.values(), key=lambda each: each.position)
            rows.append(
                (
                    cell(both(newest.field.label)),
                    cell(both(label)),
                    cell(len(last), facts, f"{of}.tasks"),
                    cell(sum(int(each.field.value) for each in last.values()), facts, f"{of}.sum"),
                )
            )
    if not rows:
        return ()
    columns = (
        column("field", "항목", "Field", weight=4),
        column("step", "절차", "Step", weight=4),
        column("tasks", "과제", "Tasks", "int", 2),
        column("sum", "합계(원)", "Total (KRW)", "krw", 3),
    )
    caption = Bilingual("서식에 적은 금액", "Amounts of the forms")
    return Table(f"own.{one.name}.amounts", caption, columns, tuple(rows)), _LAST


def _last_amounts(one: _Lived, step: str) -> dict[str, dict[str, _Amount]]:
    """By field and task, what was filled in last; fields in the order in which they came first."""
    found: dict[str, dict[str, _Amount]] = {}
    for task, taken in one.taken(step):
        for field in taken.fact.form:
            if field.type == _AMOUNT:
                found.setdefault(field.field, {})[task] = _Amount(field, taken.position)
    return found
