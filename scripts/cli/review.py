"""`access review`: a month's readings, for whoever answers for them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from domain.access.commands import SignOff
from domain.errors import Refusal
from domain.positions import positions_label
from scripts.cli import values
from scripts.cli.access import Since
from scripts.cli.review_log import say
from scripts.cli.run import Run, command
from scripts.cli.tables import say_lines
from trail.english import many
from trail.files import read_named
from workers.trail_folder import trail_folder
from workflows.permissions import label_of
from workflows.queries.accesses import MonthReviewed, check_month_given, review_month, signing_off

_NAMED = 10
Month = Annotated[str, typer.Argument(metavar="MONTH", help="The month, e.g. 2024-05. = 달. 예: 2024-05")]


class NoteNeeded(Refusal):
    """A sign-off says what was looked at."""

    ko = "점검한 내용과 결과를 --note로 적어 주십시오."
    en = "Say with --note what was looked at and what came of it."


def add(app: typer.Typer) -> None:
    @command(app, "review")
    def review(
        run: Run,
        month: Month,
        sign_off: Annotated[
            bool,
            typer.Option(
                "--sign-off",
                help="Record that the month was reviewed, once it is over. "
                "= 달이 끝난 뒤 점검했다고 기록합니다.",
            ),
        ] = False,
        note: Annotated[
            str | None,
            typer.Option(
                "--note",
                parser=values.text,
                help="What was looked at, and what came of it. = 무엇을 살폈고 어떻게 되었는지.",
            ),
        ] = None,
        since: Since = None,
    ) -> None:
        """Review a month: figures by reader, reading and agency, and what is unusual by which rule (열람 점검).

        = 한 달의 열람을 점검합니다. 열람자, 열람, 기관별 수치와 규칙에 따른 이례를 보여 줍니다.
        """
        check_month_given(month)
        if sign_off and note is None:
            raise NoteNeeded
        kept = None if since is None else partial(read_named, since)
        with run.engine() as engine:
            if sign_off:
                run.may_give(engine, SignOff)
            inquiry = run.inquiry(engine.store)
            if sign_off:
                made = signing_off(inquiry, month, str(note))
                run.show_outcome(run.give(engine, lambda: made))
                return
            found = review_month(inquiry, month, trail_folder(engine.data), kept)

        def text(out: Console) -> None:
            _say(run, found, out)
            say(run, found.log, out)

        run.show(found, text)


def _say(run: Run, found: MonthReviewed, out: Console) -> None:
    def line(text: str, style: str | None = None) -> None:
        out.print(text, style=style, soft_wrap=True, markup=False, highlight=False)

    line(
        run.words(
            f"{found.month}: 열람 {found.readings}건", f"{found.month}: {many(found.readings, 'reading')}"
        ),
        "bold",
    )
    figures = (
        (run.words("열람자", "readers"), found.by_reader.items()),
        (
            run.words("열람 내용", "readings"),
            [(label_of(name, run.lang), count) for name, count in found.by_reading.items()],
        ),
        (run.words("대상 기관", "whose (agencies)"), found.by_agency.items()),
    )
    for title, counted in figures:
        line(title, "bold")
        say_lines(out, run.lang, (f"  {count:6}  {name}" for name, count in counted))
    line(run.words(f"특이사항 {len(found.unusual)}건", f"{len(found.unusual)} unusual"), "bold")
    for one in found.unusual:
        ids = positions_label(one.accesses[:_NAMED]).say(run.lang)
        more = " …" if len(one.accesses) > _NAMED else ""
        line(f"  {one.day} {one.reader}: {one.meaning} [{one.rule}] {ids}{more}")
    signed = found.signed_off
    if signed is None:
        line(run.words("점검이 아직 확인되지 않았습니다.", "The review has not been signed off."))
    elif signed.unchanged:
        line(run.words("점검이 확인되었습니다.", "The review was signed off, over these very readings."))
    else:
        line(
            run.words(
                f"점검이 확인되었으나 그때의 열람은 {signed.readings}건이었습니다: 그 뒤에 달라졌거나 삭제되었습니다.",
                f"The review was signed off over {signed.readings} reading(s): they have changed or were taken out since.",
            ),
            "red",
        )
