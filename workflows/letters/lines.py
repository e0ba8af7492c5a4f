"""One deadline in a letter: what is due of which task until when, whose it is, and by which rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from domain.errors import Bilingual
from domain.lifecycle.letters import LetterRule
from domain.lifecycle.model import Definition
from domain.lifecycle.reached import position_of
from domain.meeting.deadline_kinds import CARRYING_OUT, MEETING_KINDS
from domain.meeting.state import Meeting
from domain.notice.facts import Due
from domain.streams import identity_of
from domain.task.deadline_kinds import DEADLINE_KINDS, deadline_label, describe_deadline
from domain.task.state import Task
from domain.values import LocalText
from domain.year_parts import find_part
from projections.labels import find_item_name
from workflows.feed import Entry
from workflows.letters.earlier import Earlier

NO_LETTERS: Mapping[str, LetterRule] = {}


class Past(msgspec.Struct, frozen=True):
    """What went before of a deadline, and the number of the task's fact that counted its deadlines last."""

    told: tuple[Earlier, ...]
    counted_by: int


class MeetingToldOf(msgspec.Struct, frozen=True):
    """A meeting as it was when the letter was composed. `facts`: how many there were of it."""

    meeting: str
    state: Meeting
    facts: int


class Line(msgspec.Struct, frozen=True):
    """`left`: business days to go, negative where it is over. `was`: the due day that was told before, where it was another.

    `kind`, `item`: of the deadline; `who`: owes it; `agency`: which answers for the task, by its name then; `to`: the step
    of the ladder on which it comes to the recipient; `basis`: of the rule, in the definition named `by`. `told`: what went
    before, None where the letter's words do not say it; `entry`: what it brings along for a calendar. `letter`: in whose
    words it goes; None: in the program's. `meeting`: what it tells of where that is no task; then `task` is that one's id.
    """

    task: str
    title: LocalText
    what: LocalText
    due: date
    left: int
    late: bool
    stands_in: bool
    notices: tuple[str, ...]
    was: date | None = None
    kind: str = ""
    item: str | None = None
    who: Literal["agency", "city"] = "agency"
    agency: LocalText | None = None
    to: str = "officer"
    to_name: LocalText | None = None
    basis: LocalText | None = None
    by: str = ""
    told: tuple[Earlier, ...] | None = None
    entry: Entry | None = None
    letter: LetterRule | None = None
    meeting: MeetingToldOf | None = None

    @property
    def stands_for_meeting(self) -> bool:
        """Whether it tells of the meeting itself, and not of what was decided there."""
        return self.meeting is not None and self.kind != CARRYING_OUT

    @property
    def asks(self) -> Bilingual | None:
        """What whoever owes it is to do."""
        if self.meeting is not None:
            return MEETING_KINDS[self.kind].asks
        known = DEADLINE_KINDS.get(self.kind)
        return None if known is None else known.asks

    @property
    def command(self) -> str:
        """By which it is done, else by which one sees how it stands."""
        if self.meeting is not None:
            typed = "meeting show {meeting}" if self.escalates else MEETING_KINDS[self.kind].command
            return typed.format(meeting=self.task, number=self.item)
        known = DEADLINE_KINDS.get(self.kind)
        if self.escalates or known is None or known.command is None:
            return f"task show {self.task}"
        return known.command.format(task=self.task, item=self.item or "")

    @property
    def escalates(self) -> bool:
        """Whether somebody above is told that it was not done."""
        above = self.who == "city" or self.to not in ("officer", "substitute")
        return self.left < 0 and above


def line_of(
    dues: Mapping[str, Due],
    notices: Sequence[str],
    task: Task,
    left: int | None,
    agencies: Mapping[str, LocalText],
    by: Definition | None,
    past: Past | None = None,
    *,
    in_words: bool = True,
    all_changes: bool = True,
    letters: Mapping[str, LetterRule] = NO_LETTERS,
) -> Line:
    """The line of these notices, all of one deadline; of the last of their rungs, where they are of several.

    `by`: the definition by which its deadlines were set; `left`: counted on the day on which it is written, which for what
    comes late is not the rung's; `past`: where the letter's words tell of it; `in_words`: whether they say a quarter as people read it;
    `all_changes`: whether a day that changed is told where an earlier rung alone says so, having waited for the last;
    `letters`: those of definitions, by the name that a notice has for its.
    """
    by_rung = sorted((dues[one] for one in notices), key=lambda due: -due.days)
    last = by_rung[0]
    told_before = (one.was for one in (by_rung if all_changes else by_rung[:1]) if one.was is not None)
    name = find_item_name(task, last.item)
    say = describe_deadline if in_words else _describe_by_id
    what = say(last.deadline, last.item, name, last.kind_name)
    rule = None if by is None else by.rule(last.deadline)
    assert task.title is not None
    return Line(
        task=identity_of(last.stream),
        title=task.title,
        what=LocalText(ko=what.ko, en=what.en),
        due=last.due,
        left=-last.days if left is None else left,
        late=any(dues[one].late for one in notices),
        stands_in=any(dues[one].stands_in_for is not None for one in notices),
        notices=tuple(notices),
        was=next(told_before, None),
        kind=last.deadline,
        item=last.item,
        who="agency" if rule is None else rule.who,
        agency=agencies.get(last.agency or ""),
        to=last.to,
        to_name=last.to_name,
        basis=None if rule is None else rule.basis,
        by="" if task.deadlines is None else task.deadlines.definition,
        told=None if past is None else past.told,
        entry=None if past is None else _entry_of(last, task, left, past),
        letter=letters.get(last.letter or ""),
    )


def _describe_by_id(
    kind: str, item: str | None, name: LocalText | None, called: LocalText | None
) -> Bilingual:
    """What is due as letters said it up to the third form: a quarter as it is typed, behind what is due."""
    label, which = deadline_label(kind, called), name or LocalText(ko=item or "")
    of = " for" if find_part(item) is not None else ""
    return Bilingual(f"{label.ko} {which.ko}".strip(), f"{label.en}{of} {which.say('en')}".strip())


def _entry_of(last: Due, task: Task, left: int | None, past: Past) -> Entry | None:
    """For the calendar of whoever is to meet the deadline, in the first mail that tells them of it with this due day."""
    office = last.recipient.startswith("programme/")
    known = task.deadlines
    again = any(one.recipient == last.recipient for one in past.told)
    if position_of(last.to) is not None:  # whoever holds one is told, and owes nothing
        return None
    if known is None or task.title is None or again or (-last.days if left is None else left) < 0:
        return None
    wanted = last.deadline, last.item, last.due
    for one in known.deadlines:
        if (one.kind, one.item, one.due) == wanted and (one.who == "city") == office:
            name = find_item_name(task, one.item)
            return Entry(identity_of(last.stream), task.title, one, known.definition, past.counted_by, name)
    return None
