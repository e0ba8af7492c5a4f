"""`load FILE`: a year's programme as announced, into the store; again, what the file says otherwise by now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.programme.commands import Open
from scripts.cli.documents import LeftAsIs, Loaded
from scripts.cli.progress import ticking
from scripts.cli.run import Run, command
from trail.english import many
from workflows.loading import carry_out, describe_all, leave_out_refused, plan_loading
from workflows.programme_file import read_programme

LEFT_SOME = 6  # a script is to see it, and not to take it for a refusal, after which nothing was written


def add(app: typer.Typer) -> None:
    @command(app)
    def load(
        run: Run,
        file: Annotated[
            Path,
            typer.Argument(
                help="The programme as JSON, as `programme template` shows. "
                "= `programme template`의 서식대로 JSON으로 쓴 사업 파일."
            ),
        ],
        dry_run: Annotated[
            bool,
            typer.Option(
                "--dry-run",
                help="Only show what would change and what would not, and why. "
                "= 바뀔 것과 바뀌지 않을 것을 사유와 함께 보여 주기만 합니다.",
            ),
        ] = False,
    ) -> None:
        """Load a year's programme. The same file again changes nothing; a changed one changes what may still change. Exit status 6: some of it was left as it is, and is listed with why.

        = 한 해의 사업 파일을 불러옵니다. 같은 파일을 다시 불러오면 달라지지 않으며, 고친 파일은 아직 바꿀 수 있는 것만 바꿉니다. 변경하지 않은 항목이 있으면 사유와 함께 보여 주고 종료 코드 6으로 끝납니다.
        """
        programme = read_programme(file)
        with run.engine() as engine:
            giver = run.who(engine)  # by one's own right: told before any role
            run.may_give(engine, Open)
            loading = plan_loading(engine.store, programme, giver, run.reason)
            if dry_run or not loading.first:
                loading = leave_out_refused(engine.handler, loading)
            outcomes = []
            if not dry_run:
                with ticking(run, "불러오기", "Loading", lambda: len(loading.given)) as tick:
                    outcomes = carry_out(engine.handler, loading, tick)
        new = sum(not outcome.repeated for outcome in outcomes)
        document = Loaded(
            year=programme.programme.year,
            agencies=len(programme.agencies),
            tasks=len(programme.tasks),
            facts=new,
            dry_run=dry_run,
            changes=[one.say(run.lang) for one in describe_all(loading)],
            kept=[LeftAsIs(one.what.say(run.lang), one.why.say(run.lang)) for one in loading.kept],
        )
        run.show(document, lambda out: _say(run, document, out, changes=dry_run or not loading.first))
        if loading.kept:
            raise typer.Exit(LEFT_SOME)


def _say(run: Run, loaded: Loaded, out: Console, *, changes: bool) -> None:
    agencies, tasks = many(loaded.agencies, "agency", "agencies"), many(loaded.tasks, "task")
    out.print(
        run.words(
            f"{loaded.year}년: 기관 {loaded.agencies}곳, 과제 {loaded.tasks}건, 새 기록 {loaded.facts}건",
            f"{loaded.year}: {agencies}, {tasks}, {many(loaded.facts, 'new fact')}",
        )
    )
    for one in loaded.changes if changes else ():
        out.print(f"  {one}", markup=False, soft_wrap=True)
    if loaded.kept:
        out.print(run.words("변경하지 않은 항목:", "Left as it is:"), style="bold")
    for left in loaded.kept:
        out.print(f"  {left.what} ({left.why.rstrip('.')})", markup=False, soft_wrap=True)
