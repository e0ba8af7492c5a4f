"""A stream's history in sentences, in Korean and English, folded from its facts on reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from domain.errors import Lang
from domain.programme.facts import AreaRenamed, Changed, TaskChanged
from domain.register import fold_of
from domain.roles import ROLES
from domain.seoul import SEOUL, local_day
from domain.streams import identity_of, kind_of
from domain.task.facts import DeadlinesSet, OfTask, Replanned, ReplanRequested, Revised
from domain.values import Attachment, Deadline, LocalText, Plan
from projections.agency_names import say_name
from projections.history_line import Line
from projections.labels import ItemNames
from projections.sentences.all import SENTENCES
from projections.sentences.narration import Narration
from projections.texts import attachment_in_words, in_words
from store.envelope import Actor, Envelope
from store.recorded import RecordedFact, days_late, fold_state
from store.texts import Look
from trail.english import many
from trail.particles import particle

_TOLD_BY_CHANGES = frozenset(
    one.kind for one in (Revised, Replanned, ReplanRequested, Changed, AreaRenamed, TaskChanged)
)


def history(
    recordeds: Sequence[RecordedFact[Any]],
    texts: Look,
    names: Mapping[str, LocalText],
    lang: Lang,
    earlier: Sequence[RecordedFact[Any]] = (),
    people: Mapping[str, str] = {},
    titles: Mapping[str, LocalText] = {},
    items: ItemNames = lambda _: {},
) -> list[Line]:
    """One line a fact, oldest first. `texts`: how free texts are looked up; `names`: agencies' names by id, each told as it was
    when the fact was so.

    `people`: persons' names by id, of those whom the reader may see by name. `earlier`: the stream's facts before these, where these are not all of it.
    `titles`: today's by task, where they are to stand beside what a fact called it; `items`: names of milestones by task, asked
    where these facts do not say them.
    """

    def text(ref: Any) -> str:
        if isinstance(ref, Attachment):
            return attachment_in_words(ref, texts(ref.content), lang)
        return in_words(texts(ref), lang)

    lines = []
    plan: Plan | None = None
    before: tuple[Deadline, ...] = ()
    for number, recorded in enumerate((*earlier, *recordeds), start=-len(earlier)):
        if recorded.kind != ReplanRequested.kind:  # the old plan is in force until the city has decided
            plan = getattr(recorded.fact, "plan", None) or plan
        if number >= 0:
            name = partial(say_name, names, at=recorded.effective_at, lang=lang)
            who = actor(recorded.envelope.actor, name, lang)
            state = (
                _state_before(recorded, (*earlier, *recordeds)) if recorded.kind in _TOLD_BY_CHANGES else None
            )
            about = getattr(recorded.fact, "task", None) or identity_of(recorded.stream)
            told = Narration(
                recorded.fact,
                who,
                text,
                name,
                lang,
                plan,
                before,
                state,
                people,
                titles.get(about),
                partial(items, about),
            )
            lines.append(_line(recorded, SENTENCES[recorded.kind](told) + _circumstances(recorded, told)))
        if isinstance(recorded.fact, DeadlinesSet):
            before = recorded.fact.deadlines
    return lines


def _state_before(recorded: RecordedFact[Any], facts: Sequence[RecordedFact[Any]]) -> Any:
    """What it is a fact of as it was so when the fact was, by what was recorded before it; None where not all of that is here."""
    known = [one for one in facts if one.stream == recorded.stream and one.version < recorded.version]
    fold = fold_of(recorded.stream)
    if type(recorded.fact) not in fold.facts:
        return None
    if [one.version for one in known] != list(range(1, recorded.version)):
        return None
    so_then = (one for one in known if one.effective_at <= recorded.effective_at)
    return fold_state(fold, so_then)


def _line(recorded: RecordedFact[Any], sentence: str) -> Line:
    return Line(
        position=recorded.position,
        version=recorded.version,
        kind=recorded.kind,
        at=recorded.effective_at.astimezone(SEOUL),
        known_at=recorded.known_at.astimezone(SEOUL),
        recorded_at=recorded.recorded_at.astimezone(SEOUL),
        sentence=sentence,
    )


def actor(who: Actor, name: Callable[[str], str], lang: Lang) -> str:
    """The actor by role, and by agency where there is one."""
    role = ROLES[who.role].acting.say(lang)
    if who.agency is None:
        return role
    return f"{name(who.agency)} {role}" if lang == "ko" else f"{role} of {name(who.agency)}"


def _for_whom(envelope: Envelope, other: Actor, told: Narration) -> str:
    whom = actor(other, told.name, told.lang)
    # what a person told the system to do it does on their behalf, and in nobody's place
    instead = "on behalf of" if envelope.actor.role == "system" else "in place of"
    by = "" if envelope.mandate is None else told.either(f"({envelope.mandate})", f" ({envelope.mandate})")
    return told.either(f"{whom}{particle(whom, '을(를)')} 대신함{by}", f"{instead} {whom}{by}")


def _order(cause: str, told: Narration) -> str:
    """By what a fact was carried out that another one ordered, in the same append."""
    stream, _, number = cause.partition("#")
    if kind_of(stream) == "meeting":
        meeting = identity_of(stream)
        return told.either(
            f"회의 {meeting}의 의결 #{number}에 따름", f"by the decision #{number} of the meeting {meeting}"
        )
    if isinstance(told.fact, OfTask):
        return told.either(f"결재선 #{number}에 따름", f"by the approval line #{number}")
    return ""


def _circumstances(recorded: RecordedFact[Any], told: Narration) -> str:
    """For whom, why, on which paper, by which rule, and that it was entered, or carried out, late."""
    envelope, either = recorded.envelope, told.either
    said = []
    if envelope.on_behalf_of is not None:
        said.append(_for_whom(envelope, envelope.on_behalf_of, told))
    if envelope.reason is not None:
        reason = told.text(envelope.reason)
        said.append(either(f"사유: {reason}", f"reason: {reason}"))
    if envelope.ref is not None:
        said.append(either(f"문서번호 {envelope.ref}", f"document {envelope.ref}"))
    if envelope.cause is not None and envelope.cause.rule is not None:
        rule = f"{envelope.cause.rule} {envelope.cause.rule_version or ''}".strip()
        said.append(either(f"규칙 {rule}에 따름", f"by rule {rule}"))
    elif envelope.cause is not None and (ordered := _order(envelope.cause.due or "", told)):
        said.append(ordered)
    days = days_late(recorded)
    if days is not None:
        on, done = (local_day(at) for at in (recorded.effective_at, recorded.known_at))
        said.append(
            either(
                f"{on} 자로 처리할 일을 {done}에 {days}일 늦게 처리함",
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
