"""`--as-of` and `--effective`: the options that every list and show has, and how an answer says of when it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from domain.errors import Lang
from domain.seoul import SEOUL
from workflows.as_of_options import SliceRead

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE|TIME",
        help="As it was known then: a day (to its end) or 2024-03-07T09:30, Seoul. "
        "= 그때 알려진 대로. 날짜(그날 끝까지)나 2024-03-07T09:30(서울 시각).",
    ),
]
EffectiveOption = Annotated[
    str | None,
    typer.Option(
        "--effective",
        metavar="DATE|TIME",
        help="As it was then, by all that is known now: as corrected since. "
        "= 그때의 상태를 그 뒤의 정정까지 반영하여.",
    ),
]


def head(wanted: SliceRead, lang: Lang) -> str:
    """In which sense and of when the answer is, in a line."""
    known = None if wanted.as_of is None else _moment(wanted.as_of, lang)
    so = None if wanted.effective is None else _moment(wanted.effective, lang)
    if lang == "ko":
        if so is None:
            said = f"{known} 알려진 대로"
        else:
            said = f"{so} 있었던 일을 " + (f"{known} 알려진 대로" if known else "그 뒤의 정정까지 반영하여")
        return f"{said} (기록 {wanted.position}번까지)"
    if so is None:
        said = f"As it was known {known}"
    else:
        said = f"As it was {so}, " + (f"as known {known}" if known else "as corrected since")
    return f"{said} (facts up to position {wanted.position})"


def _moment(moment: datetime, lang: Lang) -> str:
    """Until when, as a person says it."""
    local = moment.astimezone(SEOUL)
    if local.hour == local.minute == local.second == 0:
        day = (local - timedelta(days=1)).date()
        return f"{day}까지" if lang == "ko" else f"by the end of {day}"
    said = f"{local:%Y-%m-%d %H:%M}" if local.second == 0 else f"{local:%Y-%m-%d %H:%M:%S}"
    return f"{said} 전까지" if lang == "ko" else f"before {said}"
