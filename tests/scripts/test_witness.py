"""`donghaeng witness …` as an audit office types it; no server is needed for any of it."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest
import structlog
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from scripts.cli.main import app
from tests.scripts.test_command_line import refused
from tests.trail.witness.test_answers import body, submit
from tests.workers.sealing.forked_logs import ORIGIN, Log
from trail.note import COSIGNATURE, new_key, parse_vkey, signature_lines
from trail.witness.app import add_checkpoint
from trail.witness.state import key_of, load_trusted_keys

LOG_KEPT = Log()
NAME = "audit.example/witness"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("DONGHAENG_DATA", "/nowhere")
    monkeypatch.delenv("LC_ALL", raising=False)
    return tmp_path / "witness"


def typed(*words: str, folder: Path | None = None) -> Result:
    given = ["witness", *words, *(("--folder", str(folder)) if folder else ())]
    result = CliRunner().invoke(app, given)
    structlog.reset_defaults()  # its log lines went to a stderr that is gone
    return result


def test_a_witness_is_made_and_trusts_a_log(folder: Path) -> None:
    made = typed("init", "--name", NAME, folder=folder)
    assert made.exit_code == 0, made.output
    key = parse_vkey(made.stdout.strip())
    assert (key.name, key.algorithm, key) == (NAME, COSIGNATURE, key_of(folder).verifier)
    for _ in range(2):
        assert typed("trust", LOG_KEPT.vkey, folder=folder).exit_code == 0
    assert load_trusted_keys(folder) == {ORIGIN: (LOG_KEPT.key.verifier,)}


def test_what_cannot_be_is_refused_in_words(folder: Path) -> None:
    refused(typed(), 2, "--folder")
    refused(typed(folder=folder), 1, "witness init")
    refused(typed("trust", LOG_KEPT.vkey, folder=folder), 1, "witness init")
    refused(typed("init", "--name", "two words", folder=folder), 1, "cannot be a key's name")
    refused(typed("init", "--name", NAME, folder=Path("/proc/witness")), 3, "cannot be used")
    typed("init", "--name", NAME, folder=folder)
    refused(typed("init", "--name", "another", folder=folder), 1, NAME, "never overwritten")
    refused(typed("--name", "another", folder=folder), 1, NAME)
    refused(typed("--listen", "nowhere", folder=folder), 1, "HOST:PORT")
    refused(typed("trust", "garbage", folder=folder), 1, "form of a key")
    refused(typed("trust", str(new_key("x", COSIGNATURE).verifier), folder=folder), 1, "no log's key")


def test_evidence_is_told_in_either_language(folder: Path) -> None:
    typed("init", "--name", NAME, folder=folder)
    typed("trust", LOG_KEPT.vkey, folder=folder)
    nothing = typed("evidence", folder=folder)
    assert (nothing.exit_code, nothing.stdout) == (0, "There is no evidence.\n")
    fork = Log(LOG_KEPT.key, fork=3)
    submit(folder, 0, 8, LOG_KEPT)
    submit(folder, 8, 8, fork)
    submit(folder, 8, 12, fork)
    shown = typed("evidence", folder=folder)
    assert shown.exit_code == 1
    assert "two different pasts" in shown.stdout
    assert "Ask its operator for the consistency proof" in shown.stdout
    assert "서로 다른 과거" in typed("evidence", "--lang", "ko", folder=folder).stdout
    found = json.loads(typed("evidence", "--json", folder=folder).stdout)["evidence"]
    assert {one["evidence"]["kind"] for one in found} == {"two_roots", "unproven"}
    (folder / "evidence" / "two_roots-x.json").write_text("garbage")
    assert "The file cannot be read." in typed("evidence", folder=folder).stdout


def test_openssl_agrees_with_a_cosignature(folder: Path, tmp_path: Path) -> None:
    typed("init", "--name", NAME, folder=folder)
    typed("trust", LOG_KEPT.vkey, folder=folder)
    note = LOG_KEPT.note(8)
    response = add_checkpoint(folder, key_of(folder), body(0, note), lambda: 1_710_000_000.5)
    [signature] = signature_lines(response.body, "answer")
    raw = base64.b64decode(response.body.split(" ")[2])
    assert raw[4:12] == (1_710_000_000).to_bytes(8, "big")
    (tmp_path / "said").write_bytes(b"cosignature/v1\ntime 1710000000\n" + note.text.encode())
    (tmp_path / "signature").write_bytes(raw[12:])
    public = Ed25519PublicKey.from_public_bytes(key_of(folder).verifier.raw)
    (tmp_path / "key").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    words = "openssl pkeyutl -verify -pubin -inkey key -rawin -in said -sigfile signature"
    done = subprocess.run(words.split(), check=False, cwd=tmp_path, capture_output=True)
    assert (done.returncode, signature.name) == (0, NAME), done
