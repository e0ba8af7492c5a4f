"""The views behind lists, deadlines, reminders and inboxes, held against the facts: every one but the entries, which have a part of their own."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from domain.errors import Bilingual
from domain.positions import positions_label
from projections.inspection.entries import TRAIL_ENTRIES
from projections.rows_in_use import ComparingViews, InUse, InUseDifference, compare_views
from projections.view import View
from projections.views import VIEWS
from store.connecting import Connection
from store.log import Store
from trail.english import many
from trail.verdict import Verdict

WHERE = "views"


def compare_views_on() -> list[View]:
    """Every view but the entries: inspectors may read all that is read of any, and what they read names agencies by another."""
    return [view for view in VIEWS.values() if view is not TRAIL_ENTRIES]


class ViewsPart:
    """Whether the rows in use are what the facts make of them. See trail_parts.Part."""

    where = WHERE

    def __init__(self, store: Store, connection: Connection) -> None:
        self._comparing = ComparingViews(store, connection, compare_views_on())
        self.take = self._comparing.take
        self._found: Sequence[InUse] = ()

    def end(self) -> None:
        self._found = self._comparing.end()

    def say(self, verdict: Verdict) -> None:
        say_views(self._found, verdict)

    def close(self) -> None:
        """Nothing is held."""


def differing_views(store: Store, views: Sequence[View]) -> dict[str, str]:
    """By name, those of these views that are not what the facts make of them: SHA-256, hex, over what differs, so that
    another difference has another digest. What is not built yet differs in nothing. Raises StoreUnreachable, StoreFault.
    """
    found = compare_views(store, views)
    return {one.view: _digest(one) for one in found if _problem(one) is not None}


def _digest(one: InUse) -> str:
    said = "" if one.problem is None else one.problem.en
    which = [(difference.table, difference.key) for difference in one.differences]
    return sha256(msgspec.json.encode([said, one.count, which, one.another])).hexdigest()


def say_views(found: Sequence[InUse], verdict: Verdict) -> None:
    """Say in the verdict of each view whether it is what the facts make of it, and up to which position."""
    same = []
    for one in found:
        if (problem := _problem(one)) is not None:
            verdict.fails(WHERE, problem.ko, problem.en)
        elif one.not_built is not None:
            verdict.remarks(WHERE, one.not_built.ko, one.not_built.en)
        else:
            same.append(one)
        if one.skipped:
            verdict.remarks(
                WHERE,
                f"조회 화면 {one.view}: 건너뛰게 한 기록 때문에 다른 행이 {one.skipped:,}개 있습니다. `donghaeng views rebuild {one.view}`로 다시 만드십시오",
                f"the view {one.view}: {many(one.skipped, 'row differs', 'rows differ')} by facts that it was let pass over and that can be folded now; make it anew with `donghaeng views rebuild {one.view}`",
            )
    if same:
        verdict.holds(
            WHERE,
            f"목록·기한·알림·할 일이 보여 주는 조회 화면이 기록에서 다시 만든 것과 같습니다: {_list_tables(same, '{}({:,}번 기록까지)')}",
            f"what lists, deadlines, reminders and inboxes show is what the facts make of it: {_list_tables(same, '{} (up to event {:,})')}",
        )
    for one in same:
        if one.lag:
            verdict.remarks(
                WHERE,
                f"조회 화면 {one.view}에는 그 뒤의 기록 {one.lag:,}건이 아직 없습니다",
                f"the view {one.view} does not show the {many(one.lag, 'fact after that', 'facts after that')} yet",
            )


def _list_tables(found: Sequence[InUse], form: str) -> str:
    return ", ".join(form.format(", ".join(one.tables), one.position) for one in found)


def _problem(one: InUse) -> Bilingual | None:
    if one.problem is not None:
        return one.problem
    if one.another and not one.differences:
        at = positions_label(one.another[:5])
        return Bilingual(
            f"조회 화면 {one.view}의 지난 상태로 보관된 것({at.ko}까지)이 기록과 다릅니다",
            f"what is kept of the view {one.view} as it was (up to {at.en}) is another than the facts make",
        )
    if not one.differences:
        return None
    first, more = one.differences[0], one.count - 1
    how = _how(first)
    table = first.table.removeprefix("views.")
    return Bilingual(
        f"조회 화면 {one.view}({table})의 행 ‘{first.key}’{how.ko}" + (f" 외 {more:,}행" if more else ""),
        f"the view {one.view} ({table}): the row “{first.key}” {how.en}"
        + (f" – and {more:,} more" if more else ""),
    )


def _how(first: InUseDifference) -> Bilingual:
    if first.live is None:
        return Bilingual("이(가) 없습니다", "is missing")
    if first.fresh is None:
        return Bilingual("은(는) 어느 기록에서도 나오지 않습니다", "is one that no fact makes")
    return Bilingual("이(가) 기록과 다릅니다", "is another than the facts make")
