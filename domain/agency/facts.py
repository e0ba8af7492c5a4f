"""What can happen to an agency. The kinds and fields are stored for ever."""

from __future__ import annotations

from domain.aggregate import Fact
from domain.values import LocalText


class Registered(Fact, frozen=True):
    kind = "agency.registered"
    name: LocalText


AgencyFact = Registered
