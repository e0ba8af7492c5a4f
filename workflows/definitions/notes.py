"""What whoever wrote a definition should look at, though it is sound: what is not in the file, and what others said in it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from domain.errors import Bilingual, Lang
from domain.lifecycle.model import Definition
from domain.task.deadline_kinds import DEADLINE_KINDS
from domain.values import LocalText
from workflows.definitions.templates import templates

_GUIDELINE = (
    "동행전략 운영지침"  # which the templates' bases name: the one of the city for which they were written
)


class DefinitionNote(msgspec.Struct, frozen=True):
    """`entry`: of the definition, e.g. "deadlines[decision]"; `said`: what there is to look at."""

    entry: str
    said: Bilingual

    def say(self, lang: Lang) -> str:
        return f"{self.entry}: {self.said.say(lang)}"


def find_notes(by: Definition) -> list[DefinitionNote]:
    """In the order of a definition's parts; none of a template."""
    return [*_of_positions(by), *_of_names(by), *_of_bases(by)]


def _of_positions(by: Definition) -> Iterator[DefinitionNote]:
    """A check has no store, and only that knows the city's positions."""
    named: dict[str, str] = {}
    for name, line in by.lines.items():
        part = "commands" if by.step(name) is None else "steps"
        for one in line:
            if one.position is not None:
                named.setdefault(one.position, f"{part}[{name}].line[{one.entry}]")
    for ladder in by.ladders:
        for position in sorted(ladder.positions):
            named.setdefault(position, f"ladders[{ladder.name}]")
    for position, entry in named.items():
        yield DefinitionNote(
            entry,
            Bilingual(
                f"시 직위 {position}: 채택하기 전에 등록되어 있어야 하며, 여기서는 확인하지 않았습니다(`donghaeng position list`)",
                f"the position {position} has to be declared before the adoption, and that was not looked at here (`donghaeng position list`)",
            ),
        )


def _of_names(by: Definition) -> Iterator[DefinitionNote]:
    for one in by.deadlines:
        if one.kind not in DEADLINE_KINDS and one.label is None:
            called = by.kind_labels[one.kind]
            yield DefinitionNote(
                f"deadlines[{one.kind}]",
                Bilingual(
                    f"이름(label)이 없어 ‘{called.ko}’(으)로 표시됩니다",
                    f"without a label it is called “{called.say('en')}”",
                ),
            )


def _of_bases(by: Definition) -> Iterator[DefinitionNote]:
    """What people read as the basis is the guideline of the city that a template is of, where nobody has written another."""
    if by.name in {one.name for one in templates().values()}:
        return
    inherited = [(entry, basis) for entry, basis in _bases(by) if _GUIDELINE in basis.ko]
    if inherited:
        entries, basis = ", ".join(entry for entry, _ in inherited), inherited[0][1]
        yield DefinitionNote(
            inherited[0][0],
            Bilingual(
                f"근거가 서식의 것입니다(‘{basis.ko}’). 다른 시의 정의이면 basis를 고치십시오. 같은 항목: {entries}",
                f"its basis is the template's (“{basis.say('en')}”): for another city write its own. So it is of: {entries}",
            ),
        )


def _bases(by: Definition) -> list[tuple[str, LocalText]]:
    """By entry."""
    found = [(f"deadlines[{one.kind}]", one.basis) for one in by.deadlines]
    return found + [(f"transitions[{one.rule}]", one.basis) for one in by.transitions]
