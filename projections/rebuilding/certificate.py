"""What a rebuild or a verification found, as its certificate says it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import msgspec

from domain.errors import Bilingual, Refusal
from projections.rebuilding.fold_comparison import UNEXPLAINED, FoldDifferences, RowDifference, Unusable
from projections.rebuilding.shadow_tables import Build
from projections.view import View

CAUSES: Mapping[str, Bilingual] = {
    "version": Bilingual("이전 버전의 조회 화면", "an older version of the view"),
    "code": Bilingual("다른 프로그램이 계산한 행", "folded by another program"),
    "skip": Bilingual("건너뛰었던 기록을 이제 처리함", "a skipped fact is folded now"),
    UNEXPLAINED: Bilingual("원인을 알 수 없음", "nothing explains it"),
}


class ViewDiffers(Refusal):
    """The rows in use are not what the log makes of them."""

    ko = (
        "{view} 조회 화면의 {count}개 행이 기록과 다릅니다({causes}): {rows}. "
        "`donghaeng views rebuild {view}`로 바로잡으십시오."
    )
    en = (
        "The view {view} differs from the log in {count} row(s) ({causes}): {rows}. "
        "Put them right with `donghaeng views rebuild {view}`."
    )


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: see the facts `view.verified` and `view.rebuilt`. `unexplained`: differences without a cause.

    `not_compared`: tables in use that cannot be read; what is found is of the others.
    """

    view: str
    version: int
    before: int | None = None
    position: int
    rows: int
    rows_sha256: str
    code_sha256: str
    milliseconds: int
    causes: dict[str, int]
    examples: list[RowDifference]
    not_compared: list[Unusable] = []

    @property
    def differences(self) -> int:
        return sum(self.causes.values())

    @property
    def unexplained(self) -> int:
        return self.causes.get(UNEXPLAINED, 0)


def list_examples(examples: Sequence[RowDifference], cause: str | None = None) -> str:
    """Some of the rows that differ."""
    return ", ".join(f"{one.table} {one.key}" for one in examples if cause in (None, one.cause))


def refuse_differing(found: Certificate) -> None:
    """Raises ViewDiffers, with the causes, where any row differs."""
    if not found.differences:
        return
    causes = [(CAUSES[cause], count) for cause, count in found.causes.items()]
    raise ViewDiffers(
        view=found.view,
        count=found.differences,
        causes=Bilingual(
            ", ".join(f"{cause.ko} {count}" for cause, count in causes),
            ", ".join(f"{cause.en} {count}" for cause, count in causes),
        ),
        rows=list_examples(found.examples),
    )


def certificate_of(
    view: View,
    before: int | None,
    build: Build,
    position: int,
    fingerprinted: tuple[int, str],
    differences: FoldDifferences,
    began: float,
) -> Certificate:
    return Certificate(
        view=view.name,
        version=view.version,
        before=before,
        position=position,
        rows=fingerprinted[0],
        rows_sha256=fingerprinted[1],
        code_sha256=build.code,
        milliseconds=round((time.monotonic() - began) * 1000),
        causes=dict(differences.counts),
        examples=differences.examples,
        not_compared=differences.not_compared,
    )
