"""`trail verify|proof|pack`: what an inspector checks, and takes home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from domain.english import many
from domain.errors import Refusal, Worded
from projections.rebuilding.errors import OwnerNeeded
from projections.trail.leaves import Tick
from projections.trail.pack_asked import Asked
from projections.trail.pack_events import Proven
from projections.trail.pack_files import is_pack
from projections.trail.pack_telling import told_again
from projections.trail.pack_verifying import verify_pack
from projections.trail.packing import Place, place_of, write_pack
from projections.trail.proof import Proof
from projections.trail.sources import Folder, NoSuchTrail, Source, opened
from projections.trail.tiles import Tiles
from projections.trail.tree import inclusion_proof
from projections.trail.verdict import Item, Verdict
from projections.trail.verifying import Own, verify_trail
from scripts.cli.run import Run, command
from scripts.cli.trail_reading import comparing
from store.connecting import Connection
from store.errors import StoreUnreachable
from workers.bootstrap import Engine, owner_of, vault_of
from workflows.trail_completeness import verify_entries
from workflows.trail_packs import gathered
from workflows.trail_verifying import verify_store
from workflows.vault_against_facts import verify_vault

From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="From this day on.")
]
To = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="Up to this day.")
]
NOT_PROVED = 5  # exit status; verify.sh has the same
_SHOWN = 50  # events of a pack that are told on the screen


class NothingToVerify(Refusal):
    ko = "무엇을 확인할지 알 수 없습니다. 묶음·폴더·주소를 주거나 --store를 쓰십시오."
    en = "What is to be verified is not said. Give a pack, a folder or a URL, or use --store."


class NotSealedYet(Refusal):
    ko = "{position}번 기록은 아직 봉인되지 않았습니다(봉인: {size}건까지). `donghaeng trail seal` 뒤에 다시 시도하십시오."
    en = "Event {position} is not sealed yet (sealed: the first {size}). Run `donghaeng trail seal` and try again."


class CannotWrite(Refusal):
    ko = "{path}에 쓸 수 없습니다({problem}). 다른 곳을 --out으로 주십시오."
    en = "{path} cannot be written ({problem}). Give another place with --out."


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
        there = run.settings.data / "trail" if store else where
        own = Own(
            policy=None if policy is None or _lies_in(policy, there) else _policy(policy),
            since=None if since is None else _read(since),
            certificates=None if tsa is None else _read(tsa),
        )
        verdict, proven = Verdict(), list[Proven]()
        if store:
            with run.engine() as engine, _bar(run, verdict, 3) as tick:
                run.may_read(engine, "trail")
                with verdict.checking("trail"):
                    trail = verify_trail(_trail_of(engine), own, verdict, tick)
                    if not any(item.where.startswith("tile") for item in verdict.failures):
                        verify_store(engine.store, trail, verdict, tick)
                        with vault_of(run.settings, engine) as vault:
                            verify_vault(engine.store, vault, verdict)
                if not any(item.where == "store" for item in verdict.failures):
                    _verify_entries(engine, verdict, tick)
        elif where is None:
            raise NothingToVerify
        else:
            with opened(where) as source, _bar(run, verdict, 1) as tick, verdict.checking(where):
                if is_pack(source):
                    proven = verify_pack(source, own, verdict, tick)
                else:
                    verify_trail(source, own, verdict, tick)
        _show(run, verdict, proven)

    @command(app, "proof")
    def proof(
        run: Run, position: Annotated[int, typer.Argument(min=1, help="The event's position in the log.")]
    ) -> None:
        """Print the proof that an event stands in the sealed log, as C2SP tlog-proof (증명)."""
        with run.engine() as engine:
            run.may_read(engine, "trail")
            place = place_of(_trail_of(engine))
        size = place.checkpoint.size
        if position > size:
            raise NotSealedYet(position=position, size=size)
        tiles = Tiles(place.source.read, size)
        path = tuple(inclusion_proof(position - 1, size, tiles.subtree))
        run.show(
            {"position": position, "size": size, "proof": str(Proof(position - 1, path, place.note))},
            lambda _: typer.echo(str(Proof(position - 1, path, place.note)), nl=False),
        )

    _add_pack(app)


def _add_pack(app: typer.Typer) -> None:
    @command(app, "pack")
    def pack(
        run: Run,
        out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The zip to make.")],
        task: Annotated[str | None, typer.Option(help="The events of this task.")] = None,
        agency: Annotated[
            str | None, typer.Option(help="Of this agency, of its tasks, and what its people did.")
        ] = None,
        first: From = None,
        last: To = None,
        everything: Annotated[bool, typer.Option("--all", help="Everything that is sealed.")] = False,
    ) -> None:
        """Make a pack to take home: events with all that proves them, checked without us (증거 묶음)."""
        asked = Asked(
            task=task,
            agency=agency,
            first=None if first is None else first.date(),
            last=None if last is None else last.date(),
            everything=everything,
        )
        with run.engine() as engine:
            run.may_export(engine, "trail", tasks=() if task is None else (task,))
            place = place_of(_trail_of(engine))
            with comparing(run, engine.store) as compared:
                events = gathered(engine.store, asked, place.checkpoint.size, compared)
            with _bar(run, None, 1, len(events)) as tick, _writing(out):
                write_pack(place, events, asked, run.reason or "", out, tick)
        _check_what_was_made(out, place)
        count = sum(event.asked for event in events)
        document = {"file": str(out), "events": count, "size": place.checkpoint.size, "quorum": place.quorum}
        run.show(document, lambda out_: _say_pack(run, out_, out, count, place))


def _verify_entries(engine: Engine, verdict: Verdict, tick: Tick) -> None:
    """The entries against the facts; what was found is marked for searches where the owner's connection can be had."""
    with ExitStack() as stack, verdict.checking("entries"):
        try:
            owner: Connection | None = stack.enter_context(owner_of(engine))
        except (OwnerNeeded, StoreUnreachable):
            owner = None
        verify_entries(engine.store, owner, verdict, tick)


def _trail_of(engine: Engine) -> Source:
    path = engine.data / "trail"
    if not (path / "checkpoint").is_file():
        problem = Worded("봉인된 적이 없습니다", "nothing was sealed yet; run `donghaeng trail seal`")
        raise NoSuchTrail(where=str(path), problem=problem)
    return Folder(path)


def _check_what_was_made(out: Path, place: Place) -> None:
    """What we hand out we have checked as its reader will. A quorum that is missing is the reader's to see."""
    verdict = Verdict()
    with opened(str(out)) as source:
        verify_pack(source, Own(policy=place.policy.text), verdict, lambda _: None)
    wrong = [item for item in verdict.failures if place.quorum or item.where != "checkpoint"]
    if wrong:
        out.unlink()
        raise PackNotGood(where=wrong[0].where, problem=wrong[0].said)


class PackNotGood(Refusal):
    """What was made did not stand its own check, so it was thrown away."""

    ko = "묶음을 만들었으나 검증되지 않아 버렸습니다: {where}: {problem}. `donghaeng trail verify --store`로 기록을 확인하십시오."
    en = "The pack that was made did not verify and was thrown away: {where}: {problem}. Check the log with `donghaeng trail verify --store`."


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(path=out, problem=error.strerror or type(error).__name__) from None


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
        return path.read_bytes()
    except OSError as error:
        raise NotReadable(path=path, problem=error.strerror or type(error).__name__) from None


@contextmanager
def _bar(run: Run, verdict: Verdict | None, rounds: int, total: int | None = None) -> Iterator[Tick]:
    """A bar with the rate, where one is looked at."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=run.err, transient=True, disable=run.as_json) as bar:
        task = bar.add_task(run.words("확인", "checking"), total=total, rate="")

        def tick(count: int) -> None:
            of = total
            if verdict is not None and verdict.checkpoint is not None:
                of = rounds * verdict.checkpoint.size
            speed = bar.tasks[0].speed
            bar.update(task, advance=count, total=of, rate="" if speed is None else f"{speed:,.0f}/s")

        yield tick


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
        return Text(f"OK  {line}{gaps if verdict.gaps else ''}", style="bold green")
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


def _say_pack(run: Run, console: Console, out: Path, count: int, place: Place) -> None:
    console.print(
        run.words(
            f"사건 {count:,}건을 {out}에 담았습니다. 확인: donghaeng trail verify {out} --policy 종이로_받은_정책",
            f"{many(count, 'event is', 'events are')} in {out}. "
            f"To check it: donghaeng trail verify {out} --policy POLICY (the one on paper)",
        ),
        soft_wrap=True,
    )
    if not place.quorum:
        said = run.words(
            "경고: 증인 정족수가 없는 체크포인트입니다",
            "Warning: the checkpoint has not its quorum of witnesses",
        )
        run.err.print(said, style="bold red")
