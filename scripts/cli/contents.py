"""A list of commands that names what stands behind each, and loads it when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, cast

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer._completion_classes import completion_init
from typer.core import TyperGroup

from scripts.cli.asked import answer_form, answering
from scripts.cli.helping import AsTyped, LocalGroup, write_rows
from scripts.cli.korean import HelpText, parse_help
from scripts.cli.sketch import SketchedCommand, SketchedGroup, draw
from scripts.cli.sketch_file import read_sketch
from scripts.cli.usage import show

VARIABLE = "_DONGHAENG_COMPLETE"  # by which a shell asks for what completes words


class CommandEntry:
    """`help`: its line in the list; `behind`: what adds to it, each as "module" (its `add`) or "module:function"."""

    def __init__(self, help: str, *behind: str, cls: type[TyperGroup] = LocalGroup) -> None:  # noqa: A002 - as Typer's
        self.help, self.behind, self.cls = help, behind, cls

    def load(self, name: str, *only: str) -> Any:
        """The group of this name, or where what is behind is one command of this name, that command. `only`: some of what is behind."""
        group = self._group(name, only or self.behind)
        command: Any = group.commands.get(name)
        if command is None:
            return group
        command.said = HelpText(*map(_below_each_other, parse_help(self.help), command.said))
        command.help = command.said.en
        return command

    def draw(self, name: str) -> Any:
        """The sketch of it: of a group each command's, with what it stands in, and its own words where it does something by itself."""
        found = self.load(name)
        if not isinstance(found, TyperGroup):
            return draw(found)
        own = draw(found) if found.invoke_without_command else {}
        return own | {
            "group": {
                one: {**draw(command), "behind": place}
                for place in self.behind
                for one, command in self._group(name, (place,)).commands.items()
            }
        }

    def sketch(self, name: str, drawn: Any) -> Any:
        """The command or group as it was drawn; what it does is loaded when it is run."""
        if "group" not in drawn:
            return SketchedCommand(name, drawn, partial(self.load, name))
        commands = {
            one: SketchedCommand(one, each, partial(self._load_one, name, one, each["behind"]))
            for one, each in drawn["group"].items()
        }
        if "params" in drawn:
            return SketchedGroup(name, drawn, partial(self.load, name), commands)
        return self.cls(
            name=name,
            help=self.help,
            commands=cast(Any, commands),
            no_args_is_help=True,
            rich_markup_mode=None,
        )

    def _load_one(self, group: str, name: str, place: str) -> Any:
        return self._group(group, (place,)).commands[name]

    def _group(self, name: str, behind: Sequence[str]) -> TyperGroup:
        app = typer.Typer(name=name, help=self.help, cls=self.cls, rich_markup_mode=None)
        for place in behind:
            module, _, function = place.partition(":")
            getattr(import_module(f"{__package__}.{module}"), function or "add")(app)
        app.info.no_args_is_help = app.registered_callback is None
        return typer.main.get_group(app)


def _below_each_other(*paragraphs: str) -> str:
    return "\n\n".join(one for one in paragraphs if one)


class Loading(Mapping[str, Any]):
    """The commands by name, each loaded when it is asked for. `sketches`: their words, where those are known already."""

    def __init__(
        self, entries: Mapping[str, CommandEntry], sketches: Mapping[str, Any] | None = None
    ) -> None:
        self._entries, self._sketches = entries, sketches
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            entry = self._entries[name]
            drawn = None if self._sketches is None else self._sketches.get(name)
            self._loaded[name] = entry.load(name) if drawn is None else entry.sketch(name, drawn)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def listing(entries: Mapping[str, CommandEntry]) -> type[TyperGroup]:
    """A group of these, whose list and whose suggestions load none of them."""

    class Listing(LocalGroup):
        def __init__(self, **attrs: Any) -> None:
            super().__init__(**attrs)
            self.commands = cast(Any, Loading(entries))
            for one in self.params:
                one.__class__ = AsTyped

        def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
            return list(self.commands)

        def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
            lang = answer_form().lang
            rows = [(name, parse_help(entry.help).say(lang)) for name, entry in entries.items()]
            write_rows(formatter, "Commands", rows)

        def main(  # type: ignore[override]
            self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **more: Any
        ) -> Any:
            """Whatever is wrong with the words is said in the reader's language, or is a document."""
            words = list(sys.argv[1:] if args is None else args)
            if args is None:  # this process is for these words alone
                self.commands = cast(Any, Loading(entries, read_sketch()))
            if VARIABLE in os.environ:
                completion_init()
            with answering(words) as wanted:
                if not standalone_mode:
                    return super().main(words, standalone_mode=False, **more)
                try:
                    code = super().main(words, standalone_mode=False, **more)
                except NoArgsIsHelpError as error:
                    print(error.format_message(), file=sys.stderr)
                    code = error.exit_code
                except ClickException as error:
                    code = show(error, wanted)
                except typer.Abort:
                    print("중단했습니다." if wanted.lang == "ko" else "Aborted.", file=sys.stderr)
                    code = 1
            sys.exit(code if isinstance(code, int) else 0)

    return Listing


class YearFirst(LocalGroup):
    """`report 2024 …` is `report make 2024 …`: the year is what people type first."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["make", *args]
        return super().parse_args(ctx, args)
