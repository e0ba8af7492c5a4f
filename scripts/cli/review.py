"""`access review`: a month's readings, for whoever answers for them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any

import typer
from pydantic_core import PydanticCustomError
from rich.console import Console

from domain.access.commands import SignOff, check_month, review_stream
from domain.access.decider import ACCESS, last_day
from domain.access.facts import Reviewed
from domain.calendar.reckoning import end_of
from domain.english import many
from domain.errors import Refusal
from domain.limits import bad_input
from domain.seoul import SEOUL
from scripts.cli.access import label
from scripts.cli.review_log import look, say, told
from scripts.cli.run import Run, command
from store.accesses import accesses
from store.log import Store
from store.recorded import folded
from workflows.calendars import calendars
from workflows.reviewing import RULES, Review, reviewed, since

_NAMED = 10
Month = Annotated[str, typer.Argument(metavar="MONTH", help="The month, e.g. 2024-05.")]


class NoteNeeded(Refusal):
    """A sign-off says what was looked at."""

    ko = "무엇을 점검했고 어떻게 보았는지 --note로 적어 주십시오."
    en = "Say with --note what was looked at and what came of it."


def add(app: typer.Typer) -> None:
    @command(app, "review")
    def review(
        run: Run,
        month: Month,
        sign_off: Annotated[
            bool, typer.Option("--sign-off", help="Record that the month was reviewed, once it is over.")
        ] = False,
        note: Annotated[
            str | None, typer.Option("--note", help="What was looked at, and what came of it.")
        ] = None,
    ) -> None:
        """Review a month: figures by reader, reading and agency, and what is unusual by which rule (열람 점검)."""
        stream = review_stream(_month(month))
        if sign_off and note is None:
            raise NoteNeeded
        with run.engine() as engine:
            run.may_read(engine, "access")
            found = _review(engine.store, month)
            watched, problem = look(engine)
            if sign_off:
                run.show_outcome(run.give(engine, lambda: _signing_off(found, str(note))))
                return
            signed: Reviewed | None = folded(ACCESS, engine.store.read(stream)).review

        def text(out: Console) -> None:
            _say(run, found, signed, out)
            say(run, watched, problem, out)

        run.show(_reviewed(run, found, signed) | {"log": told(run, watched, problem)}, text)


def _month(given: str) -> str:
    try:
        return check_month(given)
    except PydanticCustomError as error:
        raise bad_input(error, "MONTH") from None


def _review(store: Store, month: str) -> Review:
    start, end = since(month), last_day(month)
    rows = accesses(store, since=datetime.combine(start, time(), SEOUL), until=end_of(end))
    return reviewed(month, rows, calendars(store, {end.year}))


def _signing_off(found: Review, note: str) -> SignOff:
    return SignOff(
        month=found.month,
        readings=found.readings,
        unusual=len(found.unusual),
        rows_sha256=found.rows_sha256,
        note=note,
    )


def _reviewed(run: Run, found: Review, signed: Reviewed | None) -> dict[str, Any]:
    """The review as JSON. `unchanged`: the readings are those that were signed off, unless some were pruned."""
    return {
        "month": found.month,
        "readings": found.readings,
        "by_reader": dict(found.by_reader),
        "by_reading": dict(found.by_reading),
        "by_agency": dict(found.by_agency),
        "unusual": [
            {
                "rule": one.rule,
                "meaning": RULES[one.rule].say(run.lang),
                "reader": one.reader,
                "day": one.day,
                "accesses": one.accesses,
            }
            for one in found.unusual
        ],
        "rows_sha256": found.rows_sha256,
        "signed_off": None
        if signed is None
        else {
            "readings": signed.readings,
            "unusual": signed.unusual,
            "unchanged": signed.rows_sha256 == found.rows_sha256,
        },
    }


def _say(run: Run, found: Review, signed: Reviewed | None, out: Console) -> None:
    def line(text: str, style: str | None = None) -> None:
        out.print(text, style=style, soft_wrap=True, markup=False, highlight=False)

    line(
        run.words(
            f"{found.month}: 열람 {found.readings}건", f"{found.month}: {many(found.readings, 'reading')}"
        ),
        "bold",
    )
    figures = (
        (run.words("읽은 이", "readers"), found.by_reader),
        (run.words("읽은 것", "readings"), [(label(run, name), count) for name, count in found.by_reading]),
        (run.words("누구의 것인가(기관)", "whose (agencies)"), found.by_agency),
    )
    for title, counted in figures:
        line(title, "bold")
        for name, count in counted:
            line(f"  {count:6}  {name}")
    line(run.words(f"특이사항 {len(found.unusual)}건", f"{len(found.unusual)} unusual"), "bold")
    for one in found.unusual:
        ids = ", ".join(f"#{identity}" for identity in one.accesses[:_NAMED])
        more = " …" if len(one.accesses) > _NAMED else ""
        line(f"  {one.day} {one.reader}: {RULES[one.rule].say(run.lang)} [{one.rule}] {ids}{more}")
    if signed is None:
        line(run.words("점검이 아직 확인되지 않았습니다.", "The review has not been signed off."))
    elif signed.rows_sha256 == found.rows_sha256:
        line(run.words("점검이 확인되었습니다.", "The review was signed off, over these very readings."))
    else:
        line(
            run.words(
                f"점검이 확인되었으나 그때의 열람은 {signed.readings}건이었습니다: 그 뒤에 달라졌거나 삭제되었습니다.",
                f"The review was signed off over {signed.readings} readings: they have changed or were taken out since.",
            ),
            "red",
        )
