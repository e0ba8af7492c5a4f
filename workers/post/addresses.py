"""Where a recipient is reached now: persons by the vault, agencies and the city's offices by what they have set."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from domain.agency.commands import agency_stream
from domain.agency.decider import AGENCY
from domain.agency.state import Agency
from domain.limits import check_mail_address
from domain.notice.facts import Channel
from domain.programme.commands import programme_stream
from domain.programme.decider import PROGRAMME
from domain.programme.state import Programme
from store.log import Store
from store.recorded import folded
from store.vault import Vault


def address_of(store: Store, vault: Vault, recipient: str, channel: Channel) -> str | None:
    """A mail address or a webhook's URL; None where none is known, or what lies there is not theirs. Raises the vault's refusals."""
    kind, _, identity = recipient.partition("/")
    match kind:
        case "subject":
            # what was not sealed for this person is nobody's address; `doctor` and `trail verify --store` name it
            return vault.read(identity).details.get("mail")
        case "agency":
            agency: Agency = folded(AGENCY, store.read(agency_stream(identity)))
            return agency.contacts.get(channel)
        case "programme":
            year, _, office = identity.partition("/")
            programme: Programme = folded(PROGRAMME, store.read(programme_stream(int(year))))
            return programme.contacts.get(office)
    raise ValueError(recipient)


def is_sound(address: str) -> bool:
    """Whether mail can go there: the vault holds what people typed before addresses were checked."""
    try:
        check_mail_address(address)
    except PydanticCustomError:
        return False
    return True
