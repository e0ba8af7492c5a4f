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
from projections.rebuilding.comparing import UNEXPLAINED
from projections.rebuilding.rebuild import Certificate, dropped, named, rebuilt, verified
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


def add(app: typer.Typer) -> None:
    @command(app, "verify")
    def verify(run: Run, name: Name, processes: Processes = 1) -> None:
        """Compare a view with a fresh fold at one position, and leave a certificate; exit 1 where a row differs."""
        view = view_named(name)
        with _at_work(run, "views") as (engine, owner), _bar(run, engine, name) as told:
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

        Commands and readers go on meanwhile. It triggers nothing. Interrupted, it goes on where it was. Differences
        that nothing explains refuse the switch. The old rows are kept until the next rebuild, or `views drop-old`.
        """
        view = view_named(name)
        run.reason = accept or run.reason
        outcomes: list[Outcome] = []
        with _at_work(run, "views.rebuild") as (engine, owner), _bar(run, engine, name) as told:
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
