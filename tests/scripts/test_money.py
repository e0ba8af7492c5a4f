"""Budgets, spending and funds at the command line, on the real log and its views."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from domain.seoul import SEOUL, local_day
from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused

TASK = "2024-06"
PLANNER = ("--as", "planner")
LEAD = ("--as", "officer@gto")
PARTNER = ("--as", "officer@gtc")


def do(cli: Cli, *words: str) -> None:
    done = cli(*words)
    assert done.exit_code == 0, done.output


def moment(store: Store) -> str:
    """This second, to whose end is waited: times are typed in these, and what comes later is not of it."""
    second = store.now().replace(microsecond=0)
    time.sleep((second - store.now()).total_seconds() + 1.01)
    return f"{second.astimezone(SEOUL):%Y-%m-%dT%H:%M:%S}"


def fold_views(store: Store) -> None:
    for view in ("money", "fund", "task_board", "deadlines"):
        project(store, VIEWS[view])


@pytest.fixture
def months(store: Store) -> tuple[str, str]:
    """This month, and one that was closed long ago."""
    today = local_day(store.now())
    return f"{today:%Y-%m}", f"{today - timedelta(days=120):%Y-%m}"


@pytest.fixture
def approved(loaded: Cli) -> Cli:
    plan = ("--start", "2024-04-01", "--end", "2024-12-31", "--budget", "1000000", "--partner", "gtc")
    do(loaded, "task", "propose", TASK, *plan, *LEAD)
    do(loaded, "task", "approve", TASK, *PLANNER)
    return loaded


def entry(what: str, month: str, amount: str, *who: str) -> tuple[str, ...]:
    return ("money", what, TASK, "--funding", "시비", "--month", month, "--amount", amount, *who)


def budget(year: str, amount: str = "1,000,000") -> tuple[str, ...]:
    return ("money", "budget", TASK, "--funding", "city", "--year", year, "--amount", amount)


def amounts(cli: Cli, *when: str) -> dict[str, Any]:
    shown = document(cli("money", "show", TASK, *when, *PLANNER, "--json"))
    (of_year,) = shown["years"]
    found: dict[str, Any] = of_year["amounts"] | of_year["course"]
    return found


def test_a_budget_is_spent_corrected_and_read_at_any_date(
    approved: Cli, store: Store, months: tuple[str, str]
) -> None:
    month, _ = months
    year = month[:4]
    do(approved, *budget(year), *PLANNER)
    do(approved, *entry("commit", month, "500000", *LEAD))
    do(approved, *entry("spend", month, "300000", *LEAD))
    at = moment(store)
    do(approved, *entry("spend", month, "100,000", *PARTNER))
    do(approved, "money", "correct", TASK, "3", "--amount", "250000", *LEAD, "--reason", "영수증과 다름")
    now = amounts(approved)
    assert (now["available_krw"], now["committed_krw"], now["spent_krw"]) == (1_000_000, 500_000, 350_000)
    assert (now["remaining_krw"], now["rate"]) == (650_000, "35.0")
    assert amounts(approved, "--as-of", at)["spent_krw"] == 300_000
    assert amounts(approved, "--effective", at)["spent_krw"] == 250_000, "as corrected since"

    fold_views(store)
    listed = document(approved("money", "list", year, *PLANNER, "--json"))
    (own,) = [one for one in listed["tasks"] if one["task"] == TASK]
    assert own["amounts"] == {name: now[name] for name in own["amounts"]}
    assert listed["total"] == own["amounts"]
    then = document(approved("money", "list", year, "--as-of", at, *PLANNER, "--json"))
    assert then["total"]["spent_krw"] == 300_000
    assert then["total"]["budget_krw"] == 1_000_000

    project(store, VIEWS["trail_entries"])
    searched = document(approved("trail", "search", "--task", TASK, "--as", "inspector", "--reason", "감사", "--json"))  # fmt: skip
    assert {"money.budget_set", "money.spent", "money.corrected"} <= {
        one["kind"] for one in searched["entries"]
    }
    told = " ".join(approved("money", "show", TASK, *PLANNER, "--lang", "ko").output.split())
    assert f"{month} 집행액 300,000원(시비)을 등록하였음" in told
    assert "300,000원에서 250,000원으로 정정하였음" in told
    assert "영수증과 다름" in told
    english = " ".join(approved("money", "show", TASK, *PLANNER, "--lang", "en").output.split())
    assert "corrected the spending #3" in english
    assert "35.0% of the budget spent" in english


def test_what_cannot_be_is_refused_with_what_to_do_and_changes_nothing(
    approved: Cli, store: Store, months: tuple[str, str]
) -> None:
    month, closed = months
    do(approved, *budget(month[:4]), *PLANNER)
    if closed[:4] != month[:4]:
        do(approved, *budget(closed[:4]), *PLANNER)
    head = store.head().position
    refused(approved(*entry("spend", month, "1000001", *LEAD)), 1, "1 beyond the KRW 1,000,000")
    refused(approved(*entry("spend", closed, "5", *LEAD)), 1, "money reopen-month 2024-06")
    refused(approved(*entry("spend", "2023-12", "5", *LEAD)), 1, "before the task's year 2024")
    refused(approved(*entry("spend", month, "5", "--as", "officer@gjcf")), 1, "gto")
    refused(approved(*budget(month[:4], "5"), *LEAD), 1, "may not give")
    refused(approved(*entry("spend", month, "0", *LEAD)), 1, "amount_krw")
    refused(approved(*entry("spend", month, "5.5", *LEAD)), 2, "--amount")
    refused(
        approved("money", "correct", TASK, "1", "--amount", "5", *LEAD, "--reason", "x"), 1, "no entry #1"
    )
    refused(approved("money", "show", "2024-07", *PLANNER), 1, "money budget 2024-07")
    refused(approved("money", "list", "2024", "--as", "citizen"), 1, "may not read")
    refused(approved("money", "show", TASK, "--as", "officer@gjcf"), 1, "another agency")
    assert store.head().position == head
    reopen = ("money", "reopen-month", TASK, closed, "--until", str(local_day(store.now())))
    refused(approved(*reopen, *PLANNER), 1, "needs a reason")
    do(approved, *reopen, *PLANNER, "--reason", "늦은 정산")
    do(approved, *entry("spend", closed, "5", *LEAD))


def person(cli: Cli, name: str) -> str:
    return str(document(cli("subject", "register", "--name", name, *PLANNER, "--json"))["subject"])


def test_a_fund_is_given_to_allocated_used_and_stated_at_any_date(approved: Cli, store: Store) -> None:
    open_hand, unnamed = person(approved, "가나다"), person(approved, "라마바")
    do(approved, "fund", "open", "gongik", "--name", "공익 기금", "--name-en", "Common good", *PLANNER)
    do(approved, "fund", "pledge", "gongik", "--giver", open_hand, "--amount", "1,000,000", *PLANNER)
    do(approved, "fund", "contribute", "gongik", "--giver", open_hand, "--amount", "400000", "--pledge", "2", *PLANNER)  # fmt: skip
    before = moment(store)
    do(approved, "fund", "contribute", "gongik", "--giver", unnamed, "--amount", "200000", "--form", "현물", "--what", "책 백 권", "--anonymous", *PLANNER)  # fmt: skip
    do(approved, "fund", "allocate", "gongik", "--for", TASK, "--amount", "300000", *PLANNER)
    do(approved, "fund", "allocate", "gongik", "--for", "garden", "--title", "마을 정원", "--amount", "200000", "--form", "kind", *PLANNER)  # fmt: skip
    do(
        approved,
        "fund",
        "use",
        "gongik",
        "--for",
        TASK,
        "--amount",
        "120000",
        "--what",
        "행사 물품",
        *PLANNER,
    )
    do(approved, "fund", "prove", "gongik", "7", "--evidence", "영수증 3-1", *PLANNER)
    fold_views(store)
    stated = document(approved("fund", "statement", "gongik", *PLANNER, "--json"))
    balances = {one["account"]: one["balance_krw"] for one in stated["accounts"]}
    assert balances == {
        "money": 280_000,
        "kind": 200_000,
        "pledges": 600_000,
        "pledged": 600_000,
        "free_money": 100_000,
        "free_kind": 0,
        "allocated_money": 180_000,
        "allocated_kind": 200_000,
    }
    assert stated["total_debit_krw"] == stated["total_credit_krw"]
    task, garden = (
        next(one for one in stated["allocations"] if one["beneficiary"] == name) for name in (TASK, "garden")
    )
    assert (task["allocated_krw"], task["used_krw"], task["proven_krw"]) == (300_000, 120_000, 120_000)
    assert garden["title"] == {"ko": "마을 정원"}
    then = document(approved("fund", "statement", "gongik", "--as-of", before, *PLANNER, "--json"))
    assert {one["account"]: one["balance_krw"] for one in then["accounts"]} == {
        "money": 400_000,
        "pledges": 600_000,
        "pledged": 600_000,
        "free_money": 400_000,
    }

    for act in ("verify", "rebuild"):
        for view in ("fund", "money"):
            do(approved, "views", act, view, *PLANNER, "--reason", "점검")
    assert document(approved("fund", "statement", "gongik", *PLANNER, "--json"))["accounts"] == stated["accounts"]  # fmt: skip

    shown = document(approved("fund", "show", "gongik", *PLANNER, "--json"))
    assert shown["statement"] == stated, "the view and the fund's own facts come to the same"
    assert shown["people"] == {open_hand: "가나다"}
    assert [one["giver"] for one in shown["gifts"]] == [open_hand, open_hand, None]
    told = " ".join(approved("fund", "show", "gongik", *PLANNER, "--lang", "ko").output.split())
    assert "가나다" in told
    assert "라마바" not in told
    assert unnamed not in told
    assert "이름을 밝히지 않은 기부자" in told
    public = approved("fund", "show", "gongik", "--as", "citizen", "--lang", "ko").output
    assert "가나다" not in public
    assert [one["fund"] for one in document(approved("fund", "list", *PLANNER, "--json"))["funds"]] == [
        "gongik"
    ]


def test_what_a_fund_does_not_allow_changes_nothing(approved: Cli, store: Store) -> None:
    giver = person(approved, "가나다")
    refused(approved("fund", "show", "gongik", *PLANNER), 1, "fund list")
    do(approved, "fund", "open", "gongik", "--name", "공익 기금", *PLANNER)
    do(approved, "fund", "contribute", "gongik", "--giver", giver, "--amount", "100", *PLANNER)
    gone = person(approved, "라마바")
    do(approved, "subject", "erase", gone, "--yes", *PLANNER, "--reason", "요청")
    head = store.head().position
    gift = ("fund", "contribute", "gongik", "--giver")
    refused(approved(*gift, giver, "--amount", "0", *PLANNER), 1, "amount_krw")
    refused(approved(*gift, gone, "--amount", "5", *PLANNER), 1, "were erased")
    refused(approved(*gift, gone, "--amount", "5", *PLANNER, "--lang", "ko"), 1, "파기되었습니다")
    for lang, word in (("en", "does not balance"), ("ko", "대체가 맞지 않습니다")):
        unbalanced = ("fund", "transfer", "gongik", "--debit", "money=5", "--credit", "free_money=4")
        refused(approved(*unbalanced, *PLANNER, "--reason", "x", "--lang", lang), 1, word)
    beyond = ("fund", "allocate", "gongik", "--for", TASK, "--amount", "101")
    refused(approved(*beyond, *PLANNER), 1, "holds KRW 100")
    refused(approved(*beyond, *PLANNER, "--lang", "ko"), 1, "100원이 있습니다")
    refused(approved(*beyond, *LEAD), 1, "may not give")
    refused(approved("fund", "transfer", "gongik", "--debit", "money", "--credit", "kind=4", *PLANNER), 2, "money=1000000")  # fmt: skip
    assert store.head().position == head
