"""`clock …`: a simulated store's clock, which is moved by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from domain.seoul import SEOUL
from scripts.cli.run import Run, command
from workers.moving_clock import move_clock, read_clock


def add(app: typer.Typer) -> None:
    @command(app, "move", by_token=False)
    def move(
        run: Run,
        to: Annotated[
            datetime,
            typer.Argument(
                formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
                metavar="DAY",
                help="Till when, in Seoul: a day or a minute. = 언제까지(서울 시각): 날짜나 분.",
            ),
        ],
        alone: Annotated[
            bool,
            typer.Option(
                "--alone",
                help="Nothing is done by rule on the way, as if the ticker were away. "
                "= 티커가 없는 것처럼 그 사이 규칙 처리를 하지 않습니다.",
            ),
        ] = False,
    ) -> None:
        """Move a simulated store's clock on; what falls due by rule on the way is done, and mails go nowhere.

        = 모의 저장소의 시계를 옮깁니다. 그 사이 규칙에 따른 일은 처리되고, 메일은 나가지 않습니다.
        """
        found = move_clock(run.settings, to.replace(tzinfo=SEOUL), alone=alone)
        said = run.words(
            f"시계를 {found.now:%Y-%m-%d %H:%M}(으)로 옮겼습니다. 그 사이 기록 {found.facts}건, 메일 {found.mails}통.",
            f"The clock stands at {found.now:%Y-%m-%d %H:%M}. On the way: {found.facts} fact(s), {found.mails} mail(s).",
        )
        run.show(found, lambda out: out.print(said))

    @command(app, "show")
    def show(run: Run) -> None:
        """Say where the store's clock stands.

        = 저장소의 시계를 보여 줍니다.
        """
        with run.engine() as engine:
            found = read_clock(engine.store)
        run.show(found, lambda out: out.print(f"{found.now:%Y-%m-%d %H:%M} (KST)"))
