"""What can be asked of a person's entry."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import StreamName, Subject

Detail = Literal["name", "mail", "phone"]


class OnSubject(Command):
    """A command about one person, by the random id."""

    subject: Subject

    @property
    def stream(self) -> str:
        return subject_stream(self.subject)


def subject_stream(subject: str) -> str:
    return f"subject/{subject}"


class Register(OnSubject):
    name = "subject.register"
    label = Worded("사람 등록", "register the person")


class Change(OnSubject):
    name = "subject.change"
    label = Worded("개인정보 변경", "change the person's details")
    fields: Annotated[tuple[Detail, ...], Field(min_length=1)]


class Erase(OnSubject):
    """`appears_in`: the streams whose facts speak of the person; one on legal hold keeps the details."""

    name = "subject.erase"
    label = Worded("개인정보 파기", "erase the person's details")
    appears_in: tuple[StreamName, ...] = ()


SubjectCommand = Register | Change | Erase
