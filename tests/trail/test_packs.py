"""A pack that holds is OK, by us and by its script; one that somebody touched is not, and the file and reason are named."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.foreign.tools import needed
from tests.sealed_trails import Authority, stamped
from tests.trail.packs_by_hand import (
    ASKED,
    ORIGIN,
    START,
    Made,
    copied,
    row,
    script,
    seconds,
    summed_anew,
    unpacked,
    verdict_of,
    with_tools,
)
from trail.checkpoint import Checkpoint
from trail.errors import NotTrusted
from trail.note import COSIGNATURE, new_key, parse_note
from trail.packing import NotAsSealed
from trail.sources import MOST_BYTES, open_source
from trail.timestamps import verify
from trail.verifying import Own


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    needed("openssl", "bash")
    folder = tmp_path_factory.mktemp("made")
    made = Made(folder)
    stamped(made.trail, Authority(folder / "authority"))
    made.write()
    return made


@pytest.fixture(scope="module")
def whole(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack, unpacked. Nobody changes this one."""
    return unpacked(made.pack, tmp_path_factory.mktemp("whole") / "pack")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return copied(whole, tmp_path / "pack")


def refused(
    folder: Path, where: str, problem: str, *, by_script: bool = True, own: Own | None = None
) -> None:
    """Both say that it is not OK; ours names the file and the reason."""
    verdict = verdict_of(folder, own)
    assert not verdict.good
    failures = [(item.where, item.said.en) for item in verdict.failures]
    assert any(where in at and problem in said for at, said in failures), failures
    assert all(item.said.ko for item in verdict.failures)
    if by_script:
        said = script(folder)
        assert said.returncode == 1
        assert "NOT OK" in said.stdout
        assert "모두 확인됨" not in said.stdout


def test_a_pack_that_nobody_touched_is_ok(made: Made, whole: Path) -> None:
    for where in (made.pack, whole):
        verdict = verdict_of(where, Own(policy=made.trail.policy()))
        assert verdict.good, [item.as_document("en") for item in verdict.failures]
    said = script(whole)
    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert said.stdout.count("\nOK      event") == len(ASKED)


def test_the_script_is_short_and_needs_nothing_but_bash_openssl_and_coreutils(
    whole: Path, tmp_path: Path
) -> None:
    lines = (whole / "verify.sh").read_text().splitlines()
    assert len(lines) <= 155
    paper = tmp_path / "policy"
    shutil.copyfile(whole / "policy", paper)
    tools = [
        "bash",
        "openssl",
        "sha256sum",
        "cat",
        "comm",
        "head",
        "ls",
        "mktemp",
        "rm",
        "sort",
        "tail",
        "tr",
    ]
    said = with_tools(whole, tmp_path / "tools", tools, str(paper), str(whole / "tsa.pem"))
    assert (said.returncode, said.stderr) == (0, ""), said.stdout


def test_a_pack_lies_in_any_folder(whole: Path, tmp_path: Path) -> None:
    """The control: it holds a timestamp, and the name of the folder of temporary files is one of those too."""
    for name in ("감사 자료, 2024", "a [1] $(x)", "-n"):
        folder = copied(whole, tmp_path / name)
        place = tmp_path / f"temporary {name}"
        place.mkdir()
        (tmp_path / "own policy").write_bytes((whole / "policy").read_bytes())
        (tmp_path / "own tsa").write_bytes((whole / "tsa.pem").read_bytes())
        for words in ((), (str(tmp_path / "own policy"), str(tmp_path / "own tsa"))):
            said = subprocess.run(
                ["bash", str(folder / "verify.sh"), *words],
                env=os.environ | {"TMPDIR": str(place)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert (said.returncode, said.stderr) == (0 if words else 5, ""), said.stdout
            assert "timestamps/300.note was timestamped" in said.stdout


def test_the_same_pack_is_made_of_the_same_log(made: Made) -> None:
    before = made.pack.read_bytes()
    made.write()
    assert made.pack.read_bytes() == before


def test_a_flipped_byte_in_any_file_is_found_and_the_file_is_named(folder: Path) -> None:
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        name, content = str(file.relative_to(folder)), file.read_bytes()
        for place in {0, len(content) // 2, len(content) - 1} if content else set():
            for bit in (1, 0x20):
                file.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
                verdict = verdict_of(folder)
                assert not verdict.good, (name, place)
                assert name == "SHA256SUMS" or any(item.where.endswith(name) for item in verdict.failures)
        file.write_bytes(content)


# what verify.sh itself says of a byte in itself is worth nothing
@pytest.mark.parametrize(
    "pattern",
    ["SHA256SUMS", "checkpoint", "checkpoints/20", "consistency/20", "events/17.json", "leaves/17.json", "policy",
     "proofs/17.tlog-proof", "texts/*.salt", "texts/*.txt", "timestamps/*.note", "timestamps/*.tsr", "tsa.pem",
     "tile/0/000", "tile/entries/000", "keys/log-1.pem", "index.html"],
)  # fmt: skip
def test_the_script_finds_a_flipped_byte(folder: Path, pattern: str) -> None:
    file = next(folder.glob(pattern))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    said = script(folder)
    assert said.returncode == 1
    assert "NOT OK" in said.stdout


# with SHA256SUMS made anew what is left are the proofs themselves
@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("events/17.json", "events/17.json"),
        ("leaves/17.json", "17.json"),
        ("proofs/17.tlog-proof", "proofs/17.tlog-proof"),
        ("consistency/20", "consistency/20"),
        ("texts/*.txt", "texts/17"),
        ("texts/*.salt", "texts/17"),
        ("timestamps/*.tsr", "timestamps/300.tsr"),
    ],
)
def test_who_makes_the_sums_anew_is_found_by_the_proofs(folder: Path, pattern: str, named: str) -> None:
    file = next(folder.glob(pattern))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    refused(summed_anew(folder), named, "")


def test_a_file_that_is_missing_or_one_too_many_is_named(folder: Path) -> None:
    (folder / "events" / "17.json").unlink()
    refused(folder, "events/17.json", "no such file")
    (folder / "more.txt").write_text("more")
    refused(folder, "more.txt", "does not stand in SHA256SUMS")


def test_the_script_names_a_file_that_nobody_summed(folder: Path) -> None:
    (folder / ".more").write_text("more")
    said = script(folder)
    assert said.returncode == 1
    assert "not a list of the files that are here: .more" in said.stdout
    (folder / ".more").unlink()
    assert script(folder).returncode == 0, "the control"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("leaves/18.json", "no event in the pack that it belongs to"),
        ("proofs/18.tlog-proof", "no event in the pack that it belongs to"),
        ("events/x", "no event in the pack that it belongs to"),
        ("events/.x", "no event in the pack that it belongs to"),
        (f"texts/17.{'cd' * 16}.txt", "does not commit to this text"),
        (f"texts/18.{'ab' * 16}.txt", "no event in the pack that it belongs to"),
    ],
)
def test_a_part_that_belongs_to_no_event_is_refused(folder: Path, name: str, problem: str) -> None:
    """Somebody could read it as if it were proven, or an event was taken out and its parts left."""
    (folder / name).write_text("승인하지 않았음")
    refused(summed_anew(folder), name, problem)


def test_an_event_that_is_taken_out_leaves_its_parts_behind(folder: Path) -> None:
    (folder / "events" / "17.json").unlink()
    refused(summed_anew(folder), "leaves/17.json", "no event in the pack")


@pytest.mark.parametrize("name", ["tile/1/000.p/1", "tile/0/000", "tile/entries/000", "tile/0/001.p/44"])
@pytest.mark.parametrize("change", ["flip", "append", "rename"])
def test_a_tile_that_is_not_of_the_tree_is_named(folder: Path, name: str, change: str) -> None:
    file = folder / name
    content = file.read_bytes()
    if change == "rename":
        file.rename(file.with_name("255"))
        refused(summed_anew(folder), f"tile/{name.split('/')[1]}/", "", by_script=False)
    else:
        file.write_bytes(bytes([content[0] ^ 1]) + content[1:] if change == "flip" else content + b"\0")
        refused(summed_anew(folder), "tile", "", by_script=False)


def test_missing_tiles_are_named(folder: Path) -> None:
    (folder / "tile" / "0" / "000").unlink()
    refused(summed_anew(folder), "tile/0/000", "no such file", by_script=False)


def signed_anew(folder: Path, text: str, made: Made, key: object = None) -> Path:
    """The pack with another checkpoint, its proofs with it; its page, which shows the former one, is left out."""
    (folder / "index.html").unlink(missing_ok=True)
    signers = made.trail.witnesses[:2]
    note = made.trail.cosigned(text, signers, seconds(START) + 301) if key is None else key
    before = (folder / "checkpoint").read_text()
    for file in (folder / "checkpoint", *(folder / "proofs").iterdir()):
        file.write_text(file.read_text().replace(before, str(note)))
    return summed_anew(folder)


def test_a_checkpoint_with_an_extension_line_is_refused(folder: Path, made: Made) -> None:
    text = parse_note((folder / "checkpoint").read_bytes(), "").text
    refused(signed_anew(folder, text + "more\n", made), "checkpoint", "extension line")


def test_a_checkpoint_of_another_log_is_refused(folder: Path, made: Made) -> None:
    text = parse_note((folder / "checkpoint").read_bytes(), "").text
    refused(
        signed_anew(folder, text.replace("donghaeng/test", "another/log"), made), "checkpoint", "another log"
    )


def test_a_checkpoint_of_an_empty_log_is_refused(folder: Path, made: Made) -> None:
    empty = Checkpoint(made.trail.log.name, 0, bytes(32)).text
    refused(signed_anew(folder, empty, made), "checkpoint", "empty log")


def test_an_index_beyond_the_size_is_refused(folder: Path, made: Made) -> None:
    short = Checkpoint(made.trail.log.name, 40, bytes(32)).text
    refused(signed_anew(folder, short, made), "proofs/41.tlog-proof", "not in a tree of 40")


def test_a_signature_by_an_unknown_key_is_refused(folder: Path, made: Made) -> None:
    note = parse_note((folder / "checkpoint").read_bytes(), "")
    forged = type(note)(note.text, (new_key(made.trail.log.name).sign(note.text), *note.signatures[1:]))
    refused(signed_anew(folder, note.text, made, forged), "checkpoint", "none of the trusted keys")


def test_a_checkpoint_short_of_its_quorum_is_said_and_is_not_ok(folder: Path, made: Made) -> None:
    note = parse_note((folder / "checkpoint").read_bytes(), "")
    short = type(note)(note.text, note.signatures[:2])
    refused(signed_anew(folder, note.text, made, short), "checkpoint", "not its quorum of witnesses")
    own = folder.parent / "own-policy"
    own.write_text(made.trail.policy(quorum=0))
    assert verdict_of(folder, Own(policy=own.read_text())).good
    assert script(folder, str(own)).returncode == 0


@pytest.mark.parametrize("file", ["checkpoint", "checkpoints/20"])
def test_a_line_of_a_known_key_that_is_not_its_signature_is_refused(
    folder: Path, made: Made, file: str
) -> None:
    """Also where the others are enough: somebody changed it. The control: a line by somebody unknown says nothing."""
    note = parse_note((folder / file).read_bytes(), "")
    own = folder.parent / "own-policy"
    own.write_text(made.trail.policy(quorum=1))
    for by, good in ((made.trail.witnesses[2], False), (new_key("stranger", COSIGNATURE), True)):
        line = by.sign("another text", seconds(START))
        changed = type(note)(note.text, (*note.signatures, line))
        if file == "checkpoint":
            signed_anew(folder, note.text, made, changed)
        else:
            (folder / file).write_text(str(changed))
            summed_anew(folder)
        verdict = verdict_of(folder, Own(policy=own.read_text()))
        assert verdict.good is good
        said = script(folder, str(own))
        assert (said.returncode == 0) is good
        if not good:
            assert "the signature by witness.example/2 does not fit" in verdict.failures[0].said.en
            assert "the signature by witness.example/2 does not fit" in said.stdout
        note = parse_note((folder / file).read_bytes(), "") if good else note


@pytest.mark.parametrize("change", ["no newline at the end", "a blank line", "other base64", "a null"])
def test_a_note_is_taken_in_its_one_form_only(folder: Path, made: Made, change: str) -> None:
    file = folder / "checkpoints" / "20"
    text = file.read_text()
    coded = text.rstrip("=\n")
    file.write_text(
        {
            "no newline at the end": text[:-1],
            "a blank line": text + "\n",
            "other base64": text.replace(coded, coded[:-1] + chr(ord(coded[-1]) + 1)),
            "a null": text + "\0",
        }[change]
    )
    refused(summed_anew(folder), "checkpoints/20", "")


def test_a_checkpoint_of_more_facts_than_there_are_is_no_beginning(folder: Path, made: Made) -> None:
    """The old root stands for itself in a proof from a power of two, so that only the sizes tell."""
    retired = new_key(made.trail.log.name)
    now = parse_note((folder / "checkpoint").read_bytes(), "").text.split("\n")
    text = f"{now[0]}\n512\n{now[2]}\n"
    (folder / "checkpoints" / "512").write_text(f"{text}\n{retired.sign(text).line}")
    (folder / "consistency" / "512").write_text("")
    refused(summed_anew(folder), "checkpoints/512", "cut off")


@pytest.mark.parametrize("after", ["\0", "\n", "c2sp.org/tlog-proof@v1\nindex 29\n", "AAAA\n"])
def test_what_is_no_proof_is_refused_without_a_complaint(folder: Path, after: str) -> None:
    file = folder / "consistency" / "20"
    file.write_text(after + file.read_text())
    refused(summed_anew(folder), "consistency/20", "", by_script=False)
    said = script(folder)
    assert (said.returncode, said.stderr) == (1, "")
    assert "NOT OK  checkpoints/20: the log is not consistent" in said.stdout


def test_an_older_checkpoint_has_its_proof_beside_it(folder: Path) -> None:
    (folder / "consistency" / "20").unlink()
    refused(summed_anew(folder), "consistency/20", "no such file")


POLICIES = {
    "as it is": ("", "", True),
    "without a newline at its end": ("quorum any-2\n", "quorum any-2", True),
    "as Windows writes it": ("\n", "\r\n", True),
    "a name of signs": (" w0 ", " @*[0] ", True),  # between spaces: a key may hold the letters
    "any of two groups": (
        "group any-2 2 w0 w1 w2",
        "group a all w0 w1\ngroup b any w2\ngroup any-2 any a b",
        True,
    ),
    "all of two groups, one of them away": (
        "group any-2 2 w0 w1 w2",
        "group a all w0 w1\ngroup b any w2\ngroup any-2 all a b",
        False,
    ),
    "a member twice": ("group any-2 2 w0 w1 w2", "group any-2 2 w0 w0", False),
    "a member of two groups": ("group any-2 2 w0 w1 w2", "group a 1 w0\ngroup any-2 2 w0 a", False),
    "a second quorum": ("quorum any-2", "quorum none\nquorum any-2", False),
    "an unknown line": ("quorum any-2", "quorum any-2\nmore", False),
    "more than there are": ("any-2 2 ", "any-2 4 ", False),
    "a number beyond all": ("any-2 2 ", f"any-2 {'2' * 5000} ", False),
    "a number with a zero": ("any-2 2 ", "any-2 02 ", False),
    "a name that none has": ("quorum any-2", "quorum @", False),
    "groups in groups, a thousand deep": (
        "quorum any-2",
        "group g0 1 any-2\n" + "".join(f"group g{n} 1 g{n - 1}\n" for n in range(1, 1500)) + "quorum g1499",
        True,
    ),
    "another space than the specification's": ("witness w0 ", "witness w0\u00a0", False),
    "no quorum": ("quorum any-2", "", False),
}


@pytest.mark.parametrize("name", POLICIES)
def test_the_script_reads_a_policy_as_we_do(whole: Path, made: Made, tmp_path: Path, name: str) -> None:
    before, after, good = POLICIES[name]
    own = tmp_path / "own"
    own.write_text(made.trail.policy().replace(before, after), newline="")
    with own.open(newline="") as file:
        assert verdict_of(whole, Own(policy=file.read())).good is good
    said = script(whole, str(own))
    assert ((said.returncode, said.stderr) == (0, "")) is good, said


def test_a_witness_twice_under_two_names_is_one(whole: Path, made: Made, tmp_path: Path) -> None:
    key = made.trail.witnesses[0].verifier
    own = tmp_path / "own"
    for names, good in ((("a",), True), (("a", "b"), False)):
        witnesses = "".join(f"witness {name} {key}\n" for name in names)
        own.write_text(f"log {made.trail.log.verifier}\n{witnesses}group g all {' '.join(names)}\nquorum g\n")
        assert verdict_of(whole, Own(policy=own.read_text())).good is good
        assert (script(whole, str(own)).returncode == 0) is good


def test_a_policy_without_witnesses_is_said_to_show_little(tmp_path: Path) -> None:
    made = Made(tmp_path)
    own = tmp_path / "own"
    own.write_text(f"log {made.trail.log.verifier}\nquorum none\n")
    said = script(unpacked(made.write(), tmp_path / "pack"), str(own))
    assert (said.returncode, said.stderr) == (0, "")
    assert "nothing shows that the operator did not rewrite it" in said.stdout


def test_a_bad_event_is_not_said_to_be_ok_as_well(folder: Path) -> None:
    (folder / "events" / "17.json").write_text("{}")
    said = script(summed_anew(folder)).stdout
    assert "NOT OK  event 17" in said
    assert "\nOK      event 17" not in said
    assert "\nOK      event 3" in said


def leaf_changed(folder: Path, before: bytes, after: bytes) -> Path:
    file = folder / "leaves" / "17.json"
    assert before in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(before, after))
    return summed_anew(folder)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"task/2024-01", b"task/\xff"),
        (b"task/2024-01", b"task\\/\\q"),
        (b'"i":16', b'"i":' + b"9" * 5000),
        (b'"i":16', b'"i":016'),
        (b"2024-03-07T05:00:17", b"2024-99-99T99:99:99"),
        (b"2024-03-07T05:00:17", b"9999-12-31T23:59:59"),
        (b"2024-03-07T05:00:17.000000Z", b"now"),
        (b'"v":1,', b'"v":2,'),
    ],
)
def test_what_is_no_leaf_is_never_a_traceback(folder: Path, before: bytes, after: bytes) -> None:
    refused(leaf_changed(folder, before, after), "leaves/17.json", "")


def test_a_witness_at_the_end_of_days_is_no_traceback(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.trail.publish(made.trail.note(at=1 << 60))
    folder = unpacked(made.write(), tmp_path / "pack")
    assert verdict_of(folder).good
    assert script(folder).returncode == 0
    signed_anew(folder, "", made, made.trail.note(at=1 << 63))
    refused(folder, "checkpoint", "the signature by witness.example/0 does not fit")


def test_a_token_in_the_log_by_an_authority_of_former_days_is_a_remark(tmp_path: Path) -> None:
    """Its time is what the fact says then. The control: what is no token at all is refused, by another test here."""
    other = Authority(tmp_path / "other")
    made = with_a_token(tmp_path, datetime.now(UTC))
    for stamps in (tmp_path / "made" / "trail" / "timestamps").iterdir():
        stamps.unlink()
    folder = unpacked(made.write((30, 41)), tmp_path / "pack")
    own = tmp_path / "own.pem"
    own.write_bytes(other.certificates)
    verdict = verdict_of(folder, Own(certificates=own.read_bytes()))
    assert verdict.good, verdict.failures
    assert any("not by a trusted timestamp authority" in item.said.en for item in verdict.items)
    paper = shutil.copyfile(folder / "policy", tmp_path / "policy")
    said = script(folder, str(paper), str(own))
    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert "note    event 30: its timestamp is by an authority that is not in" in said.stdout


@pytest.mark.parametrize("at", ["2024-03-07T05:00:21", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_fact_about_the_trail_with_a_time_that_is_none_is_refused(tmp_path: Path, at: str) -> None:
    made = Made(tmp_path, token=lambda _: {"token": "AAAA", "at": at})
    refused(unpacked(made.write((30, 41)), tmp_path / "pack"), "events/30.json", "cannot be read")


def test_a_policy_got_on_paper_goes_before_the_one_that_lies_there(whole: Path, tmp_path: Path) -> None:
    """The control: with the pack's own policy it is OK."""
    stranger = f"log {new_key('donghaeng/test').verifier}\nquorum none\n"
    verdict = verdict_of(whole, Own(policy=stranger))
    assert not verdict.good
    (tmp_path / "own").write_text(stranger)
    assert script(whole, str(tmp_path / "own")).returncode == 1


def test_a_policy_that_nobody_can_satisfy_is_refused_by_line(whole: Path, made: Made) -> None:
    policy = made.trail.policy().replace("any-2 2 w0", "any-2 4 w0")
    verdict = verdict_of(whole, Own(policy=policy))
    assert not verdict.good
    assert "nobody can satisfy 4 of 3" in verdict.failures[0].said.en


def test_a_proof_for_another_index_is_refused(folder: Path) -> None:
    (folder / "proofs" / "17.tlog-proof").write_bytes((folder / "proofs" / "3.tlog-proof").read_bytes())
    refused(summed_anew(folder), "proofs/17.tlog-proof", "for index 2")


def test_the_event_of_another_place_is_refused(folder: Path) -> None:
    for kind in ("events", "leaves"):
        (folder / kind / "17.json").write_bytes((folder / kind / "3.json").read_bytes())
    refused(summed_anew(folder), "leaves/17.json", "the leaf of event 3")


def test_a_text_that_is_gone_needs_an_event_that_says_so(folder: Path, made: Made, tmp_path: Path) -> None:
    for file in (folder / "texts").iterdir():
        file.unlink()
    refused(summed_anew(folder), "texts/17", "no event in this pack says that it was redacted")

    def redacted(position: int) -> tuple[object, ...]:
        return (
            row(position, kind="text.redacted", stream=f"text/{'ab' * 16}")
            if position == 50
            else row(position)
        )

    later = Made(tmp_path / "later", redacted)
    pack = later.write((*ASKED, 50), texts=())
    verdict = verdict_of(pack)
    assert verdict.good, [item.as_document("en") for item in verdict.failures]
    assert any("it was redacted" in item.said.en for item in verdict.items)
    assert script(unpacked(pack, tmp_path / "later-pack")).returncode == 0
    assert verdict_of(made.pack).good  # the one made before still holds


@pytest.mark.parametrize(
    ("position", "by", "problem"),
    [
        (41, timedelta(days=-1), "back-dated"),
        (3, timedelta(days=1), "was there at"),
    ],
)
def test_a_time_outside_of_what_others_saw_is_refused(
    tmp_path: Path, position: int, by: timedelta, problem: str
) -> None:
    """The log's key and the code are the operator's, and the leaves are sealed with these times."""
    made = Made(
        tmp_path / "made",
        lambda at: row(at, at=START + timedelta(seconds=at) + (by if at == position else timedelta())),
    )
    pack = made.write((position,) if by > timedelta() else (30, position))
    folder = unpacked(pack, tmp_path / "pack")
    verdict = verdict_of(pack)
    assert not verdict.good
    refused(folder, f"events/{position}.json", "" if by < timedelta() else problem)


def test_nothing_was_recorded_after_an_authority_saw_it(tmp_path: Path) -> None:
    began = datetime.now(UTC) + timedelta(days=1)
    made = Made(tmp_path / "made", lambda at: row(at, at=began + timedelta(seconds=at)), began=began)
    folder = unpacked(made.write(), tmp_path / "before")
    assert verdict_of(folder).good, "the control: no authority saw it"
    assert script(folder).returncode == 0
    stamped(made.trail, Authority(tmp_path / "authority"))
    folder = unpacked(made.write(), tmp_path / "after")
    refused(folder, "events/41.json", "was there at")
    assert "recorded after others saw it among 300 facts" in script(folder).stdout


def with_a_token(folder: Path, began: datetime, **said: str) -> Made:
    """The 30th fact holds an authority's token of this moment; `said`: what it says otherwise."""
    authority = Authority(folder / "authority")

    def token(note: bytes) -> dict[str, str]:
        der = authority.stamp(note)
        at = verify(der, note, authority.certificates).isoformat().replace("+00:00", "Z")
        return {"token": base64.b64encode(der).decode(), "at": at} | said

    made = Made(
        folder / "made", lambda at: row(at, at=began + timedelta(seconds=at)), began=began, token=token
    )
    stamped(made.trail, authority)
    return made


def test_what_comes_after_an_authoritys_token_in_the_log_is_not_older_than_it(tmp_path: Path) -> None:
    for name, began in (("now", datetime.now(UTC)), ("back-dated", datetime.now(UTC) - timedelta(days=1))):
        (tmp_path / name).mkdir()
        made = with_a_token(tmp_path / name, began)
        alone = made.write((41,))
        assert verdict_of(alone).good, "the control: without the token nothing tells"
        assert script(unpacked(alone, tmp_path / name / "alone")).returncode == 0
        both = unpacked(made.write((30, 41)), tmp_path / name / "both")
        if name == "now":
            assert verdict_of(both).failures == []
            assert script(both).returncode == 0, script(both).stdout
        else:
            refused(both, "events/41.json", "it is back-dated")
            assert "before a checkpoint that was there already" in script(both).stdout


def test_a_key_that_ends_in_a_plus_is_a_key_like_others(tmp_path: Path) -> None:
    """In base64, which the parts of a key's line are divided by too."""
    made = Made(tmp_path)
    made.trail.log = next(
        key for key in iter(lambda: new_key(ORIGIN), None) if str(key.verifier).endswith("+")
    )
    (made.trail.folder / "policy").write_text(made.trail.policy())
    made.trail.publish(made.trail.note(at=seconds(START) + 301))
    pack = made.write()
    assert verdict_of(pack).failures == []
    assert script(unpacked(pack, tmp_path / "pack")).returncode == 0


@pytest.mark.parametrize("said", [{"at": "2024-03-07T05:00:00Z"}, {"token": "AAAA"}])
def test_a_token_in_the_log_that_says_otherwise_is_refused(tmp_path: Path, said: dict[str, str]) -> None:
    made = with_a_token(tmp_path, datetime.now(UTC), **said)
    refused(unpacked(made.write((30, 41)), tmp_path / "pack"), "30", "")


def test_a_kept_checkpoint_shows_that_nothing_was_rewritten_since(
    made: Made, whole: Path, tmp_path: Path
) -> None:
    kept = (whole / "checkpoints" / "20").read_bytes()
    assert verdict_of(whole, Own(since=kept)).good
    text = Checkpoint(made.trail.log.name, 20, b"\x01" * 32).text
    other = str(made.trail.cosigned(text)).encode()
    verdict = verdict_of(whole, Own(since=other))
    assert [(item.where, item.said.en) for item in verdict.failures] == [
        ("--since", "the first 20 facts are not those of this checkpoint: the log was rewritten after it")
    ]
    longer = str(made.trail.cosigned(Checkpoint(made.trail.log.name, 301, bytes(32)).text)).encode()
    assert "cut off" in verdict_of(whole, Own(since=longer)).failures[0].said.en


def test_nothing_is_packed_that_is_not_as_it_was_sealed(made: Made) -> None:
    before, made.rows[16] = made.rows[16], row(17, fact={"grade": "S"})
    try:
        with pytest.raises(NotAsSealed, match="Event 17"):
            made.write()
    finally:
        made.rows[16] = before
    assert not made.pack.with_name("pack.zip.new").exists()


def test_a_zip_that_is_cut_off_is_refused(made: Made, tmp_path: Path) -> None:
    content = made.pack.read_bytes()
    for length in (0, 30, len(content) // 2, len(content) - 10):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(content[:length])
        verdict = verdict_of(cut)
        assert not verdict.good
        assert "cut off" in verdict.failures[0].said.en


def test_a_flipped_byte_in_the_zip_is_never_a_traceback(made: Made, tmp_path: Path) -> None:
    content, flipped = made.pack.read_bytes(), tmp_path / "flipped.zip"
    for place in range(0, len(content), len(content) // 150):
        flipped.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        verdict_of(flipped)  # a byte of a date or of an attribute changes nothing


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/evil", "events/../../evil", "events\\..\\evil", "c:/evil", "events//evil", "evil\x01"],
)
def test_a_name_that_leads_out_of_the_pack_is_refused(made: Made, tmp_path: Path, name: str) -> None:
    given = tmp_path / "evil.zip"
    given.write_bytes(made.pack.read_bytes())
    with zipfile.ZipFile(given, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"evil")
    with pytest.raises(NotTrusted, match="leads out of it"), open_source(str(given)):
        pass


def test_a_link_in_a_zip_or_out_of_a_folder_is_refused(made: Made, folder: Path, tmp_path: Path) -> None:
    given = tmp_path / "link.zip"
    given.write_bytes(made.pack.read_bytes())
    link = zipfile.ZipInfo("events/18.json")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(given, "a") as archive:
        archive.writestr(link, b"/etc/passwd")
    with pytest.raises(NotTrusted, match="leads out of it"), open_source(str(given)):
        pass
    (folder / "events" / "17.json").unlink()
    (folder / "events" / "17.json").symlink_to("/etc/passwd")
    refused(folder, "events/17.json", "leads out of the folder", by_script=False)


def test_ten_gigabytes_of_zeros_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    given, block = tmp_path / "zeros.zip", bytes(1 << 20)
    with zipfile.ZipFile(given, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("SHA256SUMS", block)
    content = given.read_bytes()
    # a directory that says ten times more than is there is as good as one that tells the truth
    with zipfile.ZipFile(given, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(160):
            archive.writestr(f"events/{number}.json", b"")
        for member in archive.filelist:
            member.file_size = 64 << 20
    assert given.stat().st_size < len(content) * 20
    with pytest.raises(NotTrusted, match="larger than what is taken"), open_source(str(given)):
        pass
    assert MOST_BYTES < 160 * (64 << 20)


def test_two_files_of_one_name_in_a_zip_are_refused(made: Made, tmp_path: Path) -> None:
    given = tmp_path / "twice.zip"
    given.write_bytes(made.pack.read_bytes())
    with zipfile.ZipFile(given, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("events/17.json", b"{}")
    with pytest.raises(NotTrusted, match="in it twice"), open_source(str(given)):
        pass


def test_the_page_tells_the_events_in_both_languages_and_needs_nothing_from_elsewhere(whole: Path) -> None:
    said = (whole / "index.html").read_text()
    assert '<html lang="ko">' in said
    assert '<section id="en" lang="en">' in said
    assert "승인하였음" in said
    assert "approved" in said
    assert "src=" not in said
    assert "http" not in said
    assert said.count('<th scope="row">') == 2 * len(ASKED)


def test_the_keys_are_there_for_openssl_too(whole: Path) -> None:
    raw = base64.b64decode("".join((whole / "keys" / "log-1.pem").read_text().splitlines()[1:-1]))[-32:]
    assert base64.b64encode(b"\x01" + raw).decode() in (whole / "policy").read_text()


def test_no_personal_detail_is_in_a_pack(whole: Path) -> None:
    for file in (whole / "events").iterdir():
        envelope = json.loads(file.read_text().split("\n")[0])
        assert set(envelope["actor"]) <= {"role", "agency", "subject"}


def test_nothing_in_a_pack_is_carried_out_by_the_script(folder: Path, made: Made, tmp_path: Path) -> None:
    """Bash reads names in arithmetic as expressions, commands in them included; the script lets none get there."""
    for name in ("x[$(touch${IFS}evil)]", "1-x[$(touch${IFS}evil)]", "$(touch${IFS}evil)"):
        (folder / "leaves" / f"{name}.json").write_text("{}")
        (folder / "events" / f"{name}.json").write_text("{}")
    policy = folder / "policy"
    policy.write_text(
        policy.read_text().replace("group any-2 2 w0", "group any-2 x[$(touch$IFS./evil)] w0")
        + "group a[$(touch$IFS./evil)] 1 w0\nwitness x[$(touch$IFS./evil)] a+b+c\n"
    )
    said = script(summed_anew(folder))
    assert said.returncode == 1
    assert not list(tmp_path.rglob("evil"))
    refused(folder, str(folder), "Line 5 of the policy", by_script=False)


def test_a_checkpoint_by_a_retired_key_counts_where_the_log_begins_with_it(folder: Path, made: Made) -> None:
    retired = new_key(made.trail.log.name)
    old = parse_note((folder / "checkpoints" / "20").read_bytes(), "")
    by_retired = type(old)(old.text, (retired.sign(old.text), *old.signatures[1:]))
    (folder / "checkpoints" / "20").write_text(str(by_retired))
    verdict = verdict_of(summed_anew(folder))
    assert verdict.good
    assert any("no log key of the present policy" in item.said.en for item in verdict.items)
    assert script(folder).returncode == 0
    other = Checkpoint(made.trail.log.name, 20, b"\x01" * 32).text
    (folder / "checkpoints" / "20").write_text(str(type(old)(other, (retired.sign(other),))))
    refused(summed_anew(folder), "checkpoints/20", "the log was rewritten after it")
