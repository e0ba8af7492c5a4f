"""`epoch show`, `epoch accept`: whether the store was restored, and letting it go on."""

from __future__ import annotations

import typer
from rich.console import Console

from domain.epoch.commands import BeginEpoch
from domain.errors import Lang, Refusal
from scripts.cli.run import Run, command
from workers.acted_on import begun, standing


class NotRestored(Refusal):
    """There is nothing to accept."""

    ko = "저장소는 복원된 상태가 아닙니다({epoch}번째 시기). 할 일이 없습니다."
    en = "The store is not a restored one (epoch {epoch}). There is nothing to accept."


class ReasonNeeded(Refusal):
    """Why a restored store goes on is kept."""

    ko = "왜 이어 쓰는지 --reason으로 적어 주십시오."
    en = "Say with --reason why the restored store goes on."


def restored_note(lang: Lang) -> str:
    """What a restored store does not do, and how it goes on."""
    if lang == "ko":
        return (
            "복원된 저장소입니다. 아무것도 보내거나 봉인하지 않고 규칙에 따른 처리도 멈춥니다. "
            "내용을 확인한 뒤 `donghaeng epoch accept --as planner --reason …`으로 이어 쓰십시오."
        )
    return (
        "The store was restored: nothing is sent, sealed or done by rule. Look at what it holds, "
        "then let it go on with `donghaeng epoch accept --as planner --reason …`."
    )


def add(app: typer.Typer) -> None:
    @command(app, "show")
    def show(run: Run) -> None:
        """Show whether the store was restored, and how far this machine has acted on it."""
        with run.engine() as engine:
            run.may_read(engine, "epoch.show")
            found = standing(engine.store, engine.data)

        def text(out: Console) -> None:
            acted_on = run.words("없음", "–") if found.acted_on is None else f"#{found.acted_on}"
            out.print(
                run.words(
                    f"{found.epoch}번째 시기, 마지막 기록 #{found.position}, 이 기계가 처리한 기록 {acted_on}",
                    f"epoch {found.epoch}, last position #{found.position}, acted on here {acted_on}",
                )
            )
            if found.state == "restored":
                out.print(restored_note(run.lang), style="yellow", soft_wrap=True)

        run.show(found, text)

    @command(app, "accept")
    def accept(run: Run) -> None:
        """Let a restored store go on: from here on it sends, seals and does by rule again."""
        if not run.reason:
            raise ReasonNeeded
        with run.engine() as engine:
            found = standing(engine.store, engine.data)
            if found.state != "restored":
                raise NotRestored(epoch=found.epoch)
            outcome = run.give(engine, lambda: BeginEpoch(number=found.next_epoch, after=found.position))
            begun(engine.store, engine.data)
        run.show_outcome(outcome)
