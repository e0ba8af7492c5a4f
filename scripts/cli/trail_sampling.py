"""`trail sample`: a population fixed by a checkpoint, and a draw from it that anyone can repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from projections.inspection.searching import Filters
from scripts.cli.run import Run, command
from scripts.cli.trail_options import with_filter_options
from scripts.cli.trail_reading import comparing, say_complete, say_entries
from trail.english import many
from workers.trail_folder import trail_folder
from workflows.queries.trail_leaving import sample_trail
from workflows.trail.sampling import Sample, Wanted

Out = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="The new folder; it is whole or not there. = 새 폴더. 온전히 생기거나 생기지 않습니다.",
    ),
]
UpTo = Annotated[
    int | None,
    typer.Option(
        metavar="SIZE",
        help="The checkpoint that fixes the population; by default the newest. "
        "= 모집단을 정하는 체크포인트. 적지 않으면 최근 것.",
    ),
]
Draw = Annotated[
    int,
    typer.Option(
        min=0,
        max=100_000,
        help="How many are drawn; without it the population alone is fixed. "
        "= 뽑을 건수. 없으면 모집단만 정합니다.",
    ),
]
SeedOf = Annotated[
    int | None,
    typer.Option(
        metavar="SIZE",
        help="The seed is the root of this checkpoint, a later one than --upto. "
        "= 시드 값은 이 체크포인트의 루트이며, --upto보다 나중이어야 합니다.",
    ),
]
Seed = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="A seed of your own, e.g. from a lottery. = 직접 정한 시드 값. 예: 복권 번호"
    ),
]
Fixed = Annotated[
    str | None,
    typer.Option(
        metavar="SHA256",
        help="The population as it was fixed; refuse another. = 정해 둔 모집단. 다른 것은 거부합니다.",
    ),
]


def add(trails: typer.Typer) -> None:
    @command(trails, "sample")
    @with_filter_options
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
        """Fix a population by a checkpoint, then draw a sample from it by a later one's root; needs --reason (감사 표본).

        = 체크포인트으로 모집단을 정하고, 그 뒤 체크포인트의 루트로 표본을 뽑습니다. --reason이 필요합니다.
        """
        wanted = Wanted(
            upto=upto, draw=draw, seed=seed, seed_checkpoint=seed_checkpoint, population=population
        )
        with run.asking() as inquiry, comparing(run, inquiry.store) as tick:
            found = sample_trail(inquiry, filters, wanted, out, trail_folder(run.settings.data), tick)
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
        console.print(run.words(f"시드: {found.seed}", f"Seed: {found.seed}"), markup=False, soft_wrap=True)
        say_entries(found.entries, console, run.lang)
    console.print(str(out), markup=False, soft_wrap=True, style="dim")
    say_complete(run, found.complete, console)
