"""Faults of approval lines, positions, letters and quiet days put back by a switch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from domain.errors import Refusal
from scripts.random_lives.control import Control


def _all_at_once(right: Any) -> Any:
    """Whoever is in the line may sign, whosever turn it is."""
    return property(lambda self: tuple(one for one in self.signatories if one.entry not in self.signed))


def _all_of_a_group(right: Any) -> Any:
    """Of a group all have to sign, whatever suffices."""
    return lambda line, counted: [one._replace(needed=len(one.entries)) for one in right(line, counted)]


def _of_those_that_count(right: Any) -> Any:
    """What an entry says of its group is lost where it does not count itself."""
    return lambda line, counted: right(counted, counted)


def _everybody_counts(right: Any) -> Any:
    """Nobody asks whether an entry's condition holds."""
    return lambda by, name, *_: (entry for entry, _ in by.conditions(name))


def _no_line(right: Any) -> Any:
    """What goes by a line is carried out at once."""
    return lambda *_, **__: None


def _ever_delegated(right: Any) -> Any:
    """Whoever was let sign once may, on any day and whoever let them."""

    def wrong(self: Any, subject: str, day: Any) -> Any:
        return next((one for one in self.delegations.values() if one.delegate == subject), None)

    return wrong


def _to_who_asked(right: Any) -> Any:
    """An objection ends the line, whatever entry it is to go back to."""
    return lambda signatories, *given: (replace(one, returns_to=None) for one in right(signatories, *given))


def _last_rung_alone(right: Any) -> Any:
    """A mail with two reminders of one deadline says of its day what the last of them does."""
    return lambda *given, **more: right(*given, **(more | {"all_changes": False}))


def _of_the_ladder(right: Any) -> Any:
    """The letter of a whole ladder goes before that of a rung."""

    def wrong(letters: Any, ladder: str, days: int) -> Any:
        whole = next((one for one in letters if one.ladder == ladder and not one.days), None)
        return whole or right(letters, ladder, days)

    return wrong


def _let_be(right: Any) -> Any:
    """What a last signature or a decision has carried out is left out where it is refused."""

    def wrong(self: Any, *given: Any) -> Any:
        try:
            return right(self, *given)
        except Refusal:
            return []

    return wrong


CONTROLS_OF_LINES: Mapping[str, Control] = {
    "signed_out_of_turn": Control(
        "Whoever is in an approval line signs when they like.",
        {"domain.task.open_line:OpenLine.waited_for": _all_at_once},
        kinds=("line", "refusal", "list"),
        seeds=(60001,),
    ),
    "all_of_a_group": Control(
        "Of those who are asked side by side all have to sign.",
        {"workflows.definitions.lining:turns_of": _all_of_a_group},
        kinds=("line",),
        seeds=(60012,),
    ),
    "needed_lost_with_its_entry": Control(
        "How many of a group suffice is lost where its first entry does not count.",
        {"workflows.definitions.lining:turns_of": _of_those_that_count},
        kinds=("line",),
        seeds=(60097,),
    ),
    "everybody_counts": Control(
        "Everybody in a line has to sign, also where the condition does not hold.",
        {"workflows.definitions.lining:_counting": _everybody_counts},
        kinds=("line",),
        seeds=(60001,),
    ),
    "carried_out_unsigned": Control(
        "What goes by an approval line is carried out as soon as it is asked for.",
        {"workflows.definitions.lining:open_line": _no_line},
        kinds=("line",),
        seeds=(60000,),
    ),
    "delegated_for_ever": Control(
        "Who was let sign for a position once may on any day.",
        {"domain.position.facts:Position.mandate_of": _ever_delegated},
        kinds=("line",),
        seeds=(60026,),
    ),
    "back_to_who_asked": Control(
        "An objection ends the line, whoever it is to go back to.",
        {"workflows.definitions.lining:_signatories": _to_who_asked},
        kinds=("line",),
        seeds=(60013,),
    ),
    "signed_what_is_other_by_now": Control(
        "A line stays open where the task is not what was to be signed any more.",
        {"domain.task.lines:lapse": lambda right: lambda *_: ()},
        kinds=("line",),
        seeds=(60001,),
    ),
    "signed_and_not_carried_out": Control(
        "A last signature stands though what was asked for is refused by then.",
        {"workflows.unit_of_work:UnitOfWork._carry_out": _let_be},
        kinds=("line",),
    ),
    "who_asked_is_asked_on": Control(
        "While others have to sign, the inbox asks the side that asked them to decide.",
        {"projections.inbox:_find_asker": lambda right: lambda *_: None},
        kinds=("list",),
        seeds=(60002,),
    ),
    "no_turn": Control(
        "Nothing is due from the day on which a turn came.",
        {"domain.task.basis:_turn": lambda right: lambda line: None},
        kinds=("count", "not_counted"),
        seeds=(60001,),
    ),
    "written_to_on_quiet_days": Control(
        "People are written to on days that the city keeps quiet.",
        {"workflows.office_hours:_is_quiet_in": lambda right: lambda *_: False},
        kinds=("quiet",),
        seeds=(60000,),
    ),
    "letter_of_the_ladder": Control(
        "A rung goes in the words of its ladder, though it has a letter of its own.",
        {"domain.lifecycle.letters:find_letter": _of_the_ladder},
        kinds=("letter",),
        seeds=(60000,),
    ),
    "changed_unsaid": Control(
        "A mail with two reminders of one deadline does not say that its day changed, where the first knows it alone.",
        {"workflows.letters.lines:line_of": _last_rung_alone},
        kinds=("letter",),
        seeds=(60045,),
    ),
}
