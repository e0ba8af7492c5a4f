"""`simulate`: the main job. A real year of real tasks on real stores, from the announcement to the evaluation."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.errors import Refusal
from domain.particles import filled
from domain.programme.facts import Closed
from domain.task.lifecycle import moves
from projections.reading import board, notice_states, summary
from projections.report.formats import FORMATS
from projections.report.publishing import write_report
from projections.runner import positions
from projections.trail.findings import LABELS
from projections.trail.searching import Filters
from scripts.cli.responsible import say_responsible
from scripts.cli.run import Run, command, plain
from scripts.cli.shown import history_lines, say_board, say_summary
from scripts.cli.simulated_trail import Sealed, seal_with_witnesses
from store.vault import Vault
from workers.bootstrap import Engine, migrate_store, open_engine, servers, vault_of
from workers.crew import at_work, only_up
from workers.post.sink import Sink, mail_sink
from workers.servers.clearing import clear
from workers.simulating import walk
from workflows.programme_file import read_programme
from workflows.reading import area_names, handed_over, history_of, registered_agencies, responsible_for
from workflows.simulation.step import Step
from workflows.simulation.year import planner_of, steps
from workflows.trail_findings import findings

_DATA = Path(__file__).resolve().parents[2] / "data"
_SHOWN_TASK = "{year}-07"


class NoProgramme(Refusal):
    """There is no announced programme for the year."""

    ko = "{year}년 협업사업 자료가 없습니다. 있는 연도: {years}."
    en = "There is no announced programme for {year}. There is one for: {years}."


class NotSimulated(Refusal):
    """Only an empty simulated store can be walked through a year."""

    ko = "이 저장소는 비어 있는 모의 저장소가 아닙니다. 다른 자료 폴더를 --data로 주거나 --fresh로 새로 만드십시오."
    en = "This store is not an empty simulated one. Give another folder with --data, or make it anew with --fresh."


def add(app: typer.Typer) -> None:
    @command(app, "simulate")
    def simulate(
        run: Run,
        year: Annotated[int, typer.Option(help="The announced year.")] = 2024,
        fresh: Annotated[bool, typer.Option("--fresh", help="Remove the data folder first.")] = False,
    ) -> None:
        """Walk an announced year through the engine on a simulated store, and show what came of it."""
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
                settings = run.settings.model_copy(update={"smtp_url": SecretStr(sink.url)})
                with open_engine(addresses, data) as engine, at_work(settings, logs=data / "logs"):
                    if not engine.store.simulated or engine.store.head().position:
                        raise NotSimulated
                    with vault_of(settings, engine) as vault:
                        _walk(run, engine, story, vault)
                    sealed = seal_with_witnesses(
                        engine, planner_of(story), _SHOWN_TASK.format(year=year), data / "out" / "pack.zip"
                    )
                    document = _document(engine, year, sink, sealed, time.monotonic() - began)
                    _write(data / "out", engine, year)
                    sink.write(data / "out" / f"mail-{year}.mbox")
                    forms = list(FORMATS)
                    _, files = write_report(engine.store, year, forms, "ko", data / "out")
                    document["report"] = [str(path) for path in files]
                    run.show(document, lambda out: _show(run, engine, year, document))


def _walk(run: Run, engine: Engine, story: list[Step], vault: Vault) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[day]}"),
    )
    with Progress(*columns, console=run.err, transient=True, disable=run.as_json) as bar:
        shown = bar.add_task(run.words("한 해를 걷는 중", "Walking the year"), total=len(story), day="")
        walk(
            engine,
            story,
            lambda step: bar.update(shown, advance=1, day=f"{step.at:%Y-%m-%d}"),
            vault=vault,
            channels=("mail",),
        )


def _document(engine: Engine, year: int, sink: Sink, sealed: Sealed, seconds: float) -> dict[str, object]:
    """The run's figures; the jobs are counted by RQ in the workers' own processes."""
    rows = board(engine.store)
    stages: dict[str, int] = {}
    for row in rows:
        stages[row.stage] = stages.get(row.stage, 0) + 1
    counts = engine.queues.counts()
    return {
        "tasks": len(rows),
        "agencies": registered_agencies(engine.store),
        "events": engine.store.head().position,
        "stages": stages,
        "views": {
            name: {"position": place.position, "lag": place.lag}
            for name, place in positions(engine.store).items()
        },
        "jobs": {
            "projections": counts["projections"]["finished"],
            "failed": sum(count["failed"] for count in counts.values()),
        },
        "automatic_transitions": _by_rule(engine),
        "notices": _notices(engine, sink),
        "trail": plain(sealed),
        "findings": findings(engine.store, "en", filters=Filters(), only_open=False, limit=0).counts,
        "seconds": round(seconds, 1),
    }


def _notices(engine: Engine, sink: Sink) -> dict[str, int]:
    """By what is recorded of them; and what came to the mail server, counted there."""
    states, came = notice_states(engine.store), sink.notices()
    told = {state: states.get(state, 0) for state in ("sent", "unknown", "failed", "cancelled")}
    return told | {
        "delivered": len(came),
        "duplicates": came.total() - len(came),
        "messages": len(sink.mails),
    }


def _by_rule(engine: Engine) -> int:
    """How many steps of the tasks, and of the programme, the system took by rule."""
    return sum(
        fact.envelope.via == "rule" and (moves(fact.kind) or fact.kind == Closed.kind)
        for facts in engine.store.replay()
        for fact in facts
    )


def _write(folder: Path, engine: Engine, year: int) -> None:
    """The board, the summary and every task's history as files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = board(engine.store)
    _write_json(folder / f"board-{year}.json", rows)
    _write_json(folder / f"summary-{year}.json", summary(engine.store, year))
    for lang in ("ko", "en"):
        histories = {row.task: history_of(engine.store, f"task/{row.task}", lang) for row in rows}
        _write_json(folder / f"histories-{year}.{lang}.json", histories)


def _write_json(path: Path, document: object) -> None:
    half = path.with_suffix(".part")
    half.write_text(json.dumps(plain(document), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    half.replace(path)


def _show_responsible(run: Run, engine: Engine, year: int) -> None:
    """Who answered for the task that was handed over, before that, while the head was away, and afterwards."""
    task = handed_over(engine.store)
    if task is None:
        return
    run.out.rule(run.words(f"과제 {task}의 책임기관", f"Who was responsible for task {task}"))
    for day in (date(year, 6, 16), date(year, 8, 9), date(year, 9, 2)):
        found = responsible_for(engine.store, task, day)
        assert found is not None
        say_responsible(run, run.out, found)


def _show(run: Run, engine: Engine, year: int, document: dict[str, object]) -> None:
    task = _SHOWN_TASK.format(year=year)
    out = run.out
    out.rule(run.words(f"{year}년 협업과제 (모의)", f"Collaboration tasks of {year} (simulated)"))
    areas = area_names(engine.store, [year])
    say_board(out, board(engine.store), areas, run.lang)
    out.rule(run.words(f"과제 {task}의 이력", f"History of task {task}"))
    history_lines(out, history_of(engine.store, f"task/{task}", run.lang), run.lang)
    _show_responsible(run, engine, year)
    out.rule(run.words("한 해의 요약", "The year's summary"))
    say_summary(out, summary(engine.store, year), areas[year], run.lang)
    said = run.words(
        "기록 {events}건, 과제 {tasks}건, 기관 {agencies}곳, 작업 {jobs}건(실패 {failed}건), {seconds}초",
        "{events} facts, {tasks} tasks, {agencies} agencies, {jobs} jobs by RQ workers ({failed} failed), {seconds} s",
    )
    jobs = document["jobs"]
    assert isinstance(jobs, dict)
    out.print(said.format(**document | {"jobs": jobs["projections"], "failed": jobs["failed"]}), style="bold")
    notices = document["notices"]
    assert isinstance(notices, dict)
    told = run.words(
        "알림 {sent}건을 메일 {messages}통으로 보냈고, 메일 서버에 {delivered}건이 도착함(중복 {duplicates}건)",
        "{sent} reminders were sent in {messages} mails; {delivered} came to the mail server, {duplicates} of them twice",
    )
    out.print(told.format(**notices), style="bold", soft_wrap=True)
    trail = document["trail"]
    assert isinstance(trail, dict)
    told = run.words(
        "기록 {0}건을 봉인하였고 증인 {1}이(가) 공동서명함", "{0} facts are sealed, cosigned by {1}"
    )
    out.print(filled(told, trail["sealed"], ", ".join(trail["witnesses"])), style="bold", soft_wrap=True)
    told = run.words("감사에서 살펴볼 것:", "What an inspector looks into:")
    counts = document["findings"]
    assert isinstance(counts, dict)
    listed = ", ".join(f"{LABELS[name].say(run.lang)} {count}" for name, count in counts.items())
    out.print(f"{told} {listed}", soft_wrap=True)
    data = run.settings.data
    told = run.words(
        "감사관이 가져갈 묶음(과제 {0}, 기록 {1}건)을 확인하는 명령:",
        "The pack that an inspector takes home (task {0}, {1} events) is checked by:",
    )
    out.print(told.format(task, trail["events"]), soft_wrap=True)
    out.print(
        f"  .venv/bin/donghaeng trail verify {data}/out/pack.zip --policy {data}/trail/policy", soft_wrap=True
    )
    files = document["report"]
    assert isinstance(files, list)
    out.print(run.words("결산 보고서:", "The year-end report:"))
    for file in files:
        out.print(f"  {file}", soft_wrap=True, markup=False)
    out.print(run.words("이어서 해 볼 명령:", "Worth trying next:"))
    for words in (
        f"task history {year}-02 --lang ko",
        "task list --area economy",
        f"report drill {year} summary.budget",
        f"responsible {handed_over(engine.store)} --on {year}-08-09",
        "trail findings --as inspector",
    ):
        out.print(f"  .venv/bin/donghaeng {words} --data {data}", soft_wrap=True)
