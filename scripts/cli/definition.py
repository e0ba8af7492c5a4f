"""`definition …`: the rules by which tasks live, written and adopted, and moving running tasks to other ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.definition.commands import Adopt, Draft, Withdraw
from domain.errors import Bilingual, Refusal
from domain.lifecycle.content import content_of
from domain.limits import definition_name
from projections.sentences.narration import deadline_in_words
from scripts.cli import definition_checks
from scripts.cli.definition_checks import File
from scripts.cli.documents import DefinitionWritten
from scripts.cli.giving import gives
from scripts.cli.new_files import FileExists, write_new
from scripts.cli.run import Run, command, needs_reason
from scripts.cli.tables import Column, say_table
from workflows.definitions.adopted import definitions_of
from workflows.definitions.templates import read_definition, scenarios_beside, templates
from workflows.definitions.writing import write_from, write_scenarios_from
from workflows.queries.migrations import TasksMoving, migrate_tasks
from workflows.scenarios.testing import check_beside


class PreviewOrApply(Refusal):
    """Nothing is moved without having been asked for in so many words."""

    ko = "--preview(보기만)나 --apply(적용) 가운데 하나를 지정하십시오."
    en = "Give either --preview or --apply."


class VersionNeeded(Refusal):
    """A definition is named with its version."""

    ko = "‘{given}’에는 버전이 없습니다. 이름과 버전을 적으십시오. 예: donghaeng-2024/1."
    en = "“{given}” says no version. Give name and version, e.g. donghaeng-2024/1."


def add(app: typer.Typer) -> None:
    _add_writing(app)
    definition_checks.add(app)
    _add_adopting(app)
    _add_migrate(app)


def _add_writing(app: typer.Typer) -> None:
    @command(app, "new")
    def new(
        run: Run,
        name: Annotated[
            str,
            typer.Argument(
                metavar="NAME",
                help="What the new definition is called: small letters, digits and -. "
                "= 새 정의의 이름. 영문 소문자, 숫자, - 만 씁니다.",
            ),
        ],
        template: Annotated[
            str | None,
            typer.Option(
                "--from",
                metavar="NAME/VERSION",
                help="The template; by default the newest. = 서식으로 삼을 정의. 기본값은 최신 버전입니다.",
            ),
        ] = None,
        out: Annotated[
            Path | None,
            typer.Option("--out", help="The file; by default NAME.toml here. = 파일. 기본값은 NAME.toml."),
        ] = None,
    ) -> None:
        """Write a definition of one's own from a template, and its scenarios beside it, to be changed and adopted. Existing files are left alone.

        = 서식에서 새 정의와 그 시나리오의 파일을 만듭니다. 고쳐서 채택하십시오. 이미 있는 파일은 덮어쓰지 않습니다.
        """
        path = out or Path(f"{name}.toml")
        scenarios = scenarios_beside(path)
        if scenarios.exists():  # before anything is written
            raise FileExists(path=scenarios)
        source = template or list(templates())[-1]
        write_new(path, write_from(source, definition_name(name)).encode())
        write_new(scenarios, write_scenarios_from(source).encode())
        said = run.words(
            f"{path}, {scenarios}: {source}에서 만들었습니다. 고친 뒤 `donghaeng definition test {path}`로 시험하십시오.",
            f"{path}, {scenarios}: written from {source}. Change them, then try `donghaeng definition test {path}`.",
        )
        run.show(
            DefinitionWritten(str(path), f"{name}/1", source, str(scenarios)),
            lambda console: console.print(said, soft_wrap=True, markup=False),
            lists=False,
        )


def _add_adopting(app: typer.Typer) -> None:
    @gives(app, "draft", also=("ref",))
    def draft(file: File) -> Draft:
        """Put a definition up for reading, in the log; nothing goes by it until it is adopted.

        = 정의의 초안을 기록에 올립니다. 채택되기 전에는 아무것도 이 초안을 따르지 않습니다.
        """
        found = read_definition(file)
        return Draft(definition=found.name, content=content_of(found))

    @gives(app, "adopt", also=("ref",))
    def adopt(
        file: File,
        from_day: Annotated[
            datetime | None,
            typer.Option(
                "--from",
                formats=["%Y-%m-%d"],
                help="From which day it may be taken; by default today. = 적용 시작일. 기본값은 오늘.",
            ),
        ] = None,
        programmes: Annotated[
            list[int] | None,
            typer.Option(
                "--programme",
                metavar="YEAR",
                help="For this year only; repeat for several. = 이 연도의 사업에만 적용. 여러 해면 되풀이합니다.",
            ),
        ] = None,
    ) -> Adopt:
        """Adopt a definition: from then on its content stands in the log, and never changes. Say why with --reason. Where NAME.scenarios.toml lies beside the file, its scenarios have to pass.

        = 정의를 채택합니다. 내용이 기록에 남아 바뀌지 않습니다. 사유는 --reason으로 적습니다. 파일 옆에 NAME.scenarios.toml이 있으면 그 시나리오가 모두 맞아야 합니다.
        """
        found = read_definition(file)
        check_beside(found, file)
        return Adopt(
            definition=found.name,
            content=content_of(found),
            from_day=None if from_day is None else from_day.date(),
            programmes=tuple(programmes or ()),
        )

    @gives(app, "withdraw", also=("ref",))
    def withdraw(
        identity: Annotated[
            str,
            typer.Argument(metavar="NAME/VERSION", help="Which version. = 폐지할 정의의 이름과 버전."),
        ],
    ) -> Withdraw:
        """Let no programme be opened by a version any more, and no task be moved to it. What goes by it goes on.

        = 정의의 한 버전을 폐지합니다. 새 사업연도와 과제에 더는 쓸 수 없고, 이미 적용된 과제는 그대로입니다.
        """
        name, _, number = identity.partition("/")
        if not number.isascii() or not number.isdecimal():
            raise VersionNeeded(given=identity[:60])
        return Withdraw(definition=name, version=int(number))


def _add_migrate(app: typer.Typer) -> None:
    @command(app, "migrate")
    def migrate(
        run: Run,
        to: Annotated[
            str,
            typer.Option(
                "--to",
                metavar="DEFINITION",
                help="Name and version, e.g. donghaeng-2024/2. = 이름과 버전. 예: donghaeng-2024/2",
            ),
        ],
        preview: Annotated[
            bool,
            typer.Option(
                "--preview", help="Show what would become of each task. = 과제마다 어떻게 될지 보여 줍니다."
            ),
        ] = False,
        apply: Annotated[
            bool,
            typer.Option("--apply", help="Move the tasks, all in one append. = 과제를 한꺼번에 옮깁니다."),
        ] = False,
    ) -> None:
        """Move running tasks to another version of their definition; each stays, moves, or is blocked and says why.

        = 추진 중인 과제를 정의의 다른 버전으로 변경합니다. 과제마다 유지, 변경, 변경 불가와 그 사유를 보여 줍니다.
        """
        if preview == apply:
            raise PreviewOrApply
        if apply:
            needs_reason(run, Bilingual("과제의 정의 변경", "move tasks to another definition"))
        with run.engine() as engine:
            by = definitions_of(engine.store).of(to)
            inquiry, who = run.inquiry(engine.store), run.who(engine)
            found = migrate_tasks(inquiry, engine.handler, by, who, apply=apply)
        run.show(found, lambda out: _say_moving(run, found, out))


def _say_moving(run: Run, found: TasksMoving, out: Console) -> None:
    words = {"stays": ("유지", "stays"), "moves": ("변경", "moves"), "blocked": ("변경 불가", "blocked")}
    columns = (
        Column("과제", "task"),
        Column("과제명", "title", "text"),
        Column("결과", "outcome"),
        Column("변경되는 기한", "deadlines that change", "text"),
    )
    rows = []
    for one in found.tasks:
        changes = [
            f"{deadline_in_words(each.kind, each.item, each.item_name, run.lang, each.kind_name)} {each.before or '–'} → {each.after or '–'}"
            for each in one.changes
        ]
        why = one.reason or ", ".join(changes)
        rows.append((one.task, one.title.say(run.lang), run.words(*words[one.outcome]), why))
    say_table(out, run.lang, columns, rows)
    counts = {name: sum(one.outcome == name for one in found.tasks) for name in words}
    told = ", ".join(f"{run.words(*words[name])} {count}" for name, count in counts.items())
    out.print(("" if found.applied else run.words("미리 보기: ", "Preview: ")) + told)
