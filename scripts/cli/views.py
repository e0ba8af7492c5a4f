"""`views`: how far each view has come, and what to do where one stopped or is wrong."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Refusal
from domain.view.commands import SkipFact
from projections.runner import positions
from projections.view import View
from projections.views import VIEWS
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table

Name = Annotated[str, typer.Argument(help="Name of the view, as `donghaeng views` shows it.")]


class NoSuchView(Refusal):
    """`known`: the views there are."""

    ko = "조회 화면 ‘{view}’은(는) 없습니다. 있는 것: {known}."
    en = "There is no view “{view}”. There are: {known}."


class NotStopped(Refusal):
    """Only the fact in front of which a view stands still can be skipped."""

    ko = "{view} 조회 화면은 멈춰 있지 않으므로 건너뛸 것이 없습니다."
    en = "The view {view} has not stopped: there is nothing to skip."


class SkipReasonNeeded(Refusal):
    """Why a fact is left out of a view is kept."""

    ko = "왜 건너뛰는지 --reason으로 적어 주십시오."
    en = "Say with --reason why the fact is skipped."


def add(app: typer.Typer) -> None:
    @command(app, None)
    def views(run: Run) -> None:
        """Show position, lag and state of every view; or rebuild, verify, certificates, drop-old, skip."""
        _show(run)

    @command(app, "list")
    def listed(run: Run) -> None:
        """Show position, lag and state of every view."""
        _show(run)

    @command(app, "skip")
    def skip(run: Run, name: Name) -> None:
        """Let a stopped view pass over the fact that stopped it. The skip is itself a fact."""
        view_named(name)
        if not run.reason:
            raise SkipReasonNeeded
        with run.engine() as engine:
            at = positions(engine.store)[name].error_position
            if at is None:
                raise NotStopped(view=name)
            run.show_outcome(run.give(engine, lambda: SkipFact(view=name, position=at)))


def _show(run: Run) -> None:
    with run.engine() as engine:
        run.may_read(engine, "views")
        places = positions(engine.store)

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
            if places[name].error is not None:
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

    run.show({"views": places}, text)


def view_named(name: str) -> View:
    """Raises NoSuchView."""
    if name not in VIEWS:
        raise NoSuchView(view=name, known=tuple(VIEWS))
    return VIEWS[name]
