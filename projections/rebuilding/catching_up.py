"""A view brought to where the log ends, before its rows are compared with a fresh fold."""

from __future__ import annotations

from collections.abc import Callable

from domain.errors import Bilingual, Refusal
from projections.damage import ViewDamaged
from projections.positions import Position, place_of, try_again
from projections.runner import BATCH, project
from projections.view import View
from store.log import Store
from trail.english import many


class ViewLags(Refusal):
    """A certificate would say nothing of the facts that the view has not folded. `why`: it stopped, or is slow."""

    ko = "{view} 조회 화면은 기록 {head}건 중 {position}번까지만 반영되어({lag}건 뒤처짐) 확인서를 만들지 않았습니다: {why}."
    en = (
        "The view {view} is only as far as position {position} of {head} ({lag} behind), so that a certificate would say "
        "nothing of the rest, and none was made: {why}."
    )


def catch_up(
    store: Store,
    view: View,
    told: Callable[[int], None],
    warn: Callable[[Bilingual], object],
    *,
    made_anew: bool = False,
) -> bool:
    """Bring the view in use to where the log ends now. `warn`: told how far it lagged, or that it is damaged.

    Raises ViewLags, ViewDamaged.

    One that was never made in this program's version is left alone: making it is what a rebuild is for. So is one that
    is damaged still, where it is `made_anew`: whether it is.
    """
    head, place = store.head().position, _place(store, view)
    if place is None:
        return False
    if place.damaged and made_anew:
        warn(_describe_damage(view, place))
        return True
    with store.connection() as connection:
        try_again(connection, view)
    if place.position < head:
        warn(
            Bilingual(
                f"{view.name} 조회 화면이 기록 {head - place.position:,}건 뒤처져 있어 먼저 따라잡습니다.",
                f"The view {view.name} was {many(head - place.position, 'fact')} behind the log, and catches up first.",
            )
        )
    while project(store, view, most=BATCH, up_to=head):
        place = _place(store, view)
        told(0 if place is None else place.position)
    place = _place(store, view)
    assert place is not None
    if place.damaged and not made_anew:
        raise ViewDamaged(view=view.name, problem=place.error)
    if place.damaged:
        warn(_describe_damage(view, place))
        return True
    if place.position < head:
        raise ViewLags(
            view=view.name,
            position=f"{place.position:,}",
            head=f"{head:,}",
            lag=f"{head - place.position:,}",
            why=_not_up_to_date(view, place),
        )
    return False


def _describe_damage(view: View, place: Position) -> Bilingual:
    return Bilingual(
        f"{view.name} 조회 화면의 표가 손상되었습니다({place.error}). 기록에서 다시 만들며, 읽을 수 없는 표는 대조하지 않습니다.",
        f"The table of the view {view.name} is damaged ({place.error}). It is made anew from the facts, and what cannot "
        "be read is not compared.",
    )


def _place(store: Store, view: View) -> Position | None:
    with store.connection() as connection:
        return place_of(connection, view)


def _not_up_to_date(view: View, place: Position) -> Bilingual:
    if place.error is None:
        return Bilingual("잠시 뒤 다시 하십시오", "try again in a moment")
    return Bilingual(
        f"{place.error_position}번 기록 앞에서 멈췄습니다({place.error}). 그 기록을 처리할 수 있는 프로그램을 쓰거나 "
        f"`donghaeng views skip {view.name}`으로 건너뛴 뒤 다시 하십시오",
        f"it stopped in front of {place.error_position} ({place.error}). Run a program that can fold that fact, or pass "
        f"over it with `donghaeng views skip {view.name}`, and try again",
    )
