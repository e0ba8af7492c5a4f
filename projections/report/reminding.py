"""Reminders and what they did: what was due, what was reminded of, how long it took, and who had to be asked above."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.message.state import MessageStage
from domain.notice.state import NoticeStage
from projections.report.charts.overdue import overdue_chart
from projections.report.document import Block, Cell, Column, Figure, Figures, Section, Table, Text, Words
from projections.report.material import CITY, Material, Owed, behind, cell, column, mean, share
from projections.sentences.telling import DEADLINES

Behind = Callable[[Sequence[Owed]], list[int]]
_SAID = Text(
    Words(
        "지연은 기한 다음 날부터 이행한 날까지의 영업일, 소요일은 첫 알림에서 이행까지의 달력 날수다. 상향은 담당자(시는 총괄부서) 위로 올라간 알림이 있었던 기한이다. 이관된 과제의 기한은 이행하거나 없어진 때의 주관기관, 아직 열려 있으면 지금의 주관기관에 센다.",
        "Delay: business days after the due day until it was met. Lead: calendar days from the first reminder until it was met. Escalated: deadlines of which somebody above the officer (of the city: the planner) was reminded. A deadline of a task that was handed over counts for whoever led when it was met or fell away, and while it is open for whoever leads now.",
    ),
    role="remark",
)


def reminders(m: Material) -> Section:
    """How many reminders there were, what came of them, and the deadlines by kind, by agency and by month."""
    title = Words("알림과 그 효과", "Reminders and their effect")
    if not m.owed:
        none = Text(Words("정해진 기한이 없다.", "No deadline was set."), role="absent")
        return Section("reminders", title, (none,))
    return Section("reminders", title, (_sent(m), _by_kind(m), _by_agency(m), _SAID, *_overdue(m)))


def _sent(m: Material) -> Figures:
    notices, told = m.gathered.notices, m.gathered.reminders

    def of(identity: str, ko: str, en: str, chosen: Sequence[str]) -> Figure:
        facts = [place for one in chosen for place in told[one].facts]
        messages = {notices[one].message for one in chosen} - {None}
        facts += [m.gathered.message_facts[one] for one in messages if one in m.gathered.message_facts]
        return Figure(f"reminders.{identity}", Words(ko, en), len(chosen), "int", behind(*facts))

    def gone(stage: MessageStage) -> list[str]:
        rows = m.gathered.messages
        return [
            one for one, row in notices.items() if row.message in rows and rows[row.message].stage is stage
        ]

    composed = {row.message: None for row in notices.values() if row.message in m.gathered.messages}
    cancelled = [one for one, row in notices.items() if row.stage is NoticeStage.CANCELLED]
    escalated = [one for one in m.owed if one.escalations]
    return Figures(
        (
            of("due", "보낼 알림", "Reminders due", list(told)),
            Figure(
                "reminders.messages",
                Words("알림을 담은 메시지", "Messages with them"),
                len(composed),
                "int",
                behind(*(m.gathered.messages[one].composed_at for one in composed if one is not None)),
            ),
            of("sent", "발송된 알림", "Reminders sent", gone(MessageStage.SENT)),
            of("cancelled", "취소된 알림", "Cancelled", cancelled),
            of("failed", "보내지 못한 알림", "Not sent", gone(MessageStage.FAILED)),
            of("unknown", "결과를 모르는 알림", "Outcome unknown", gone(MessageStage.UNKNOWN)),
            of(
                "acknowledged",
                "확인된 알림",
                "Acknowledged",
                [one for one, row in notices.items() if row.acknowledged],
            ),
            Figure(
                "reminders.escalated",
                Words("상향된 기한", "Deadlines escalated"),
                len(escalated),
                "int",
                behind(*(place for one in escalated for place in one.escalations)),
            ),
        )
    )


def _columns(head: Column) -> tuple[Column, ...]:
    return (
        head,
        column("due", "기한", "Deadlines", "int"),
        column("kept", "지킴", "Kept", "int"),
        column("late", "늦음", "Late", "int"),
        column("share", "준수율", "Kept, share", "percent"),
        column("days", "지연 합계(영업일)", "Delay, sum (business days)", "days", 2),
        column("reminders", "알림", "Reminders", "int"),
        column("lead", "평균 소요일", "Mean lead (days)", "decimal", 2),
        column("escalated", "상향", "Escalated", "int"),
    )


def _measures(owed: Sequence[Owed], of: str, facts: Behind) -> tuple[Cell, ...]:
    kept, late = [one for one in owed if one.kept], [one for one in owed if one.late]
    leads = [one for one in owed if one.lead is not None]
    escalated = [one for one in owed if one.escalations]
    told = [reminder.position for one in owed for _, reminder in one.reminders]
    first = [one.reminders[0][1].position for one in leads]
    return (
        cell(len(owed), facts(owed), f"{of}.due"),
        cell(len(kept), facts(kept), f"{of}.kept"),
        cell(len(late), facts(late), f"{of}.late"),
        cell(share(len(kept), len(kept) + len(late)), facts([*kept, *late]), f"{of}.punctual"),
        cell(sum(one.late for one in late), facts(late), f"{of}.overdue-days"),
        cell(len(told), told, f"{of}.reminders"),
        cell(mean(one.lead for one in leads if one.lead is not None), [*first, *facts(leads)], f"{of}.lead"),
        cell(len(escalated), [place for one in escalated for place in one.escalations], f"{of}.escalated"),
    )


def _facts(owed: Sequence[Owed]) -> list[int]:
    return [place for one in owed for place in one.facts]


def _facts_by_agency(owed: Sequence[Owed]) -> list[int]:
    """The same with the hand-overs by which an agency came to answer for them."""
    return [*_facts(owed), *(at for one in owed if (at := one.obligation.handed) is not None)]


def _by_kind(m: Material) -> Table:
    kinds = [kind for kind in DEADLINES if any(one.obligation.kind == kind for one in m.owed)]
    kinds += sorted({one.obligation.kind for one in m.owed} - {*kinds})
    rows = tuple(
        (
            cell(_kind(kind)),
            *_measures([one for one in m.owed if one.obligation.kind == kind], f"deadline.{kind}", _facts),
        )
        for kind in kinds
    )
    return Table(
        "reminders.by-kind",
        Words("기한의 종류별", "By kind of deadline"),
        _columns(column("kind", "기한의 종류", "Kind of deadline", weight=3)),
        rows,
        ((cell(Words("모두", "All")), *_measures(m.owed, "deadlines", _facts)),),
    )


def _kind(kind: str) -> Words:
    if kind not in DEADLINES:
        return Words(kind, kind)
    en = DEADLINES[kind].say("en").removesuffix(" for").removeprefix("the ")
    return Words(DEADLINES[kind].say("ko"), en[:1].upper() + en[1:])


def _by_agency(m: Material) -> Table:
    rows = tuple(
        (
            cell(m.agency(who)),
            *_measures([one for one in m.owed if one.who == who], f"owed.{who}", _facts_by_agency),
        )
        for who in _owing(m)
    )
    return Table(
        "reminders.by-agency",
        Words("기관별", "By who owed it"),
        _columns(column("agency", "기관", "Agency", weight=4)),
        rows,
    )


def _owing(m: Material) -> list[str]:
    """The agencies, then the city."""
    return sorted({one.who for one in m.owed}, key=lambda who: (who == CITY, who))


def _overdue(m: Material) -> tuple[Block, ...]:
    late = [one for one in m.owed if one.late]
    if not late:
        return (Text(Words("늦은 기한이 없다.", "No deadline was missed."), role="absent"),)
    grouped: dict[tuple[str, str], list[Owed]] = {}
    for one in late:
        grouped.setdefault((one.who, f"{one.obligation.due:%Y-%m}"), []).append(one)
    cells = {
        place: cell(sum(one.late for one in some), _facts_by_agency(some), f"overdue.{place[0]}.{place[1]}")
        for place, some in sorted(grouped.items())
    }
    agencies = [who for who in _owing(m) if any(place[0] == who for place in cells)]
    return (overdue_chart(m, cells, agencies),)
