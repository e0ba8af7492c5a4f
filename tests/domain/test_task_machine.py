"""Random lives of a task, step by step against a plain model that knows nothing of the domain's tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from domain.aggregate import Command
from domain.errors import Refusal
from domain.fact import Fact
from domain.task import commands as c
from domain.task.state import TASK
from domain.values import Figure
from tests.domain.examples import COMMANDS, PLAN, REF, TASK_ID, decided, ko

BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
NOT_BEFORE = date(2024, 3, 3)
PROPOSE = COMMANDS["task.propose"].model_copy(update={"plan": replace(PLAN, not_before=NOT_BEFORE)})


class Plain:
    """A task as one would keep it on paper: a word for where it stands, and flags."""

    def __init__(self) -> None:
        self.where = "nowhere"
        self.asked_back = self.paused = self.final = False
        self.percent, self.title, self.seen = 0, "", dict[str, str]()
        self.done: list[str] = []
        self.entered = self.turned = self.told = self.titled = BEGIN - timedelta(days=99)
        self.seen_on = dict[str, datetime]()

    def refuses(self, name: str, command: Any, at: datetime) -> bool:
        """Whether a clerk with the rules in hand would send the command back."""
        running = self.where == "running" and not self.paused and not self.final
        fits = {
            "propose": self.where == "nowhere",
            "revise": self.where == "asked",
            "return": self.where == "asked" and not self.asked_back,
            "approve": self.where == "asked" and not self.asked_back,
            "reject": self.where == "asked",
            "withdraw": self.where in ("asked", "granted"),
            "start": self.where == "granted",
            "suspend": running,
            "resume": self.where == "running" and self.paused,
            "report_progress": running,
            "submit_final_report": running,
            "evaluate": self.where == "running" and self.final,
            "discontinue": self.where == "running",
            "carry_over": self.where == "running",
        }[name]
        if not fits:
            return True
        if name == "revise" and command.title is None and not self.asked_back:
            return True
        if name == "start" and (at + timedelta(hours=9)).date() < NOT_BEFORE:
            return True
        if name == "report_progress" and (
            set(command.milestones) & set(self.done) or "m9" in command.milestones
        ):
            return True
        return at < (self.entered if name == "report_progress" else self.turned)

    def keeps(self, name: str, command: Any, at: datetime) -> None:
        before = (self.where, self.asked_back, self.paused, self.final)
        match name:
            case "propose":
                self.where, self.title, self.titled = "asked", command.title.ko, at
            case "revise":
                self.asked_back = False
                if command.title and at >= self.titled:  # nor does a late title a newer one
                    self.title, self.titled = command.title.ko, at
            case "return":
                self.asked_back = True
            case "approve":
                self.where = "granted"
            case "start":
                self.where = "running"
            case "suspend":
                self.paused = True
            case "resume":
                self.paused = False
            case "report_progress":
                self.done += command.milestones
                if at >= self.told:  # a late report does not outdo a newer one
                    self.percent, self.told = command.percent, at
                for figure in command.figures:
                    if at >= self.seen_on.get(figure.indicator, at):
                        self.seen[figure.indicator], self.seen_on[figure.indicator] = figure.value, at
            case "submit_final_report":
                self.final = True
            case "evaluate" | "reject" | "withdraw" | "discontinue" | "carry_over":
                self.where = name
                self.asked_back = self.paused = self.final = False
        if self.where != before[0]:
            self.entered = at
        if (self.where, self.asked_back, self.paused, self.final) != before:
            self.turned = at

    def stands(self) -> tuple[str, str]:
        stage = {
            "nowhere": "unknown",
            "asked": "proposed",
            "granted": "approved",
            "running": "in_progress",
            "evaluate": "evaluated",
            "reject": "rejected",
            "withdraw": "withdrawn",
            "discontinue": "discontinued",
            "carry_over": "carried_over",
        }[self.where]
        flags = {"returned": self.asked_back, "suspended": self.paused, "reported": self.final}
        return stage, next((name for name, up in flags.items() if up), "normal")


reports = st.builds(
    c.ReportProgress,
    task=st.just(TASK_ID),
    percent=st.integers(0, 100),
    figures=st.sampled_from([(), *((Figure(indicator="visitors", value=value),) for value in "12")]),
    milestones=st.sampled_from([(), (), ("m1",), ("m2",), ("m1", "m2"), ("m9",)]),
)
revisions = st.sampled_from(
    [
        c.Revise(task=TASK_ID),
        c.Revise(task=TASK_ID, title=ko("둘째")),
        c.Revise(task=TASK_ID, title=ko("셋째")),
    ]
)
finals = st.just(c.SubmitFinalReport(task=TASK_ID, text=REF))
moves = st.sampled_from(
    [
        PROPOSE,
        *(
            COMMANDS[f"task.{name}"]
            for name in ("return", "approve", "start", "suspend", "resume", "evaluate")
        ),
    ]
)
ends = st.sampled_from(
    [COMMANDS[f"task.{name}"] for name in ("reject", "withdraw", "discontinue", "carry_over")]
)
ONWARD = [
    PROPOSE,
    c.Revise(task=TASK_ID, title=ko("넷째")),
    c.ReportProgress(task=TASK_ID, percent=30),
    c.SubmitFinalReport(task=TASK_ID, text=REF),
    *(
        COMMANDS[f"task.{name}"]
        for name in ("return", "approve", "start", "suspend", "resume", "report_progress", "evaluate")
    ),
]
hours = st.sampled_from([0, 1, 5, 24, 24, -1, -30])


class TaskLife(RuleBasedStateMachine):
    """Commands right and wrong, in time and late; what ends a life comes after it has had some time."""

    def __init__(self) -> None:
        super().__init__()
        self.plain, self.state, self.clock = Plain(), TASK.initial, BEGIN
        self.lived: list[tuple[Fact, datetime]] = []
        self.asked = 0

    @rule(data=st.data())
    def it_goes_on(self, data: st.DataObject) -> None:
        at = self.clock + timedelta(hours=24)
        sound = [one for one in ONWARD if not self.plain.refuses(one.name.removeprefix("task."), one, at)]
        if sound:
            self.gives(data.draw(st.sampled_from(sound)), 24)

    @rule(command=moves, late=hours)
    def it_is_moved(self, command: Command, late: int) -> None:
        self.gives(command, late)

    @rule(command=reports | revisions | finals, late=hours)
    def its_agency_writes(self, command: Command, late: int) -> None:
        self.gives(command, late)

    @precondition(lambda self: self.asked > 12)
    @rule(command=ends, late=hours)
    def it_is_ended(self, command: Command, late: int) -> None:
        self.gives(command, late)

    def gives(self, command: Command, late: int) -> None:
        at = self.clock + timedelta(hours=late)
        name = command.name.removeprefix("task.")
        expected = self.plain.refuses(name, command, at)
        self.asked += 1
        if expected:
            with pytest.raises(Refusal):
                decided(command, self.state, at, history=[fact for fact, _ in self.lived])
            return
        for fact in decided(command, self.state, at, history=[fact for fact, _ in self.lived]):
            self.lived.append((fact, at))
            self.state = TASK.evolve(self.state, fact, at, len(self.lived))
        self.plain.keeps(name, command, at)
        self.clock = max(self.clock, at)

    @invariant()
    def the_task_stands_where_the_model_stands(self) -> None:
        assert (str(self.state.stage), str(self.state.condition)) == self.plain.stands()
        assert self.state.percent == self.plain.percent
        assert dict(self.state.figures) == self.plain.seen
        assert list(self.state.milestones_reached) == sorted(self.plain.done)
        assert self.state.title is None or self.state.title.ko == self.plain.title

    @invariant()
    def folding_the_stored_facts_again_gives_the_same_task(self) -> None:
        again = TASK.initial
        for version, (fact, at) in enumerate(self.lived, start=1):
            stored = msgspec.json.decode(msgspec.json.encode(fact), type=type(fact))
            again = TASK.evolve(again, stored, at, version)
        assert again == self.state

    @invariant()
    def the_stage_is_never_younger_than_the_condition(self) -> None:
        since = (self.state.stage_since, self.state.condition_since)
        assert since == (None, None) or since[0] <= since[1]


TestTaskLife = TaskLife.TestCase
TestTaskLife.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
