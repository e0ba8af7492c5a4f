"""What can be asked of a position of the city's own. Limits on values sit here."""

from __future__ import annotations

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import Count, PositionName, Subject, Title
from domain.plan_limits import Day
from domain.position.facts import Mandate
from domain.roles import PLANNER
from domain.streams import position_stream


class OnPosition(Command):
    """A command about one position, e.g. vice-mayor."""

    position: PositionName

    @property
    def stream(self) -> str:
        return position_stream(self.position)


class Declare(OnPosition):
    """Let the city have the position, or call it otherwise. `title` is given as `name`: a command's own name is its class's."""

    name = "position.declare"
    typed = "position add"
    label = Bilingual("시 직위 등록", "declare the city's position")
    by = PLANNER
    title: Title


class Appoint(OnPosition):
    """Put a person into the position. `subject`: the random id that the vault knows the person by."""

    name = "position.appoint"
    label = Bilingual("시 직위 임명", "appoint to the city's position")
    by = PLANNER
    subject: Subject


class Release(OnPosition):
    name = "position.release"
    label = Bilingual("시 직위 해임", "release from the city's position")
    by = PLANNER
    subject: Subject


class Delegate(OnPosition):
    """전결, 대결, 직무대리: let another sign for who holds the position. All but a standing one need a last day."""

    name = "position.delegate"
    label = Bilingual("시 직위의 결재 위임", "delegate the signing of the city's position")
    by = PLANNER
    mandate: Mandate
    holder: Subject
    delegate: Subject
    starts: Day
    ends: Day | None = None


class EndDelegation(OnPosition):
    name = "position.end_delegation"
    label = Bilingual("시 직위의 결재 위임 종료", "end the delegation of the city's position")
    by = PLANNER
    number: Count


PositionCommand = Declare | Appoint | Release | Delegate | EndDelegation
