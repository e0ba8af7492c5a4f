"""`access list|prune|acknowledge|examine`: who read what, for inspectors."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.access.commands import AcknowledgeGap, ExamineRow, Prune
from domain.access.facts import Differing
from domain.positions import position_label
from domain.seoul import SEOUL
from scripts.cli.actor import actor_to_find
from scripts.cli.options import LookedAt, Most
from scripts.cli.run import Run, command
from scripts.cli.tables import say_lines
from scripts.cli.whom import with_ids
from trail.files import read_named
from workers.trail_folder import trail_folder
from workflows.permissions import label_of
from workflows.queries.access_log import acknowledging_gap, examining_row
from workflows.queries.accesses import AccessRead, list_accesses, pruning

_MOST = 500
_DAY = ["%Y-%m-%d"]
Sought = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="ACTOR",
        help="Only of this one: ROLE, ROLE@AGENCY, with :PERSON, or nobody; agency and person by id or name. "
        "= 이 행위자만: 역할, 역할@기관, :사람을 붙인 것, 또는 nobody. 기관과 사람은 식별자나 이름으로.",
    ),
]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=_DAY, help="From this day in Seoul on. = 서울 시각으로 이날부터."),
]
To = Annotated[
    datetime | None,
    typer.Option("--to", formats=_DAY, help="Up to this day in Seoul, included. = 서울 시각으로 이날까지."),
]
Since = Annotated[
    Path | None,
    typer.Option(
        metavar="CHECKPOINT",
        help="A checkpoint of readings and refusals that you kept: what came after it, and that it was only added to. "
        "= 보관한 열람·거부 기록의 체크포인트. 그 뒤의 것과, 덧붙이기만 했는지를 봅니다.",
    ),
]


def add(app: typer.Typer) -> None:
    _add_list(app)
    _add_prune(app)
    _add_acknowledge(app)
    _add_examine(app)


def day_of(typed: datetime | None) -> date | None:
    return None if typed is None else typed.date()


def _add_list(app: typer.Typer) -> None:
    @command(app, "list")
    def listed(
        run: Run,
        by: Sought = None,
        about: Annotated[
            str | None,
            typer.Option(
                "--about", metavar="ID", help="Only of this task, agency or person. = 이 과제, 기관, 사람만."
            ),
        ] = None,
        first: From = None,
        last: To = None,
        since: Since = None,
        most: Most = _MOST,
    ) -> None:
        """List who read what, the newest first: from where, whose data, what for (열람 기록).

        = 누가 어디에서 누구의 자료를 무엇 때문에 보았는지 최근 것부터 보여 줍니다.
        """
        wanted, unnamed = actor_to_find(with_ids(run, by))
        kept = None if since is None else partial(read_named, since)
        with run.asking() as inquiry:
            found = list_accesses(
                inquiry,
                trail_folder(run.settings.data),
                actor=wanted,
                unnamed=unnamed,
                about=about,
                first=day_of(first),
                last=day_of(last),
                kept=kept,
                most=most,
            )

        def text(out: Console) -> None:
            say_lines(out, run.lang, (_line(run, row) for row in found.accesses), most=most)

        run.show(found, text)


def _line(run: Run, row: AccessRead) -> str:
    """When, who, what, whose, what for, from where."""
    about = " ".join((*row.tasks, *row.agencies, *row.subjects))
    known = "" if row.actor is None or row.authn == "asserted" else f" ({row.authn})"
    exported = run.words(" [내보냄]", " [exported]") if row.exported else ""
    place = f" [{row.os_user}@{row.host}{f' {row.client}' if row.client else ''}]" if row.actor else ""
    purpose = f" – {row.purpose}" if row.purpose else ""
    when = row.known_at.astimezone(SEOUL)
    what = label_of(row.reading, run.lang)
    return f"{position_label(row.id).say(run.lang)} {when:%Y-%m-%d %H:%M} {row.reader}{known}: {what} {about}{exported}{purpose}{place}"


def _add_prune(app: typer.Typer) -> None:
    @command(app, "prune")
    def prune(
        run: Run,
        before: Annotated[
            datetime | None,
            typer.Option(
                "--before",
                formats=_DAY,
                help="What was read before this day in Seoul; else all that may go. "
                "= 서울 시각으로 이날 전의 열람. 없으면 지울 수 있는 것 모두.",
            ),
        ] = None,
    ) -> None:
        """Take readings that are two years old out of the access log, with a fact that says how many (열람 기록 삭제).

        = 2년이 지난 열람 기록을 지우고, 몇 건인지 기록합니다.
        """
        with run.engine() as engine:
            run.may_give(engine, Prune)
            found = pruning(engine.store, day_of(before))
            if isinstance(found, Prune):
                run.show_outcome(run.give(engine, lambda: found))
                return
        day = found.before
        nothing = run.words(f"{day} 전의 열람 기록이 없습니다.", f"Nothing was read before {day}.")
        run.show(found, lambda out: out.print(nothing))


def _add_acknowledge(app: typer.Typer) -> None:
    @command(app, "acknowledge")
    def acknowledge(
        run: Run,
        first: Annotated[
            int,
            typer.Argument(
                help="The first entry of the gap, as `access review` names it. "
                "= `access review`에 나오는 빈자리의 첫 항목."
            ),
        ],
        last: Annotated[int, typer.Argument(help="The last one. = 마지막 것.")],
        note: LookedAt,
    ) -> None:
        """Say that a gap in the log of readings and refusals was looked into; it is sealed on over it (빈자리 확인).

        = 열람과 거부 기록의 빈자리를 확인했다고 적습니다. 봉인은 그 너머로 이어집니다.
        """
        with run.engine() as engine:
            run.may_give(engine, AcknowledgeGap)
            made = acknowledging_gap(run.inquiry(engine.store), first, last, note, trail_folder(engine.data))
            run.show_outcome(run.give(engine, lambda: made))


def _add_examine(app: typer.Typer) -> None:
    @command(app, "examine")
    def examine(
        run: Run,
        what: Annotated[
            Differing,
            typer.Argument(
                help="entry, whose reading or refusal was changed or is gone; a reading or refusal of no entry; or a pruning that is miscounted. "
                "= entry(바뀌었거나 없어진 열람·거부의 항목), 항목이 없는 열람이나 거부, 또는 건수가 다른 삭제(pruning)."
            ),
        ],
        number: Annotated[
            int,
            typer.Argument(help="Its number, as `access review` names it. = `access review`에 나오는 번호."),
        ],
        note: LookedAt,
    ) -> None:
        """Say that a reading or refusal that is not what was written down was looked into, as it stands now (다른 내용 확인).

        = 적힌 것과 다른 열람이나 거부를 지금 상태대로 확인했다고 적습니다.
        """
        with run.engine() as engine:
            run.may_give(engine, ExamineRow)
            made = examining_row(run.inquiry(engine.store), what, number, note, trail_folder(engine.data))
            run.show_outcome(run.give(engine, lambda: made))
