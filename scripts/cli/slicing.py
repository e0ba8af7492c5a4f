"""`--as-of` and `--effective`: the options that every list and show has, and how an answer says of when it is."""

from __future__ import annotations

from typing import Annotated

import typer

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
