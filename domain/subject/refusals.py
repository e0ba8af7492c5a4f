"""What a person's entry, or the lack of one, does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class SubjectRegisteredAlready(Refusal):
    ko = "{subject}: 이미 등록된 사람입니다. 새 식별자로 등록하십시오."
    en = "The person {subject} has been registered before. Register under another id."


class SubjectNotRegistered(Refusal):
    ko = "{subject}: 등록된 사람이 아니므로 ‘{command}’ 명령을 받을 수 없습니다. 먼저 등록하십시오."
    en = "“{command}” is refused: nobody is registered as {subject}. Register the person first."


class SubjectErased(Refusal):
    ko = "{subject}: 개인정보가 파기된 사람이므로 ‘{command}’ 명령을 받을 수 없습니다. 새로 등록하십시오."
    en = "“{command}” is refused: the details of {subject} were erased. Register the person anew."


class HeldByLaw(Refusal):
    """`stream`: what is on legal hold; `basis`: its law or order."""

    ko = (
        "‘{command}’ 명령을 받을 수 없습니다: {stream}이(가) 기록물로 보존 지정되어 있습니다(근거: {basis}). "
        "보존이 해제된 뒤에 다시 실행하십시오."
    )
    en = "“{command}” is refused: {stream} is on legal hold (basis: {basis}). Try again after the hold is lifted."
