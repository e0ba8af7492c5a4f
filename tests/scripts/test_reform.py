"""Reform cases at the command line: loaded from the announcement, checked, presented, and taken over by others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.streams import reform_stream
from projections.reform_cases import cases_of
from projections.slices import AsOf
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document
from tests.scripts.test_meeting import do, fold_all, refuse

PLANNER, GTO, GJCF = ("--as", "planner"), ("--as", "officer@gto"), ("--as", "officer@gjcf")
CASE = "gto-2023"


def listed(cli: Cli, *words: str) -> dict[str, Any]:
    found = cli("reform", "list", *words, "--json")
    assert found.exit_code == 0, found.output
    return {one["case"]: one for one in document(found)["cases"]}


def test_the_named_cases_are_loaded_once_and_the_others_stay_unnamed(loaded: Cli, store: Store) -> None:
    fold_all(store)
    cases = listed(loaded, *PLANNER)
    said = json.loads(ANNOUNCED.read_text(encoding="utf-8"))
    assert said["programme"]["declared_innovation_case_count"] == 16
    assert {one["agency"] for one in cases.values()} == {
        one["agency"] for one in said["innovation_cases_2023"]
    }
    assert len(cases) == 10
    assert {one["stage"] for one in cases.values()} == {"entered"}, "to name a case is not to check it"
    (managers,) = cases[CASE]["measures"]
    assert (managers["value_before"], managers["value_after"], managers["unit"]) == ("13", "9", "persons")
    assert not {"before_on", "after_on", "source"} & managers.keys(), "nothing is made up"
    assert [case for case, one in cases.items() if one["category"] is None] == [
        "gb-2023",
        "gpsc-2023",
        "gsc-2023",
    ]
    shown = document(loaded("reform", "show", "gdsc-2023", *PLANNER, "--json"))
    assert [one["to_agency"] for one in shown["transfers"]] == ["gdsc", "gdsc"]
    before = store.head().position
    again = document(loaded("load", str(ANNOUNCED), *PLANNER, "--reason", "다시", "--json"))
    assert (again["facts"], store.head().position) == (0, before)


def test_what_a_file_says_otherwise_of_a_case_is_shown_and_stays(loaded: Cli, tmp_path: Path) -> None:
    content = json.loads(ANNOUNCED.read_text(encoding="utf-8"))
    first = content["innovation_cases_2023"][0]
    first["category"], first["measures"][0]["after"] = "finance", 8
    content["innovation_cases_2023"].append({"id": "second", "agency": "gto", "title": {"ko": "둘째 사례"}})
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    said = document(loaded("load", str(path), *PLANNER, "--json"))
    assert (len(said["changes"]), said["facts"]) == (1, 1), "the new one is entered"
    assert sorted(one["what"] for one in said["kept"]) == [
        "reform case gto-2023: category organisation → finance",
        "reform case gto-2023: figures managers: 13 persons → 9 persons → managers: 13 persons → 8 persons",
    ]
    assert all("reform revise" in one["why"] for one in said["kept"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda case: case.update(agency="nobody"), "agency"),
        (lambda case: case.update(id="gjcf-2023"), "id"),
        (lambda case: case.update(transfer=[]), "transfer"),
        (lambda case: case["measures"][0].pop("after"), None),
        (lambda case: (case["measures"][0].pop("after"), case["measures"][0].pop("before")), "measures[0]"),
        (lambda case: case["measures"][0].update(after=1e300), "measures[0].after"),
    ],
)
def test_a_fault_of_a_case_is_named_by_its_place_in_the_file(
    cli: Cli, tmp_path: Path, change: Any, field: str | None
) -> None:
    content = json.loads(ANNOUNCED.read_text(encoding="utf-8"))
    change(content["innovation_cases_2023"][0])
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    said = cli("load", str(path), *PLANNER, "--dry-run")
    assert said.exit_code == (0 if field is None else 1), "the control: a figure may have only one of both"
    if field is not None:
        place = "[1].id" if field == "id" else f"[0].{field}"
        assert f"innovation_cases_2023{place}" in said.output


def test_a_case_is_checked_presented_taken_over_and_shown_as_it_was(loaded: Cli, store: Store) -> None:
    do(loaded, "reform", "return", CASE, *PLANNER, "--reason", "출처를 적을 것")
    figure = "관리직=명=13@2022-12-31=9@2023-12-31=경영공시"
    do(loaded, "reform", "revise", CASE, "--figure", figure, *GTO)
    do(loaded, "reform", "confirm", CASE, *PLANNER)
    then = store.head().position
    do(loaded, "reform", "present", CASE, "--meeting", "heads-2024-1", *PLANNER)
    do(loaded, "reform", "take-over", CASE, "--agency", "gjcf", "--figure", "관리직=명=~7=", *GJCF)
    do(loaded, "reform", "figures", CASE, "--agency", "gjcf", "--figure", "관리직=명=7=5", *GJCF)
    fold_all(store)
    now = listed(loaded, "gjcf", *PLANNER)
    assert set(now) == {CASE, "gjcf-2023"}, "its own, and what it took over"
    assert (now[CASE]["stage"], now[CASE]["meetings"], now[CASE]["takers"]) == (
        "confirmed",
        ["heads-2024-1"],
        ["gjcf"],
    )
    shown = document(loaded("reform", "show", CASE, *GJCF, "--json"))
    assert [one["value_after"] for one in shown["takers"][0]["measures"]] == ["5"]
    (row,) = [one for one in cases_of(store, 2024, AsOf(then)) if one.case == CASE]
    assert (row.state.takers, row.state.presentations) == ({}, {}), "as it was known then"
    sentences = loaded("reform", "history", CASE, *PLANNER, "--lang", "en").output
    assert "managers: 13 persons → 9 persons" in sentences
    assert "presented at the meeting heads-2024-1" in " ".join(sentences.split())
    assert "about 7 persons (before)" in " ".join(sentences.split())
    korean = loaded("reform", "show", CASE, *PLANNER, "--lang", "ko").output
    assert "관리직 13명(2022-12-31) → 9명(2023-12-31)(출처: 경영공시)" in korean


def test_each_refusal_says_what_to_do_and_writes_nothing(loaded: Cli, store: Store) -> None:
    assert refuse(loaded, store, "reform", "take-over", CASE, "--agency", "gjcf", *GJCF) == "CaseNotNow"
    do(loaded, "reform", "confirm", CASE, *PLANNER)
    assert refuse(loaded, store, "reform", "confirm", CASE, *PLANNER) == "CaseCheckedAlready"
    assert refuse(loaded, store, "reform", "take-over", CASE, "--agency", "gto", *GTO) == "TakenOverByOwner"
    turned = ("--figure", "관리직=명=13@2023-12-31=9@2022-12-31")
    take = ("reform", "take-over", CASE, "--agency", "gjcf")
    assert refuse(loaded, store, *take, *turned, *GJCF) == "FigureTurnedRound"
    do(loaded, *take, *GJCF)
    assert refuse(loaded, store, *take, *GJCF) == "TakenOverAlready"
    assert (
        refuse(loaded, store, "reform", "present", CASE, "--meeting", "none", *PLANNER)
        == "PresentedAtNoMeeting"
    )


def test_agencies_enter_their_own_and_only_the_city_checks(loaded: Cli, store: Store) -> None:
    new = ("reform", "enter", "new", "--year", "2024", "--name", "새 사례", "--agency")
    assert refuse(loaded, store, *new, "gjcf", *GTO) == "NotYourTask"
    do(loaded, *new, "gto", *GTO)
    assert refuse(loaded, store, "reform", "revise", "new", "--name", "이름", *GJCF) == "NotYourTask"
    assert refuse(loaded, store, "reform", "confirm", "new", *GTO) == "NotPermitted"
    do(loaded, "reform", "confirm", "new", *PLANNER)
    assert (
        refuse(loaded, store, "reform", "take-over", "new", "--agency", "gjcf", "--as", "officer@gtc")
        == "NotYourTask"
    )
    assert loaded("reform", "show", "new", "--as", "officer@gtc").exit_code == 0, (
        "all agencies read all cases"
    )
    assert loaded("reform", "show", "new", "--as", "citizen").exit_code == 1


def test_a_figure_that_cannot_be_read_is_told_with_its_form(loaded: Cli, store: Store) -> None:
    before = store.head().position
    for figure in ("관리직", "관리직=명=13", "=명=13=9", "관리직=명=13@어제=9"):
        said = loaded("reform", "revise", CASE, "--figure", figure, *GTO)
        assert (said.exit_code, "NAME=UNIT=BEFORE" in said.output) == (2, True), said.output
    said = loaded("reform", "revise", CASE, "--transfer", "house=gto=gjcf=집", *GTO)
    assert said.exit_code == 2
    assert store.head().position == before
    do(
        loaded,
        "reform",
        "revise",
        CASE,
        "--figure",
        "관리직=명=1,300=",
        "--transfer",
        "시설=gto=gjcf=집",
        *GTO,
    )
    assert store.read(reform_stream(CASE))[-1].fact.measures[0].value_before == "1300"
