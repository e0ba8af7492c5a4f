"""What there is before a storm: a simulated store with a programme, agencies with addresses, calendars, and a trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.channels import Channel
from domain.programme import commands as programme
from domain.programme.facts import Area
from domain.seoul import SEOUL
from domain.task import commands as task
from domain.values import LocalText, Plan
from store.envelope import Actor
from workers.engine import Engine
from workflows.calendars import opening
from workflows.command_envelope import CommandEnvelope

YEAR, AREA = 2024, "economy"
AGENCIES = ("gto", "metro", "welfare")
_BEGINS = datetime(YEAR, 2, 1, 10, tzinfo=SEOUL)
_PLANNER = Actor(role="planner")
_PLAN = Plan(start=date(YEAR, 3, 4), end=date(YEAR, 12, 20), budget_krw=1_000_000)
_WAITING, _FIRST_WAITING = 20, 961
_LAST = datetime(YEAR, 12, 27, 10, tzinfo=SEOUL)


def set_up(built: Engine) -> None:
    from workers.sealing.keeping import begin  # noqa: PLC0415 - ciphers take a tenth of a second to load

    built.store.move_clock(_BEGINS)
    built.handler.handle_all([_order(one) for one in _commands()])
    for number in range(_WAITING):  # one falls due each day from then on
        lead, name = AGENCIES[number % len(AGENCIES)], f"{YEAR}-{_FIRST_WAITING + number}"
        title = LocalText(ko=f"과제 {name}")
        listed = programme.AddTask(year=YEAR, task=name, area=AREA, lead=lead, title=title)
        proposed = task.Propose(task=name, title=title, area=AREA, lead=lead, plan=_PLAN)
        built.handler.handle_all([_order(listed), _order(proposed, Actor(role="officer", agency=lead))])
        built.store.move_clock(next_morning(built.store.now()))
    begin(built, lambda key: built.handler.handle(_order(key)), None, new_log=False)


def next_morning(now: datetime) -> datetime:
    """Ten o'clock of the next day that is none of a weekend, until the year is nearly over."""
    day = now.astimezone(SEOUL).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return max(now, min(datetime.combine(day, time(10), SEOUL), _LAST))


def _commands() -> list[Command]:
    areas = (Area(id=AREA, name=LocalText(ko="경제")),)
    opened = programme.Open(
        year=YEAR, name=LocalText(ko=f"{YEAR}년 협업사업"), city=LocalText(ko="동행시"), areas=areas
    )
    offices = [
        programme.SetContact(year=YEAR, office=office, address=f"{office}@city.example")
        for office in ("planner", "department")
    ]
    agencies: list[Command] = []
    for name in AGENCIES:
        agencies += [
            agency.Register(agency=name, name=LocalText(ko=f"{name} 공사")),
            agency.SetContact(agency=name, channel=Channel.MAIL, address=f"tasks@{name}.example"),
        ]
    return [*(opening(year) for year in (YEAR - 1, YEAR, YEAR + 1)), opened, *offices, *agencies]


def _order(command: Command, actor: Actor = _PLANNER) -> CommandEnvelope:
    return CommandEnvelope(command=command, actor=actor, via="cli", reason="모의 폭풍")
