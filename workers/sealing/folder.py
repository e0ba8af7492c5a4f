"""The trail's folder: tiles, published checkpoints, what was signed. Files appear whole, and are safe on the disk."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from domain.errors import DonghaengError
from trail.checkpoint import Checkpoint, parse_checkpoint
from trail.files import write_safely
from trail.json_bytes import BROKEN, json_in
from trail.logs import Logger
from trail.note import Note, parse_note, verify_note
from trail.policy import Policy, parse_policy
from workers.sealing.errors import NoTrail, SealingNow
from workers.servers.data_folder import ensure_folder, unusable
from workers.trail_folder import trail_folder

_log = Logger()


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The largest tree that was ever signed. `root`: in hex."""

    origin: str
    size: int
    root: str


class Alarm(msgspec.Struct, frozen=True):
    """Why nothing more is sealed."""

    name: str
    at: str
    ko: str
    en: str


class Disagreement(msgspec.Struct, frozen=True):
    """That a witness has seen another log than the one here. `at`: when it said so first."""

    witness: str
    at: str
    ko: str
    en: str


class TrailFolder:
    """`<data>/trail`. Only who holds `alone` writes."""

    def __init__(self, data: Path) -> None:
        self.path = trail_folder(data)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else seals meanwhile. Raises NoTrail, SealingNow, FolderNotUsable, FolderFull."""
        if not self.path.is_dir():
            raise NoTrail(path=self.path)
        try:
            with (self.path / "lock").open("ab") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise SealingNow(path=self.path) from None
                yield
        except OSError as error:
            raise unusable(self.path, error) from None

    def load_signed(self) -> Signed:
        """Raises NoTrail."""
        found = json_in(self.path / "signed", Signed)
        if found is None:
            raise NoTrail(path=self.path)
        return found

    def remember(self, signed: Signed) -> None:
        self.write("signed", msgspec.json.encode(signed))

    def policy(self) -> Policy:
        """Raises NoTrail, BadPolicy."""
        try:
            return parse_policy((self.path / "policy").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NoTrail(path=self.path) from None

    def load_published(self) -> tuple[Note, Checkpoint] | None:
        """The latest checkpoint, signed by the log; None where none was published yet. Raises BadNote, BadCheckpoint."""
        try:
            note = parse_note((self.path / "checkpoint").read_bytes(), "checkpoint")
        except FileNotFoundError:
            return None
        verify_note(note, self.policy().log_keys, "checkpoint")
        return note, parse_checkpoint(note, "checkpoint", self.load_signed().origin)

    def publish(self, note: Note, size: int) -> None:
        """As the latest, and for ever as the one of its size."""
        self.write(f"checkpoints/{size}", str(note).encode())
        self.write("checkpoint", str(note).encode())

    def alarm(self) -> Alarm | None:
        return json_in(self.path / "alarm", Alarm)

    def raise_alarm(self, alarm: Alarm) -> None:
        self.write("alarm", msgspec.json.encode(alarm))

    def raise_alarm_of(self, error: DonghaengError) -> None:
        """Tell it in the log lines and keep it for `doctor` and `trail status`."""
        _log.error("trail_not_sealed", folder=self.path.name, error=error.name, said=error.say("en"))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.raise_alarm(Alarm(error.name, now, error.say("ko"), error.say("en")))

    def no_alarm(self) -> None:
        with suppress(FileNotFoundError):
            (self.path / "alarm").unlink()

    def disagreements(self) -> tuple[Disagreement, ...]:
        """What witnesses said, until a person has looked: that they cosign again takes nothing back."""
        try:
            return msgspec.json.decode(
                (self.path / "disagreements").read_bytes(), type=tuple[Disagreement, ...]
            )
        except FileNotFoundError:
            return ()
        except BROKEN:
            return (_UNREADABLE,)

    def keep_disagreements(self, found: Sequence[Disagreement]) -> None:
        self.write("disagreements", msgspec.json.encode(found))

    def write(self, name: str, content: bytes) -> None:
        """Whole or not at all, and there after a loss of power."""
        place = self.path / name
        if not place.parent.is_dir():
            ensure_folder(place.parent)
        write_safely(place, content)


_UNREADABLE = Disagreement(
    "?",
    "",
    "증인이 한 말을 적어 둔 파일(disagreements)을 읽을 수 없습니다",
    "the file with what witnesses said (disagreements) cannot be read",
)
