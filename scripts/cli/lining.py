"""`task sign|object|withdraw-line`: approval lines (결재선)."""

from __future__ import annotations

from typing import Annotated

import typer

from domain.aggregate import Command
from domain.task.lining import Object, Sign, WithdrawLine
from scripts.cli.giving import gives
from scripts.cli.values import TaskId

LineNumber = Annotated[
    int | None,
    typer.Option(
        "--line",
        metavar="NUMBER",
        help="The line that was looked at, as `task show` has it; another one is refused. By default the one that is open. "
        "= 확인한 결재선의 번호. `task show`에 나오며, 다른 결재선이면 거부합니다. 기본값은 진행 중인 결재선.",
    ),
]


def add(app: typer.Typer) -> None:
    @gives(app, "sign", also=("ref",))
    def sign(task_id: TaskId, line: LineNumber = None) -> Command:
        """Sign in the task's approval line when it is your turn (결재). The last signature carries out what was asked for.

        = 차례가 오면 과제의 결재선에 서명합니다. 마지막 서명이면 상신한 것이 처리됩니다.
        """
        return Sign(task=task_id, line=line)

    @gives(app, "object", also=("ref",))
    def send_back(task_id: TaskId, line: LineNumber = None) -> Command:
        """Object when it is your turn; needs --reason (반려). It goes back to who asked, or to whom the definition says.

        = 차례가 오면 반려합니다. --reason이 필요합니다. 상신한 사람이나 정의가 정한 차례로 돌아갑니다.
        """
        return Object(task=task_id, line=line)

    @gives(app, "withdraw-line", also=("ref",))
    def withdraw_line(task_id: TaskId, line: LineNumber = None) -> Command:
        """Withdraw what you asked for (상신 회수).

        = 상신한 것을 회수합니다.
        """
        return WithdrawLine(task=task_id, line=line)
