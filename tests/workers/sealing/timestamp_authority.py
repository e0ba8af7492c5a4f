"""A real timestamp authority: openssl makes its certificates and its answers, behind a small server on loopback."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

_SETTINGS = """
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
[tsa]
serial = ./serial
signer_cert = ./stamper.crt
signer_key = ./stamper.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256,sha384,sha512
ess_cert_id_alg = sha256
{more}
"""


class Authority:
    """`url`: where it stamps; `certificate`: its root, PEM; the paths beside it answer wrongly, each in its way.

    `days`: how long its stamping certificate holds; a negative number: expired. `chain`: it sends its root along.
    """

    def __init__(self, folder: Path, name: str = "authority", days: int = 30, *, chain: bool = False) -> None:
        self.folder, self.url = folder, ""
        self.over = Event()
        self._alone = Lock()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings").write_text(_SETTINGS.format(more="certs = ./root.crt" if chain else ""))
        (folder / "serial").write_text("01")
        curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config settings"
        self._openssl(
            f"req -x509 {curve} -days 60 -subj /CN={name} -extensions root -keyout root.key -out root.crt"
        )
        self._openssl(f"req {curve} -subj /CN={name}-stamper -keyout stamper.key -out stamper.csr")
        self._openssl(
            "x509 -req -in stamper.csr -CA root.crt -CAkey root.key -CAcreateserial "
            f"-extfile settings -extensions stamper -days {days} -out stamper.crt"
        )
        self.certificate = (folder / "root.crt").read_bytes()

    def answer(self, query: bytes) -> bytes:
        with self._alone:
            (self.folder / "query").write_bytes(query)
            self._openssl("ts -reply -config settings -section tsa -queryfile query -out answer", check=False)
            return (self.folder / "answer").read_bytes()

    def verified_by_openssl(self, token: bytes, data: bytes) -> bool:
        """Whether `openssl ts -verify` accepts the token."""
        (self.folder / "token").write_bytes(token)
        (self.folder / "data").write_bytes(data)
        done = self._openssl("ts -verify -data data -in token -token_in -CAfile root.crt", check=False)
        return done.returncode == 0 and b"Verification: OK" in done.stdout

    def _openssl(self, words: str, *, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["openssl", *words.split()], cwd=self.folder, check=check, capture_output=True, timeout=30
        )


@contextmanager
def authority(
    folder: Path, name: str = "authority", days: int = 30, *, chain: bool = False
) -> Iterator[Authority]:
    """An authority that answers on loopback until the end."""
    made = Authority(folder, name, days, chain=chain)
    kept: list[bytes] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            good = self.headers["Content-Type"] == "application/timestamp-query"
            body = made.answer(query)
            kept.append(body)
            match self.path:
                case "/garbage":
                    body = b"\x30\x82garbage" * 50
                case "/empty":
                    body = b""
                case "/endless":
                    body = b"\x30" * 5_000_000
                case "/replayed":
                    body = kept[0]
                case "/refused":
                    body = made.answer(b"no query")
                case "/hang":
                    made.over.wait()
            moved = self.path == "/moved"
            self.send_response(302 if moved else 200 if good else 400)
            if moved:
                self.send_header("Location", "/")
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # of who has seen enough
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_port}/"
        try:
            yield made
        finally:
            made.over.set()
            server.shutdown()
            thread.join()
