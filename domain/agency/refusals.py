"""What an agency's entry, or the lack of one, does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class AgencyAlreadyRegistered(Refusal):
    """`agency`, `name`: who stands there under this id."""

    ko = "기관 {agency}: 이미 ‘{name}’(으)로 등록되어 있어 다시 등록할 수 없습니다. 다른 식별자로 등록하십시오."
    en = "The agency {agency} is already registered as “{name}” and cannot be registered again. Use another id."


class AgencyNotRegistered(Refusal):
    """`command` names an agency that nobody registered."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 등록되지 않은 기관입니다({agency}). 먼저 기관을 등록하십시오."
    en = "“{command}” is refused: the agency {agency} is not registered. Register it first."
