"""`trail sample`: a population fixed by a checkpoint, and a draw from it that anyone can repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.english import many
from projections.trail.packing import place_of
from projections.trail.searching import Filters
from scripts.cli.run import Run, command
from scripts.cli.trail_options import agencies_of, filtered, tasks_of
from scripts.cli.trail_reading import comparing, say_complete, say_entries
from scripts.cli.trail_verifying import trail_of
from workflows.trail_sampling import Sample, Wanted, sample, write_sample

Out = Annotated[
    Path, typer.Option("--out", metavar="FOLDER", help="The new folder; it is whole or not there.")
]
UpTo = Annotated[
    int | None,
    typer.Option(metavar="SIZE", help="The checkpoint that fixes the population; by default the newest."),
]
Draw = Annotated[
    int,
    typer.Option(min=0, max=100_000, help="How many are drawn; without it the population alone is fixed."),
]
SeedOf = Annotated[
    int | None,
    typer.Option(metavar="SIZE", help="The seed is the root of this checkpoint, a later one than --upto."),
]
Seed = Annotated[str | None, typer.Option(metavar="TEXT", help="A seed of your own, e.g. from a lottery.")]
Fixed = Annotated[
    str | None, typer.Option(metavar="SHA256", help="The population as it was fixed; refuse another.")
]


def add(trails: typer.Typer) -> None:
    @command(trails, "sample")
    @filtered
    def sampled(
        run: Run,
        filters: Filters,
        out: Out,
        upto: UpTo = None,
        draw: Draw = 0,
        seed_checkpoint: SeedOf = None,
        seed: Seed = None,
        population: Fixed = None,
    ) -> None:
        """Fix a population by a checkpoint, then draw a sample from it by a later one's root; needs --reason (감사 표본)."""
        wanted = Wanted(
            upto=upto, draw=draw, seed=seed, seed_checkpoint=seed_checkpoint, population=population
        )
        with run.engine() as engine:
            run.may_export(engine, "trail", agencies_of(filters), tasks=tasks_of(filters))
            place = place_of(trail_of(engine))
            with comparing(run, engine.store) as tick:
                found, positions = sample(engine.store, place, filters, wanted, run.lang, tick)
            write_sample(out, found, positions)
        run.show(found, lambda console: _say(run, out, found, console))


def _say(run: Run, out: Path, found: Sample, console: Console) -> None:
    of = found.population
    console.print(
        run.words(
            f"모집단: 기록 {of.count:,}건(체크포인트 {of.checkpoint.size:,}까지), SHA-256 {of.sha256}",
            f"Population: {many(of.count, 'entry', 'entries')} up to the checkpoint of size {of.checkpoint.size:,}, "
            f"SHA-256 {of.sha256}",
        ),
        soft_wrap=True,
        markup=False,
    )
    if found.seed is None:
        console.print(
            run.words(
                "이 값을 남에게 알려 두고, 다음 봉인 뒤 --draw와 --seed-checkpoint로 뽑으십시오.",
                "Let others have this number, and draw with --draw and --seed-checkpoint after the next seal.",
            ),
            soft_wrap=True,
        )
    else:
        console.print(run.words(f"씨앗: {found.seed}", f"Seed: {found.seed}"), markup=False, soft_wrap=True)
        say_entries(found.entries, console, run.lang)
    console.print(str(out), markup=False, soft_wrap=True, style="dim")
    say_complete(run, found.complete, console)
