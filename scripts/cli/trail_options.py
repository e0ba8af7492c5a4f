"""The filters that readings of the trail share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from projections.trail.searching import Filters
from scripts.cli.run import Run
from workflows.trail_filters import filters_from

Task = Annotated[str | None, typer.Option(help="About this task, with its reminders.")]
Year = Annotated[int | None, typer.Option(help="About any task of this year's programme.")]
Agency = Annotated[
    str | None, typer.Option(help="Of this agency's tasks, or where it takes part, acts or is named.")
]
ActorOption = Annotated[
    str | None, typer.Option("--actor", metavar="WHO", help="Done by ROLE, ROLE@AGENCY or a person's id.")
]
Behalf = Annotated[
    str | None,
    typer.Option("--on-behalf-of", metavar="WHO", help="Done for ROLE, ROLE@AGENCY or a person's id."),
]
Kind = Annotated[
    list[str] | None, typer.Option(help="Of this kind, e.g. task.approved; several: of any of them.")
]
Rule = Annotated[
    list[str] | None, typer.Option(help="Done by this rule, e.g. remind; several: by any of them.")
]
People = Annotated[bool, typer.Option("--people", help="Only what people did, nothing done by rule.")]
Cause = Annotated[int | None, typer.Option(help="Made by a rule because of the fact at this position.")]
CommandOf = Annotated[str | None, typer.Option("--command", metavar="UUID", help="Made by this command.")]
_SPAN = "a day or 2024-03-07T09:30, Seoul"
RecordedFrom = Annotated[str | None, typer.Option(metavar="TIME", help=f"Recorded from then on ({_SPAN}).")]
RecordedTo = Annotated[
    str | None, typer.Option(metavar="TIME", help="Recorded before then; a day counts to its end.")
]
EffectiveFrom = Annotated[str | None, typer.Option(metavar="TIME", help=f"It was so from then on ({_SPAN}).")]
EffectiveTo = Annotated[
    str | None, typer.Option(metavar="TIME", help="It was so before then; a day counts to its end.")
]
TextOption = Annotated[
    str | None, typer.Option("--text", help="These letters stand in a reason, report or condition of it.")
]


def _options(
    *,
    task: Task = None,
    year: Year = None,
    agency: Agency = None,
    actor_: ActorOption = None,  # `actor` is who asks
    on_behalf_of: Behalf = None,
    people: People = False,
    kind: Kind = None,
    rule: Rule = None,
    cause: Cause = None,
    command: CommandOf = None,
    recorded_from: RecordedFrom = None,
    recorded_to: RecordedTo = None,
    effective_from: EffectiveFrom = None,
    effective_to: EffectiveTo = None,
    text: TextOption = None,
) -> None:
    """The options as the command line reads them, under the names that filters are typed by."""


def filtered(function: Callable[..., None]) -> Callable[..., None]:
    """`function(run, filters, …)` as a command that takes all of these options in place of `filters`.

    An option that the function has itself means what it means there, and is no filter.
    """
    own = inspect.signature(function, eval_str=True).parameters
    declared = inspect.signature(_options, eval_str=True).parameters
    options = {name: one for name, one in declared.items() if name not in own}

    def call(run: Run, **given: Any) -> None:
        typed: Any = {name.rstrip("_"): given.pop(name) for name in options}
        function(run, filters_from(typed), **given)

    run, _, *others = own.values()
    others = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in others]
    call.__signature__ = inspect.Signature([run, *options.values(), *others])  # type: ignore[attr-defined]
    call.__doc__ = function.__doc__
    return call


def agencies_of(filters: Filters) -> tuple[str, ...]:
    """Which agency's entries are asked for, for the record of who reads what."""
    return () if filters.agency is None else (filters.agency,)


def tasks_of(filters: Filters) -> tuple[str, ...]:
    return () if filters.task is None else (filters.task,)
