"""Where a recipient is reached now: persons by the vault, agencies and the city's offices by what they have set."""

from __future__ import annotations

from typing import NamedTuple

from pydantic_core import PydanticCustomError

from domain.agency.facts import ContactSet
from domain.agency.state import AGENCY, Agency
from domain.channels import OF_OFFICES, Channel
from domain.programme.state import PROGRAMME, Programme
from domain.streams import agency_stream, identity_of, programme_stream
from store.log import Store
from store.recorded import fold_state
from store.vault import Vault


class Whereabouts(NamedTuple):
    """A recipient's address by a channel, None where none is known; `name`: of a person, where the vault knows it."""

    address: str | None
    name: str | None = None


def address_of(store: Store, vault: Vault, recipient: str, channel: Channel) -> str | None:
    """Theirs by this channel; None where none is known, or what lies there is not theirs. Raises the vault's refusals."""
    return whereabouts_of(store, vault, recipient, channel).address


def whereabouts_of(store: Store, vault: Vault, recipient: str, channel: Channel) -> Whereabouts:
    """The same with the name, in one look into the vault. Raises its refusals."""
    kind, _, identity = recipient.partition("/")
    match kind:
        case "subject":
            # what was not sealed for this person is nobody's address; `doctor` and `trail verify --store` name it
            details = {} if channel.detail is None else vault.read(identity).details
            return Whereabouts(details.get(channel.detail or ""), details.get("name"))
        case "agency":
            agency: Agency = fold_state(AGENCY, store.read(agency_stream(identity)))
            return Whereabouts(agency.contacts.get(channel))
        case "programme":
            year, _, office = identity.partition("/")
            if channel is not OF_OFFICES:
                return Whereabouts(None)
            programme: Programme = fold_state(PROGRAMME, store.read(programme_stream(int(year))))
            return Whereabouts(programme.contacts.get(office))
    raise ValueError(recipient)


def addresses_in_use(store: Store, channel: Channel) -> dict[str, str]:
    """Where agencies that still are have set to be reached by the channel, by agency."""
    streams = store.load(store.streams_with(ContactSet.kind)).streams
    found: dict[str, str] = {}
    for name, facts in sorted(streams.items()):
        agency: Agency = fold_state(AGENCY, facts)
        if name.startswith("agency/") and agency.active and channel in agency.contacts:
            found[identity_of(name)] = agency.contacts[channel]
    return found


def is_sound(channel: Channel, address: str) -> bool:
    """Whether anything can go there: the vault holds what people typed before addresses were checked."""
    try:
        channel.check(address)
    except PydanticCustomError:
        return False
    return True
