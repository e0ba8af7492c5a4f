"""What the report says of budgets, spending and funds, and that all else of it stays the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from domain.fact import Fact
from domain.fund import facts as fund
from domain.money import facts as money
from projections.report.document import Document, Table, figures, sections
from projections.report.drilling import drill, figure_of
from projections.report.formats import FORMATS
from projections.report.gathering import gather
from store.log import Store
from store.recorded import RecordedFact
from tests.projections.report.test_figures import told, value
from tests.projections.report.two_years import both_years, name, put, recorded, reported

ONE, GIVER = "money/2024-01", "1" * 32
ENTERED: tuple[tuple[str, Fact], ...] = (
    (ONE, money.BudgetSet(funding="city", year=2024, amount_krw=600)),
    (ONE, money.BudgetSet(funding="national", year=2024, amount_krw=300)),
    (ONE, money.Committed(agency="gto", funding="city", month="2024-04", amount_krw=500)),
    (ONE, money.Spent(agency="gto", funding="city", month="2024-04", amount_krw=400)),
    (ONE, money.Spent(agency="gto", funding="national", month="2024-05", amount_krw=50)),
    (ONE, money.Corrected(number=4, posting="spent", funding="city", month="2024-04", amount_krw=300, was_krw=400)),
    (ONE, money.CarriedOut(funding="national", year=2024, amount_krw=100)),
    (ONE, money.CarriedIn(funding="national", year=2025, amount_krw=100)),
    ("money/2024-02", money.BudgetSet(funding="city", year=2024, amount_krw=500)),
    ("money/2023-01", money.BudgetSet(funding="city", year=2023, amount_krw=9)),
)  # fmt: skip
FUND: tuple[tuple[str, Fact], ...] = (
    ("fund/gongik", fund.Opened(name=name("공익 기금", "Common good"))),
    ("fund/gongik", fund.Pledged(giver=GIVER, amount_krw=1_000)),
    ("fund/gongik", fund.Contributed(giver=GIVER, form="money", amount_krw=700, pledge=2, of_pledge_krw=700)),
    ("fund/gongik", fund.Allocated(beneficiary="2024-01", form="money", amount_krw=400)),
)


def lived(entered: Iterable[tuple[str, Fact]]) -> list[RecordedFact[Any]]:
    before = both_years()
    more = recorded([("2025-03-01", stream, fact, {}) for stream, fact in entered])
    last = before[-1].position
    return [*before, *(replace(one, position=last + one.position) for one in more)]


@pytest.fixture(scope="module")
def document() -> Document:
    return reported(lived((*ENTERED, *FUND)))


def table(document: Document, identity: str) -> Table:
    found = [block for _, one in sections(document) for block in one.blocks]
    return next(block for block in found if isinstance(block, Table) and block.id == identity)


def test_a_tasks_money_is_told_by_source_and_month(document: Document) -> None:
    of = "task.2024-01.money"
    names = ("available", "committed", "spent", "returned", "remaining", "rate")
    assert [value(document, f"{of}.{one}") for one in names] == [800, 500, 350, 0, 450, "43.8"]
    assert [value(document, f"money.{one}.spent") for one in ("city", "national")] == [300, 50]
    assert [value(document, f"money.{one}.spent") for one in ("2024-04", "2024-05")] == [300, 50]
    assert (value(document, "all.money.available"), value(document, "all.money.spent")) == (1_300, 350)
    assert value(document, "money.national.available") == 200, "what was carried over is of the next year"
    assert "집행 부진" in told(document, "money", "ko")


def test_a_task_of_which_nothing_was_spent_says_so_and_not_nothing(document: Document) -> None:
    assert value(document, "task.2024-02.money.available") == 500
    assert value(document, "task.2024-02.money.spent") is None
    assert "No spending was entered for 1 task: 2024-02" in told(document, "money")
    assert "집행이 입력되지 않은 과제 1건: 2024-02" in told(document, "money", "ko")
    assert "‘예산과 집행’에 있음" in told(document, "plan", "ko")


def test_the_funds_statement_balances(document: Document) -> None:
    of = "fund.gongik"
    assert value(document, f"{of}.debit") == value(document, f"{of}.credit") == 1_000 + 700 + 700 + 400
    assert [value(document, f"{of}.{one}.balance") for one in ("money", "free_money", "pledges")] == [
        700,
        300,
        300,
    ]
    assert value(document, f"{of}.given.money") == 700
    assert value(document, f"{of}.2024-01.money.remaining") == 400
    assert GIVER not in str(document), "who gave is not told"
    titles = [section.title.en for _, section in sections(document) if section.id.startswith("funds")]
    assert titles == ["Funds for the public good", "Common good"]
    assert len(table(document, "funds.gongik.statement").rows) == 5


def test_a_figure_drills_to_the_entries_behind_it(store: Store) -> None:
    facts = lived((*ENTERED, *FUND))
    put(store, facts)
    gathered, document = gather(facts, 2024), reported(facts)
    spent = drill(store, gathered, figure_of(document, "task.2024-01.money.spent"), "en")
    assert [one.kind for one in spent] == ["money.spent", "money.spent", "money.corrected"]
    assert "from KRW 400 to KRW 300" in spent[-1].sentence
    given = drill(store, gathered, figure_of(document, "fund.gongik.given.money"), "ko")
    assert [one.kind for one in given] == ["fund.contributed"]


def test_all_other_figures_stay_as_they_were(document: Document) -> None:
    before, after = figures(reported(both_years())), figures(document)
    assert {one: after[one] for one in before} == before
    assert after.keys() - before.keys()
    names = {section.id for _, section in sections(reported(both_years()))}
    assert not names & {"money", "funds"}, "a year of which nothing was entered has no such chapter"


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_facts_make_the_same_bytes(form: str) -> None:
    facts = lived((*ENTERED, *FUND))
    first, second = (FORMATS[form].render(reported(facts), "ko") for _ in range(2))
    assert first == second
