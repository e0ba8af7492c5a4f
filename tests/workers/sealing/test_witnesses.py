"""Asking witnesses: real ones, and servers that hang, babble, redirect, or sign something else."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.workers.sealing.forked_logs import ORIGIN, Log, served, witness
from trail.note import COSIGNATURE, LOG, Note, SignerKey, new_key
from trail.policy import Policy, parse_policy
from trail.witness.app import Application
from trail.witness.evidence import load_evidence
from trail.witness.state import key_of, make_witness
from workers.sealing.witnesses import CLOCKS_APART, Answer, ask_all, keep_sizes, load_sizes, sizes_after

LOG_KEPT = Log()
KEY = new_key("witness.example/odd", COSIGNATURE)


def policy(log: Log, *witnesses: tuple[str, str, str]) -> Policy:
    """`witnesses`: name, vkey, URL; one of them is enough."""
    lines = [f"log {log.vkey}"] + [f"witness {name} {vkey} {url}" for name, vkey, url in witnesses]
    names = " ".join(name for name, _, _ in witnesses)
    return parse_policy("\n".join([*lines, f"group g 1 {names}", "quorum g"]))


def asked(
    log: Log, size: int, url: str, key: SignerKey = KEY, known: int = 0, seconds: float = 5.0
) -> Answer:
    """The answer of one witness."""
    one = policy(log, ("w", str(key.verifier), url))
    [answer] = ask_all(one, log.note(size), {"w": known}, lambda old: log.proof(old, size), seconds)
    assert answer.words.ko
    assert answer.words.en
    return answer


def says(status: int, body: bytes, kind: str = "text/plain", **headers: str) -> Application:
    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start(f"{status} X", [("Content-Type", kind), *headers.items()])
        return [body]

    return app


def signs(text: str, key: SignerKey = KEY, late: int = 0) -> Application:
    """`late`: seconds by which its clock is, when it is asked."""

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return says(200, key.sign(text, int(time.time()) + late).line.encode())(environ, start)

    return app


def test_all_witnesses_cosign_a_log_that_grows(tmp_path: Path) -> None:
    with ExitStack() as stack:
        rows = []
        for name in ("a", "b", "c"):
            url = stack.enter_context(witness(tmp_path / name, f"witness.example/{name}", LOG_KEPT))
            rows.append((name, str(key_of(tmp_path / name).verifier), url))
        one, known = policy(LOG_KEPT, *rows), {}
        for size in (5, 8, 8, 300):
            note = LOG_KEPT.note(size)
            answers = ask_all(one, note, known, lambda old, size=size: LOG_KEPT.proof(old, size))
            assert [(a.witness, a.problem, a.size) for a in answers] == [(n, None, size) for n in "abc"]
            whole = note.with_lines(a.signature for a in answers if a.signature)
            assert [w.name for w in one.witnesses_on(whole)] == ["a", "b", "c"]
            known = sizes_after(known, answers)
        assert known == {"a": 300, "b": 300, "c": 300}


def test_a_witness_that_is_behind_is_asked_again_from_where_it_is(tmp_path: Path) -> None:
    with witness(tmp_path / "w", "witness.example/w", LOG_KEPT) as url:
        key = key_of(tmp_path / "w")
        assert asked(LOG_KEPT, 5, url, key).problem is None
        for known in (0, 7, 300):  # what we believe is wrong each time
            answer = asked(LOG_KEPT, 20, url, key, known)
            assert (answer.problem, answer.size) == (None, 20)


def test_a_log_that_was_rolled_back_is_told_so(tmp_path: Path) -> None:
    with witness(tmp_path / "w", "witness.example/w", LOG_KEPT) as url:
        key = key_of(tmp_path / "w")
        asked(LOG_KEPT, 20, url, key)
        for known in (0, 12, 20):
            answer = asked(LOG_KEPT, 12, url, key, known)
            assert (answer.problem, answer.size, answer.signature) == ("ahead", 20, None)
        assert "rolled back" in answer.words.en


@pytest.mark.parametrize("size", [20, 30])
def test_a_log_with_another_past_is_told_so_and_leaves_evidence(tmp_path: Path, size: int) -> None:
    fork = Log(LOG_KEPT.key, fork=3)
    with witness(tmp_path / "w", "witness.example/w", LOG_KEPT) as url:
        key = key_of(tmp_path / "w")
        asked(LOG_KEPT, 20, url, key)
        for known in (0, 20):
            answer = asked(fork, size, url, key, known)
            assert (answer.problem, answer.signature) == ("forked", None)
        assert len(load_evidence(tmp_path / "w")) == 1


def test_a_witness_that_does_not_know_the_log_refuses(tmp_path: Path) -> None:
    with witness(tmp_path / "w", "witness.example/w") as url:
        answer = asked(LOG_KEPT, 5, url, key_of(tmp_path / "w"))
        assert (answer.problem, "404" in answer.words.en) == ("unknown", True)


def test_a_witness_with_another_key_than_the_policys_is_not_believed(tmp_path: Path) -> None:
    with witness(tmp_path / "w", KEY.name, LOG_KEPT) as url:
        assert asked(LOG_KEPT, 5, url, KEY).problem == "garbage"


def test_a_witness_that_is_away_is_told_as_such() -> None:
    for url in ("http://127.0.0.1:1", "http://no.such.host.invalid", "ftp://127.0.0.1/x", "http://[x", "x"):
        assert asked(LOG_KEPT, 5, url).problem == "away"
    with served(says(503, b"later")) as url:
        assert asked(LOG_KEPT, 5, url).problem == "away"


NOTE = LOG_KEPT.note(5)


@pytest.mark.parametrize(
    "app",
    [
        says(200, b""),
        says(200, b"ok"),
        says(200, b"\xff" * 100),
        says(200, b"x" * 10_000_000),
        says(204, b""),
        says(302, b"", Location="http://127.0.0.1:1/"),
        says(307, b"", Location="/add-checkpoint"),
        signs(LOG_KEPT.note(6).text),
        signs(NOTE.text, new_key(KEY.name, COSIGNATURE)),
        signs(NOTE.text, new_key(KEY.name, LOG)),
        signs(NOTE.text, late=CLOCKS_APART + 60),
        signs(NOTE.text, late=-CLOCKS_APART - 60),
        says(200, new_key(KEY.name, LOG).sign(NOTE.text).line.encode()),
    ],
)
def test_what_is_no_cosignature_of_this_checkpoint_is_garbage(app: Application) -> None:
    with served(app) as url:
        answer = asked(LOG_KEPT, 5, url)
        assert (answer.problem, answer.signature) == ("garbage", None)


def test_its_own_cosignature_is_taken_from_between_others() -> None:
    """The control of the one before: with the right text, key and time it is taken."""
    lines = new_key("other", COSIGNATURE).sign(NOTE.text, 1).line + KEY.sign(NOTE.text, int(time.time())).line
    with served(says(200, lines.encode())) as url:
        answer = asked(LOG_KEPT, 5, url)
        assert answer.problem is None
        assert answer.signature is not None
        assert KEY.verifier.signature_on(Note(NOTE.text, (answer.signature,)))


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"5\n", "text/x.tlog.size", "refused"),  # what we have just sent
        (b"0\n", "text/x.tlog.size", "refused"),
        (b"3\n", "text/x.tlog.size", "refused"),  # and says so again when it is asked from there
        (b"-1\n", "text/x.tlog.size", "forked"),
        (b"9" * 400, "text/x.tlog.size", "forked"),
        (b"no number", "text/x.tlog.size", "forked"),
        (b"6\n", "text/x.tlog.size; charset=utf-8", "ahead"),
    ],
)
def test_a_conflict_is_read_with_care(body: bytes, kind: str, problem: str) -> None:
    with served(says(409, body, kind)) as url:
        assert asked(LOG_KEPT, 5, url, known=5).problem == problem


def test_who_hangs_or_drips_keeps_nobody_waiting(tmp_path: Path) -> None:
    over = Event()

    def drips(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        while not over.wait(0.02):
            yield b"x"

    def hangs(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        over.wait()
        return says(200, b"late")(environ, start)

    make_witness(tmp_path / "w", "witness.example/w")
    vkey = str(key_of(tmp_path / "w").verifier)
    with (
        served(hangs) as slow,
        served(drips) as dripping,
        witness(tmp_path / "w", "witness.example/w", LOG_KEPT) as url,
    ):
        hanging, drip = (str(new_key(name, COSIGNATURE).verifier) for name in ("hanging", "drip"))
        one = policy(LOG_KEPT, ("h", hanging, slow), ("d", drip, dripping), ("w", vkey, url))
        try:
            # whoever waited for them would wait for ever
            answers = ask_all(one, NOTE, {}, lambda old: LOG_KEPT.proof(old, 5), 1.0)
        finally:
            over.set()
        assert [answer.problem for answer in answers] == ["away", "away", None]


def test_what_a_witness_says_is_told_without_its_control_characters() -> None:
    with served(says(403, "\x1b[31m붉은 {글}\n".encode())) as url, capture_logs() as logs:
        answer = asked(LOG_KEPT, 5, url)
    assert answer.problem == "refused"
    assert "\x1b" not in answer.words.say("ko")
    assert [line["event"] for line in logs] == ["witness_did_not_sign"]


def test_a_proof_that_cannot_be_made_is_our_own_fault_and_is_raised() -> None:
    def broken(old: int) -> list[bytes]:
        raise FileNotFoundError("tile/0/000")

    with served(says(409, b"3\n", "text/x.tlog.size")) as url, pytest.raises(FileNotFoundError):
        ask_all(policy(LOG_KEPT, ("w", str(KEY.verifier), url)), NOTE, {}, broken)


def test_a_policy_without_addresses_asks_nobody() -> None:
    one = parse_policy(f"log {LOG_KEPT.vkey}\nwitness w {KEY.verifier}\nquorum w")
    assert ask_all(one, NOTE, {}, lambda old: []) == []


def test_how_far_each_witness_saw_is_kept(tmp_path: Path) -> None:
    assert load_sizes(tmp_path) == {}
    keep_sizes(tmp_path, {"a": 5, "b": 8})
    assert load_sizes(tmp_path) == {"a": 5, "b": 8}
    (tmp_path / "witnesses.json").write_text("garbage")
    assert load_sizes(tmp_path) == {}


def test_the_bytes_that_are_sent_are_those_of_the_specification() -> None:
    came: list[tuple[str, bytes]] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        came.append((environ["PATH_INFO"], environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
        start("403 X", [])
        return [b""]

    with served(app) as url:
        asked(LOG_KEPT, 8, url + "/some/prefix/", known=5)
    proof = "".join(base64.b64encode(one).decode() + "\n" for one in LOG_KEPT.proof(5, 8))
    assert came == [
        ("/some/prefix/add-checkpoint", f"old 5\n{proof}\n{LOG_KEPT.note(8)}".encode()),
    ]
    assert ORIGIN in came[0][1].decode()
