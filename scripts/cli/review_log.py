"""How the log of readings and refusals stands, as `access review` tells it: its gaps, and what was sealed of it."""

from __future__ import annotations

from rich.console import Console

from scripts.cli.run import Run
from trail.english import many
from workflows.queries.access_log import LogStands


def say(run: Run, log: LogStands, out: Console) -> None:
    def line(text: str, style: str | None = None) -> None:
        out.print(text, style=style, soft_wrap=True, markup=False, highlight=False)

    sealed = log.sealed or 0
    line(
        run.words(
            f"열람·거부 기록 전체 {log.entries}건, 봉인 {sealed}건",
            f"log of readings and refusals: {many(log.entries, 'entry', 'entries')} in all, {sealed} sealed",
        ),
        "bold",
    )
    if log.problem is not None:
        line(f"  {log.problem}", "red")
    elif log.sealed is None:
        line(
            run.words(
                "  이 컴퓨터에 봉인된 것이 없어 봉인과는 비교하지 못했습니다. 봉인하는 컴퓨터에서 실행하십시오.",
                "  nothing is sealed on this machine, so that it was not compared with seals; run this where the log is sealed",
            ),
            "yellow",
        )
    for gap in log.gaps:
        line(f"  {gap.said}", "red")
    if not log.gaps and log.problem is None:
        line(run.words("  빠진 것이 없습니다.", "  no gaps"))
    for said in log.remarks:
        line(f"  {said}")
