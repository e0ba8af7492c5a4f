"""`concern choose|defer|drop|link|review`: how a concern is resolved, what follows, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from domain.aggregate import Command
from domain.concern import commands as concern
from domain.concern.facts import Came
from domain.concern.state import CAME
from scripts.cli import values
from scripts.cli.concern import Alternative
from scripts.cli.concern_reading import ConcernId
from scripts.cli.giving import gives
from scripts.cli.meeting import Text


def add(app: typer.Typer) -> None:
    @gives(app, "choose")
    def choose(concern_id: ConcernId, alternative: Alternative) -> Command:
        """Choose an alternative once opinions are over; say why with --reason (대안 채택).

        = 의견 제출이 끝난 뒤 대안을 채택합니다. 사유는 --reason으로 적습니다.
        """
        return concern.Choose(concern=concern_id, alternative=alternative)

    @gives(app, "defer")
    def defer(
        concern_id: ConcernId,
        until: Annotated[
            datetime,
            typer.Option(
                formats=["%Y-%m-%d"],
                help="After which day it is taken up again. = 이날이 지나면 다시 다룹니다.",
            ),
        ],
    ) -> Command:
        """Defer a concern; say why with --reason (현안 보류).

        = 현안을 보류합니다. 사유는 --reason으로 적습니다.
        """
        return concern.Defer(concern=concern_id, until=until.date())

    @gives(app, "drop")
    def drop(concern_id: ConcernId) -> Command:
        """Drop a concern without choosing an alternative; say why with --reason (현안 종결).

        = 대안을 채택하지 않고 현안을 종결합니다. 사유는 --reason으로 적습니다.
        """
        return concern.Drop(concern=concern_id)

    @gives(app, "link")
    def link(
        concern_id: ConcernId,
        follow_up: Annotated[
            str,
            typer.Argument(
                metavar="WHAT",
                help="task/2024-07, meeting/heads-2024-2#7 (a decision), definition/own/2 or concern/ID. "
                "= task/2024-07, meeting/heads-2024-2#7(의결), definition/own/2, concern/식별자.",
            ),
        ],
    ) -> Command:
        """Link what follows from a concern: a task, a decision, a definition's version, a later concern (후속 조치).

        = 현안의 후속 조치를 연결합니다. 과제, 회의의 의결, 정의의 판, 뒤에 제기된 현안입니다.
        """
        return concern.Link(concern=concern_id, follow_up=follow_up)

    @gives(app, "review")
    def review(
        concern_id: ConcernId,
        came: Annotated[
            Came,
            typer.Option(
                parser=values.choice(**{name: label.ko for name, label in CAME.items()}),
                help="as_expected, in_part or otherwise. = 예상대로 됨 as_expected, 일부만 in_part, 예상과 다름 otherwise.",
            ),
        ],
        text: Text,
    ) -> Command:
        """Say whether it came as expected, from the day of the review on (사후 점검).

        = 예상대로 되었는지 점검 결과를 기록합니다. 점검일부터 할 수 있습니다.
        """
        return concern.Review(concern=concern_id, came=came, text=text)
