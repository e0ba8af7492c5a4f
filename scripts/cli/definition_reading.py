"""`definition templates|list|show|diff`: what people read of the rules by which tasks live."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from domain.errors import Bilingual, Lang, Refusal
from domain.lifecycle.content import parse_content
from domain.seoul import local_day
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_lines, say_table
from workflows.definitions.diagrams import as_mermaid, as_svg
from workflows.definitions.drawing import in_words
from workflows.definitions.templates import read_definition
from workflows.queries import definitions

Identity = Annotated[
    str | None,
    typer.Argument(
        help="Name and version, e.g. donghaeng-2024/1, or a definition's file, e.g. gunsan.toml; else all. "
        "= 이름과 버전, 또는 정의의 파일. 예: donghaeng-2024/1, gunsan.toml. 없으면 모두."
    ),
]


class OneDrawing(Refusal):
    """`known`: the definitions that there are."""

    ko = "SVG 그림 하나에는 정의 하나만 담습니다. 정의의 이름을 지정하십시오: {known}."
    en = "An SVG drawing holds one definition. Name it: {known}."


def add(app: typer.Typer) -> None:
    @command(app, "templates")
    def list_templates(run: Run) -> None:
        """List the definitions that come along, as templates for one's own.

        = 프로그램에 포함된 정의를 보여 줍니다. 새 정의의 서식이 됩니다.
        """
        found = definitions.list_templates()
        run.show(found, lambda out: _say_rows(out, run, found.definitions), lists=False)

    @command(app, "list")
    def list_all(run: Run, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """List the definitions of the store: drafts, adopted ones, withdrawn ones, and the years opened by each.

        = 저장소의 정의를 보여 줍니다. 초안, 채택, 폐지와 각 정의로 개시한 사업연도가 나옵니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = definitions.list_definitions(inquiry)
        run.show(found, lambda out: _say_rows(out, run, found.definitions), lists=False)

    @command(app, "show")
    def show(
        run: Run,
        identity: Identity = None,
        form: Annotated[
            Literal["text", "mermaid", "svg"],
            typer.Option(
                "--format",
                help="In words, or as a diagram: Mermaid's text, or a drawing. "
                "= 글로 보이거나, Mermaid 또는 SVG 도표로 그립니다.",
            ),
        ] = "text",
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """Show a definition: who may do what at which stage, what is due, what happens by rule.

        = 정의를 보여 줍니다. 단계별 권한, 기한, 규칙 처리가 나옵니다.
        """
        if identity is not None and identity.endswith(".toml"):
            found = definitions.show_file(read_definition(Path(identity)))
        else:
            with run.asking(as_of, effective) as inquiry:
                found = definitions.show_definitions(inquiry, identity)
        if form == "svg" and len(found.definitions) > 1:
            raise OneDrawing(known=tuple(f"{one.name}/{one.version}" for one in found.definitions))

        def text(out: Console) -> None:
            say_lines(out, run.lang, (_draw(one, form, run.lang) for one in found.definitions))

        run.show(found, text, lists=False)

    @command(app, "diff")
    def diff(
        run: Run,
        before: Annotated[
            str,
            typer.Argument(
                metavar="A", help="Name and version, or a name for its newest. = 이름과 버전, 또는 이름만."
            ),
        ],
        after: Annotated[str, typer.Argument(metavar="B", help="The other one. = 비교할 정의.")],
    ) -> None:
        """Say in what one definition differs from another, entry by entry.

        = 두 정의의 차이를 항목별로 보여 줍니다.
        """
        with run.asking() as inquiry:
            found = definitions.compare_two(inquiry, before, after)

        def text(out: Console) -> None:
            nothing = run.words("없음", "none")
            lines = (
                f"{one.what}: {one.before or nothing} → {one.after or nothing}" for one in found.differences
            )
            say_lines(out, run.lang, lines)

        run.show(found, text, lists=False)


STATES = {
    "file": Bilingual("파일", "a file"),
    "template": Bilingual("서식", "template"),
    "draft": Bilingual("초안", "draft"),
    "adopted": Bilingual("채택", "adopted"),
    "withdrawn": Bilingual("폐지", "withdrawn"),
}


def _say_rows(out: Console, run: Run, rows: Sequence[definitions.DefinitionRow]) -> None:
    columns = (
        Column("정의", "definition"),
        Column("상태", "state"),
        Column("일자", "since"),
        Column("적용 시작일", "may be taken from"),
        Column("대상 연도", "for"),
        Column("개시한 연도", "opened by it"),
        Column("내용의 해시", "hash of its content"),
    )
    every = run.words("모든 연도", "every year")
    cells = (
        (
            one.definition,
            STATES[one.state].say(run.lang),
            "" if one.at is None else str(local_day(one.at)),
            "" if one.from_day is None else str(one.from_day),
            ", ".join(map(str, one.programmes)) or ("" if one.from_day is None else every),
            ", ".join(map(str, one.opened)),
            one.sha256[:12],
        )
        for one in rows
    )
    say_table(out, run.lang, columns, cells)


def _draw(one: definitions.DefinitionShown, form: Literal["text", "mermaid", "svg"], lang: Lang) -> str:
    by = parse_content(one.content)
    match form:
        case "svg":
            return as_svg(by, lang)
        case "mermaid":
            return "\n".join(as_mermaid(by, lang))
        case "text":
            head = f"{STATES[one.state].say(lang)}, SHA-256 {one.sha256}"
            return "\n".join((head, *in_words(by, lang)))
