"""What a letter says of a meeting that somebody is invited to, that moved or does not take place, or whose minutes go round."""

from __future__ import annotations

from collections.abc import Iterator

from domain.meeting.deadline_kinds import CANCELLATION, OBJECTIONS
from domain.meeting.state import Meeting
from workflows.letters.lines import Line, MeetingToldOf
from workflows.letters.pieces import Row
from workflows.letters.words import Words


def say_first(words: Words, line: Line) -> str:
    """What it is, at the head of the subject."""
    if line.kind == CANCELLATION:
        return words.either("회의 취소", "cancelled")
    if line.kind == OBJECTIONS:
        return words.either("회의록 회람, 이의 {0}까지", "minutes, object by {0}", words.day(line.due))
    if line.was is not None:
        return words.either("회의 변경 {0}", "moved to {0}", words.day(line.due))
    return words.either("회의 {0}", "invitation, {0}", words.day(line.due))


def say_meeting(words: Words, line: Line, told_of: MeetingToldOf) -> str:
    """The same in a sentence."""
    name, when = words.name(line.title), _when(words, told_of.state)
    if line.kind == CANCELLATION:
        return words.either(
            "{0}에 열기로 한 회의 ‘{1}’이(가) 취소되었습니다.",
            "The meeting “{1}” on {0} does not take place.",
            when,
            name,
        )
    if line.kind == OBJECTIONS:
        return words.either(
            "회의 ‘{0}’의 회의록을 회람합니다. 이의는 {1}까지 제기할 수 있습니다.",
            "The minutes of the meeting “{0}” go round. Objections are taken until {1}.",
            name,
            words.day(line.due),
        )
    if line.was is not None:
        return words.either(
            "회의 ‘{0}’의 개최일이 {1}(으)로 변경되었습니다(전에 알린 날 {2}).",
            "The meeting “{0}” has moved to {1} (told before: {2}).",
            *(name, when, words.day(line.was)),
        )
    return words.either(
        "회의 ‘{0}’에 초청합니다. 일시는 {1}입니다.",
        "You are invited to the meeting “{0}” on {1}.",
        name,
        when,
    )


def list_rows(words: Words, line: Line, told_of: MeetingToldOf) -> Iterator[Row]:
    """When and where, and until when items are put in."""
    state = told_of.state
    yield Row(words.either("일시", "When"), _when(words, state))
    if state.venue is not None:
        yield Row(words.either("장소", "Where"), words.name(state.venue))
    if state.called is not None and state.called.theme is not None:
        yield Row(words.either("주제", "Theme"), words.name(state.called.theme))
    if line.kind == OBJECTIONS:
        yield Row(
            words.either("이의 제기", "Objections"), words.either("{0}까지", "until {0}", words.day(line.due))
        )


def _when(words: Words, meeting: Meeting) -> str:
    assert meeting.on is not None, "a meeting that was called has a day"
    day = words.day(meeting.on)
    return day if meeting.time is None else f"{day} {meeting.time}"
