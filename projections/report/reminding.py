"""Reminders and what they did: what was due, what was reminded of, how long it took, and who had to be asked above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from domain.errors import Bilingual
from domain.message.state import MessageStage
from domain.notice.state import NoticeStage
from domain.task.deadline_kinds import DEADLINE_KINDS, deadline_label, describe_deadline
from domain.values import LocalText
from projections.labels import item_names_in
from projections.report.charts.overdue import overdue_chart
from projections.report.document import Block, Cell, Column, Figure, Figures, Section, Table, Text
from projections.report.report_data import (
    CITY,
    OUTCOMES,
    Outcome,
    Owed,
    ReportData,
    behind,
    cell,
    column,
    mean_of,
    share,
)
from projections.report.tracing import Obligation

Behind = Callable[[Sequence[Owed]], list[int]]
_OUTCOMES: Mapping[Outcome, tuple[Bilingual, Bilingual]] = {  # head, and what it means
    "kept": (
        Bilingual("준수", "Kept"),
        Bilingual("기한까지 이행함", "done by its day"),
    ),
    "late": (
        Bilingual("지연", "Late"),
        Bilingual(
            "기한을 넘겨 이행하였거나 기한이 지나도록 이행하지 않음",
            "done after its day, or its day passed and it was not done",
        ),
    ),
    "open": (
        Bilingual("진행 중", "Open"),
        Bilingual("기한이 아직 지나지 않음", "its day has not passed"),
    ),
    "lapsed": (
        Bilingual("소멸", "Lapsed"),
        Bilingual(
            "과제의 종료, 계획 변경 등으로 기한 전에 이행할 일이 없어짐",
            "fell away before its day and was never set anew, as when the task ended or its plan changed",
        ),
    ),
    "moved": (
        Bilingual("재설정", "Moved away"),
        Bilingual(
            "일시 중지 등으로 기한 전에 없어졌다가 새 기한으로 다시 정해짐(새 기한은 따로 셈)",
            "fell away before its day, as in a suspension, and was set anew; the new deadline counts by itself",
        ),
    ),
}
OUTCOME_LABELS = {name: head for name, (head, _) in _OUTCOMES.items()}
_SUM = Bilingual(
    " + ".join(head.ko for head, _ in _OUTCOMES.values()),
    " + ".join(head.en.lower() for head, _ in _OUTCOMES.values()),
)
_MEANT = Text(
    Bilingual(
        f"기한 = {_SUM.ko}. {'; '.join(f'{head.ko}: {what.ko}' for head, what in _OUTCOMES.values())}. 준수율 = 준수 ÷ (준수 + 지연).",
        f"All = {_SUM.en}. {'; '.join(f'{head.en}: {what.en}' for head, what in _OUTCOMES.values())}. Share kept = kept ÷ (kept + late).",
    ),
    role="remark",
)
_SAID = Text(
    Bilingual(
        "지연일은 기한 다음 날부터 이행한 날까지의 영업일, 소요일은 첫 알림에서 이행까지의 달력 일수임. 상급자 알림은 담당자(시는 총괄부서)보다 위로 알림이 간 기한의 수임. 이관된 과제의 기한은 이행하거나 없어진 때의 주관기관, 진행 중이면 현재의 주관기관에 셈.",
        "Delay: business days after the due day until it was met. Lead: calendar days from the first reminder until it was met. Escalated: deadlines of which somebody above the officer (of the city: the planner) was reminded. A deadline of a task that was handed over counts for whoever led when it was met or fell away, and while it is open for whoever leads now.",
    ),
    role="remark",
)


def reminders(m: ReportData) -> Section:
    """How many reminders there were, what came of them, and the deadlines by kind, by agency and by month."""
    title = Bilingual("알림과 그 효과", "Reminders and their effect")
    if not m.owed:
        none = Text(Bilingual("정해진 기한이 없음.", "No deadline was set."), role="absent")
        return Section("reminders", title, (none,))
    return Section(
        "reminders", title, (_figures_of_sent(m), _by_kind(m), _by_agency(m), _MEANT, _SAID, *_overdue(m))
    )


def _figures_of_sent(m: ReportData) -> Figures:
    notices, messages = m.gathered.notices, m.gathered.messages
    composed = {row.message: None for row in notices.values() if row.message in messages}
    cancelled = [one for one, row in notices.items() if row.stage is NoticeStage.CANCELLED]
    acknowledged = [one for one, row in notices.items() if row.acknowledged]
    written = [messages[one].composed_at for one in composed if one is not None]
    above = [one.escalations for one in m.owed if one.escalations]
    return Figures(
        (
            _figure(m, "due", "보낼 알림", "Reminders due", list(m.gathered.reminders)),
            Figure(
                "reminders.messages",
                Bilingual("알림을 담은 메시지", "Messages with them"),
                len(composed),
                "int",
                behind(*written),
            ),
            _figure(
                m, "sent", "발송된 알림", "Reminders sent", _reminders_that_came_to(m, MessageStage.SENT)
            ),
            _figure(m, "cancelled", "취소된 알림", "Cancelled", cancelled),
            _figure(
                m, "failed", "보내지 못한 알림", "Not sent", _reminders_that_came_to(m, MessageStage.FAILED)
            ),
            _figure(
                m,
                "unknown",
                "발송 결과 미확인",
                "Outcome unknown",
                _reminders_that_came_to(m, MessageStage.UNKNOWN),
            ),
            _figure(m, "acknowledged", "확인된 알림", "Acknowledged", acknowledged),
            Figure(
                "reminders.escalated",
                Bilingual("상급자에게 알린 기한", "Deadlines escalated"),
                len(above),
                "int",
                behind(*chain.from_iterable(above)),
            ),
        )
    )


def _figure(m: ReportData, identity: str, ko: str, en: str, chosen: Sequence[str]) -> Figure:
    """How many reminders were `chosen`, with the facts of them and of the messages that they are in."""
    facts = [place for one in chosen for place in m.gathered.reminders[one].facts]
    messages = {m.gathered.notices[one].message for one in chosen} & m.gathered.message_facts.keys()
    facts += [m.gathered.message_facts[one] for one in messages if one is not None]
    return Figure(f"reminders.{identity}", Bilingual(ko, en), len(chosen), "int", behind(*facts))


def _reminders_that_came_to(m: ReportData, stage: MessageStage) -> list[str]:
    """The reminders whose message came to this; what was cancelled before it went is not in what was sent."""
    so = {name for name, row in m.gathered.messages.items() if row.stage is stage}
    return [
        one
        for one, row in m.gathered.notices.items()
        if row.message in so and row.stage is not NoticeStage.CANCELLED
    ]


def _columns(head: Column) -> tuple[Column, ...]:
    return (
        head,
        column("due", "기한", "Deadlines", "int"),
        *(column(one, _OUTCOMES[one][0].ko, _OUTCOMES[one][0].en, "int") for one in OUTCOMES),
        column("share", "준수율", "Share kept", "percent"),
        column("days", "지연일(영업일)", "Delay (business days)", "days"),
        column("reminders", "알림", "Reminders", "int"),
        column("lead", "평균 소요일", "Mean lead (days)", "decimal"),
        column("escalated", "상급자 알림", "Escalated", "int"),
    )


def _measures(owed: Sequence[Owed], of: str, facts: Behind) -> tuple[Cell, ...]:
    by = {name: [one for one in owed if one.outcome == name] for name in OUTCOMES}
    kept, late = by["kept"], by["late"]
    leads = [one for one in owed if one.lead is not None]
    above = [one.escalations for one in owed if one.escalations]
    told = [reminder.position for one in owed for _, reminder in one.reminders]
    first = [one.reminders[0][1].position for one in leads]
    return (
        cell(len(owed), facts(owed), f"{of}.due"),
        *(cell(len(some), facts(some), f"{of}.{name}") for name, some in by.items()),
        cell(share(len(kept), len(kept) + len(late)), facts([*kept, *late]), f"{of}.punctual"),
        cell(sum(one.late for one in late), facts(late), f"{of}.overdue-days"),
        cell(len(told), told, f"{of}.reminders"),
        cell(
            mean_of(one.lead for one in leads if one.lead is not None), [*first, *facts(leads)], f"{of}.lead"
        ),
        cell(len(above), list(chain.from_iterable(above)), f"{of}.escalated"),
    )


def _facts(owed: Sequence[Owed]) -> list[int]:
    return [place for one in owed for place in one.facts]


def _facts_by_agency(owed: Sequence[Owed]) -> list[int]:
    """The same with the hand-overs by which an agency came to answer for them."""
    return [*_facts(owed), *(at for one in owed if (at := one.obligation.handed) is not None)]


def _by_kind(m: ReportData) -> Table:
    kinds = [kind for kind in DEADLINE_KINDS if any(one.obligation.kind == kind for one in m.owed)]
    kinds += sorted({one.obligation.kind for one in m.owed} - {*kinds})
    rows = tuple(
        (
            cell(kind_label(kind, _find_label(m, kind))),
            *_measures([one for one in m.owed if one.obligation.kind == kind], f"deadline.{kind}", _facts),
        )
        for kind in kinds
    )
    return Table(
        "reminders.by-kind",
        Bilingual("기한의 종류별", "By kind of deadline"),
        _columns(column("kind", "기한의 종류", "Kind of deadline", weight=3)),
        rows,
        ((cell(Bilingual("합계", "Total")), *_measures(m.owed, "deadlines", _facts)),),
    )


def _find_label(m: ReportData, kind: str) -> LocalText | None:
    """What definitions call a kind of their own: as the last that was due has it."""
    return next((one.obligation.label for one in reversed(m.owed) if one.obligation.kind == kind), None)


def kind_label(kind: str, called: LocalText | None = None) -> Bilingual:
    """What is due, as it stands by itself in a table."""
    label = deadline_label(kind, called)
    if kind not in DEADLINE_KINDS:
        return label
    en = label.en.removeprefix("the ")
    return Bilingual(label.ko, en[:1].upper() + en[1:])


def name_obligation(m: ReportData, owed: Obligation) -> Bilingual:
    """What is due, a quarter's report with its quarter and a milestone with its name, to stand behind the task's number."""
    traced = m.gathered.tasks.get(owed.task) or m.gathered.waited_for.get(owed.task)
    names = {} if traced is None else item_names_in(one.fact for one in traced.facts)
    said = describe_deadline(owed.kind, owed.item, names.get(owed.item or ""), owed.label)
    return Bilingual(said.ko, said.en.removeprefix("the "))


def _by_agency(m: ReportData) -> Table:
    rows = tuple(
        (
            cell(m.agency(who)),
            *_measures([one for one in m.owed if one.who == who], f"owed.{who}", _facts_by_agency),
        )
        for who in _owing(m)
    )
    return Table(
        "reminders.by-agency",
        Bilingual("기관별", "By who owed it"),
        _columns(column("agency", "기관", "Agency", weight=4)),
        rows,
    )


def _owing(m: ReportData) -> list[str]:
    """The agencies, then the city."""
    return sorted({one.who for one in m.owed}, key=lambda who: (who == CITY, who))


def _overdue(m: ReportData) -> tuple[Block, ...]:
    late = [one for one in m.owed if one.late]
    if not late:
        return (Text(Bilingual("지연된 기한이 없음.", "No deadline was missed."), role="absent"),)
    grouped: dict[tuple[str, str], list[Owed]] = {}
    for one in late:
        grouped.setdefault((one.who, f"{one.obligation.due:%Y-%m}"), []).append(one)
    cells = {
        place: cell(sum(one.late for one in some), _facts_by_agency(some), f"overdue.{place[0]}.{place[1]}")
        for place, some in sorted(grouped.items())
    }
    agencies = [who for who in _owing(m) if any(place[0] == who for place in cells)]
    return (overdue_chart(m, cells, agencies),)
