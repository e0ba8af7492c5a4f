"""How stages, titles and what is due read in lists and on pages: on the command line and in the console alike."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Lang
from domain.task.stages import Condition, Stage
from domain.values import LocalText
from projections.sentences.narration import deadline_in_words
from workflows.queries.due import DueOf, WaitingOf


def describe_stage(
    stage: str, condition: str, lang: Lang, *, amended: bool = False, name: LocalText | None = None
) -> str:
    """`amended`: something was corrected after the evaluation; `name`: of a condition of the definition's own."""
    shown = Stage(stage).say(lang)
    if amended:
        shown += " (정정됨)" if lang == "ko" else " (corrected since)"
    if condition != Condition.NORMAL:
        shown += f" ({(name or Condition(condition)).say(lang)})"
    return shown


def title_in_words(title: LocalText, now: LocalText | None, lang: Lang) -> str:
    """As it was, with today's beside it where that is another."""
    then, new_title = title.say(lang), title.say(lang) if now is None else now.say(lang)
    if then == new_title:
        return then
    return f"{then}(현 {new_title})" if lang == "ko" else f"{then} (now {new_title})"


def next_cells(due: DueOf | None, waiting: Sequence[WaitingOf], lang: Lang) -> tuple[str, str]:
    """The day of a task's next deadline, and what is due; who owes it where that is not its lead agency."""
    one = due or next(iter(waiting), None)
    if one is None:
        return "", ""
    what = name_of_due(one, lang)
    return day_of_due(
        one, lang
    ), what if one.who == "agency" else f"{what} ({'시' if lang == 'ko' else 'city'})"


def name_of_due(one: DueOf | WaitingOf, lang: Lang) -> str:
    """What is due, a milestone by its name."""
    return deadline_in_words(one.kind, one.item, one.item_name, lang, one.kind_name)


def day_of_due(one: DueOf | WaitingOf, lang: Lang) -> str:
    """Until when; what is overdue is marked."""
    if isinstance(one, DueOf):
        return f"{one.due}{' !' if one.overdue else ''}"
    return (
        f"{one.waits_for_calendar}년 달력을 기다림"
        if lang == "ko"
        else f"waits for the calendar of {one.waits_for_calendar}"
    )
