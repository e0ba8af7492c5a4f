"""A command to a task by a form: filled in, looked at before it is sent, sent once, or refused with all that was typed."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody

from domain.aggregate import Command
from domain.errors import DonghaengError, Lang, Refusal
from domain.task.lifecycle import leads_to
from domain.task.on_task import OnTask
from domain.task.state import Task
from store.envelope import spell_actor
from store.errors import CommandIdReused
from web.answers import page, see_other
from web.commands import NoSuchCommand, find_command
from web.forms import Typed, fields_of, read_fields
from web.statuses import status_of
from web.threads import in_thread
from web.visits import Visit, Visitor, first_of, read_form
from workflows.accounts import NotYourOffice, stands_in_for
from workflows.command_envelope import CommandEnvelope, command_id
from workflows.command_handler import Conflict
from workflows.parsing import parse_command
from workflows.queries.task_histories import task_history
from workflows.queries.task_page import show_task

_OF_THE_FORM = ("command_id", "seen", "reason", "behalf", "yes", "send")


class ChangedMeanwhile(Conflict):
    """Somebody else did something to the task since the form was opened."""

    ko = "이 화면을 연 뒤 과제 {task}이(가) 바뀌었습니다: {meanwhile} 확인하고 다시 보내십시오. 적은 것은 그대로 있습니다."
    en = "Task {task} has changed since this page was opened: {meanwhile} Look at it and send again. What you typed is still there."


class SayYes(Refusal):
    ko = "되돌릴 수 없는 일입니다. 확인란에 표시하고 보내십시오."
    en = "Nothing takes this back. Tick the box and send it again."


@get("/tasks/{task:str}/do/{name:str}")
@in_thread
def show_form(visitor: Visitor, task: FromPath[str], name: FromPath[str]) -> Response[str]:
    return _form(visitor, _kind(name), task, {})


@post("/tasks/{task:str}/do/{name:str}")
@in_thread
def send_form(
    request: Request[Any, Any, Any], visitor: Visitor, task: FromPath[str], name: FromPath[str], body: RawBody
) -> Response[Any]:
    """Under the form's own id: however often it is sent, it is carried out once."""
    form, kind = read_form(request, body, visitor), _kind(name)
    assert visitor.actor
    try:
        envelope = _envelope(visitor, kind, task, form)
        if first_of(form, "send") == "check":
            visitor.console.handler.handle_all([envelope], dry_run=True)
            return _form(visitor, kind, task, form, checked=True)
        if visitor.console.store.outcome(envelope.command_id) is None:
            _check_seen(visitor, task, first_of(form, "seen"))
            _check_yes(envelope.command, form)
        visitor.console.handler.handle(envelope)
    except DonghaengError as error:
        return _form(visitor, kind, task, form, refusal=error)
    return see_other(f"/tasks/{task}?done={envelope.command_id}")


def _kind(name: str) -> type[OnTask]:
    found = find_command(name)
    if not issubclass(found, OnTask):
        raise NoSuchCommand(given=name[:80])
    return found


def _envelope(visitor: Visit, kind: type[OnTask], task: str, form: Typed) -> CommandEnvelope:
    said = {name: values for name, values in form.items() if name not in _OF_THE_FORM}
    command = parse_command(kind, json.dumps(read_fields(kind, {"task": task}, said)))
    wanted = first_of(form, "behalf")
    behalf = [
        one for one in stands_in_for(visitor.console.store, visitor.actor, kind) if spell_actor(one) == wanted
    ]
    if wanted and not behalf:
        raise NotYourOffice(office=wanted[:80])
    return CommandEnvelope(
        command=command,
        actor=visitor.actor,
        via="web",
        authn=visitor.signed_in.authn,
        command_id=command_id(first_of(form, "command_id")),
        on_behalf_of=next(iter(behalf), None),
        reason=first_of(form, "reason").strip() or None,
    )


def _check_seen(visitor: Visit, task: str, seen: str) -> None:
    """Raises ChangedMeanwhile, in the sentences of the task's history."""
    lines = task_history(visitor.inquiry(), task).history
    meanwhile = [one.sentence for one in lines if not seen.isdecimal() or one.version > int(seen)]
    if meanwhile:
        raise ChangedMeanwhile(task=task, meanwhile=" ".join(meanwhile[-3:]))


def _check_yes(command: Command, form: Typed) -> None:
    if command.irrevocable is not None and not form.get("yes"):
        raise SayYes


def _form(
    visitor: Visit,
    kind: type[OnTask],
    task: str,
    typed: Typed,
    *,
    checked: bool = False,
    refusal: DonghaengError | None = None,
) -> Response[str]:
    """`typed`: what stays in the fields; `checked`: what it would come to was looked at, and nothing stands against it."""
    lang, actor = visitor.lang, visitor.actor
    found = show_task(visitor.inquiry(), task)
    fields = fields_of(kind, ("task",), typed, lang)
    if fields is None:
        raise NoSuchCommand(given=kind.name)
    place = leads_to(kind, found.state.place)
    anew = not typed or isinstance(refusal, ChangedMeanwhile)  # what has happened by now was shown
    again = isinstance(refusal, CommandIdReused)  # another thing under the id of one that was carried out
    return page(
        visitor,
        "form.html",
        status=200 if refusal is None else status_of(refusal),
        task=task,
        title=found.title.say(lang),
        name=kind.name,
        label=kind.label.say(lang),
        stage=place.stage.say(lang) if place != found.state.place else None,
        fields=fields,
        needs_reason=kind.asks_why(actor.role),
        reason=first_of(typed, "reason"),
        foretold=_foretell(kind, task, lang),
        behalfs=[(spell_actor(one), one) for one in stands_in_for(visitor.console.store, actor, kind)],
        behalf=first_of(typed, "behalf"),
        command_id=uuid.uuid4().hex if again or not typed else first_of(typed, "command_id"),
        seen=found.version if anew else first_of(typed, "seen"),
        hints=_hints(found.state, lang),
        checked=checked,
        refusal=None if refusal is None else refusal.say(lang),
    )


def _foretell(kind: type[OnTask], task: str, lang: Lang) -> str | None:
    said = None if kind.irrevocable is None else kind.irrevocable.say(lang)
    return None if said is None else said.format_map(defaultdict(lambda: "…", task=task))


def _hints(task: Task, lang: Lang) -> dict[str, list[tuple[str, str]]]:
    """What the fields name by its id: of the plan its indicators and milestones."""
    if task.plan is None:
        return {}
    return {
        "figures": [(one.id, one.name.say(lang)) for one in task.plan.indicators],
        "milestones": [(one.id, one.name.say(lang)) for one in task.plan.milestones],
    }


ROUTES = [show_form, send_form]
