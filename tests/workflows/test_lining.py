"""Approval lines of a definition: the example is lived by its scenarios, and each protection is missed where it is taken away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BadInput
from domain.lifecycle.content import check_content
from domain.lifecycle.flaws import find_flaws
from domain.lifecycle.model import Definition
from domain.roles import Role
from domain.seoul import local_day
from domain.task import decider
from domain.task.commands import Approve, Correct, ReportProgress
from domain.task.facts import LineLapsed, LineOpened
from domain.task.lining import Sign
from domain.task.refusals_of_lines import LineNotCarriedOut, LineNotDatedBack
from domain.task.state import Task, evolve
from domain.values import LocalText
from projections.labels import find_item_name, item_names_in
from store.envelope import Actor
from tests.domain.examples import COMMANDS
from workflows import unit_of_work
from workflows.command_envelope import CommandEnvelope
from workflows.definitions import lining
from workflows.definitions.comparing import compare_definitions
from workflows.definitions.drawing import in_words
from workflows.definitions.lining import hash_of
from workflows.definitions.templates import read_definition, scenarios_beside, templates
from workflows.scenarios.files import read_scenarios
from workflows.scenarios.playing import rehearse
from workflows.scenarios.rehearsal import Rehearsal
from workflows.scenarios.testing import run_scenarios
from workflows.scenarios.words import holder_of
from workflows.texts import externalise_texts, read_asked, write_asked

SIGNED = Path(__file__).parents[2] / "data" / "definitions" / "signed.toml"
MAYOR, BUDGET = {"position": "vice-mayor"}, {"position": "budget-officer"}


def missed() -> set[str]:
    """Refusals that the example's scenarios expect and do not meet."""
    found = run_scenarios(read_definition(SIGNED), [scenarios_beside(SIGNED)])
    return {one.expected for one in found.failures if one.what == "refused"}


def lives() -> list[Rehearsal]:
    definition = read_definition(SIGNED)
    return [rehearse(definition, one)[0] for one in read_scenarios(scenarios_beside(SIGNED)).scenarios]


def kinds(life: Rehearsal) -> list[str]:
    return [one.kind.partition(".")[2] for one in life.facts if one.kind != "task.deadlines_set"]


def test_the_last_signature_carries_out_what_was_asked_for_with_the_line_as_its_cause() -> None:
    small, large = lives()
    told = kinds(small)
    assert told[2:6] == ["line_opened", "line_signed", "line_signed", "approved"]
    assert told[-3:] == ["line_opened", "line_signed", "step_taken"]
    assert kinds(large)[-4:] == ["line_withdrawn", "line_opened", "line_signed", "approved"]
    opened, approved = (
        next(one for one in small.facts if one.kind == kind) for kind in ("task.line_opened", "task.approved")
    )
    assert approved.envelope.cause is not None
    assert approved.envelope.cause.due == f"{opened.stream}#{opened.version}"
    signed = next(one for one in small.facts if one.version == approved.version - 1)
    assert (signed.envelope.command, signed.fact.sha256) == (approved.envelope.command, opened.fact.sha256)
    assert approved.envelope.reason == opened.envelope.reason


def test_what_was_asked_for_is_kept_with_its_texts_where_they_lie() -> None:
    small, large = lives()
    approved = next(one for one in large.facts if one.kind == "task.approved")
    assert approved.envelope.cause is not None
    opened = large.facts[int((approved.envelope.cause.due or "").rpartition("#")[2]) - 1]
    assert isinstance(opened.fact, LineOpened)
    assert approved.fact.conditions == opened.fact.texts
    assert "–" in opened.fact.asked
    assert "예산의 범위" not in opened.fact.asked
    step = small.facts[-1].fact if small.facts[-1].kind == "task.step_taken" else small.facts[-2].fact
    assert {one.field: one.value for one in step.form} == {"amount": "5000000", "use": ""}


def test_a_signature_names_what_was_signed_and_other_content_has_another_hash() -> None:
    opened = next(one.fact for one in lives()[0].facts if one.kind == "task.line_opened")
    assert opened.sha256 == hash_of(opened)
    assert hash_of(LineOpened(**{**_fields(opened), "asked": "{}"})) != opened.sha256


def _fields(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


def test_an_objection_goes_back_to_the_entry_that_the_definition_says() -> None:
    large = lives()[1]
    objected = next(one for one in large.facts if one.kind == "task.line_objected")
    assert objected.fact.returns_to == 1
    assert kinds(large)[7:9] == ["returned", "line_lapsed"]


@pytest.mark.parametrize(
    ("of", "name", "instead", "refusal"),
    [
        (lining, "_as_one", lambda one, *_: lining._Signature(one), "NotYourTurn"),
        (lining, "_is_same", lambda *_: True, "NotWhoAsked"),
        (decider, "lapse", lambda *_: (), "NoLineOpen"),
        (unit_of_work, "open_line", lambda *_: None, "LineNotDatedBack"),
    ],
)
def test_without_the_protection_the_scenarios_find_it(
    monkeypatch: pytest.MonkeyPatch, of: Any, name: str, instead: Any, refusal: str
) -> None:
    assert missed() == set()
    monkeypatch.setattr(of, name, instead)
    assert refusal in missed()


def own(*line: dict[str, Any], command: str = "task.approve", **more: Any) -> Definition:
    """The template with a line."""
    said = templates()["donghaeng-2024/3"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    others = [one for one in said.get("commands", ()) if one["command"] != command]
    return check_content({**said, "commands": [*others, {"command": command, "line": list(line), **more}]})


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"entry": name, "kind": "decision", **more}


@pytest.mark.parametrize(
    ("line", "at", "word"),
    [
        ([entry("one")], "role", "position"),
        ([entry("one", role="planner", **MAYOR)], "role", "position"),
        ([entry("one", role="citizen")], "role", "citizen"),
        ([entry("one", role="system")], "role", "system"),
        ([entry("one", role="planner"), entry("one", **MAYOR)], "line[1].entry", "one"),
        ([entry("one", role="planner", needed=1)], "needed", "group"),
        ([entry("one", role="planner", group="g", needed=3), entry("two", **MAYOR, group="g")], "needed", "2"),
        ([entry("one", role="planner", group="g"), entry("two", **MAYOR, group="g", needed=1)], "needed", "first"),
        ([entry("one", role="planner", returns_to="two"), entry("two", **MAYOR)], "returns_to", "two"),
        ([entry("one", role="planner", when="task.plan.budgt > 1")], "when", "budgt"),
        ([entry("one", role="planner", when="task.plan.budget_krw")], "when", ""),
        (
            [
                entry("one", role="planner", group="g"),
                entry("two", **MAYOR),
                entry("three", **BUDGET, group="g"),
            ],
            "group",
            "g",
        ),
    ],
)  # fmt: skip
def test_a_line_that_nobody_could_complete_is_refused_with_its_entry(
    line: list[dict[str, Any]], at: str, word: str
) -> None:
    with pytest.raises(BadInput) as caught:
        own(*line)
    assert str(caught.value.details["field"]).startswith("commands[")
    assert at in str(caught.value.details["field"])
    assert word in caught.value.say("en")
    assert caught.value.say("ko") != caught.value.say("en")


@pytest.mark.parametrize(
    "command", ["task.correct_evaluated", "task.set_deadlines", "task.propose", "task.evaluate"]
)
def test_what_a_rule_does_or_what_is_of_no_open_task_has_no_line(command: str) -> None:
    with pytest.raises(BadInput, match="line"):
        own(entry("one", role="planner"), command=command)


def test_entries_that_repeat_are_flaws_and_such_under_other_conditions_are_none() -> None:
    twice = own(entry("one", **MAYOR), entry("two", **MAYOR))
    assert [one.entry for one in find_flaws(twice)] == ["commands[task.approve].line[two]"]
    other = own(entry("one", **MAYOR), entry("two", **MAYOR, when="task.plan.budget_krw > 1"))
    assert find_flaws(other) == []


def rehearsed(by: Definition, amount: int = 100) -> Rehearsal:
    """A task that is proposed under it."""
    scenario = read_scenarios(scenarios_beside(SIGNED)).scenarios[0]
    plan = type(scenario.plan)(**{**_fields(scenario.plan), "budget_krw": amount})
    first = scenario.steps[:1]
    life, failures = rehearse(by, scenario.model_copy(update={"plan": plan, "steps": first}))
    assert not failures
    return life


def give(life: Rehearsal, command: Any, role: Role, reason: str | None = None, **more: Any) -> None:
    actor = Actor(role=role, agency="lead" if role in ("officer", "head") else None, **more)
    life.decide(CommandEnvelope(command=command, actor=actor, via="cli", reason=reason))


def test_where_nobody_has_to_sign_it_is_carried_out_at_once() -> None:
    life = rehearsed(own(entry("one", role="department", when="task.plan.budget_krw > 1000")))
    give(life, Approve(task=life.task), "planner")
    assert str(life.state.place) == "approved"
    assert life.state.line is None


def test_how_many_of_a_group_suffice_is_said_by_its_first_entry_also_where_that_does_not_count() -> None:
    poor = entry("one", role="planner", group="g", needed=1, when="task.plan.budget_krw > 1000")
    by = own(poor, entry("two", role="department", group="g"), entry("three", **MAYOR, group="g"))
    life = rehearsed(by)
    give(life, Approve(task=life.task), "planner")
    assert life.state.line is not None
    assert [one.entry for one in life.state.line.waited_for] == ["two", "three"]
    give(life, Sign(task=life.task), "department")
    assert str(life.state.place) == "approved"


def test_a_line_that_a_late_entry_let_lapse_is_open_in_neither_sense() -> None:
    """The rule's start is dated before the asking that it lets lapse: what was so is folded in another order than it was recorded."""
    life = rehearsed(own(entry("one", role="department")))
    give(life, Approve(task=life.task), "planner")
    opened = next(one.fact for one in life.facts if one.kind == "task.line_opened")
    early, late = datetime(2027, 1, 15, tzinfo=UTC), datetime(2027, 1, 28, tzinfo=UTC)
    lapsed = LineLapsed(line=11)
    as_recorded = evolve(evolve(Task(), opened, late, 11), lapsed, early, 13)
    as_it_was_so = evolve(evolve(Task(), lapsed, early, 13), opened, late, 11)
    assert as_recorded.line is None
    assert as_it_was_so.line is None
    other = evolve(as_it_was_so, opened, late, 14)
    assert other.line is not None, "another line is none of its business"
    assert other.line.number == 14


def test_what_is_refused_by_now_is_not_carried_out_and_not_signed_either() -> None:
    late = {"ko": "늦었습니다.", "en": "Too late."}
    required = [{"that": "on < day('2027-02-10')", "otherwise": late}]
    by = own(entry("one", role="department"), requirements=required)
    life = rehearsed(by)
    give(life, Approve(task=life.task), "planner")
    life.advance(life.now.date().replace(day=15))
    before = len(life.facts)
    with pytest.raises(LineNotCarriedOut) as caught:
        give(life, Sign(task=life.task), "department")
    assert len(life.facts) == before
    assert "Too late." in caught.value.say("en")
    assert "늦었습니다." in caught.value.say("ko")


def test_a_line_is_shown_and_compared_in_words() -> None:
    definition = read_definition(SIGNED)
    for lang, said in (("ko", "협조 council"), ("en", "2 of them")):
        assert said in "\n".join(in_words(definition, lang))  # type: ignore[arg-type]
    found = compare_definitions(templates()["donghaeng-2024/3"], definition, "ko")
    (line,) = [one for one in found if one.entry == "commands[task.approve]" and one.field in (None, "line")]
    assert "결재 vice-mayor (vice_mayor, task.plan.budget_krw >= 1000000000" in (line.after or "")


@pytest.mark.parametrize("name", sorted(name for name in COMMANDS if name.startswith("task.")))
def test_what_is_asked_for_is_read_again_as_it_was(name: str) -> None:
    command, texts = externalise_texts(COMMANDS[name])
    asked, refs = write_asked(command)
    assert read_asked(type(command), asked, refs) == command
    assert len(refs) >= len(texts)
    assert not any(one.body in asked for one in texts)


TURN = {
    "kind": "signature",
    "who": "agency",
    "stage": "proposed",
    "start": "line_turn",
    "within": 3,
    "basis": {"ko": "지침", "en": "Guideline"},
}


def with_deadline(*line: dict[str, Any]) -> Definition:
    said = own(*line).model_dump(mode="json", by_alias=True, exclude_unset=True)
    return check_content({**said, "deadlines": [*said["deadlines"], TURN]})


def test_a_deadline_of_signatures_where_that_side_signs_nothing_is_a_flaw() -> None:
    assert find_flaws(with_deadline(entry("one", role="head"))) == []
    assert [one.entry for one in find_flaws(with_deadline(entry("one", **MAYOR)))] == ["deadlines[signature]"]


def test_a_deadline_begins_when_the_turn_comes_and_is_of_the_side_that_is_asked() -> None:
    life = rehearsed(with_deadline(entry("first", **MAYOR), entry("second", role="head")))

    def due() -> list[tuple[str, str | None, int]]:
        row = life.row
        assert row is not None
        return [(one.kind, one.item, one.due.day) for one in row.deadlines if one.kind == "signature"]

    give(life, Approve(task=life.task), "planner")
    life.follow()
    assert due() == [], "the city is asked, and the agency has the deadline"
    life.advance(life.now.date().replace(day=10))
    give(life, Sign(task=life.task), "department", subject=holder_of("vice-mayor"))
    life.follow()
    assert due() == [("signature", "second", 15)], "three business days from the 10th"
    assert life.row is not None
    assert find_item_name(life.row.state, "second") == LocalText(ko="기관장", en="agency head")
    assert find_item_name(life.row.state, "never") is None
    give(life, Sign(task=life.task), "head")
    life.follow()
    assert due() == []
    assert item_names_in(one.fact for one in life.facts)["second"].ko == "기관장", "also when all have signed"


def test_a_correction_is_asked_for_now_and_carried_out_as_of_what_it_corrects() -> None:
    life = rehearsed(own(entry("one", role="head"), command="task.correct"))
    give(life, Approve(task=life.task), "planner")
    life.advance(date(2027, 3, 2))
    give(life, ReportProgress(task=life.task, percent=40), "officer")
    reported = life.facts[-1]
    life.advance(date(2027, 3, 20))
    fact = f"{reported.stream}#{reported.version}"
    late = CommandEnvelope(
        command=Correct(task=life.task, fact=fact, percent=20),
        actor=Actor(role="officer", agency="lead"),
        via="cli",
        effective_at=reported.effective_at,
    )
    with pytest.raises(LineNotDatedBack):
        life.decide(late)
    give(life, Correct(task=life.task, fact=fact, percent=30), "officer")
    opened = life.facts[-1]
    assert (opened.kind, local_day(opened.effective_at)) == ("task.line_opened", date(2027, 3, 20))
    assert life.state.percent == 40, "nobody has signed it"
    life.advance(date(2027, 3, 22))
    give(life, Sign(task=life.task), "head")
    signed, corrected = life.facts[-2:]
    assert (signed.kind, local_day(signed.effective_at)) == ("task.line_signed", date(2027, 3, 22))
    assert (corrected.kind, corrected.effective_at) == ("task.corrected", reported.effective_at)
    assert life.state.percent == 30


def test_a_proposal_has_no_line_and_the_refusal_says_how_it_is_signed_all_the_same() -> None:
    with pytest.raises(BadInput) as caught:
        own(entry("one", role="head"), command="task.propose")
    assert "put it on a step" in caught.value.say("en")
    assert "절차에 결재선" in caught.value.say("ko")
