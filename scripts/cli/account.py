"""`account …`: who signs in at the console."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.console import Console

from domain.seoul import SEOUL
from scripts.cli.documents import LinkMade, SessionEnded
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table
from scripts.cli.web import PORT
from workflows.accounts import end_any, invite
from workflows.beginnings import SUBJECT
from workflows.queries.accounts import list_sessions

Role = Annotated[
    Literal["planner", "department", "inspector"] | None,
    typer.Option(
        help="The city's role in which this session may act; an agency's posts are known by its appointments. "
        "= 이 세션이 시에서 맡을 역할. 기관의 직위는 임명 기록으로 압니다."
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "invite")
    def make_link(
        run: Run,
        subject: Annotated[
            str,
            typer.Argument(
                metavar="SUBJECT",
                help="The person's id in the vault, or its beginning. = 금고에 있는 사람의 식별자나 그 앞부분.",
            ),
            SUBJECT,
        ],
        role: Role = None,
    ) -> None:
        """Print a link by which the person signs in at the console, once, within a day.

        = 그 사람이 하루 안에 한 번 로그인할 수 있는 링크를 출력합니다.
        """
        with run.engine() as engine:
            made = invite(engine.store, run.reader(engine.store), subject, role, run.reason)
        base = (run.settings.console_url or f"http://localhost:{PORT}").rstrip("/")
        link = f"{base}/sign-in/{made.code}"

        def text(out: Console) -> None:
            out.print(link, soft_wrap=True, markup=False)
            until = f"{made.until.astimezone(SEOUL):%Y-%m-%d %H:%M}"
            run.err.print(
                run.words(
                    f"{until}까지 한 번 쓸 수 있습니다. 다시 볼 수 없습니다.",
                    f"Good once, until {until}. It is not shown again.",
                )
            )

        run.show(LinkMade(link, subject, made.until), text)

    @command(app, "sessions")
    def sessions(run: Run) -> None:
        """List who is signed in at the console.

        = 업무 화면에 로그인한 사람을 보여 줍니다.
        """
        with run.asking() as inquiry:
            found = list_sessions(inquiry)

        def text(out: Console) -> None:
            columns = (
                Column("세션", "session"),
                Column("사람", "person"),
                Column("직위", "acts as"),
                Column("확인", "known by"),
                Column("로그인", "since"),
                Column("마지막 사용", "last used"),
            )
            cells = (
                (
                    one.id,
                    one.subject,
                    one.acts or "",
                    one.authn,
                    f"{one.began_at.astimezone(SEOUL):%Y-%m-%d %H:%M}",
                    f"{one.seen_at.astimezone(SEOUL):%H:%M}",
                )
                for one in found.sessions
            )
            say_table(out, run.lang, columns, cells)

        run.show(found, text, lists=False)

    @command(app, "end")
    def end(
        run: Run,
        session: Annotated[str, typer.Argument(metavar="SESSION", help="The session's id. = 세션의 식별자.")],
    ) -> None:
        """End somebody's session at the console.

        = 업무 화면의 세션 하나를 끝냅니다.
        """
        with run.engine() as engine:
            end_any(engine.store, run.reader(engine.store), session, run.reason)
        run.show(
            SessionEnded(session),
            lambda out: out.print(run.words("세션을 끝냈습니다.", "The session is over.")),
        )
