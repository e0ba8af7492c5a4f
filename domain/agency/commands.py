"""What can be asked of an agency's entry. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from domain.agency.facts import Form, Post
from domain.aggregate import Command
from domain.delegation import DECISIONS
from domain.errors import Bilingual, Lang
from domain.limited import AgencyName, ChannelName, Count, Subject, Title
from domain.plan_limits import Day
from domain.refusals import validation_error
from domain.roles import HEAD, PLANNER, SYSTEM
from domain.streams import agency_stream


class OnAgency(Command):
    """A command about one agency, e.g. gto."""

    agency: AgencyName

    @property
    def stream(self) -> str:
        return agency_stream(self.agency)


def _check_decision(decision: str) -> str:
    if decision not in DECISIONS:
        raise validation_error("decision", known=", ".join(DECISIONS))
    return decision


Decision = Annotated[str, AfterValidator(_check_decision)]


class Register(OnAgency):
    """Put the agency on the city's list, once. `title` is given as `name`: a command's own name is its class's."""

    name = "agency.register"
    label = Bilingual("기관 등록", "register the agency")
    by = PLANNER
    title: Title = Field(alias="name")
    formerly: Annotated[tuple[Title, ...], Field(max_length=20)] = ()


class Rename(OnAgency):
    """`title` is given as `name`."""

    name = "agency.rename"
    label = Bilingual("기관명 변경", "rename the agency")
    by = PLANNER
    title: Title = Field(alias="name")


class Merge(OnAgency):
    """Let the agency become part of another, which then answers for its tasks."""

    name = "agency.merge"
    label = Bilingual("기관 통합", "merge the agency")
    by = PLANNER
    irrevocable = Bilingual(
        "기관 {agency}, {into}에 통합됩니다. 그 과제는 {into} 소관이 되고, {agency} 소속으로는 더 이상 아무것도 할 수 없습니다.",
        "The agency {agency} becomes part of {into} for good: {into} answers for its tasks, and nobody can act for {agency} any more.",
    )
    into: AgencyName


class Transfer(OnAgency):
    """Give a function or facility to another agency. `title` is given as `name`."""

    name = "agency.transfer"
    label = Bilingual("기능·시설 이관", "transfer a function or facility")
    by = PLANNER
    what: Literal["function", "facility"]
    title: Title = Field(alias="name")
    to: AgencyName


class Close(OnAgency):
    name = "agency.close"
    label = Bilingual("기관 폐지", "close the agency")
    by = PLANNER
    irrevocable = Bilingual(
        "기관 {agency}, 폐지됩니다. 그 소속으로는 더 이상 아무것도 할 수 없습니다.",
        "The agency {agency} is closed for good: nobody can act for it any more.",
    )


class Appoint(OnAgency):
    """Put a person into a post. `subject`: the random id that the vault knows the person by."""

    name = "agency.appoint"
    label = Bilingual("담당자·기관장 지정", "appoint")
    by = PLANNER | HEAD
    subject: Subject
    post: Post


class Release(OnAgency):
    name = "agency.release"
    label = Bilingual("담당자·기관장 해제", "release")
    by = PLANNER | HEAD
    subject: Subject
    post: Post


class AppointSubstitute(OnAgency):
    """직무대리: let one person stand in for another, both days included."""

    name = "agency.appoint_substitute"
    label = Bilingual("직무대리 지정", "appoint a substitute")
    by = PLANNER | HEAD
    absent: Subject
    substitute: Subject
    starts: Day
    ends: Day


class EndSubstitution(OnAgency):
    """End it before its day, or by rule after it."""

    name = "agency.end_substitution"
    label = Bilingual("직무대리 종료", "end the substitution")
    by = PLANNER | HEAD | SYSTEM
    number: Count


class DelegateDecision(OnAgency):
    """전결(standing), 대결(proxy): let another take a decision. A proxy needs a last day."""

    name = "agency.delegate_decision"
    label = Bilingual("결재 위임", "delegate a decision")
    by = PLANNER | HEAD
    form: Form
    decision: Decision
    holder: Subject
    delegate: Subject
    starts: Day
    ends: Day | None = None


class EndDelegation(OnAgency):
    """End it before its day, or by rule after it."""

    name = "agency.end_delegation"
    label = Bilingual("결재 위임 종료", "end the delegation")
    by = PLANNER | HEAD | SYSTEM
    number: Count


class SetContact(OnAgency):
    """Where the agency as such is reached: a mail address or a webhook's; without an address not any more."""

    name = "agency.set_contact"
    label = Bilingual("기관 연락처 지정", "set the agency's contact")
    by = PLANNER | HEAD | SYSTEM
    channel: ChannelName
    address: str | None = None

    @model_validator(mode="after")
    def _address_fits(self) -> SetContact:
        if self.address is not None:
            self.channel.check(self.address, "address")
        return self


class ChooseLanguage(OnAgency):
    """In which language its mailbox is written to, and its people who have not chosen another."""

    name = "agency.choose_language"
    label = Bilingual("기관 알림 언어 지정", "choose the agency's language")
    by = PLANNER | HEAD
    lang: Lang


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
    | ChooseLanguage
)
