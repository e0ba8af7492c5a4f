"""`views verify|rebuild|certificates|drop-old`: rows folded anew beside those in use, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from domain.english import many
from domain.errors import Refusal, Worded, worded
from domain.seoul import Moment
from domain.view.commands import RecordRebuilt, RecordVerified
from domain.view.facts import Rebuilt
from projections.positions import place_of
from projections.rebuilding.comparing import UNEXPLAINED
from projections.rebuilding.rebuild import Certificate, dropped, named, rebuilt, verified
from projections.runner import BATCH, Position, project
from projections.view import View
from projections.views import VIEWS
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOf, Effective
from scripts.cli.views import Name, view_named
from store.connecting import Connection
from workers.bootstrap import Engine, owner_of
from workers.rebuilding import SideBySide
from workflows.order import Outcome
from workflows.reading import certificates_of

Processes = Annotated[
    int,
    typer.Option("--processes", min=1, max=16, help="How many fold side by side, where a view allows it."),
]
Accept = Annotated[
    str | None,
    typer.Option(
        "--accept",
        metavar="REASON",
        help="Switch although rows differ and nothing explains it; the reason is kept.",
    ),
]
_CAUSES = {
    "version": Worded("이전 판의 조회 화면", "an older version of the view"),
    "code": Worded("다른 프로그램이 계산한 행", "folded by another program"),
    "skip": Worded("건너뛰었던 기록을 이제 처리함", "a skipped fact is folded now"),
    UNEXPLAINED: Worded("까닭을 알 수 없음", "nothing explains it"),
}


class ViewDiffers(Refusal):
    """The rows in use are not what the log makes of them."""

    ko = (
        "{view} 조회 화면의 {count}개 행이 기록과 다릅니다({causes}): {rows}. "
        "`donghaeng views rebuild {view}`로 바로잡으십시오."
    )
    en = (
        "{count} rows of the view {view} differ from the log ({causes}): {rows}. "
        "Put them right with `donghaeng views rebuild {view}`."
    )


class ViewLags(Refusal):
    """A certificate would say nothing of the facts that the view has not folded. `why`: it stopped, or is slow."""

    ko = "{view} 조회 화면은 기록 {head}건 중 {position}번까지만 반영되어({lag}건 뒤처짐) 확인서를 만들지 않았습니다: {why}."
    en = (
        "The view {view} is only as far as position {position} of {head} ({lag} behind), so that a certificate would say "
        "nothing of the rest, and none was made: {why}."
    )


def add(app: typer.Typer) -> None:
    @command(app, "verify")
    def verify(run: Run, name: Name, processes: Processes = 1) -> None:
        """Compare a view with a fresh fold at one position, and leave a certificate; exit 1 where a row differs.

        A view that lags behind the log is brought up to date first; one that has stopped is refused.
        """
        view = view_named(name)
        with _at_work(run, "views") as (engine, owner), _bar(run, engine, name) as told:
            _catch_up(run, engine, view, told)
            found = verified(engine.store, owner, view, SideBySide(engine), processes, told)
            done = run.give(engine, lambda: RecordVerified(**_fields(found)))
        if found.differences:
            raise ViewDiffers(
                view=name, count=found.differences, causes=_causes(run, found), rows=named(found.examples)
            )
        _show(run, found, done)

    @command(app, "rebuild")
    def rebuild(run: Run, name: Name, accept: Accept = None, processes: Processes = 1) -> None:
        """Fold a view anew beside the one in use, compare both at one position, and switch.

        A view that lags behind the log is brought up to date first; one that has stopped is refused.
        Commands and readers go on meanwhile. It triggers nothing. Interrupted, it goes on where it was. Differences
        that nothing explains refuse the switch. The old rows are kept until the next rebuild, or `views drop-old`.
        """
        view = view_named(name)
        run.reason = accept or run.reason
        outcomes: list[Outcome] = []
        with _at_work(run, "views.rebuild") as (engine, owner), _bar(run, engine, name) as told:
            _catch_up(run, engine, view, told)
            found = rebuilt(
                engine.store,
                owner,
                view,
                _recorder(run, engine, outcomes),
                accept=accept is not None,
                fold=SideBySide(engine),
                shards=processes,
                told=told,
            )
        _show(run, found, outcomes[-1])

    @command(app, "drop-old")
    def drop_old(run: Run, name: Name) -> None:
        """Drop what a view does not use: rows from before the last rebuild, older versions, an unfinished rebuild."""
        view = view_named(name)
        with _at_work(run, "views.rebuild") as (engine, owner):
            gone = dropped(engine.store, owner, view, _recorder(run, engine, []))
        said = ", ".join(gone) or run.words("없음", "nothing")
        run.show({"view": name, "dropped": gone}, lambda out: out.print(said, soft_wrap=True))

    @command(app, "certificates")
    def certificates(
        run: Run,
        name: Annotated[str | None, typer.Argument(help="Of this view only.")] = None,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """List what rebuilds and verifications found, the newest last."""
        names = [view_named(name).name] if name else list(VIEWS)
        with run.engine() as engine:
            run.may_read(engine, "views")
            at = run.slice(engine.store, as_of, effective)
            facts = certificates_of(engine.store, names, at)
        listed = [
            {
                "view": one.stream.removeprefix("view/"),
                "kind": one.kind,
                "fact": one.position,
                "known_at": one.known_at,
                **msgspec.structs.asdict(one.fact),
            }
            for one in facts
        ]
        run.show({"certificates": listed}, lambda out: _list(run, out, listed))


def _recorder(run: Run, engine: Engine, outcomes: list[Outcome]) -> Callable[[Certificate, str], object]:
    """Puts a switch on record under the build's own command id, so that it stands there once."""

    def record(certificate: Certificate, command_id: str) -> None:
        fields = _fields(certificate) | {"before": certificate.before, "accepted": certificate.unexplained}
        order = run.order(engine, lambda: RecordRebuilt(**fields))
        outcomes.append(engine.door.handle(msgspec.structs.replace(order, command_id=command_id)))

    return record


@contextmanager
def _at_work(run: Run, reading: str) -> Iterator[tuple[Engine, Connection]]:
    with run.engine() as engine:
        run.who(engine)  # a certificate says who had it made; better asked now than in the end
        run.may_read(engine, reading)
        with owner_of(engine) as owner:
            yield engine, owner


def _catch_up(run: Run, engine: Engine, view: View, told: Callable[[int], None]) -> None:
    """Bring the view in use to where the log ends now, and say how far it lagged. Raises ViewLags.

    One that was never made in this program's version is left alone: making it is what a rebuild is for.
    """
    head, place = engine.store.head().position, _place(engine, view)
    if place is None:
        return
    if place.position < head:
        run.err.print(
            run.words(
                f"{view.name} 조회 화면이 기록 {head - place.position:,}건 뒤처져 있어 먼저 따라잡습니다.",
                f"The view {view.name} was {many(head - place.position, 'fact')} behind the log, and catches up first.",
            ),
            style="yellow",
            soft_wrap=True,
        )
    while project(engine.store, view, most=BATCH, up_to=head):
        place = _place(engine, view)
        told(0 if place is None else place.position)
    place = _place(engine, view)
    assert place is not None
    if place.position < head:
        raise ViewLags(
            view=view.name,
            position=f"{place.position:,}",
            head=f"{head:,}",
            lag=f"{head - place.position:,}",
            why=_not_up_to_date(view, place),
        )


def _place(engine: Engine, view: View) -> Position | None:
    with engine.store.connection() as connection:
        return place_of(connection, view)


def _not_up_to_date(view: View, place: Position) -> Worded:
    if place.error is None:
        return Worded("잠시 뒤 다시 하십시오", "try again in a moment")
    return Worded(
        f"{place.error_position}번 기록 앞에서 멈췄습니다({place.error}). 그 기록을 처리할 수 있는 프로그램을 쓰거나 "
        f"`donghaeng views skip {view.name}`으로 건너뛴 뒤 다시 하십시오",
        f"it stopped in front of {place.error_position} ({place.error}). Run a program that can fold that fact, or pass "
        f"over it with `donghaeng views skip {view.name}`, and try again",
    )


def _fields(found: Certificate) -> dict[str, Any]:
    same = (
        "view",
        "version",
        "position",
        "rows",
        "rows_sha256",
        "code_sha256",
        "milliseconds",
        "differences",
    )
    return {name: getattr(found, name) for name in same} | {
        "explained": found.differences - found.unexplained
    }


def _causes(run: Run, found: Certificate) -> str:
    return ", ".join(f"{worded(_CAUSES[cause], run.lang)} {count}" for cause, count in found.causes.items())


def _show(run: Run, found: Certificate, done: Outcome) -> None:
    def text(out: Console) -> None:
        out.print(
            run.words(
                f"{found.view} {found.version}판: {found.position}번 기록까지 {found.rows}행, "
                f"다른 행 {found.differences}, {found.milliseconds / 1000:.1f}초",
                f"{found.view} version {found.version}: {many(found.rows, 'row')} up to position {found.position}, "
                f"{found.differences} differ, {found.milliseconds / 1000:.1f} s",
            )
        )
        for cause, count in found.causes.items():
            out.print(f"  {worded(_CAUSES[cause], run.lang)}: {count}", style="yellow")
            out.print(f"    {named(found.examples, cause)}", soft_wrap=True)
        said = run.words(f"확인서 #{done.last_position}", f"Certificate #{done.last_position}")
        out.print(f"{said} SHA-256 {found.rows_sha256}", soft_wrap=True)

    shown = msgspec.to_builtins(found) | {"differences": found.differences, "certificate": done.last_position}
    run.show(shown, text)


def _list(run: Run, out: Console, listed: list[dict[str, Any]]) -> None:
    for one in listed:
        again = one["kind"] == Rebuilt.kind
        out.print(
            f"#{one['fact']} {worded(Moment(one['known_at']), run.lang)} "
            + run.words(
                f"{one['view']} {one['version']}판 {'다시 만듦' if again else '대조'}: "
                f"{one['position']}번 기록까지 {one['rows']}행, 다른 행 {one['differences']}",
                f"{one['view']} version {one['version']} {'rebuilt' if again else 'verified'}: "
                f"{one['rows']} rows up to position {one['position']}, {one['differences']} differ",
            ),
            soft_wrap=True,
        )
        out.print(f"    SHA-256 {one['rows_sha256']}", soft_wrap=True, style="dim")


@contextmanager
def _bar(run: Run, engine: Engine, name: str) -> Iterator[Callable[[int], None]]:
    """Only where a person looks on."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=run.err,
        transient=True,
        disable=run.as_json or not run.err.is_terminal,
    ) as bar:
        task = bar.add_task(name, total=engine.store.head().position)
        yield lambda position: bar.update(task, completed=position)
