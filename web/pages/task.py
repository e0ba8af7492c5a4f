"""One task on one page: where it stands, what comes next and by when, its history, and what the reader may do now."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Request, Response, get
from litestar.params import FromPath

from domain.aggregate import Offer
from domain.errors import Lang
from domain.seoul import local_day
from domain.task.stepping import TakeStep
from projections.labels import WAITS, area_label
from web.answers import page
from web.dates import date_bar
from web.forms import fields_of
from web.threads import in_thread
from web.visits import Visit, Visitor
from workflows.command_envelope import command_id
from workflows.possible_commands import possible_commands
from workflows.queries.due_words import day_of_due, describe_stage, name_of_due, title_in_words
from workflows.queries.task_histories import task_history
from workflows.queries.task_page import TaskShown, Waits, show_task


class Act(NamedTuple):
    """A command that the reader could give. `address`: of its form; None where only the command line has one yet."""

    label: str
    address: str | None
    typed: str


@get("/tasks/{task:str}")
@in_thread
def show_one(request: Request[Any, Any, Any], visitor: Visitor, task: FromPath[str]) -> Response[str]:
    bar, lang = date_bar(request), visitor.lang
    inquiry = visitor.inquiry(bar.asked)
    found = show_task(inquiry, task)
    history = task_history(visitor.inquiry(bar.asked), task)
    acts = (
        []
        if bar.asked
        else [_act(task, one, lang) for one in possible_commands(inquiry.store, task, visitor.actor)]
    )
    return page(
        visitor,
        "task.html",
        bar=bar.shown(inquiry, lang),
        task=task,
        title=title_in_words(found.title, found.title_now, lang),
        stage=describe_stage(
            found.stage,
            found.state.condition,
            lang,
            amended=found.state.amended,
            name=found.condition_name,
        ),
        lead=_agency(found, found.lead, lang),
        partners=[_agency(found, one, lang) for one in found.state.partners],
        area=area_label(found.area, found.areas, lang),
        state=found.state,
        due=[
            (name_of_due(one, lang), day_of_due(one, lang), (one.due - inquiry.today).days)
            for one in found.due
        ],
        undated=[(name_of_due(one, lang), day_of_due(one, lang)) for one in found.waiting],
        waits=[_wait(found, one, lang) for one in found.waits],
        history=history.history or history.listing,
        acts=acts,
        done=_say_done(visitor, request.query_params.get("done")),
    )


def _say_done(visitor: Visit, command: str | None) -> str | None:
    """The command that was just carried out, by its id in the address, where there was one."""
    if command is None:
        return None
    return command if visitor.console.store.outcome(command_id(command)) is not None else None


def _act(task: str, offer: Offer, lang: Lang) -> Act:
    label = (offer.step_label or offer.command.label).say(lang)
    by_form = offer.command is not TakeStep and fields_of(offer.command, ("task",), {}, lang) is not None
    typed = f"donghaeng {offer.command.as_typed()} {task}{'' if offer.step is None else ' ' + offer.step}"
    return Act(label, f"/tasks/{task}/do/{offer.command.name}" if by_form else None, typed)


def _agency(found: TaskShown, identity: str, lang: Lang) -> str:
    return found.agencies[identity].say(lang) if identity in found.agencies else identity


def _wait(found: TaskShown, one: Waits, lang: Lang) -> tuple[str, str, str]:
    """Who, what, and since when."""
    city = "시" if lang == "ko" else "the city"
    who = city if one.agency is None else _agency(found, one.agency, lang)
    what = " / ".join(way.label.say(lang) for way in one.ways) or WAITS[one.what].say(lang)
    return who, what, str(local_day(one.since))


ROUTES = [show_one]
