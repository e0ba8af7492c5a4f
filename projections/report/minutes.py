"""Minutes of a meeting from its facts: up to the last of them they are the same bytes, whatever else is recorded since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from domain.errors import Bilingual, Refusal
from domain.meeting.facts import Attendee, Noted
from domain.meeting.state import MEETING, Meeting, MeetingStage
from domain.programme.state import PROGRAMME, Programme
from domain.seoul import local_day
from domain.shares import describe_share
from domain.streams import KEYS, agency_stream, meeting_stream, programme_stream
from domain.trail.facts import Sealed
from projections.agency_names import AgencyNames
from projections.report.document import FORMAT, Block, Document, Provenance, Section, Table, Text
from projections.report.making import lock_digest, log_of, program
from projections.report.meetings import Met, cells_of_decision, columns_of_decisions
from projections.report.report_data import CITY, absent, both, cell, column
from projections.sentences.meetings import FORMATS, say_vote
from projections.texts import in_words
from store.log import Store
from store.recorded import RecordedFact, fold_state
from store.texts import Look


class NoMinutes(Refusal):
    ko = "회의 {meeting}은(는) 열린 적이 없어 회의록을 만들 수 없습니다. `donghaeng meeting show {meeting}`로 확인하십시오."
    en = "The meeting {meeting} was never opened, so that there are no minutes of it. See `donghaeng meeting show {meeting}`."


class _Told:
    """A meeting with what its facts are told by: agencies' names and free texts, as of its last fact."""

    def __init__(self, met: Met, names: AgencyNames, texts: Look, as_of: date) -> None:
        self.met, self.state, self.as_of = met, met.state, as_of
        self._names, self._texts = names, texts

    def name(self, agency: str) -> Bilingual:
        if agency == CITY:
            return Bilingual("시", "The city")
        known = self._names.get(agency)
        return Bilingual(agency, agency) if known is None else both(known)

    def seat(self, seat: str) -> Bilingual:
        """A person is not named: the minutes go round among agencies."""
        kind, _, which = seat.partition("/")
        if kind == "agency":
            return self.name(which)
        return Bilingual("개인", "a person") if kind == "subject" else Bilingual(which, which)

    def text(self, ref: Any) -> Bilingual:
        found = self._texts(ref)
        return Bilingual(in_words(found, "ko"), in_words(found, "en"))

    def of(self, *kinds: str) -> tuple[int, ...]:
        """The positions of its facts of these kinds."""
        return tuple(one.position for one in self.met.facts if one.kind in kinds)


def minutes(store: Store, meeting: str, position: int | None = None) -> Document:
    """The minutes as of the meeting's last fact, or of its last up to `position`. Raises NoMinutes."""
    stream = store.read(meeting_stream(meeting))
    facts = [one for one in stream if position is None or one.position <= position]
    state: Meeting = fold_state(MEETING, facts)
    if state.called is None or state.presiding is None:
        raise NoMinutes(meeting=meeting)
    last = facts[-1]
    names = AgencyNames(_agency_facts(store, last.position))
    as_of = local_day(last.known_at)
    told = _Told(Met(meeting, state, facts), names, store.texts_of(facts), as_of)
    year = state.called.year
    programme: Programme = fold_state(
        PROGRAMME, [one for one in store.read(programme_stream(year)) if one.position <= last.position]
    )
    name = both(state.called.name)
    return Document(
        format=FORMAT,
        year=year,
        title=Bilingual(f"{name.ko} 회의록", f"{name.en}: minutes"),
        city=both(programme.city) if programme.city else Bilingual("", ""),
        banners=tuple(_banners(state, store.simulated)),
        provenance=_provenance(store, meeting, state, last, as_of),
        sections=(_outline(told), _attendance(told), _agenda(told), _decisions(told), _objections(told)),
    )


def _agency_facts(store: Store, position: int) -> list[RecordedFact[Any]]:
    """Up to there, in their order."""
    streams = store.load(store.streams(agency_stream(""))).streams
    found = (one for facts in streams.values() for one in facts if one.position <= position)
    return sorted(found, key=lambda one: one.position)


def _provenance(
    store: Store, meeting: str, state: Meeting, last: RecordedFact[Any], as_of: date
) -> Provenance:
    seals = [
        one.fact for one in store.read(KEYS) if isinstance(one.fact, Sealed) and one.position <= last.position
    ]
    assert state.called is not None
    return Provenance(
        year=state.called.year,
        position=last.position,
        as_of=as_of,
        given=False,
        sealed=seals[-1].size if seals else None,
        root=seals[-1].root if seals else None,
        definitions=(state.called.definition,),
        calendars=(),
        code=program(),
        lock=lock_digest(),
        simulated=store.simulated,
        running=state.stage is not MeetingStage.CONFIRMED,
        log=log_of(store),
        meeting=meeting,
    )


def _banners(state: Meeting, simulated: bool) -> Iterator[Bilingual]:
    if state.stage is not MeetingStage.CONFIRMED:
        yield Bilingual("확정되지 않은 회의록", "Not confirmed")
    if simulated:
        yield Bilingual("모의 자료: 실제 회의가 아님", "Simulated data: no meeting that really took place")


def _outline(told: _Told) -> Section:
    state, called = told.state, told.state.called
    assert called is not None
    facts = told.of("meeting.called", "meeting.moved")
    when = f"{state.on}" if state.time is None else f"{state.on} {state.time}"
    quorum, seats = describe_share(called.terms.quorum), len(state.members)
    rows: list[tuple[Bilingual, Bilingual]] = [
        (Bilingual("일시", "When"), Bilingual(when, when)),
        (Bilingual("장소", "Where"), both(state.venue or called.venue)),
        (Bilingual("진행 방식", "Form"), FORMATS[called.format]),
    ]
    if called.theme is not None:
        rows.append((Bilingual("주제", "Theme"), both(called.theme)))
    rows += [
        (Bilingual("의장", "In the chair"), told.seat(state.presiding or "")),
        (
            Bilingual("의사정족수", "Quorum"),
            Bilingual(
                f"구성원 {seats} 가운데 {state.seats_taken} 참석, {state.seats_needed} 필요({quorum.ko})",
                f"{state.seats_taken} of {seats} present, {state.seats_needed} needed ({quorum.en})",
            ),
        ),
    ]
    columns = (column("what", "구분", "What"), column("which", "내용", "Which", weight=4))
    table = Table(
        "minutes.outline",
        Bilingual("회의 개요", "The meeting"),
        columns,
        tuple((cell(what), cell(which, facts)) for what, which in rows),
    )
    return Section("outline", Bilingual("개요", "The meeting"), (table,))


def _attendance(told: _Told) -> Section:
    facts = told.of("meeting.opened", "meeting.joined")
    state = told.state
    columns = (column("seat", "구성원", "Member", weight=3), column("came", "참석", "Present", weight=2))
    seats = dict.fromkeys((*state.members, *state.present))
    rows = tuple(
        (cell(told.seat(seat)), cell(_describe_presence(state.present.get(seat)), facts)) for seat in seats
    )
    caption = Bilingual("참석 현황", "Who came")
    return Section(
        "attendance", Bilingual("참석자", "Attendance"), (Table("minutes.present", caption, columns, rows),)
    )


def _describe_presence(one: Attendee | None) -> Bilingual:
    if one is None:
        return Bilingual("불참", "absent")
    if one.stands_in_for is not None:
        return Bilingual("대리 참석", "by a substitute")
    return Bilingual("참석", "present")


def _agenda(told: _Told) -> Section:
    """Each item with what it is about and what was said."""
    parts = tuple(_item(told, number, place) for place, number in enumerate(told.state.agenda, start=1))
    general = tuple(_notes(told, [one for one in told.state.notes if one.item is None]))
    nothing = absent("제출된 안건이 없음.", "No item was put in.")
    blocks: tuple[Block, ...] = general if parts or general else (nothing,)
    return Section("agenda", Bilingual("안건과 토의", "Agenda and discussion"), blocks, parts)


def _item(told: _Told, number: int, place: int) -> Section:
    one = told.state.items[number]
    facts = tuple(
        each.position
        for each in told.met.facts
        if each.kind == "meeting.item_added" and each.fact.item == number
    )
    whose = told.name(one.agency or CITY)
    blocks = [Text(Bilingual(f"제출: {whose.ko}", f"Put in by: {whose.en}"), facts)]
    if one.text is not None:
        blocks.append(Text(told.text(one.text), facts))
    blocks += _notes(told, [each for each in told.state.notes if each.item == number])
    name = both(one.name)
    title = Bilingual(f"{place}. {name.ko}", f"{place}. {name.en}")
    return Section(f"agenda.{number}", title, tuple(blocks))


def _notes(told: _Told, notes: Sequence[Noted]) -> Iterator[Text]:
    for one in notes:
        facts = tuple(each.position for each in told.met.facts if each.fact is one)
        yield Text(told.text(one.text), facts, role="item")


def _decisions(told: _Told) -> Section:
    state = told.state
    blocks: list[Block] = []
    if state.decisions:
        columns = (*columns_of_decisions(), column("vote", "표결", "Vote", weight=2))
        rows = tuple(
            (
                *cells_of_decision(one, told.met.behind(number), told.name, told.as_of),
                cell(None if one.decided.vote is None else say_vote(one.decided.vote)),
            )
            for number, one in sorted(state.decisions.items())
        )
        blocks.append(Table("minutes.decisions", Bilingual("의결", "Decisions"), columns, rows))
    for one in state.voted_down:
        wording, vote = both(one.wording), say_vote(one.vote)
        said = Bilingual(f"부결: {wording.ko} ({vote.ko})", f"Voted down: {wording.en} ({vote.en})")
        blocks.append(Text(said, told.of("meeting.voted_down"), role="item"))
    nothing = absent("의결한 것이 없음.", "Nothing was decided.")
    return Section("decisions", Bilingual("의결", "Decisions"), tuple(blocks) or (nothing,))


def _objections(told: _Told) -> Section:
    columns = (
        column("whose", "제기", "By"),
        column("text", "이의", "Objection", weight=3),
        column("settled", "처리", "Settled", weight=3),
    )
    rows = tuple(
        (
            cell(told.name(one.objected.agency or CITY)),
            cell(told.text(one.objected.text), told.of("meeting.objected")),
            cell(None if one.settlement is None else told.text(one.settlement.text)),
        )
        for one in told.state.objections.values()
    )
    nothing = absent("제기된 이의가 없음.", "Nobody objected.")
    table = Table("minutes.objections", Bilingual("이의", "Objections"), columns, rows)
    return Section("objections", Bilingual("회의록에 대한 이의", "Objections"), (table if rows else nothing,))
