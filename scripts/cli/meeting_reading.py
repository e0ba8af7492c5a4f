"""`meeting list|show|decisions`: the meetings of agency heads, and what they decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual, Lang
from projections.labels import label_for
from scripts.cli import values
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_lines, say_table
from workflows.decisions_waiting import OpenDecision
from workflows.queries import meetings

MeetingId = Annotated[
    str,
    typer.Argument(
        metavar="MEETING", help="The meeting's id, e.g. heads-2024-1. = 회의의 식별자. 예: heads-2024-1"
    ),
]
_STATES: Mapping[meetings.DecisionState, Bilingual] = {
    "open": Bilingual("이행 전", "not done"),
    "overdue": Bilingual("기한 지남", "overdue"),
    "carried_out": Bilingual("의결과 함께 처리", "carried out with it"),
    "done": Bilingual("이행 완료", "done"),
}
_CITY = Bilingual("시", "the city")


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_meetings(
        run: Run,
        year: Annotated[
            int | None, typer.Option(help="Only of this programme's year. = 이 사업연도의 것만.")
        ] = None,
        series: Annotated[
            str | None, typer.Option(help="Only of this series of the definition. = 정의의 이 회의체의 것만.")
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List the meetings of agency heads by day, with how many decisions are not done (회의 목록).

        = 공공기관장 회의를 날짜순으로 보여 줍니다. 이행되지 않은 의결의 수도 나옵니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = meetings.list_meetings(inquiry, year, series)
        run.show(found, lambda out: _say_meetings(out, found.meetings, run.lang))

    @command(app, "decisions")
    def decisions(
        run: Run,
        agency_id: Annotated[
            str | None,
            typer.Argument(
                metavar="[AGENCY]", parser=values.AgencyWord, help="Only this agency's. = 이 기관의 것만."
            ),
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List what was decided and is not done, the soonest due first (이행할 의결).

        = 의결하였으나 이행되지 않은 것을 기한 순으로 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = meetings.list_open_decisions(inquiry, agency_id)
        run.show(found, lambda out: say_open_decisions(out, found.decisions, run.lang))

    @command(app, "show")
    def show(
        run: Run, meeting_id: MeetingId, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Show a meeting: who came, its agenda, its decisions, objections to its minutes, and its history.

        = 회의의 참석자, 안건, 의결, 회의록에 대한 이의, 이력을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = meetings.show_meeting(inquiry, meeting_id)

        def text(out: Console) -> None:
            say_lines(out, run.lang, _describe(found, run.lang))
            history_lines(out, found.history, run.lang)

        run.show(found, text)


def say_open_decisions(out: Console, rows: Sequence[OpenDecision], lang: Lang) -> None:
    """A row a decision."""
    columns = (
        Column("회의", "meeting"),
        Column("의결", "decision"),
        Column("의결 내용", "wording", "title"),
        Column("이행", "carried out by"),
        Column("기한", "due"),
    )
    cells = (
        (
            one.meeting,
            f"#{one.decision}",
            one.wording.say(lang),
            one.agency or _CITY.say(lang),
            f"{one.due}{' !' if one.overdue else ''}",
        )
        for one in rows
    )
    empty = Bilingual("이행할 의결이 없습니다.", "No decision waits to be carried out.")
    say_table(out, lang, columns, cells, empty)


def say_waiting_decisions(out: Console, rows: Sequence[OpenDecision], lang: Lang) -> None:
    """Below an inbox: what was decided and is not done; nothing where all is."""
    if rows:
        title = Bilingual("회의의 의결 가운데 이행할 것:", "To be carried out of what meetings decided:")
        out.print(title.say(lang), soft_wrap=True)
        say_open_decisions(out, rows, lang)


def _say_meetings(out: Console, rows: Sequence[meetings.MeetingRead], lang: Lang) -> None:
    columns = (
        Column("회의", "meeting"),
        Column("이름", "name", "title"),
        Column("일자", "on"),
        Column("상태", "stage", "text"),
        Column("안건", "items", "figure"),
        Column("의결", "decisions", "figure"),
        Column("이행 전", "not done", "figure"),
    )
    cells = (
        (
            one.meeting,
            one.name.say(lang),
            str(one.on),
            one.stage.say(lang),
            str(one.items),
            str(one.decisions),
            f"{one.open}{' !' if one.overdue else ''}",
        )
        for one in rows
    )
    say_table(out, lang, columns, cells, Bilingual("소집된 회의가 없습니다.", "No meeting was called."))


def _describe(found: meetings.MeetingShown, lang: Lang) -> Iterator[str]:
    one = found.meeting
    when = f"{one.on}" if one.time is None else f"{one.on} {one.time}"
    format_ = label_for("format", one.format, lang)
    yield f"{one.meeting}  {one.name.say(lang)} ({one.stage.say(lang)})"
    yield f"  {when}, {one.venue.say(lang)}, {format_}"
    if one.theme is not None:
        yield f"  {one.theme.say(lang)}"
    taken = Bilingual("참석 {0}/{1}, 정족수 {2}", "{0} of {1} present, {2} needed").say(lang)
    yield f"  {taken.format(found.seats_taken, sum(seat.member for seat in found.seats), found.seats_needed)}"
    yield from (f"  {line}" for line in _describe_seats(found, lang))
    for item in found.items:
        withdrawn = Bilingual(" (철회됨)", " (withdrawn)").say(lang) if item.withdrawn else ""
        whose = item.agency or _CITY.say(lang)
        about = (
            ""
            if item.concern is None
            else Bilingual(f" [현안 {item.concern}]", f" [concern {item.concern}]").say(lang)
        )
        yield f"  {item.item}. {item.name.say(lang)} ({whose}){about}{withdrawn}"
    for decision in found.decisions:
        yield f"  {_describe_decision(decision, lang)}"
    yield from (f"  {line}" for line in _describe_objections(found, lang))


def _describe_seats(found: meetings.MeetingShown, lang: Lang) -> Iterator[str]:
    for seat in found.seats:
        mark = "●" if seat.present else "○"
        chair = Bilingual(" 의장", " (chair)").say(lang) if seat.chair else ""
        who = "" if seat.subject is None else f" {found.people.get(seat.subject, seat.subject)}"
        if seat.stands_in_for is not None:
            absent = found.people.get(seat.stands_in_for, seat.stands_in_for)
            who += Bilingual(f" ({absent} 대리)", f" (standing in for {absent})").say(lang)
        yield f"{mark} {seat.seat.partition('/')[2]}{chair}{who}"


def _describe_decision(one: meetings.DecisionRead, lang: Lang) -> str:
    whose = one.agency or _CITY.say(lang)
    due = "" if one.due is None else f", {whose}, {one.due}"
    given = ", ".join(f"{each.label.say(lang)} {each.stream.partition('/')[2]}" for each in one.carried_out)
    more = f": {given}" if given else ""
    result = "" if one.result is None else f" — {one.result}"
    return f"#{one.decision} {one.wording.say(lang)} ({_STATES[one.state].say(lang)}{due}){more}{result}"


def _describe_objections(found: meetings.MeetingShown, lang: Lang) -> Iterator[str]:
    if found.object_until is not None:
        said = Bilingual("회의록 이의 제기: {0}까지", "objections to the minutes until {0}").say(lang)
        yield said.format(found.object_until)
    for one in found.objections:
        settled = Bilingual("처리 전", "open").say(lang) if one.settlement is None else one.settlement
        yield f"#{one.objection} {one.agency or _CITY.say(lang)}: {one.text} — {settled}"
