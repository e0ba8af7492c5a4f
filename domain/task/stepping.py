"""The one command by which a step of a task's definition is taken. What the step is, who may take it and what its form asks
for, the definition says."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import DecisionContext
from domain.errors import Bilingual
from domain.limited import ItemName
from domain.limits import LARGEST_FILES, MOST_FILES, check_item_id, check_text
from domain.refusals import locate_errors, validation_error
from domain.roles import DEPARTMENT, HEAD, OFFICER, PLANNER, SYSTEM
from domain.task.on_task import OnTask
from domain.task.stages import OPEN
from domain.task.state import Task
from domain.values import GivenFile, Value

MOST_FIELDS = 30  # of one form


class FieldValue(Value, frozen=True):
    """What a field of the form is filled in with, as it is typed. `file`: where a file is attached, whose name is the value."""

    field: str
    value: str
    file: GivenFile | None = None


def _check_form(given: tuple[FieldValue, ...]) -> tuple[FieldValue, ...]:
    """Limits on what is typed and attached, whatever the form asks for; each field once."""
    files = [one.file.size for one in given if one.file is not None]
    if len(files) > MOST_FILES or sum(files) > LARGEST_FILES << 20:
        raise validation_error("files_too_many", max=MOST_FILES, largest=LARGEST_FILES)
    checked: dict[str, FieldValue] = {}
    for number, one in enumerate(given):
        name = check_item_id(one.field, f"[{number}].field")
        if name in checked:
            raise validation_error("id_twice", f"[{number}].field", id=name)
        with locate_errors(f"[{number}].value"):
            checked[name] = FieldValue(field=name, value=check_text(one.value), file=one.file)
    return tuple(checked.values())


class TakeStep(OnTask):
    """Take a step of the task's definition. `form`: what its fields are filled in with."""

    name = "task.take_step"
    typed = "task step"
    label = Bilingual("정의의 절차 진행", "take a step of the definition")
    by = OFFICER | HEAD | PLANNER | DEPARTMENT | SYSTEM
    where = OPEN
    guards = ("step_of_the_definition", "form_filled_in")
    step: ItemName
    form: Annotated[tuple[FieldValue, ...], Field(max_length=MOST_FIELDS), AfterValidator(_check_form)] = ()

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return False  # what can be taken is offered step by step
