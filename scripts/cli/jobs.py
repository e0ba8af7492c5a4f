"""`jobs …`: the background jobs that wait or failed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from scripts.cli.documents import JobDropped, JobRetried
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table
from workers.job_list import drop, retry
from workers.queries import machine

JobId = Annotated[
    str, typer.Argument(metavar="ID", help="The job's id, from the list. = 목록에 나오는 작업의 식별자.")
]


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_jobs(run: Run) -> None:
        """List the jobs that failed, with the error's last line, and those that wait.

        = 실패한 작업과 오류의 마지막 줄, 대기 중인 작업을 보여 줍니다.
        """
        with run.engine() as engine:
            found = machine.list_jobs(run.inquiry(engine.store), engine)

        def say(out: Console) -> None:
            columns = (
                Column("작업", "id"),
                Column("대기열", "queue"),
                Column("상태", "state"),
                Column("함수", "job", "text"),
                Column("오류", "error", "text"),
            )
            called = [f"{one.job or '?'}({', '.join(map(str, one.arguments))})" for one in found.jobs]
            rows = [
                (one.id, one.queue, one.state, call, one.error or "")
                for one, call in zip(found.jobs, called, strict=True)
            ]
            nothing = Bilingual("대기 중이거나 실패한 작업이 없습니다.", "No job waits, none failed.")
            say_table(out, run.lang, columns, rows, nothing)

        run.show(found, say)

    @command(app, "retry")
    def retry_job(run: Run, job_id: JobId) -> None:
        """Run a failed job's function once more, if this store signed it.

        = 이 저장소가 서명한 작업이면, 실패한 작업을 한 번 더 실행합니다.
        """
        with run.engine() as engine:
            run.may_act(engine.store, "jobs.change")
            made = retry(engine.queues, job_id)
        run.show(JobRetried(made), lambda out: out.print(made))

    @command(app, "drop")
    def drop_job(run: Run, job_id: JobId) -> None:
        """Forget a failed job.

        = 실패한 작업을 지웁니다.
        """
        with run.engine() as engine:
            run.may_act(engine.store, "jobs.change")
            drop(engine.queues, job_id)
        run.show(JobDropped(job_id), lambda out: out.print(run.words("삭제했습니다.", "Dropped.")))
