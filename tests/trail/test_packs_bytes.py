"""Bytes where none are to be, which the second verifier and ours once took differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.foreign.tools import needed
from tests.sealed_trails import Authority, stamped
from tests.trail.packs_by_hand import Made, script, summed_anew, unpacked, verdict_of
from trail.verifying import Own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    needed("openssl", "bash")
    made = Made(tmp_path / "made")
    stamped(made.trail, Authority(tmp_path / "authority"))
    return unpacked(made.write(), tmp_path / "pack")


def test_bytes_after_a_timestamp_are_refused_by_both(folder: Path) -> None:
    assert (verdict_of(folder).failures, script(folder).returncode) == ([], 0), "the control"
    token = folder / "timestamps" / "300.tsr"
    token.write_bytes(token.read_bytes() + b"\n")
    summed_anew(folder)
    assert [one.where for one in verdict_of(folder).failures] == ["timestamps/300.tsr"]
    said = script(folder)
    assert (said.returncode, "timestamps/300.tsr" in said.stdout) == (1, True)


def test_what_a_pack_says_of_itself_in_no_utf_8_is_refused_and_no_traceback(folder: Path) -> None:
    asked = folder / "asked.json"
    asked.write_bytes(asked.read_bytes().replace('"reason":"감'.encode(), b'"reason":"\xb9'))
    assert "asked.json" in [one.where for one in verdict_of(summed_anew(folder)).failures]


def test_a_pack_without_a_policy_of_its_own_has_a_page_that_cannot_be_compared(folder: Path) -> None:
    own = Own(policy=(folder / "policy").read_text())
    (folder / "policy").unlink()
    assert [one.where for one in verdict_of(summed_anew(folder), own).failures] == ["index.html"]
