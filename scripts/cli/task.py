"""`task list|show`: reading tasks."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.task.stages import Stage
from scripts.cli import values
from scripts.cli.options import Most
from scripts.cli.printing import say_board
from scripts.cli.run import Run, command
from scripts.cli.showing_task import say_task
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.values import TaskId
from workflows.queries import task_page, tasks

_MOST = 500


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_tasks(
        run: Run,
        stage: Annotated[
            Stage | None,
            typer.Option(
                parser=values.stage,
                help="Only tasks in this stage. "
                "= 이 단계의 과제만. 화면에 보이는 이름으로도 적을 수 있습니다.",
            ),
        ] = None,
        area: Annotated[
            str | None,
            typer.Option(
                parser=values.AreaWord, help="Only tasks of this area. = 이 분야의 과제만. 식별자나 이름."
            ),
        ] = None,
        lead: Annotated[
            str | None,
            typer.Option(
                parser=values.AgencyWord, help="Only tasks of this agency. = 이 기관의 과제만. 식별자나 이름."
            ),
        ] = None,
        after: Annotated[
            str | None,
            typer.Option(
                "--after",
                metavar="TASK",
                help="Only tasks whose numbers come after this one. = 이 번호 다음의 과제만.",
            ),
        ] = None,
        most: Most = _MOST,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List the tasks, a row each, by their numbers.

        = 과제를 번호순으로 한 줄씩 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = tasks.list_tasks(inquiry, stage=stage, area=area, lead=lead, after=after, most=most)

        def text(out: Console) -> None:
            say_board(out, found.tasks, found.areas, run.lang, found.titles_now)
            if found.more:
                last = found.tasks[-1].task
                ko = f"과제가 더 있습니다. 다음 과제는 같은 명령에 --after {last}을(를) 붙여 확인하십시오."
                en = f"There are more tasks. See the next ones with the same command and --after {last}."
                out.print(run.words(ko, en), soft_wrap=True, markup=False)

        run.show(found, text)

    @command(app, "show")
    def show(run: Run, task_id: TaskId, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show a task as it is now, or was.

        = 과제의 현재나 과거의 상태를 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = task_page.show_task(inquiry, task_id)
        run.show(found, lambda out: say_task(run, out, found))
