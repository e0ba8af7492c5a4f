"""Files that go with an item of a meeting's agenda, and with what shows a fund's use: kept as a task's are."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.seoul import local_day
from domain.streams import meeting_stream
from domain.values import Attachment
from store.log import Store
from store.recorded import find_values
from tests.scripts.conftest import Cli, document
from workflows.trail.beside import check_beside

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
MEETING = "heads-2024-9"
PDF = b"%PDF-1.7\n" + b"paper " * 300_000  # of two pieces


def do(cli: Cli, *words: str) -> None:
    done = cli(*words)
    assert done.exit_code == 0, (words, done.output)


def refuse(cli: Cli, *words: str) -> str:
    result = cli(*words, "--json")
    assert result.exit_code == 1, result.output
    for lang, letters in (("ko", "다.오"), ("en", ".")):
        assert cli(*words, "--lang", lang).output.strip()[-1] in letters
    return str(document(result)["error"]["name"])


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "안건 자료.pdf"
    path.write_bytes(PDF)
    return path


@pytest.fixture
def called(loaded: Cli, store: Store) -> Cli:
    today: date = local_day(store.now())
    for year in (today.year - 1, today.year, today.year + 1):
        do(loaded, "calendar", "open", str(year), *PLANNER)
    do(
        loaded, "meeting", "call", MEETING, "--year", "2024", "--name", "제9차 공공기관장 회의", "--on",
        str(today + timedelta(days=30)), "--venue", "시청", "--form", "토의", "--invite", "gto", *PLANNER,
    )  # fmt: skip
    return loaded


def test_an_items_paper_is_kept_beside_the_log_and_saved_again(
    called: Cli, store: Store, paper: Path, tmp_path: Path
) -> None:
    item = ("meeting", "add-item", MEETING, "--name", "관광 협업과제", *OFFICER)
    do(called, *item, "--paper", str(paper))
    (found,) = document(called("attachment", "list", f"meeting/{MEETING}", *OFFICER, "--json"))["attachments"]
    assert (found["name"], found["size"], found["state"]) == ("안건 자료.pdf", len(PDF), "as_committed")
    out = tmp_path / "again.pdf"
    do(called, "attachment", "save", f"meeting/{MEETING}", "안건 자료.pdf", "--out", str(out), *OFFICER)
    assert out.read_bytes() == PDF
    added = store.read(meeting_stream(MEETING))[-1]
    assert [one.name for one in find_values(Attachment, added.fact)] == ["안건 자료.pdf"]
    beside = check_beside(store)
    assert (beside.attachments, beside.wrong) == (1, {})


def test_what_is_no_file_of_a_known_kind_is_refused_and_nothing_is_written(
    called: Cli, store: Store, tmp_path: Path
) -> None:
    item = ("meeting", "add-item", MEETING, "--name", "관광 협업과제", *OFFICER, "--paper")
    wrong = tmp_path / "프로그램.exe"
    wrong.write_bytes(b"MZ")
    feigned = tmp_path / "표.pdf"
    feigned.write_bytes(b"no pdf")
    before = store.head().position
    assert refuse(called, *item, str(wrong)) == "BadInput"
    assert refuse(called, *item, str(feigned)) == "BadInput"
    assert refuse(called, *item, str(tmp_path / "nowhere.pdf")) == "NotReadable"
    assert store.head().position == before


def test_what_may_have_no_files_says_so(called: Cli) -> None:
    assert refuse(called, "attachment", "list", "agency/gto", *PLANNER) == "NothingAttachedTo"
    assert refuse(called, "attachment", "list", "meeting/none-2024", *PLANNER) == "NoSuchStream"
    assert (
        document(called("attachment", "list", f"meeting/{MEETING}", *PLANNER, "--json"))["attachments"] == []
    )


def test_a_uses_proof_goes_with_it(loaded: Cli, paper: Path) -> None:
    do(loaded, "fund", "open", "gongik", "--name", "공익 기금", *PLANNER)
    giver = document(loaded("subject", "register", "--name", "기부자", *PLANNER, "--json"))["subject"]
    gift = ("--giver", str(giver), "--amount", "1000000")
    do(loaded, "fund", "contribute", "gongik", *gift, *PLANNER)
    do(
        loaded,
        "fund",
        "allocate",
        "gongik",
        "--for",
        "park",
        "--title",
        "마을 공원",
        "--amount",
        "600000",
        *PLANNER,
    )
    used = ("--for", "park", "--amount", "500000", "--what", "나무를 심음")
    do(loaded, "fund", "use", "gongik", *used, "--proof", str(paper), *PLANNER)
    (found,) = document(loaded("attachment", "list", "fund/gongik", *PLANNER, "--json"))["attachments"]
    assert found["name"] == "안건 자료.pdf"
