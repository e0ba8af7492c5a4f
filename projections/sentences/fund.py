"""How the facts of funds are told. Who asked not to be named is not named."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.errors import Bilingual
from domain.fund.facts import FORMS
from domain.fund.ledger import ACCOUNTS
from projections.sentences.narration import Narration, field_labels, particulars
from trail.particles import particle

UNNAMED = Bilingual("이름을 밝히지 않은 기부자", "somebody who asked not to be named")


def _say_krw(narration: Narration, krw: int) -> str:
    return narration.either(f"{krw:,}원", f"KRW {krw:,}")


def _giver(narration: Narration) -> str:
    fact = narration.fact
    return UNNAMED.say(narration.lang) if fact.anonymous else narration.person(fact.giver)


def _narrate_opened(narration: Narration) -> str:
    name = narration.in_words(narration.fact.name)
    return narration.say(f"기금 ‘{name}’{particle(name, '을(를)')} 설치하였음.", f"opened the fund “{name}”.")


def _narrate_pledged(narration: Narration) -> str:
    fact, giver, amount = narration.fact, _giver(narration), _say_krw(narration, narration.fact.amount_krw)
    due = "" if fact.due is None else narration.either(f", 기한 {fact.due}", f", to be paid by {fact.due}")
    return narration.say(
        f"약정을 등록하였음: {giver}, {amount}{due}.", f"entered a pledge of {giver}: {amount}{due}."
    )


def _narrate_contributed(narration: Narration) -> str:
    fact, giver, amount = narration.fact, _giver(narration), _say_krw(narration, narration.fact.amount_krw)
    form = FORMS[fact.form].say(narration.lang)
    said = narration.say(
        f"기부를 등록하였음: {giver}, {form} {amount}.",
        f"entered a contribution of {giver}: {amount} ({form}).",
    )
    more = [] if fact.what is None else [narration.text(fact.what)]
    if fact.pledge is not None:
        of = _say_krw(narration, fact.of_pledge_krw)
        more.append(narration.either(f"약정 #{fact.pledge} 이행 {of}", f"{of} of the pledge #{fact.pledge}"))
    return said + particulars(more)


def _beneficiary(narration: Narration) -> str:
    fact = narration.fact
    title = getattr(fact, "title", None)
    return fact.beneficiary if title is None else f"{fact.beneficiary} ({narration.in_words(title)})"


def _narrate_moved(ko: str, en: str) -> Callable[[Narration], str]:
    """`{0}`: for whom; `{1}`: the amount; `{2}`: its form."""

    def told_so(narration: Narration) -> str:
        fact = narration.fact
        form = FORMS[fact.form].say(narration.lang)
        values = (_beneficiary(narration), _say_krw(narration, fact.amount_krw), form)
        said = narration.say(ko.format(*values), en.format(*values))
        text = getattr(fact, "what", None)
        more = [] if text is None else [text]
        return said + particulars([narration.text(one) for one in (*more, *getattr(fact, "proofs", ()))])

    return told_so


def _narrate_proven(narration: Narration) -> str:
    fact, evidence = narration.fact, narration.text(narration.fact.evidence)
    amount = _say_krw(narration, fact.amount_krw)
    said = narration.say(
        f"사용 #{fact.use}({fact.beneficiary}, {amount})의 증빙을 등록하였음: {evidence}",
        f"proved the use #{fact.use} ({fact.beneficiary}, {amount}): {evidence}",
    )
    return said + particulars([narration.text(one) for one in fact.proofs])


def _narrate_cancelled(narration: Narration) -> str:
    amount = _say_krw(narration, narration.fact.amount_krw)
    number = narration.fact.pledge
    return narration.say(
        f"약정 #{number}의 남은 {amount}{particle(amount, '을(를)')} 철회 처리하였음.",
        f"cancelled what was left of the pledge #{number}: {amount}.",
    )


def _narrate_transferred(narration: Narration) -> str:
    told = []
    for one in narration.fact.entries:
        account = ACCOUNTS[one.account].say(narration.lang) if one.account in ACCOUNTS else one.account
        left, right = (_say_krw(narration, krw) for krw in (one.debit_krw, one.credit_krw))
        side = (
            narration.either(f"차변 {account} {left}", f"left {account} {left}")
            if one.debit_krw
            else narration.either(f"대변 {account} {right}", f"right {account} {right}")
        )
        told.append(side)
    return narration.say("계정을 대체하였음:", "transferred between accounts:") + particulars(told)


FUND: Mapping[str, Callable[[Narration], str]] = {
    "fund.opened": _narrate_opened,
    "fund.pledged": _narrate_pledged,
    "fund.pledge_cancelled": _narrate_cancelled,
    "fund.contributed": _narrate_contributed,
    "fund.allocated": _narrate_moved("{0}에 {2} {1}을 배분하였음.", "allocated {1} ({2}) to {0}."),
    "fund.taken_back": _narrate_moved(
        "{0}에 배분한 {2} {1}을 회수하였음.", "took back {1} ({2}) of what was allocated to {0}."
    ),
    "fund.used": _narrate_moved(
        "{0}에 배분한 {2} 가운데 {1}을 사용하였음.", "used {1} ({2}) of what was allocated to {0}."
    ),
    "fund.use_proven": _narrate_proven,
    "fund.transferred": _narrate_transferred,
}

# the fields that only these facts have, as people read them
FUND_FIELDS = field_labels("""
proofs|증빙 파일|proofs
giver|기부자|giver
anonymous|이름을 밝히지 않음|asked not to be named
pledge|약정 번호|pledge
of_pledge_krw|약정 이행액(원)|of the pledge (KRW)
beneficiary|배분 대상|for
use|사용 번호|use
evidence|증빙|evidence
entries|분개|entries
account|계정|account
debit_krw|차변(원)|left side (KRW)
credit_krw|대변(원)|right side (KRW)
proven_krw|증빙된 금액(원)|proved (KRW)
fund|기금|fund
accounts|계정|accounts
pledges|남은 약정|open pledges
proven|증빙된 사용액|proved
debit|차변|left side
credit|대변|right side
""")
