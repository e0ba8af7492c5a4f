"""The words of every command without its modules: help, completion and most wrong usage need no more.

A sketch is drawn from the commands themselves (`scripts/draw_sketch.py`). Where there is none, or it is of other modules
(`sketch_file`), the commands are loaded as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import typer
from typer._click.exceptions import MissingParameter
from typer._click.shell_completion import CompletionItem
from typer._coercion import bool_flag_type_descriptor
from typer.core import TyperArgument, TyperOption

from scripts.cli.helping import LocalCommand, LocalGroup
from scripts.cli.korean import HelpText

Load = Callable[[], Any]


def draw(command: Any) -> dict[str, Any]:
    """A command's words, as `SketchedCommand` takes them."""
    context = command.make_context(command.name, [], resilient_parsing=True)
    return {"said": command.said, "params": [_draw_param(one, context) for one in command.params]}


def _draw_param(one: Any, context: Any) -> dict[str, Any]:
    choices = one.type_descriptor.choices
    return {
        "kind": one.param_type_name,
        "name": one.name,
        "decls": [one.name]
        if one.param_type_name == "argument"
        else [one.name, *one.opts, *one.secondary_opts],
        "required": one.required,
        "nargs": one.nargs,
        "multiple": one.multiple,
        "flag": getattr(one, "is_flag", False),
        "metavar": one.metavar,
        "said": one.said,
        "record": one.get_help_record(context),
        "usage": one.get_usage_pieces(context),
        "choices": [str(getattr(choice, "value", choice)) for choice in choices] if choices else None,
        "check": _draw_check(one.type_descriptor),
    }


def _draw_check(kind: Any) -> dict[str, Any] | None:
    """What the sketch can look at by itself; a value of another kind is left to the real command."""
    info = kind.parameter_info
    if info.parser is not None or kind.is_list:
        return None
    if kind.annotation is int:
        return {"kind": "int", "min": info.min, "max": info.max}
    if kind.is_datetime and info.formats:
        return {"kind": "day", "formats": list(info.formats)}
    return {"kind": "choice"} if kind.is_choice else None


def _problem(value: str, check: Mapping[str, Any], choices: Sequence[str]) -> str | None:
    """What Typer says of such a value; None of a right one."""
    match check["kind"]:
        case "int":
            return _problem_of_int(value, check)
        case "day":
            if not any(_is_day(value, form) for form in check["formats"]):
                return f"{value!r} does not match the formats {', '.join(map(repr, check['formats']))}."
        case "choice":
            if value not in choices:
                return f"{value!r} is not one of {', '.join(map(repr, choices))}."
    return None


def _problem_of_int(value: str, check: Mapping[str, Any]) -> str | None:
    if re.fullmatch(r"[+-]?[0-9]{1,18}", value) is None:
        return None if any(map(str.isdecimal, value)) else _NO_INT
    if check["min"] is not None and int(value) < check["min"]:
        return f"Input should be greater than or equal to {check['min']}"
    if check["max"] is not None and int(value) > check["max"]:
        return f"Input should be less than or equal to {check['max']}"
    return None


_NO_INT = "Input should be a valid integer, unable to parse string as an integer"


def _is_day(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)  # noqa: DTZ007 - only whether it is one
    except ValueError:
        return False
    return True


class _Sketched:
    """A parameter that says what it takes, and refuses what is plainly wrong; the real one looks at the rest."""

    drawn: Mapping[str, Any]
    said: HelpText
    required: bool
    callback: Any

    def process_value(self, ctx: Any, value: Any) -> Any:
        if self.required and value in (None, (), []):
            raise MissingParameter(ctx=ctx, param=self)  # type: ignore[arg-type]
        check = self.drawn["check"]
        if check is not None and isinstance(value, str):
            problem = _problem(value, check, self.drawn["choices"] or ())
            if problem is not None:
                raise typer.BadParameter(problem, ctx=ctx, param=self)  # type: ignore[arg-type]
        return value

    def get_missing_message(self, ctx: Any) -> str:
        choices = self.drawn["choices"]
        return "Choose from:\n\t" + ",\n\t".join(choices) if choices else ""

    def get_help_record(self, ctx: Any) -> tuple[str, str] | None:
        record = self.drawn["record"]
        return None if record is None else (record[0], record[1])

    def get_usage_pieces(self, ctx: Any) -> list[str]:
        return list(self.drawn["usage"])

    def shell_complete(self, ctx: Any, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(one) for one in self.drawn["choices"] or () if one.startswith(incomplete)]


class _SketchedOption(_Sketched, TyperOption):
    """An option."""


class _SketchedArgument(_Sketched, TyperArgument):
    """An argument."""


def _make_param(drawn: Mapping[str, Any]) -> Any:
    shared: dict[str, Any] = {
        "param_decls": drawn["decls"],
        "type_descriptor": bool_flag_type_descriptor(),  # nobody asks for it
        "required": drawn["required"],
        "metavar": drawn["metavar"],
        "help": drawn["said"][0],
        "nargs": drawn["nargs"],
    }
    made: Any
    if drawn["kind"] == "argument":
        made = _SketchedArgument(**shared)
    else:
        made = _SketchedOption(**shared, is_flag=drawn["flag"], multiple=drawn["multiple"])
    made.drawn, made.said = drawn, HelpText(*drawn["said"])
    return made


class _LoadedWhenRun:
    """A command or group whose words are known from the sketch, and which is loaded once these are right."""

    params: list[Any]
    said: HelpText
    help: str | None

    def _begin(self, drawn: Mapping[str, Any], load: Load) -> None:
        self.said = HelpText(*drawn["said"])
        self.help = self.said.en
        self._drawn, self._load = drawn, load
        self._typed: list[str] = []

    def make_context(self, *given: Any, **more: Any) -> Any:
        """Its parameters are made when it is called: a list of commands needs none of them."""
        if not self.params:
            self.params = [_make_param(one) for one in self._drawn["params"]]
        return super().make_context(*given, **more)  # type: ignore[misc]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        self._typed = list(args)
        return super().parse_args(ctx, args)  # type: ignore[misc, no-any-return]

    def invoke(self, ctx: Any) -> Any:
        real = self._load()
        with real.make_context(ctx.info_name, self._typed, parent=ctx.parent) as own:
            return real.invoke(own)


class SketchedCommand(_LoadedWhenRun, LocalCommand):
    """A command."""

    def __init__(self, name: str, drawn: Mapping[str, Any], load: Load) -> None:
        super().__init__(name, rich_markup_mode=None)
        self._begin(drawn, load)


class SketchedGroup(_LoadedWhenRun, LocalGroup):
    """A group that does something by itself; where a command of it is named, that one is run and the group is not loaded."""

    def __init__(self, name: str, drawn: Mapping[str, Any], load: Load, commands: Any) -> None:
        super().__init__(name=name, commands=commands, invoke_without_command=True, rich_markup_mode=None)
        self._begin(drawn, load)

    def invoke(self, ctx: Any) -> Any:
        return LocalGroup.invoke(self, ctx) if ctx._protected_args else super().invoke(ctx)
