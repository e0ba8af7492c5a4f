"""One example of every command and fact, and given/when/then over plain lists. Nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.access.commands import AcknowledgeGap, ExamineRow, Prune, SignOff
from domain.agency import commands as a
from domain.agency import facts as agency_facts
from domain.aggregate import Aggregate, Command, DecisionContext
from domain.audit import commands as audit
from domain.calendar import commands as calendar
from domain.calendar.facts import CalendarOpened, Holiday
from domain.catalogue import COMMANDS as KNOWN
from domain.catalogue import aggregate_of
from domain.concern import commands as concern
from domain.definition import commands as definition
from domain.epoch.commands import BeginEpoch
from domain.errors import Refusal
from domain.fact import Fact
from domain.finding.commands import Examine
from domain.fund import commands as fund
from domain.fund.facts import Entry
from domain.lifecycle.content import content_of
from domain.lifecycle.model import Definition
from domain.meeting import commands as meeting
from domain.meeting.facts import Attendee, Vote
from domain.message import commands as m
from domain.notice import commands as n
from domain.programme import facts as programme_facts
from domain.programme.commands import AddTask, Close, Open, SetContact
from domain.reform import commands as reform
from domain.reform.facts import Measure, MovedOver
from domain.subject import commands as p
from domain.subject.facts import Registered as PersonRegistered
from domain.task import commands as c
from domain.task import facts as f
from domain.text.commands import Redact
from domain.token.commands import Issue, Revoke
from domain.trail import commands as trail
from domain.trail.facts import DifferenceFound
from domain.values import (
    CalendarVersion,
    Deadline,
    Figure,
    Indicator,
    LocalText,
    Milestone,
    Phase,
    Plan,
    TextRef,
)
from domain.view.commands import RecordRebuilt, RecordVerified, SkipFact
from domain.view.facts import NotCompared
from tests.domain.filled import filled_command
from workflows.definitions.templates import templates

NOON = datetime(2024, 3, 7, 3, tzinfo=UTC)  # 12:00 in Seoul
TASK_ID = "2024-07"
TOKEN = "4" * 32
CONTENT = content_of(templates()["donghaeng-2024/1"])
VKEY = f"donghaeng/test+c74f20a3+{'A' * 44}"
CERTIFIED: dict[str, Any] = {
    "view": "task_board",
    "version": 2,
    "position": 118,
    "rows": 30,
    "rows_sha256": "0f" * 32,
    "code_sha256": "1e" * 32,
    "milliseconds": 1200,
}
MEETING_ID = "heads-2024-1"
NOTICE_ID, MESSAGE_ID = "5" * 32, "6" * 32
OFFICER, HEAD = "1" * 32, "2" * 32
REF = TextRef(id="0" * 32, commitment="a" * 64)
TITLE = LocalText(
    ko="시민 축구축제로 떠나는 문화마실", en="Culture outing to the citizens' football festival"
)


def ko(text: str) -> LocalText:
    return LocalText(ko=text)


PLAN = Plan(
    start=date(2024, 3, 1),
    end=date(2024, 12, 31),
    budget_krw=120_000_000,
    milestones=(
        Milestone(id="m1", name=ko("첫 축제"), due=date(2024, 5, 31)),
        Milestone(id="m2", name=ko("마지막 축제"), due=date(2024, 12, 1)),
    ),
    indicators=(Indicator(id="visitors", name=ko("방문객"), unit="명", baseline="0", target="10000"),),
    phases=(
        Phase(name=ko("노랑"), starts=date(2024, 3, 1), ends=date(2024, 5, 31)),
        Phase(name=ko("파랑"), starts=date(2024, 6, 1), ends=date(2024, 8, 31)),
    ),
)
SMALLER = replace(PLAN, budget_krw=100_000_000)
DEADLINE = Deadline(
    kind="milestone", who="agency", start=date(2024, 5, 31), days=0, due=date(2024, 5, 31), item="m1"
)
FIGURE = Figure(indicator="visitors", value="1200")
AREAS = (
    programme_facts.Area(id="culture", name=ko("문화‧여가환경 조성")),
    programme_facts.Area(id="living", name=ko("시민생활 지원")),
)

MEASURES = (
    Measure(
        name=ko("관리직"),
        unit="명",
        value_before="13",
        value_after="9",
        before_on=date(2022, 12, 31),
        after_on=date(2023, 12, 31),
        source=ko("경영공시"),
    ),
)
_WRITTEN: Mapping[str, Command] = {
    one.name: one
    for one in (
        c.Propose(
            task=TASK_ID, title=TITLE, area="culture", lead="gjcf", partners=("gto",), plan=PLAN, summary=REF
        ),
        c.Revise(task=TASK_ID, title=ko("새 제목"), summary=REF),
        c.Return(task=TASK_ID),
        c.Approve(task=TASK_ID, conditions=(REF,)),
        c.Reject(task=TASK_ID),
        c.Withdraw(task=TASK_ID),
        c.Start(task=TASK_ID),
        c.Suspend(task=TASK_ID),
        c.Resume(task=TASK_ID),
        c.ReportProgress(task=TASK_ID, percent=40, text=REF, figures=(FIGURE,), milestones=("m1",)),
        c.ReachMilestones(task=TASK_ID, milestones=("m1",), text=REF),
        c.SubmitFinalReport(task=TASK_ID, text=REF, figures=(FIGURE,)),
        c.OpenRating(task=TASK_ID),
        c.Rate(task=TASK_ID, score="84.2", raters=412),
        c.Evaluate(task=TASK_ID, score="87.5", grade="A"),
        c.Discontinue(task=TASK_ID),
        c.CarryOver(task=TASK_ID, to_year=2025),
        c.Replan(task=TASK_ID, plan=SMALLER),
        c.ApproveReplan(task=TASK_ID),
        c.RefuseReplan(task=TASK_ID),
        c.HandOver(task=TASK_ID, to="gtc"),
        c.AddPartner(task=TASK_ID, partner="gtc"),
        c.ReleasePartner(task=TASK_ID, partner="gto"),
        c.Correct(task=TASK_ID, fact=f"task/{TASK_ID}#4", percent=35),
        c.CorrectEvaluated(task=TASK_ID, fact=f"task/{TASK_ID}#4", percent=35),
        c.CancelCorrection(task=TASK_ID, correction=f"task/{TASK_ID}#5"),
        c.SetDeadlines(
            task=TASK_ID,
            as_of=3,
            definition="donghaeng-2024/1",
            calendars=(CalendarVersion(year=2024, version=1),),
            deadlines=(DEADLINE,),
        ),
        c.PlaceHold(task=TASK_ID, basis="공공기록물 관리에 관한 법률 제27조의3"),
        c.LiftHold(task=TASK_ID),
        a.Register(agency="gjcf", name=ko("광주문화재단")),
        a.Rename(agency="gjcf", name=ko("광주문화관광재단")),
        a.Merge(agency="gjcf", into="gto"),
        a.Transfer(agency="gjcf", what="facility", name=ko("빛고을시민문화관"), to="gto"),
        a.Close(agency="gjcf"),
        a.Appoint(agency="gjcf", subject=HEAD, post="head"),
        a.Release(agency="gjcf", subject=OFFICER, post="officer"),
        a.AppointSubstitute(
            agency="gjcf", absent=HEAD, substitute=OFFICER, starts=date(2024, 5, 1), ends=date(2024, 5, 10)
        ),
        a.EndSubstitution(agency="gjcf", number=4),
        a.DelegateDecision(
            agency="gjcf",
            form="standing",
            decision="task.report_progress",
            holder=HEAD,
            delegate=OFFICER,
            starts=date(2024, 5, 1),
        ),
        a.EndDelegation(agency="gjcf", number=4),
        Issue(token=TOKEN, role="officer", agency="gto", secret_sha256="a" * 64, until=date(2024, 12, 31)),
        Revoke(token=TOKEN),
        p.Register(subject=OFFICER),
        p.Change(subject=OFFICER, fields=("mail",)),
        p.Erase(subject=OFFICER, appears_in=(f"task/{TASK_ID}",)),
        Redact(text=REF.id, appears_in=(f"task/{TASK_ID}",)),
        SignOff(month="2024-02", readings=214, unusual=3, rows_sha256="a" * 64, note=REF),
        Prune(before=date(2022, 3, 1), count=1200),
        AcknowledgeGap(first=812, last=815, note=REF),
        ExamineRow(what="entry", number=812, found="a" * 64, note=REF),
        Examine(rule="late_entry", about=812, note=REF),
        audit.Close(
            subject=TASK_ID, up_to=3994, findings=2, open=("late_entry-812",), points=(REF,), note=REF
        ),
        audit.Settle(subject=TASK_ID, point=1, note=REF),
        audit.Reopen(subject=TASK_ID),
        definition.Draft(definition="donghaeng-2024", content=CONTENT),
        definition.Adopt(definition="donghaeng-2024", content=CONTENT),
        definition.Withdraw(definition="donghaeng-2024", version=1),
        BeginEpoch(number=2, after=41),
        trail.AddKey(vkey=VKEY, note="a note\n"),
        trail.RetireKey(vkey=VKEY, note="a note\n"),
        trail.RecordSeal(
            day=NOON.date(), size=7, note="a note\n", root=f"{'A' * 43}=", witnesses=("audit",), quorum=True
        ),
        trail.RecordMap(day=NOON.date(), origin="donghaeng/0000", size=7, streams=3, root=f"{'A' * 43}="),
        trail.RecordDifference(part="facts", what="content", position=7, size=7),
        trail.RecordAgreement(part="facts", size=7),
        trail.RecordTimestamp(day=NOON.date(), size=7, note="a note\n", token="AAAA", at=NOON),
        calendar.OpenCalendar(
            year=2024,
            holidays=(Holiday(day=date(2024, 3, 1), name=ko("삼일절")),),
            source="holidays 0.109",
        ),
        calendar.Proclaim(day=date(2024, 10, 1), title=ko("국군의 날")),
        calendar.WithdrawDay(day=date(2024, 10, 1)),
        SkipFact(view="task_board", position=118),
        RecordVerified(**CERTIFIED, differences=1),
        RecordRebuilt(
            **CERTIFIED,
            before=1,
            differences=31,
            explained=30,
            accepted=1,
            not_compared=(NotCompared(table="programme_summary_v3", why="unreadable"),),
        ),
        a.SetContact(agency="gjcf", channel="mail", address="office@gjcf.example"),
        SetContact(year=2024, office="planner", address="planner@city.example"),
        n.Arm(
            notice=NOTICE_ID,
            task=TASK_ID,
            deadline="milestone",
            item="m1",
            due=date(2024, 5, 31),
            since=5,
            days=-1,
            on=date(2024, 5, 30),
            to="officer",
            recipient="agency/gjcf",
            channel="mail",
            agency="gjcf",
        ),
        n.PutIn(notice=NOTICE_ID, message=MESSAGE_ID),
        n.Release(notice=NOTICE_ID),
        n.Cancel(notice=NOTICE_ID, why="person"),
        n.Acknowledge(notice=NOTICE_ID),
        m.Compose(
            message=MESSAGE_ID,
            recipient="agency/gjcf",
            channel="mail",
            on=date(2024, 5, 30),
            hour=9,
            notices=(NOTICE_ID,),
        ),
        m.Attempt(message=MESSAGE_ID, token=7),
        m.Settle(message=MESSAGE_ID, number=1, token=1, outcome="sent", code=250),
        m.Cancel(message=MESSAGE_ID),
        m.Retry(message=MESSAGE_ID),
        Open(year=2024, name=ko("동행전략"), city=ko("광주광역시"), areas=AREAS, declared_task_count=27),
        AddTask(
            year=2024,
            task=TASK_ID,
            area="culture",
            lead="gjcf",
            title=TITLE,
            summary=REF,
            not_before=date(2024, 3, 1),
            phases=PLAN.phases,
        ),
        Close(year=2024),
        fund.Transfer(
            fund="gongik",
            entries=(Entry("money", debit_krw=7), Entry("free_money", credit_krw=7)),
        ),
        reform.Enter(
            case="gto-2023",
            agency="gto",
            year=2024,
            title=ko("관리직 축소"),
            category="organisation",
            measures=MEASURES,
            transfers=(MovedOver("gjcf", "gto", "facility", ko("시설")),),
        ),
        reform.TakeOver(case="gto-2023", agency="gjcf", measures=MEASURES),
        reform.Revise(case="gto-2023", measures=MEASURES),
        reform.EnterFigures(case="gto-2023", agency="gto", measures=MEASURES),
        meeting.Open(
            meeting=MEETING_ID,
            chairs=("position/vice-mayor",),
            present=(Attendee("agency/gjcf", subject=HEAD, stands_in_for=OFFICER),),
        ),
        concern.Link(concern="night-buses", follow_up=f"task/{TASK_ID}"),
        meeting.Join(meeting=MEETING_ID, present=(Attendee("agency/gto"),)),
        meeting.Decide(
            meeting=MEETING_ID,
            wording=ko("과제 승인"),
            vote=Vote(2, 0, 1),
            commands=(meeting.GivenCommand("task.approve", '{"task":"2024-07"}'),),
        ),
    )
}
# a command that came later is tried with values by the types of its fields, until one is written above
COMMANDS = {name: _WRITTEN.get(name) or filled_command(one) for name, one in KNOWN.items()}

PROPOSED = f.Proposed(
    title=TITLE,
    area="culture",
    lead="gjcf",
    partners=("gto",),
    plan=PLAN,
    summary=REF,
    definition="donghaeng-2024/1",
)
STARTED = f.Started(on=date(2024, 3, 7))
REPORTED = f.ProgressReported(percent=40, text=REF, figures=(FIGURE,), milestones=("m1",))
FINAL = f.FinalReportSubmitted(text=REF, figures=(FIGURE,))
EVALUATED = f.Evaluated(score="87.5", grade="A")
APPROVED = f.Approved()
IN_PROGRESS: tuple[Fact, ...] = (PROPOSED, APPROVED, STARTED)
REQUESTED = f.ReplanRequested(plan=replace(PLAN, budget_krw=900_000_000))
CORRECTED = f.Corrected(fact=4, percent=35)
DEADLINES_SET = f.DeadlinesSet(
    definition="donghaeng-2024/1", calendars=(CalendarVersion(year=2024, version=1),), deadlines=(DEADLINE,)
)
HELD = f.HoldPlaced(basis="공공기록물 관리에 관한 법률 제27조의3")

CALENDAR_OPENED = CalendarOpened(
    year=2024, holidays=(Holiday(day=date(2024, 3, 1), name=ko("삼일절")),), source="holidays 0.109"
)
REGISTERED = agency_facts.Registered(name=ko("광주문화재단"))
OPENED = programme_facts.Opened(name=ko("동행전략"), city=ko("광주광역시"), areas=AREAS)
LISTED = programme_facts.TaskAdded(task=TASK_ID, area="culture", lead="gjcf", title=TITLE)

WORLD: Mapping[str, tuple[Fact, ...]] = {
    "programme/2024": (OPENED, LISTED),
    "calendar/2024": (CALENDAR_OPENED,),
    "agency/gjcf": (REGISTERED,),
    "agency/gto": (REGISTERED,),
    "trail/compared": (DifferenceFound(part="facts", what="content", size=7, position=3),),
    "agency/gtc": (REGISTERED,),
    f"subject/{HEAD}": (PersonRegistered(),),
    f"subject/{OFFICER}": (PersonRegistered(),),
}


def fold(aggregate: Aggregate, facts: Iterable[Fact], at: datetime = NOON) -> Any:
    """The facts' state, each a minute after the one before, the first at `at`."""
    state = aggregate.initial
    for minutes, fact in enumerate(facts):
        state = aggregate.evolve(state, fact, at + timedelta(minutes=minutes), minutes + 1)
    return state


def decided(
    command: Command,
    state: Any,
    at: datetime,
    world: Mapping[str, Sequence[Fact]] = WORLD,
    history: Sequence[Fact] = (),
    definition: Definition | None = None,
) -> tuple[Fact, ...]:
    """What the command makes of this state, other streams holding `world`, its own `history`. `definition`: by default the first
    template."""
    aggregate = aggregate_of(command.stream)
    others = {
        stream: fold(aggregate_of(stream), world.get(stream, ()))
        for stream in aggregate.reads(command, state)
    }
    by = definition or templates()["donghaeng-2024/1"]
    return aggregate.decide(command, state, DecisionContext(at, others, history, definition=by))


def when(
    command: Command,
    given: Sequence[Fact] = (),
    *,
    world: Mapping[str, Sequence[Fact]] = WORLD,
    at: datetime = NOON + timedelta(days=1),
    definition: Definition | None = None,
) -> tuple[Fact, ...]:
    """What the command makes of these facts; folded together they are the state after it."""
    aggregate = aggregate_of(command.stream)
    return decided(command, fold(aggregate, given), at, world, given, definition)


def refused(refusal: type[Refusal], command: Command, given: Sequence[Fact] = (), **more: Any) -> Refusal:
    """The refusal that the command meets, both of its texts readable."""
    with pytest.raises(refusal) as caught:
        when(command, given, **more)
    assert type(caught.value) is refusal
    for lang in ("ko", "en"):
        text = caught.value.say(lang)  # type: ignore[arg-type]
        assert "{" not in text
        assert "<" not in text
        assert text[-1] in ".다오"
    assert any("가" <= letter <= "힣" for letter in caught.value.say("ko"))
    return caught.value
