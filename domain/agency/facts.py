"""What can happen to an agency. The kinds and fields are stored for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal, get_args

from domain.channels import Channel
from domain.errors import Bilingual, Lang
from domain.fact import Fact
from domain.roles import ROLES
from domain.values import LocalText

Post = Literal["officer", "head"]  # 담당자, 기관장
POSTS: Mapping[Post, Bilingual] = {post: ROLES[post].acting for post in get_args(Post)}
Form = Literal["standing", "proxy"]  # 전결: for good, by the rules; 대결: while the other is away


class Registered(Fact, frozen=True):
    """`formerly`: names it bore before it came on the list."""

    kind = "agency.registered"
    schema_version: ClassVar[int] = 2
    name: LocalText
    formerly: tuple[LocalText, ...] = ()


class Renamed(Fact, frozen=True):
    kind = "agency.renamed"
    name: LocalText


class Merged(Fact, frozen=True):
    """The agency became part of another, which answers for its tasks from then on."""

    kind = "agency.merged"
    into: str


class Transferred(Fact, frozen=True):
    """A function (기능) or facility (시설) went to another agency."""

    kind = "agency.transferred"
    what: Literal["function", "facility"]
    name: LocalText
    to: str


class Closed(Fact, frozen=True):
    """The agency is no more, and none takes its place."""

    kind = "agency.closed"


class Appointed(Fact, frozen=True):
    """A person, by the random id of the vault, came into a post."""

    kind = "agency.appointed"
    subject: str
    post: Post


class Released(Fact, frozen=True):
    kind = "agency.released"
    subject: str
    post: Post


class SubstituteAppointed(Fact, frozen=True):
    """직무대리: one person stands in for another from one day to another, both included.

    `number`: names the substitution within the agency.
    """

    kind = "agency.substitute_appointed"
    number: int
    absent: str
    substitute: str
    starts: date
    ends: date


class SubstitutionEnded(Fact, frozen=True):
    kind = "agency.substitution_ended"
    number: int


class DecisionDelegated(Fact, frozen=True):
    """전결 or 대결: who holds a decision lets another take it. `decision`: a task command's name.

    `number`: names the delegation within the agency. `ends`: the last day; absent where it has none.
    """

    kind = "agency.decision_delegated"
    number: int
    form: Form
    decision: str
    holder: str
    delegate: str
    starts: date
    ends: date | None = None


class DelegationEnded(Fact, frozen=True):
    kind = "agency.delegation_ended"
    number: int


class ContactSet(Fact, frozen=True):
    """Where the agency as such is reached, by mail or webhook; no `address`: no more."""

    kind = "agency.contact_set"
    channel: Channel
    address: str | None = None


class LanguageChosen(Fact, frozen=True):
    """In which language its mailbox is written to, and its people who have not chosen another."""

    kind = "agency.language_chosen"
    lang: Lang


AgencyFact = (
    Registered
    | Renamed
    | Merged
    | Transferred
    | Closed
    | Appointed
    | Released
    | SubstituteAppointed
    | SubstitutionEnded
    | DecisionDelegated
    | DelegationEnded
    | ContactSet
    | LanguageChosen
)
