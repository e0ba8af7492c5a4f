"""A log that the tests write, fork and roll back, and a witness's server in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from trail.checkpoint import Checkpoint
from trail.note import LOG, Note, SignerKey, new_key
from trail.tree import consistency_proof, leaf_hash, root_of
from trail.witness.app import Application, application
from trail.witness.state import KEY, key_of, make_witness, trust

ORIGIN = "donghaeng/test"


class Log:
    """Leaves, and checkpoints over the first of them. `fork`: from which leaf on it is another log."""

    def __init__(self, key: SignerKey | None = None, fork: int | None = None) -> None:
        self.key = key or new_key(ORIGIN, LOG)
        self._hashes = [
            leaf_hash(b"%d%s" % (number, b"" if fork is None or number < fork else b" forked"))
            for number in range(300)
        ]

    @property
    def vkey(self) -> str:
        return str(self.key.verifier)

    def note(self, size: int, *more: SignerKey) -> Note:
        text = Checkpoint(self.key.name, size, root_of(self._hashes[:size])).text
        return Note(text, tuple(key.sign(text) for key in (self.key, *more)))

    def proof(self, old: int, size: int) -> Sequence[bytes]:
        if old in (0, size):
            return []
        return consistency_proof(old, size, lambda low, high: root_of(self._hashes[low:high]))


class _Quiet(WSGIRequestHandler):
    def log_message(self, *said: object) -> None:
        pass


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def served(app: Application) -> Iterator[str]:
    """The URL of a WSGI application, served from threads of this process."""
    with make_server("127.0.0.1", 0, app, _Threads, _Quiet) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def witness(folder: Path, name: str, *logs: Log) -> Iterator[str]:
    """The URL of a witness that trusts these logs."""
    if not (folder / KEY).exists():
        make_witness(folder, name)
    for log in logs:
        trust(folder, log.vkey)
    with served(application(folder, key_of(folder))) as url:
        yield url
