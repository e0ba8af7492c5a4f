"""`task step`: a step of the task's definition, its form from options or from questions at the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from msgspec.structs import replace
from pydantic_core import PydanticCustomError

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.lifecycle.forms import FieldRule
from domain.lifecycle.steps import StepRule
from domain.refusals import bad_input
from domain.task.stepping import FieldValue, TakeStep
from scripts.cli import values
from scripts.cli.asking import Question, agree, ask_whole, read_from_terminal, show_whole
from scripts.cli.giving import gives
from scripts.cli.proposing import Ask
from scripts.cli.run import Run
from scripts.cli.values import TaskId
from store.log import Store
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
        help="A field of the form; repeat for each. A value is read from a file as @FILE, an agency by its id or name. "
        "= 서식의 항목. 여러 개면 되풀이합니다. 값은 @파일로 파일에서 읽을 수 있고, 기관은 식별자나 이름으로 적습니다.",
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
        form = tuple(_read(one) for one in fields or ())
        rule = find_step(engine.store, task_id, step) if ask or form else None
        if rule is not None:
            form = _with_ids(engine.store, rule, form)
        if rule is not None and ask:
            form = _ask(run, engine, task_id, rule, form)
        return TakeStep(task=task_id, step=step, form=form)


def _read(typed: str) -> FieldValue:
    name, given, value = typed.partition("=")
    if not given:
        raise typer.BadParameter(f"{typed!r} is not FIELD=VALUE.")
    return FieldValue(
        field=name.strip(), value=values.text(value.strip()) if value.startswith("@") else value
    )


def _with_ids(store: Store, rule: StepRule, form: tuple[FieldValue, ...]) -> tuple[FieldValue, ...]:
    """The agencies in it by their ids, also where they were named. Raises NoSuchName, ManySuchNames."""
    agencies = {one.field for one in rule.form if one.type == "agency"}
    return tuple(
        replace(one, value=values.agency_id_or_name(store, one.value)) if one.field in agencies else one
        for one in form
    )


def _ask(
    run: Run, engine: Engine, task_id: str, rule: StepRule, given: tuple[FieldValue, ...]
) -> tuple[FieldValue, ...]:
    """Ask for each field, show the whole, and have it agreed to. Raises NotGivenIn."""
    run.may_give(engine, TakeStep)
    asked = [_question(engine.store, one) for one in rule.form]

    def say(text: str) -> None:
        run.err.print(text, soft_wrap=True, markup=False, highlight=False)

    say(f"{task_id} · {rule.label.say(run.lang)}")
    known = {one.field: one.value for one in given}
    answered = known | ask_whole(asked, known, run.lang, read_from_terminal, say)
    show_whole(asked, answered, run.lang, say)
    agree(_AGREE.say(run.lang).format(task_id, rule.label.say(run.lang)), run.lang, read_from_terminal)
    return tuple(FieldValue(field=name, value=value) for name, value in answered.items() if value is not None)


_AGREE = Bilingual(
    "과제 {}의 절차 ‘{}’: 이대로 진행합니까? (예/아니요): ", "Task {}: take the step “{}” so? (yes/no): "
)


def _question(store: Store, rule: FieldRule) -> Question:
    label = Bilingual(rule.label.say("ko"), rule.label.say("en"))
    return Question(rule.field, label, rule.wanted, _reader(store, rule), needed=rule.required)


def _reader(store: Store, rule: FieldRule) -> Callable[[str], str]:
    def read_line(line: str) -> str:
        try:
            return rule.read(values.agency_id_or_name(store, line) if rule.type == "agency" else line)
        except values.NoSuchName as refusal:
            raise Unclear(refusal.say("ko"), refusal.say("en")) from None
        except PydanticCustomError as error:
            problem: Any = bad_input(error).details["problem"]
            raise Unclear(problem.say("ko"), problem.say("en")) from None

    return read_line
