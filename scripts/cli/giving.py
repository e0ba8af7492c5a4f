"""Subcommands that give one command: a function makes it from what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Any, Literal

import typer

from domain.aggregate import Command
from domain.seoul import SEOUL
from scripts.cli.options import EffectiveAt, Ref, Yes
from scripts.cli.registering import declare
from scripts.cli.run import Run, command

Make = Callable[..., Command]
_OF_ALL: Mapping[str, Any] = {"ref": Ref, "effective_at": EffectiveAt}


def gives(
    app: typer.Typer, name: str, also: Sequence[Literal["ref", "effective_at"]] = ("ref", "effective_at")
) -> Callable[[Make], Make]:
    """Register `make(…)` under a name. What it takes is typed; `also`: then these options, which many commands have.

    Where it takes a `run` and an `engine`, those are the running ones, for what has to be asked or read first. What it
    says it returns: one that cannot be undone has --yes.
    """

    def register(make: Make) -> Make:
        made = signature(make, eval_str=True)
        own = list(made.parameters.values())
        asks = getattr(made.return_annotation, "irrevocable", None) is not None
        leading = [one.name for one in own if one.name in ("run", "engine")]

        def call(run: Run, **given: Any) -> None:
            run.yes = given.pop("yes", False)
            shared = {option: given.pop(option) for option in also}
            if at := shared.get("effective_at"):
                shared["effective_at"] = at.replace(tzinfo=SEOUL)
            with run.engine() as engine:
                held = {name: {"run": run, "engine": engine}[name] for name in leading}
                run.show_outcome(run.give(engine, lambda: make(**held, **given), **shared))

        options = [_parameter(option, _OF_ALL[option], None) for option in also]
        options += [_parameter("yes", Yes, False)] * asks
        parameters = [_parameter("run", Run), *own[len(leading) :], *options]
        command(app, name)(declare(call, parameters, make.__doc__))
        return make

    return register


def _parameter(name: str, kind: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)
