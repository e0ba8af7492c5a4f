"""A sealed trail in a folder with keys of the tests' own, as the sealer lays it out; and a timestamp authority by openssl."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from store.log import Store
from trail.checkpoint import Checkpoint
from trail.growing import grow, tiles_in
from trail.leaf import leaf_of
from trail.note import COSIGNATURE, Note, SignerKey, new_key

_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Test authority
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[authority]
serial = {folder}/serial
signer_cert = {folder}/tsa.crt
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
"""


class SealedTrail:
    """`log`, `witnesses`: the keys; `folder`: what the sealer would have in `<data>/trail`."""

    def __init__(self, folder: Path, origin: str, witnesses: int = 3, quorum: int = 2) -> None:
        self.folder, self.size = folder, 0
        self.log = new_key(origin)
        self.witnesses = [new_key(f"witness.example/{number}", COSIGNATURE) for number in range(witnesses)]
        folder.mkdir(parents=True)
        (folder / "policy").write_text(self.policy(quorum))

    def policy(self, quorum: int = 2) -> str:
        lines = [f"log {self.log.verifier}"]
        lines += [f"witness w{number} {key.verifier}" for number, key in enumerate(self.witnesses)]
        if quorum:
            names = " ".join(f"w{number}" for number in range(len(self.witnesses)))
            lines += [f"group any-{quorum} {quorum} {names}", f"quorum any-{quorum}"]
        else:
            lines.append("quorum none")
        return "".join(f"{line}\n" for line in lines)

    def grow(self, leaves: Iterable[bytes]) -> None:
        self.size = grow(self.folder, self.size, leaves)

    def note(self, signers: Sequence[SignerKey] | None = None, at: int | None = None) -> Note:
        """The checkpoint of the present tree; `signers`: of the witnesses, by default two."""
        text = Checkpoint(self.log.name, self.size, tiles_in(self.folder, self.size).root()).text
        return self.cosigned(text, signers, at)

    def cosigned(self, text: str, signers: Sequence[SignerKey] | None = None, at: int | None = None) -> Note:
        now = int(time.time()) if at is None else at
        by = self.witnesses[:2] if signers is None else signers
        return Note(text, (self.log.sign(text), *(key.sign(text, now) for key in by)))

    def publish(self, note: Note) -> None:
        (self.folder / "checkpoints").mkdir(exist_ok=True)
        (self.folder / "checkpoints" / str(self.size)).write_text(str(note))
        (self.folder / "checkpoint").write_text(str(note))

    def seal(self, store: Store, upto: int | None = None) -> Note:
        """What the sealer does: grow, sign, cosign, publish."""
        last = store.head().position if upto is None else upto
        self.grow(map(leaf_of, store.rows_after(self.size, last - self.size)))
        note = self.note()
        self.publish(note)
        return note


class Authority:
    """A timestamp authority of the tests' own: openssl in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "serial").write_text("01")
        (folder / "config").write_text(_CONFIG.format(folder=folder))
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.crt",
                  "-days", "30", "-config", "config", "-extensions", "root")  # fmt: skip
        self._run("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
                  "-config", "config")  # fmt: skip
        self._run("x509", "-req", "-in", "tsa.csr", "-CA", "root.crt", "-CAkey", "root.key", "-CAcreateserial",
                  "-out", "tsa.crt", "-days", "30", "-extfile", "config", "-extensions", "tsa")  # fmt: skip

    @property
    def certificates(self) -> bytes:
        return (self.folder / "root.crt").read_bytes()

    def stamp(self, data: bytes) -> bytes:
        """A token, DER."""
        (self.folder / "data").write_bytes(data)
        self._run("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
        self._run("ts", "-reply", "-config", "config", "-section", "authority", "-queryfile", "query",
                  "-token_out", "-out", "token")  # fmt: skip
        return (self.folder / "token").read_bytes()

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


def stamped(trail: SealedTrail, authority: Authority) -> None:
    """Have the published checkpoint timestamped, as the sealer lays it down."""
    place = trail.folder / "timestamps"
    place.mkdir(exist_ok=True)
    given = (trail.folder / "checkpoint").read_bytes()
    (place / f"{trail.size}.note").write_bytes(given)
    (place / f"{trail.size}.tsr").write_bytes(authority.stamp(given))
    (trail.folder / "tsa.pem").write_bytes(authority.certificates)
