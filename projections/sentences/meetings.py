"""How the facts of meetings are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import Bilingual
from domain.meeting.facts import Attendee, Vote
from projections.sentences.narration import Narration, field_labels, particulars, phrase
from trail.particles import fill, particle

FORMATS: Mapping[str, Bilingual] = {
    "briefing": Bilingual("보고", "briefing"),
    "discussion": Bilingual("토의", "discussion"),
}


def say_seat(seat: str, narration: Narration) -> str:
    """An agency by its name, a person by the name that the reader may see, a position by its id."""
    kind, _, which = seat.partition("/")
    if kind == "agency":
        return narration.name(which)
    return narration.person(which) if kind == "subject" else which


def _say_seats(seats: tuple[str, ...], narration: Narration) -> str:
    return ", ".join(say_seat(one, narration) for one in seats)


def _say_day(fact: Any) -> str:
    return f"{fact.on}" if fact.time is None else f"{fact.on} {fact.time}"


def _narrate_called(narration: Narration) -> str:
    fact, name = narration.fact, narration.in_words(narration.fact.name)
    venue, format_ = narration.in_words(fact.venue), FORMATS[fact.format]
    more = []
    if fact.series_name is not None:
        series = narration.in_words(fact.series_name)
        more.append(narration.either(f"회의체 {series}", f"of the series {series}"))
    if fact.theme is not None:
        theme = narration.in_words(fact.theme)
        more.append(narration.either(f"주제 ‘{theme}’", f"theme “{theme}”"))
    if fact.chair is not None:
        more.append(narration.either(f"의장 {fact.chair}", f"in the chair {fact.chair}"))
    if fact.invited:
        invited = _say_seats(fact.invited, narration)
        more.append(narration.either(f"초청 {invited}", f"invited {invited}"))
    more.append(narration.either(f"적용 정의 {fact.definition}", f"under {fact.definition}"))
    said = narration.say(
        f"‘{name}’{particle(name, '을(를)')} 소집하였음: {_say_day(fact)}, {venue}, {format_.ko}.",
        f"called “{name}” for {_say_day(fact)}, {venue}, as a {format_.en}.",
    )
    return said + particulars(more)


def _narrate_invited(narration: Narration) -> str:
    seats = _say_seats(narration.fact.invited, narration)
    return narration.say(fill("{0}을(를) 초청하였음.", seats), f"invited {seats}.")


def _narrate_moved(narration: Narration) -> str:
    fact = narration.fact
    venue = "" if fact.venue is None else f", {narration.in_words(fact.venue)}"
    return narration.say(
        f"회의를 변경하였음: {_say_day(fact)}{venue}.", f"moved the meeting to {_say_day(fact)}{venue}."
    )


def _narrate_item_added(narration: Narration) -> str:
    fact, name = narration.fact, narration.in_words(narration.fact.name)
    whose = narration.either("시", "the city") if fact.agency is None else narration.name(fact.agency)
    more = (
        [] if fact.concern is None else [narration.either(f"현안 {fact.concern}", f"concern {fact.concern}")]
    )
    more += [] if fact.text is None else [narration.text(fact.text)]
    more += [narration.text(one) for one in fact.papers]
    said = narration.say(
        f"{fact.item}번 안건 ‘{name}’{particle(name, '을(를)')} 제출하였음({whose}).",
        f"put in item {fact.item}, “{name}”, of {whose}.",
    )
    return said + particulars(more)


def _narrate_ordered(narration: Narration) -> str:
    order = ", ".join(map(str, narration.fact.order))
    return narration.say(f"안건 순서를 정하였음: {order}.", f"put the items in order: {order}.")


def _narrate_attendance(ko: str, en: str) -> Callable[[Narration], str]:
    def told_so(narration: Narration) -> str:
        present = ", ".join(_say_attendee(one, narration) for one in narration.fact.present)
        chair = getattr(narration.fact, "chair", None)
        led = "" if chair is None else say_seat(chair, narration)
        return narration.say(ko.format(chair=led, present=present), en.format(chair=led, present=present))

    return told_so


def _say_attendee(one: Attendee, narration: Narration) -> str:
    said = say_seat(one.seat, narration)
    who = [] if one.subject is None else [narration.person(one.subject)]
    if one.stands_in_for is not None:
        absent = narration.person(one.stands_in_for)
        who.append(narration.either(f"{absent} 대리", f"standing in for {absent}"))
    return said if not who else narration.either(f"{said}({', '.join(who)})", f"{said} ({', '.join(who)})")


def _about_item(narration: Narration) -> str:
    item = narration.fact.item
    return "" if item is None else narration.either(f"{item}번 안건, ", f"on item {item}, ")


def _narrate_noted(narration: Narration) -> str:
    text, item = narration.text(narration.fact.text), narration.fact.item
    ko = "토의 내용을 기록하였음" if item is None else f"{item}번 안건의 토의 내용을 기록하였음"
    en = "recorded what was said" if item is None else f"recorded what was said on item {item}"
    return narration.say(f"{ko}: {text}", f"{en}: {text}")


def say_vote(vote: Vote) -> Bilingual:
    return Bilingual(
        f"찬성 {vote.votes_for}, 반대 {vote.votes_against}, 기권 {vote.abstained}",
        f"{vote.votes_for} for, {vote.votes_against} against, {vote.abstained} abstained",
    )


def _narrate_decided(narration: Narration) -> str:
    fact, wording = narration.fact, narration.in_words(narration.fact.wording)
    whose = narration.either("시", "the city") if fact.agency is None else narration.name(fact.agency)
    more = []
    if fact.due is not None:
        more.append(
            narration.either(
                f"이행 {whose}, {fact.due}까지", f"to be carried out by {whose} until {fact.due}"
            )
        )
    if fact.vote is not None:
        more.append(say_vote(fact.vote).say(narration.lang))
    more += [
        f"{one.command_label.say(narration.lang)} ({one.stream.partition('/')[2]})"
        for one in fact.carried_out
    ]
    if fact.text is not None:
        more.append(narration.text(fact.text))
    said = narration.say(
        f"{_about_item(narration)}의결하였음(#{fact.decision}): ‘{wording}’.",
        f"recorded, {_about_item(narration)}the decision #{fact.decision}: “{wording}”.",
    )
    return said + particulars(more)


def _narrate_voted_down(narration: Narration) -> str:
    wording, vote = narration.in_words(narration.fact.wording), say_vote(narration.fact.vote)
    return narration.say(
        f"{_about_item(narration)}부결되었음: ‘{wording}’ ({vote.ko}).",
        f"recorded, {_about_item(narration)}that it was voted down: “{wording}” ({vote.en}).",
    )


def _narrate_done(narration: Narration) -> str:
    fact, result = narration.fact, narration.text(narration.fact.result)
    return narration.say(
        f"의결 #{fact.decision}의 이행을 마쳤음: {result}",
        f"said that the decision #{fact.decision} is carried out: {result}",
    )


def _narrate_objected(narration: Narration) -> str:
    fact, text = narration.fact, narration.text(narration.fact.text)
    return narration.say(
        f"회의록에 이의를 제기하였음(#{fact.objection}): {text}",
        f"objected to the minutes (#{fact.objection}): {text}",
    )


def _narrate_settled(narration: Narration) -> str:
    fact, text = narration.fact, narration.text(narration.fact.text)
    ko, en = ("받아들였음", "upheld") if fact.upheld else ("받아들이지 않았음", "did not uphold")
    return narration.say(
        f"이의 #{fact.objection}을(를) {ko}: {text}", f"{en} the objection #{fact.objection}: {text}"
    )


MEETINGS: Mapping[str, Callable[[Narration], str]] = {
    "meeting.called": _narrate_called,
    "meeting.invited": _narrate_invited,
    "meeting.moved": _narrate_moved,
    "meeting.cancelled": phrase("회의를 취소하였음.", "cancelled the meeting."),
    "meeting.item_added": _narrate_item_added,
    "meeting.items_ordered": _narrate_ordered,
    "meeting.item_withdrawn": phrase("{item}번 안건을 철회하였음.", "withdrew item {item}."),
    "meeting.opened": _narrate_attendance(
        "개회하였음. 의장 {chair}, 참석 {present}.",
        "opened the meeting, with {chair} in the chair. Present: {present}.",
    ),
    "meeting.joined": _narrate_attendance(
        "뒤에 참석하였음: {present}.", "recorded who came later: {present}."
    ),
    "meeting.noted": _narrate_noted,
    "meeting.decided": _narrate_decided,
    "meeting.voted_down": _narrate_voted_down,
    "meeting.decision_done": _narrate_done,
    "meeting.closed": phrase("폐회하였음.", "closed the meeting."),
    "meeting.minutes_circulated": phrase(
        "회의록을 회람하였음(#{up_to}까지의 기록, 이의 제기 {object_until}까지).",
        "circulated the minutes of what was recorded up to #{up_to}; objections until {object_until}.",
    ),
    "meeting.objected": _narrate_objected,
    "meeting.objection_settled": _narrate_settled,
    "meeting.minutes_confirmed": phrase("회의록을 확정하였음.", "confirmed the minutes."),
}

# the fields that only these facts have, as people read them
MEETINGS_FIELDS = field_labels("""
papers|함께 올린 파일|papers
series|회의체|series
series_name|회의체 이름|name of the series
facts|기록 수|facts
tells_until|알림 종료일|last day to tell of it
abstained|기권|abstained
agenda_days|안건 제출 마감(회의 전 영업일)|business days for items before it
called|소집 내용|as called
carried_out|처리한 명령|commands carried out
chair|의장|chair
circulated|회람한 회의록|minutes circulated
command_label|명령 이름|what the command is called
decided|의결 내용|as decided
decisions|의결|decisions
done|이행 여부|carried out
dropped|철회됨|withdrawn
format|진행 방식|form
invited|초청 대상|invited
items|안건|items
majority|의결정족수|majority
meeting|회의|meeting
notes|토의 내용|notes
object_until|이의 제기 마감일|objections until
objected|이의 내용|as objected
objection_days|회의록 이의 제기 기간(영업일)|business days to object
objection|이의|objection
objections|이의|objections
order|순서|order
present|참석자|present
presiding|주재|in the chair
programme_year|사업연도|programme's year
result|결과|result
seat|자리|seat
settlement|이의 처리 내용|how it was settled
terms|적용 규정|terms
theme|주제|theme
time|시각|time
upheld|수용 여부|upheld
venue|장소|venue
vote|표결|vote
voted_down|부결|voted down
votes_against|반대|against
votes_for|찬성|for
wording|문구|wording
""")
