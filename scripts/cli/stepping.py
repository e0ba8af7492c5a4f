"""`task step`: a step of the task's definition, its form from options or from questions at the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic_core import PydanticCustomError

from domain.aggregate import Command
from domain.attachments import describe_file, find_media_type
from domain.errors import Bilingual
from domain.lifecycle.forms import FieldRule
from domain.lifecycle.steps import StepRule
from domain.limits import LARGEST_FILE
from domain.refusals import bad_input
from domain.task.stepping import FieldValue, TakeStep
from scripts.cli import values
from scripts.cli.asking import Question, agree, ask_whole, read_from_terminal, show_whole
from scripts.cli.giving import gives
from scripts.cli.proposing import Ask
from scripts.cli.run import Run
from scripts.cli.values import TaskId
from store.log import Store
from trail.files import NotReadable, read_named
from workers.engine import Engine
from workflows.importing.cell_meanings import Unclear
from workflows.steps_of_tasks import find_step

Step = Annotated[
    str,
    typer.Argument(
        metavar="STEP",
        help="The step, as the definition names it: see `donghaeng task show`. "
        "= 정의에 있는 절차의 이름. `donghaeng task show`에 나옵니다.",
    ),
]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="A field of the form; repeat for each. A value is read from a file as @FILE, which an attachment always is; "
        "an agency by its id or name. "
        "= 서식의 항목. 여러 개면 되풀이합니다. 값은 @파일로 파일에서 읽을 수 있고(첨부는 항상 @파일), 기관은 식별자나 이름으로 적습니다.",
    ),
]


def add(app: typer.Typer) -> None:
    @gives(app, "step")
    def step(
        run: Run, engine: Engine, task_id: TaskId, step: Step, fields: Fields = None, ask: Ask = False
    ) -> Command:
        """Take a step of the task's definition (정의의 절차 진행), filling in its form.

        = 과제의 정의에 있는 절차를 진행하고 그 서식을 채웁니다.
        """
        rule = find_step(engine.store, task_id, step) if ask or fields else None
        reading = _Reading(run, engine.store, rule)
        form = tuple(reading.fill_in(*_split(one)) for one in fields or ())
        if rule is not None and ask:
            form = _ask(run, engine, task_id, rule, reading, form)
        return TakeStep(task=task_id, step=step, form=form)


def _split(typed: str) -> tuple[str, str]:
    name, given, value = typed.partition("=")
    if not given:
        raise typer.BadParameter(f"{typed!r} is not FIELD=VALUE.")
    return name.strip(), value


class _Reading:
    """What is typed as the command has it: texts and attachments from their files, agencies by their ids.

    `rule`: None where there is no such step, which is refused where it is handed in.
    """

    def __init__(self, run: Run, store: Store, rule: StepRule | None) -> None:
        self._run, self._store = run, store
        self._types = {} if rule is None else {one.field: one.type for one in rule.form}

    def fill_in(self, name: str, typed: str) -> FieldValue:
        """Raises NoSuchName, ManySuchNames, NotReadable."""
        kind, path = self._types.get(name), typed.strip()
        if kind == "attachment" and path.startswith("@"):
            content = read_attachment(path)
            given = describe_file(content)
            self._run.files[given.sha256] = content
            return FieldValue(field=name, value=name_of_file(path), file=given)
        value = values.text(path) if path.startswith("@") else typed
        return FieldValue(
            field=name, value=values.agency_id_or_name(self._store, value) if kind == "agency" else value
        )


def read_attachment(typed: str) -> bytes:
    """The file that is typed as @PATH. Raises NotReadable, also where it is larger than any that may be attached."""
    return read_named(Path(typed.removeprefix("@")), LARGEST_FILE << 20)


def name_of_file(typed: str) -> str:
    return Path(typed.removeprefix("@")).name


def _ask(
    run: Run,
    engine: Engine,
    task_id: str,
    rule: StepRule,
    reading: _Reading,
    given: tuple[FieldValue, ...],
) -> tuple[FieldValue, ...]:
    """Ask for each field, show the whole, and have it agreed to. Raises NotGivenIn."""
    run.may_give(engine, TakeStep)
    asked = [_question(engine.store, one) for one in rule.form]

    def say(text: str) -> None:
        run.err.print(text, soft_wrap=True, markup=False, highlight=False)

    say(f"{task_id} · {rule.label.say(run.lang)}")
    filled = {one.field: one for one in given}
    known = {one.field: one.value for one in given}
    answered = known | ask_whole(asked, known, run.lang, read_from_terminal, say)
    show_whole(asked, answered, run.lang, say)
    agree(_AGREE.say(run.lang).format(task_id, rule.label.say(run.lang)), run.lang, read_from_terminal)
    return tuple(
        filled[name] if value == known.get(name) else _read_answer(reading, rule, name, value)
        for name, value in answered.items()
        if value is not None
    )


_AGREE = Bilingual(
    "과제 {}의 절차 ‘{}’: 이대로 진행합니까? (예/아니요): ", "Task {}: take the step “{}” so? (yes/no): "
)


def _question(store: Store, rule: FieldRule) -> Question:
    label = Bilingual(rule.label.say("ko"), rule.label.say("en"))
    return Question(rule.field, label, rule.wanted, _reader(store, rule), needed=rule.required)


def _read_answer(reading: _Reading, rule: StepRule, name: str, value: str) -> FieldValue:
    """An answer, which has been read; only of a file the path has to be followed."""
    is_file = any(one.field == name and one.type == "attachment" for one in rule.form)
    return reading.fill_in(name, value) if is_file else FieldValue(field=name, value=value)


def _reader(store: Store, rule: FieldRule) -> Callable[[str], str]:
    def read_line(line: str) -> str:
        try:
            if rule.type == "attachment":
                return _check_attachment(rule, line)
            return rule.read(values.agency_id_or_name(store, line) if rule.type == "agency" else line)
        except (values.NoSuchName, NotReadable) as refusal:
            raise Unclear(refusal.say("ko"), refusal.say("en")) from None
        except PydanticCustomError as error:
            problem: Any = bad_input(error).details["problem"]
            raise Unclear(problem.say("ko"), problem.say("en")) from None

    return read_line


def _check_attachment(rule: FieldRule, line: str) -> str:
    """A path, with its @ or without, of a file that can be attached."""
    content = read_attachment(line)
    find_media_type(rule.read(name_of_file(line), len(content)), content)
    return f"@{line.removeprefix('@')}"
