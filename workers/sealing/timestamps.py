"""Asking a timestamp authority (RFC 3161) for the time of a checkpoint note, over its exact bytes."""

from __future__ import annotations

from datetime import datetime

import msgspec
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from domain.errors import Bilingual, Refusal, ServerUnreachable
from trail.errors import BadTimestamp
from trail.timestamps import MOST_BYTES, check, parse_timestamp
from workers.http_client import NoReply, post


class AuthorityAway(ServerUnreachable):
    """The authority does not answer, or not as one."""

    ko = "시점확인기관 {url}에서 시각을 받지 못했습니다: {problem}. 다음 봉인 때 다시 시도합니다."
    en = "The timestamp authority {url} gave no timestamp: {problem}. It is asked again when the next is sealed."


class AuthorityRefused(Refusal):
    """The authority answered that it stamps nothing. `problem`: its status and words."""

    ko = "시점확인기관 {url}이(가) 거절했습니다: {problem}. 주소와 기관의 조건을 확인하십시오."
    en = "The timestamp authority {url} refused: {problem}. Check its address and its conditions."


class Token(msgspec.Struct, frozen=True):
    """`der`: the timestamp token; `at`: the authority's time, UTC."""

    der: bytes
    at: datetime


def stamp(url: str, data: bytes, certificates: bytes, seconds: float = 10.0) -> Token:
    """A token over `data`, asked for once and checked. `certificates`: PEM, of the authorities that are trusted.

    Raises AuthorityAway, AuthorityRefused, and as `trail.timestamps.verify` does.
    """
    request = (
        TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce().build()
    )  # with a nonce, so that an old answer is none
    try:
        reply = post(url, request.as_bytes(), "application/timestamp-query", seconds=seconds, most=MOST_BYTES)
    except NoReply as error:
        raise AuthorityAway(url=url, problem=error.problem) from None
    if reply.status != 200:
        raise AuthorityAway(url=url, problem=f"HTTP {reply.status}")
    response = parse_timestamp(reply.body, url)
    if response.status != 0:
        problem = f"{response.status} {' '.join(response.status_string)[:200]}".strip()
        raise AuthorityRefused(url=url, problem=problem)
    if response.tst_info.nonce != request.nonce:
        raise BadTimestamp(
            where=url, problem=Bilingual("다른 요청에 대한 응답입니다", "it answers another question")
        )
    check(response, data, certificates, url)
    return Token(response.time_stamp_token(), response.tst_info.gen_time)
