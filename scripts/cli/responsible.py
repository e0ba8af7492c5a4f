"""`responsible`: who answers for a task on a day, and under whose authority."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from domain.agency.rules import POSTS
from domain.errors import Refusal
from projections.responsible import Responsible
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOf, Effective
from scripts.cli.task import TaskId, whose
from workflows.reading import responsible_for


class NotProposedThen(Refusal):
    ko = "과제 {task}은(는) {day}까지 제안되지 않아 주관기관이 없습니다. 뒤의 날짜로 다시 물으십시오."
    en = "Task {task} had not been proposed by the end of {day}, so nobody answered for it. Ask for a later day."


def add(app: typer.Typer) -> None:
    @command(app, "responsible")
    def responsible(
        run: Run,
        task_id: TaskId,
        on: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; by default today.")
        ] = None,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """Say who was responsible for a task on a day, and under whose authority (책임기관)."""
        with run.engine() as engine:
            at = run.slice(engine.store, as_of, effective)
            day = run.today(engine.store) if on is None else on.date()
            run.may_read(engine, "responsible", whose(engine.store, None, task_id), tasks=(task_id,))
            found = responsible_for(engine.store, task_id, day, at)
        if found is None:
            raise NotProposedThen(task=task_id, day=day)
        run.show(
            {"agency": found.agency, **_plain(found)},
            lambda out: say_responsible(run, out, found),
        )


def _plain(found: Responsible) -> dict[str, object]:
    return {name: getattr(found, name) for name in found.__struct_fields__}


_BY = {
    "task.proposed": ("제안", "proposed the task"),
    "task.handed_over": ("이관받음", "it was handed over to it"),
    "agency.merged": ("통합으로 승계", "the one before was merged into it"),
}


def say_responsible(run: Run, out: Console, found: Responsible) -> None:
    names = [one.name.say(run.lang) if one.name else one.agency for one in found.line]
    out.print(f"{found.task}  {found.day}  {found.stage.say(run.lang)}", style="bold", markup=False)
    gone = run.words(" (폐지됨, 승계 기관 없음)", " (closed, nobody took its place)") if found.gone else ""
    out.print(f"  {run.words('책임기관', 'responsible')}: {names[-1]} [{found.agency}]{gone}", markup=False)
    for one, name in zip(found.line, names, strict=True):
        out.print(f"    {name}: {run.words(*_BY[one.by])} (#{one.position})", markup=False)
    for post in found.posts:
        said = f"  {POSTS[post.post].say(run.lang)}: {post.subject}"
        for link in post.chain:
            said += run.words(
                f" → 직무대리 {link.substitute} (#{link.number}, {link.ends}까지)",
                f" → {link.substitute} stands in (#{link.number}, until {link.ends})",
            )
        out.print(said, markup=False, soft_wrap=True)
    for let in found.delegations:
        form = {"standing": "전결", "proxy": "대결"}[let.form]
        out.print(
            f"  {form} {let.decision}: {let.holder} → {let.delegate} (#{let.number})",
            markup=False,
            soft_wrap=True,
        )
