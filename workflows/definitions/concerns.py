"""What a definition says of policy concerns, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.errors import Bilingual, Lang
from domain.lifecycle.model import Definition

CONCERNS: Mapping[str, Bilingual] = {
    "opinion_business_days": Bilingual("의견 제출 기간(영업일)", "business days for opinions"),
    "review_days": Bilingual("사후 점검까지의 기간(일)", "days until the review"),
}
CONCERNS_LABEL = Bilingual("정책 현안", "concerns")


def describe_concerns(one: Definition, lang: Lang) -> Iterator[str]:
    """What it says of concerns, with what it leaves as the program has it; nothing where it says nothing of them."""
    if "concerns" in one.model_fields_set:
        yield f"\n{CONCERNS_LABEL.say(lang)}:"
        for name, label in CONCERNS.items():
            yield f"  {label.say(lang)}: {getattr(one.concerns, name)}"
