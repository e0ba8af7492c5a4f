"""`notices` and `notice show`: the reminders, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from domain.notice.state import NoticeStage
from projections.labels import label_for
from projections.notices import STATES
from projections.sentences.narration import deadline_in_words
from projections.sentences.reminders import PROBLEMS
from scripts.cli import values
from scripts.cli.options import Most
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import say_first, say_nothing
from workflows.beginnings import NOTICE
from workflows.gone_addresses import GoneAddress
from workflows.queries import notices

_MOST = 500
NoticeId = Annotated[
    str,
    typer.Argument(
        metavar="NOTICE",
        help="The notice's id, as `notices` shows it, or its beginning. "
        "= `notices`에 나오는 알림의 식별자나 그 앞부분.",
    ),
    NOTICE,
]


def add_list(app: typer.Typer) -> None:
    @command(app)
    def listed(
        run: Run,
        task: Annotated[str | None, typer.Option("--task", help="Only of this task. = 이 과제만.")] = None,
        about: Annotated[
            str | None,
            typer.Option(
                "--about",
                metavar="STREAM",
                help="Only of this, e.g. meeting/heads-2024-1. = 이것만. 예: meeting/heads-2024-1",
            ),
        ] = None,
        agency: Annotated[
            str | None,
            typer.Option(
                "--agency",
                parser=values.AgencyWord,
                help="Only of tasks that this agency answers for. = 이 기관이 책임지는 과제만.",
            ),
        ] = None,
        state: Annotated[
            notices.State | None, typer.Option("--state", help="Only in this state. = 이 상태인 것만.")
        ] = None,
        most: Most = _MOST,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        with run.asking(as_of, effective) as inquiry:
            found = notices.list_notices(
                inquiry, task=task, about=about, agency=agency, state=state, most=most
            )

        def text(out: Console) -> None:
            say_notices(run, found.notices, out)
            if not found.notices:
                say_nothing(out, run.lang, Bilingual("알림이 없습니다.", "No reminders."))
            told = ", ".join(f"{_state(run, name)} {count}" for name, count in sorted(found.states.items()))
            if told:
                out.print(told)
            if found.more:
                say_first(out, run.lang, most)

        run.show(found, text)


def add(group: typer.Typer) -> None:
    @command(group, "show")
    def show(run: Run, notice: NoticeId, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show a reminder, its history and the message it is in.

        = 알림과 그 이력, 알림이 든 메시지를 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = notices.show_notice(inquiry, notice)

        def text(out: Console) -> None:
            say_notices(run, [found], out)
            history_lines(out, found.history, run.lang)
            if (said := found.message) is not None:
                out.print(f"\n{said.subject}\n", style="bold", markup=False, soft_wrap=True)
                out.print(said.text, markup=False, highlight=False, soft_wrap=True)

        run.show(found, text)


def say_undelivered(run: Run, found: Sequence[notices.NoticeRead], out: Console) -> None:
    """What could not be delivered, below an inbox."""
    if not found:
        say_nothing(out, run.lang, Bilingual("전달되지 않은 알림이 없습니다.", "No reminder is undelivered."))
        return
    out.print(run.words("전달되지 않은 알림", "reminders that were not delivered"), style="bold red")
    say_notices(run, found, out)


def say_gone(run: Run, found: list[GoneAddress], out: Console) -> None:
    """Addresses that were turned off, below an inbox."""
    if not found:
        say_nothing(out, run.lang, Bilingual("사용을 중지한 주소가 없습니다.", "No address was turned off."))
    for one in found:
        out.print(
            run.words(
                f"{one.agency}: {one.channel.label.ko} 서버가 주소가 없다고 응답하여 {one.on}에 주소 사용을 중지했습니다. "
                f"`{one.set_anew} 주소`로 새 주소를 정하십시오.",
                f"{one.agency}: its {one.channel.label.en} answered that it is gone, and the address was turned off on {one.on}. "
                f"Set the new one with `{one.set_anew} ADDRESS`.",
            ),
            style="yellow",
            soft_wrap=True,
            markup=False,
        )


def say_notices(run: Run, found: Sequence[notices.NoticeRead | notices.NoticeShown], out: Console) -> None:
    """A line each: day, task, rung, what is due when, for whom, what came of it, and the notice's id."""
    for one in found:
        mark = run.words(" 지연", " late") * one.late + run.words(" 확인", " seen") * one.acknowledged
        why = "" if one.problem is None else f" ({PROBLEMS[one.problem].say(run.lang)})"
        out.print(
            f"{one.on} {one.task or one.about} {one.days:+3d}  {deadline_in_words(one.deadline, one.item, one.item_name, run.lang, one.kind_name)} {one.due} "
            f"→ {getattr(one, 'person', None) or one.recipient} {label_for('channel', one.channel, run.lang)}: "
            f"{_state(run, one.state)}{why}{mark}  {one.notice}",
            soft_wrap=True,
            markup=False,
            highlight=False,
        )


def _state(run: Run, state: str | None) -> str:
    """Without one: what became of its message was not known at the slice."""
    return STATES[state or NoticeStage.COMPOSED].say(run.lang)
