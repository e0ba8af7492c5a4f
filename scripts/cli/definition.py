"""`definition check|show|migrate`: the rules by which tasks live, and moving running tasks to other ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from domain.errors import Refusal
from projections.sentences.telling import deadline_named
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table
from workflows.definitions.drawing import as_mermaid, in_words
from workflows.definitions.model import definition, definitions, read_definition
from workflows.migrating import Moving, migration

Identity = Annotated[str | None, typer.Argument(help="Name and version, e.g. donghaeng-2024/1; else all.")]


class PreviewOrApply(Refusal):
    """Nothing is moved without having been asked for in so many words."""

    ko = "--preview(보기만)나 --apply(적용) 가운데 하나를 주십시오."
    en = "Give either --preview or --apply."


class MigrationReasonNeeded(Refusal):
    """Why running tasks live by other rules from now on is kept."""

    ko = "왜 옮기는지 --reason으로 적어 주십시오."
    en = "Say with --reason why the tasks are moved."


def add(app: typer.Typer) -> None:
    _add_check(app)
    _add_show(app)
    _add_migrate(app)


def _add_check(app: typer.Typer) -> None:
    @command(app, "check")
    def check(run: Run, file: Annotated[Path, typer.Argument(help="The definition, as TOML.")]) -> None:
        """Check a definition: every stage reachable and left again, every rule possible where it stands."""
        found = read_definition(file)
        run.show(
            {
                "definition": found.identity,
                "deadlines": len(found.deadlines),
                "transitions": len(found.transitions),
            },
            lambda out: out.print(run.words(f"{found.identity}: 바릅니다.", f"{found.identity} is sound.")),
        )


def _add_show(app: typer.Typer) -> None:
    @command(app, "show")
    def show(
        run: Run,
        identity: Identity = None,
        form: Annotated[
            Literal["text", "mermaid"], typer.Option("--format", help="In words, or as a diagram.")
        ] = "text",
    ) -> None:
        """Show a definition: who may do what at which stage, what is due, what happens by rule."""
        shown = list(definitions().values()) if identity is None else [definition(identity)]

        def text(out: Console) -> None:
            for one in shown:
                lines = in_words(one, run.lang) if form == "text" else as_mermaid(one)
                out.print("\n".join(lines), highlight=False, soft_wrap=True, markup=False)

        run.show({"definitions": [one.model_dump(mode="json") for one in shown]}, text)


def _add_migrate(app: typer.Typer) -> None:
    @command(app, "migrate")
    def migrate(
        run: Run,
        to: Annotated[
            str, typer.Option("--to", metavar="DEFINITION", help="Name and version, e.g. donghaeng-2024/2.")
        ],
        preview: Annotated[
            bool, typer.Option("--preview", help="Show what would become of each task.")
        ] = False,
        apply: Annotated[bool, typer.Option("--apply", help="Move the tasks, all in one append.")] = False,
    ) -> None:
        """Move running tasks to another version of their definition; each stays, moves, or is blocked and says why."""
        if preview == apply:
            raise PreviewOrApply
        if apply and not run.reason:
            raise MigrationReasonNeeded
        by = definition(to)
        with run.engine() as engine:
            run.may_read(engine, "definition.migrate")
            found = list(migration(engine.store, by, run.who(engine), run.reason))
            if apply:
                engine.door.handle_all([order for _, order in found if order is not None])
        _show_moving(run, [moving for moving, _ in found], applied=apply)


def _show_moving(run: Run, found: list[Moving], *, applied: bool) -> None:
    words = {"stays": ("그대로", "stays"), "moves": ("옮김", "moves"), "blocked": ("막힘", "blocked")}

    def text(out: Console) -> None:
        columns = (
            Column("과제", "task"),
            Column("제목", "title", "text"),
            Column("결과", "outcome"),
            Column("바뀌는 기한", "deadlines that change", "text"),
        )
        rows = []
        for one in found:
            changes = [
                f"{deadline_named(each.kind, each.item, run.lang)} {each.before or '–'} → {each.after or '–'}"
                for each in one.changes
            ]
            why = one.reason.say(run.lang) if one.reason else ", ".join(changes)
            rows.append((one.task, one.title.say(run.lang), run.words(*words[one.outcome]), why))
        say_table(out, run.lang, columns, rows)
        counts = {name: sum(one.outcome == name for one in found) for name in words}
        told = ", ".join(f"{run.words(*words[name])} {count}" for name, count in counts.items())
        out.print(("" if applied else run.words("미리 보기: ", "Preview: ")) + told)

    run.show({"applied": applied, "tasks": [_moving(run, one) for one in found]}, text)


def _moving(run: Run, one: Moving) -> dict[str, Any]:
    return {
        "task": one.task,
        "from": one.frm,
        "outcome": one.outcome,
        "reason": None if one.reason is None else one.reason.say(run.lang),
        "changes": one.changes,
    }
