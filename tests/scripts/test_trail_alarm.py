"""What a witness said of another log, as people see it on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from workers.sealing.folder import Disagreement, TrailFolder


def test_an_alarm_about_a_witness_is_shown_until_somebody_says_that_it_was_looked_into(
    cli: Cli, tmp_path: Path
) -> None:
    assert cli("trail", "init", "--as", "planner").exit_code == 0
    said = Disagreement("audit", "2024-07-01T00:00:00+00:00", "과거가 바뀌었습니다", "the past was changed")
    TrailFolder(tmp_path / "var").keep_disagreements([said])
    assert cli("trail", "seal").exit_code == 0
    assert "audit: the past was changed" in cli("trail", "status", "--as", "inspector").output
    assert "과거가 바뀌었습니다" in cli("trail", "status", "--as", "inspector", "--lang", "ko").output
    refused(cli("trail", "acknowledge", "audit", "--as", "inspector"), 1, "trail")
    refused(cli("trail", "acknowledge", "other", "--as", "planner"), 1, "there are: audit")
    assert cli("trail", "acknowledge", "audit", "--as", "planner").exit_code == 0
    assert document(cli("trail", "status", "--as", "inspector", "--json"))["disagreements"] == []
