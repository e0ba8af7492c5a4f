"""A year in which much is decided and spent, as lines: meetings with their decisions, and postings of tasks and of a fund."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec

from domain.fact import Fact
from domain.fund import facts as fund
from domain.meeting import facts as meeting
from domain.money import facts as money
from domain.money.facts import FUNDINGS
from domain.programme import facts as programme
from domain.task import facts as task
from domain.values import LocalText, Plan, TextRef
from store.bulk import Line
from store.envelope import Actor, Envelope
from store.mapper import encode

YEAR, TASKS, MEETINGS, DECISIONS = 2024, 200, 400, 5
FUND = "gongik"
_DEFINITION = f"donghaeng-{YEAR}/1"
_OF_FUND = 10  # one posting in so many is the fund's
_BEGINS, _ENDS = datetime(YEAR, 1, 2, tzinfo=UTC), datetime(YEAR, 12, 30, tzinfo=UTC)
_TERMS = meeting.Terms(agenda_days=5, objection_days=7, quorum="more than 1/2", majority="more than 1/2")
_GIVEN = 1_000_000
Told = tuple[str, Fact]  # the stream, and what happened in it


def lines(postings: int) -> Iterator[bytes]:
    """The year with so many postings, the same ones each time, in even steps from its beginning to its end."""
    encoder, versions = msgspec.json.Encoder(), dict[str, int]()
    total = 2 + 3 * TASKS + len(FUNDINGS) * TASKS + MEETINGS * (2 + DECISIONS + DECISIONS // 2) + postings
    step = (_ENDS - _BEGINS) / total
    for position, (stream, fact) in enumerate(_story(postings), start=1):
        known = _BEGINS + position * step
        versions[stream] = version = versions.get(stream, 0) + 1
        envelope = Envelope(
            v=1,
            schema=type(fact).schema_version,
            actor=Actor(role="planner"),
            via="cli",
            authn="asserted",
            command=f"{position:032x}",
        )
        state = encode(envelope, fact).decode()
        yield encoder.encode(Line(position, stream, version, fact.kind, known, known, state))


def _story(postings: int) -> Iterator[Told]:
    name = LocalText(ko="협업사업", en="Collaboration")
    areas = (programme.Area(id="living", name=name),)
    yield f"programme/{YEAR}", programme.Opened(name=name, city=name, areas=areas, definition=_DEFINITION)
    yield f"fund/{FUND}", fund.Opened(name=name)
    for number in range(TASKS):
        yield from _begin(number)
    meetings = iter(range(MEETINGS))
    every = max(postings // MEETINGS, 1)
    for number in range(postings):
        if number % every == 0 and (one := next(meetings, None)) is not None:
            yield from _meet(one)
        yield _give(number) if number % _OF_FUND == 0 else _post(number, postings)


def _begin(number: int) -> Iterator[Told]:
    stream, title = f"task/{_task(number)}", LocalText(ko=f"과제 {number}", en=f"Task {number}")
    plan = Plan(start=date(YEAR, 1, 2), end=date(YEAR, 12, 31), budget_krw=10**9)
    yield (
        stream,
        task.Proposed(title=title, area="living", lead=_lead(number), plan=plan, definition=_DEFINITION),
    )
    yield stream, task.Approved()
    yield stream, task.Started(on=date(YEAR, 1, 2))
    for funding in FUNDINGS:
        yield f"money/{_task(number)}", money.BudgetSet(funding=funding, year=YEAR, amount_krw=10**9)


def _meet(number: int) -> Iterator[Told]:
    """Called and opened, five decisions, of which two are done."""
    stream, name = f"meeting/m-{number}", LocalText(ko=f"회의 {number}", en=f"Meeting {number}")
    on = date(YEAR, 1, 2) + timedelta(days=360 * number // MEETINGS)
    yield (
        stream,
        meeting.Called(
            year=YEAR, name=name, on=on, venue=name, format="briefing", definition=_DEFINITION, terms=_TERMS
        ),
    )
    seat = f"agency/{_lead(number)}"
    yield stream, meeting.Opened(chair=seat, present=(meeting.Attendee(seat),))
    for one in range(DECISIONS):
        due = on + timedelta(days=30)
        yield stream, meeting.Decided(decision=3 + one, wording=name, agency=_lead(number), due=due)
    for one in range(DECISIONS // 2):
        result = TextRef(id=f"{number:016x}{one:016x}", commitment="0" * 64)
        yield stream, meeting.DecisionDone(decision=3 + one, result=result)


def _post(number: int, postings: int) -> Told:
    """Committed and spent in turn, in the month that it is by then."""
    fundings = list(FUNDINGS)
    kind = money.Committed if number % 2 else money.Spent
    of, month = number % TASKS, 1 + 12 * number // postings
    funding = fundings[number // TASKS % len(fundings)]
    posted = kind(
        agency=_lead(of), funding=funding, month=f"{YEAR}-{month:02}", amount_krw=10_000 + number % 997
    )
    return f"money/{_task(of)}", posted


def _give(number: int) -> Told:
    stream, of = f"fund/{FUND}", _task(number // _OF_FUND // 4 % TASKS)
    match number // _OF_FUND % 4:
        case 0 | 1:
            giver = f"{number % 1000:032x}"
            return stream, fund.Contributed(giver=giver, form="money", amount_krw=_GIVEN)
        case 2:
            return stream, fund.Allocated(beneficiary=of, form="money", amount_krw=_GIVEN)
    what = TextRef(id=f"{number:032x}", commitment="0" * 64)
    return stream, fund.Used(beneficiary=of, form="money", amount_krw=_GIVEN // 2, what=what)


def _task(number: int) -> str:
    return f"{YEAR}-{number + 1:03}"


def _lead(number: int) -> str:
    return f"agency-{number % 26}"
