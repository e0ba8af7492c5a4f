"""A definition as a diagram, in the reader's language: the places of a task, what leads from one to another, what is due
there, and where it ends. As a Mermaid state diagram, and as an SVG that is laid out here.

In the SVG every place is a card, one under the other, and every way out of it a line of that card with an arrow to the
card it leads to. A label has a line of its own, and arrows run beside the cards: however many places there are, no two
labels overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from domain.errors import Bilingual, Lang
from domain.lifecycle.model import Definition
from domain.task.stages import NOT_PROPOSED, Place
from projections.report.drawing import FAMILIES
from projections.report.letters import width
from projections.sentences.narration import deadline_in_words
from workflows.definitions.drawing import describe_counted, place_label
from workflows.definitions.entry_words import WHO

_BEGIN = Bilingual("시작", "Begin")
_END = Bilingual("종료", "End")
_DUE = Bilingual("기한", "due")
_BY_RULE = Bilingual("규칙", "by rule")
BROADER = 1.15  # how much wider other fonts are than the report's, where that is not installed
SIZE, LINE, PAD, GAP, LANE = (
    13,
    20,
    10,
    18,
    14,
)  # pixels: letters, a line, within a card, between cards, between arrows


class Way(NamedTuple):
    """What leads from one place to another, with what it is called."""

    label: str
    to: Place


class Card(NamedTuple):
    """A place: what it is called, what is due there, what leads out of it. `over`: a task ends there."""

    place: Place
    name: str
    due: tuple[str, ...]
    ways: tuple[Way, ...]
    over: bool

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * (1 + len(self.due) + len(self.ways))


def cards_of(one: Definition, lang: Lang) -> list[Card]:
    """From where a task is not proposed yet on, in the order of its life."""
    return [
        Card(
            place,
            _BEGIN.say(lang) if place == NOT_PROPOSED else place_label(place, lang, one),
            tuple(_due_at(one, place, lang)),
            tuple(_ways_from(one, place, lang)),
            over=place != NOT_PROPOSED and not place.stage.is_open,
        )
        for place in (NOT_PROPOSED, *one.places_in_order)
    ]


def _due_at(one: Definition, place: Place, lang: Lang) -> Iterator[str]:
    for deadline in one.deadlines:
        if deadline.place == place:
            name = deadline_in_words(deadline.kind, None, None, lang, one.kind_labels.get(deadline.kind))
            counted, who = describe_counted(one, deadline, lang), WHO[deadline.who].say(lang)
            yield f"{_DUE.say(lang)}: {name} ({counted}, {who})"


def _ways_from(one: Definition, place: Place, lang: Lang) -> Iterator[Way]:
    ruled = {(rule.place, rule.command): rule.rule for rule in one.transitions}
    for name, grant in one.grants.items():
        for start, to in sorted(grant.moves):
            if start == place and to != place:
                rule = ruled.get((place, name))
                label = grant.command.label.say(lang)
                yield Way(label if rule is None else f"{label} ({_BY_RULE.say(lang)} {rule})", to)
    for step in one.steps_at.get(place, ()):
        if (to := step.leads_to(place)) != place:
            rule, label = ruled.get((place, step.step)), step.label.say(lang)
            yield Way(label if rule is None else f"{label} ({_BY_RULE.say(lang)} {rule})", to)


def as_mermaid(one: Definition, lang: Lang) -> list[str]:
    """A state diagram; ways between the same two places are one arrow, so that their labels do not lie on each other."""
    lines = ["stateDiagram-v2"]
    cards = cards_of(one, lang)
    keys, begun = _keys(cards)
    lines += begun
    lines += [
        f'    state "{_bare(card.name)}" as {_key(card.place)}'
        for card in cards
        if card.place != NOT_PROPOSED
    ]
    for card in cards:
        joined: dict[Place, list[str]] = {}
        for way in card.ways:
            joined.setdefault(way.to, []).append(_bare(way.label))
        lines += [
            f"    {keys[card.place]} --> {keys[to]}: {'<br/>'.join(said)}" for to, said in joined.items()
        ]
        if card.due:
            lines.append(f"    note right of {keys[card.place]}")
            lines += [f"        {_bare(said)}" for said in card.due]
            lines.append("    end note")
        if card.over:
            lines.append(f"    {_key(card.place)} --> [*]: {_END.say(lang)}")
    return lines


def _keys(cards: Sequence[Card]) -> tuple[dict[Place, str], list[str]]:
    """What the places are called in the diagram, and the lines with which it begins.

    A note can stand beside a state alone, so that what is due before the proposal makes one of the beginning.
    """
    keys = {card.place: _key(card.place) for card in cards}
    begun = next((card for card in cards if card.place == NOT_PROPOSED and card.due), None)
    if begun is None:
        return keys, []
    keys[NOT_PROPOSED] = "listed"
    return keys, [f'    state "{_bare(begun.name)}" as listed', "    [*] --> listed"]


def _key(place: Place) -> str:
    return "[*]" if place == NOT_PROPOSED else f"{place.stage}_{place.condition}"


def _bare(said: str) -> str:
    """Without what Mermaid would take for its own."""
    signs: dict[str, str | int | None] = {":": " ", ";": ",", '"': "'", "#": ""}
    return said.replace(": ", " – ").translate(str.maketrans(signs))


def as_svg(one: Definition, lang: Lang) -> str:
    """One `<svg>` element: cards one under the other, arrows beside them. See `draw_cards`."""
    return draw_cards(one.identity, cards_of(one, lang), lang)


class Arrow(NamedTuple):
    """From the line of a way to the head of a card, by pixels from the top."""

    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        return min(self), max(self)


def draw_cards(title: str, cards: Sequence[Card], lang: Lang) -> str:
    """Each in its place, and an arrow for each way, in the nearest lane that no other arrow has there."""
    tops: list[int] = []
    y = GAP + LINE
    for card in cards:
        tops.append(y)
        y += card.height + GAP
    head = {card.place: top + PAD + LINE // 2 for card, top in zip(cards, tops, strict=True)}
    arrows = [
        Arrow(top + PAD + LINE * (1 + len(card.due) + at) + LINE // 2, head[way.to])
        for card, top in zip(cards, tops, strict=True)
        for at, way in enumerate(card.ways)
    ]
    wide = round(max(width(text) * SIZE * BROADER for card in cards for text in _texts(card, lang))) + 3 * PAD
    lanes = _lanes(arrows)
    whole = GAP + wide + LANE * (2 + max(lanes, default=0)) + GAP
    body = [
        f'<text x="{GAP}" y="{LINE}" font-weight="bold">{escape(title)}</text>',
        *(line for card, top in zip(cards, tops, strict=True) for line in _draw_card(card, top, wide, lang)),
        *(_draw_arrow(arrow, lane, GAP + wide) for arrow, lane in zip(arrows, lanes, strict=True)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{y}" viewBox="0 0 {whole} {y}" role="img" '
        f'aria-label="{escape(title)}" font-family="{FAMILIES}" font-size="{SIZE}" fill="#1e1e1e">'
        '<rect width="100%" height="100%" fill="white"/>'
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#1f4e79"/></marker></defs>'
        f"{''.join(body)}</svg>"
    )


def _lanes(arrows: Sequence[Arrow]) -> list[int]:
    """For each the first lane, counted from the cards, in which no other arrow runs beside it; short ones run inside."""
    taken: list[list[tuple[int, int]]] = []
    found = dict[int, int]()
    for at in sorted(range(len(arrows)), key=lambda at: (arrows[at].span[1] - arrows[at].span[0], at)):
        low, high = arrows[at].span
        lane = next(
            (n for n, spans in enumerate(taken) if all(high < a or b < low for a, b in spans)), len(taken)
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found[at] = lane
    return [found[at] for at in range(len(arrows))]


def _texts(card: Card, lang: Lang) -> Iterator[str]:
    yield f"{card.name}  ({_END.say(lang)})" if card.over else card.name
    yield from card.due
    yield from (f"→ {way.label}" for way in card.ways)


def _draw_card(card: Card, top: int, wide: int, lang: Lang) -> Iterator[str]:
    border = 'stroke-width="3"' if card.over else 'stroke-width="1"'
    yield f'<rect x="{GAP}" y="{top}" width="{wide}" height="{card.height}" rx="5" fill="#f1f4f7" stroke="#1e1e1e" {border}/>'
    for at, said in enumerate(_texts(card, lang)):
        bold = ' font-weight="bold"' if at == 0 else ""
        ink = ' fill="#474747"' if 0 < at <= len(card.due) else ""
        yield f'<text x="{GAP + PAD}" y="{top + PAD + LINE * at + 15}"{bold}{ink}>{escape(said)}</text>'


def _draw_arrow(arrow: Arrow, lane: int, edge: int) -> str:
    x = edge + LANE * (lane + 1)
    return f'<path d="M{edge},{arrow.start} H{x} V{arrow.end} H{edge}" fill="none" stroke="#1f4e79" marker-end="url(#tip)"/>'
