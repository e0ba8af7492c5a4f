"""The year's meetings of agency heads, what they decided, and whether it was carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.errors import Bilingual
from domain.meeting.facts import Decided
from domain.meeting.state import MEETING, Decision, Meeting, MeetingStage
from projections.report.document import Block, Cell, Column, Figure, Figures, Section, Table
from projections.report.report_data import CITY, ReportData, absent, both, cell, column
from store.recorded import RecordedFact, fold_state

Named = Callable[[str], Bilingual]  # an agency by its name; `CITY` too
_HELD = (MeetingStage.OPEN, MeetingStage.CLOSED, MeetingStage.CIRCULATED, MeetingStage.CONFIRMED)
_TITLE = Bilingual("회의와 의결", "Meetings and decisions")
_CARRIED = Bilingual("의결과 함께 처리", "done at once")
_DONE, _OPEN = Bilingual("이행 완료", "done"), Bilingual("이행 전", "not done")
_OVERDUE = Bilingual("기한 지남", "overdue")


class Met(NamedTuple):
    """A meeting with its facts. `number`: its id."""

    number: str
    state: Meeting
    facts: Sequence[RecordedFact[Any]]

    @property
    def positions(self) -> tuple[int, ...]:
        return tuple(one.position for one in self.facts)

    def behind(self, decision: int) -> tuple[int, ...]:
        """The positions of what made a decision and said that it is done."""
        return tuple(one.position for one in self.facts if getattr(one.fact, "decision", None) == decision)


def meetings(m: ReportData) -> Section:
    """Meetings in the order of their days, and a table of all that they decided."""
    met = [Met(number, fold_state(MEETING, facts), facts) for number, facts in m.gathered.meetings.items()]
    met.sort(key=lambda one: (one.state.on or date.min, one.number))
    blocks: tuple[Block, ...] = (
        absent("소집된 공공기관장 회의가 없음.", "No meeting of agency heads was called."),
    )
    if met:
        blocks = (_figures(met, m.as_of), _table_of_meetings(met), *_decisions(met, m))
    return Section("meetings", _TITLE, blocks)


def _figures(met: Sequence[Met], as_of: date) -> Figures:
    held = [one for one in met if one.state.stage in _HELD]
    made = [(one, each) for one in met for each in one.state.decisions.values()]
    done = [(one, each) for one, each in made if each.done]
    late = [(one, each) for one, each in made if is_overdue(each, as_of)]
    return Figures(
        (
            _figure("meetings.held", "개최한 회의", "Meetings held", [fact for one in held for fact in one.positions], len(held)),
            _figure("decisions.made", "의결", "Decisions", _behind(made), len(made)),
            _figure("decisions.done", "이행한 의결", "Carried out", _behind(done), len(done)),
            _figure("decisions.overdue", "기한이 지난 의결", "Overdue", _behind(late), len(late)),
        )
    )  # fmt: skip


def _figure(identity: str, ko: str, en: str, facts: Sequence[int], value: int) -> Figure:
    return Figure(identity, Bilingual(ko, en), value, "int", tuple(sorted(set(facts))))


def _behind(found: Sequence[tuple[Met, Decision]]) -> list[int]:
    return [fact for one, each in found for fact in one.behind(each.decided.decision)]


def is_overdue(one: Decision, as_of: date) -> bool:
    due = one.decided.due
    return not one.done and due is not None and due < as_of


def _table_of_meetings(met: Sequence[Met]) -> Table:
    columns = (
        column("meeting", "회의", "Meeting", weight=3),
        column("on", "일자", "Day", "date"),
        column("stage", "상태", "Stage"),
        column("items", "안건", "Items", "int"),
        column("decisions", "의결", "Decisions", "int"),
    )
    rows = tuple(
        (
            cell(_name(one), one.positions[:1]),
            cell(one.state.on, one.positions),
            cell(Bilingual(one.state.stage.say("ko"), one.state.stage.say("en")), one.positions),
            cell(len(one.state.agenda), one.positions, f"meeting.{one.number}.items"),
            cell(len(one.state.decisions), one.positions, f"meeting.{one.number}.decisions"),
        )
        for one in met
    )
    return Table("meetings.all", Bilingual("공공기관장 회의", "Meetings of agency heads"), columns, rows)


def _name(one: Met) -> Bilingual:
    called = one.state.called
    return Bilingual(one.number, one.number) if called is None else both(called.name)


def _decisions(met: Sequence[Met], m: ReportData) -> Iterator[Table]:
    columns = (column("meeting", "회의", "Meeting"), *columns_of_decisions())
    rows = tuple(
        (cell(one.number), *cells_of_decision(each, one.behind(number), m.agency, m.as_of))
        for one in met
        for number, each in sorted(one.state.decisions.items())
    )
    if rows:
        yield Table("meetings.decisions", Bilingual("의결과 이행", "What was decided"), columns, rows)


def columns_of_decisions() -> tuple[Column, ...]:
    return (
        column("wording", "의결 내용", "Decision", weight=3),
        column("who", "이행", "Carried out by", weight=2),
        column("due", "기한", "Until", "date"),
        column("state", "이행 여부", "State"),
    )


def cells_of_decision(one: Decision, facts: Sequence[int], named: Named, as_of: date) -> tuple[Cell, ...]:
    """What was decided, who carries it out until when, and whether that is done."""
    made = one.decided
    return (
        cell(both(made.wording), facts),
        cell(named(made.agency or CITY), facts),
        cell(made.due, facts),
        cell(_describe_state(one, made, as_of), facts),
    )


def _describe_state(one: Decision, made: Decided, as_of: date) -> Bilingual:
    if made.carried_out:
        return _CARRIED
    if one.done:
        return _DONE
    return _OVERDUE if is_overdue(one, as_of) else _OPEN
