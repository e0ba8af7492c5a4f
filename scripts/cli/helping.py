"""Commands whose `--help` speaks the reader's language: both stand with each option and command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from unicodedata import east_asian_width

import typer
from typer._coercion import TypeDescriptor, build_runtime_param
from typer.core import TyperCommand, TyperGroup, TyperOption

from scripts.cli.asked import answer_form
from scripts.cli.korean import HEADS, HelpText, extras_in_korean, parse_help, spell_form, type_in_korean

_MOST = 30  # columns that names take before what is said of them begins on a line of its own
_SHORT = 45
HELP = HelpText("Show this message and exit.", "이 도움말을 보여 줍니다.")


class AsTyped(TyperOption):
    """An option whose value is taken as it is typed: to turn it into something pydantic would have to be loaded."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        return value if self.callback is None else self.callback(ctx, self, value)


class _TakenPlainly:
    """What Typer makes of a value, without pydantic, which Typer loads for each, where it is not needed: nothing was given,
    a text is wanted, a parser of our own reads it, or it is a number in digits.
    """

    def __init__(self, kind: TypeDescriptor) -> None:
        self._kind, self._parser = kind, kind.parameter_info.parser

    def coerce(self, value: Any, param: Any, ctx: typer.Context) -> Any:
        if value is None or value == ():
            return () if param.multiple or param.nargs == -1 else None
        if value is param.default or (self._kind.annotation is str and self._parser is None):
            return value
        if self._parser is not None and not self._kind.is_list:
            with suppress(ValueError):  # which Typer words
                return self._parser(value)
        if self._kind.annotation is int and self._is_in_range(value):
            return int(value)
        return build_runtime_param(self._kind).coerce(value, param, ctx)

    def _is_in_range(self, value: Any) -> bool:
        """Whether these are digits of a number that may be; Typer looks at any other."""
        if not (isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value)):
            return False
        least, most = self._kind.parameter_info.min, self._kind.parameter_info.max
        return (least is None or least <= int(value)) and (most is None or int(value) <= most)


class _InReadersLanguage:
    """What a command and a group share of their help."""

    help: str | None
    said: HelpText
    params: list[Any]

    def _part_languages(self) -> None:
        """What Typer knows as help is the English alone; `said` has both, of the command and of what it takes."""
        self.said = parse_help(self.help)
        self.help = self.said.en
        for one in self.params:
            one.said = parse_help(one.help)
            one.help = one.said.en
            one.get_runtime_param = partial(_TakenPlainly, one.type_descriptor)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.__class__, option.said = AsTyped, HELP
        return option

    def get_short_help_str(self, limit: int = _SHORT) -> str:
        if answer_form().lang == "ko":
            return self.said.ko.split("\n\n", maxsplit=1)[0]
        return super().get_short_help_str(limit)  # type: ignore[misc, no-any-return]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        if answer_form().lang == "en":
            super().format_usage(ctx, formatter)  # type: ignore[misc]
            return
        pieces = [HEADS.get(piece, piece) for piece in self.collect_usage_pieces(ctx)]  # type: ignore[attr-defined]
        formatter.write(f"{HEADS['Usage']}: {' '.join([ctx.command_path, *pieces])}\n")

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        if answer_form().lang == "en":
            super().format_help_text(ctx, formatter)  # type: ignore[misc]
            return
        for paragraph in self.said.ko.split("\n\n"):
            formatter.write("\n")
            for line in wrap(paragraph, formatter.width - 2):
                formatter.write(f"  {line}\n")

    def format_options(self, ctx: Any, formatter: Any) -> None:
        params = self.get_params(ctx)  # type: ignore[attr-defined]
        for head, kind in (("Arguments", "argument"), ("Options", "option")):
            rows = [row for one in params if one.param_type_name == kind for row in _record(one, ctx)]
            write_rows(formatter, head, rows)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A command has none; a group's stand in `LocalGroup`."""


class LocalCommand(_InReadersLanguage, TyperCommand):
    """A command."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._part_languages()


class LocalGroup(_InReadersLanguage, TyperGroup):
    """A group of commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._part_languages()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`--lang` may stand before any command; which it is was read from the words."""
        while (
            args and args[0].partition("=")[0] == "--lang" and all(one.name != "lang" for one in self.params)
        ):
            args = args[1:] if "=" in args[0] else args[2:]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        write_rows(
            formatter,
            "Commands",
            [(name, one.get_short_help_str(200)) for name, one in self.commands.items()],
        )


def _record(one: Any, ctx: typer.Context) -> Iterator[tuple[str, str]]:
    record = one.get_help_record(ctx)
    if record is None:
        return
    names, said = spell_form(record[0]), record[1]
    if answer_form().lang == "ko":
        names = type_in_korean(names)
        said = one.said.ko + extras_in_korean(said.removeprefix(one.said.en))
    yield names, said


def write_rows(formatter: Any, head: str, rows: Sequence[tuple[str, str]]) -> None:
    """Names and what they mean, in two columns; a Korean letter takes two places on the screen."""
    if not rows:
        return
    lang = answer_form().lang
    formatter.write(f"\n{HEADS[head] if lang == 'ko' else head}:\n")
    first = min(max(cells(names) for names, _ in rows), _MOST) + 2
    for names, said in rows:
        begun, lines = names, wrap(said, max(formatter.width - 2 - first, 10))
        if cells(names) > first - 2:
            formatter.write(f"  {names}\n")
            begun = ""
        for line in lines or [""]:
            formatter.write(f"  {begun}{' ' * (first - cells(begun))}{line}".rstrip() + "\n")
            begun = ""


def cells(text: str) -> int:
    """How many columns of the screen it takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap(text: str, width: int) -> list[str]:
    """In lines of so many columns, parted at blanks."""
    lines: list[str] = []
    for word in text.split():
        if lines and cells(lines[-1]) + 1 + cells(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
