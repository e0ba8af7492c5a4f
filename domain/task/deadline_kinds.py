"""What can be due of a task, by the kinds that definitions name: what each is called, and what meets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.errors import Bilingual
from domain.task import facts
from domain.values import LocalText
from domain.year_parts import find_part


class DeadlineKind(NamedTuple):
    """`label`: in English with its article, as in "the progress report for 2024-Q3"; `met_by`: the facts after
    which it is due no more, having been done; `asks`: what whoever owes it is to do; `command`: by which that is entered, of
    a `{task}`, and of an `{item}` where there are several.
    """

    label: Bilingual
    met_by: tuple[type[Any], ...]
    asks: Bilingual | None = None
    command: str | None = None


DEADLINE_KINDS: Mapping[str, DeadlineKind] = {
    "proposal": DeadlineKind(
        Bilingual("과제 제안", "the proposal"),
        (facts.Proposed,),
        Bilingual(
            "목록에 등재된 과제의 계획을 세워 제안하십시오.",
            "Plan the task that the year's list names, and propose it.",
        ),
        "task propose {task} --ask",
    ),
    "decision": DeadlineKind(
        Bilingual("제안 결정", "the decision on the proposal"),
        (facts.Approved, facts.Rejected, facts.Returned),
        Bilingual(
            "제안을 승인하거나 반려하거나 보완을 요청하십시오.",
            "Approve the proposal, reject it or send it back.",
        ),
        "task approve {task}",
    ),
    "answer": DeadlineKind(
        Bilingual("보완 제출", "the answer to the return"),
        (facts.Revised,),
        Bilingual("보완한 제안을 다시 제출하십시오.", "Hand in the proposal again, mended."),
        "task revise {task}",
    ),
    "start": DeadlineKind(
        Bilingual("착수", "the start"),
        (facts.Started,),
        Bilingual("과제에 착수하고 입력하십시오.", "Begin the work, and enter it."),
        "task start {task}",
    ),
    "progress": DeadlineKind(
        Bilingual("추진상황 보고", "the progress report"),
        (facts.ProgressReported, facts.FinalReportSubmitted),
        Bilingual(
            "해당 분기의 진척률과 성과지표, 달성한 추진일정을 보고하십시오.",
            "Report progress, figures and the milestones reached in the quarter.",
        ),
        "task report {task} --for {item} --percent N",
    ),
    "milestone": DeadlineKind(
        Bilingual("추진일정", "the milestone"),
        (facts.ProgressReported, facts.MilestonesReached),
        Bilingual(
            "추진일정을 달성하였으면 보고하고, 지연이 예상되면 계획 변경을 요청하십시오.",
            "Report it once it is reached; where it will be late, ask for a new plan.",
        ),
        "task reach {task} --milestone {item}",
    ),
    "final_report": DeadlineKind(
        Bilingual("결과보고", "the final report"),
        (facts.FinalReportSubmitted,),
        Bilingual("과제 전체의 결과를 보고하십시오.", "Report what the whole task came to."),
        "task final-report {task}",
    ),
    "signature": DeadlineKind(
        Bilingual("결재선 서명", "the signature"),
        (facts.LineSigned, facts.LineObjected),
        Bilingual(
            "결재선에 서명하거나 사유를 적어 반려하십시오.",
            "Sign in the approval line, or object and say why.",
        ),
        "task sign {task}",
    ),
    "evaluation": DeadlineKind(
        Bilingual("평가", "the evaluation"),
        (facts.Evaluated,),
        Bilingual(
            "시민평가 결과를 입력하십시오. 평가는 그 점수로 종료됩니다.",
            "Enter the citizens' rating; its score ends the evaluation.",
        ),
        "task rate {task}",
    ),
}

LINE_TURN = "line_turn"  # where what is due is counted from a turn to sign, that is what meets it


def deadline_label(kind: str, called: LocalText | None = None) -> Bilingual:
    """What is due, without its item. `called`: what a definition calls a kind of its own; one that nobody calls anything
    stands by itself.
    """
    if kind in DEADLINE_KINDS:
        return DEADLINE_KINDS[kind].label
    return Bilingual(kind, kind) if called is None else Bilingual(called.ko, called.say("en"))


def describe_deadline(
    kind: str, item: str | None, name: LocalText | None, called: LocalText | None = None
) -> Bilingual:
    """What is due in words, e.g. “2024년 3분기 추진상황 보고”, "the progress report for 2024-Q3".

    `name`: what people call the item, as a milestone of the plan. Whoever words a deadline has to look for it: only where none
    is known an item stands by its id. `called`: as above.
    """
    label = deadline_label(kind, called)
    if item is None:
        return label
    if (part := find_part(item)) is not None:
        return Bilingual(f"{part.label.ko} {label.ko}", f"{label.en} for {part.label.en}")
    which = name or LocalText(ko=item)
    return Bilingual(f"{label.ko} {which.ko}", f"{label.en} {which.say('en')}")
