"""What a definition says of meetings, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.errors import Bilingual, Lang
from domain.lifecycle.model import Definition
from domain.shares import describe_share

MEETINGS: Mapping[str, Bilingual] = {
    "agenda_business_days": Bilingual(
        "안건 제출 마감(회의 전 영업일)", "business days for items before a meeting"
    ),
    "objection_business_days": Bilingual(
        "회의록 이의 제기 기간(영업일)", "business days to object to minutes"
    ),
    "quorum": Bilingual("의사정족수", "quorum"),
    "majority": Bilingual("의결정족수", "majority"),
    "agency_ladder": Bilingual("기관 결정사항의 알림 단계", "ladder of decisions that agencies carry out"),
    "series": Bilingual("회의체", "series"),
    "city_ladder": Bilingual("시 결정사항의 알림 단계", "ladder of decisions that the city carries out"),
}
RHYTHMS: Mapping[str, Bilingual] = {
    "monthly": Bilingual("매월", "monthly"),
    "quarterly": Bilingual("매분기", "quarterly"),
    "half_yearly": Bilingual("매반기", "half-yearly"),
    "yearly": Bilingual("매년", "yearly"),
    "as_needed": Bilingual("수시", "as needed"),
}
MEETINGS_LABEL = Bilingual("회의", "meetings")


def describe_meetings(one: Definition, lang: Lang) -> Iterator[str]:
    """What it says of meetings, with what it leaves as the program has it; nothing where it says nothing of them."""
    if "meetings" in one.model_fields_set:
        rules = one.meetings
        yield f"\n{MEETINGS_LABEL.say(lang)}:"
        for one_of in rules.series:
            rhythm = RHYTHMS[one_of.rhythm].say(lang)
            yield f"  {MEETINGS['series'].say(lang)}: {one_of.label.say(lang)} ({one_of.name}, {rhythm})"
        for name, label in MEETINGS.items():
            said = getattr(rules, name)
            if said is not None and name != "series":
                share = name in ("quorum", "majority")
                yield f"  {label.say(lang)}: {describe_share(said).say(lang) if share else said}"
