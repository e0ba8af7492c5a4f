"""`meeting decide|vote-down|done` and what is done with the minutes: they go round, are objected to and confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from domain.aggregate import Command
from domain.errors import Refusal
from domain.meeting import commands as meeting
from domain.meeting.facts import Vote
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.meeting import Agency, Item, MaybeText, Text, own_agency
from scripts.cli.meeting_reading import MeetingId
from scripts.cli.run import Run
from workers.engine import Engine
from workflows.meetings import finish_decision

Number = Annotated[
    int,
    typer.Argument(
        metavar="NUMBER", help="Its number, as `meeting show` has it. = `meeting show`에 나오는 번호."
    ),
]
Wording = Annotated[str, typer.Option(help="The wording in Korean. = 한국어 의결 문구.")]
WordingEn = Annotated[str | None, typer.Option(help="The wording in English. = 영문 의결 문구.")]
CastVotes = Annotated[
    str | None,
    typer.Option(
        metavar="FOR/AGAINST/ABSTAINED", help="How many voted how, e.g. 12/3/1. = 찬성/반대/기권. 예: 12/3/1"
    ),
]


class NotAVote(Refusal):
    ko = "표결 ‘{given}’을(를) 읽을 수 없습니다. 찬성/반대/기권의 표수를 12/3/1처럼 적으십시오."
    en = "The vote “{given}” cannot be read. Write the votes for/against/abstained, e.g. 12/3/1."


def add(app: typer.Typer) -> None:
    _add_deciding(app)
    _add_minutes(app)


def _add_deciding(app: typer.Typer) -> None:
    @gives(app, "decide")
    def decide(
        meeting_id: MeetingId,
        wording: Wording,
        wording_en: WordingEn = None,
        item: Item = None,
        agency: Annotated[
            str | None,
            typer.Option(
                parser=values.AgencyWord,
                help="The agency that carries it out; without one the city does. = 이행할 기관. 없으면 시.",
            ),
        ] = None,
        until: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Until when. = 이행 기한.")
        ] = None,
        text: MaybeText = None,
        vote: CastVotes = None,
        approve: Annotated[
            list[str] | None,
            typer.Option(
                metavar="TASK",
                help="A task that is approved by the decision; repeat for each. = 의결로 승인하는 과제. 여러 개면 되풀이합니다.",
            ),
        ] = None,
        command: Annotated[
            list[str] | None,
            typer.Option(
                metavar="COMMAND",
                help="Another command that it gives, by its name and its fields as JSON, e.g. "
                """'task.hand_over {"task": "2024-07", "to": "gjcf"}'; repeat for each. """
                "= 의결로 내리는 다른 명령. 이름과 JSON 항목을 적습니다. 여러 개면 되풀이합니다.",
            ),
        ] = None,
    ) -> Command:
        """Record a decision; the commands that it gives are carried out with it, or nothing is (의결).

        = 의결을 기록합니다. 의결로 내리는 명령은 함께 처리되며, 거부되면 아무것도 기록하지 않습니다.
        """
        approved = [meeting.GivenCommand("task.approve", f'{{"task":"{one}"}}') for one in approve or ()]
        return meeting.Decide(
            meeting=meeting_id,
            wording=LocalText(ko=wording, en=wording_en),
            item=item,
            agency=agency,
            due=None if until is None else until.date(),
            text=text,
            vote=None if vote is None else _vote(vote),
            commands=(*approved, *map(_read_command, command or ())),
        )

    @gives(app, "vote-down")
    def vote_down(
        meeting_id: MeetingId,
        wording: Wording,
        vote: Annotated[
            str,
            typer.Option(
                metavar="FOR/AGAINST/ABSTAINED",
                help="How many voted how, e.g. 3/12/1. = 찬성/반대/기권. 예: 3/12/1",
            ),
        ],
        wording_en: WordingEn = None,
        item: Item = None,
    ) -> Command:
        """Record that a motion did not find its majority (부결).

        = 부결을 기록합니다.
        """
        named = LocalText(ko=wording, en=wording_en)
        return meeting.VoteDown(meeting=meeting_id, wording=named, vote=_vote(vote), item=item)

    @gives(app, "done")
    def done(
        engine: Engine,
        meeting_id: MeetingId,
        decision: Number,
        result: Annotated[
            str,
            typer.Option(
                parser=values.text,
                help="What came of it; kept beside the fact. = 어떻게 되었는지. 기록과 함께 남습니다.",
            ),
        ],
    ) -> Command:
        """Say that what was decided is carried out, and what came of it (의결 이행 완료).

        = 의결한 것을 이행하였음과 그 결과를 기록합니다.
        """
        return finish_decision(engine.store, meeting_id, decision, result)


def _add_minutes(app: typer.Typer) -> None:
    @gives(app, "circulate")
    def circulate(meeting_id: MeetingId) -> Command:
        """Circulate the minutes for objections, until the definition's deadline (회의록 회람).

        = 회의록을 회람합니다. 정의가 정한 기간 동안 이의를 받습니다.
        """
        return meeting.CirculateMinutes(meeting=meeting_id)

    @gives(app, "object")
    def object_to(
        run: Run, engine: Engine, meeting_id: MeetingId, text: Text, agency: Agency = None
    ) -> Command:
        """Object to the minutes while they go round (회의록 이의).

        = 회람 중인 회의록에 이의를 제기합니다.
        """
        return meeting.Object(meeting=meeting_id, text=text, agency=agency or own_agency(run, engine))

    @gives(app, "settle")
    def settle(
        meeting_id: MeetingId,
        objection: Number,
        text: Text,
        upheld: Annotated[
            bool,
            typer.Option("--upheld/--not-upheld", help="Whether the minutes say so now. = 받아들이는지."),
        ] = True,
    ) -> Command:
        """Settle an objection to the minutes (이의 처리).

        = 회의록에 대한 이의를 처리합니다.
        """
        return meeting.SettleObjection(meeting=meeting_id, objection=objection, upheld=upheld, text=text)

    @gives(app, "confirm")
    def confirm(meeting_id: MeetingId) -> Command:
        """Confirm the minutes once no objection is open and none can come (회의록 확정).

        = 처리하지 않은 이의가 없고 이의 제기 기간이 끝난 회의록을 확정합니다.
        """
        return meeting.ConfirmMinutes(meeting=meeting_id)


def _vote(word: str) -> Vote:
    """Raises NotAVote."""
    parts = word.split("/")
    if len(parts) != 3 or not all(one.isascii() and one.isdecimal() and len(one) < 6 for one in parts):
        raise NotAVote(given=word[:40])
    return Vote(*map(int, parts))


def _read_command(word: str) -> meeting.GivenCommand:
    name, _, fields = word.strip().partition(" ")
    return meeting.GivenCommand(name, fields.strip() or "{}")
