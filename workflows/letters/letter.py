"""A message in words, made from the facts as they were when it was composed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any, NamedTuple

import msgspec

from domain.agency.state import AGENCY, Agency
from domain.calendar.reckoning import Calendars, business_days_left
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Lang
from domain.lifecycle.letters import LetterRule
from domain.lifecycle.model import Definition
from domain.meeting.state import MEETING
from domain.message.facts import Composed
from domain.notice.facts import Due
from domain.programme.state import PROGRAMME, Programme
from domain.seoul import local_day
from domain.streams import agency_stream, identity_of, notice_stream, programme_stream, task_of, year_of
from domain.task.facts import DeadlinesSet
from domain.task.state import TASK, Task
from domain.values import LocalText
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.calendars import calendars_until
from workflows.definitions.adopted import definitions_of
from workflows.letters import first_form, wording
from workflows.letters.calendar_files import Issue, files_of_deadlines, files_of_meetings
from workflows.letters.earlier import Earlier, Key, find_earlier, key_of
from workflows.letters.lines import Line, MeetingToldOf, Past, line_of
from workflows.letters.meeting_lines import line_of_meeting
from workflows.letters.mime import Written, as_mail
from workflows.letters.outdated import Outdated, find_outdated, sequence_of


class Letter(msgspec.Struct, frozen=True):
    """`at`: when it was composed; `form`: of its words; `city`: whose programme it is; `contact`: the planner's address.

    `recipient`: as the message has it; `name`: of that person, which no fact has, where whoever reads it may see it. `rules`: the definitions
    by which what it brings along was set, by identity; `outdated`: what it puts right in the recipient's calendar.
    """

    message: str
    store: str
    simulated: bool
    at: datetime
    lines: tuple[Line, ...]
    form: int = first_form.FORM
    lang: Lang = "ko"
    recipient: str = ""
    name: str | None = None
    city: LocalText | None = None
    contact: str | None = None
    rules: Mapping[str, Definition] = {}
    outdated: tuple[Outdated, ...] = ()

    def write(self, console: str | None = None) -> Written:
        """Its words. `console`: where tasks are seen, for who has one."""
        if self.form == first_form.FORM:
            return first_form.write(self.lines, simulated=self.simulated)
        return wording.write(
            self.lines,
            self.lang,
            wording.Sender(self.city, self.reply_to, console),
            self.name,
            outdated=self.outdated,
            simulated=self.simulated,
        )

    @property
    def reply_to(self) -> str | None:
        """Whom an answer reaches; nobody else than who gets it, where that is the planner."""
        return None if self.recipient.endswith("/planner") else self.contact

    @property
    def subject(self) -> str:
        return self.write().subject

    @property
    def text(self) -> str:
        return self.write().text

    @property
    def page(self) -> str:
        return self.write().page

    @property
    def message_id(self) -> str:
        return f"<{self.message}@{self.store[:12]}.donghaeng>"  # short enough to stand in one line

    def mail(
        self, sender: str, recipient: str, unsubscribe: str | None = None, console: str | None = None
    ) -> bytes:
        """As an e-mail with CRLF, the same bytes each time as long as the person bears the same name."""
        by = Issue(self.contact or parseaddr(sender)[1], self.store, self.at, self.lang)
        return as_mail(
            self.write(console),
            message=self.message,
            message_id=self.message_id,
            at=self.at,
            sender=sender,
            recipient=recipient,
            reply_to=None if self.form == first_form.FORM else self.reply_to,
            unsubscribe=unsubscribe,
            attached=[
                *files_of_deadlines(self.lines, self.outdated, self.rules, by),
                *files_of_meetings(self.lines, recipient, by),
            ],
        )

    def event(self) -> bytes:
        """As a webhook's JSON."""
        document: dict[str, Any] = {
            "type": "notice.due",
            "timestamp": self.at,
            "data": {
                "message": self.message,
                "simulated": self.simulated,
                "deadlines": [
                    {
                        ("task" if line.meeting is None else "meeting"): line.task,
                        "title": line.title,
                        "what": line.what,
                        "due": line.due,
                        "business_days_left": line.left,
                        "late": line.late,
                        **({} if line.was is None else {"was": line.was}),
                        "notices": line.notices,
                    }
                    for line in self.lines
                ],
            },
        }
        return msgspec.json.encode(document)


def letter(store: Store, message: str, at: int, told: Sequence[str], name: str | None = None) -> Letter:
    """The letter of a message that was composed at that position of the log, telling these of its notices.

    `name`: of the person whom it is for, where whoever reads it may see it.
    """
    recorded = store.after(at - 1, 1)[0]
    composed = recorded.fact if isinstance(recorded.fact, Composed) else None
    form = first_form.FORM if composed is None else composed.form
    streams = store.load([notice_stream(one) for one in told]).streams
    dues: dict[str, Due] = {identity_of(name): facts[0].fact for name, facts in streams.items()}
    # as it was then, so that nothing changes from one attempt to the next
    lives = _lives(store, {due.stream for due in dues.values()}, at)
    tasks: Mapping[str, Task] = {
        name: fold_state(TASK, facts) for name, facts in lives.items() if task_of(name) is not None
    }
    agencies: Mapping[str, Agency] = _states(
        store, AGENCY, {agency_stream(due.agency) for due in dues.values() if due.agency is not None}, at
    )
    names = {identity_of(name): one.name for name, one in agencies.items() if one.name is not None}
    by_deadline: dict[tuple[str, str, str, date], list[str]] = {}
    for notice in sorted(dues):
        due = dues[notice]
        by_deadline.setdefault((due.stream, due.deadline, due.item or "", due.due), []).append(notice)
    on = local_day(recorded.known_at)
    known = calendars_until(store, {day.year for *_, due in by_deadline for day in (on, due)}, at)
    earlier = find_earlier(store, dues.values(), at) if form >= wording.TELLS_THE_PAST else None
    outdated = _put_right(store, composed, at)
    rules = _rules(store, tasks.values(), outdated)
    letters = _letters(store, dues.values())
    all_known = _Known(dues, lives, tasks, names, rules, letters, earlier, form)
    lines = [
        _make_line(all_known, stream, notices, _days_left(known, on, due))
        for (stream, _, _, due), notices in sorted(by_deadline.items())
    ]
    lines.sort(key=lambda line: (line.due, line.task))
    stream = programme_stream(_year_of(lines[0]))
    programme: Programme = _states(store, PROGRAMME, {stream}, at)[stream]
    return Letter(
        message=message,
        store=store.id,
        simulated=store.simulated,
        at=recorded.known_at,
        lines=tuple(lines),
        form=form,
        lang=(None if composed is None else composed.lang) or "ko",
        recipient="" if composed is None else composed.recipient,
        name=name if form >= wording.TELLS_THE_PAST else None,
        city=programme.city,
        contact=programme.contacts.get("planner"),
        rules=rules,
        outdated=_without(outdated, lines),
    )


class _Known(NamedTuple):
    """What lines are made of. `lives`, `tasks`: by stream; `names`: of agencies; `earlier`: None where the letter's words tell nothing of it."""

    dues: Mapping[str, Due]
    lives: Mapping[str, Sequence[RecordedFact[Any]]]
    tasks: Mapping[str, Task]
    names: Mapping[str, LocalText]
    rules: Mapping[str, Definition]
    letters: Mapping[str, LetterRule]
    earlier: Mapping[Key, tuple[Earlier, ...]] | None
    form: int


def _make_line(known: _Known, stream: str, notices: Sequence[str], left: int | None) -> Line:
    """`notices`: all of one thing that is due; `left`: business days to go."""
    past = _past_of(known.earlier, known.dues[notices[0]], known.lives[stream], known.form)
    task = known.tasks.get(stream)
    if task is None:
        told_of = _read_meeting(stream, known.lives[stream])
        return line_of_meeting(known.dues, notices, told_of, left, known.names, past)
    return line_of(
        known.dues,
        notices,
        task,
        left,
        known.names,
        _rules_of(known.rules, task),
        past,
        in_words=known.form >= wording.SAYS_QUARTERS,
        all_changes=known.form >= wording.SAYS_CHANGES,
        letters=known.letters,
    )


def _read_meeting(stream: str, life: Sequence[RecordedFact[Any]]) -> MeetingToldOf:
    return MeetingToldOf(identity_of(stream), fold_state(MEETING, life), len(life))


def _year_of(line: Line) -> int:
    """The year's programme that it is of."""
    if line.meeting is None:
        return year_of(line.task)
    assert line.meeting.state.called is not None, "nothing is told of what was not called"
    return line.meeting.state.called.year


def _put_right(store: Store, composed: Composed | None, at: int) -> tuple[Outdated, ...]:
    """Nothing where the letter's words tell nothing of it."""
    if composed is None or composed.form < wording.PUTS_RIGHT:
        return ()
    return find_outdated(store, composed, at, (wording.TELLS_THE_PAST, wording.PUTS_RIGHT))


def _without(outdated: Sequence[Outdated], lines: Sequence[Line]) -> tuple[Outdated, ...]:
    """What the letter's own lines do not bring along already."""
    brought = {line.entry.uid("") for line in lines if line.entry is not None}
    return tuple(one for one in outdated if one.entry.uid("") not in brought)


def _rules(store: Store, tasks: Collection[Task], outdated: Sequence[Outdated]) -> Mapping[str, Definition]:
    """The definitions by which the deadlines of these tasks were set, by identity."""
    named = {one.deadlines.definition for one in tasks if one.deadlines is not None}
    named |= {one.entry.by for one in outdated}
    return {one: definitions_of(store).of(one) for one in named}


def _letters(store: Store, dues: Collection[Due]) -> Mapping[str, LetterRule]:
    """The letters by which these go, as each names its."""
    found = {}
    for named in {one.letter for one in dues if one.letter is not None}:
        identity, _, letter = named.rpartition("/")
        definition = definitions_of(store).find(identity)
        rule = None if definition is None else definition.letter(letter)
        if rule is not None:
            found[named] = rule
    return found


def _rules_of(rules: Mapping[str, Definition], task: Task) -> Definition | None:
    """By which its deadlines were set."""
    return None if task.deadlines is None else rules[task.deadlines.definition]


def _states(store: Store, aggregate: Any, streams: set[str], at: int) -> dict[str, Any]:
    """By stream, as each was at that position of the log."""
    return {name: fold_state(aggregate, facts) for name, facts in _lives(store, streams, at).items()}


def _lives(store: Store, streams: set[str], at: int) -> dict[str, list[RecordedFact[Any]]]:
    """The facts of each stream up to that position of the log."""
    return {
        name: [one for one in facts if one.position <= at]
        for name, facts in store.load(sorted(streams)).streams.items()
    }


def _past_of(
    earlier: Mapping[Key, tuple[Earlier, ...]] | None, due: Due, life: Sequence[RecordedFact[Any]], form: int
) -> Past | None:
    """None where the letter's words tell nothing of it. `life`: the facts of the task."""
    if earlier is None:
        return None
    counted_by = max((one.version for one in life if isinstance(one.fact, DeadlinesSet)), default=0)
    if form >= wording.PUTS_RIGHT:
        counted_by = sequence_of(life)
    return Past(earlier.get(key_of(due), ()), counted_by)


def _days_left(known: Calendars, on: date, due: date) -> int | None:
    """Business days to go; None where nobody can count them."""
    try:
        return business_days_left(known, on, due)
    except CalendarNotOpen:
        return None
