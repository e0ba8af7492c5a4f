"""`simulate`: the main job. A real year of real tasks on real stores, from the announcement to the evaluation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Refusal
from projections.inspection.findings import LABELS
from projections.report.formats import FORMATS
from projections.report.publishing import write_report
from scripts.cli.printing import history_lines, say_board, say_summary
from scripts.cli.progress import progress
from scripts.cli.responsible import say_responsible
from scripts.cli.run import Run, command
from scripts.cli.simulated_trail import seal_with_witnesses
from store.vault import Vault
from trail.particles import fill
from workers.bootstrap import migrate_store, open_engine, servers, vault_of
from workers.delivery.sink import mail_sink
from workers.engine import Engine
from workers.environment import Secret
from workers.processes import WORKERS
from workers.servers.clearing import clear
from workers.simulated_year import SimulatedYear, YearRead, count_year, read_year, write_year
from workers.simulating import walk
from workers.supervisor import at_work, only_up
from workflows.programme_file import read_programme
from workflows.simulation.step import Step
from workflows.simulation.year import planner_of, steps

_DATA = Path(__file__).resolve().parents[2] / "data"
_SHOWN_TASK = "{year}-07"


class NoProgramme(Refusal):
    """There is no announced programme for the year."""

    ko = "{year}년 협업사업 자료가 없습니다. 있는 연도: {years}."
    en = "There is no announced programme for {year}. There is one for: {years}."


class NotSimulated(Refusal):
    """Only an empty simulated store can be walked through a year."""

    ko = "이 저장소는 비어 있는 모의 저장소가 아닙니다. 다른 자료 폴더를 --data로 지정하거나 --fresh로 새로 만드십시오."
    en = "This store is not an empty simulated one. Give another folder with --data, or make it anew with --fresh."


def add(app: typer.Typer) -> None:
    @command(app, by_token=False)
    def simulate(
        run: Run,
        year: Annotated[int, typer.Option(help="The announced year. = 발표된 연도.")] = 2024,
        fresh: Annotated[
            bool, typer.Option("--fresh", help="Remove the data folder first. = 먼저 자료 폴더를 지웁니다.")
        ] = False,
    ) -> None:
        began = time.monotonic()
        file = _DATA / f"programme-{year}.json"
        if not file.exists():
            years = tuple(
                found.stem.removeprefix("programme-") for found in sorted(_DATA.glob("programme-*.json"))
            )
            raise NoProgramme(year=year, years=years)
        story = steps(read_programme(file))
        data = run.settings.data.absolute()
        with only_up(data):
            if fresh:
                clear(data)
            with servers(run.settings) as addresses, mail_sink() as sink:
                migrate_store(addresses, simulated=True)
                # whatever is set outside: in a simulated year nobody is written to but ourselves
                settings = run.settings.having(smtp_url=Secret(sink.url))
                with (
                    open_engine(addresses, data) as engine,
                    at_work(settings, logs=data / "logs", parts=WORKERS),
                ):
                    if not engine.store.simulated or engine.store.head().position:
                        raise NotSimulated
                    with vault_of(settings, engine) as vault:
                        _walk(run, engine, story, vault)
                    sealed = seal_with_witnesses(
                        engine, planner_of(story), _SHOWN_TASK.format(year=year), data / "out" / "pack.zip"
                    )
                    seconds = time.monotonic() - began
                    write_year(data / "out", engine.store, year)
                    sink.write(data / "out" / f"mail-{year}.mbox")
                    _, files = write_report(engine.store, year, list(FORMATS), "ko", data / "out")
                    found = count_year(engine, sink, sealed, seconds, files)
                    read = read_year(engine.store, year, _SHOWN_TASK.format(year=year), run.lang)
                    run.show(found, lambda out: _say(run, out, year, read, found))


def _walk(run: Run, engine: Engine, story: list[Step], vault: Vault) -> None:
    walked: list[Step] = []

    def day() -> str:
        return f"{walked[-1].at:%Y-%m-%d}"

    with progress(run, "한 해 모의 실행 중", "Walking the year", day) as told:

        def tell(step: Step) -> None:
            walked.append(step)
            told(*days_of(story, step))

        walk(engine, story, tell, vault=vault, channels=("mail",))
        told(*days_of(story, story[-1]))


def days_of(story: Sequence[Step], step: Step) -> tuple[int, int]:
    """How many of the story's days have come at a step, and of how many: it is the days that take the time, and steps that
    are left to rules are not carried out here, so that a count of steps would never be full.
    """
    first, last = story[0].at, story[-1].at
    return (step.at - first).days + 1, (last - first).days + 1


def _say(run: Run, out: Console, year: int, read: YearRead, found: SimulatedYear) -> None:
    task = _SHOWN_TASK.format(year=year)
    out.rule(run.words(f"{year}년 협업과제 (모의)", f"Collaboration tasks of {year} (simulated)"))
    say_board(out, read.board, read.areas, run.lang)
    out.rule(run.words(f"과제 {task}의 이력", f"History of task {task}"))
    history_lines(out, read.history, run.lang)
    if read.handed_over is not None:
        over = read.handed_over
        out.rule(run.words(f"과제 {over}의 책임기관", f"Who was responsible for task {over}"))
    for one in read.responsible:
        say_responsible(run, out, one)
    out.rule(run.words("한 해의 요약", "The year's summary"))
    say_summary(out, read.summary, read.areas[year], run.lang)
    _say_figures(run, out, found)
    _say_files(run, out, task, found)
    out.print(run.words("이어서 해 볼 명령:", "Worth trying next:"))
    for words in (
        f"task history {year}-02 --lang ko",
        "task list --area economy",
        f"report drill {year} summary.budget",
        f"responsible {read.handed_over} --on {year}-08-09",
        "trail findings --as inspector",
    ):
        out.print(f"  .venv/bin/donghaeng {words} --data {run.settings.data}", soft_wrap=True)


def _say_figures(run: Run, out: Console, found: SimulatedYear) -> None:
    jobs, notices, trail = found.jobs, found.notices, found.trail
    said = run.words(
        f"기록 {found.events}건, 과제 {found.tasks}건, 기관 {found.agencies}곳, 작업 {jobs.projections}건(실패 {jobs.failed}건), {found.seconds}초",
        f"{found.events} fact(s), {found.tasks} task(s), {found.agencies} agency(ies), {jobs.projections} job(s) by RQ workers ({jobs.failed} failed), {found.seconds} s",
    )
    out.print(said, style="bold")
    said = run.words(
        f"알림 {notices.sent}건을 메일 {notices.messages}통으로 보냈고, 메일 서버에 {notices.delivered}건이 도착함(중복 {notices.duplicates}건)",
        f"{notices.sent} reminder(s) was(were) sent in {notices.messages} mail(s); {notices.delivered} came to the mail server, {notices.duplicates} of them twice",
    )
    out.print(said, style="bold", soft_wrap=True)
    names = ", ".join(trail.witnesses)
    said = run.words(
        fill("기록 {0}건을 봉인하였고 증인 {1}이(가) 공동서명함", trail.sealed, names),
        f"{trail.sealed} fact(s) is(are) sealed, cosigned by {names}",
    )
    out.print(said, style="bold", soft_wrap=True)
    said = run.words("감사 시 확인할 사항:", "What an inspector looks into:")
    listed = ", ".join(f"{LABELS[name].say(run.lang)} {count}" for name, count in found.findings.items())
    out.print(f"{said} {listed}", soft_wrap=True)


def _say_files(run: Run, out: Console, task: str, found: SimulatedYear) -> None:
    data, events = run.settings.data, found.trail.events
    said = run.words(
        f"감사관이 가져갈 묶음(과제 {task}, 기록 {events}건)을 확인하는 명령:",
        f"The pack that an inspector takes home (task {task}, {events} event(s)) is checked by:",
    )
    out.print(said, soft_wrap=True)
    out.print(
        f"  .venv/bin/donghaeng trail verify {data}/out/pack.zip --policy {data}/trail/policy", soft_wrap=True
    )
    out.print(run.words("결산 보고서:", "The year-end report:"))
    for file in found.report:
        out.print(f"  {file}", soft_wrap=True, markup=False)
