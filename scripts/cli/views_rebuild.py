"""`views verify|rebuild|certificates|drop-old`: rows folded anew beside those in use, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from domain.errors import Bilingual, in_language
from domain.positions import position_label
from domain.seoul import Moment
from domain.view.commands import RecordRebuilt, RecordVerified
from domain.view.facts import NotCompared, Rebuilt
from projections.rebuilding.catching_up import catch_up
from projections.rebuilding.certificate import CAUSES, Certificate, list_examples, refuse_differing
from projections.rebuilding.rebuild import drop_unused, rebuild_view, verify_view
from projections.runner import BATCH, project
from projections.sentences.record import WHY_NOT_COMPARED
from scripts.cli.documents import RowsDropped, ViewCompared
from scripts.cli.progress import progress
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import say_nothing
from scripts.cli.views import Name
from store.connecting import Connection
from store.waits import WHOLE
from trail.english import many
from workers.engine import Engine, owner_of
from workers.rebuilding import SideBySide
from workflows.command_envelope import Outcome
from workflows.queries.views import CertificateRead, find_view, list_certificates, may_verify

Processes = Annotated[
    int,
    typer.Option(
        "--processes",
        min=1,
        max=16,
        help="How many fold side by side, where a view allows it. = 화면이 허용하면 동시에 처리할 수.",
    ),
]
Accept = Annotated[
    str | None,
    typer.Option(
        "--accept",
        metavar="REASON",
        help="Switch although rows differ and nothing explains it; the reason is kept. "
        "= 설명되지 않는 차이가 있어도 바꿉니다. 사유가 남습니다.",
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "verify")
    def verify(run: Run, name: Name, processes: Processes = 1) -> None:
        """Compare a view with a fresh fold at one position, and leave a certificate; exit 1 where a row differs.

        = 조회 화면을 같은 위치에서 새로 만든 것과 비교하고 확인서를 남깁니다. 다른 행이 있으면 종료 코드는 1입니다.

        A view that lags behind the log is brought up to date first; one that has stopped is refused.

        = 기록보다 뒤처진 화면은 먼저 최신으로 맞추고, 멈춘 화면은 거부합니다.
        """
        view = find_view(name)
        with _at_work(run) as (engine, owner), _bar(run, engine, name) as told:
            catch_up(engine.store, view, told, _warning(run))
            found = verify_view(engine.store, owner, view, SideBySide(engine), processes, told)
            done = run.give(engine, lambda: RecordVerified(**_fields(found)))
        refuse_differing(found)
        _show(run, found, done)

    @command(app, "rebuild")
    def rebuild(run: Run, name: Name, accept: Accept = None, processes: Processes = 1) -> None:
        """Fold a view anew beside the one in use, compare both at one position, and switch.

        = 쓰고 있는 조회 화면 옆에 새로 만들어 같은 위치에서 비교한 뒤 바꿉니다.

        A view that lags behind the log is brought up to date first; one that has stopped in front of a fact is refused. A table that is damaged is not compared, and the certificate says so. Commands and readers go on meanwhile. It triggers nothing. Interrupted, it goes on where it was. Differences that nothing explains refuse the switch. The old rows are kept until the next rebuild, or `views drop-old`.

        = 기록보다 뒤처진 화면은 먼저 최신으로 맞추고, 어느 기록 앞에서 멈춘 화면은 거부합니다. 손상된 표는 비교하지 않고 확인서에 그렇게 적습니다. 그동안 명령과 열람은 계속되며, 다른 일을 일으키지 않습니다. 중단되면 하던 곳부터 이어 갑니다. 설명되지 않는 차이가 있으면 바꾸지 않습니다. 옛 행은 다음 재구축이나 `views drop-old`까지 남습니다.
        """
        view = find_view(name)
        run.reason = accept or run.reason
        outcomes: list[Outcome] = []
        with _at_work(run, "views.rebuild") as (engine, owner), _bar(run, engine, name) as told:
            damaged = catch_up(engine.store, view, told, _warning(run), made_anew=True)
            found = rebuild_view(
                engine.store,
                owner,
                view,
                _recorder(run, engine, outcomes),
                accept=accept is not None,
                fold=SideBySide(engine),
                shards=processes,
                told=told,
            )
            while damaged and project(engine.store, view, most=BATCH):
                told(found.position)
        _show(run, found, outcomes[-1])

    @command(app, "drop-old")
    def drop_old(run: Run, name: Name) -> None:
        """Drop what a view does not use: rows from before the last rebuild, older versions, an unfinished rebuild.

        = 조회 화면이 쓰지 않는 것을 지웁니다. 마지막 재구축 전의 행, 옛 판, 끝나지 않은 재구축이 해당합니다.
        """
        view = find_view(name)
        with _at_work(run, "views.rebuild") as (engine, owner):
            gone = drop_unused(engine.store, owner, view, _recorder(run, engine, []))
        said = ", ".join(gone) or run.words("없음", "nothing")
        run.show(RowsDropped(name, list(gone)), lambda out: out.print(said, soft_wrap=True))

    @command(app, "certificates")
    def certificates(
        run: Run,
        name: Annotated[str | None, typer.Argument(help="Of this view only. = 이 조회 화면만.")] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List what rebuilds and verifications found, the newest last.

        = 재구축과 검증의 결과를 최근 것이 아래에 오도록 보여 줍니다.
        """
        with run.asking(as_of, effective, waits=WHOLE) as inquiry:
            found = list_certificates(inquiry, name)
        run.show(found, lambda out: _list(run, out, found.certificates))


def _recorder(run: Run, engine: Engine, outcomes: list[Outcome]) -> Callable[[Certificate, str], object]:
    """Puts a switch on record under the build's own command id, so that it stands there once."""

    def record(certificate: Certificate, command_id: str) -> None:
        unread = tuple(NotCompared(table=one.table, why=one.why) for one in certificate.not_compared)
        fields = _fields(certificate) | {
            "before": certificate.before,
            "accepted": certificate.unexplained,
            "not_compared": unread,
        }
        envelope = run.wrap(engine, lambda: RecordRebuilt(**fields))
        outcomes.append(engine.handler.handle(msgspec.structs.replace(envelope, command_id=command_id)))

    return record


@contextmanager
def _at_work(run: Run, act: str | None = None) -> Iterator[tuple[Engine, Connection]]:
    with run.engine(WHOLE) as engine:
        run.who(engine)  # a certificate says who had it made; better asked now than in the end
        inquiry = run.inquiry(engine.store)
        may_verify(inquiry) if act is None else inquiry.may_act(act)
        run.forget_who()  # the work is long, and whoever's token ends meanwhile leaves no certificate
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


def _warning(run: Run) -> Callable[[Bilingual], None]:
    def warn(said: Bilingual) -> None:
        run.err.print(said.say(run.lang), style="yellow", soft_wrap=True, markup=False)

    return warn


def _show(run: Run, found: Certificate, done: Outcome) -> None:
    def text(out: Console) -> None:
        out.print(
            run.words(
                f"{found.view} 버전 {found.version}: {found.position}번 기록까지 {found.rows}행, "
                f"다른 행 {found.differences}, {found.milliseconds / 1000:.1f}초",
                f"{found.view} version {found.version}: {many(found.rows, 'row')} up to position {found.position}, "
                f"{found.differences} differ, {found.milliseconds / 1000:.1f} s",
            )
        )
        for cause, count in found.causes.items():
            out.print(f"  {in_language(CAUSES[cause], run.lang)}: {count}", style="yellow")
            out.print(f"    {list_examples(found.examples, cause)}", soft_wrap=True)
        for one in found.not_compared:
            out.print(
                run.words(
                    f"  대조하지 못한 표 {one.table}: {in_language(WHY_NOT_COMPARED[one.why], run.lang)} ({one.problem})",
                    f"  not compared: {one.table}, {in_language(WHY_NOT_COMPARED[one.why], run.lang)} ({one.problem})",
                ),
                style="yellow",
                soft_wrap=True,
                markup=False,
            )
        said = run.words(
            f"확인서 {position_label(done.last_position).ko}",
            f"Certificate {position_label(done.last_position).en}",
        )
        out.print(f"{said} SHA-256 {found.rows_sha256}", soft_wrap=True)

    shown = msgspec.to_builtins(found) | {"differences": found.differences, "certificate": done.last_position}
    run.show(msgspec.convert(shown, ViewCompared), text)


def _list(run: Run, out: Console, listed: Sequence[CertificateRead]) -> None:
    if not listed:
        say_nothing(out, run.lang)
    for one in listed:
        again = one.kind == Rebuilt.kind
        out.print(
            f"{position_label(one.fact).say(run.lang)} {in_language(Moment(one.known_at), run.lang)} "
            + run.words(
                f"{one.view} 버전 {one.version} {'다시 만듦' if again else '대조'}: "
                f"{one.position}번 기록까지 {one.rows}행, 다른 행 {one.differences}",
                f"{one.view} version {one.version} {'rebuilt' if again else 'verified'}: "
                f"{one.rows} row(s) up to position {one.position}, {one.differences} differ",
            ),
            soft_wrap=True,
        )
        out.print(f"    SHA-256 {one.rows_sha256}", soft_wrap=True, style="dim")


@contextmanager
def _bar(run: Run, engine: Engine, name: str) -> Iterator[Callable[[int], None]]:
    total = engine.store.head().position
    with progress(run, name, name) as told:
        yield lambda position: told(position, total)
