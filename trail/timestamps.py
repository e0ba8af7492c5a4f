"""RFC 3161 timestamps: reading a token and checking it against the bytes it is over. Nobody is asked here."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256, sha384, sha512
from typing import Any

import msgspec
from cryptography import x509
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from trail.bilingual import Bilingual
from trail.errors import AuthorityExpired, AuthorityNotTrusted, BadTimestamp, OtherImprint

MOST_BYTES = 100_000
_GRANTED = b"\x30\x03\x02\x01\x00"
_HASHES: dict[str, Any] = {
    "2.16.840.1.101.3.4.2.1": sha256,
    "2.16.840.1.101.3.4.2.2": sha384,
    "2.16.840.1.101.3.4.2.3": sha512,
}
_REASON = re.compile(r"Verify error: ([^\"]{1,200})")


class _Element(msgspec.Struct, frozen=True):
    """One element of DER: from `start` to before `end`, its content from `content`."""

    tag: int
    start: int
    content: int
    end: int


def verify(token: bytes, data: bytes, certificates: bytes, where: str = "timestamp") -> datetime:
    """The time at which an authority saw `data`, in UTC. `token`: DER; `certificates`: PEM, trusted.

    The authority's certificate has to be valid at that time, not today. Raises BadTimestamp, OtherImprint,
    AuthorityNotTrusted, AuthorityExpired.
    """
    response = parse_timestamp(_answer_around(token), where)
    check(response, data, certificates, where)
    return response.tst_info.gen_time


def check(
    response: TimeStampResponse, data: bytes, certificates: bytes, where: str, nonce: int | None = None
) -> None:
    """Whether an authority's answer is over these bytes, and by whom we trust. Raises as `verify` does."""
    try:
        imprint = response.tst_info.message_imprint
        hashed = _HASHES.get(imprint.hash_algorithm.dotted_string)
        if hashed is None or hashed(data).digest() != imprint.message:
            problem = Bilingual("다른 내용에 대한 시점확인입니다", "it is a timestamp over other bytes")
            raise OtherImprint(where=where, problem=problem)
        VerifierBuilder(roots=_load_certificates(certificates, where), nonce=nonce).build().verify(
            response, imprint.message
        )
    except VerificationError as error:
        raise _verification_error(where, str(error)) from None
    except ValueError:  # parts of a token are read only when they are asked for
        raise _format_error(where) from None


def parse_timestamp(answer: bytes, where: str) -> TimeStampResponse:
    """An authority's answer. Raises BadTimestamp."""
    if len(answer) > MOST_BYTES:
        raise _format_error(where)
    try:
        return decode_timestamp_response(with_sorted_certificates(answer))
    except (ValueError, IndexError):
        raise _format_error(where) from None


def with_sorted_certificates(answer: bytes) -> bytes:
    """The answer with its certificates in DER's order: OpenSSL leaves them as they come, and our parser refuses that.

    They stand outside of what is signed. Raises ValueError, IndexError where it is not the form of an answer.
    """
    response = _element(answer, 0)
    parts = _elements(answer, response)
    if len(parts) < 2:
        return answer
    _, explicit = _elements(answer, parts[1])
    for part in _elements(answer, _elements(answer, explicit)[0]):
        if part.tag == 0xA0:
            given = [answer[one.start : one.end] for one in _elements(answer, part)]
            return answer[: part.content] + b"".join(sorted(given)) + answer[part.end :]
    return answer


def _element(given: bytes, start: int) -> _Element:
    length, content = given[start + 1], start + 2
    if length >= 0x80:
        count = length & 0x7F
        content += count
        length = int.from_bytes(given[start + 2 : content], "big")
        if not 1 <= count <= 4:
            raise ValueError
    if content + length > len(given):
        raise ValueError
    return _Element(given[start], start, content, content + length)


def _elements(given: bytes, within: _Element) -> list[_Element]:
    found: list[_Element] = []
    at = within.content
    while at < within.end:
        found.append(_element(given, at))
        at = found[-1].end
    return found


def _answer_around(token: bytes) -> bytes:
    body = _GRANTED + token
    size = len(body).to_bytes(4, "big").lstrip(b"\0")
    length = size if len(body) < 0x80 else bytes([0x80 | len(size)]) + size
    return b"\x30" + length + body


def _load_certificates(certificates: bytes, where: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(certificates)
    except ValueError:
        problem = Bilingual(
            "믿는 기관의 인증서를 읽을 수 없습니다", "the trusted authority's certificate cannot be read"
        )
        raise AuthorityNotTrusted(where=where, problem=problem) from None


def _verification_error(where: str, said: str) -> BadTimestamp:
    reason = _REASON.search(said)
    if reason is not None and ("expired" in reason[1] or "not yet valid" in reason[1]):
        problem = Bilingual(
            "시점확인기관의 인증서가 그 시각에 유효하지 않았습니다",
            "the timestamp authority's certificate was not valid at that time",
        )
        return AuthorityExpired(where=where, problem=problem)
    if reason is not None:
        problem = Bilingual(
            f"믿는 시점확인기관의 것이 아닙니다({reason[1]})",
            f"it is not by a trusted timestamp authority ({reason[1]})",
        )
        return AuthorityNotTrusted(where=where, problem=problem)
    return BadTimestamp(
        where=where,
        problem=Bilingual("서명이 내용과 맞지 않습니다", "its signature does not fit what it says"),
    )


def _format_error(where: str) -> BadTimestamp:
    return BadTimestamp(
        where=where,
        problem=Bilingual("시점확인 토큰의 형식이 아닙니다", "it has not the form of a timestamp"),
    )
