"""`meeting …`: calling meetings, their agenda, and what happens there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer

from domain.aggregate import Command
from domain.meeting import commands as meeting
from domain.meeting.facts import Attendee
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.meeting_reading import MeetingId
from scripts.cli.papers import read_papers
from scripts.cli.run import Run
from workers.engine import Engine
from workflows.meetings import withdraw_item

_SEATS = (
    "An agency by its id, position/ID of the city's, or subject/ID; repeat for each. "
    "= 기관 식별자, position/시 직위 식별자, subject/사람 식별자. 여러 개면 되풀이합니다."
)
Invited = Annotated[list[str] | None, typer.Option("--invite", metavar="SEAT", help=_SEATS)]
Came = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SEAT[=ID[:ID]]",
        help="Who came: a seat as for --invite, with the person's id, and behind : in whose stead; repeat for each. "
        "= 참석자. --invite처럼 적고, =에 사람 식별자를, :에 대리 대상의 식별자를 붙입니다. 여러 개면 되풀이합니다.",
    ),
]
Item = Annotated[int | None, typer.Option(help="Of which item. = 몇 번 안건인지.")]
ItemNumber = Annotated[int, typer.Argument(metavar="ITEM", help="The item's number. = 안건 번호.")]
Text = Annotated[
    str,
    typer.Option(
        parser=values.text, help="What is to be said; kept beside the fact. = 내용. 기록과 함께 남습니다."
    ),
]
MaybeText = Annotated[
    str | None,
    typer.Option(
        "--text",
        parser=values.text,
        help="More about it; kept beside the fact. = 자세한 내용. 기록과 함께 남습니다.",
    ),
]
Agency = Annotated[
    str | None,
    typer.Option(
        parser=values.AgencyWord,
        help="Whose it is; by default that of who acts, else the city's. = 어느 기관의 것인지. 기본값은 실행하는 사람의 기관, 없으면 시.",
    ),
]
On = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day. = 일자.")]
Time = Annotated[
    str | None, typer.Option(metavar="HH:MM", help="The time in Seoul, e.g. 14:00. = 시각. 예: 14:00")
]


def add(app: typer.Typer) -> None:
    _add_calling(app)
    _add_agenda(app)
    _add_holding(app)


def _add_calling(app: typer.Typer) -> None:
    @gives(app, "call")
    def call(
        meeting_id: MeetingId,
        year: Annotated[int, typer.Option(help="Of which programme, e.g. 2024. = 사업연도. 예: 2024")],
        name: Annotated[str, typer.Option(help="The name in Korean. = 한국어 이름.")],
        on: On,
        venue: Annotated[str, typer.Option(help="The place in Korean. = 한국어 장소.")],
        format_: Annotated[
            Literal["briefing", "discussion"],
            typer.Option(
                "--form",
                parser=values.choice(briefing="보고", discussion="토의"),
                help="briefing or discussion. = 보고 briefing, 토의 discussion.",
            ),
        ],
        name_en: Annotated[str | None, typer.Option(help="The name in English. = 영문 이름.")] = None,
        venue_en: Annotated[str | None, typer.Option(help="The place in English. = 영문 장소.")] = None,
        theme: Annotated[str | None, typer.Option(help="The theme in Korean. = 한국어 주제.")] = None,
        theme_en: Annotated[str | None, typer.Option(help="The theme in English. = 영문 주제.")] = None,
        time: Time = None,
        chair: Annotated[
            str | None,
            typer.Option(
                metavar="POSITION", help="The city's position that is in the chair. = 의장인 시 직위."
            ),
        ] = None,
        invited: Invited = None,
        series: Annotated[
            str | None,
            typer.Option(help="To which series of the definition it belongs. = 정의의 어느 회의체인지."),
        ] = None,
    ) -> Command:
        """Call a meeting of agency heads, under the definition of the year's programme (회의 소집).

        = 공공기관장 회의를 소집합니다. 사업연도의 정의를 따릅니다.
        """
        return meeting.Call(
            meeting=meeting_id,
            year=year,
            title=LocalText(ko=name, en=name_en),
            on=on.date(),
            venue=LocalText(ko=venue, en=venue_en),
            format=format_,
            theme=None if theme is None else LocalText(ko=theme, en=theme_en),
            time=time,
            chair=chair,
            invited=tuple(map(_seat, invited or ())),
            series=series,
        )

    @gives(app, "invite")
    def invite(
        meeting_id: MeetingId, invited: Annotated[list[str], typer.Argument(metavar="SEAT...", help=_SEATS)]
    ) -> Command:
        """Invite more to a meeting that was called (초청).

        = 소집한 회의에 더 초청합니다.
        """
        return meeting.Invite(meeting=meeting_id, invited=tuple(map(_seat, invited)))

    @gives(app, "move")
    def move(
        meeting_id: MeetingId,
        on: On,
        time: Time = None,
        venue: Annotated[str | None, typer.Option(help="The new place in Korean. = 새 장소.")] = None,
        venue_en: Annotated[
            str | None, typer.Option(help="The new place in English. = 새 장소의 영문.")
        ] = None,
    ) -> Command:
        """Move a meeting to another day, time or place; say why with --reason (회의 변경).

        = 회의의 날짜, 시각, 장소를 바꿉니다. 사유는 --reason으로 적습니다.
        """
        place = None if venue is None else LocalText(ko=venue, en=venue_en)
        return meeting.Move(meeting=meeting_id, on=on.date(), time=time, venue=place)

    @gives(app, "cancel")
    def cancel(meeting_id: MeetingId) -> Command:
        """Cancel a meeting; say why with --reason (회의 취소).

        = 회의를 취소합니다. 사유는 --reason으로 적습니다.
        """
        return meeting.Cancel(meeting=meeting_id)


def _add_agenda(app: typer.Typer) -> None:
    @gives(app, "add-item")
    def add_item(
        run: Run,
        engine: Engine,
        meeting_id: MeetingId,
        name: Annotated[str, typer.Option(help="The item in Korean. = 한국어 안건명.")],
        name_en: Annotated[str | None, typer.Option(help="The item in English. = 영문 안건명.")] = None,
        agency: Agency = None,
        text: MaybeText = None,
        concern: Annotated[
            str | None,
            typer.Option(
                metavar="CONCERN",
                help="The policy concern that is deliberated, by its id. = 다룰 정책 현안의 식별자.",
            ),
        ] = None,
        paper: Annotated[
            list[str] | None,
            typer.Option(
                metavar="FILE",
                help="A file that goes with it; repeat for each. = 함께 올릴 파일. 여러 개면 되풀이합니다.",
            ),
        ] = None,
    ) -> Command:
        """Put an item on a meeting's agenda, until the definition's deadline (안건 제출).

        = 회의에 안건을 제출합니다. 정의가 정한 마감일까지 할 수 있습니다.
        """
        return meeting.AddItem(
            meeting=meeting_id,
            title=LocalText(ko=name, en=name_en),
            agency=agency or own_agency(run, engine),
            text=text,
            concern=concern,
            papers=read_papers(run, paper),
        )

    @gives(app, "order-items")
    def order_items(
        meeting_id: MeetingId,
        items: Annotated[
            list[int], typer.Argument(metavar="ITEM...", help="Their numbers in order. = 순서대로 안건 번호.")
        ],
    ) -> Command:
        """Say in which order the items are taken (안건 순서).

        = 안건의 순서를 정합니다.
        """
        return meeting.OrderItems(meeting=meeting_id, order=tuple(items))

    @gives(app, "withdraw-item")
    def withdraw(engine: Engine, meeting_id: MeetingId, item: ItemNumber) -> Command:
        """Withdraw an item (안건 철회).

        = 안건을 철회합니다.
        """
        return withdraw_item(engine.store, meeting_id, item)


def _add_holding(app: typer.Typer) -> None:
    @gives(app, "open")
    def open_meeting(
        meeting_id: MeetingId,
        chair: Annotated[
            list[str] | None,
            typer.Option(
                metavar="SEAT",
                help="Who is in the chair: a position of the city's by its id, or agency/ID, subject/ID. "
                "= 의장. 시 직위의 식별자나 agency/식별자, subject/식별자.",
            ),
        ] = None,
        came: Came = None,
    ) -> Command:
        """Record that a meeting was opened, who was in the chair and who came (개회).

        = 개회, 의장, 참석자를 기록합니다.
        """
        chairs = tuple(one if "/" in one else f"position/{one}" for one in chair or ())
        return meeting.Open(meeting=meeting_id, chairs=chairs, present=tuple(map(_attendee, came or ())))

    @gives(app, "join")
    def join(meeting_id: MeetingId, came: Came = None) -> Command:
        """Record who came after the opening (뒤에 온 참석자).

        = 개회 뒤에 온 참석자를 기록합니다.
        """
        return meeting.Join(meeting=meeting_id, present=tuple(map(_attendee, came or ())))

    @gives(app, "note")
    def note(meeting_id: MeetingId, text: Text, item: Item = None) -> Command:
        """Record what was said, of an item where one is named (토의 내용).

        = 토의 내용을 기록합니다.
        """
        return meeting.Note(meeting=meeting_id, text=text, item=item)

    @gives(app, "close")
    def close(meeting_id: MeetingId) -> Command:
        """Close a meeting (폐회).

        = 폐회를 기록합니다.
        """
        return meeting.Close(meeting=meeting_id)


def _seat(word: str) -> str:
    return word if "/" in word else f"agency/{word}"


def _attendee(word: str) -> Attendee:
    seat, _, people = word.partition("=")
    subject, _, absent = people.partition(":")
    return Attendee(_seat(seat), subject or None, absent or None)


def own_agency(run: Run, engine: Engine) -> str | None:
    """Of who acts, or in whose place."""
    behalf = run.on_behalf(engine.store)
    return (behalf or run.giver(engine.store).actor).agency
