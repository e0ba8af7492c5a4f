"""A step of a task's definition, taken: whether it can be here and by whom, and the fact that it comes to, with its form read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from msgspec.structs import replace
from pydantic_core import PydanticCustomError

from domain.agency.rules import check_active
from domain.aggregate import Offer
from domain.errors import BadInput, Bilingual, Lang
from domain.lifecycle.forms import FieldRule
from domain.lifecycle.model import Definition
from domain.lifecycle.steps import StepRule
from domain.lifecycle.ways import describe_place
from domain.refusals import bad_input, validation_error
from domain.roles import Role, RoleLabel
from domain.streams import agency_stream, subject_stream
from domain.task import refusals_of_steps as refused
from domain.task.facts import StepTaken
from domain.task.stages import Place
from domain.task.state import Task
from domain.task.stepping import FieldValue, TakeStep
from domain.values import Attachment, FilledField, LocalText
from store.recorded import NewText
from workflows.definitions.requiring import Look
from workflows.persons import PersonErased, PersonNotRegistered
from workflows.texts import attach_given, externalise_text


class StepLabel(NamedTuple):
    """A step, field or choice as people call it, with what is typed for it."""

    name: str
    label: LocalText

    def say(self, lang: Lang) -> str:
        return (
            f"{self.label.say(lang)}({self.name})"
            if lang == "ko"
            else f"{self.label.say(lang)} ({self.name})"
        )


class PlaceLabel(NamedTuple):
    """A place as the definition calls it."""

    place: Place
    by: Definition

    def say(self, lang: Lang) -> str:
        return describe_place(self.place, self.by.own.names).say(lang)


class Taken(NamedTuple):
    """`fact`: what the step comes to; `form`: its values by field, as facts hold them; `texts`: to be put beside the log."""

    step: StepRule
    fact: StepTaken
    form: Mapping[str, str]
    texts: tuple[NewText, ...]


def label_of(step: StepRule) -> StepLabel:
    return StepLabel(step.step, step.label)


def check_step(
    role: Role, command: TakeStep, task: Task, by: Definition, offers: Callable[[], Sequence[Offer]]
) -> None:
    """Refuse a step that there is not, or that may not be taken where the task stands, or by this role."""
    step = by.step(command.step)
    if step is not None and task.place in step.at and role in step.by:
        return
    told: dict[str, Any] = {"task": command.task, "definition": by.identity, "allowed": offers()}
    if step is None:
        raise refused.NoSuchStep(**told, step=command.step, steps=tuple(map(label_of, by.steps)) or ("–",))
    if task.place not in step.at:
        places = tuple(PlaceLabel(one, by) for one in step.at)
        raise refused.StepNotHere(
            **told, step=label_of(step), place=PlaceLabel(task.place, by), places=places
        )
    instead = tuple(RoleLabel(one) for one in step.by)
    raise refused.StepNotForRole(**told, step=label_of(step), role=RoleLabel(role), instead=instead)


def take(
    step: StepRule,
    command: TakeStep,
    task: Task,
    by: Definition,
    look: Look,
    files: Mapping[str, bytes] = {},
) -> Taken:
    """The fact, with the form as the definition asks for it. Refuses a field that is missing, unknown or unfit.

    `files`: the bytes of those that are attached, by their SHA-256.
    """
    form: list[FilledField] = []
    texts: list[NewText] = []
    for rule, given in _read_form(step, command):
        with _naming(step, rule, command):
            filled, text = _fill_in(rule, given, files)
        _check_known(rule, command, filled.value, look)
        form.append(filled)
        texts += [] if text is None else [text]
    return take_filled(step, tuple(form), task, by, tuple(texts))


def _fill_in(
    rule: FieldRule, given: FieldValue, files: Mapping[str, bytes]
) -> tuple[FilledField, NewText | None]:
    """A field as the fact holds it, and what goes beside the log. Raises PydanticCustomError."""
    filled = FilledField(field=rule.field, label=rule.label, type=rule.type)
    if rule.type == "attachment":
        attachment, text = _attach(rule, given, files)
        return replace(filled, attachment=attachment), text
    if given.file is not None:
        raise validation_error("file_not_asked")
    value = rule.read(given.value)
    if rule.type == "text":
        ref, text = externalise_text(value)
        return replace(filled, text=ref), text
    return replace(filled, value=value, meaning=rule.meaning_of(value)), None


def _attach(rule: FieldRule, given: FieldValue, files: Mapping[str, bytes]) -> tuple[Attachment, NewText]:
    if given.file is None:
        raise validation_error("file_needed")
    name = rule.read(given.value, given.file.size)
    return attach_given(name, given.file, files)


def take_filled(
    step: StepRule,
    form: tuple[FilledField, ...],
    task: Task,
    by: Definition,
    texts: tuple[NewText, ...] = (),
) -> Taken:
    """The same with a form that has been read: by an approval line the step is carried out later."""
    to = step.leads_to(task.place)
    name = by.name_of(to)
    fact = StepTaken(
        definition=by.identity,
        step=step.step,
        label=step.label,
        from_place=str(task.place),
        to_place=str(to),
        to_label=None if name is None or to == task.place else LocalText(ko=name.ko, en=name.en),
        next_by=() if name is None or to == task.place else by.taken_on_by(to),
        form=form,
    )
    return Taken(step, fact, {one.field: one.value for one in form}, texts)


def _read_form(step: StepRule, command: TakeStep) -> Iterator[tuple[FieldRule, FieldValue]]:
    """What is typed, by the form's fields in their order."""
    typed, rules = {one.field: one for one in command.form}, {one.field: one for one in step.form}
    for name in typed:
        if name not in rules:
            raise refused.NoSuchField(
                task=command.task, step=label_of(step), field=name, fields=_fields(step.form)
            )
    for name, rule in rules.items():
        if name in typed:
            yield rule, typed[name]
        elif rule.required:
            raise refused.FieldMissing(
                task=command.task,
                step=label_of(step),
                field=StepLabel(rule.field, rule.label),
                fields=_fields(one for one in step.form if one.required),
            )


def _fields(rules: Any) -> tuple[Any, ...]:
    return tuple(StepLabel(one.field, one.label) for one in rules) or ("–",)


@contextmanager
def _naming(step: StepRule, rule: FieldRule, command: TakeStep) -> Iterator[None]:
    """What is wrong with a field is told with the field. Raises FieldUnfit."""
    try:
        yield
    except PydanticCustomError as error:
        problem: BadInput = bad_input(error)
        raise refused.FieldUnfit(
            task=command.task,
            step=label_of(step),
            field=StepLabel(rule.field, rule.label),
            problem=problem.details["problem"],
            wanted=rule.wanted,
        ) from None


def _check_known(rule: FieldRule, command: TakeStep, value: str, look: Look) -> None:
    """Refuse an agency or a person that nobody registered, or that is no more."""
    if rule.type == "agency":
        check_active(command, value, look(agency_stream(value)))
    if rule.type == "person":
        person = look(subject_stream(value))
        what = Bilingual(f"항목 {rule.field}", f"the field {rule.field}")
        if not person.registered:
            raise PersonNotRegistered(subject=value, what=what)
        if person.erased:
            raise PersonErased(subject=value, what=what)


def check_reason(taken: Taken, task: str, role: Role) -> None:
    """Refuse a step without a reason where one is needed. What a rule does has its basis in the rule."""
    if taken.step.needs_reason and role != "system":
        raise refused.StepNeedsReason(task=task, step=label_of(taken.step))
