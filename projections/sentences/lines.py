"""How approval lines (결재선) are told: what was asked for, who signed, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

from domain.task.line_words import kind_label
from projections.sentences.narration import Narration, field_labels, particulars, phrase
from projections.sentences.tasks import field_in_words
from trail.particles import particle


def describe_signatories(narration: Narration) -> str:
    """Whose signature is asked for: one turn after the other, those of one turn side by side."""
    fact = narration.fact
    turns = []
    for turn, several in groupby(fact.signatories, lambda one: one.turn):
        named = [
            f"{kind_label(one.kind).say(narration.lang)} {narration.in_words(one.label)}" for one in several
        ]
        needed = dict(enumerate(fact.needed, start=1)).get(turn, len(named))
        joined = ", ".join(named)
        if needed < len(named):
            joined = narration.either(f"{joined} 중 {needed}명", f"{needed} of {joined}")
        turns.append(joined)
    return " → ".join(turns)


def _narrate_opened(narration: Narration) -> str:
    what, line = narration.in_words(narration.fact.label), describe_signatories(narration)
    parts = [
        f"{narration.in_words(one.label)} {field_in_words(narration, one)}" for one in narration.fact.form
    ]
    parts += [narration.text(one) for one in narration.fact.texts]
    return narration.say(
        f"‘{what}’{particle(what, '을(를)')} 상신하였음. 결재선: {line}.",
        f"asked for “{what}” by the approval line: {line}.",
    ) + particulars(parts)


def _narrate_signature(ko: str, en: str) -> Callable[[Narration], str]:
    def told_so(narration: Narration) -> str:
        fact = narration.fact
        label = narration.in_words(fact.label)
        for_whom = ""
        if fact.holder is not None:
            holder = narration.person(fact.holder)
            for_whom = narration.either(
                f", {holder}{particle(holder, '을(를)')} 대신함({fact.mandate})",
                f" for {holder} ({fact.mandate})",
            )
        return narration.say(
            f"{ko.format(fact.line)}({label}{for_whom}).", f"{en.format(fact.line, label)}{for_whom}."
        )

    return told_so


def _narrate_objected(narration: Narration) -> str:
    said = _narrate_signature("결재선 #{0}에서 반려하였음", "objected in the approval line #{0} as {1}")(
        narration
    )
    turn = narration.fact.returns_to
    if turn is None:
        return said + narration.either(" 상신한 사람에게 돌아감.", " It went back to who asked.")
    return said + narration.either(
        f" {turn}번째 차례부터 다시 결재함.", f" It is signed anew from turn {turn} on."
    )


LINES: Mapping[str, Callable[[Narration], str]] = {
    "task.line_opened": _narrate_opened,
    "task.line_signed": _narrate_signature(
        "결재선 #{0}에 서명하였음", "signed in the approval line #{0} as {1}"
    ),
    "task.line_objected": _narrate_objected,
    "task.line_withdrawn": phrase("결재선 #{line}을(를) 회수하였음.", "withdrew the approval line #{line}."),
    "task.line_lapsed": phrase(
        "과제가 변경되어 결재선 #{line}이(가) 실효되었음.",
        "let the approval line #{line} lapse, the task being changed.",
    ),
}

# the fields that only these facts have, as people read them
LINES_FIELDS = field_labels("""
asked|상신 내용|asked for
command|명령|command
entry|결재 항목|entry
kind|결재 구분|kind
line|결재선|approval line
needed|필요한 서명 수|signatures needed
number|번호|number
position|시 직위|position
returns_to|되돌아갈 차례|goes back to turn
role|역할|role
sha256|해시|SHA-256
signatories|결재자|who signs
signed|서명한 항목|signed
texts|글|texts
turn|차례|turn
""")
