"""Who may give which command: one table for the command line, jobs and, later, pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.aggregate import Command
from domain.errors import Lang, Refusal
from store.envelope import Actor, Role


class Reach(StrEnum):
    """`OWN`: only where the actor's agency leads; `ANY`: everywhere."""

    OWN = "own"
    ANY = "any"


_AGENCY_WORK: Mapping[Role, Reach] = {"officer": Reach.OWN}
_AGENCY_OR_RULE: Mapping[Role, Reach] = {"officer": Reach.OWN, "system": Reach.ANY}
_AGENCY_OR_CITY: Mapping[Role, Reach] = {"officer": Reach.OWN, "planner": Reach.ANY}
_CITY: Mapping[Role, Reach] = {"planner": Reach.ANY}
_CITY_OR_RULE: Mapping[Role, Reach] = {"planner": Reach.ANY, "system": Reach.ANY}
_CITY_OR_HEAD: Mapping[Role, Reach] = {"planner": Reach.ANY, "head": Reach.OWN}
_CITY_OR_HEAD_OR_RULE: Mapping[Role, Reach] = {**_CITY_OR_HEAD, "system": Reach.ANY}

PERMITTED: Mapping[str, Mapping[Role, Reach]] = {
    "agency.register": _CITY,
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
    "task.cancel_correction": _AGENCY_OR_CITY,
    "task.place_hold": _CITY,
    "task.lift_hold": _CITY,
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

    ko = "과제 {stream}의 주관기관은 {lead}입니다. {agency} 담당자는 ‘{command}’ 명령을 내릴 수 없습니다."
    en = "{stream} is led by {lead}. An officer of {agency} may not give the command “{command}” there."


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
