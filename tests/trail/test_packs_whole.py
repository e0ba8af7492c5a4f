"""A pack that says that it holds all of a stream proves it, up to its checkpoint: to Python and to bash alike."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from projections.inspection.pack_page import in_sentences
from tests.trail.mapped_trails import (
    STREAM,
    TASK,
    Sealed,
    row,
    rows_of,
    streams_of,
    with_map,
)
from tests.trail.packs_by_hand import script, summed_anew, unpacked, verdict_of
from trail import pack_paths, pack_verifying
from trail.errors import NotTrusted
from trail.pack_asked import Asked
from trail.pack_paths import CountedOtherwise, encode_path, path_file, read_path
from trail.packing import Event, place_of, whole_of, write_pack
from trail.sources import Folder
from trail.streams import Path as StreamPath
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail

NAMES = [STREAM, "task/2024-01", "agency/gto", STREAM, "text/ab", STREAM, "task/2024-01", *map("task/2023-{:02}".format, range(30))]  # fmt: skip
ASKED = Asked(task=TASK)
PROVED = "there are no others, which is proved"


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    return Sealed(tmp_path, with_map(rows_of(NAMES)))


def both(folder: Path, sealed: Sealed) -> tuple[bool, str, int, str]:
    """Whether Python says that it holds and what all it says; the script's exit status and words."""
    verdict = verdict_of(folder, Own(policy=sealed.trail.policy()))
    done = script(folder)
    said = "\n".join(f"{one.where}: {one.said.en}" for one in verdict.items)
    return verdict.proved, said, done.returncode, done.stdout


def refused(folder: Path, sealed: Sealed, words: str) -> None:
    proved, said, status, told = both(summed_anew(folder), sealed)
    assert (proved, status) == (False, 1), said + told
    assert words in said
    assert words in told


def accepted(folder: Path, sealed: Sealed, words: str) -> None:
    proved, said, status, told = both(folder, sealed)
    assert (proved, status) == (True, 0), said + told
    assert words in said
    assert words in told


def drop(folder: Path, position: int) -> None:
    """Take an event out of a pack that was unpacked."""
    for name in (f"events/{position}.json", f"leaves/{position}.json", f"proofs/{position}.tlog-proof"):
        (folder / name).unlink()


def test_a_pack_of_a_task_proves_that_it_holds_all_of_it(sealed: Sealed, tmp_path: Path) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    accepted(folder, sealed, f"{STREAM}: versions 1-3 shown: among the {len(NAMES) + 1} facts")
    accepted(folder, sealed, PROVED)
    assert script(folder).stdout.splitlines()[-1] == "OK (모두 확인됨)"
    assert (folder / path_file(STREAM)).stat().st_size < 4096


@pytest.mark.parametrize(("position", "version"), [(6, 3), (4, 2), (1, 1)])
def test_an_event_that_is_withheld_is_missed(
    sealed: Sealed, tmp_path: Path, position: int, version: int
) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    drop(folder, position)
    refused(folder, sealed, f"{version} missing, and the pack says that it holds all of it")


def test_where_nobody_looks_the_last_event_is_not_missed(
    sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a checkpoint without the count of its streams, and a check that does not ask for one."""
    old = Sealed(tmp_path / "old", rows_of(NAMES))
    folder = unpacked(old.write(ASKED, without=[6]), tmp_path / "pack")
    accepted(folder, old, "whether there are later ones a pack does not prove")
    assert "said to be whole and not proved to be, see above: 1" in script(folder).stdout.splitlines()[-1]
    monkeypatch.setattr(pack_verifying, "check_whole", lambda pack, proven, whole: dict.fromkeys(whole))
    fresh = unpacked(sealed.write(ASKED), tmp_path / "fresh")
    drop(fresh, 6)
    (fresh / "index.html").unlink()
    assert verdict_of(summed_anew(fresh), Own(policy=sealed.trail.policy())).proved


def test_a_count_that_was_forged_leads_nowhere(sealed: Sealed, tmp_path: Path) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    drop(folder, 6)
    fewer = streams_of(sealed.rows[:5]).path(STREAM).leaf
    path = read_path((folder / path_file(STREAM)).read_bytes(), "")
    (folder / path_file(STREAM)).write_bytes(encode_path(StreamPath(fewer, path.siblings)))
    refused(folder, sealed, "does not lead to the count of the streams")


def test_a_path_of_another_stream_proves_nothing(sealed: Sealed, tmp_path: Path) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    other = whole_of(place_of(Folder(sealed.trail.folder)), Asked(agency="gto"))
    assert other is not None
    (folder / path_file(STREAM)).write_bytes(encode_path(other["agency/gto"]))
    refused(folder, sealed, "does not lead to the count of the streams")


def test_a_path_that_is_missing_is_missed(sealed: Sealed, tmp_path: Path) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    (folder / path_file(STREAM)).unlink()
    refused(folder, sealed, path_file(STREAM))


def test_the_count_of_the_streams_itself_is_missed(sealed: Sealed, tmp_path: Path) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    drop(folder, len(sealed.rows))
    refused(folder, sealed, f"(event {len(sealed.rows)}) is not in the pack")


def test_a_path_of_no_stream_that_is_asked_for_does_not_belong(sealed: Sealed, tmp_path: Path) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    (folder / path_file("agency/gto")).write_bytes((folder / path_file(STREAM)).read_bytes())
    refused(folder, sealed, "it is of no stream of which the pack says that it holds all")


def damaged(change: Callable[[list[bytes]], Sequence[bytes]]) -> Callable[[bytes], bytes]:
    return lambda given: b"\n".join(change(given.split(b"\n")))


@pytest.mark.parametrize(
    "change",
    [
        damaged(lambda lines: lines[:-2] + lines[-1:]),
        damaged(lambda lines: [*lines[:1], *lines[2:]]),
        damaged(lambda lines: [*lines[:-1], base64.b64encode(bytes(32)), b""]),
        damaged(lambda lines: [lines[0], *reversed(lines[1:-1]), b""]),
        damaged(lambda lines: [lines[0].replace(b'"n":3', b'"n":2'), *lines[1:]]),
        damaged(lambda lines: [lines[0].replace(b'"n":3', b'"n":03'), *lines[1:]]),
        damaged(lambda lines: [b"-", *lines[1:]]),
        lambda given: given[:-1],
        lambda given: given + b"\n",
        lambda _: b"",
        lambda _: b"-\n",
        lambda given: given.replace(b"=\n", b"=\r\n"),
        lambda given: b"\0" + given,
        lambda given: given + base64.b64encode(bytes(32)) + b"\n" * 300,
    ],
)
def test_whatever_is_changed_in_a_path_is_refused(
    sealed: Sealed, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    folder = unpacked(sealed.write(ASKED), tmp_path / "pack")
    before = (folder / path_file(STREAM)).read_bytes()
    assert change(before) != before
    (folder / path_file(STREAM)).write_bytes(change(before))
    refused(folder, sealed, path_file(STREAM))


def test_that_there_is_nothing_of_a_stream_is_proved(tmp_path: Path) -> None:
    for number, names in enumerate([NAMES, [STREAM], [*map("task/2023-{:04}".format, range(3000))]]):
        sealed = Sealed(tmp_path / str(number), with_map(rows_of(names)))
        folder = unpacked(sealed.write(Asked(agency="nobody")), tmp_path / f"pack{number}")
        accepted(folder, sealed, "there is none of it, which is proved")


def test_that_there_is_nothing_is_not_proved_where_there_is_something(sealed: Sealed, tmp_path: Path) -> None:
    folder = unpacked(sealed.write(Asked(agency="gto")), tmp_path / "pack")
    drop(folder, 3)
    refused(folder, sealed, "there is nothing of it here")


def test_a_count_of_another_log_or_of_fewer_facts_is_none(tmp_path: Path) -> None:
    rows = rows_of(NAMES)
    for number, one in enumerate((with_map(rows, origin="donghaeng/other"), with_map(rows, size=7))):
        sealed = Sealed(tmp_path / str(number), one)
        folder = unpacked(sealed.write(ASKED), tmp_path / f"pack{number}")
        accepted(folder, sealed, "whether there are later ones a pack does not prove")
        assert whole_trail(sealed) == "", "facts of another log that were taken in say nothing here"


def test_a_count_that_nobody_can_read_is_refused(tmp_path: Path) -> None:
    sealed = Sealed(tmp_path, with_map(rows_of(NAMES), root="AAAA"))
    with pytest.raises(NotTrusted):
        sealed.write(ASKED)
    refused(
        unpacked(write_pack_without_paths(sealed), tmp_path / "pack"),
        sealed,
        "the count of the streams cannot be read",
    )


def write_pack_without_paths(sealed: Sealed) -> Path:
    place = place_of(Folder(sealed.trail.folder))
    events = [Event(one, ()) for one in sealed.rows if one[1] == STREAM or one[0] == len(sealed.rows)]
    write_pack(place, events, ASKED, "감사", sealed.pack, lambda _: None, in_sentences())
    return sealed.pack


class Operators(Sealed):
    """Counts that leave the last event of the task out, so that a pack without it fits."""

    def __init__(self, folder: Path) -> None:
        rows = rows_of(NAMES)
        self.said = streams_of([one for one in rows if one[0] != 6])
        super().__init__(folder, with_map(rows, self.said))

    def write(self, asked: Asked, without: Sequence[int] = ()) -> Path:
        original = pack_paths.count_streams
        pack_paths.count_streams = lambda _: self.said  # type: ignore[assignment]
        try:
            return super().write(asked, without)
        finally:
            pack_paths.count_streams = original


def test_an_operator_who_counts_wrongly_is_found_by_whoever_has_the_trail(tmp_path: Path) -> None:
    """The pack alone passes, with and without us: that is what the recount is for."""
    operators = Operators(tmp_path)
    accepted(unpacked(operators.write(ASKED, without=[6]), tmp_path / "pack"), operators, PROVED)
    assert (
        f"event {len(operators.rows)} says of the streams is not what the facts before it make"
        in whole_trail(operators)
    )


def test_where_nobody_counts_again_the_operator_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trail.stream_count_facts.Recounted.check", lambda *_: None)
    assert whole_trail(Operators(tmp_path)) == ""


def test_an_honest_program_makes_no_pack_by_a_wrong_count(tmp_path: Path) -> None:
    operators = Operators(tmp_path)
    with pytest.raises(CountedOtherwise):
        Sealed.write(operators, ASKED)


def test_the_counts_of_a_whole_trail_are_counted_again(sealed: Sealed) -> None:
    verdict = trail_verdict(sealed)
    assert [one.said.en for one in verdict.items if one.where == "maps"] == [
        "1 count of the streams is what the facts before it make"
    ]
    (sealed.trail.folder / "maps" / f"{len(sealed.rows)}.json").unlink()
    assert "there is no such file" in whole_trail(sealed)
    sealed.lay(row(len(sealed.rows), "trail/2024-03-07", 1, "trail.mapped", {}))
    assert "its content is not what was sealed" in whole_trail(sealed)


def trail_verdict(sealed: Sealed) -> Verdict:
    verdict = Verdict()
    verify_trail(Folder(sealed.trail.folder), Own(policy=sealed.trail.policy()), verdict, lambda _: None)
    return verdict


def whole_trail(sealed: Sealed) -> str:
    return "\n".join(one.said.en for one in trail_verdict(sealed).failures)
