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
from domain.errors import DonghaengError, Refusal
from domain.limits import bad_input
from domain.seoul import SEOUL
from projections.trail.errors import NotTrusted
from projections.trail.sources import Folder
from projections.trail.tiles import Tiles
from projections.trail.watched import Watched
from scripts.cli.access import label
from scripts.cli.run import Run, command
from store.accesses import accesses
from store.log import Store
from store.recorded import folded
from workers.bootstrap import Engine
from workers.sealing.place import trail_folder
from workflows.calendars import calendars
from workflows.reviewing import RULES, Review, reviewed, since
from workflows.trail_watched import WORDS, in_words, remarks, sealed_here, watched_of

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
            watched, problem = _watched(engine)
            if sign_off:
                run.show_outcome(run.give(engine, lambda: _signing_off(found, str(note))))
                return
            signed: Reviewed | None = folded(ACCESS, engine.store.read(stream)).review

        def text(out: Console) -> None:
            _say(run, found, signed, out)
            _say_watched(run, watched, problem, out)

        run.show(_reviewed(run, found, signed) | {"log": _log(run, watched, problem)}, text)


def _month(given: str) -> str:
    try:
        return check_month(given)
    except PydanticCustomError as error:
        raise bad_input(error, "MONTH") from None


def _review(store: Store, month: str) -> Review:
    start, end = since(month), last_day(month)
    rows = accesses(store, since=datetime.combine(start, time(), SEOUL), until=end_of(end))
    return reviewed(month, rows, calendars(store, {end.year}))


def _watched(engine: Engine) -> tuple[Watched, DonghaengError | None]:
    """How the whole log of readings and refusals stands; and why it could not be held against what was sealed of it."""
    problem: DonghaengError | None = None
    tiles: Tiles | None = None
    try:
        tiles = sealed_here(Folder(trail_folder(engine.data)))
        return watched_of(engine.store, tiles), None
    except (
        NotTrusted
    ) as error:  # tiles that do not fit: the entries are compared with their rows all the same
        problem = error
    return watched_of(engine.store, None), problem


def _log(run: Run, watched: Watched, problem: DonghaengError | None) -> dict[str, Any]:
    """`sealed`: null where nothing is sealed on this machine; `gaps`: positions in the log, of strays their rows' ids."""
    return {
        "entries": watched.entries,
        "sealed": watched.sealed,
        "unsealed": watched.unsealed,
        "unsealed_since": watched.unsealed_since,
        "adopted": watched.adopted,
        "pruned": watched.pruned,
        "prunings": watched.prunings,
        "problem": None if problem is None else problem.say(run.lang),
        "gaps": [
            {
                "kind": one.kind,
                "meaning": WORDS[one.kind].say(run.lang),
                "count": one.count,
                "first": one.first,
            }
            for one in watched.gaps
        ],
    }


def _say_watched(run: Run, watched: Watched, problem: DonghaengError | None, out: Console) -> None:
    def line(text: str, style: str | None = None) -> None:
        out.print(text, style=style, soft_wrap=True, markup=False, highlight=False)

    sealed = watched.sealed or 0
    line(
        run.words(
            f"열람·거부 기록 전체 {watched.entries}건, 봉인 {sealed}건",
            f"log of readings and refusals: {many(watched.entries, 'entry', 'entries')} in all, {sealed} sealed",
        ),
        "bold",
    )
    if problem is not None:
        line(f"  {problem.say(run.lang)}", "red")
    elif watched.sealed is None:
        line(
            run.words(
                "  이 기계에 봉인된 것이 없어 봉인과는 비교하지 못했습니다. 봉인하는 기계에서 실행하십시오.",
                "  nothing is sealed on this machine, so that it was not compared with seals; run this where the log is sealed",
            ),
            "yellow",
        )
    for gap in watched.gaps:
        line(f"  {in_words(gap, run.lang)}", "red")
    if not watched.gaps and problem is None:
        line(run.words("  빠진 것이 없습니다.", "  no gaps"))
    for said in remarks(watched):
        line(f"  {said.say(run.lang)}")


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
