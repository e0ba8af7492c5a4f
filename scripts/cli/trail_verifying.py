"""`trail verify`: a pack, a trail's folder or URL, or the database, held against what was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from domain.errors import Refusal, Worded
from projections.rebuilding.errors import OwnerNeeded
from projections.trail.leaves import Tick
from projections.trail.pack_events import Proven
from projections.trail.pack_files import is_pack
from projections.trail.pack_telling import told_again
from projections.trail.pack_verifying import verify_pack
from projections.trail.sources import Folder, NoSuchTrail, Source, opened
from projections.trail.verdict import Item, Verdict
from projections.trail.verifying import Own, verify_trail
from scripts.cli.run import Run, command
from store.connecting import Connection
from store.errors import StoreUnreachable
from store.files import read_foreign
from workers.bootstrap import Engine, owner_of, vault_of
from workers.sealing.place import trail_folder
from workflows.trail_completeness import verify_entries
from workflows.trail_verifying import verify_store
from workflows.trail_watched import verify_watched
from workflows.vault_against_facts import verify_vault

NOT_PROVED = 5  # exit status; verify.sh has the same
_SHOWN = 50  # events of a pack that are told on the screen


class NothingToVerify(Refusal):
    ko = "무엇을 확인할지 알 수 없습니다. 묶음·폴더·주소를 주거나 --store를 쓰십시오."
    en = "What is to be verified is not said. Give a pack, a folder or a URL, or use --store."


class NotUtf8(Refusal):
    ko = "정책 파일 {path}이(가) UTF-8 글이 아닙니다({problem}). UTF-8로 저장한 뒤 다시 시도하십시오."
    en = "The policy {path} is no UTF-8 text ({problem}). Save it as UTF-8 and try again."


class NotReadable(Refusal):
    ko = "{path} 파일을 읽을 수 없습니다({problem}). 경로를 확인하십시오."
    en = "The file {path} cannot be read ({problem}). Check the path."


def add(app: typer.Typer) -> None:
    @command(app, "verify")
    def verify(
        run: Run,
        where: Annotated[
            str | None, typer.Argument(metavar="PACK|FOLDER|URL", help="A pack, a trail's folder or its URL.")
        ] = None,
        store: Annotated[
            bool, typer.Option("--store", help="The trail of the data folder, and the database against it.")
        ] = False,
        policy: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="The policy with the keys, as you got it on paper."),
        ] = None,
        since: Annotated[
            Path | None, typer.Option(metavar="CHECKPOINT", help="A checkpoint that you kept.")
        ] = None,
        tsa: Annotated[
            Path | None,
            typer.Option(metavar="PEM", help="Certificates of timestamp authorities that you trust."),
        ] = None,
    ) -> None:
        """Check that nothing was edited, removed, reordered, slipped in, cut off or back-dated (감사 이력 검증).

        Exit status: 0 OK; 1 something does not hold; 5 NOT PROVED: all of it fits together, and no policy was given that
        did not come with it (--policy).
        """
        there = trail_folder(run.settings.data) if store else where
        own = Own(
            policy=None if policy is None or _lies_in(policy, there) else _policy(policy),
            since=None if since is None else _read(since),
            certificates=None if tsa is None else _read(tsa),
        )
        verdict, proven = Verdict(), list[Proven]()
        if store:
            with run.engine() as engine, bar(run, verdict, 4) as tick:
                run.may_read(engine, "trail")
                with verdict.checking("trail"):
                    trail = verify_trail(trail_of(engine), own, verdict, tick)
                    if not any(item.where.startswith("tile") for item in verdict.failures):
                        verify_store(engine.store, trail, verdict, tick)
                        with vault_of(run.settings, engine) as vault:
                            verify_vault(engine.store, vault, verdict)
                    with verdict.checking("readings"):
                        verify_watched(engine.store, trail, verdict)
                if not any(item.where == "store" for item in verdict.failures):
                    _verify_entries(engine, verdict, tick)
        elif where is None:
            raise NothingToVerify
        else:
            with opened(where) as source, bar(run, verdict, 1) as tick, verdict.checking(where):
                if is_pack(source):
                    proven = verify_pack(source, own, verdict, tick)
                else:
                    verify_trail(source, own, verdict, tick)
        _show(run, verdict, proven)


def _verify_entries(engine: Engine, verdict: Verdict, tick: Tick) -> None:
    """The entries against the facts; what was found is marked for searches where the owner's connection can be had."""
    with ExitStack() as stack, verdict.checking("entries"):
        try:
            owner: Connection | None = stack.enter_context(owner_of(engine))
        except (OwnerNeeded, StoreUnreachable):
            owner = None
        verify_entries(engine.store, owner, verdict, tick)


def trail_of(engine: Engine) -> Source:
    path = trail_folder(engine.data)
    if not (path / "checkpoint").is_file():
        problem = Worded("봉인된 적이 없습니다", "nothing was sealed yet; run `donghaeng trail seal`")
        raise NoSuchTrail(where=str(path), problem=problem)
    return Folder(path)


@contextmanager
def bar(run: Run, verdict: Verdict | None, rounds: int, total: int | None = None) -> Iterator[Tick]:
    """A bar with the rate, where one is looked at."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=run.err, transient=True, disable=run.as_json) as shown:
        task = shown.add_task(run.words("확인", "checking"), total=total, rate="")

        def tick(count: int) -> None:
            of = total
            if verdict is not None and verdict.checkpoint is not None:
                of = rounds * verdict.checkpoint.size
            speed = shown.tasks[0].speed
            shown.update(task, advance=count, total=of, rate="" if speed is None else f"{speed:,.0f}/s")

        yield tick


def _policy(path: Path) -> str:
    given = _read(path)
    if given.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotUtf8(path=path, problem="UTF-16")
    try:
        return given.decode()
    except UnicodeDecodeError as error:
        raise NotUtf8(path=path, problem=f"byte {error.start}") from None


def _lies_in(policy: Path, where: str | Path | None) -> bool:
    """Whether it is the very file that came with what is checked, which is nobody's own."""
    there = None if where is None else Path(where, "policy")
    return there is not None and there.is_file() and policy.is_file() and there.samefile(policy)


def _read(path: Path) -> bytes:
    try:
        return read_foreign(path)
    except OSError as error:
        raise NotReadable(path=path, problem=error.strerror or type(error).__name__) from None


def _show(run: Run, verdict: Verdict, proven: list[Proven]) -> None:
    told = told_again(proven, run.lang)
    document = verdict.told(run.lang) | ({"events": told} if told else {})

    def text(out: Console) -> None:
        for event in told[:_SHOWN]:
            out.print(Text(_told(run, event)), soft_wrap=True)
        if len(told) > _SHOWN:
            out.print(run.words(f"… 외 {len(told) - _SHOWN:,}건", f"… and {len(told) - _SHOWN:,} more"))
        for item in verdict.items:
            out.print(_line(run, item), soft_wrap=True)
        for key in verdict.keys:
            out.print(Text(run.words("키 ", "key ") + key, style="dim"), soft_wrap=True)
        out.print(_last_line(run, verdict), soft_wrap=True)

    run.show(document, text)
    if not verdict.proved:
        raise typer.Exit(NOT_PROVED if verdict.good else 1)


def _told(run: Run, event: dict[str, Any]) -> str:
    """When it became known; when it was recorded only where that is another time."""
    late = "" if event["recorded_at"] == event["known_at"] else event["recorded_at"]
    recorded = late and run.words(f"  (적힌 시각 {late})", f"  (recorded {late})")
    return f"{event['position']:>8}  {event['known_at']}  {event['sentence']}{recorded}"


def _line(run: Run, item: Item) -> Text:
    mark, style = {True: ("OK     ", "green"), False: ("NOT OK ", "red"), None: ("note   ", "yellow")}[
        item.holds
    ]
    return Text(mark, style=style).append(f"{item.where}: {item.said.say(run.lang)}", style="default")


def _last_line(run: Run, verdict: Verdict) -> Text:
    at = verdict.checkpoint
    if verdict.good and at is not None:
        line = f"{at.origin}  {at.size:,}  {at.root.hex()}"
        if not verdict.own_policy:
            said = run.words(
                "NOT PROVED(증명되지 않음): 서로 맞으나 키가 검사 대상에서 나왔으므로 위조도 그렇습니다. "
                "종이로 받은 정책을 --policy로 주십시오",
                "NOT PROVED: all of it fits together, but so does a forgery: the keys came with what was checked. "
                "Give the policy that you got on paper with --policy",
            )
            return Text(f"{said}  {line}", style="bold yellow")
        gaps = run.words(
            f"  빠진 번호가 있는 흐름 {verdict.gaps:,}개, 위 참조",
            f"  streams with gaps, see above: {verdict.gaps:,}",
        )
        unproved = run.words(
            f"  뒤가 더 있는지 증명되지 않은 흐름 {verdict.unproved:,}개, 위 참조",
            f"  streams said to be whole and not proved to be, see above: {verdict.unproved:,}",
        )
        limits = (gaps if verdict.gaps else "") + (unproved if verdict.unproved else "")
        return Text(f"OK  {line}{limits}", style="bold green")
    said = run.words("확인 실패", "NOT OK")
    short = at is not None and not verdict.quorum
    # a missing quorum is told last: what does not hold is graver than what nobody has witnessed
    quorum = next((item for item in verdict.failures if short and item.where == "checkpoint"), None)
    graver = [item for item in verdict.failures if item is not quorum]
    if graver:
        said += f": {graver[0].where}: {graver[0].said.say(run.lang)}"
        if more := len(graver) - 1:
            said += run.words(f" 외 {more:,}건", f" – and {more:,} more")
    if short:
        missing = run.words("증인 정족수가 없습니다", "the quorum of witnesses is missing")
        said += ("; " if graver else ": ") + missing
    return Text(said, style="bold red")
