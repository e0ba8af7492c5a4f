"""What a pack shows and what it does not: whose keys they are, which versions are here, what its page is worth."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.foreign.tools import needed
from tests.trail.packs_by_hand import (
    START,
    Made,
    copied,
    row,
    script,
    summed_anew,
    unpacked,
    verdict_of,
    with_tools,
)
from trail.pack_asked import Asked, Said
from trail.pack_streams import spans
from trail.verdict import Verdict
from trail.verifying import Own

WHOLE = "task/2024-07"
TOOLS = ["bash", "openssl", "sha256sum", "cat", "comm", "head", "ls", "mktemp", "rm", "sort", "tail", "tr"]


def of_a_task(position: int) -> tuple[Any, ...]:
    """Facts 11 to 14 are the whole of a task's life; the last of them became known a day before it was recorded."""
    if position not in range(11, 15):
        return row(position)
    made = list(row(position, stream=WHOLE))
    made[2] = position - 10
    if position == 14:
        made[5] = START.replace(day=6)
    return tuple(made)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    needed("openssl", "bash")
    made = Made(tmp_path_factory.mktemp("made"), of_a_task)
    made.write((11, 12, 13, 14), asked=Asked(task="2024-07"))
    return made


@pytest.fixture(scope="module")
def whole(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(made.pack, tmp_path_factory.mktemp("whole") / "pack")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return copied(whole, tmp_path / "pack")


def without(folder: Path, position: int) -> Path:
    for name in (f"events/{position}.json", f"leaves/{position}.json", f"proofs/{position}.tlog-proof"):
        (folder / name).unlink()
    return summed_anew(folder)


def says(folder: Path, change: Callable[[Said], Said]) -> Path:
    file = folder / "asked.json"
    file.write_bytes(bytes(change(msgspec.json.decode(file.read_bytes(), type=Said))))
    return summed_anew(folder)


def remarks(verdict: Verdict) -> list[str]:
    return [f"{item.where}: {item.said.en}" for item in verdict.items if item.holds is None]


def failures(verdict: Verdict) -> list[str]:
    return [f"{item.where}: {item.said.en}" for item in verdict.failures]


# --- which versions


def test_a_whole_task_has_no_gap_and_both_say_what_that_does_not_show(made: Made, whole: Path) -> None:
    verdict = verdict_of(whole, Own(policy=made.trail.policy()))
    assert (verdict.proved, verdict.gaps) == (True, 0)
    said = (
        "versions 1-4 shown, none is missing among them; whether there are later ones a pack does not prove"
    )
    assert any(said in item.said.en for item in verdict.items if item.where == WHOLE)
    done = script(whole)
    assert f"OK      {WHOLE}: {said}" in done.stdout
    assert verdict.unproved == 1
    limit = "as far as it goes; streams said to be whole and not proved to be, see above: 1"
    assert limit in done.stdout.splitlines()[-1]


def test_an_event_left_out_of_a_task_that_is_claimed_whole_is_refused(folder: Path) -> None:
    verdict = verdict_of(without(folder, 13))
    assert (
        f"{WHOLE}: versions 1-2, 4 shown; 3 missing, and the pack says that it holds all of it"
        in failures(verdict)
    )
    done = script(folder)
    assert done.returncode == 1
    assert f"NOT OK  {WHOLE}: versions 1-2, 4 shown; 3 missing" in done.stdout


def test_where_the_claim_is_taken_out_as_well_the_gap_is_told_and_stands_in_the_last_line(
    folder: Path, made: Made
) -> None:
    (folder / "index.html").unlink()
    without(folder, 13)
    says(folder, lambda said: msgspec.structs.replace(said, whole=()))
    for _ in range(2):
        verdict = verdict_of(folder, Own(policy=made.trail.policy()))
        assert (verdict.proved, verdict.gaps) == (True, 1)
        gap = "versions 1-2, 4 shown; 3 not in this pack; whether there are later ones a pack does not prove"
        assert f"{WHOLE}: {gap}" in remarks(verdict)
        done = script(folder)
        assert done.returncode == 0
        assert f"note    {WHOLE}: {gap}" in done.stdout
        assert "streams with gaps, see above: 1" in done.stdout.splitlines()[-1]
        (folder / "asked.json").unlink(missing_ok=True)  # as in packs of before there were claims
        summed_anew(folder)
    assert "asked.json: the pack does not say of what it holds everything" in remarks(verdict)


def test_a_claim_about_what_is_not_there_at_all_or_that_is_none_is_refused(folder: Path) -> None:
    says(folder, lambda said: msgspec.structs.replace(said, whole=(WHOLE, "task/2024-08")))
    assert any("task/2024-08: the pack says" in one for one in failures(verdict_of(folder)))
    assert "NOT OK  task/2024-08: the pack says that it holds all of it" in script(folder).stdout
    (folder / "asked.json").write_text('{"along":[],"whole":[]}')
    assert "asked.json: it does not say what the pack holds" in failures(verdict_of(summed_anew(folder)))
    assert "NOT OK  asked.json: it does not say what the pack holds" in script(folder).stdout


def test_versions_that_go_back_within_a_stream_are_refused(tmp_path: Path) -> None:
    def back(position: int) -> tuple[Any, ...]:
        made = list(of_a_task(position))
        made[2] = {13: 4, 14: 3}.get(position, made[2])
        return tuple(made)

    folder = unpacked(Made(tmp_path, back).write((11, 12, 13, 14)), tmp_path / "pack")
    assert any(
        "its version 3 of task/2024-07 does not come after 4" in one for one in failures(verdict_of(folder))
    )
    assert "its version 3 of task/2024-07 does not come after 4" in script(folder).stdout


def test_a_pack_of_every_fact_says_that_nothing_is_missing(tmp_path: Path) -> None:
    made = Made(tmp_path, size=25)
    folder = unpacked(made.write(range(1, 26)), tmp_path / "pack")
    said = "all 25 facts of the checkpoint are here: up to it nothing is missing"
    assert any(said in item.said.en for item in verdict_of(folder).items)
    assert f"OK      {said}" in script(folder).stdout


def test_numbers_are_told_as_spans() -> None:
    assert spans([1, 2, 3, 5, range(7, 9), 9]) == "1-3, 5, 7-9"


# --- the page


def test_a_page_that_says_otherwise_is_refused_by_us_and_not_checked_by_the_script(folder: Path) -> None:
    page = folder / "index.html"
    assert any(item.where == "index.html" and item.holds for item in verdict_of(folder).items), "the control"
    page.write_text(page.read_text().replace("task.approved", "task.rejected"))
    assert any(
        one.startswith("index.html: it is not the page") for one in failures(verdict_of(summed_anew(folder)))
    )
    done = script(folder)
    assert done.returncode == 0
    assert "note    index.html: it was not checked, and can say anything" in done.stdout


def test_the_page_of_another_version_of_the_program_is_said_not_to_be_checked(folder: Path) -> None:
    (folder / "index.html").write_text("승인하지 않았음")
    says(folder, lambda said: msgspec.structs.replace(said, made_by="0" * 16))
    verdict = verdict_of(folder)
    assert verdict.good
    assert any(
        "index.html: it was made by another version of the program and was not checked" in one
        for one in remarks(verdict)
    )


def test_the_page_dates_events_by_when_they_were_known_with_the_recorded_time_where_it_differs(
    whole: Path,
) -> None:
    page = (whole / "index.html").read_text()
    english = page[page.index('id="en"') :]
    assert english.count("<br>recorded <time") == 1
    assert "2024-03-06 14:00:00 KST</time><br>recorded <time" in english
    assert "known 2024-03-06T05:00:00.000000Z, recorded 2024-03-07T05:00:14.000000Z" in script(whole).stdout


# --- the keys


def test_without_a_policy_or_with_the_packs_own_the_script_ends_with_not_proved(whole: Path) -> None:
    for words in ((), (str(whole / "policy"),), (str(whole / "events" / ".." / "policy"),)):
        done = subprocess.run(
            ["bash", str(whole / "verify.sh"), *words], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (5, "")
        assert done.stdout.splitlines()[-1].startswith("NOT PROVED: ")
        assert "증명되지 않음" in done.stdout.splitlines()[-1]
        assert "\nOK " not in done.stdout
    assert script(whole).returncode == 0, "the control"


def test_a_copy_of_the_script_kept_elsewhere_checks_the_pack_in_the_present_folder(
    whole: Path, tmp_path: Path
) -> None:
    own, kept = tmp_path / "own", tmp_path / "verify.sh"
    shutil.copyfile(whole / "policy", own)
    shutil.copyfile(whole / "verify.sh", kept)
    for place, code in ((whole, 0), (tmp_path, 2)):
        done = subprocess.run(
            ["bash", str(kept), str(own)], cwd=place, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
    assert "holds no pack" in done.stderr


def test_what_does_not_hold_is_not_ok_also_without_a_policy(folder: Path) -> None:
    (folder / "events" / "12.json").write_text("{}")
    done = subprocess.run(["bash", str(folder / "verify.sh")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "NOT OK (확인 실패)")


def test_a_policy_that_windows_wrote_is_told_and_one_in_utf_16_is_not_taken(
    whole: Path, made: Made, tmp_path: Path
) -> None:
    own, text = tmp_path / "own", made.trail.policy()
    own.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    done = script(whole, str(own))
    assert done.returncode == 0, done.stdout
    assert "byte-order mark" in done.stdout
    assert "바이트 순서 표식" in done.stdout
    assert "line ends of Windows" in done.stdout
    own.write_bytes(text.encode("utf-16"))
    done = script(whole, str(own))
    assert (done.returncode, "UTF-16" in done.stderr) == (2, True)


# --- what stands in the way of a check


@pytest.mark.parametrize(
    ("words", "said", "korean"),
    [
        (("nowhere",), "there is no file nowhere that can be read", "nowhere 파일이 없거나"),
        ((".",), "there is no file . that can be read", ". 파일이 없거나"),
        (("verify.sh", "nowhere.pem"), "there is no file nowhere.pem", "nowhere.pem 파일이 없거나"),
        (("--polcy",), "there is no option --polcy", "--polcy 옵션은 없습니다"),
        (("a", "b", "c"), "two files at most", "둘까지만"),
    ],
)
def test_what_cannot_be_checked_is_said_in_both_languages(
    whole: Path, words: tuple[str, ...], said: str, korean: str
) -> None:
    done = subprocess.run(
        ["bash", "verify.sh", *words], cwd=whole, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert korean in done.stderr


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_help_says_what_to_bring_and_how_it_ends_in_any_shell(whole: Path, shell: str) -> None:
    for word in ("-h", "--help"):
        done = subprocess.run(
            [shell, "verify.sh", word], cwd=whole, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "Usage: bash verify.sh POLICY [TSA.PEM]" in done.stdout
        assert "사용법: bash verify.sh 정책 [TSA.PEM]" in done.stdout
        assert "NOT PROVED (5" in done.stdout


def test_another_shell_says_that_it_is_a_script_for_bash(whole: Path, tmp_path: Path) -> None:
    needed("dash")
    own = shutil.copyfile(whole / "policy", tmp_path / "own")
    done = subprocess.run(
        ["dash", "verify.sh", str(own)], cwd=whole, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "this is a script for bash" in done.stderr
    assert "bash용 스크립트" in done.stderr
    done = subprocess.run(
        ["bash", "--posix", "verify.sh", str(own)], cwd=whole, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), "the control: bash under the name of sh is bash"


def test_a_bash_of_before_4_2_is_named_by_the_first_lines(whole: Path) -> None:
    """There is none here to try: the lines that look are run with another number."""
    start = (whole / "verify.sh").read_text().split("set +o posix")[0]
    for version, code in (
        ("3.2.57(1)-release", 2),
        ("4.1.2(2)-release", 2),
        ("4.2.46(2)-release", 0),
        ("5.2.15", 0),
    ):
        text = start.replace("$BASH_VERSION", "$PRETENDED")
        done = subprocess.run(
            ["bash", "-c", text],
            env=os.environ | {"PRETENDED": version},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "needs bash 4.2" in done.stderr) == (code, code == 2)


def test_a_tool_that_is_missing_or_another_openssl_is_named(whole: Path, tmp_path: Path) -> None:
    own = str(shutil.copyfile(whole / "policy", tmp_path / "own"))
    without_it = [tool for tool in TOOLS if tool not in ("openssl", "comm")]
    done = with_tools(whole, tmp_path / "fewer", without_it, own)
    assert (done.returncode, done.stdout) == (2, "")
    assert "these tools are not on this machine: openssl comm" in done.stderr
    assert "이 기계에 다음 도구가 없습니다: openssl comm" in done.stderr
    place = tmp_path / "other"
    done = with_tools(whole, place, TOOLS, own)
    assert done.returncode == 0, "the control"
    (place / "openssl").unlink()
    (place / "openssl").write_text("#!/bin/sh\necho LibreSSL 3.3.6\n")
    (place / "openssl").chmod(0o755)
    done = with_tools(whole, place, [], own)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs OpenSSL 3" in done.stderr
    assert "LibreSSL 3.3.6" in done.stderr


def test_where_there_is_no_sha256sum_perls_is_taken(whole: Path, tmp_path: Path) -> None:
    """As on macOS."""
    needed("shasum")
    own = str(shutil.copyfile(whole / "policy", tmp_path / "own"))
    tools = [*(tool for tool in TOOLS if tool != "sha256sum"), "shasum", "perl"]
    done = with_tools(whole, tmp_path / "tools", tools, own)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
