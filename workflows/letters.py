"""What a message says: the same words and the same bytes however often it is sent."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date, datetime
from email import policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

import msgspec

from domain.calendar.reckoning import Calendars, business_days_left
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Lang
from domain.notice.commands import notice_stream
from domain.notice.facts import Due
from domain.seoul import local_day
from domain.task.commands import task_stream
from domain.task.decider import TASK
from domain.task.state import Task
from domain.values import LocalText
from projections.sentences.telling import DEADLINES
from store.log import Store
from store.recorded import folded
from workflows.calendars import calendars_until

_CRLF = policy.compat32.clone(linesep="\r\n")


class Line(msgspec.Struct, frozen=True):
    """One deadline in a letter. `left`: business days to go, negative where it is over.

    `was`: the due day that was told before, where it was another.
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

    def say(self, lang: Lang) -> str:
        title, what = self.title.say(lang), self.what.say(lang)
        if lang == "ko":
            when = (
                f"{self.left}영업일 남음"
                if self.left > 0
                else "오늘까지"
                if not self.left
                else f"{-self.left}영업일 지남"
            )
            more = " (늦게 보내는 알림)" * self.late + " (직무대리로서 받으시는 알림)" * self.stands_in
            changed = "" if self.was is None else f"({self.was}에서 변경)"
            return f"{self.task} {title}: {what}, 기한 {self.due}{changed}, {when}{more}"
        days = f"{abs(self.left)} business day{'s' * (abs(self.left) != 1)}"
        when = f"{days} left" if self.left > 0 else "today" if not self.left else f"{days} overdue"
        more = " (sent late)" * self.late + " (you stand in for somebody)" * self.stands_in
        changed = "" if self.was is None else f" (changed from {self.was})"
        return f"{self.task} {title}: {what}, due {self.due}{changed}, {when}{more}"


class Letter(msgspec.Struct, frozen=True):
    """A message in words. `at`: when it was composed."""

    message: str
    store: str
    simulated: bool
    at: datetime
    lines: tuple[Line, ...]

    @property
    def subject(self) -> str:
        first = self.lines[0]
        more = f" 외 {len(self.lines) - 1}건" if len(self.lines) > 1 else ""
        mark = "[모의] " if self.simulated else ""
        return f"{mark}[동행] 기한 알림: {first.task} {first.what.ko} {first.due}{more}"

    @property
    def text(self) -> str:
        known = [notice for line in self.lines for notice in line.notices]
        return "\n".join(
            (
                "동행 기한 알림",
                "",
                *(f"- {line.say('ko')}" for line in self.lines),
                "",
                "확인하셨으면: donghaeng notice acknowledge 알림번호",
                "",
                "Deadlines of your collaboration tasks",
                "",
                *(f"- {line.say('en')}" for line in self.lines),
                "",
                "알림번호 (notice ids):",
                *known,
                "",
            )
        )

    @property
    def page(self) -> str:
        def listed(lang: Lang) -> str:
            return "".join(f"<li>{html.escape(line.say(lang))}</li>" for line in self.lines)

        return (
            '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>동행 기한 알림</title></head><body>'
            f"<h1>동행 기한 알림</h1><ul>{listed('ko')}</ul>"
            f'<h2 lang="en">Deadlines of your collaboration tasks</h2><ul lang="en">{listed("en")}</ul>'
            "</body></html>\n"
        )

    @property
    def message_id(self) -> str:
        return f"<{self.message}@{self.store[:12]}.donghaeng>"  # short enough to stand in one line

    def mail(self, sender: str, recipient: str, unsubscribe: str | None = None) -> bytes:
        """As an e-mail with CRLF: Korean in text and HTML, nothing in it that changes from one sending to the next."""
        mail = MIMEMultipart("alternative", boundary=f"=_{self.message}")
        # email.header.Header, since EmailMessage drops spaces in long Korean subjects on Python 3.11
        mail["Subject"] = Header(self.subject, "utf-8", header_name="Subject")  # type: ignore[assignment]
        mail["From"], mail["To"] = sender, recipient
        mail["Date"] = format_datetime(self.at)
        mail["Message-ID"] = self.message_id
        mail["Auto-Submitted"] = "auto-generated"
        if unsubscribe is not None:
            mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail.attach(MIMEText(self.text, "plain", "utf-8"))
        mail.attach(MIMEText(self.page, "html", "utf-8"))
        return mail.as_bytes(policy=_CRLF)

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
                        "task": line.task,
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


def letter(store: Store, message: str, at: int, told: Sequence[str]) -> Letter:
    """The letter of a message that was composed at that position of the log, telling these of its notices."""
    streams = store.load([notice_stream(one) for one in told]).streams
    dues: dict[str, Due] = {name[7:]: facts[0].fact for name, facts in streams.items()}
    tasks = store.load(sorted({task_stream(due.task) for due in dues.values()})).streams
    # as it was then, so that nothing changes from one attempt to the next
    states: dict[str, Task] = {
        name[5:]: folded(TASK, [one for one in facts if one.position <= at]) for name, facts in tasks.items()
    }
    by_deadline: dict[tuple[str, str, str, date], list[str]] = {}
    for notice in sorted(dues):
        due = dues[notice]
        by_deadline.setdefault((task_stream(due.task), due.deadline, due.item or "", due.due), []).append(
            notice
        )
    composed_at = store.after(at - 1, 1)[0].known_at
    on = local_day(composed_at)
    known = calendars_until(store, {day.year for *_, due in by_deadline for day in (on, due)}, at)
    lines = [
        _line(dues, notices, states[dues[notices[0]].task], _left(known, on, due))
        for (*_, due), notices in sorted(by_deadline.items())
    ]
    return Letter(
        message=message,
        store=store.id,
        simulated=store.simulated,
        at=composed_at,
        lines=tuple(sorted(lines, key=lambda line: (line.due, line.task))),
    )


def _left(known: Calendars, on: date, due: date) -> int | None:
    """Business days to go; None where nobody can count them."""
    try:
        return business_days_left(known, on, due)
    except CalendarNotOpen:
        return None


def _line(dues: dict[str, Due], notices: Sequence[str], task: Task, left: int | None) -> Line:
    """`left`: counted on the day on which it is written, which for what comes late is not the rung's."""
    last = max((dues[one] for one in notices), key=lambda due: due.days)
    kind = DEADLINES.get(last.deadline)
    ko, en = (last.deadline, last.deadline) if kind is None else (kind.ko, kind.en)
    names = {} if task.plan is None else {one.id: one.name for one in task.plan.milestones}
    item = names.get(last.item or "") or LocalText(ko=last.item or "")
    assert task.title is not None
    return Line(
        task=last.task,
        title=task.title,
        what=LocalText(ko=f"{ko} {item.ko}".strip(), en=f"{en} {item.say('en')}".strip()),
        due=last.due,
        left=-last.days if left is None else left,
        late=any(dues[one].late for one in notices),
        stands_in=any(dues[one].stands_in_for is not None for one in notices),
        notices=tuple(notices),
        was=last.was,
    )
