"""How a task gets from place to place under a definition: a search over its places, and the way in words."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.errors import Bilingual, Lang
from domain.task.stages import NOT_PROPOSED, Condition, Place

_NOBODY = Bilingual("아무도 내릴 수 없음", "nobody may give it")
_RULE = Bilingual("규칙", "rule")
_NOT_THERE = Bilingual("그곳에도 이르지 못함", "nothing leads there either")


Names = Mapping[Place, Bilingual]  # what a definition calls the places of its own


class Way(NamedTuple):
    """One command or step that leads from a place to another. `rule`: by which rule, where one gives it."""

    place: Place
    name: str
    label: Bilingual
    to: Place
    rule: str | None = None


Found = Mapping[Place, Way | None]  # by what each place was come to first; None where it was begun


def search(first: Iterable[Place], ways: Iterable[Way]) -> Found:
    """All places that are come to from these, each by the fewest commands. Each way is looked at once."""
    leading: dict[Place, list[Way]] = {}
    for way in ways:
        leading.setdefault(way.place, []).append(way)
    found: dict[Place, Way | None] = dict.fromkeys(first)
    coming = deque(found)
    while coming:
        for way in leading.get(coming.popleft(), ()):
            if way.to not in found:
                found[way.to] = way
                coming.append(way.to)
    return found


def turn_round(ways: Iterable[Way]) -> Iterable[Way]:
    return (Way(way.to, way.name, way.label, way.place) for way in ways)


def way_to(place: Place, found: Found) -> list[Way]:
    """From where it was begun to the place, which was found."""
    path: list[Way] = []
    while (way := found[place]) is not None:
        path.append(way)
        place = way.place
    return path[::-1]


def describe_place(place: Place, names: Mapping[Place, Bilingual] = {}) -> Bilingual:
    """As people call it: “제안(보완 요청)”, "proposed (returned)". `names`: of the definition's own, here and below."""
    stage = place.stage.on_lists if place == NOT_PROPOSED else place.stage
    if place.condition is Condition.NORMAL:
        return Bilingual(stage.say("ko"), stage.say("en"))
    condition = names.get(place)
    ko, en = ((condition or place.condition).say(lang) for lang in ("ko", "en"))
    return Bilingual(f"{stage.say('ko')}({ko})", f"{stage.say('en')} ({en})")


def describe_way(place: Place, found: Found, names: Mapping[Place, Bilingual] = {}) -> Bilingual:
    """The way to the place in words, with the commands that lead on; how far it is where it was begun."""
    path = way_to(place, found)
    begin = path[0].place if path else place
    return Bilingual(*(_chain(begin, path, lang, names) for lang in ("ko", "en")))


def describe_circle(circle: Sequence[Way], names: Mapping[Place, Bilingual] = {}) -> Bilingual:
    return Bilingual(*(_chain(circle[0].place, circle, lang, names) for lang in ("ko", "en")))


def describe_places(places: Iterable[Place], names: Mapping[Place, Bilingual] = {}) -> Bilingual:
    several = [describe_place(one, names) for one in places]
    return Bilingual(", ".join(one.ko for one in several), ", ".join(one.en for one in several))


def describe_missing(
    place: Place,
    possible: Iterable[Way],
    granted: Container[tuple[Place, str]],
    found: Found,
    names: Mapping[Place, Bilingual] = {},
) -> Bilingual:
    """Why a place is not come to: what of the program would lead there, and what is missing of each."""
    leading = [way for way in possible if way.to == place]
    why = [_NOT_THERE if (way.place, way.name) in granted else _NOBODY for way in leading]

    def tell(lang: Lang) -> str:
        return "; ".join(
            f"{describe_place(way.place, names).say(lang)} → [{way.label.say(lang)}]: {reason.say(lang)}"
            for way, reason in zip(leading, why, strict=True)
        )

    reached = describe_places(found, names)
    return Bilingual(
        f"목록 등재에서 이르는 곳: {reached.ko}. 그리로 가는 명령: {tell('ko') or _NOBODY.ko}.",
        f"From the listing one comes to: {reached.en}. What would lead there: {tell('en') or _NOBODY.en}.",
    )


def _chain(begin: Place, path: Iterable[Way], lang: Lang, names: Names) -> str:
    said = describe_place(begin, names).say(lang)
    for way in path:
        by = way.label.say(lang)
        if way.rule is not None:
            by = f"{_RULE.say(lang)} {way.rule}: {by}"
        said += f" → [{by}] → {describe_place(way.to, names).say(lang)}"
    return said
