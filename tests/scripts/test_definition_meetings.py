"""What a city's definition says of meetings, at the command line."""

from __future__ import annotations

from pathlib import Path

from tests.scripts.conftest import Cli, document

OWN = """
name = "own"
version = 1
extends = "donghaeng-2024/2"

[meetings]
agenda_business_days = 10
quorum = "2/3"
"""


def write(folder: Path, text: str) -> str:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_it_is_checked_shown_and_told_apart_from_another(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path, OWN)
    assert cli("definition", "check", path).exit_code == 0
    assert cli("definition", "adopt", path, "--as", "planner", "--reason", "회의 규정").exit_code == 0
    (shown,) = document(cli("definition", "show", "own/1", "--json"))["definitions"]
    assert shown["meetings"] == {
        "agenda_business_days": 10,
        "objection_business_days": 7,
        "quorum": "2/3",
        "majority": "more than 1/2",
    }
    assert "의사정족수: 3분의 2 이상" in cli("definition", "show", "own/1", "--lang", "ko").output
    assert "quorum" not in cli("definition", "show", "donghaeng-2024/2", "--lang", "en").output
    diff = document(cli("definition", "diff", "donghaeng-2024/2", "own/1", "--json", "--lang", "ko"))
    assert [(one["entry"], one["field"], one["after"]) for one in diff["differences"]] == [
        ("meetings", "agenda_business_days", "10"),
        ("meetings", "quorum", "3분의 2 이상"),
    ]


WITH_SERIES = OWN.replace(
    "[meetings]",
    """[meetings]
agency_ladder = "short"
series = [{ name = "heads", label = { ko = "기관장 회의", en = "the heads' meeting" }, rhythm = "quarterly" }]""",
)


def test_a_series_has_a_name_and_a_rhythm_and_a_ladder_is_one_of_its_own(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path, WITH_SERIES)
    assert cli("definition", "adopt", path, "--as", "planner", "--reason", "회의 규정").exit_code == 0
    shown = cli("definition", "show", "own/1", "--lang", "ko").output
    assert "회의체: 기관장 회의 (heads, 매분기)" in shown
    diff = document(cli("definition", "diff", "donghaeng-2024/2", "own/1", "--json", "--lang", "ko"))
    said = {one["field"]: one["after"] for one in diff["differences"] if one["entry"] == "meetings"}
    assert (said["series"], said["agency_ladder"]) == ("기관장 회의(heads), 매분기", "short")
    for before, after, field in (
        ('agency_ladder = "short"', 'agency_ladder = "none"', "meetings.agency_ladder"),
        ('agency_ladder = "short"', 'city_ladder = "short"', "meetings.city_ladder"),
        ("quarterly", "daily", "meetings.series[0].rhythm"),
    ):
        refused = cli("definition", "check", write(tmp_path, WITH_SERIES.replace(before, after)), "--json")
        assert refused.exit_code == 1
        assert field in document(refused)["error"]["message"]


def test_what_cannot_be_is_refused_with_where_it_stands(cli: Cli, tmp_path: Path) -> None:
    for before, after, field in (
        ('quorum = "2/3"', 'quorum = "3/2"', "meetings.quorum"),
        ("agenda_business_days = 10", "agenda_business_days = 900", "meetings.agenda_business_days"),
        ('quorum = "2/3"', 'chairs = "2"', "meetings.chairs"),
    ):
        refused = cli("definition", "check", write(tmp_path, OWN.replace(before, after)), "--json")
        assert refused.exit_code == 1
        assert field in document(refused)["error"]["message"]
