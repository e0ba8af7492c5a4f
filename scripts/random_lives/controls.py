"""Faults put back by a switch: a patch of one function each, to see that the lives find it.

A control that no life finds tells that the lives, or the oracle, do not look there.
"""

from __future__ import annotations

import importlib
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from domain.calendar.refusals import CalendarNotOpen
from domain.seoul import local_day
from domain.stamps import taken
from projections.view import View

Patch = Callable[[Any], Any]


@dataclass(frozen=True)
class Control:
    """`fault`: what was wrong, in a sentence; `patches`: place ("module:name", "module:Class.name" or "module:TABLE#Key") to what makes the
    wrong one of the right one; `kinds`: of the findings that show it; `seeds`: of lives that find it, quickest first.
    """

    fault: str
    patches: Mapping[str, Patch]
    kinds: Sequence[str] = ()
    seeds: Sequence[int] = ()

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """The fault is there inside the block. Every module that has taken the name over is patched."""
        undo: list[tuple[Any, Any, Any]] = []
        try:
            for place, patch in self.patches.items():
                for holder, name in _holders(place):
                    right = holder[name] if isinstance(holder, dict) else getattr(holder, name)
                    undo.append((holder, name, right))
                    _set(holder, name, patch(right))
            yield
        finally:
            for holder, name, right in reversed(undo):
                _set(holder, name, right)


def _set(holder: Any, name: Any, value: Any) -> None:
    if isinstance(holder, View):
        object.__setattr__(holder, name, value)  # frozen, and held by all who fold it
    elif isinstance(holder, dict):
        holder[name] = value
    else:
        setattr(holder, name, value)


def _holders(place: str) -> Iterator[tuple[Any, Any]]:
    """Who holds the thing: its own module or class, and each loaded module of ours that imported it by name."""
    module_name, _, path = place.partition(":")
    module = importlib.import_module(module_name)
    if "#" in path:
        table, _, name = path.partition("#")
        entries = getattr(module, table)
        yield entries, next(key for key in entries if key.__name__ == name)
        return
    if "." in path:
        owner, _, name = path.partition(".")
        yield getattr(module, owner), name
        return
    thing = getattr(module, path)
    yield module, path
    for other_name, other in list(sys.modules.items()):
        ours = other_name.partition(".")[0] in (
            "projections",
            "scripts",
            "workers",
            "workflows",
            "domain",
            "store",
        )
        if ours and other is not module and getattr(other, path, None) is thing:
            yield other, path


# A wrong one for each right one: what it was like before the mend.


def _never(right: Any) -> Any:
    return lambda *_, **__: []


def _as_carried_out(right: Any) -> Any:
    return lambda at, now: None


def _always(right: Any) -> Any:
    return lambda *_: True


def _every_third_lost(right: Any) -> Any:
    def wrong(row: Any) -> Any:
        return (one for number, one in enumerate(right(row)) if number % 3 != 2)

    return wrong


def _stale_after_a_report(right: Any) -> Any:
    """Whatever says how far the work is leaves the row to be counted again; and counting finds nothing new."""
    said = ("task.progress_reported", "task.corrected", "task.correction_cancelled")

    def wrong(row: Any, recorded: Any) -> Any:
        after = right(row, recorded)
        if after is None or recorded.kind not in said or after.stale:
            return after
        return replace(after, stale=True, stale_since=local_day(recorded.known_at))

    return wrong


def _all_or_nothing(right: Any) -> Any:
    """One deadline that waits for a calendar stops them all."""

    def wrong(*given: Any) -> Any:
        counts = right(*given)
        return replace(counts, found=()) if counts.waiting else counts

    return wrong


def _three_years(right: Any) -> Any:
    """The calendars of the year of the day and of those beside it, and no others."""

    def wrong(store: Any, command: Any) -> Any:
        then, moved = right(store, command)
        if far := [year for year in then if abs(year - command.day.year) > 1]:
            raise CalendarNotOpen(year=min(far))
        return then, moved

    return wrong


def _by_its_day(right: Any) -> Any:
    """A report stands for the quarters that were over before the day on which it was so, whatever it says."""
    return lambda task, fact, at: right(task, replace(fact, period=None), at)


def _forgotten(right: Any) -> Any:
    """What was reminded of a deadline is forgotten as soon as that goes."""

    def wrong(row: Any, fact: Any, basis: Any, day: Any) -> Any:
        there = {(one.kind, one.item, one.due) for one in fact.deadlines}
        kept = tuple(one for one in row.reminded if (one.kind, one.item, one.due) in there)
        return right(replace(row, reminded=kept), fact, basis, day)

    return wrong


def _told_by_number(right: Any) -> Any:
    """A notice is another where another fact set the deadline."""

    def wrong(store: Any, row: Any, what: Any, *more: Any) -> Any:
        order = right(store, row, what, *more)
        again = uuid.uuid5(uuid.UUID(store.id), f"{order.command.notice} {what[1].since}").hex
        command = order.command.model_copy(update={"notice": again})
        named = uuid.uuid5(uuid.UUID(again), "arm").hex
        return replace(order, command=command, command_id=named)

    return wrong


def _today_always(right: Any) -> Any:
    """A rung that is late does not say so."""

    def wrong(*given: Any) -> Any:
        order = right(*given)
        return replace(order, command=order.command.model_copy(update={"late": False}))

    return wrong


def _last_recorded(right: Any) -> Any:
    """No fact outdoes one that was recorded after it, whenever either was so."""
    return lambda stamps, name, stamp: False


def _over_its_twin(right: Any) -> Any:
    """A correction counts at its target's moment with a number of its own: over another fact of that moment."""

    def wrong(task: Any, fact: Any, stamp: Any) -> Any:
        task = right(task, fact, stamp)
        return task if fact.percent is None else taken(task, stamp, percent=fact.percent)

    return wrong


def _first_link(right: Any) -> Any:
    """Who stands in is taken without asking who stands in for them."""
    return lambda *given: right(*given)[:1]


def _never_addressed_again(right: Any) -> Any:
    """A message goes to whomever it was written to, as far as they can be reached."""
    return lambda store, notices, reaches, only_unreached=False: right(
        store, notices, reaches, only_unreached=True
    )


def _everybody_reached(right: Any) -> Any:
    """Nobody asks whether a person has an address."""
    return lambda store, notices, reaches, only_unreached=False: right(
        store, notices, lambda *_: True, only_unreached=only_unreached
    )


def _its_own(right: Any) -> Any:
    """A merged agency answers for itself."""
    return lambda self, agency: agency


CONTROLS: Mapping[str, Control] = {
    "rungs_lost": Control(
        "A rung of the ladder is never armed.",
        {"projections.deadlines:DeadlinesRow.rungs_to_arm": _every_third_lost},
        seeds=(66,),
    ),
    "stale_after_a_report": Control(
        "A second report in a quarter leaves the row stale for ever (1).",
        {"projections.deadlines:DEADLINES.evolve": _stale_after_a_report},
        seeds=(67,),
    ),
    "one_calendar_stops_all": Control(
        "No calendar opens by rule, and one that is not open stops every deadline of the task (2).",
        {"workflows.deadlines:due": _all_or_nothing, "workflows.transitions:opening_due": _never},
        seeds=(282, 152),
    ),
    "proclaimed_with_three_years": Control(
        "A proclamation counts with three calendars, however far the tasks reach (3).",
        {"workflows.rescheduling:moved_by": _three_years},
        seeds=(272, 36),
    ),
    "dated_when_the_ticker_woke": Control(
        "What a rule does late takes effect when it is carried out (4).",
        {"workflows.ruling:stated": _as_carried_out},
        seeds=(124,),
    ),
    "suspended_quarters_due": Control(
        "A quarter of which all was suspended is due (5).",
        {"domain.task.basis:_under_way": _always},
        seeds=(74,),
    ),
    "reported_by_its_day": Control(
        "A report stands for what was over before the day on which it was so (6).",
        {"domain.task.state:_CHANGES#ProgressReported": _by_its_day},
        seeds=(228,),
    ),
    "told_twice": Control(
        "A deadline that goes and comes back is reminded of again (7).",
        {"projections.deadlines:_set": _forgotten, "workflows.reminders:_armed": _told_by_number},
        seeds=(183, 36),
    ),
    "late_unsaid": Control(
        "A notice that was armed after its day does not say so.",
        {"workflows.reminders:_armed": _today_always},
        seeds=(284, 272),
    ),
    "last_recorded_counts": Control(
        "Of two values the one recorded last counts, whichever was so last (8).",
        {"domain.stamps:outdone": _last_recorded},
        seeds=(218,),
    ),
    "correction_over_its_twin": Control(
        "Correcting the first of two facts of one moment sets the value of the second back (9).",
        {"domain.task.state:_CHANGES#Corrected": _over_its_twin},
        seeds=(67,),
    ),
    "chain_not_followed": Control(
        "The notice for somebody away goes to a substitute who is away too (10).",
        {"projections.responsible:chain_of": _first_link},
        seeds=(293,),
    ),
    "not_addressed_again": Control(
        "A message that waited overnight goes to whoever was responsible the day before (10).",
        {"workflows.readdressing:readdressed": _never_addressed_again},
        seeds=(89,),
    ),
    "merger_not_followed": Control(
        "After a merger the successor's lists are without the merged agency's tasks (11).",
        {"projections.successions:Successions.answering": _its_own},
        seeds=(55,),
    ),
    "tried_before_its_pause": Control(
        "A message that was put off is tried again as long as the view does not know it.",
        {"workers.post.sending:is_to_be_tried": lambda right: lambda message, now: message.open},
        seeds=(54,),
    ),
    "told_again_after_a_restore": Control(
        "What may have been told before the loss is told again by a restored store.",
        {"workflows.reminders:_restored_on": lambda right: lambda store: None},
        seeds=(18, 17),
    ),
    "nobody_climbs": Control(
        "A rung whose people cannot be reached ends as failed (12).",
        {"workflows.readdressing:readdressed": _everybody_reached},
        seeds=(272,),
    ),
}
