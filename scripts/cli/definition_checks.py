"""`definition check`, `letters` and `test`: what a definition is before it is in force. None looks into a store."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from domain.lifecycle.flaws import check_flaws, check_words
from domain.lifecycle.letters import LANGS, sample_words
from domain.lifecycle.life import ways_of
from domain.lifecycle.model import Definition
from domain.task.stages import NOT_PROPOSED
from scripts.cli.documents import DefinitionChecked, LettersTried, LetterTried
from scripts.cli.run import Run, command
from scripts.cli.tables import say_lines
from workflows.definitions.notes import find_notes
from workflows.definitions.templates import describe_line, read_definition, scenarios_beside
from workflows.scenarios.testing import DefinitionTested, run_scenarios

File = Annotated[Path, typer.Argument(help="The definition, as TOML. = TOML로 쓴 정의.")]
_COVERED = {
    "places": Bilingual("단계와 상태", "stages and conditions"),
    "deadlines": Bilingual("기한", "deadlines"),
    "transitions": Bilingual("규칙", "rules"),
    "steps": Bilingual("절차", "steps of the definition"),
    "commands": Bilingual("명령", "commands"),
}


def add(app: typer.Typer) -> None:
    @command(app, "check")
    def check(run: Run, file: File) -> None:
        """Check a definition by a search: every stage reachable and left again, every rule able to act, every deadline to be met. What cannot be is refused with the way on which a task gets there.

        = 정의를 점검합니다. 모든 단계에 이르고 벗어날 수 있는지, 규칙이 작동하고 기한을 이행할 수 있는지 찾아 확인합니다. 그렇지 않으면 과제가 그곳에 이르는 길을 보여 줍니다.
        """
        found = read_definition(file)
        check_flaws(found, partial(describe_line, file))
        checked = DefinitionChecked(
            definition=found.identity,
            places=len({NOT_PROPOSED, *found.standing}),
            steps=len(ways_of(found.grants, found.own)),
            deadlines=len(found.deadlines),
            transitions=len(found.transitions),
            notes=[one.say(run.lang) for one in find_notes(found)],
        )
        said = run.words(
            f"{found.identity}: 오류가 없습니다. 점검한 것: 단계와 상태 {checked.places}개, 이동 {checked.steps}개, "
            f"기한 {checked.deadlines}개, 규칙 {checked.transitions}개.",
            f"{found.identity} is sound. Looked at: {checked.places} place(s), {checked.steps} way(s) between them, "
            f"{checked.deadlines} deadline(s), {checked.transitions} rule(s).",
        )
        lines = [said, *(f"  {run.words('확인할 것', 'to look at')}: {one}" for one in checked.notes)]
        run.show(checked, lambda out: say_lines(out, run.lang, lines), lists=False)

    @command(app, "letters")
    def letters(run: Run, file: File) -> None:
        """Print each letter of a definition in both languages as it may go out, with sample values: with all of them, with the least, and of what is over.

        = 정의의 메일 문안을 예시 값으로 채워 두 언어로 보여 줍니다. 값이 모두 있을 때, 일부만 있을 때, 기한이 지났을 때의 문안입니다.
        """
        found = read_definition(file)
        check_words(found, partial(describe_line, file))
        tried = LettersTried(found.identity, [*_try_letters(found)])
        run.show(tried, lambda out: say_lines(out, run.lang, _say_letters(run, tried)), lists=False)

    @command(app, "test")
    def test(
        run: Run,
        file: File,
        scenarios: Annotated[
            list[Path] | None,
            typer.Option(
                "--scenarios",
                metavar="FILE",
                help="Scenarios, as TOML; repeat for several. By default NAME.scenarios.toml beside the definition. "
                "= TOML로 쓴 시나리오. 여러 개면 되풀이합니다. 기본값은 정의 옆의 NAME.scenarios.toml.",
            ),
        ] = None,
    ) -> None:
        """Play scenarios under a definition, without a store: whether places, deadlines, reminders and refusals are as expected.

        = 저장소 없이 시나리오로 정의를 시험합니다. 단계, 기한, 알림, 거부가 예상과 같은지 확인합니다.
        """
        found = run_scenarios(read_definition(file), scenarios or [scenarios_beside(file)])
        run.show(found, lambda out: _say(out, run, found), lists=False)
        if not found.ok:
            raise typer.Exit(1)


def _try_letters(by: Definition) -> Iterator[LetterTried]:
    for one in by.letters:
        for lang in LANGS:
            for said in sample_words(one, lang):
                yield LetterTried(one.letter, one.ladder, [*one.days], lang, *said)


def _say_letters(run: Run, tried: LettersTried) -> Iterator[str]:
    if not tried.letters:
        yield run.words(
            f"{tried.definition}: 문안이 없습니다. 알림은 프로그램의 문안으로 갑니다.",
            f"{tried.definition} has no letters: reminders go out in the program's words.",
        )
    for one in tried.letters:
        rungs = ", ".join(f"{days:+d}" for days in one.days) or run.words("그 밖의 모든 알림", "all others")
        yield f"\n── {one.letter} ({one.ladder} {rungs}, {one.lang}) ──"
        if one.sender is not None:
            yield run.words(f"보내는 이름: {one.sender}", f"From: {one.sender}")
        yield run.words(f"메일 제목: {one.subject}", f"Subject: {one.subject}")
        yield f"\n{one.text}"


def _say(out: Console, run: Run, found: DefinitionTested) -> None:
    head = run.words(
        f"{found.definition}: 시나리오 {found.scenarios}개, 절차 {found.steps}개.",
        f"{found.definition}: {found.scenarios} scenario(s), {found.steps} step(s).",
    )
    result = (
        run.words("모두 예상과 같습니다.", "All is as expected.")
        if found.ok
        else run.words(f"예상과 다른 것 {len(found.failures)}건:", f"{len(found.failures)} finding(s):")
    )
    nothing = run.words("없음", "none")
    lines = [f"{head} {result}", *(f"  {one.say(run.lang)}" for one in found.failures)]
    for one in found.coverage:
        label, count = (
            _COVERED[one.what].say(run.lang),
            f"{len(one.passed)}/{len(one.passed) + len(one.missing)}",
        )
        missing = ", ".join(one.missing) or nothing
        lines.append(
            run.words(
                f"{label}: {count} 거침. 거치지 않은 것: {missing}",
                f"{label}: {count} passed through. Not passed through: {missing}",
            )
        )
    say_lines(out, run.lang, lines)
