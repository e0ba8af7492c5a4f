"""What the report says of reform cases, and that all else of it stays the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.fact import Fact
from domain.reform import facts as f
from domain.reform.facts import Measure
from projections.report.document import Document, figures, sections
from projections.report.drilling import drill, figure_of
from projections.report.gathering import gather
from store.log import Store
from tests.projections.report.test_figures import told, value
from tests.projections.report.test_spending import lived, table
from tests.projections.report.two_years import both_years, name, put, reported

MANAGERS = name("관리직", "managers")
SAVED = Measure(
    name=name("절감 예산", "budget saved"),
    unit="KRW",
    value_after="11000000000",
    after_on=date(2023, 12, 31),
    approximate=True,
    source=name("결산서", "accounts"),
)
ENTERED: tuple[tuple[str, Fact], ...] = (
    (
        "reform/gto-2023",
        f.Entered(
            agency="gto",
            year=2024,
            name=name("관리직 축소", "Fewer managers"),
            category="organisation",
            measures=(Measure(name=MANAGERS, unit="persons", value_before="13", value_after="9"), SAVED),
        ),
    ),
    ("reform/gto-2023", f.Confirmed()),
    ("reform/gto-2023", f.Presented(meeting="heads-2024-1")),
    (
        "reform/gto-2023",
        f.TakenOver(agency="gjcf", measures=(Measure(name=MANAGERS, unit="명", value_before="7"),)),
    ),
    (
        "reform/gto-2023",
        f.Measured(agency="gjcf", measures=(Measure(name=MANAGERS, unit="명", value_before="7", value_after="5"),)),
    ),
    ("reform/gjcf-2023", f.Entered(agency="gjcf", year=2024, name=name("통폐합", "Mergers"))),
    ("reform/gtc-2022", f.Entered(agency="gtc", year=2023, name=name("지난해", "Last year"))),
)  # fmt: skip


@pytest.fixture(scope="module")
def document() -> Document:
    return reported(lived(ENTERED))


def test_cases_and_who_took_them_over_are_counted(document: Document) -> None:
    counts = [value(document, f"reform.{one}") for one in ("cases", "confirmed", "presented", "taken_over")]
    assert counts == [2, 1, 1, 1]
    assert len(table(document, "reform.all").rows) == 2
    assert "Last year" not in told(document, "reform"), "it is of another year"


def test_the_figures_of_the_case_and_of_who_took_it_over_stand_beside_each_other(document: Document) -> None:
    of = "reform.gto-2023"
    sides = [(value(document, f"{of}.{one}.before"), value(document, f"{of}.{one}.after"))
             for one in ("gto.1", "gto.2", "gjcf.1")]  # fmt: skip
    assert sides == [("13", "9"), (None, "11000000000"), ("7", "5")]
    assert "about" in told(document, "reform")
    assert "결산서" in told(document, "reform", "ko")
    (row,) = table(document, "reform.takers").rows
    assert row[3].value.ko == "명"  # type: ignore[union-attr]


def test_a_figure_drills_to_the_facts_that_gave_it(store: Store) -> None:
    facts = lived(ENTERED)
    put(store, facts)
    gathered, document = gather(facts, 2024), reported(facts)

    def kinds(figure: str) -> list[Any]:
        found = drill(store, gathered, figure_of(document, figure), "en")
        return [one.kind for one in found]

    assert kinds("reform.gto-2023.gjcf.1.after") == ["reform.measured"]
    assert kinds("reform.gto-2023.gto.1.after") == ["reform.entered"]
    assert kinds("reform.taken_over") == ["reform.taken_over"]


def test_a_year_without_cases_has_no_such_section_and_all_else_is_the_same(document: Document) -> None:
    plain = reported(both_years())
    assert "reform" not in [one.id for _, one in sections(plain)]
    before, after = figures(plain), figures(document)
    assert {one: after[one] for one in before} == before
    assert {"reform.cases"} < after.keys() - before.keys()
