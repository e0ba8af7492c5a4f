"""A witness's answers: every status of the specification, what it remembers, and what it keeps as evidence."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.workers.sealing.forked_logs import ORIGIN, Log
from trail.files import HALF
from trail.locks import hold_lock
from trail.note import COSIGNATURE, LOG, Note, new_key, signature_lines
from trail.tree import EMPTY_ROOT
from trail.witness import evidence, state
from trail.witness.app import MOST_BYTES, Response, application
from trail.witness.errors import NotAKeyForThis, NotRemembered, WitnessIsHere
from trail.witness.evidence import describe_evidence, load_evidence
from trail.witness.judging import SIZE
from trail.witness.state import key_of, load_seen, load_trusted_keys, make_witness, trust

NOW = 1_710_000_000
LOG_KEPT = Log()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "witness"
    make_witness(made, "witness.example/1")
    trust(made, LOG_KEPT.vkey)
    return made


def ask(folder: Path, body: bytes, method: str = "POST", path: str = "/add-checkpoint") -> Response:
    """Through the WSGI application, as a server would."""
    started: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    app = application(folder, key_of(folder), lambda: NOW + 0.9)
    said = b"".join(app(environ, lambda *given: started.append(given)))
    (status, _), kinds = started[0], dict(started[0][1])
    assert kinds["Content-Length"] == str(len(said))
    return Response(int(status[:3]), said.decode(), kinds["Content-Type"])


def body(old: int, note: Note, proof: Sequence[bytes] = ()) -> bytes:
    lines = "".join(base64.b64encode(one).decode() + "\n" for one in proof)
    return f"old {old}\n{lines}\n{note}".encode()


def submit(folder: Path, old: int, size: int, log: Log = LOG_KEPT) -> Response:
    return ask(folder, body(old, log.note(size), log.proof(old, size)))


def last_size(folder: Path) -> int:
    found = load_seen(folder, ORIGIN)
    return 0 if found is None else int(found.text.split("\n")[1])


def test_a_log_is_cosigned_as_it_grows(folder: Path) -> None:
    for old, size in ((0, 5), (5, 8), (8, 8), (8, 300)):
        response = submit(folder, old, size)
        assert response.status == 200
        note = LOG_KEPT.note(size)
        signature = key_of(folder).verifier.signature_on(
            Note(note.text, signature_lines(response.body, "answer"))
        )
        assert signature is not None
        assert signature.at == NOW
        assert last_size(folder) == size
    assert load_evidence(folder) == []


def shown(folder: Path, origin: str = ORIGIN) -> Response:
    return ask(folder, b"", "GET", f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")


def test_who_watches_gets_the_checkpoint_that_was_cosigned_last_with_that_cosignature(folder: Path) -> None:
    assert shown(folder).status == 404
    for old, size in ((0, 5), (5, 8)):
        line = submit(folder, old, size).body
        assert shown(folder) == Response(200, f"{LOG_KEPT.note(size)}{line}")
    submit(folder, 8, 12, Log(LOG_KEPT.key, fork=3))  # what was refused is not shown
    assert shown(folder).body == f"{LOG_KEPT.note(8)}{line}"
    assert shown(folder, "another/log").status == 404


def test_what_was_remembered_without_its_cosignature_is_shown_once_the_log_asks_again(folder: Path) -> None:
    submit(folder, 0, 5)
    [path] = (folder / "seen").iterdir()
    path.write_text(str(LOG_KEPT.note(5)))  # as a witness of before wrote it
    assert shown(folder).status == 404
    assert submit(folder, 5, 5).status == 200
    assert shown(folder).status == 200


def test_an_empty_log_is_cosigned_and_grows(folder: Path) -> None:
    assert submit(folder, 0, 0).status == 200
    assert submit(folder, 0, 7).status == 200
    assert Log().note(0).text.split("\n")[2] == base64.b64encode(EMPTY_ROOT).decode()


def test_a_log_that_nobody_knows_is_not_found(folder: Path) -> None:
    assert submit(folder, 0, 5, Log(new_key("another/log"))).status == 404


def test_what_no_trusted_key_signed_is_forbidden(folder: Path) -> None:
    assert submit(folder, 0, 5, Log(new_key(ORIGIN, LOG))).status == 403
    note = LOG_KEPT.note(5)
    other = Note(LOG_KEPT.note(6).text, note.signatures)  # a signature of another checkpoint
    assert ask(folder, body(0, other)).status == 403
    assert load_seen(folder, ORIGIN) is None


def test_a_wrong_line_by_a_trusted_key_is_forbidden_also_beside_a_right_one(folder: Path) -> None:
    note, [wrong] = LOG_KEPT.note(5), LOG_KEPT.note(6).signatures
    for lines in ((*note.signatures, wrong), (wrong, *note.signatures)):
        assert ask(folder, body(0, Note(note.text, lines))).status == 403
    assert load_seen(folder, ORIGIN) is None
    unknown = new_key("somebody/else").sign("another text\n")  # the control: of unknown keys nothing is asked
    assert ask(folder, body(0, Note(note.text, (*note.signatures, unknown)))).status == 200


def test_an_empty_log_has_the_root_of_the_empty_tree(folder: Path) -> None:
    text = LOG_KEPT.note(0).text.replace(base64.b64encode(EMPTY_ROOT).decode(), "A" * 43 + "=")
    note = Note(text, (LOG_KEPT.key.sign(text),))
    assert ask(folder, body(0, note)).status == 422
    assert load_seen(folder, ORIGIN) is None
    assert load_evidence(folder) == []


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"\n\n",
        b"old 0",
        b"\xff\xfe" * 500,
        b"new 0\n\n" + str(LOG_KEPT.note(5)).encode(),
        b"old 00\n\n" + str(LOG_KEPT.note(5)).encode(),
        b"old -1\n\n" + str(LOG_KEPT.note(5)).encode(),
        b"old " + b"9" * 5000 + b"\n\n" + str(LOG_KEPT.note(5)).encode(),
        b"old 0\r\n\r\n" + str(LOG_KEPT.note(5)).encode(),
        b"old 0\nnot base64\n\n" + str(LOG_KEPT.note(5)).encode(),
        b"old 0\nAAAA\n\n" + str(LOG_KEPT.note(5)).encode(),
        b"old 0\n\nno checkpoint\n",
        b"old 0\n\n" + LOG_KEPT.note(5).text.encode(),
        b"old 0\n\n" + str(LOG_KEPT.note(5)).encode()[:-1],
        body(5, LOG_KEPT.note(5), [b"x" * 32] * 64),
        body(6, LOG_KEPT.note(5)),
        body(0, LOG_KEPT.note(5, *(new_key("more") for _ in range(64)))),
    ],
)
def test_what_is_malformed_is_a_bad_request(folder: Path, given: bytes) -> None:
    response = ask(folder, given)
    assert (response.status, "Traceback" in response.body) == (400, False)
    assert load_seen(folder, ORIGIN) is None


def test_sixteen_signatures_of_others_are_no_hindrance(folder: Path) -> None:
    assert ask(folder, body(0, LOG_KEPT.note(5, *(new_key("more") for _ in range(16))))).status == 200
    kept = load_seen(folder, ORIGIN)
    assert kept is not None
    assert len(kept.signatures) == 2  # of which only the log's own is remembered, with the cosignature
    assert str(kept).startswith(str(LOG_KEPT.note(5)))


def test_who_does_not_know_what_was_cosigned_is_told_its_size(folder: Path) -> None:
    submit(folder, 0, 8)
    for old, size in ((0, 9), (5, 9), (9, 12), (5, 5), (0, 8)):
        response = submit(folder, old, size)
        assert (response.status, response.body, response.kind) == (409, "8\n", SIZE)
    assert last_size(folder) == 8
    assert load_evidence(folder) == []


def test_another_root_of_the_same_size_is_unprocessable_and_kept_as_proof(folder: Path) -> None:
    fork = Log(LOG_KEPT.key, fork=3)
    submit(folder, 0, 8)
    response = submit(folder, 8, 8, fork)
    assert (response.status, response.kind) == (422, "text/plain; charset=utf-8")
    submit(folder, 5, 8, fork)  # the same again, asked in another way
    [(_, found)] = load_evidence(folder)
    assert found is not None
    assert (found.kind, found.refused, found.kept) == (
        "two_roots",
        str(fork.note(8)),
        str(load_seen(folder, ORIGIN)),
    )
    assert "two different pasts" in describe_evidence(found).en
    assert "서로 다른 과거" in describe_evidence(found).ko
    assert str(load_seen(folder, ORIGIN)).startswith(str(LOG_KEPT.note(8)))


def test_a_fork_that_shows_itself_with_a_wrong_old_size_is_kept_too(folder: Path) -> None:
    submit(folder, 0, 8)
    assert submit(folder, 0, 8, Log(LOG_KEPT.key, fork=3)).kind == SIZE
    assert [one.kind for _, one in load_evidence(folder) if one] == ["two_roots"]


def test_a_proof_that_does_not_lead_there_is_unprocessable_and_kept(folder: Path) -> None:
    submit(folder, 0, 8)
    assert submit(folder, 8, 12, Log(LOG_KEPT.key, fork=3)).status == 422
    assert ask(folder, body(8, LOG_KEPT.note(11))).status == 422
    assert ask(folder, body(8, LOG_KEPT.note(8), [b"x" * 32])).status == 422
    found = [one for _, one in load_evidence(folder) if one]
    assert {one.kind for one in found} == {"unproven"}
    assert all("Ask its operator" in describe_evidence(one).en for one in found)
    assert last_size(folder) == 8


def test_a_proof_from_nothing_must_be_empty(folder: Path) -> None:
    assert ask(folder, body(0, LOG_KEPT.note(5), [b"x" * 32])).status == 422
    assert load_evidence(folder) == []


def test_what_an_outsider_sends_is_never_evidence(folder: Path) -> None:
    submit(folder, 0, 8)
    submit(folder, 8, 8, Log(new_key(ORIGIN, LOG), fork=3))
    assert load_evidence(folder) == []


def test_evidence_is_bounded_and_the_first_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST", 3)
    submit(folder, 0, 8)
    for fork in range(6):
        submit(folder, 8, 8, Log(LOG_KEPT.key, fork=fork))
    assert len(load_evidence(folder)) == 3
    assert evidence.is_full(folder, "two_roots")
    assert submit(folder, 8, 9, Log(LOG_KEPT.key, fork=3)).status == 422  # of the other kind there is room
    assert len(load_evidence(folder)) == 4


def test_evidence_is_forced_to_the_disk_and_a_half_of_it_is_in_nobodys_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(folder, 0, 8)
    forced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: forced.append(os.readlink(f"/proc/self/fd/{handle}")))
    submit(folder, 8, 8, Log(LOG_KEPT.key, fork=3))
    [(path, found)] = load_evidence(folder)
    assert forced == [f"{path}{HALF}", str(path.parent)]
    path.unlink()
    path.with_name(path.name + HALF).write_bytes(b'{"kind":"two_r')  # the power went
    assert load_evidence(folder) == []
    submit(folder, 8, 8, Log(LOG_KEPT.key, fork=3))
    assert load_evidence(folder) == [(path, found)]


def test_evidence_that_cannot_be_written_keeps_nobody_from_an_answer(folder: Path) -> None:
    (folder / evidence.FOLDER).write_text("in the way")
    submit(folder, 0, 8)
    assert submit(folder, 8, 8, Log(LOG_KEPT.key, fork=3)).status == 422


def test_only_what_the_specification_names_is_answered(folder: Path) -> None:
    assert ask(folder, b"", "GET").status == 405
    assert ask(folder, b"", "GET", "/").status == 404
    assert ask(folder, b"", "POST", "/../witness.key").status == 404
    hashed = hashlib.sha256(ORIGIN.encode()).hexdigest()
    assert ask(folder, b"", "POST", f"/{hashed}/checkpoint").status == 405
    for path in (f"/{hashed.upper()}/checkpoint", f"/{hashed}", f"/{hashed}/checkpoint/", "/../checkpoint"):
        assert ask(folder, b"", "GET", path).status == 404
    assert ask(folder, b"x" * (MOST_BYTES + 1)).status == 413


def test_a_log_that_changes_its_key_is_cosigned_by_either(folder: Path) -> None:
    new = Log(new_key(ORIGIN, LOG))
    assert submit(folder, 0, 5).status == 200
    assert submit(folder, 5, 8, new).status == 403
    trust(folder, new.vkey)
    assert len(load_trusted_keys(folder)[ORIGIN]) == 2
    assert submit(folder, 5, 8, new).status == 200
    assert ask(folder, body(8, LOG_KEPT.note(9, new.key), LOG_KEPT.proof(8, 9))).status == 200
    kept = load_seen(folder, ORIGIN)
    assert kept is not None
    assert len(kept.signatures) == 3
    assert submit(folder, 9, 12).status == 200


def test_its_lock_is_waited_for_with_a_limit_and_who_holds_it_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "LOCK_SECONDS", 0.2)
    with hold_lock(folder / "lock", 1), capture_logs() as lines:
        assert submit(folder, 0, 3).status == 500
    (said,) = (one["error"] for one in lines if one["event"] == "witness_cannot_remember")
    assert f"pid {os.getpid()}" in said
    assert submit(folder, 0, 3).status == 200, "the control: it was the lock alone"


def test_two_logs_are_remembered_each_by_itself(folder: Path) -> None:
    other = Log(new_key("other/log"))
    trust(folder, other.vkey)
    assert [submit(folder, 0, 8).status, submit(folder, 0, 5, other).status] == [200, 200]
    assert [submit(folder, 8, 9).status, submit(folder, 5, 6, other).status] == [200, 200]


def test_nothing_is_signed_that_could_not_be_remembered(folder: Path) -> None:
    submit(folder, 0, 5)
    (folder / "seen").rename(folder / "elsewhere")
    (folder / "seen").write_text("no folder")
    response = submit(folder, 5, 8)
    assert response.status == 500
    assert "—" not in response.body
    (folder / "seen").unlink()
    (folder / "elsewhere").rename(folder / "seen")
    assert last_size(folder) == 5
    assert submit(folder, 5, 8).status == 200


@pytest.mark.parametrize("spoiled", ["", "garbage", "donghaeng/test\n5\n"])
def test_what_was_remembered_and_is_spoiled_is_not_taken_for_nothing(folder: Path, spoiled: str) -> None:
    submit(folder, 0, 5)
    [path] = (folder / "seen").iterdir()
    path.write_text(spoiled)
    assert submit(folder, 0, 5, Log(LOG_KEPT.key, fork=1)).status == 500
    with pytest.raises(NotRemembered):
        load_seen(folder, ORIGIN)


def test_a_write_that_was_cut_off_leaves_the_checkpoint_before(folder: Path) -> None:
    submit(folder, 0, 5)
    [path] = (folder / "seen").iterdir()
    path.with_name(f"{path.name}.new").write_text("donghaeng/te")  # killed while it wrote
    assert submit(folder, 5, 8).status == 200
    assert last_size(folder) == 8


def test_who_was_killed_before_answering_signs_the_same_again(folder: Path) -> None:
    submit(folder, 0, 5)
    submit(folder, 5, 8)  # this answer got lost
    again = submit(folder, 5, 8)
    assert (again.status, again.body) == (409, "8\n")
    assert submit(folder, 8, 8).status == 200


def test_of_requests_at_once_each_is_judged_by_what_the_one_before_left(folder: Path) -> None:
    submit(folder, 0, 5)
    forks = [Log(LOG_KEPT.key, fork=number) for number in range(5, 13)]
    answers: list[int] = []
    threads = [
        Thread(target=lambda log=log: answers.append(submit(folder, 5, 20, log).status)) for log in forks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 7


def test_keys_are_for_their_use_and_are_never_overwritten(folder: Path) -> None:
    assert (folder / "witness.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(WitnessIsHere):
        make_witness(folder, "another")
    with pytest.raises(NotAKeyForThis):
        trust(folder, str(new_key("some", COSIGNATURE).verifier))
    trust(folder, LOG_KEPT.vkey)
    assert (folder / "trusted").read_text() == f"{LOG_KEPT.vkey}\n"
    (folder / "witness.key").write_text(new_key("log", LOG).encode())
    with pytest.raises(NotAKeyForThis):
        key_of(folder)
