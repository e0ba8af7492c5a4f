"""The filters that readings of the trail share."""

from __future__ import annotations

from typing import Annotated

import typer

Task = Annotated[str | None, typer.Option(help="About this task, with its reminders.")]
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
Kind = Annotated[str | None, typer.Option(help="Of this kind, e.g. task.approved.")]
Rule = Annotated[str | None, typer.Option(help="Done by this rule, e.g. remind.")]
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
