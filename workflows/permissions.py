"""Who may give a command, as it declares, and who may read what, or do it beside the log: for the command line, jobs and, later, pages and the API."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from domain.errors import Bilingual, Lang, Refusal
from domain.roles import (
    DEPARTMENT,
    EVERYBODY,
    HEAD,
    INSPECTOR,
    OFFICER,
    PLANNER,
    SYSTEM,
    Permission,
    Reach,
    RoleLabel,
)
from domain.streams import kind_of
from domain.task.stages import Stage
from domain.task.state import Task
from store.envelope import Actor

if TYPE_CHECKING:
    from domain.aggregate import Command

_CITY = PLANNER | INSPECTOR | SYSTEM
_OWN = _CITY | OFFICER | HEAD
_TASK = _OWN | DEPARTMENT
_ALL_WHO_MEET: Permission = _CITY | DEPARTMENT | {"officer": Reach.ANY, "head": Reach.ANY}


class AccessLogging(StrEnum):
    """Which readings and acts are put down in the access log, with who read, when, from where, whose data and what for.

    `NEVER`: it is public, or tells of the program and not of anybody. `FOREIGN`: unless the reader is of an agency
    whose it is; the city's roles are of none. `ALWAYS`: personal data, keys to act by, and what inspectors look at.
    """

    NEVER = "never"
    FOREIGN = "foreign"
    ALWAYS = "always"


class Right(msgspec.Struct, frozen=True):
    """Something that can be read, or done beside the log: as the screens call it, who may, and whether it is recorded.

    `streams`: the kinds of streams whose history is told to who may read this.
    """

    label: Bilingual
    permitted: Permission
    recorded: AccessLogging
    streams: tuple[str, ...] = ()


READINGS: Mapping[str, Right] = {
    "task.list": Right(Bilingual("과제 목록", "the list of tasks"), EVERYBODY, AccessLogging.NEVER),
    "programme.show": Right(Bilingual("사업연도 현황", "the year's figures"), EVERYBODY, AccessLogging.NEVER),
    "agency.list": Right(Bilingual("기관 목록", "the list of agencies"), EVERYBODY, AccessLogging.NEVER),
    "positions": Right(
        Bilingual("시 직위", "the city's positions"), _CITY | DEPARTMENT, AccessLogging.FOREIGN, ("position",)
    ),
    "meetings": Right(
        Bilingual("회의와 의결", "meetings and decisions"), _ALL_WHO_MEET, AccessLogging.FOREIGN, ("meeting",)
    ),
    "concerns": Right(
        Bilingual("정책 현안", "policy concerns"), _ALL_WHO_MEET, AccessLogging.FOREIGN, ("concern",)
    ),
    "calendar": Right(Bilingual("달력", "the calendar"), EVERYBODY, AccessLogging.NEVER, ("calendar",)),
    "definitions": Right(
        Bilingual("과제 수명주기 정의", "lifecycle definitions"),
        EVERYBODY,
        AccessLogging.NEVER,
        ("definition",),
    ),
    "task.show": Right(Bilingual("과제 내용", "a task"), _TASK, AccessLogging.FOREIGN),
    "task.history": Right(
        Bilingual("과제 이력", "a task's history"), _TASK, AccessLogging.FOREIGN, ("task",)
    ),
    "task.attachments": Right(Bilingual("과제의 첨부", "a task's attachments"), _TASK, AccessLogging.FOREIGN),
    "money": Right(Bilingual("예산과 집행", "budget and spending"), _TASK, AccessLogging.FOREIGN, ("money",)),
    "reform_cases": Right(
        Bilingual("구조혁신 우수사례", "reform cases"), _ALL_WHO_MEET, AccessLogging.FOREIGN, ("reform",)
    ),
    "fund": Right(Bilingual("기금", "the funds"), EVERYBODY, AccessLogging.NEVER, ("fund",)),
    "deadlines": Right(Bilingual("기한", "a task's deadlines"), _TASK, AccessLogging.FOREIGN),
    "notices": Right(Bilingual("알림", "reminders"), _TASK, AccessLogging.FOREIGN),
    "report": Right(Bilingual("결산 보고서", "a year's report"), _CITY, AccessLogging.ALWAYS),
    "what_if": Right(
        Bilingual("지난 연도에 다른 규칙을 적용한 결과", "past years under another rule"),
        _CITY,
        AccessLogging.FOREIGN,
    ),
    "audit": Right(
        Bilingual("감사 자료", "what inspectors look at"), _CITY, AccessLogging.ALWAYS, ("audit",)
    ),
    "trail": Right(Bilingual("감사 이력", "the audit trail"), _CITY, AccessLogging.ALWAYS),
    "responsible": Right(Bilingual("책임기관", "who was responsible"), _TASK, AccessLogging.FOREIGN),
    "agency.inbox": Right(Bilingual("기관 할 일", "an agency's inbox"), _OWN, AccessLogging.FOREIGN),
    "agency.secret": Right(
        Bilingual("웹훅 비밀키", "an agency's webhook secret"), PLANNER, AccessLogging.ALWAYS
    ),
    "agency.history": Right(
        Bilingual("기관 이력", "an agency's history"), _OWN, AccessLogging.FOREIGN, ("agency",)
    ),
    "programme.inbox": Right(
        Bilingual("총괄부서 할 일", "the planner's inbox"), _CITY, AccessLogging.FOREIGN
    ),
    "jobs": Right(Bilingual("작업 목록", "the list of jobs"), _CITY, AccessLogging.NEVER),
    "history": Right(Bilingual("이력 전체", "the whole history"), _CITY, AccessLogging.ALWAYS),
    "views": Right(Bilingual("조회 화면 상태", "the state of the views"), _CITY, AccessLogging.NEVER),
    "epoch.show": Right(Bilingual("저장소의 시기", "the store's epoch"), _CITY, AccessLogging.NEVER),
    "subject.show": Right(Bilingual("개인정보", "a person's details"), PLANNER, AccessLogging.ALWAYS),
    "subject.list": Right(Bilingual("사람 목록", "the list of persons"), PLANNER, AccessLogging.ALWAYS),
    "subject.names": Right(
        Bilingual("사람의 이름", "persons' names"), PLANNER | OFFICER | HEAD, AccessLogging.FOREIGN
    ),
    "token.list": Right(Bilingual("토큰 목록", "the list of tokens"), _CITY, AccessLogging.ALWAYS),
    "account.sessions": Right(
        Bilingual("로그인한 세션", "who is signed in at the console"), PLANNER, AccessLogging.ALWAYS
    ),
    "access": Right(Bilingual("열람 기록", "who read what"), INSPECTOR, AccessLogging.ALWAYS),
    "refused": Right(Bilingual("거부된 시도", "refused attempts"), INSPECTOR, AccessLogging.ALWAYS),
}

# What is done beside the log, or to many tasks at once, and is no command of its own. Refusals and the access log call it
# as they call readings.
ACTS: Mapping[str, Right] = {
    "definition.migrate": Right(
        Bilingual("과제의 정의 변경", "tasks in order to move them to another definition"),
        PLANNER,
        AccessLogging.FOREIGN,
    ),
    "jobs.change": Right(
        Bilingual("작업 다시 실행·삭제", "jobs in order to change them"), PLANNER, AccessLogging.NEVER
    ),
    "post.test": Right(
        Bilingual("시험 메일 발송", "the mail server in order to try it"), PLANNER, AccessLogging.NEVER
    ),
    "trail.keep": Right(
        Bilingual("감사 이력의 봉인·정책", "the trail in order to seal it or change its policy"),
        PLANNER,
        AccessLogging.NEVER,
    ),
    "views.rebuild": Right(
        Bilingual("조회 화면 다시 만들기", "views in order to rebuild them"),
        PLANNER,
        AccessLogging.NEVER,
    ),
    "backup": Right(
        Bilingual("저장소 전체의 백업", "the whole store in order to back it up"),
        PLANNER,
        AccessLogging.ALWAYS,
    ),
    "vault.keep": Right(
        Bilingual("금고의 키 교체·파일 정리", "the vault in order to change its key or sweep its files"),
        PLANNER,
        AccessLogging.ALWAYS,
    ),
    "account.invite": Right(
        Bilingual("로그인 링크 발급", "a link to sign in by, in order to hand it out"),
        PLANNER,
        AccessLogging.ALWAYS,
    ),
    "account.end": Right(
        Bilingual("세션 종료", "somebody's session in order to end it"), PLANNER, AccessLogging.ALWAYS
    ),
    "account.sign_in": Right(
        Bilingual("로그인", "the console in order to work there"), EVERYBODY, AccessLogging.ALWAYS
    ),
    "history.take_in": Right(
        Bilingual("이력 가져오기", "a history in order to take it in"), PLANNER, AccessLogging.ALWAYS
    ),
}
# by which reading the history of a kind of stream is told; all others by the whole history's
READING_OF: Mapping[str, str] = {kind: name for name, one in READINGS.items() for kind in one.streams}
RIGHTS: Mapping[str, Right] = {**READINGS, **ACTS}


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

    ko = "{agency} 소속으로는 다른 기관의 {reading}을(를) 볼 수 없습니다. 소속 기관의 것을 조회하십시오."
    en = "For {agency}, {reading} of another agency is not to be read. Ask for its own."


def label_of(right: str, lang: Lang) -> str:
    """A reading or an act as the screens call it; by its name where the tables no longer have it."""
    return RIGHTS[right].label.say(lang) if right in RIGHTS else right


def authorise_right(actor: Actor, right: str, agencies: Collection[str | None] = ()) -> None:
    """Refuse an actor who may not read or do this. `agencies`: whose it is, e.g. a task's lead and partners."""
    label, permitted = RIGHTS[right].label, RIGHTS[right].permitted
    if actor.role not in permitted:
        instead = tuple(RoleLabel(role) for role in permitted)
        raise ReadingNotPermitted(role=RoleLabel(actor.role), reading=label, instead=instead)
    if permitted[actor.role] is Reach.OWN and (actor.agency is None or actor.agency not in agencies):
        raise NotYoursToRead(agency=actor.agency or "?", reading=label)


def is_recorded(actor: Actor | None, right: str, agencies: Collection[str | None] = ()) -> bool:
    """Whether the access log is to say that this was read or done. `actor`: None where nobody is named."""
    recorded = RIGHTS[right].recorded
    if recorded is AccessLogging.FOREIGN:
        return actor is None or actor.agency is None or actor.agency not in agencies
    return recorded is AccessLogging.ALWAYS


def owner(command: Any, state: Any) -> str | None:
    """The agency that a command is about: it leads the task, or would once it is proposed; or the entry is its own."""
    nobodys = (
        isinstance(state, Task) and state.stage is Stage.UNKNOWN
    )  # also of a number that was used before
    for thing, name in (
        (None if nobodys else state, "lead"),
        (command, "lead"),
        (command, "agency"),
        (state, "agency"),
    ):
        if found := getattr(thing, name, None):
            return str(found)
    return None


def by_right_of(actor: Actor, behalf: Actor | None, command: Command | type[Command]) -> Actor:
    """Whose right a person's command is given by: one's own where the role has it, else that of whom one acts for."""
    permitted = command.by
    if behalf is None or actor.role == "system" or actor.role in permitted or behalf.role not in permitted:
        return actor
    return behalf


def authorise_role(actor: Actor, command: Command | type[Command]) -> None:
    """Refuse a role that may not give this command to anybody's task."""
    permitted = command.by
    if actor.role not in permitted:
        instead = tuple(RoleLabel(role) for role in permitted)
        raise NotPermitted(role=RoleLabel(actor.role), command=command.label, instead=instead)


def authorise_owned(right: Actor, command: Command, lead: str | None) -> None:
    """The same of what has an owner; what nobody proposed is nobody's: the task says so itself."""
    if lead is not None or kind_of(command.stream) != "task":
        authorise_reach(right, command, lead)


def authorise_reach(actor: Actor, command: Command, lead: str | None) -> None:
    """Refuse an actor of another agency. `lead`: the agency that leads the task, if it has one by now."""
    if command.by[actor.role] is Reach.OWN and (lead is None or actor.agency != lead):
        raise NotYourTask(
            stream=command.stream, lead=lead or "?", agency=actor.agency or "?", command=command.label
        )
