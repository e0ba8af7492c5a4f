"""How the facts about lifecycle definitions are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.sentences.narration import Narration, field_labels, phrase

_SHOWN = 12  # digits of a hash that tell one from another


def _narrate_adopted(narration: Narration) -> str:
    fact = narration.fact
    years = ", ".join(map(str, fact.programmes))
    of = narration.either(
        f"{years}년 사업" if years else "모든 연도의 사업",
        f"the programmes of {years}" if years else "the programmes of all years",
    )
    return narration.say(
        f"정의의 버전 {fact.version} 채택: {fact.from_day}부터, {of}, 내용의 해시 {fact.sha256[:_SHOWN]}.",
        f"adopted version {fact.version} of the definition, from {fact.from_day} on, for {of}; hash of its content "
        f"{fact.sha256[:_SHOWN]}.",
    )


DEFINITIONS: Mapping[str, Callable[[Narration], str]] = {
    "definition.drafted": lambda narration: narration.say(
        f"정의의 버전 {narration.fact.version} 초안 등록: 내용의 해시 {narration.fact.sha256[:_SHOWN]}.",
        f"put up a draft of version {narration.fact.version} of the definition; hash of its content "
        f"{narration.fact.sha256[:_SHOWN]}.",
    ),
    "definition.adopted": _narrate_adopted,
    "definition.withdrawn": phrase(
        "정의의 버전 {version} 폐지.", "withdrew version {version} of the definition."
    ),
}

# the fields that only these facts have, as people read them
DEFINITIONS_FIELDS = field_labels("""
adopted|채택된 버전|adopted versions
content|내용|content
drafts|초안|drafts
from_day|적용 시작일|may be taken from
programmes|대상 연도|for the years
sha256|내용의 해시|hash of the content
withdrawn|폐지 시각|withdrawn at
""")
