"""A verifier and a witness run with the folder `trail/` alone: no other room, and no library but those that it declares."""

from __future__ import annotations

import ast
import json
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.trail.packs_by_hand import Made, summed_anew, unpacked
from tests.trail.trail_alone import TOP, Alone, declared
from tests.trail.witness.test_answers import LOG_KEPT, body, last_size, submit
from tests.workers.sealing.forked_logs import Log
from trail.note import COSIGNATURE, Note, parse_vkey, signature_lines
from workers.http_client import Reply, post

# what a requirement is imported as, where that is another name
IMPORTED = {"rfc3161-client": "rfc3161_client"}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    return Alone(tmp_path_factory.mktemp("alone"))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = Made(tmp_path)
    made.write()
    return made


def imported() -> set[str]:
    """Every top-level module that a module of `trail/` imports, at its head or later."""
    found = set[str]()
    for path in (TOP / "trail").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                found.add(str(node.module).partition(".")[0])
    return found


def test_it_imports_itself_python_and_what_it_declares() -> None:
    names = {line.partition(">")[0] for line in declared()}
    declared_as = {IMPORTED.get(name, name) for name in names}
    assert imported() - sys.stdlib_module_names == {"trail", *declared_as}


def test_what_it_declares_is_what_the_whole_program_asks_for() -> None:
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(declared()) <= set(settings["project"]["dependencies"])


def test_a_pack_is_verified_by_the_folder_alone(alone: Alone, made: Made) -> None:
    verified = alone("verify", made.pack, "--policy", made.trail.folder / "policy")
    assert (verified.returncode, verified.stderr) == (0, ""), verified.stdout + verified.stderr
    lines = verified.stdout.splitlines()
    assert lines[0].split()[0] == "3"
    assert "task/2024-03 #1 task.approved" in lines[0]
    assert "4 events lead to the checkpoint" in verified.stdout
    assert (
        "note   index.html: it was not checked, for this program puts no events into words" in verified.stdout
    )
    assert lines[-1].startswith("OK  donghaeng/test  300  ")
    korean = alone("verify", made.pack, "--lang", "ko")
    assert (korean.returncode, "NOT PROVED(증명되지 않음)" in korean.stdout) == (5, True)


def test_a_trail_is_verified_by_the_folder_alone(alone: Alone, made: Made, tmp_path: Path) -> None:
    paper, kept = tmp_path / "paper", tmp_path / "kept"
    paper.write_bytes((made.trail.folder / "policy").read_bytes())
    kept.write_bytes((made.trail.folder / "checkpoints" / "20").read_bytes())
    given = ("verify", made.trail.folder, "--policy", paper, "--since", kept, "--json")
    document = json.loads(alone(*given).stdout)
    assert (document["ok"], document["size"]) == (True, 300)
    assert any(item["where"] == "--since" and item["holds"] for item in document["items"])
    bundle = made.trail.folder / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b"task.approved", b"task.rejected"))
    changed = alone(*given)
    assert (changed.returncode, json.loads(changed.stdout)["result"]) == (1, "not ok")


def test_a_changed_event_is_refused_by_the_folder_alone(alone: Alone, made: Made, tmp_path: Path) -> None:
    folder = unpacked(made.pack, tmp_path / "pack")
    event = folder / "events" / "17.json"
    event.write_bytes(event.read_bytes().replace(b"planner", b"officer"))
    refused = alone("verify", summed_anew(folder), "--policy", made.trail.folder / "policy")
    assert refused.returncode == 1
    assert refused.stdout.splitlines()[-1].startswith("NOT OK: events/17.json: ")


def test_what_cannot_be_read_is_refused_in_words(alone: Alone, made: Made, tmp_path: Path) -> None:
    nothing = alone("verify", tmp_path / "nowhere.zip", "--lang", "ko")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "감사 이력이나 증거 묶음을 찾지 못했습니다" in nothing.stderr
    told = alone("verify", made.pack, "--policy", tmp_path / "no policy", "--json")
    assert (told.returncode, json.loads(told.stdout)["error"]["name"]) == (1, "NotReadable")


def test_a_library_that_is_missing_is_named_and_one_that_is_not_needed_may_be(
    made: Made, tmp_path: Path
) -> None:
    few = Alone(tmp_path / "few", without=("structlog", "waitress", "urllib3", "rfc3161-client"))
    given = ("verify", made.pack, "--policy", made.trail.folder / "policy")
    assert few(*given).returncode == 0
    refused = few("witness", "serve", "--folder", tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "the library structlog is not there" in refused.stderr
    assert "라이브러리 structlog이(가) 없습니다" in refused.stderr


def test_a_module_of_its_own_that_is_missing_is_no_library(made: Made, tmp_path: Path) -> None:
    broken = Alone(tmp_path / "broken")
    (broken.program / "trail" / "verdict.py").unlink()
    ended = broken("verify", made.pack)
    assert (ended.returncode, "the library" in ended.stderr) == (1, False)
    assert "No module named 'trail.verdict'" in ended.stderr


def test_the_control_a_module_that_needs_another_room_does_not_run_alone(made: Made, tmp_path: Path) -> None:
    leaning = Alone(tmp_path / "leaning")
    verdict = leaning.program / "trail" / "verdict.py"
    verdict.write_text(verdict.read_text(encoding="utf-8") + "\nimport domain.errors\n", encoding="utf-8")
    refused = leaning("verify", made.pack)
    assert (refused.returncode, "the library domain is not there" in refused.stderr) == (2, True)


@contextmanager
def serving(alone: Alone, folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    words = ["witness", "serve", "--folder", str(folder), "--listen", "127.0.0.1:0", "--json"]
    with subprocess.Popen(
        [*alone.words, *words],
        cwd=alone.program,
        env=alone.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"], process
        finally:
            process.kill()


def sent(url: str, old: int, size: int) -> Reply:
    given = body(old, LOG_KEPT.note(size), LOG_KEPT.proof(old, size))
    return post(f"{url}/add-checkpoint", given, "text/plain", seconds=20, most=10_000)


def test_a_witness_is_made_serves_and_shows_evidence_by_the_folder_alone(
    alone: Alone, tmp_path: Path
) -> None:
    folder = tmp_path / "witness"
    at = ("--folder", folder)
    early = alone("witness", "serve", *at)
    assert (early.returncode, "witness init" in early.stderr) == (1, True)
    key = parse_vkey(alone("witness", "init", *at, "--name", "witness.example/1").stdout.strip())
    assert key.algorithm == COSIGNATURE
    assert alone("witness", "trust", *at, LOG_KEPT.vkey).returncode == 0
    with serving(alone, folder) as (url, process):
        reply = sent(url, 0, 5)
        note = Note(LOG_KEPT.note(5).text, signature_lines(reply.body.decode(), "answer"))
        assert (reply.status, key.signature_on(note) is not None) == (200, True)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=20)[1]
        assert (process.returncode, "witness_cosigned" in said) == (0, True)
    assert last_size(folder) == 5
    none = alone("witness", "evidence", *at)
    assert (none.returncode, none.stdout) == (0, "There is no evidence.\n")
    submit(folder, 5, 5, Log(LOG_KEPT.key, fork=3))
    shown = alone("witness", "evidence", *at, "--json")
    assert (shown.returncode, json.loads(shown.stdout)["evidence"][0]["evidence"]["kind"]) == (1, "two_roots")
