"""Timestamps by a real authority: taken, checked by others' code, and refused by reason where they do not fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.workers.sealing.forked_logs import Log
from tests.workers.sealing.timestamp_authority import Authority, authority
from trail.errors import AuthorityExpired, AuthorityNotTrusted, BadTimestamp, OtherImprint
from trail.timestamps import verify
from workers.sealing.timestamps import AuthorityAway, AuthorityRefused, Token, stamp

NOTE = str(Log().note(8)).encode()


@pytest.fixture(scope="session")
def token(tsa: Authority) -> Token:
    return stamp(tsa.url, NOTE, tsa.certificate)


def test_a_checkpoint_is_stamped_and_others_code_agrees(tsa: Authority, token: Token) -> None:
    assert token.at.tzinfo is UTC
    assert abs(token.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert verify(token.der, NOTE, tsa.certificate) == token.at
    assert tsa.verified_by_openssl(token.der, NOTE)
    assert not tsa.verified_by_openssl(token.der, NOTE + b"\n")


def test_an_authority_that_sends_its_chain_along_is_understood(tmp_path: Path) -> None:
    # openssl leaves the certificates as they come, and either may have to stand first
    for number in range(4):
        with authority(tmp_path / f"{number}", f"a{number}", chain=True) as one:
            token = stamp(one.url, NOTE, one.certificate)
            assert verify(token.der, NOTE, one.certificate) == token.at
            assert one.verified_by_openssl(token.der, NOTE)


def test_a_timestamp_over_other_bytes_is_refused(tsa: Authority, token: Token) -> None:
    with pytest.raises(OtherImprint, match="over other bytes"):
        verify(token.der, NOTE + b"\n", tsa.certificate, "checkpoint.tsr")


def test_a_timestamp_by_another_authority_is_refused(tsa: Authority, token: Token, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    with pytest.raises(AuthorityNotTrusted, match=r"checkpoint\.tsr .* trusted timestamp authority"):
        verify(token.der, NOTE, other.certificate, "checkpoint.tsr")
    with pytest.raises(AuthorityNotTrusted):
        stamp(tsa.url, NOTE, other.certificate)
    for none in (b"", b"garbage", NOTE):
        with pytest.raises(AuthorityNotTrusted, match="certificate cannot be read"):
            verify(token.der, NOTE, none)
    assert verify(token.der, NOTE, other.certificate + tsa.certificate) == token.at


def test_a_stamper_that_its_authority_does_not_vouch_for_any_more_is_refused(tmp_path: Path) -> None:
    with (
        authority(tmp_path, days=-1) as expired,
        pytest.raises(AuthorityExpired, match="not valid at that time"),
    ):
        stamp(expired.url, NOTE, expired.certificate)


@pytest.mark.parametrize(
    "junk", [b"", b"\x30", b"\x30\x80", b"x" * 3000, b"\x30\x84\xff\xff\xff\xff", b"\0" * 200_000]
)
def test_what_is_no_token_is_refused(tsa: Authority, junk: bytes) -> None:
    with pytest.raises(BadTimestamp, match="form of a timestamp"):
        verify(junk, NOTE, tsa.certificate)


def test_a_token_that_was_cut_or_changed_says_nothing_else_than_before(tsa: Authority, token: Token) -> None:
    accepted = 0
    for place in range(0, len(token.der), 3):
        with pytest.raises(BadTimestamp):
            verify(token.der[:place], NOTE, tsa.certificate)
        changed = bytearray(token.der)
        changed[place] ^= 1
        try:
            at = verify(bytes(changed), NOTE, tsa.certificate)
        except BadTimestamp:
            continue
        accepted += 1  # a few bytes stand outside of what is signed; none of them is the time or the imprint
        assert at == token.at
    assert accepted < 10


@pytest.mark.parametrize("path", ["garbage", "empty", "replayed"])
def test_an_answer_that_is_none_is_refused(tsa: Authority, token: Token, path: str) -> None:
    with pytest.raises(BadTimestamp):
        stamp(tsa.url + path, NOTE, tsa.certificate)


def test_an_authority_that_refuses_is_told_as_such(tsa: Authority) -> None:
    with pytest.raises(AuthorityRefused, match="refused: 2"):
        stamp(tsa.url + "refused", NOTE, tsa.certificate)


@pytest.mark.parametrize("path", ["moved", "endless", "hang"])
def test_an_authority_that_is_of_no_use_is_away(tsa: Authority, path: str) -> None:
    with pytest.raises(AuthorityAway):
        stamp(tsa.url + path, NOTE, tsa.certificate, seconds=1.0 if path == "hang" else 10.0)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://no.such.host.invalid/", "nonsense", "file:///etc/passwd"]
)
def test_an_authority_that_is_not_there_is_away(tsa: Authority, url: str) -> None:
    with pytest.raises(AuthorityAway) as refused:
        stamp(url, NOTE, tsa.certificate)
    assert url in refused.value.say("ko")
