"""`attachment …`: files that were attached to a task, a meeting or a fund."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.attachments import say_size
from domain.errors import Bilingual
from projections.texts import ATTACHMENT_PROBLEMS
from scripts.cli.new_files import appear_new
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_lines, say_table
from store.texts import TextState
from workflows.queries.attachments import (
    AttachmentShown,
    list_attachments,
    save_attachment,
    show_attachment,
)

About = Annotated[
    str,
    typer.Argument(
        metavar="ABOUT",
        help="The task's number, or what else has files: meeting/ID, fund/ID. "
        "= 과제번호, 또는 meeting/식별자, fund/식별자.",
    ),
]
Given = Annotated[
    str,
    typer.Argument(
        metavar="ATTACHMENT",
        help="Its name, its id or the beginning of that: see `donghaeng attachment list`. "
        "= 첨부의 이름이나 식별자, 또는 그 앞부분. `donghaeng attachment list`에 나옵니다.",
    ),
]
_COLUMNS = (
    Column("식별자", "id"),
    Column("이름", "name", "text"),
    Column("크기", "size", "figure"),
    Column("기록", "fact", "figure"),
    Column("항목", "field", "text"),
    Column("상태", "state", "text"),
)
_FINE = Bilingual("봉인된 지문과 같음", "as committed")


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_of(run: Run, about: About, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """List the files attached to a task, meeting or fund (첨부 목록); each is compared with its commitment.

        = 과제, 회의, 기금의 첨부를 보여 줍니다. 하나하나 봉인된 지문과 대조합니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = list_attachments(inquiry, about)
        rows = [
            (
                one.attachment[:8],
                one.name,
                say_size(one.size),
                f"#{one.number}",
                "–" if one.label is None else one.label.say(run.lang),
                _state(run, one),
            )
            for one in found.attachments
        ]
        nothing = Bilingual("첨부가 없습니다.", "Nothing is attached.")
        run.show(found, lambda out: say_table(out, run.lang, _COLUMNS, rows, nothing))

    @command(app, "show")
    def show(run: Run, about: About, given: Given) -> None:
        """Show what is known of an attached file: kind, size, digest, and whether it is as committed.

        = 첨부의 형식, 크기, 해시와, 봉인된 지문과 같은지를 보여 줍니다.
        """
        with run.asking() as inquiry:
            one = show_attachment(inquiry, about, given)
        run.show(one, lambda out: _say(run, one, out))

    @command(app, "save")
    def save(
        run: Run,
        about: About,
        given: Given,
        out: Annotated[
            Path | None,
            typer.Option(
                "--out",
                metavar="FILE",
                help="Where to; else under its own name here. = 저장할 파일. 없으면 이 폴더에 원래 이름으로 저장합니다.",
            ),
        ] = None,
    ) -> None:
        """Save an attached file (첨부 저장), where it is as committed; never over another file.

        = 첨부가 봉인된 지문과 같으면 파일로 저장합니다. 있는 파일에 덮어쓰지 않습니다.
        """
        with run.asking() as inquiry:
            one = save_attachment(inquiry, about, given, lambda name: appear_new(out or Path(name)))
        path = out or Path(one.name)
        run.show(
            one,
            lambda console: console.print(
                run.words(f"저장했습니다: {path}", f"Saved: {path}"), soft_wrap=True, markup=False
            ),
        )


def _state(run: Run, one: AttachmentShown) -> str:
    if one.state is TextState.REDACTED:
        return run.words(f"비공개 처리됨({one.redacted}번 기록)", f"redacted by fact {one.redacted}")
    return ATTACHMENT_PROBLEMS.get(one.state, _FINE).say(run.lang)


def _say(run: Run, one: AttachmentShown, out: Console) -> None:
    labels = (
        (("이름", "name"), one.name),
        (("식별자", "id"), one.attachment),
        (("형식", "media type"), one.media),
        (("크기", "size"), f"{say_size(one.size)} ({one.size:,} B)"),
        (("SHA-256", "SHA-256"), one.sha256 or "–"),
        (("기록", "fact"), f"#{one.number}, {one.at:%Y-%m-%d %H:%M}"),
        (("항목", "field"), "–" if one.label is None else one.label.say(run.lang)),
        (("상태", "state"), _state(run, one)),
    )
    say_lines(out, run.lang, (f"{run.words(*label)}: {said}" for label, said in labels))
