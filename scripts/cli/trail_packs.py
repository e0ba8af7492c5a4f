"""`trail proof|pack`: what an inspector takes home."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scripts.cli import values
from scripts.cli.run import Run, command
from scripts.cli.trail_reading import comparing
from scripts.cli.trail_verifying import bar
from trail.english import many
from trail.pack_asked import Asked
from workers.trail_folder import trail_folder
from workflows.queries.trail_leaving import PackMade, make_pack, prove_entry

From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="From this day on. = 이날부터."),
]
To = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="Up to this day. = 이날까지."),
]


def add(app: typer.Typer) -> None:
    @command(app, "proof")
    def proof(
        run: Run,
        position: Annotated[
            int, typer.Argument(min=1, help="The event's position in the log. = 기록의 위치.")
        ],
    ) -> None:
        """Print the proof that an event stands in the sealed log, as C2SP tlog-proof (증명).

        = 사건이 봉인된 기록에 있다는 증명을 C2SP tlog-proof로 출력합니다.
        """
        with run.asking() as inquiry:
            found = prove_entry(inquiry, position, trail_folder(run.settings.data))
        run.show(found, lambda _: typer.echo(found.proof, nl=False))

    _add_pack(app)


def _add_pack(app: typer.Typer) -> None:
    @command(app, "pack")
    def pack(
        run: Run,
        out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The zip to make. = 만들 zip 파일.")],
        task: Annotated[str | None, typer.Option(help="The events of this task. = 이 과제의 사건.")] = None,
        agency: Annotated[
            str | None,
            typer.Option(
                parser=values.AgencyWord,
                help="Of this agency, of its tasks, and what its people did. "
                "= 이 기관과 그 과제, 소속 사람이 한 것.",
            ),
        ] = None,
        definition: Annotated[
            str | None,
            typer.Option(
                metavar="NAME",
                help="All versions of this definition, beside the rest: which rules were in force, and since when. "
                "= 이 정의의 모든 버전. 언제 어떤 규칙이 시행되었는지 증명합니다.",
            ),
        ] = None,
        first: From = None,
        last: To = None,
        everything: Annotated[
            bool, typer.Option("--all", help="Everything that is sealed. = 봉인된 것 모두.")
        ] = False,
    ) -> None:
        """Make a pack to take home: events with all that proves them, checked without us (증거 묶음).

        = 가져갈 증거 묶음을 만듭니다. 우리 없이도 검증할 수 있습니다.
        """
        asked = Asked(
            task=task,
            agency=agency,
            first=None if first is None else first.date(),
            last=None if last is None else last.date(),
            everything=everything,
            definition=definition,
        )
        with run.asking() as inquiry:
            found = make_pack(
                inquiry,
                asked,
                out,
                trail_folder(run.settings.data),
                comparing(run, inquiry.store),
                lambda events: bar(run, None, events),
            )
        run.show(found, lambda console: _say_pack(run, console, found))


def _say_pack(run: Run, console: Console, found: PackMade) -> None:
    out, count = found.file, found.events
    console.print(
        run.words(
            f"사건 {count:,}건을 {out}에 담았습니다. 확인: donghaeng trail verify {out} --policy 종이로_받은_정책",
            f"{many(count, 'event is', 'events are')} in {out}. "
            f"To check it: donghaeng trail verify {out} --policy POLICY (the one on paper)",
        ),
        soft_wrap=True,
    )
    if not found.quorum:
        said = run.words(
            "경고: 증인 정족수가 없는 체크포인트입니다",
            "Warning: the checkpoint has not its quorum of witnesses",
        )
        run.err.print(said, style="bold red")
