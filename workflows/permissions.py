"""Who may give which command and read what: one table for the command line, jobs and, later, pages and the API."""

from __future__ import annotations

import typing
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from domain.aggregate import Command
from domain.errors import Lang, Refusal, Worded
from store.envelope import Actor, Role


class Reach(StrEnum):
    """`OWN`: only where the actor's agency leads; `ANY`: everywhere."""

    OWN = "own"
    ANY = "any"


_AGENCY_WORK: Mapping[Role, Reach] = {"officer": Reach.OWN}
_AGENCY_OR_RULE: Mapping[Role, Reach] = {"officer": Reach.OWN, "system": Reach.ANY}
_RULE: Mapping[Role, Reach] = {"system": Reach.ANY}
_AGENCY_OR_CITY: Mapping[Role, Reach] = {"officer": Reach.OWN, "planner": Reach.ANY}
_CITY: Mapping[Role, Reach] = {"planner": Reach.ANY}
_INSPECTION: Mapping[Role, Reach] = {"inspector": Reach.ANY}
_CITY_OR_RULE: Mapping[Role, Reach] = {"planner": Reach.ANY, "system": Reach.ANY}
_CITY_OR_HEAD: Mapping[Role, Reach] = {"planner": Reach.ANY, "head": Reach.OWN}
_CITY_OR_HEAD_OR_RULE: Mapping[Role, Reach] = {**_CITY_OR_HEAD, "system": Reach.ANY}

PERMITTED: Mapping[str, Mapping[Role, Reach]] = {
    "agency.register": _CITY,
    "subject.register": _CITY,
    "subject.change": _CITY,
    "subject.erase": _CITY,
    "text.redact": _CITY,
    "access.sign_off": _INSPECTION,
    "access.prune": _CITY,
    "token.issue": _CITY_OR_HEAD,
    "token.revoke": _CITY_OR_HEAD,
    "agency.rename": _CITY,
    "agency.merge": _CITY,
    "agency.transfer": _CITY,
    "agency.close": _CITY,
    "agency.appoint": _CITY_OR_HEAD,
    "agency.release": _CITY_OR_HEAD,
    "agency.appoint_substitute": _CITY_OR_HEAD,
    "agency.end_substitution": _CITY_OR_HEAD_OR_RULE,
    "agency.delegate_decision": _CITY_OR_HEAD,
    "agency.end_delegation": _CITY_OR_HEAD_OR_RULE,
    "store.begin_epoch": _CITY,
    "finding.examine": {"inspector": Reach.ANY},
    "audit.close": _INSPECTION,
    "audit.settle": _INSPECTION,
    "audit.reopen": _INSPECTION,
    "view.skip_fact": _CITY,
    "view.record_verified": {**_CITY, **_INSPECTION},
    "view.record_rebuilt": _CITY,
    "trail.add_key": _CITY,
    "trail.retire_key": _CITY,
    "trail.record_seal": _RULE,
    "trail.record_map": _RULE,
    "trail.record_timestamp": _RULE,
    "trail.record_difference": _RULE,
    "trail.record_agreement": _RULE,
    "agency.set_contact": _CITY_OR_HEAD_OR_RULE,
    "programme.set_contact": _CITY,
    "notice.arm": _RULE,
    "notice.put_in": _RULE,
    "notice.release": _CITY,
    "notice.cancel": _CITY_OR_RULE,
    "notice.acknowledge": {
        "officer": Reach.OWN,
        "head": Reach.OWN,
        "department": Reach.ANY,
        "planner": Reach.ANY,
    },
    "message.compose": _RULE,
    "message.attempt": _RULE,
    "message.settle": _RULE,
    "message.cancel": _CITY_OR_RULE,
    "message.retry": _CITY,
    "calendar.open": _CITY_OR_RULE,
    "calendar.proclaim": _CITY,
    "calendar.withdraw": _CITY,
    "programme.open": _CITY,
    "programme.add_task": _CITY,
    "programme.close": _CITY_OR_RULE,
    "task.propose": _AGENCY_WORK,
    "task.revise": _AGENCY_WORK,
    "task.withdraw": _AGENCY_OR_RULE,
    "task.start": _AGENCY_OR_RULE,
    "task.report_progress": _AGENCY_WORK,
    "task.submit_final_report": _AGENCY_WORK,
    "task.return": _CITY,
    "task.approve": _CITY,
    "task.reject": _CITY,
    "task.suspend": _CITY,
    "task.resume": _CITY,
    "task.open_rating": _CITY_OR_RULE,
    "task.rate": _CITY,
    "task.evaluate": _CITY_OR_RULE,
    "task.discontinue": _CITY,
    "task.carry_over": _CITY_OR_RULE,
    "task.replan": _AGENCY_WORK,
    "task.approve_replan": _CITY,
    "task.refuse_replan": _CITY,
    "task.hand_over": _CITY,
    "task.add_partner": _AGENCY_WORK,
    "task.release_partner": _AGENCY_WORK,
    "task.correct": _AGENCY_OR_CITY,
    "task.correct_evaluated": _CITY,
    "task.cancel_correction": _AGENCY_OR_CITY,
    "task.place_hold": _CITY,
    "task.lift_hold": _CITY,
    "task.set_deadlines": _RULE,
}

_PUBLIC: Mapping[Role, Reach] = dict.fromkeys(typing.get_args(Role), Reach.ANY)
_CITY_READS: Mapping[Role, Reach] = {"planner": Reach.ANY, "inspector": Reach.ANY, "system": Reach.ANY}
_OWN_READS: Mapping[Role, Reach] = {**_CITY_READS, "officer": Reach.OWN, "head": Reach.OWN}
_TASK_READS: Mapping[Role, Reach] = {**_OWN_READS, "department": Reach.ANY}


class Recorded(StrEnum):
    """Which readings are put down in the access log, with who read, when, from where, whose data and what for.

    `NEVER`: it is public, or tells of the program and not of anybody. `FOREIGN`: unless the reader is of an agency
    whose it is; the city's roles are of none. `ALWAYS`: personal data, keys to act by, and what inspectors look at.
    """

    NEVER = "never"
    FOREIGN = "foreign"
    ALWAYS = "always"


class Reading(msgspec.Struct, frozen=True):
    """Something that can be read: as the screens call it, who may, and whether it is recorded."""

    label: Worded
    permitted: Mapping[Role, Reach]
    recorded: Recorded


_PLANNER_ALONE: Mapping[Role, Reach] = {"planner": Reach.ANY}
_INSPECTOR_ALONE: Mapping[Role, Reach] = {"inspector": Reach.ANY}

READINGS: Mapping[str, Reading] = {
    "task.list": Reading(Worded("과제 목록", "the list of tasks"), _PUBLIC, Recorded.NEVER),
    "programme.show": Reading(Worded("사업연도 현황", "the year's figures"), _PUBLIC, Recorded.NEVER),
    "agency.list": Reading(Worded("기관 목록", "the list of agencies"), _PUBLIC, Recorded.NEVER),
    "calendar": Reading(Worded("달력", "the calendar"), _PUBLIC, Recorded.NEVER),
    "task.show": Reading(Worded("과제 내용", "a task"), _TASK_READS, Recorded.FOREIGN),
    "task.history": Reading(Worded("과제 이력", "a task's history"), _TASK_READS, Recorded.FOREIGN),
    "deadlines": Reading(Worded("기한", "a task's deadlines"), _TASK_READS, Recorded.FOREIGN),
    "definition.migrate": Reading(
        Worded("과제의 정의 변경", "tasks in order to move them to another definition"),
        _PLANNER_ALONE,
        Recorded.FOREIGN,
    ),
    "notices": Reading(Worded("알림", "reminders"), _TASK_READS, Recorded.FOREIGN),
    "report": Reading(Worded("결산 보고서", "a year's report"), _CITY_READS, Recorded.ALWAYS),
    "what_if": Reading(
        Worded("지난 해를 다른 규칙으로 다시 본 것", "past years under another rule"),
        _CITY_READS,
        Recorded.FOREIGN,
    ),
    "audit": Reading(Worded("감사 자료", "what inspectors look at"), _CITY_READS, Recorded.ALWAYS),
    "trail": Reading(Worded("감사 이력", "the audit trail"), _CITY_READS, Recorded.ALWAYS),
    "responsible": Reading(Worded("책임기관", "who was responsible"), _TASK_READS, Recorded.FOREIGN),
    "agency.inbox": Reading(Worded("기관 할 일", "an agency's inbox"), _OWN_READS, Recorded.FOREIGN),
    "agency.secret": Reading(
        Worded("웹훅 비밀키", "an agency's webhook secret"), _PLANNER_ALONE, Recorded.ALWAYS
    ),
    "agency.history": Reading(Worded("기관 이력", "an agency's history"), _OWN_READS, Recorded.FOREIGN),
    "programme.inbox": Reading(
        Worded("총괄부서 할 일", "the planner's inbox"), _CITY_READS, Recorded.FOREIGN
    ),
    "jobs": Reading(Worded("작업 목록", "the list of jobs"), _CITY_READS, Recorded.NEVER),
    "jobs.change": Reading(
        Worded("작업 다시 실행·삭제", "jobs in order to change them"), _PLANNER_ALONE, Recorded.NEVER
    ),
    "history": Reading(Worded("이력 전체", "the whole history"), _CITY_READS, Recorded.ALWAYS),
    "trail.keep": Reading(
        Worded("감사 이력의 봉인·정책", "the trail in order to seal it or change its policy"),
        _PLANNER_ALONE,
        Recorded.NEVER,
    ),
    "views": Reading(Worded("조회 화면 상태", "the state of the views"), _CITY_READS, Recorded.NEVER),
    "views.rebuild": Reading(
        Worded("조회 화면 다시 만들기", "views in order to rebuild them"),
        _PLANNER_ALONE,
        Recorded.NEVER,
    ),
    "epoch.show": Reading(Worded("저장소의 시기", "the store's epoch"), _CITY_READS, Recorded.NEVER),
    "subject.show": Reading(Worded("개인정보", "a person's details"), _PLANNER_ALONE, Recorded.ALWAYS),
    "token.list": Reading(Worded("토큰 목록", "the list of tokens"), _CITY_READS, Recorded.ALWAYS),
    "access": Reading(Worded("열람 기록", "who read what"), _INSPECTOR_ALONE, Recorded.ALWAYS),
    "refused": Reading(Worded("거부된 시도", "refused attempts"), _INSPECTOR_ALONE, Recorded.ALWAYS),
}

ROLES: Mapping[Role, tuple[str, str]] = {
    "officer": ("기관 담당자", "agency officer"),
    "head": ("기관장", "agency head"),
    "planner": ("시 총괄부서", "city planner"),
    "department": ("시 소관부서", "city department"),
    "inspector": ("감사관", "inspector"),
    "citizen": ("시민", "citizen"),
    "system": ("시스템", "system"),
}


class RoleLabel:
    """A role as the reader calls it."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def say(self, lang: Lang) -> str:
        ko, en = ROLES[self.role]
        return f"{ko}({self.role})" if lang == "ko" else f"{en} ({self.role})"


class NotPermitted(Refusal):
    """`role` may never give `command`; `instead` may."""

    ko = "{role}의 권한으로는 ‘{command}’ 명령을 내릴 수 없습니다. 할 수 있는 역할: {instead}."
    en = "The {role} may not give the command “{command}”. Roles that may: {instead}."


class NotYourTask(Refusal):
    """An agency acted on a task that another agency leads."""

    ko = "{stream}의 주관기관은 {lead}입니다. {agency} 소속으로는 ‘{command}’ 명령을 내릴 수 없습니다."
    en = "{stream} is in the hands of {lead}. Nobody of {agency} may give the command “{command}” there."


class AgencyMergedInto(Refusal):
    """Somebody acted or read as an agency that was merged: `successor` answers for its tasks now."""

    ko = (
        "{agency}은(는) {successor}에 통합되어 그 소속으로는 ‘{what}’을(를) 할 수 없습니다. "
        "{successor} 소속으로 하십시오."
    )
    en = "{agency} was merged into {successor}, so nobody may do this as one of {agency}: {what}. Do it as one of {successor}."


class AgencyNoMore(Refusal):
    """Somebody acted or read as an agency that was closed, without a successor."""

    ko = "{agency}은(는) 폐지되어 그 소속으로는 ‘{what}’을(를) 할 수 없습니다. 시 총괄부서에 문의하십시오."
    en = "{agency} was closed, so nobody may do this as one of {agency}: {what}. Ask the city planner."


class ReadingNotPermitted(Refusal):
    """`role` may not read this of anybody; `instead` may."""

    ko = "{role}의 권한으로는 {reading}을(를) 볼 수 없습니다. 볼 수 있는 역할: {instead}."
    en = "The {role} may not read {reading}. Roles that may: {instead}."


class NotYoursToRead(Refusal):
    """An agency asked for what is another's."""

    ko = "{agency} 소속으로는 다른 기관의 {reading}을(를) 볼 수 없습니다. 자기 기관의 것을 보십시오."
    en = "For {agency}, {reading} of another agency is not to be read. Ask for its own."


def authorise_reading(actor: Actor, reading: str, agencies: Collection[str | None] = ()) -> None:
    """Refuse an actor who may not read this. `agencies`: whose it is, e.g. a task's lead and partners."""
    label, permitted = READINGS[reading].label, READINGS[reading].permitted
    if actor.role not in permitted:
        instead = tuple(RoleLabel(role) for role in permitted)
        raise ReadingNotPermitted(role=RoleLabel(actor.role), reading=label, instead=instead)
    if permitted[actor.role] is Reach.OWN and (actor.agency is None or actor.agency not in agencies):
        raise NotYoursToRead(agency=actor.agency or "?", reading=label)


def is_recorded(actor: Actor | None, reading: str, agencies: Collection[str | None] = ()) -> bool:
    """Whether the access log is to say that this was read. `actor`: None where nobody is named."""
    recorded = READINGS[reading].recorded
    if recorded is Recorded.FOREIGN:
        return actor is None or actor.agency is None or actor.agency not in agencies
    return recorded is Recorded.ALWAYS


def owner(command: Any, state: Any) -> str | None:
    """The agency that a command is about: it leads the task, or would once it is proposed; or the entry is its own."""
    for thing, name in ((state, "lead"), (command, "lead"), (command, "agency"), (state, "agency")):
        if found := getattr(thing, name, None):
            return str(found)
    return None


def by_right_of(actor: Actor, behalf: Actor | None, command: Command) -> Actor:
    """Whose right a person's command is given by: one's own where the role has it, else that of whom one acts for."""
    permitted = PERMITTED[command.name]
    if behalf is None or actor.role == "system" or actor.role in permitted or behalf.role not in permitted:
        return actor
    return behalf


def authorise_role(actor: Actor, command: Command) -> None:
    """Refuse a role that may not give this command to anybody's task."""
    permitted = PERMITTED[command.name]
    if actor.role not in permitted:
        instead = tuple(RoleLabel(role) for role in permitted)
        raise NotPermitted(role=RoleLabel(actor.role), command=command.label, instead=instead)


def authorise_reach(actor: Actor, command: Command, lead: str | None) -> None:
    """Refuse an actor of another agency. `lead`: the agency that leads the task, if it has one by now."""
    if PERMITTED[command.name][actor.role] is Reach.OWN and (lead is None or actor.agency != lead):
        raise NotYourTask(
            stream=command.stream, lead=lead or "?", agency=actor.agency or "?", command=command.label
        )
