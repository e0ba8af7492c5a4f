"""What can be asked of an agency's entry."""

from __future__ import annotations

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import AgencyName, Title


class Register(Command):
    """Put the agency on the city's list, once. `title` is given as `name`: a command's own name is its class's."""

    name = "agency.register"
    label = Worded("기관 등록", "register the agency")
    agency: AgencyName
    title: Title = Field(alias="name")

    @property
    def stream(self) -> str:
        return agency_stream(self.agency)


def agency_stream(agency: str) -> str:
    return f"agency/{agency}"
