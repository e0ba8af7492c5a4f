"""`trail proof|pack`: what an inspector takes home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.english import many
from domain.errors import Refusal
from projections.trail.pack_asked import Asked
from projections.trail.pack_verifying import verify_pack
from projections.trail.packing import Place, place_of, whole_of, write_pack
from projections.trail.proof import Proof
from projections.trail.sources import opened
from projections.trail.tiles import Tiles
from projections.trail.tree import inclusion_proof
from projections.trail.verdict import Verdict
from projections.trail.verifying import Own
from scripts.cli.run import Run, command
from scripts.cli.trail_reading import comparing
from scripts.cli.trail_verifying import bar, trail_of
from workflows.trail_packs import gathered

From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="From this day on.")
]
To = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="Up to this day.")
]


class NotSealedYet(Refusal):
    ko = "{position}번 기록은 아직 봉인되지 않았습니다(봉인: {size}건까지). `donghaeng trail seal` 뒤에 다시 시도하십시오."
    en = "Event {position} is not sealed yet (sealed: the first {size}). Run `donghaeng trail seal` and try again."


class CannotWrite(Refusal):
    ko = "{path}에 쓸 수 없습니다({problem}). 다른 곳을 --out으로 주십시오."
    en = "{path} cannot be written ({problem}). Give another place with --out."


def add(app: typer.Typer) -> None:
    @command(app, "proof")
    def proof(
        run: Run, position: Annotated[int, typer.Argument(min=1, help="The event's position in the log.")]
    ) -> None:
        """Print the proof that an event stands in the sealed log, as C2SP tlog-proof (증명)."""
        with run.engine() as engine:
            run.may_read(engine, "trail")
            place = place_of(trail_of(engine))
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
            place = place_of(trail_of(engine))
            whole = whole_of(place, asked)  # at once: the next seal counts on
            with comparing(run, engine.store) as compared:
                events = gathered(engine.store, asked, place.checkpoint.size, compared)
            with bar(run, None, 1, len(events)) as tick, _writing(out):
                write_pack(place, events, asked, run.reason or "", out, tick, whole)
        _check_what_was_made(out, place)
        count = sum(event.asked for event in events)
        document = {"file": str(out), "events": count, "size": place.checkpoint.size, "quorum": place.quorum}
        run.show(document, lambda out_: _say_pack(run, out_, out, count, place))


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
