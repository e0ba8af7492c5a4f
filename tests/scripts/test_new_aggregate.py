"""A new aggregate, built as docs/tutorial/aggregate.md says into a copy of the program, has its page in the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.conftest import Cli
from tests.tutorial_builds import build, complaint, content, documents, refused, run, typed

FILES = {
    "domain/agreement/__init__.py",
    "domain/agreement/facts.py",
    "domain/agreement/commands.py",
    "domain/agreement/decider.py",
    "domain/register.py",
    "domain/streams.py",
    "projections/sentences/agencies.py",
    "workflows/queries/agreements.py",
    "scripts/cli/agreement.py",
    "scripts/cli/main.py",
}
PLANNER = ("--as", "planner")
TITLE = ("--title", "야간관광 협약", "--title-en", "Night tours")
SIGN = ("agreement", "sign", "gto-2024", "--agency", "gto", *TITLE, "--until", "2026-12-31")
END = ("agreement", "end", "gto-2024", "--reason", "사업 종료")
SHOW, LIST = ("agreement", "show", "gto-2024"), ("agreement", "list", "gto")
COMPLETE = (
    "tests/domain/test_catalogue.py",
    "tests/domain/test_samples.py",
    "tests/projections/test_history.py",
    "tests/projections/test_trail_words.py",
    "tests/workflows/test_permissions.py",
    "tests/workflows/test_readings.py",
    "tests/scripts/test_usage.py::test_all_that_help_says_is_said_in_both_languages",
    "tests/test_rooms.py",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    assert build("aggregate.md", folder) == FILES
    run(folder, "tests.domain.write_samples")
    run(folder, "scripts.pages")
    return folder


def test_an_aggregate_with_its_page_is_ten_files(loaded: Cli, copy: Path) -> None:
    stranger = [word if word != "gto" else "nobody" for word in SIGN]
    assert refused(copy, (*SIGN, "--as", "head@gto"), (*stranger, *PLANNER), (*SHOW, *PLANNER)) == [
        "NotPermitted",
        "AgencyNotRegistered",
        "NoSuchAgreement",
    ]
    typed(copy, (*SIGN, *PLANNER))
    unreasoned = (*END[:3], *PLANNER)
    assert refused(copy, (*SIGN, *PLANNER), (*END, "--as", "head@gjcf"), unreasoned) == [
        "AgreementSignedAlready",
        "NotYourTask",
        "ReasonNeeded",
    ]
    typed(copy, (*END, "--as", "head@gto"))
    assert refused(copy, (*END, *PLANNER)) == ["AgreementNotInForce"]
    (shown,) = documents(copy, (*SHOW, *PLANNER))
    assert [one["kind"] for one in shown["history"]] == ["agreement.signed", "agreement.ended"]
    last = str(shown["history"][-1]["position"])
    korean, english, trail, contents = typed(
        copy,
        (*SHOW, "--as", "officer@gto", "--lang", "ko"),
        (*SHOW, *PLANNER, "--lang", "en"),
        ("trail", "show", last, "--as", "inspector", "--lang", "ko"),
        ("--help",),
    )
    assert "시 총괄부서: 업무협약 ‘야간관광 협약’을 체결하였음: 광주관광공사, 2026-12-31까지." in korean
    assert "광주관광공사 기관장: 업무협약을 종료하였음. (사유: 사업 종료)" in korean
    assert "signed the agreement “Night tours” with Gwangju Tourism Organization, until 2026" in english
    assert "The head of Gwangju Tourism Organization ended the agreement. (reason: 사업 종료)" in english
    assert "종료" in trail
    assert "업무협약" in contents


def test_its_page_is_read_by_who_may_read_the_agencys_history_at_any_date(loaded: Cli, copy: Path) -> None:
    dates = [("--effective-at", day) for day in ("2024-03-04", "2024-06-03")]
    typed(copy, *((*line, *PLANNER, *date) for line, date in zip((SIGN, END), dates, strict=True)))
    pages = (SHOW, ("agreement", "show", "none"), LIST)
    assert refused(copy, *((*page, "--as", "officer@gjcf") for page in pages)) == ["NotYoursToRead"] * 3
    assert refused(copy, *((*page, "--as", "citizen") for page in pages)) == ["ReadingNotPermitted"] * 3
    own = (*LIST, "--as", "officer@gto")
    slices = documents(copy, own, (*own, "--effective", "2024-05-01"))
    found = [[(one["agreement"], one["ended"]) for one in listed["agreements"]] for listed in slices]
    assert found == [[("gto-2024", True)], [("gto-2024", False)]]


def test_the_pages_name_it(copy: Path) -> None:
    pages = {
        name: (copy / "docs" / f"{name}.md").read_text() for name in ("permissions", "commands", "facts")
    }
    assert "| `agreement.sign` |  |  | yes |  |  |  |  |" in pages["permissions"]
    assert "| `agreement.end` |  | own | yes |  |  |  |  |" in pages["permissions"]
    assert "### donghaeng agreement sign" in pages["commands"]
    assert "## agreement/…" in pages["facts"]


@pytest.mark.slow
def test_what_looks_whether_all_is_there_is_content(copy: Path) -> None:
    content(copy, *COMPLETE)
    run(copy, "ruff", "check", "-q", *FILES)


@pytest.mark.parametrize(
    ("line", "test"),
    [
        ("        AGREEMENT,", "tests/domain/test_catalogue.py"),
        ('"agreement.signed": _narrate_agreement_signed', "tests/projections/test_history.py"),
        ("ended|", "tests/projections/test_trail_words.py"),
    ],
)
def test_what_is_forgotten_of_it_is_told_by_a_test(tmp_path: Path, line: str, test: str) -> None:
    """The control."""
    build("aggregate.md", tmp_path, without=line)
    run(tmp_path, "tests.domain.write_samples")
    assert "ended" in complaint(tmp_path, test).lower()
