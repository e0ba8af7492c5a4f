"""The examples that come along are lived by their scenarios; a step is decided by the definition, and its protections hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Bilingual
from domain.lifecycle import steps as own_steps
from domain.lifecycle.flaws import check_flaws
from domain.lifecycle.forms import FieldRule
from domain.lifecycle.model import Definition
from domain.task.facts import StepTaken
from domain.values import FilledField, LocalText
from workflows import deciding, texts
from workflows.definitions import enforcing, stepping
from workflows.definitions.comparing import compare_definitions
from workflows.definitions.diagrams import as_mermaid, as_svg
from workflows.definitions.drawing import in_words
from workflows.definitions.templates import read_definition, scenarios_beside, templates
from workflows.scenarios import playing
from workflows.scenarios.testing import DefinitionTested, run_scenarios
from workflows.telling import persons_in

EXAMPLES = Path(__file__).parents[2] / "data" / "definitions"
REVIEWED = EXAMPLES / "reviewed.toml"


def lived(path: Path) -> DefinitionTested:
    return run_scenarios(read_definition(path), [scenarios_beside(path)])


def refused(found: DefinitionTested) -> set[str]:
    return {one.expected for one in found.failures if one.what == "refused"}


DEFINITIONS = sorted(one for one in EXAMPLES.glob("*.toml") if not one.name.endswith(".scenarios.toml"))


def test_the_examples_are_found() -> None:
    assert {REVIEWED, EXAMPLES / "competition.toml"} < set(DEFINITIONS)


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_an_example_is_sound_and_its_scenarios_pass_through_all_of_its_own(path: Path) -> None:
    check_flaws(read_definition(path))
    found = lived(path)
    assert (found.ok, found.failures) == (True, [])
    missing = {one.what: one.missing for one in found.coverage}
    assert missing["steps"] == []
    assert not {str(one.at) for one in read_definition(path).places}.intersection(missing["places"])


def test_the_small_one_is_of_five_lines() -> None:
    lines = (EXAMPLES / "small.toml").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5


def test_without_the_check_of_steps_the_scenarios_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enforcing, "check_step", lambda *_: None)
    assert "StepNotForRole" in refused(lived(REVIEWED))


def test_without_the_forms_limits_the_scenarios_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FieldRule, "read", lambda rule, *_: "1" if rule.type == "krw" else "reduced")
    assert "FieldUnfit" in refused(lived(REVIEWED))


@pytest.mark.parametrize("check", ["read", "find_media_type"])
def test_without_what_is_looked_at_of_a_file_the_scenarios_find_it(
    monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    attached = EXAMPLES / "attached.toml"
    assert lived(attached).ok
    if check == "read":
        monkeypatch.setattr(FieldRule, "read", lambda rule, typed, *_: typed)
    monkeypatch.setattr(texts, "find_media_type", lambda *_: "text/plain")
    assert ("FieldUnfit" in refused(lived(attached))) is (check == "read")


def test_a_file_whose_bytes_did_not_come_along_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its digest, which others may know, is not enough."""
    for files in ({}, {"a" * 64: b"%PDF-"}):
        monkeypatch.setattr(playing, "pretend_files", lambda _, files=files: files)
        (failure,) = lived(EXAMPLES / "attached.toml").failures
        assert failure.what == "refused"
        assert "FieldUnfit" in str(failure.found)


def test_without_the_agencys_check_the_scenarios_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "_check_known", lambda *_: None)
    assert "AgencyNotRegistered" in refused(lived(REVIEWED))


def test_without_the_requirements_the_scenarios_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "check_required", lambda *_: None)
    assert "RequirementNotMet" in refused(lived(REVIEWED))


def test_without_the_check_of_what_leads_to_a_report_a_task_would_be_reported_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = templates()["donghaeng-2024/1"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    skip = {
        "step": "skip",
        "label": {"ko": "건너뛰기", "en": "skip"},
        "by": ["officer"],
        "from": ["in_progress"],
        "to": "in_progress/reported",
    }
    with pytest.raises(ValueError, match="without"):
        Definition.model_validate(said | {"steps": [skip]})
    monkeypatch.setattr(own_steps, "_FIRST_BY", {})
    assert Definition.model_validate(said | {"steps": [skip]}).step("skip") is not None


@pytest.mark.parametrize(
    ("lang", "name", "step"),
    [("ko", "예산 심사", "예산 심사 회부"), ("en", "budget review", "send to the budget review")],
)
def test_drawings_say_places_and_steps_by_their_names(lang: str, name: str, step: str) -> None:
    definition = read_definition(REVIEWED)
    for drawn in (
        "\n".join(as_mermaid(definition, lang)),
        as_svg(definition, lang),
        "\n".join(in_words(definition, lang)),
    ):  # type: ignore[arg-type]
        assert name in drawn
        assert step in drawn
    assert "[amount]" in "\n".join(in_words(definition, "en"))
    assert "2000" in "\n".join(in_words(definition, "en")), "a text's longest"


def test_a_comparison_says_no_word_twice() -> None:
    found = compare_definitions(
        templates()["donghaeng-2024/3"], read_definition(EXAMPLES / "competition.toml"), "ko"
    )
    settlement = next(one.after for one in found if one.entry == "deadlines[settlement]")
    assert settlement is not None
    assert "기간 1개월, 말일이 쉬는 날이면 앞 영업일; 이행 ‘정산서 제출’ 절차" in settlement


def test_a_comparison_tells_places_steps_and_forms_in_words() -> None:
    found = compare_definitions(templates()["donghaeng-2024/3"], read_definition(REVIEWED), "ko")
    told = {one.entry: one for one in found}
    assert told["places[proposed/budget_review]"].what == "위치 예산 심사(proposed/budget_review)"
    form = told["steps[budget_reviewed]"].after
    assert form is not None
    for piece in (
        "심사액(amount): 금액(원), ~5000000000",
        "(whole)",
        "심사 의견(opinion): 글, 선택 항목",
        "사유 필수 예",
    ):
        assert piece in form, form


def test_a_comparison_says_how_large_a_file_may_be() -> None:
    found = compare_definitions(
        templates()["donghaeng-2024/3"], read_definition(EXAMPLES / "attached.toml"), "ko"
    )
    told = {one.entry: one.after for one in found}
    assert "결과보고서(minutes): 첨부, ~5 MB" in str(told["steps[evidence_handed_in]"])


def test_what_a_field_wants_is_said_in_both_languages() -> None:
    step = read_definition(REVIEWED).step("budget_reviewed")
    assert step is not None
    assert [one.wanted for one in step.form] == [
        Bilingual(
            "원 단위 정수, 예: 120,000,000, 5,000,000,000 이하",
            "a whole number of KRW, e.g. 120,000,000, at most 5,000,000,000",
        ),
        Bilingual("whole(원안), reduced(감액)", "whole(as asked), reduced(reduced)"),
        Bilingual("글, 1~2000자", "text, its length from 1 to 2000"),
    ]


def test_a_person_in_a_form_is_one_of_those_whom_the_fact_names() -> None:
    label = LocalText(ko="이름")
    form = tuple(
        FilledField(field=kind, label=label, type=kind, value="0" * 32) for kind in ("person", "agency")
    )
    fact = StepTaken(
        definition="own/1", step="one", label=label, from_place="proposed", to_place="proposed", form=form
    )
    assert persons_in(fact) == ["0" * 32]


def test_were_no_day_quiet_the_scenarios_would_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a reminder that waits for the day after."""
    monkeypatch.setattr(Definition, "is_quiet", lambda *_: False)
    assert {one.what for one in lived(REVIEWED).failures} == {"reminders"}
