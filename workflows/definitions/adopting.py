"""Adopting what comes along: by which template a year is opened where nobody names a definition, and how it gets into the log."""

from __future__ import annotations

from domain.definition.commands import Adopt
from domain.definition_names import definition_of, definition_to_open
from domain.lifecycle.content import content_of
from workflows.definitions.templates import templates

REASON = "사업연도 개시에 따라 프로그램에 포함된 정의를 채택함"


def definition_to_name(year: int) -> str:
    """By which definition a year's programme is opened where nobody names one."""
    return definition_to_open(year) or definition_of(year)


def adoption_of(identity: str) -> Adopt | None:
    """What adopts the template; None where no such one comes along."""
    template = templates().get(identity)
    return None if template is None else Adopt(definition=template.name, content=content_of(template))
