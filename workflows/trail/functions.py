"""The database's own functions, which record facts and look texts through, in the verdict of `trail verify --store`."""

from __future__ import annotations

from projections import marks
from store.functions import other_functions
from store.log import Store
from trail.verdict import Verdict


def verify_functions(store: Store, verdict: Verdict) -> None:
    """Say in the verdict whether they are this program's."""
    with store.connection() as connection:
        count, others = other_functions(connection, marks.statements())
    if others:
        names = ", ".join(others)
        verdict.fails(
            "functions",
            f"데이터베이스의 함수가 이 프로그램의 것과 다릅니다: {names}. 글 검색이 빠뜨리거나 기록이 다르게 적힐 수 있습니다",
            f"functions of the database are not this program's: {names}. Looking texts through may leave some out, and facts may be recorded otherwise",
        )
    else:
        verdict.holds(
            "functions",
            f"기록을 적고 글을 찾아보는 데이터베이스 함수 {count:,}개가 이 프로그램의 것입니다",
            f"the {count:,} function(s) of the database that record facts and look texts through are this program's",
        )
