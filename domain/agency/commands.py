"""What can be asked of an agency's entry. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from domain.agency.facts import Form, Post
from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import AgencyName, Count, Subject, Title, check_mail_address, check_webhook_url
from domain.plan_limits import Day
from domain.refusals import wrong
from domain.task.commands import DECISIONS


class OnAgency(Command):
    """A command about one agency, e.g. gto."""

    agency: AgencyName

    @property
    def stream(self) -> str:
        return agency_stream(self.agency)


def agency_stream(agency: str) -> str:
    return f"agency/{agency}"


def _check_decision(decision: str) -> str:
    if decision not in DECISIONS:
        raise wrong("decision", known=", ".join(DECISIONS))
    return decision


Decision = Annotated[str, AfterValidator(_check_decision)]


class Register(OnAgency):
    """Put the agency on the city's list, once. `title` is given as `name`: a command's own name is its class's."""

    name = "agency.register"
    label = Worded("기관 등록", "register the agency")
    title: Title = Field(alias="name")
    formerly: Annotated[tuple[Title, ...], Field(max_length=20)] = ()


class Rename(OnAgency):
    """`title` is given as `name`."""

    name = "agency.rename"
    label = Worded("기관명 변경", "rename the agency")
    title: Title = Field(alias="name")


class Merge(OnAgency):
    """Let the agency become part of another, which then answers for its tasks."""

    name = "agency.merge"
    label = Worded("기관 통합", "merge the agency")
    into: AgencyName


class Transfer(OnAgency):
    """Give a function or facility to another agency. `title` is given as `name`."""

    name = "agency.transfer"
    label = Worded("기능·시설 이관", "transfer a function or facility")
    what: Literal["function", "facility"]
    title: Title = Field(alias="name")
    to: AgencyName


class Close(OnAgency):
    name = "agency.close"
    label = Worded("기관 폐지", "close the agency")


class Appoint(OnAgency):
    """Put a person into a post. `subject`: the random id that the vault knows the person by."""

    name = "agency.appoint"
    label = Worded("담당자·기관장 지정", "appoint")
    subject: Subject
    post: Post


class Release(OnAgency):
    name = "agency.release"
    label = Worded("담당자·기관장 해제", "release")
    subject: Subject
    post: Post


class AppointSubstitute(OnAgency):
    """직무대리: let one person stand in for another, both days included."""

    name = "agency.appoint_substitute"
    label = Worded("직무대리 지정", "appoint a substitute")
    absent: Subject
    substitute: Subject
    starts: Day
    ends: Day


class EndSubstitution(OnAgency):
    """End it before its day, or by rule after it."""

    name = "agency.end_substitution"
    label = Worded("직무대리 종료", "end the substitution")
    number: Count


class DelegateDecision(OnAgency):
    """전결(standing), 대결(proxy): let another take a decision. A proxy needs a last day."""

    name = "agency.delegate_decision"
    label = Worded("결재 위임", "delegate a decision")
    form: Form
    decision: Decision
    holder: Subject
    delegate: Subject
    starts: Day
    ends: Day | None = None


class EndDelegation(OnAgency):
    """End it before its day, or by rule after it."""

    name = "agency.end_delegation"
    label = Worded("결재 위임 종료", "end the delegation")
    number: Count


class SetContact(OnAgency):
    """Where the agency as such is reached: a mail address or a webhook's; without an address not any more."""

    name = "agency.set_contact"
    label = Worded("기관 연락처 지정", "set the agency's contact")
    channel: Literal["mail", "webhook"]
    address: str | None = None

    @model_validator(mode="after")
    def _address_fits(self) -> SetContact:
        if self.address is not None:
            check = check_mail_address if self.channel == "mail" else check_webhook_url
            check(self.address, "address")
        return self


AgencyCommand = (
    Register
    | Rename
    | Merge
    | Transfer
    | Close
    | Appoint
    | Release
    | AppointSubstitute
    | EndSubstitution
    | DelegateDecision
    | EndDelegation
    | SetContact
)
