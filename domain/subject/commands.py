"""What can be asked of a person's entry."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Bilingual, Lang
from domain.limited import StreamName, Subject
from domain.roles import PLANNER
from domain.streams import subject_stream

Detail = Literal["name", "mail", "phone"]


class OnSubject(Command):
    """A command about one person, by the random id."""

    subject: Subject

    @property
    def stream(self) -> str:
        return subject_stream(self.subject)


class Register(OnSubject):
    name = "subject.register"
    label = Bilingual("사람 등록", "register the person")
    by = PLANNER


class Change(OnSubject):
    name = "subject.change"
    label = Bilingual("개인정보 변경", "change the person's details")
    by = PLANNER
    fields: Annotated[tuple[Detail, ...], Field(min_length=1)]


class ChooseLanguage(OnSubject):
    """In which language they are written to; before that, in their agency's."""

    name = "subject.choose_language"
    label = Bilingual("알림 언어 지정", "choose the person's language")
    by = PLANNER
    lang: Lang


class Erase(OnSubject):
    """`appears_in`: the streams whose facts speak of the person; one on legal hold keeps the details."""

    name = "subject.erase"
    label = Bilingual("개인정보 파기", "erase the person's details")
    by = PLANNER
    irrevocable = Bilingual(
        "{subject}의 개인정보 키가 파기됩니다. 이름과 연락처를 다시는 아무도 볼 수 없습니다.",
        "The key to the details of {subject} is destroyed: nobody can ever read name and addresses again.",
    )
    appears_in: tuple[StreamName, ...] = ()


SubjectCommand = Register | Change | ChooseLanguage | Erase
