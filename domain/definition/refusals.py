"""Why something cannot be done to a lifecycle definition, or by it."""

from __future__ import annotations

from domain.errors import Refusal


class AdoptedAlready(Refusal):
    """What is adopted never changes. `next`: the first version that nobody has adopted."""

    ko = (
        "정의 {definition}은(는) {day}에 이미 채택되었습니다(내용의 SHA-256: {sha256}). 채택된 버전은 바꿀 수 없습니다. "
        "내용을 바꾸려면 파일의 version을 {next}(으)로 적으십시오."
    )
    en = (
        "The definition {definition} was adopted on {day} (SHA-256 of its content: {sha256}), and what is adopted "
        "never changes. For other content write version {next} into the file."
    )


class NameInContent(Refusal):
    """The content says another name than the stream has."""

    ko = "내용의 이름은 {said}인데 정의 {definition}에 대한 명령입니다. 같은 이름을 적으십시오."
    en = "The content is called {said}, and the command is about the definition {definition}. Give the same name."


class AdoptedForThePast(Refusal):
    """Whoever decided on those days knew another rule."""

    ko = "정의 {definition}은(는) 지난 날짜({day})부터 적용할 수 없습니다. 오늘({today})이나 그 뒤의 날짜를 지정하십시오."
    en = "The definition {definition} cannot be in force from a day that is past ({day}). Give today ({today}) or a later day."


class NotAdopted(Refusal):
    """`known`: the versions that are."""

    ko = "정의 {definition}은(는) 채택된 적이 없습니다. 채택된 버전: {known}. `donghaeng definition list`로 확인하십시오."
    en = "The definition {definition} was never adopted. Adopted are: {known}. See `donghaeng definition list`."


class WithdrawnAlready(Refusal):
    ko = "정의 {definition}은(는) {day}에 폐지되었습니다. 채택되어 있는 다른 버전을 쓰십시오."
    en = "The definition {definition} was withdrawn on {day}. Take another version that is adopted."


class NotInForceYet(Refusal):
    ko = "정의 {definition}은(는) {day}부터 쓸 수 있습니다(오늘 {today})."
    en = "The definition {definition} may be taken from {day} on (it is {today})."


class ForOtherYears(Refusal):
    """`years`: for which it was adopted."""

    ko = "정의 {definition}은(는) {years}년 사업에만 채택되었습니다. {year}년 사업에는 다른 정의를 쓰십시오."
    en = "The definition {definition} was adopted for the programmes of {years} only. Take another one for {year}."


class ContentNotAsHashed(Refusal):
    """A fact whose content has another hash than the fact says: it comes from no command of this program."""

    ko = "정의 {definition}의 내용이 기록된 해시와 다릅니다(기록 {said}, 내용 {found}). 이 기록은 쓸 수 없습니다."
    en = "The content of the definition {definition} has another hash ({found}) than its fact says ({said}): it cannot be used."
