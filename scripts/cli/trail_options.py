"""The filters that readings of the trail share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from scripts.cli import values
from scripts.cli.run import Run
from scripts.cli.whom import with_ids
from workflows.beginnings import COMMAND
from workflows.trail.filters import filters_from

Task = Annotated[
    str | None, typer.Option(help="About this task, with its reminders. = 이 과제와 그 알림에 관한 것.")
]
Year = Annotated[
    int | None, typer.Option(help="About any task of this year's programme. = 이 사업연도의 과제에 관한 것.")
]
Agency = Annotated[
    str | None,
    typer.Option(
        parser=values.AgencyWord,
        help="Of this agency's tasks, or where it takes part, acts or is named. "
        "= 이 기관의 과제이거나, 참여하거나 처리하거나 언급된 것.",
    ),
]
ActorOption = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="WHO",
        help="Done by ROLE, ROLE@AGENCY or a person, by id or name. "
        "= 이 역할, 역할@기관, 또는 사람이 한 것. 기관과 사람은 식별자나 이름으로.",
    ),
]
Behalf = Annotated[
    str | None,
    typer.Option(
        "--on-behalf-of",
        metavar="WHO",
        help="Done for ROLE, ROLE@AGENCY or a person, by id or name. "
        "= 이 역할, 역할@기관, 또는 사람을 대신하여 한 것. 기관과 사람은 식별자나 이름으로.",
    ),
]
Kind = Annotated[
    list[str] | None,
    typer.Option(
        help="Of this kind, e.g. task.approved; several: of any of them. "
        "= 이 종류의 기록. 예: task.approved. 여럿이면 그중 하나라도 맞는 것."
    ),
]
Rule = Annotated[
    list[str] | None,
    typer.Option(
        help="Done by this rule, e.g. remind; several: by any of them. "
        "= 이 규칙에 따른 것. 예: remind. 여럿이면 그중 하나라도 맞는 것."
    ),
]
People = Annotated[
    bool,
    typer.Option(
        "--people", help="Only what people did, nothing done by rule. = 규칙 처리를 빼고 사람이 한 것만."
    ),
]
Cause = Annotated[
    int | None,
    typer.Option(
        help="Made by a rule because of the fact at this position. = 이 위치의 기록 때문에 규칙이 만든 것."
    ),
]
CommandOf = Annotated[
    str | None,
    typer.Option(
        "--command",
        metavar="UUID",
        help="Made by this command, by its id or the beginning of it. "
        "= 이 명령으로 만들어진 것. 명령 번호나 그 앞부분.",
    ),
    COMMAND,
]
_WHO = ("actor", "on_behalf_of")
RecordedFrom = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Recorded from then on (a day or 2024-03-07T09:30, Seoul). "
        "= 그때부터 기록된 것(날짜나 2024-03-07T09:30, 서울 시각).",
    ),
]
RecordedTo = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Recorded before then; a day counts to its end. "
        "= 그때 전에 기록된 것. 날짜는 그날 끝까지입니다.",
    ),
]
EffectiveFrom = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="It was so from then on (a day or 2024-03-07T09:30, Seoul). "
        "= 그때부터 있었던 것(날짜나 2024-03-07T09:30, 서울 시각).",
    ),
]
EffectiveTo = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="It was so before then; a day counts to its end. "
        "= 그때 전에 있었던 것. 날짜는 그날 끝까지입니다.",
    ),
]
TextOption = Annotated[
    str | None,
    typer.Option(
        "--text",
        help="These letters stand in a reason, report or condition of it. "
        "= 사유, 보고, 조건에 이 글자가 있는 것.",
    ),
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


def with_filter_options(function: Callable[..., None]) -> Callable[..., None]:
    """`function(run, filters, …)` as a command that takes all of these options in place of `filters`.

    An option that the function has itself means what it means there, and is no filter.
    """
    own = inspect.signature(function, eval_str=True).parameters
    declared = inspect.signature(_options, eval_str=True).parameters
    options = {name: one for name, one in declared.items() if name not in own}

    def call(run: Run, **given: Any) -> None:
        typed: Any = {name.rstrip("_"): given.pop(name) for name in options}
        typed |= {name: with_ids(run, typed[name]) for name in _WHO if name in typed}
        function(run, filters_from(typed), **given)

    run, _, *others = own.values()
    others = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in others]
    call.__signature__ = inspect.Signature([run, *options.values(), *others])  # type: ignore[attr-defined]
    call.__doc__ = function.__doc__
    return call
