"""The witness's answer to a request: `POST /add-checkpoint`, `GET /HASH/checkpoint`, nothing else. It knows of no server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from trail.bilingual import DonghaengError
from trail.checkpoint import Checkpoint, parse_checkpoint
from trail.logs import Logger
from trail.note import Note, SignerKey
from trail.witness.evidence import keep
from trail.witness.judging import (
    PLAIN,
    Refused,
    Submission,
    judge,
    submission_of,
    two_roots,
    without_cosignatures,
)
from trail.witness.state import alone, load_seen, load_seen_by_hash, load_trusted_keys, remember

PATH = "/add-checkpoint"
MOST_BYTES = 262_144
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint")
_log = Logger()
_REASONS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Entity",
    500: "Internal Server Error",
}

Clock = Callable[[], float]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Response(msgspec.Struct, frozen=True):
    status: int
    body: str
    kind: str = PLAIN


def add_checkpoint(folder: Path, key: SignerKey, body: bytes, clock: Clock = time.time) -> Response:
    """Cosign what was posted, if it goes on from what was cosigned last. Raises Refused, NotRemembered, BadCheckpoint.

    Two at once, here or in another process, go one after the other. Whoever is killed after remembering and before
    answering is asked again by the log, with the size that it remembers, and signs the same checkpoint.
    """
    given = submission_of(body)
    own = without_cosignatures(given, load_trusted_keys(folder))
    origin = given.checkpoint.origin
    with alone(folder):
        last = load_seen(folder, origin)
        before = None if last is None else parse_checkpoint(last, "what was cosigned last", origin)
        at = int(clock())
        try:
            judge(given, before)
        except Refused as refused:
            _keep_evidence(folder, refused, at, given, own, last, before)
            raise
        signed = key.sign(given.note.text, at)
        remember(folder, origin, Note(own.text, (*own.signatures, signed)))
    _log.info("witness_cosigned", origin=origin, size=given.checkpoint.size)
    return Response(200, signed.line)


def checkpoint(folder: Path, key: SignerKey, origin_hash: str) -> Response:
    """The checkpoint that was cosigned last, by the log and by this witness. Raises Refused, NotRemembered.

    `origin_hash`: SHA-256 of the log's origin, hex. One that was remembered before cosignatures were kept beside it is
    not shown until the log asks again.
    """
    last = load_seen_by_hash(folder, origin_hash)
    if last is None or key.verifier.signature_on(last) is None:
        raise Refused(404, "nothing was cosigned for a log of this name")
    return Response(200, str(last))


def application(folder: Path, key: SignerKey, clock: Clock = time.time) -> Application:
    """A WSGI application."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        response = _answer(environ, folder, key, clock)
        body = response.body.encode()
        headers = [("Content-Type", response.kind), ("Content-Length", str(len(body)))]
        if response.status == 405:
            headers.append(("Allow", "POST" if environ.get("PATH_INFO") == PATH else "GET"))
        start(f"{response.status} {_REASONS[response.status]}", headers)
        return [body]

    return answer


def _answer(environ: dict[str, Any], folder: Path, key: SignerKey, clock: Clock) -> Response:
    try:
        path, method = environ.get("PATH_INFO") or "", environ.get("REQUEST_METHOD")
        asked = _CHECKPOINT.fullmatch(path)
        if path != PATH and asked is None:
            raise Refused(404, f"there is nothing here but {PATH} and /HASH/checkpoint")
        if method != ("POST" if asked is None else "GET"):
            raise Refused(405, "only POST" if asked is None else "only GET")
        if asked is not None:
            return checkpoint(folder, key, asked[1])
        return add_checkpoint(folder, key, _body(environ), clock)
    except Refused as refused:
        _log.info("witness_refused", status=refused.status, words=refused.words.strip())
        words = refused.words if refused.words.endswith("\n") else refused.words + "\n"
        return Response(refused.status, words, refused.kind)
    except DonghaengError as error:
        _log.error("witness_cannot_remember", error=error.say("en"))
    except Exception:
        _log.exception("witness_failed")
    return Response(500, "the witness cannot read or write what it remembers, and signs nothing\n")


def _body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > 15:
        raise Refused(400, "no length")
    if int(length) > MOST_BYTES:
        raise Refused(413, f"more than {MOST_BYTES} bytes")
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _keep_evidence(
    folder: Path,
    refused: Refused,
    at: int,
    given: Submission,
    own: Note,
    last: Note | None,
    before: Checkpoint | None,
) -> None:
    """Only what bears the log's valid signature comes here."""
    if two_roots(given.checkpoint, before):
        keep(folder, "two_roots", given.checkpoint.origin, at, given.old, given.proof, own, last)
    elif refused.status == 422 and last is not None:
        keep(folder, "unproven", given.checkpoint.origin, at, given.old, given.proof, own, last)
