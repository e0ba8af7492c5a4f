"""A stream's history in sentences, in Korean and English, folded from its facts on reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.english import many
from domain.errors import Lang
from domain.particles import particle
from domain.seoul import SEOUL, local_day
from domain.task.facts import DeadlinesSet, ReplanRequested
from domain.values import Deadline, LocalText, Plan
from projections.sentences.all import SENTENCES
from projections.sentences.telling import Told
from projections.texts import in_words
from store.envelope import Actor
from store.recorded import Recorded
from store.texts import Look

_ROLES: Mapping[str, tuple[str, str]] = {
    "officer": ("담당자", "an officer"),
    "head": ("기관장", "the head"),
    "planner": ("시 총괄부서", "the city planner"),
    "department": ("시 소관부서", "the city department"),
    "inspector": ("감사관", "the inspector"),
    "citizen": ("시민", "a citizen"),
    "system": ("시스템", "the system"),
}


class Line(msgspec.Struct, frozen=True):
    """One fact as a sentence. `at`: when it was so, in Seoul; `known_at`: when it became known; `recorded_at`: when it was
    recorded, which only a simulated store's clock tells apart.
    """

    position: int
    version: int
    kind: str
    at: datetime
    known_at: datetime
    recorded_at: datetime
    sentence: str


def history(
    recordeds: Sequence[Recorded[Any]],
    texts: Look,
    names: Mapping[str, LocalText],
    lang: Lang,
    earlier: Sequence[Recorded[Any]] = (),
) -> list[Line]:
    """One line a fact, oldest first. `texts`: how free texts are looked up; `names`: agencies' names by id.

    `earlier`: the stream's facts before these, where these are not all of it.
    """

    def text(ref: Any) -> str:
        return in_words(texts(ref), lang)

    def name(agency: str) -> str:
        return names[agency].say(lang) if agency in names else agency

    lines = []
    plan: Plan | None = None
    before: tuple[Deadline, ...] = ()
    for number, recorded in enumerate((*earlier, *recordeds), start=-len(earlier)):
        if recorded.kind != ReplanRequested.kind:  # the old plan is in force until the city has decided
            plan = getattr(recorded.fact, "plan", None) or plan
        if number >= 0:
            who = actor(recorded.envelope.actor, name, lang)
            told = Told(recorded.fact, who, text, name, lang, plan, before)
            lines.append(_line(recorded, SENTENCES[recorded.kind](told) + _circumstances(recorded, told)))
        if isinstance(recorded.fact, DeadlinesSet):
            before = recorded.fact.deadlines
    return lines


def _line(recorded: Recorded[Any], sentence: str) -> Line:
    return Line(
        position=recorded.position,
        version=recorded.version,
        kind=recorded.kind,
        at=recorded.effective_at.astimezone(SEOUL),
        known_at=recorded.known_at.astimezone(SEOUL),
        recorded_at=recorded.recorded_at.astimezone(SEOUL),
        sentence=sentence,
    )


def days_late(recorded: Recorded[Any]) -> int | None:
    """By how many days a rule was carried out after the day on which it takes effect; None where it was on the day."""
    envelope = recorded.envelope
    if envelope.effective_at is None or envelope.cause is None or envelope.cause.rule is None:
        return None
    return (local_day(recorded.known_at) - local_day(envelope.effective_at)).days or None


def actor(who: Actor, name: Callable[[str], str], lang: Lang) -> str:
    """The actor by role, and by agency where there is one."""
    ko, en = _ROLES[who.role]
    if who.agency is None:
        return ko if lang == "ko" else en
    return f"{name(who.agency)} {ko}" if lang == "ko" else f"{en} of {name(who.agency)}"


def _circumstances(recorded: Recorded[Any], told: Told) -> str:
    """For whom, why, on which paper, by which rule, and that it was entered, or carried out, late."""
    envelope, either = recorded.envelope, told.either
    said = []
    if envelope.on_behalf_of is not None:
        whom = actor(envelope.on_behalf_of, told.name, told.lang)
        # what a person told the system to do it does on their behalf, and in nobody's place
        instead = "on behalf of" if envelope.actor.role == "system" else "in place of"
        by = "" if envelope.mandate is None else either(f"({envelope.mandate})", f" ({envelope.mandate})")
        said.append(either(f"{whom}{particle(whom, '을(를)')} 대신함{by}", f"{instead} {whom}{by}"))
    if envelope.reason is not None:
        reason = told.text(envelope.reason)
        said.append(either(f"사유: {reason}", f"reason: {reason}"))
    if envelope.ref is not None:
        said.append(either(f"문서번호 {envelope.ref}", f"document {envelope.ref}"))
    if envelope.cause is not None and envelope.cause.rule is not None:
        rule = f"{envelope.cause.rule} {envelope.cause.rule_version or ''}".strip()
        said.append(either(f"규칙 {rule}에 따름", f"by rule {rule}"))
    days = days_late(recorded)
    if days is not None:
        on, done = (local_day(at) for at in (recorded.effective_at, recorded.known_at))
        said.append(
            either(
                f"{on} 자로 할 일을 {done}에 {days}일 늦게 처리함",
                f"of {on} by the rule, carried out on {done}, {many(days, 'day')} late",
            )
        )
    elif envelope.effective_at is not None:
        was, entered = (
            f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}" for at in (envelope.effective_at, recorded.known_at)
        )
        said.append(
            either(f"{was}의 일을 {entered}에 늦게 입력함", f"it was so on {was}, entered late on {entered}")
        )
    return f" ({'; '.join(said)})" if said else ""
