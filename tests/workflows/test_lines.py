"""What is refused of a definition's file is found on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import BadInput
from domain.lifecycle.content import NAMED_BY
from domain.lifecycle.flaws import DefinitionFlawed, check_flaws
from workflows.definitions.lines import line_of
from workflows.definitions.templates import describe_line, read_definition

EXAMPLES = Path(__file__).parents[2] / "data" / "definitions"
REVIEWED = (EXAMPLES / "reviewed.toml").read_text(encoding="utf-8")


def told(entry: str, text: str = REVIEWED) -> str:
    """What stands on the line that is found."""
    line = line_of(text, entry, NAMED_BY)
    return "" if line is None else text.splitlines()[line - 1].strip()


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("version", "version = 1"),
        ("places[in_progress/settlement].label", 'label = { ko = "정산 검사", en = "settlement" }'),
        ("steps[send_to_budget].to", 'to = "proposed/budget_review"'),
        ("steps[budget_reviewed].from[0]", 'from = ["proposed/budget_review"]'),
        ("steps[budget_reviewed].requirements[0].that", 'that = "form.amount <= task.plan.budget_krw"'),
        ("steps[budget_reviewed].form[0].most", "most = 5_000_000_000"),
        ("steps[budget_reviewed].form[2].most", "most = 2000"),
        ("steps[settled].form[1].type", 'type = "percent"'),
        ("steps[settled].form[4].required", "required = false"),
        ("steps[settled].form[1].most", "[[steps.form]]"),
        ("deadlines[settlement].within", "within = 10"),
        ("deadlines[settlement].roll", "[[deadlines]]"),
        ("transitions[lapse_budget_review]", "[[transitions]]"),
        ("commands[task.approve].requirements[0].otherwise.en", 'otherwise = { ko = "1억 원 이상인 과제는 예산 심사를 거쳐야 승인할 수 있습니다.", en = "From KRW 100 million on a task is approved after the budget review." }'),
        ("deadlines[decision].within", ""),  # the template's
        ("steps[never]", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_an_entry_stands_on_its_line(entry: str, line: str) -> None:
    assert told(entry) == line


def test_an_entry_in_braces_stands_where_it_is_named() -> None:
    small = (EXAMPLES / "small.toml").read_text(encoding="utf-8")
    assert told("steps[visit].by[0]", small).startswith("steps = [{ step")


def changed(tmp_path: Path, before: str, after: str) -> Path:
    assert before in REVIEWED
    path = tmp_path / "mine.toml"
    path.write_text(REVIEWED.replace(before, after, 1), encoding="utf-8")
    return path


def test_a_refused_file_says_the_line(tmp_path: Path) -> None:
    path = changed(tmp_path, 'type = "percent"', 'type = "percents"')
    with pytest.raises(BadInput) as refused:
        read_definition(path)
    line = path.read_text(encoding="utf-8").splitlines().index('type = "percents"') + 1
    assert refused.value.details["field"] == "steps[settled].form[1].type"
    assert f"(line {line} of mine.toml)" in refused.value.say("en")
    assert f"(파일 mine.toml {line}행)" in refused.value.say("ko")


def test_so_does_what_can_never_be(tmp_path: Path) -> None:
    path = changed(tmp_path, "form.amount <= task.plan.budget_krw", "form.amount <= 5000000000")
    with pytest.raises(DefinitionFlawed) as refused:
        check_flaws(read_definition(path), lambda entry: describe_line(path, entry))
    line = path.read_text(encoding="utf-8").splitlines().index('that = "form.amount <= 5000000000"') + 1
    assert f"form.amount: 0–5000000000) (line {line} of mine.toml)" in refused.value.say("en")
    with pytest.raises(DefinitionFlawed) as refused:
        check_flaws(read_definition(path))
    assert "mine.toml" not in refused.value.say("en"), "the control: in the log there is no file"
