"""The options that every command has, and those that many have."""

from __future__ import annotations

import inspect
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from scripts.cli import values
from scripts.cli.asked import LangOption

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Data folder of the servers that come along. = 함께 오는 서버의 자료 폴더.",
        show_default="./var",
    ),
]
TaskArgument = Annotated[str, typer.Argument(help="The task's number, e.g. 2024-07. = 과제번호. 예: 2024-07")]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="One JSON document on stdout; log lines on stderr. "
        "= 표준 출력에 JSON 문서 하나, 표준 오류에 로그.",
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="ACTOR",
        help="Who acts: ROLE or ROLE@AGENCY, e.g. planner or officer@gto, the agency by id or name; a person with :ID. "
        "= 누가 하는지: 역할이나 역할@기관. 예: planner, officer@gto. 기관은 식별자나 이름으로 적고, 사람은 :식별자를 붙입니다.",
    ),
]
Behalf = Annotated[
    str | None,
    typer.Option(
        "--on-behalf-of",
        metavar="ACTOR",
        help="In whose place you act, as substitute or delegate: ROLE@AGENCY:ID. --as then names you by your id. "
        "= 직무대리나 위임으로 누구를 대신하는지: 역할@기관:식별자. 이때 --as에는 본인의 식별자를 적습니다.",
    ),
]
Reason = Annotated[
    str | None,
    typer.Option(
        "--reason", parser=values.text, help="Why; kept beside the fact. = 사유. 기록과 함께 남습니다."
    ),
]
CommandId = Annotated[
    str | None,
    typer.Option(
        "--command-id",
        metavar="UUID",
        help="The same id is carried out once. = 같은 번호의 명령은 한 번만 처리됩니다.",
    ),
]
Log = Annotated[
    str | None,
    typer.Option(
        "--log",
        metavar="json|console",
        help="Form of the log lines on stderr. = 표준 오류에 쓰는 로그의 형식.",
    ),
]
Ref = Annotated[
    str | None,
    typer.Option("--ref", help="Number of the approval document (문서번호). = 결재 문서의 번호(문서번호)."),
]
EffectiveAt = Annotated[
    datetime | None,
    typer.Option(
        "--effective-at",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        help="When it was so, for a late entry. = 늦게 입력할 때, 실제로 있었던 때.",
    ),
]

Note = Annotated[
    str,
    typer.Option(
        parser=values.text,
        help="What came of it; kept beside the fact. = 어떻게 되었는지. 기록과 함께 남습니다.",
    ),
]
LookedAt = Annotated[
    str,
    typer.Option(
        "--note",
        parser=values.text,
        help="What was looked at, and what came of it. = 무엇을 살폈고 어떻게 되었는지.",
    ),
]
Most = Annotated[int, typer.Option("--most", min=1, max=10_000, help="How many at most. = 최대 건수.")]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        help="It cannot be undone: do not ask at the terminal. "
        "= 되돌릴 수 없는 명령을 터미널에서 묻지 않고 실행합니다.",
    ),
]


def common_options(
    *,
    actor: As = None,
    on_behalf_of: Behalf = None,
    reason: Reason = None,
    command_id: CommandId = None,
    as_json: AsJson = False,
    lang: LangOption = None,
    log: Log = None,
    data: Data = None,
) -> None:
    """The options that every command has; only its signature is used."""


SHARED = inspect.signature(common_options, eval_str=True)
