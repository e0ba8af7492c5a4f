"""How the facts of tasks' money are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.errors import Bilingual
from domain.money.facts import FUNDINGS, POSTINGS
from projections.sentences.narration import Narration, field_labels, particulars, phrase


def _say_krw(narration: Narration, krw: int) -> str:
    return narration.either(f"{krw:,}원", f"KRW {krw:,}")


def _source(narration: Narration) -> str:
    return FUNDINGS[narration.fact.funding].say(narration.lang)


def _over(narration: Narration) -> str:
    """That it goes beyond the budget, by which definition that was let."""
    fact = narration.fact
    if not fact.over_krw:
        return ""
    over = _say_krw(narration, fact.over_krw)
    return particulars(
        [
            narration.either(
                f"예산 현액을 {over} 초과함(정의 {fact.definition}에 따라 경고)",
                f"that is {over} beyond the budget, of which the definition {fact.definition} warns",
            )
        ]
    )


def _narrate_budget_set(narration: Narration) -> str:
    fact, amount = narration.fact, _say_krw(narration, narration.fact.amount_krw)
    said = narration.say(
        f"{fact.year}년 {_source(narration)} 예산을 {amount}으로 편성하였음.",
        f"set the budget of {fact.year} from {_source(narration)} to {amount}.",
    )
    return said + _over(narration)


def _narrate_entry(what: Bilingual) -> Callable[[Narration], str]:
    def told_so(narration: Narration) -> str:
        fact, agency = narration.fact, narration.name(narration.fact.agency)
        amount, funding = _say_krw(narration, fact.amount_krw), _source(narration)
        said = narration.say(
            f"{agency}의 {fact.month} {what.ko} {amount}({funding})을 등록하였음.",
            f"entered {what.en} of {agency} for {fact.month}: {amount} ({funding}).",
        )
        return said + (_over(narration) if hasattr(fact, "over_krw") else "")

    return told_so


def _narrate_carried(ko: str, en: str) -> Callable[[Narration], str]:
    def told_so(narration: Narration) -> str:
        fact, amount = narration.fact, _say_krw(narration, narration.fact.amount_krw)
        funding = _source(narration)
        return narration.say(ko.format(fact.year, funding, amount), en.format(fact.year, funding, amount))

    return told_so


def _narrate_corrected(narration: Narration) -> str:
    fact, what = narration.fact, POSTINGS[narration.fact.posting]
    was, now = _say_krw(narration, fact.was_krw), _say_krw(narration, fact.amount_krw)
    said = narration.say(
        f"{fact.month} {what.ko} 자료(#{fact.number}, {_source(narration)})를 {was}에서 {now}으로 정정하였음.",
        f"corrected the {what.en} #{fact.number} of {fact.month} ({_source(narration)}) from {was} to {now}.",
    )
    return said + _over(narration)


MONEY: Mapping[str, Callable[[Narration], str]] = {
    "money.budget_set": _narrate_budget_set,
    "money.committed": _narrate_entry(Bilingual("원인행위액", "a commitment")),
    "money.spent": _narrate_entry(Bilingual("집행액", "spending")),
    "money.returned": _narrate_entry(Bilingual("반납액", "a return")),
    "money.carried_out": _narrate_carried(
        "{0}년 {1} 예산에서 {2}을 다음 연도로 이월하였음.",
        "carried {2} of the budget of {0} from {1} over to the next year.",
    ),
    "money.carried_in": _narrate_carried(
        "{0}년 {1} 예산에 전년도 이월액 {2}을 더하였음.",
        "added {2} that was carried over to the budget of {0} from {1}.",
    ),
    "money.corrected": _narrate_corrected,
    "money.month_reopened": phrase(
        "마감한 {month}을 {until}까지 재개하였음.", "opened the closed month {month} again until {until}."
    ),
}

# the fields that only these facts have, as people read them
MONEY_FIELDS = field_labels("""
funding|재원|funding
month|월|month
amount_krw|금액(원)|amount (KRW)
was_krw|정정 전 금액(원)|amount before (KRW)
over_krw|예산 초과액(원)|beyond the budget (KRW)
posting|자료의 종류|kind of entry
budget|예산|budget
budgets|예산|budgets
carried_in|이월받은 금액|carried in
carried_out|이월한 금액|carried out
months|월별 금액|months
reopened|재개한 월|months opened again
committed|원인행위액|committed
spent|집행액|spent
returned|반납액|returned
carried_in_krw|이월받은 금액(원)|carried in (KRW)
carried_out_krw|이월한 금액(원)|carried out (KRW)
committed_krw|원인행위액(원)|committed (KRW)
spent_krw|집행액(원)|spent (KRW)
returned_krw|반납액(원)|returned (KRW)
budget_stamp|예산 기준 시점|budget so since
""")
