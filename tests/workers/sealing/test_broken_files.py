"""Files of the trail's folder, and facts about it, in which there is no JSON, no UTF-8 or no end: told or begun anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from store.watched import AccessLogEntry, adoption_of, pruning_of
from trail.errors import NotTrusted
from trail.json_bytes import json_in
from trail.stream_count_facts import read_commitment
from workers.sealing.errors import NoTrail
from workers.sealing.folder import TrailFolder
from workers.sealing.nights import Rolling, night, night_due, rolling
from workers.sealing.stamping import load_latest
from workers.sealing.watched import WatchedFolder

DEEP = b"[" * 100_000 + b"]" * 100_000
BROKEN = {
    "nothing": b"",
    "half of it": b'{"origin":"donghaeng/re',
    "another form": b"[]",
    "no UTF-8": b'{"origin":"\xff","at":"\xff"}',
    "without end": b'{"unknown":' + DEEP + b"}",
}
READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "how far a round is": ("trail/compared-rolling", lambda data: rolling(data) == Rolling()),
    "how far a night is": ("trail/compared-night", lambda data: night(data) is None),
    "why nothing is sealed": ("trail/alarm", lambda data: TrailFolder(data).alarm() is None),
    "the latest timestamp": ("trail/timestamps/latest", lambda data: load_latest(TrailFolder(data)) is None),
    "who knows no readings": (
        "trail/readings/unknown-to",
        lambda data: WatchedFolder(data).unknown_to() == {},
    ),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(("name", "as_none"), READERS.values(), ids=READERS)
def test_a_file_that_cannot_be_read_is_as_good_as_none(
    tmp_path: Path, name: str, as_none: Callable[[Path], object], content: bytes
) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert as_none(tmp_path)


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_was_signed_is_not_begun_anew_but_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "trail").mkdir()
    (tmp_path / "trail" / "signed").write_bytes(content)
    with pytest.raises(NoTrail):
        TrailFolder(tmp_path).load_signed()


def test_the_ticker_is_not_stopped_by_such_a_file(tmp_path: Path) -> None:
    """It looks whether a night is due, each minute. That of a night that is over is the control."""
    (tmp_path / "trail").mkdir()
    (tmp_path / "trail" / "signed").write_bytes(b"{}")
    (tmp_path / "trail" / "compared-night").write_bytes(BROKEN["no UTF-8"])
    assert night_due(tmp_path)


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_count_and_what_the_log_says_of_itself_are_refused_or_left_out(content: bytes) -> None:
    with pytest.raises(NotTrusted):
        read_commitment("donghaeng/real/0", 2, b"{}\n" + content, "maps/2.json")
    said = content.decode(errors="surrogateescape")
    now = datetime.now(UTC)
    for what, of in (("pruned", pruning_of), ("adopted", adoption_of)):
        entry = AccessLogEntry(
            position=1, what=what, row_id=None, at=now, known_at=now, row_sha256=b"", said=said, found=None
        )  # type: ignore[arg-type]
        assert of(entry) is None


@pytest.mark.parametrize(
    ("content", "raised"), [("no UTF-8", UnicodeDecodeError), ("without end", RecursionError)]
)
def test_the_library_raises_more_than_its_own_errors(
    tmp_path: Path, content: str, raised: type[Exception]
) -> None:
    """The control: to catch only msgspec's own would let these through, as it did."""
    file = tmp_path / "file"
    file.write_bytes(BROKEN[content])
    with pytest.raises(raised) as found:
        msgspec.json.decode(file.read_bytes(), type=Rolling)
    assert not isinstance(found.value, msgspec.MsgspecError)
    assert json_in(file, Rolling) is None
