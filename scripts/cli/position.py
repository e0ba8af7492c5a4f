"""`position …`: the city's positions, who holds them, and who signs for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

import typer
from rich.console import Console

from domain.aggregate import Command
from domain.errors import Lang
from domain.position import commands as position
from domain.position.facts import MANDATES
from domain.seoul import local_day
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.printing import history_lines, say_inbox
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import say_lines
from workflows.beginnings import SUBJECT
from workflows.queries import positions

PositionId = Annotated[
    str,
    typer.Argument(
        metavar="POSITION", help="The position's id, e.g. vice-mayor. = 시 직위의 식별자. 예: vice-mayor"
    ),
]
SubjectOption = Annotated[
    str,
    typer.Option(
        metavar="ID",
        help="The person's id in the vault, or its beginning. = 금고에 있는 사람의 식별자나 그 앞부분.",
    ),
    SUBJECT,
]


def add(app: typer.Typer) -> None:
    _add_changes(app)
    _add_delegations(app)
    _add_readings(app)


def _add_changes(app: typer.Typer) -> None:
    @gives(app, "add")
    def add_position(
        position_id: PositionId,
        name: Annotated[str, typer.Option(help="The name in Korean. = 한국어 이름.")],
        name_en: Annotated[str | None, typer.Option(help="The name in English. = 영문 이름.")] = None,
    ) -> Command:
        """Declare a position of the city's, or call it otherwise (시 직위 등록).

        = 시 직위를 등록하거나 이름을 바꿉니다.
        """
        return position.Declare(position=position_id, title=LocalText(ko=name, en=name_en))

    @gives(app, "appoint")
    def appoint(position_id: PositionId, subject: SubjectOption) -> Command:
        """Put a person into a position of the city's (임명).

        = 시 직위에 사람을 임명합니다.
        """
        return position.Appoint(position=position_id, subject=subject)

    @gives(app, "release")
    def release(position_id: PositionId, subject: SubjectOption) -> Command:
        """Release a person from a position of the city's (해임).

        = 시 직위에서 해임합니다.
        """
        return position.Release(position=position_id, subject=subject)


def _add_delegations(app: typer.Typer) -> None:
    @gives(app, "delegate", also=("ref",))
    def delegate_signing(
        position_id: PositionId,
        mandate: Annotated[
            Literal["standing", "proxy", "substitute"],
            typer.Option(
                parser=values.choice(standing="전결", proxy="대결", substitute="직무대리"),
                help="전결 standing, 대결 proxy, 직무대리 substitute (the last two need --until). "
                "= 전결 standing, 대결 proxy, 직무대리 substitute(뒤의 둘은 --until 필요).",
            ),
        ],
        holder: SubjectOption,
        delegate: SubjectOption,
        starts: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day. = 첫날.")],
        until: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help="Last day, if it has one. = 종료일(있으면)."),
        ] = None,
    ) -> Command:
        """Let another sign approval lines for who holds a position (전결, 대결, 직무대리).

        = 시 직위에 있는 사람을 대신하여 다른 사람이 결재선에 서명하게 합니다.
        """
        return position.Delegate(
            position=position_id,
            mandate=mandate,
            holder=holder,
            delegate=delegate,
            starts=starts.date(),
            ends=None if until is None else until.date(),
        )

    @gives(app, "end-delegation", also=("ref",))
    def end_delegation(
        position_id: PositionId,
        number: Annotated[
            int,
            typer.Argument(help="Its number, as `position show` has it. = `position show`에 나오는 번호."),
        ],
    ) -> Command:
        """End such a delegation (결재 위임 종료).

        = 결재 위임을 종료합니다.
        """
        return position.EndDelegation(position=position_id, number=number)


def _add_readings(app: typer.Typer) -> None:
    @command(app, "list")
    def list_positions(run: Run, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """List the city's positions with who holds them.

        = 시 직위와 재직자를 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = positions.list_positions(inquiry)
        lines = [line for one in found.positions for line in _describe(one, found.people, run.lang)]
        run.show(found, lambda out: say_lines(out, run.lang, lines))

    @command(app, "show")
    def show(
        run: Run, position_id: PositionId, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Show a position of the city's with its history.

        = 시 직위와 그 이력을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = positions.show_position(inquiry, position_id)

        def text(out: Console) -> None:
            say_lines(out, run.lang, _describe(found.position, found.people, run.lang))
            if found.to_sign:
                say_inbox(out, found.to_sign, run.lang)
            history_lines(out, found.history, run.lang)

        run.show(found, text)


def _describe(one: positions.PositionRead, people: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """The position, and a line for each person who is in it or signs for one."""

    def named(subject: str) -> str:
        return people.get(subject, subject)

    yield f"{one.position}  {one.name.say(lang)}"
    for each in one.holders:
        day = local_day(each.since)
        yield f"  {named(each.subject)} " + (f"({day}부터)" if lang == "ko" else f"(since {day})")
    for given in one.delegations:
        span = f"{given.starts} – {given.ends or ''}".rstrip()
        by = MANDATES[given.mandate].say(lang)
        yield f"  #{given.number} {by}: {named(given.holder)} → {named(given.delegate)} ({span})"
