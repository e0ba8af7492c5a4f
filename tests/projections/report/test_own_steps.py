"""What the report says of a definition's own places and steps, and that a year without any is told as before."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from domain.definition.facts import Adopted
from domain.fact import Fact
from domain.task.facts import StepTaken
from domain.values import FilledField
from projections.report.document import Document, Table, figures, sections
from projections.report.formats import FORMATS
from store.recorded import RecordedFact
from tests.projections.report.test_figures import told, value
from tests.projections.report.two_years import name, one_year, reported, until

REVIEW, PROPOSED = "proposed/budget_review", "proposed"
CONTENT = {
    "places": [{"place": REVIEW, "label": {"ko": "예산 심사", "en": "budget review"}}],
    "steps": [
        {"step": "send", "label": {"ko": "심사 회부", "en": "send to the review"}},
        {"step": "reviewed", "label": {"ko": "심사 완료", "en": "finish the review"}},
        {"step": "visit", "label": {"ko": "현장 점검", "en": "visit the site"}},
    ],
}
ADOPTED = Adopted(
    version=1,
    content=json.dumps(CONTENT, ensure_ascii=False),
    sha256="0" * 64,
    from_day=date(2024, 1, 1),
)


def step(step: str, frm: str, to: str, *amounts: tuple[str, str]) -> Fact:
    labels = {one["step"]: one["label"] for one in CONTENT["steps"]}
    return StepTaken(
        definition="reviewed/1",
        step=step,
        label=name(**labels[step]),
        from_place=frm,
        to_place=to,
        to_label=name("예산 심사", "budget review") if to == REVIEW else None,
        form=tuple(
            FilledField(field=field, label=name("심사액", "amount granted"), type="krw", value=amount)
            for field, amount in amounts
        ),
    )


def lived(*, adopted: bool = True, last: str = "2024-02-20") -> list[RecordedFact[Any]]:
    """Twice to the review of a task that is only proposed, and there still; calendars have no days off but weekends."""
    facts = until(
        "2024-02-05",
        ("2024-02-06", step("send", PROPOSED, REVIEW)),
        ("2024-02-14", step("reviewed", REVIEW, PROPOSED, ("amount", "700"))),
        ("2024-02-15", step("send", PROPOSED, REVIEW)),
        (last, step("visit", REVIEW, REVIEW, ("amount", "50"))),
        (last, step("visit", REVIEW, REVIEW, ("amount", "60"))),
    )
    if not adopted:
        return facts
    first = replace(
        facts[0], position=1, stream="definition/reviewed", version=1, kind=ADOPTED.kind, fact=ADOPTED
    )
    return [first, *(replace(one, position=one.position + 1) for one in facts)]


@pytest.fixture(scope="module")
def document() -> Document:
    return reported(lived())


def test_the_steps_that_were_taken_are_counted_also_those_that_never_were(document: Document) -> None:
    taken = {one: value(document, f"step.reviewed.{one}.taken") for one in ("send", "reviewed", "visit")}
    assert taken == {"send": 2, "reviewed": 1, "visit": 2}
    assert value(document, "step.reviewed.send.tasks") == 1
    assert value(document, "step.reviewed.send.by-rule") == 0
    without = reported(lived()[:-2])
    assert value(without, "step.reviewed.visit.taken") == 0, "by the definition's content"


def test_the_time_in_a_place_is_told_in_business_days(document: Document) -> None:
    """6 February to the 14th are six business days, the 15th to the 20th three, to Saturday the 24th six."""
    of = f"place.reviewed.{REVIEW}"
    found = [value(document, f"{of}.{one}") for one in ("stays", "tasks", "mean-days", "most-days", "now")]
    assert found == [2, 1, "4.5", 6, 1]
    assert value(reported(lived(last="2024-02-24")), f"{of}.mean-days") == "6.0", "the 24th is a Saturday"


def test_amounts_are_added_up_once_a_task(document: Document) -> None:
    assert value(document, "step.reviewed.reviewed.amount.sum") == 700
    assert value(document, "step.reviewed.visit.amount.sum") == 60, "the last that was filled in"
    assert "위치와 절차" in told(document, "plan", "ko"), "in place of the word that no spending is on record"


def test_all_of_it_rests_on_facts_and_is_in_both_languages(document: Document) -> None:
    own = {one: figure for one, figure in figures(document).items() if one.startswith(("step.", "place."))}
    assert len(own) == 3 * 3 + 5 + 2 * 2
    kinds = {lived()[position - 1].kind for figure in own.values() for position in figure.facts}
    assert kinds == {"task.step_taken"}
    assert "budget review" in told(document, "own")
    assert "예산 심사" in told(document, "own", "ko")
    assert "visit the site" in told(document, "annex.2024-01")


def test_a_history_without_its_definition_says_what_its_facts_say() -> None:
    document = reported(lived(adopted=False))
    assert value(document, "step.reviewed.visit.taken") == 2
    assert value(document, f"place.reviewed.{REVIEW}.stays") == 2


def test_a_year_without_places_and_steps_has_no_such_section() -> None:
    names = {section.id for _, section in sections(reported(one_year()))}
    assert not {one for one in names if one.startswith("own")}
    assert "집행액은 기록에 없음" in told(reported(one_year()), "plan", "ko")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_facts_make_the_same_bytes(form: str) -> None:
    first, second = (FORMATS[form].render(reported(lived()), "ko") for _ in range(2))
    assert first == second
    assert first != FORMATS[form].render(reported(lived(last="2024-02-24")), "ko"), "the control"


def test_tables_hold_as_many_cells_as_columns(document: Document) -> None:
    tables = [
        block
        for _, section in sections(document)
        if section.id.startswith("own")
        for block in section.blocks
        if isinstance(block, Table)
    ]
    assert [one.id for one in tables] == ["own.reviewed.steps", "own.reviewed.places", "own.reviewed.amounts"]
    assert all(len(row) == len(one.columns) for one in tables for row in one.rows)
