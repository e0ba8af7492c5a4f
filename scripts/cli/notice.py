"""`notice acknowledge|retry|cancel`: what people do with a reminder."""

from __future__ import annotations

import typer

from domain.aggregate import Command
from domain.message.commands import Retry
from domain.notice.commands import Acknowledge, Cancel, Release
from domain.notice.state import NoticeStage
from scripts.cli.giving import gives
from scripts.cli.notice_reading import NoticeId
from scripts.cli.run import Run, command
from workers.engine import Engine
from workflows.queries import notices


def add(group: typer.Typer) -> None:
    @gives(group, "acknowledge", also=())
    def acknowledge(notice: NoticeId) -> Command:
        """Say that a reminder has been seen (확인).

        = 알림을 확인했다고 적습니다.
        """
        return Acknowledge(notice=notice)

    @command(group, "retry")
    def retry(run: Run, notice: NoticeId) -> None:
        """Let a held reminder go, or have a message that failed or is unknown sent again: the same, with the same id.

        = 보류한 알림을 내보내거나, 실패했거나 결과가 확인되지 않은 메시지를 같은 번호로 다시 발송합니다.
        """
        with run.engine() as engine:
            run.may_give(engine, Release, Retry)
            run.show_outcome(run.give(engine, lambda: _again(engine, notice)))

    @gives(group, "cancel", also=())
    def cancel(notice: NoticeId) -> Command:
        """Cancel a reminder that has not been sent (취소).

        = 아직 발송하지 않은 알림을 취소합니다.
        """
        return Cancel(notice=notice, why="person")


def _again(engine: Engine, notice: str) -> Command:
    row, message = notices.find_notice(engine.store, notice)
    if message is None or row.stage is NoticeStage.HELD:
        return Release(notice=notice)
    return Retry(message=message.message)
