"""`jobs …`: the background jobs that wait or failed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table
from workers.kept_jobs import drop, kept_jobs, retry

JobId = Annotated[str, typer.Argument(metavar="ID", help="The job's id, from the list.")]


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_jobs(run: Run) -> None:
        """List the jobs that failed, with the error's last line, and those that wait."""
        with run.engine() as engine:
            run.may_read(engine, "jobs")
            kept = kept_jobs(engine.queues)

        def say(out: Console) -> None:
            if not kept:
                out.print(run.words("대기 중이거나 실패한 작업이 없습니다.", "No job waits, none failed."))
                return
            columns = (
                Column("작업", "id"),
                Column("대기열", "queue"),
                Column("상태", "state"),
                Column("함수", "job", "text"),
                Column("오류", "error", "text"),
            )
            called = [f"{one.job or '?'}({', '.join(map(str, one.arguments))})" for one in kept]
            rows = [
                (one.id, one.queue, one.state, call, one.error or "")
                for one, call in zip(kept, called, strict=True)
            ]
            say_table(out, run.lang, columns, rows)

        run.show({"jobs": kept}, say)

    @command(app, "retry")
    def retry_job(run: Run, job_id: JobId) -> None:
        """Run a failed job's function once more, if this store signed it."""
        with run.engine() as engine:
            run.may_read(engine, "jobs.change")
            made = retry(engine.queues, job_id)
        run.show({"enqueued": made}, lambda out: out.print(made))

    @command(app, "drop")
    def drop_job(run: Run, job_id: JobId) -> None:
        """Forget a failed job."""
        with run.engine() as engine:
            run.may_read(engine, "jobs.change")
            drop(engine.queues, job_id)
        run.show({"dropped": job_id}, lambda out: out.print(run.words("지웠습니다.", "Dropped.")))
