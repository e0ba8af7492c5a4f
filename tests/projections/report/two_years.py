"""Two years told fact by fact: 2023 with one task, and 2024 with what a report has to tell of."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from domain.agency.facts import Registered
from domain.calendar.facts import CalendarOpened
from domain.fact import Fact
from domain.message import facts as message
from domain.notice import facts as notice
from domain.programme.facts import Area, Closed, Opened, TaskAdded
from domain.task import facts as task
from domain.trail.facts import Sealed
from domain.values import (
    CalendarVersion,
    Deadline,
    Figure,
    Indicator,
    LocalText,
    Milestone,
    Phase,
    Plan,
    TextRef,
)
from projections.report.composing import Made, compose
from projections.report.document import Document
from projections.report.gathering import gather
from store.bulk import export_facts
from store.envelope import Actor, Envelope, Text
from store.log import Store
from store.mapper import encode
from store.recorded import RecordedFact
from tests.texts_by_hand import looked_up


def text_id(word: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, word).hex


TEXTS = {  # all others were redacted
    text_id("why-returned"): "예산 근거를 보완할 것",
    text_id("why-ended"): "사업 여건이 바뀜",
}
MADE = Made(code="1+test", lock="ab" * 32, simulated=False)
_AGENCY, _CITY = Actor(role="officer", agency="gto"), Actor(role="planner")


def name(ko: str, en: str | None = None) -> LocalText:
    return LocalText(ko=ko, en=en)


def _ref(identity: str) -> TextRef:
    return TextRef(id=text_id(identity), commitment="0" * 64)


def plan(year: int, budget: int, **more: Any) -> Plan:
    return Plan(start=date(year, 3, 4), end=date(year, 12, 31), budget_krw=budget, **more)


MILESTONES = (Milestone(id="half", name=name("중간 점검", "Midway"), due=date(2024, 6, 28)),)
INDICATORS = (Indicator(id="rides", name=name("이용자", "Riders"), unit="명", baseline="100", target="1100"),)
PHASES = (Phase(name=name("봄", "spring"), starts=date(2024, 3, 4), ends=date(2024, 5, 31)),)


def _proposed(title: str, area: str, lead: str, of: Plan) -> task.Proposed:
    return task.Proposed(title=name(title), area=area, lead=lead, plan=of, definition="donghaeng-2024/1")


def due(*deadlines: tuple[str, str | None, date]) -> task.DeadlinesSet:
    city = ("decision", "evaluation")
    return task.DeadlinesSet(
        definition="donghaeng-2024/1",
        calendars=(CalendarVersion(year=2024, version=1),),
        deadlines=tuple(
            Deadline(
                kind=kind, item=item, who="city" if kind in city else "agency", start=day, days=0, due=day
            )
            for kind, item, day in deadlines
        ),
    )


def _notice(of: str, kind: str, item: str | None, due: date, on: date, to: str = "officer") -> notice.Due:
    days = -3 if on < due else 3
    return notice.Due(
        task=of,
        deadline=kind,
        item=item,
        due=due,
        since=1,
        days=days,
        on=on,
        to=to,
        recipient="agency/gto",
        channel="mail",
        agency="gto",
    )


Told = tuple[str, str, Fact, dict[str, Any]]


def _year_before() -> Iterator[Told]:
    old = "task/2023-01"
    yield "2023-01-02", "calendar/2023", CalendarOpened(year=2023, holidays=(), source="test"), {}
    yield "2023-01-02", "agency/gto", Registered(name=name("광주관광공사", "Gwangju Tourism")), {}
    yield (
        "2023-01-03",
        "programme/2023",
        Opened(
            name=name("동행"),
            city=name("광주광역시"),
            areas=(Area(id="culture", name=name("문화", "Culture")),),
        ),
        {},
    )
    yield "2023-02-01", old, _proposed("지난해 과제", "culture", "gto", plan(2023, 300)), {"by": _AGENCY}
    yield "2023-03-02", old, task.Approved(), {}
    yield "2023-03-04", old, task.Started(on=date(2023, 3, 4)), {"by": _AGENCY}
    yield "2023-12-20", old, task.ProgressReported(percent=90), {"by": _AGENCY}
    yield "2024-01-05", old, task.FinalReportSubmitted(text=_ref("old-report")), {"by": _AGENCY}
    yield "2024-02-01", old, task.Evaluated(score="70.0", grade="B"), {}


def _the_year() -> Iterator[Told]:
    one, two, june = "task/2024-01", "task/2024-02", date(2024, 6, 28)
    areas = (Area(id="culture", name=name("문화", "Culture")), Area(id="living", name=name("생활", "Living")))
    opened = Opened(
        name=name("동행", "Donghaeng"), city=name("광주광역시", "Gwangju"), areas=areas, declared_task_count=3
    )
    yield "2024-02-02", "calendar/2024", CalendarOpened(year=2024, holidays=(), source="test"), {}
    yield "2024-02-02", "calendar/2025", CalendarOpened(year=2025, holidays=(), source="test"), {}
    yield "2024-02-02", "agency/gjcf", Registered(name=name("광주문화재단", "Gwangju Culture")), {}
    yield "2024-02-02", "programme/2024", opened, {}
    for number, area, lead in (("2024-01", "culture", "gto"), ("2024-02", "living", "gjcf")):
        added = TaskAdded(task=number, area=area, lead=lead, title=name("목록의 과제"))
        yield "2024-02-03", "programme/2024", added, {}
    whole = plan(2024, 1000, milestones=MILESTONES, indicators=INDICATORS, phases=PHASES)
    yield "2024-02-05", one, _proposed("<관광> & 순환버스", "culture", "gto", whole), {"by": _AGENCY}
    yield "2024-02-05", one, due(("decision", None, date(2024, 2, 20))), {}
    yield "2024-02-13", one, task.Returned(), {"reason": "why-returned"}
    yield "2024-02-13", one, due(("answer", None, date(2024, 2, 21))), {}
    yield (
        "2024-02-20",
        one,
        task.Revised(plan=replace(whole, budget_krw=900)),
        {"by": _AGENCY, "reason": "secret"},
    )
    yield "2024-02-20", one, due(("decision", None, date(2024, 3, 4))), {}
    yield "2024-02-21", two, _proposed("작은 연구", "living", "gjcf", plan(2024, 500)), {"by": _AGENCY}
    yield "2024-03-04", one, task.Approved(conditions=(_ref("condition"),)), {}
    yield "2024-03-04", two, task.Approved(), {}
    yield "2024-03-04", one, due(("start", None, date(2024, 3, 4))), {}
    yield "2024-03-06", one, task.Started(on=date(2024, 3, 6)), {"by": _AGENCY}
    yield "2024-03-06", two, task.Started(on=date(2024, 3, 6)), {"by": _AGENCY}
    yield "2024-03-06", one, due(("milestone", "half", june), ("final_report", None, date(2025, 1, 15))), {}
    yield "2024-06-25", "notice/a", _notice("2024-01", "milestone", "half", june, date(2024, 6, 25)), {}
    sent = message.Composed(
        recipient="agency/gto", channel="mail", on=date(2024, 6, 25), hour=9, notices=("a",)
    )
    yield "2024-06-25", "message/m", sent, {}
    yield "2024-06-25", "notice/a", notice.Composed(message="m"), {}
    yield "2024-06-25", "message/m", message.Attempted(number=1, token=1), {}
    yield "2024-06-25", "message/m", message.Sent(attempt=1, code=250), {}
    yield (
        "2024-07-03",
        "notice/b",
        _notice("2024-01", "milestone", "half", june, date(2024, 7, 3), "head"),
        {},
    )
    reported = task.ProgressReported(
        percent=50, milestones=("half",), figures=(Figure(indicator="rides", value="400"),)
    )
    yield "2024-07-05", one, reported, {"by": _AGENCY}
    yield "2024-07-05", one, due(("final_report", None, date(2025, 1, 15))), {}
    yield "2024-08-01", two, task.Suspended(), {"reason": "why-ended"}
    yield "2024-09-30", two, task.Discontinued(), {"reason": "why-ended"}
    yield "2025-01-10", one, task.ProgressReported(percent=100), {"by": _AGENCY, "effective": "2024-12-30"}
    late = task.Corrected(fact=11, figures=(Figure(indicator="rides", value="600"),))
    yield "2025-01-13", one, late, {"by": _AGENCY, "effective": "2024-07-05"}
    yield "2025-01-14", one, task.FinalReportSubmitted(text=_ref("report")), {"by": _AGENCY}
    yield "2025-01-14", one, due(("evaluation", None, date(2025, 2, 11))), {}
    yield "2025-01-14", one, task.RatingOpened(), {}
    yield "2025-02-10", one, task.Rated(score="80.5", raters=120), {}
    yield "2025-02-10", one, task.Evaluated(score="80.5", grade="B"), {}
    yield "2025-02-10", one, due(), {}
    yield "2025-02-28", "programme/2024", Closed(), {}
    yield (
        "2025-02-28",
        "trail/2025",
        Sealed(size=40, root="cm9vdA==", note="n", witnesses=(), quorum=False),
        {},
    )


def both_years() -> list[RecordedFact[Any]]:
    return recorded([*_year_before(), *_the_year()])


def one_year() -> list[RecordedFact[Any]]:
    """The same without the year before, whose agency it needs."""
    agency = [one for one in _year_before() if one[1].startswith("agency/")]
    return recorded([*agency, *_the_year()])


def until(day: str, *more: tuple[str, Fact]) -> list[RecordedFact[Any]]:
    """All facts until that day, then these of task 2024-01, each with its day."""
    told = [one for one in (*_year_before(), *_the_year()) if one[0] <= day]
    return recorded([*told, *((when, "task/2024-01", fact, {"by": _AGENCY}) for when, fact in more)])


def recorded(told: Iterable[Told]) -> list[RecordedFact[Any]]:
    versions: Counter[str] = Counter()
    found = []
    for position, (day, stream, fact, how) in enumerate(told, start=1):
        versions[stream] += 1
        at = _at(day) + timedelta(seconds=position)
        found.append(
            RecordedFact(
                position=position,
                stream=stream,
                version=versions[stream],
                kind=fact.kind,
                recorded_at=at,
                known_at=at,
                envelope=_envelope(position, type(fact).schema_version, **how),
                fact=fact,
            )
        )
    return found


def _at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T01:00:00+00:00").astimezone(UTC)


def _envelope(
    position: int, schema: int, by: Actor = _CITY, reason: str | None = None, effective: str | None = None
) -> Envelope:
    return Envelope(
        v=1,
        schema=schema,
        actor=by,
        via="cli",
        authn="asserted",
        command=f"{position:032x}",
        reason=None if reason is None else Text(id=text_id(reason), commitment="0" * 64),
        effective_at=None if effective is None else _at(effective) + timedelta(hours=1),
    )


def reported(facts: Iterable[RecordedFact[Any]], year: int = 2024, made: Made = MADE) -> Document:
    return compose(gather(facts, year), looked_up(TEXTS), made)


def put(store: Store, facts: Iterable[RecordedFact[Any]]) -> None:
    """Import them as the whole log of a store."""
    rows = [
        (
            one.position,
            one.stream,
            one.version,
            one.kind,
            one.recorded_at,
            one.known_at,
            encode(one.envelope, one.fact),
        )
        for one in facts
    ]
    store.import_facts(export_facts(rows))
