"""`epoch show`, `epoch accept`: whether the store was restored, and letting it go on."""

from __future__ import annotations

import typer
from rich.console import Console

from domain.epoch.commands import BeginEpoch
from domain.errors import Lang
from domain.positions import position_label
from scripts.cli.run import Run, command, needs_reason
from workers.queries.machine import show_epoch
from workers.restore_guard import accepting, remember_epoch


def note_of_restored(lang: Lang) -> str:
    """What a restored store does not do, and how it goes on."""
    if lang == "ko":
        return (
            "되돌아간 저장소입니다(백업 복원이나 장애 조치). 명령을 받지 않고, 아무것도 보내거나 봉인하지 않으며 규칙에 따른 처리도 멈춥니다. "
            "내용을 확인한 뒤 `donghaeng epoch accept --as planner --reason …`으로 계속 사용하십시오."
        )
    return (
        "The store went back (restored, or a failover): it takes no commands, and nothing is sent, sealed or done by rule. Look at what it holds, "
        "then let it go on with `donghaeng epoch accept --as planner --reason …`."
    )


def add(app: typer.Typer) -> None:
    @command(app, "show")
    def show(run: Run) -> None:
        """Show whether the store was restored, and how far this machine has acted on it.

        = 저장소가 복구된 것인지, 이 서버가 어디까지 처리했는지 보여 줍니다.
        """
        with run.engine() as engine:
            found = show_epoch(run.inquiry(engine.store), engine.data)

        def text(out: Console) -> None:
            acted_on = (
                run.words("없음", "–")
                if found.acted_on is None
                else position_label(found.acted_on).say(run.lang)
            )
            last = position_label(found.position)
            out.print(
                run.words(
                    f"{found.epoch}번째 시기, 마지막 기록 {last.ko}, 이 컴퓨터가 처리한 기록 {acted_on}",
                    f"epoch {found.epoch}, last fact {last.en}, acted on here {acted_on}",
                )
            )
            if found.state == "restored":
                out.print(note_of_restored(run.lang), style="yellow", soft_wrap=True)

        run.show(found, text)

    @command(app, "accept")
    def accept(run: Run) -> None:
        """Let a restored store go on: from here on it sends, seals and does by rule again.

        = 복구한 저장소를 재개합니다. 이때부터 발송, 봉인, 규칙 처리를 다시 합니다.
        """
        needs_reason(run, BeginEpoch.label)
        with run.engine() as engine:
            run.may_give(engine, BeginEpoch)
            outcome = run.give(engine, lambda: accepting(engine.store, engine.data))
            remember_epoch(engine.store, engine.data)
        run.show_outcome(outcome)
