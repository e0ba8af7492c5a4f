"""`views`: how far each view has come, and what to do where one stopped or is wrong."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.view.commands import SkipFact
from projections.views import VIEWS
from scripts.cli.run import Run, command, needs_reason
from scripts.cli.tables import Column, say_table
from workflows.queries.views import find_view, list_views, skipping

Name = Annotated[
    str,
    typer.Argument(
        help="Name of the view, as `donghaeng views` shows it. = `donghaeng views`에 나오는 조회 화면의 이름."
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, None)
    def views(run: Run) -> None:
        """Show position, lag and state of every view; or rebuild, verify, certificates, drop-old, skip.

        = 모든 조회 화면의 위치, 지연, 상태를 보여 줍니다. rebuild, verify, certificates, drop-old, skip도 있습니다.
        """
        _show(run)

    @command(app, "list")
    def listed(run: Run) -> None:
        """Show position, lag and state of every view.

        = 모든 조회 화면의 위치, 지연, 상태를 보여 줍니다.
        """
        _show(run)

    @command(app, "skip")
    def skip(run: Run, name: Name) -> None:
        """Let a stopped view pass over the fact that stopped it. The skip is itself a fact.

        = 멈춘 조회 화면이 걸린 기록을 건너뛰게 합니다. 건너뛴 사실도 기록됩니다.
        """
        find_view(name)
        needs_reason(run, SkipFact.label)
        with run.engine() as engine:
            run.may_give(engine, SkipFact)
            run.show_outcome(run.give(engine, lambda: skipping(engine.store, name)))


def _show(run: Run) -> None:
    with run.asking() as inquiry:
        found = list_views(inquiry)
    places = found.views

    def text(out: Console) -> None:
        columns = (
            Column("조회 화면", "view"),
            Column("위치", "position"),
            Column("지연", "lag"),
            Column("상태", "state"),
            Column("문제", "error", "text"),
        )
        rows = (
            (name, str(place.position), str(place.lag), place.state, place.error or "")
            for name, place in places.items()
        )
        say_table(out, run.lang, columns, rows)
        for name in VIEWS:
            if places[name].damaged:
                out.print(
                    run.words(
                        f"{name}: 표가 손상되어 멈췄습니다. `donghaeng views rebuild {name} --as planner`로 기록에서 다시 만드십시오.",
                        f"{name} stands still, since its table is damaged. Make it anew from the facts: "
                        f"donghaeng views rebuild {name} --as planner",
                    ),
                    style="yellow",
                    soft_wrap=True,
                )
            elif places[name].error is not None:
                out.print(
                    run.words(
                        f"{name}: {places[name].error_position}번 기록 앞에서 멈췄습니다. 프로그램을 고치거나 "
                        f"`donghaeng views skip {name} --as planner --reason …`으로 건너뛰십시오.",
                        f"{name} stands in front of position {places[name].error_position}. Run a program that can fold "
                        f"it, or pass over it: donghaeng views skip {name} --as planner --reason …",
                    ),
                    style="yellow",
                    soft_wrap=True,
                )

    run.show(found, text)
