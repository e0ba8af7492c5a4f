"""What a requirement of any command may ask about: the task, who gives it, and on which day. Said once, with its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from domain.errors import Bilingual
from domain.roles import Role
from domain.seoul import local_day
from domain.streams import year_of
from domain.task.on_task import OnTask
from domain.task.stages import Place
from domain.task.state import Task
from domain.values import LocalText, Plan

InputType = Literal["bool", "int", "double", "string", "day", "list(string)", "list(day)"]
KNOWN = "known"  # NAME.known: whether there is a value, of what may be absent
_WHETHER = Bilingual("값이 있는지", "whether there is one")


class Asked(NamedTuple):
    """Of what is asked. `on`: the day in Seoul on which the command takes effect; `command`: None where none is given
    yet, and only its kind is known; `is_business_day`: None where the calendar of the year is not open. `form`: what a step's
    form is filled in with, by field, as facts hold it.
    """

    number: str
    task: Task
    role: Role
    on: date
    is_business_day: Callable[[date], bool | None]
    command: OnTask | None = None
    form: Mapping[str, str] | None = None


class Input(NamedTuple):
    """A name with what it means. `read`: its value, None where there is none."""

    name: str
    type: InputType
    label: Bilingual
    read: Callable[[Asked], Any]

    @property
    def of_command(self) -> bool:
        return self.name.startswith(("command.", "form."))


def maybe_absent(
    name: str, kind: InputType, label: Bilingual, read: Callable[[Asked], Any]
) -> tuple[Input, ...]:
    """A value that may be absent, and whether it is there."""
    there = Input(f"{name}.{KNOWN}", "bool", _WHETHER, lambda asked: read(asked) is not None)
    return Input(name, kind, label, read), there


def of_plan(name: str, label: Bilingual, find: Callable[[Asked], Plan | None]) -> Iterator[Input]:
    """A plan, value by value; none has a value where there is no plan."""

    def of(read: Callable[[Plan], Any]) -> Callable[[Asked], Any]:
        return lambda asked: None if (plan := find(asked)) is None else read(plan)

    def say(ko: str, en: str) -> Bilingual:
        return Bilingual(f"{label.ko}의 {ko}", f"{label.en}: {en}")

    yield Input(f"{name}.{KNOWN}", "bool", _WHETHER, lambda asked: find(asked) is not None)
    yield Input(f"{name}.start", "day", say("시작일", "its first day"), of(lambda plan: plan.start))
    yield Input(f"{name}.end", "day", say("종료일", "its last day"), of(lambda plan: plan.end))
    yield Input(
        f"{name}.budget_krw", "int", say("예산(원)", "the budget in KRW"), of(lambda plan: plan.budget_krw)
    )
    not_before = say("착수 제한일", "the day before which work may not start")
    yield from maybe_absent(f"{name}.not_before", "day", not_before, of(lambda plan: plan.not_before))
    yield Input(
        f"{name}.milestones",
        "list(string)",
        say("추진일정 번호", "the ids of its milestones"),
        of(lambda plan: [one.id for one in plan.milestones]),
    )
    yield Input(
        f"{name}.milestone_days",
        "list(day)",
        say("추진일정 기한일", "the days of its milestones"),
        of(lambda plan: [one.due for one in plan.milestones]),
    )
    yield Input(
        f"{name}.indicators",
        "list(string)",
        say("성과지표 번호", "the ids of its indicators"),
        of(lambda plan: [one.id for one in plan.indicators]),
    )


def _korean(text: LocalText | None) -> str | None:
    return None if text is None else text.ko


def _of_task() -> Iterator[Input]:
    def given(name: str, kind: InputType, ko: str, en: str, read: Callable[[Task], Any]) -> Input:
        return Input(f"task.{name}", kind, Bilingual(ko, en), lambda asked: read(asked.task))

    def maybe(name: str, kind: InputType, ko: str, en: str, read: Callable[[Task], Any]) -> tuple[Input, ...]:
        return maybe_absent(f"task.{name}", kind, Bilingual(ko, en), lambda asked: read(asked.task))

    number = Bilingual("과제 번호", "the task's number")
    yield Input("task.number", "string", number, lambda asked: asked.number)
    year = Bilingual("사업연도", "the programme's year")
    yield Input("task.year", "int", year, lambda asked: year_of(asked.number))
    yield given(
        "stage",
        "string",
        "단계(예: proposed)",
        "the stage, e.g. proposed",
        lambda task: str(task.stage.on_lists),
    )
    yield given(
        "condition",
        "string",
        "상태(예: normal)",
        "the condition, e.g. normal",
        lambda task: str(task.condition),
    )
    yield given(
        "place",
        "string",
        "단계와 상태(예: proposed/returned)",
        "stage and condition, e.g. proposed/returned",
        lambda task: str(Place(task.stage.on_lists, task.condition)),
    )
    yield from maybe(
        "condition_since",
        "day",
        "지금 상태가 된 날",
        "the day on which stage or condition last changed",
        lambda task: None if task.condition_since is None else local_day(task.condition_since),
    )
    yield from maybe(
        "title", "string", "과제명(한국어)", "the title in Korean", lambda task: _korean(task.title)
    )
    yield given("area", "string", "분야", "the area", lambda task: task.area)
    yield given("lead", "string", "주관기관", "the lead agency", lambda task: task.lead)
    yield given("partners", "list(string)", "협업기관", "the partners", lambda task: [*task.partners])
    yield from maybe(
        "department",
        "string",
        "소관부서(한국어)",
        "the department in Korean",
        lambda task: _korean(task.department),
    )
    yield from of_plan("task.plan", Bilingual("추진계획", "the plan"), lambda asked: asked.task.plan)
    yield given("plan_version", "int", "추진계획 차수", "the plan's version", lambda task: task.plan_version)
    yield from of_plan(
        "task.asked_plan",
        Bilingual("변경 신청된 계획", "the plan that waits for the city"),
        lambda asked: asked.task.asked_plan,
    )
    yield from maybe("started_on", "day", "착수일", "the day of the start", lambda task: task.started_on)
    yield given("percent", "int", "진척률(%)", "the progress in percent", lambda task: task.percent)
    yield given(
        "milestones_reached",
        "list(string)",
        "달성한 추진일정",
        "the milestones that are reached",
        lambda task: [*task.milestones_reached],
    )
    yield from maybe(
        "reported_until",
        "day",
        "보고된 마지막 분기의 말일",
        "the last day of the last quarter that is reported",
        lambda task: task.reported_until,
    )
    yield from maybe(
        "final_report_on",
        "day",
        "결과보고일",
        "the day of the final report",
        lambda task: task.final_report_on,
    )
    yield from maybe(
        "rating",
        "double",
        "시민평가 점수",
        "the citizens' rating",
        lambda task: None if task.rating is None else float(task.rating.score),
    )
    yield from maybe(
        "raters",
        "int",
        "시민평가 참여 인원",
        "how many took part in the rating",
        lambda task: None if task.rating is None else task.rating.raters,
    )
    yield from maybe(
        "score",
        "double",
        "평가 점수",
        "the score of the evaluation",
        lambda task: None if task.score is None else float(task.score),
    )
    yield given(
        "on_hold",
        "bool",
        "기록물 보존 지정 여부",
        "whether it is under legal hold",
        lambda task: task.hold is not None,
    )


_GIVEN = (
    Input(
        "role",
        "string",
        Bilingual("명령을 내리는 역할", "the role that gives the command"),
        lambda asked: asked.role,
    ),
    Input(
        "on",
        "day",
        Bilingual("효력일(서울)", "the day in Seoul on which it takes effect"),
        lambda asked: asked.on,
    ),
    *maybe_absent(
        "on_business_day",
        "bool",
        Bilingual("효력일이 영업일인지", "whether that is a business day"),
        lambda asked: asked.is_business_day(asked.on),
    ),
)
OF_TASK = (*_GIVEN, *_of_task())
