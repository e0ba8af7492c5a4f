"""A city's letters and quiet days at the command line: read before they go out, refused by their entry, told by show and diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.log import Store
from tests.scripts.conftest import Cli, document

REVIEWED = Path(__file__).parents[2] / "data" / "definitions" / "reviewed.toml"
WHY = ("--as", "planner", "--reason", "운영지침 제정")
LETTER = """
[[letters]]
letter = "soon"
ladder = "city"
subject = { ko = "SUBJECT", en = "{{ what }}" }
text = { ko = "{{ what }} 기한 {{ due }}", en = "by {{ due }}" }
"""


def written(folder: Path, subject: str = "{{ what }} 안내", more: str = "") -> Path:
    path = folder / "own.toml"
    head = 'extends = "donghaeng-2024/3"\nname = "own"\nversion = 1\n'
    path.write_text(head + LETTER.replace("SUBJECT", subject) + more, encoding="utf-8")
    return path


def test_each_letter_is_printed_in_both_languages_as_it_may_go_out(cli: Cli) -> None:
    told = cli("definition", "letters", str(REVIEWED), "--lang", "ko").output
    assert "── coming (agency -14, -7, -3, -1, +0, ko) ──" in told
    assert "보내는 이름: 광주광역시 협업과제 담당" in told
    assert "메일 제목: [광주광역시] 2027-07 1분기 추진상황 보고 안내(2027. 4. 15.(목)까지)" in told
    assert "Dear Kim Donghaeng of Gwangju Tourism," in told
    found = document(cli("definition", "letters", str(REVIEWED), "--json"))
    assert found["definition"] == "reviewed/1"
    assert {(one["letter"], one["lang"]) for one in found["letters"]} == {
        (letter, lang) for letter in ("coming", "overdue") for lang in ("ko", "en")
    }
    assert {one["sender"] for one in found["letters"] if one["letter"] == "overdue"} == {None}


def test_of_a_definition_without_letters_it_says_so(cli: Cli) -> None:
    small = REVIEWED.with_name("small.toml")
    assert "in the program's words" in cli("definition", "letters", str(small), "--lang", "en").output
    assert document(cli("definition", "letters", str(small), "--json"))["letters"] == []


@pytest.mark.parametrize("given", [("check",), ("letters",), ("adopt", *WHY)])
def test_a_letter_that_reaches_out_is_refused_by_its_entry_and_nothing_changes(
    cli: Cli, store: Store, tmp_path: Path, given: tuple[str, ...]
) -> None:
    before = store.head().position
    name, *more = given
    for subject, ko in (
        ("{{ ''.__class__ }}", "1행의 ‘.’"),
        ("{% for a in range(10**9) %}{{ a }}{% endfor %}", "1행의 ‘for’"),
        ("{{ what", "1행을 읽을 수 없습니다"),
        ("{{ whom }}", "1행의 ‘whom’"),
    ):
        refused = cli("definition", name, str(written(tmp_path, subject)), *more, "--json", "--lang", "ko")
        error = document(refused)["error"]
        assert (refused.exit_code, error["name"]) == (1, "BadInput")
        assert "letters[soon].subject.ko" in error["message"]
        assert ko in error["message"]
    assert store.head().position == before


def test_what_was_adopted_is_shown_and_compared_with_its_letters_and_quiet_days(
    cli: Cli, tmp_path: Path
) -> None:
    assert cli("definition", "adopt", str(REVIEWED), *WHY).exit_code == 0
    told = cli("definition", "show", "reviewed/1", "--lang", "ko").output
    for words in (
        "문안: coming (agency -14, -7, -3, -1, +0; 보내는 이름 광주광역시 협업과제 담당)",
        "  [광주광역시] {{ task }} {{ what }} 안내({{ due }}까지)",
        "  | 처리: {{ where }}",
        "알림을 보내지 않는 날:\n  05-18 5·18민주화운동 기념일\n  2027-10-06~2027-10-08 충장축제",
    ):
        assert words in told
    (shown,) = document(cli("definition", "show", "reviewed/1", "--json"))["definitions"]
    assert [one["letter"] for one in shown["letters"]] == ["coming", "overdue"]
    assert [one["first"] for one in shown["quiet_days"]] == ["05-18", "2027-10-06"]
    days = '\n[[quiet_days]]\nname = "may"\nlabel = { ko = "기념일", en = "memorial" }\nfirst = "05-18"\n'
    assert cli("definition", "adopt", str(written(tmp_path, more=days)), *WHY).exit_code == 0
    found = document(cli("definition", "diff", "own/1", "reviewed/1", "--json", "--lang", "ko"))
    said = {one["entry"]: one["before"] or one["after"] for one in found["differences"]}
    assert said["letters[soon]"].startswith("알림 단계 city; 메일 제목 {{ what }} 안내; 메일 본문 ")
    assert said["quiet_days[festival]"] == "이름 충장축제; 시작일 2027-10-06; 종료일 2027-10-08"
