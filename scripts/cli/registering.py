"""How a function becomes a command of Typer's, which looks at its signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer

from scripts.cli.helping import LocalCommand
from scripts.cli.options import SHARED
from workflows.beginnings import ById

Call = Callable[..., None]


def with_shared_options(own: Mapping[str, inspect.Parameter]) -> list[inspect.Parameter]:
    """What a command takes: its own, then the options that every command has.

    An option of one's own goes before one that all have, e.g. what a search takes --on-behalf-of for.
    """
    others = [one for name, one in SHARED.parameters.items() if name not in own]
    return [*(one for name, one in own.items() if name != "run"), *others]


def declare(call: Call, parameters: Sequence[inspect.Parameter], doc: str | None) -> Call:
    """The call, as a function with these parameters and this help."""
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {one.name: one.annotation for one in parameters}
    call.__doc__ = doc
    return call


def add_command(app: typer.Typer, name: str | None, call: Call) -> None:
    """`name`: None for what a group does by itself; empty where the app is this one command and has its name."""
    if name is None:
        app.callback(invoke_without_command=True)(_give_way(call))
    else:
        app.command(name or app.info.name, cls=LocalCommand)(call)


def _give_way(call: Call) -> Call:
    """A group's own command, which gives way to the one named after it."""

    def alone(ctx: typer.Context, **given: Any) -> None:
        if ctx.invoked_subcommand is None:
            call(**given)

    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    return declare(alone, [context, *inspect.signature(call).parameters.values()], call.__doc__)


def ids_among(parameters: Mapping[str, inspect.Parameter]) -> dict[str, ById]:
    """Those that take an id, by name."""
    said = {name: getattr(one.annotation, "__metadata__", ()) for name, one in parameters.items()}
    found = {
        name: next((one for one in known if isinstance(one, ById)), None) for name, known in said.items()
    }
    return {name: kind for name, kind in found.items() if kind is not None}
