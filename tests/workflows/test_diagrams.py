"""A definition drawn: every label in its own place, every arrow in its own lane, however many places there are."""

from __future__ import annotations

import random
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from domain.errors import Lang
from domain.task.stages import PLACES, Place
from projections.report.letters import width
from workflows.definitions.diagrams import SIZE, Arrow, Card, Way, _lanes, as_svg, draw_cards
from workflows.definitions.templates import templates

Box = tuple[float, float, float, float]


def boxes(svg: str) -> list[Box]:
    """Left, top, right, bottom of every label."""
    root = ElementTree.fromstring(svg)
    found = []
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        found.append((x, y - SIZE, x + width(text.text or "") * SIZE, y + 3))
    return found


def overlapping(found: list[Box]) -> int:
    return sum(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in combinations(found, 2))


def many(count: int) -> list[Card]:
    """Cards of so many places with random ways between them. Their places are stand-ins: only what is drawn matters."""
    chance = random.Random(count)
    places: list[Place] = [(f"place{n}", "normal") for n in range(count)]  # type: ignore[misc]
    return [
        Card(
            place,
            f"단계 {n}",
            ("기한: 결과보고 (계획 종료일 + 10영업일, 기관)",) * chance.randrange(3),
            tuple(
                Way("이월 (규칙 carry_over_unfinished)", chance.choice(places))
                for _ in range(chance.randrange(5))
            ),
            over=n % 7 == 6,
        )
        for n, place in enumerate(places)
    ]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_definitions_are_drawn_with_no_label_on_another(lang: Lang) -> None:
    for one in templates().values():
        found = boxes(as_svg(one, lang))
        assert len(found) > len(PLACES)
        assert overlapping(found) == 0


@pytest.mark.parametrize("count", [1, 12, 40])
def test_up_to_forty_places_no_two_labels_overlap_and_none_leaves_its_card(count: int) -> None:
    svg = draw_cards("many/1", many(count), "ko")
    found = boxes(svg)
    assert overlapping(found) == 0
    cards = [float(one) for one in re.findall(r'<rect x="\d+" y="\d+" width="(\d+)"', svg)]
    assert len(cards) == count
    assert all(right <= 18 + cards[0] for _, _, right, _ in found)


def test_labels_on_each_other_are_found() -> None:  # the control
    assert overlapping([(0, 0, 10, 10), (5, 5, 15, 15), (20, 0, 30, 10)]) == 1


def test_arrows_that_run_beside_each_other_have_lanes_of_their_own() -> None:
    assert _lanes([Arrow(0, 100), Arrow(10, 20), Arrow(30, 40), Arrow(15, 35)]) == [2, 0, 0, 1]
