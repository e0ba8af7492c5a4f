"""A job that RQ may run only if this store signed it and its function is on the list.

RQ's own jobs, pickled or JSON, run any importable function that their hash in Redis names.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Mapping
from typing import Any

from redis.exceptions import ResponseError
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import UNEVALUATED, Job, JobStatus
from rq.serializers import JSONSerializer

_MOST_BYTES = 1 << 20


class NotOurJob(DeserializationError):
    """The job's hash is not what this store put there, or names a function that is not on the list."""


class SignedJob(Job):
    """Reads nothing from its hash but what it signed, its status and its queue.

    So callbacks, webhooks, dependencies, retries, repeats and time limits in a hash have no effect, and garbage in
    any field cannot raise: RQ would let the worker die of it.
    """

    allowed: Mapping[str, str]
    signing_key: bytes
    queue_names: frozenset[str]
    _fault: str | None = "nobody has signed it"

    def signature(self, data: bytes) -> bytes:
        """HMAC-SHA256 over id, queue, function and arguments, as hex."""
        signed = b"\0".join((self.id.encode(), self.origin.encode(), data))
        return hmac.new(self.signing_key, signed, hashlib.sha256).hexdigest().encode()

    def to_dict(self, include_meta: bool = True, include_result: bool = True) -> dict[str, Any]:
        # RQ writes a refused job again, among the failed: it must not come out signed
        signature = self.signature(self.data) if self._fault is None else b""
        return {**super().to_dict(include_meta, include_result), "signature": signature}

    def refresh(self) -> None:
        try:
            super().refresh()  # type: ignore[no-untyped-call]
        except ResponseError as error:  # the key holds something that is not a hash
            raise NoSuchJobError(str(error)) from None

    def restore(self, raw_data: Mapping[Any, Any]) -> None:
        fields = {_text(name): value for name, value in raw_data.items()}
        origin, status = _text(fields.get("origin")), _text(fields.get("status"))
        self.origin = origin if origin in self.queue_names else min(self.queue_names)
        self._status = JobStatus(status) if status in list(JobStatus) else JobStatus.QUEUED
        self.result_ttl, self.failure_ttl = 0, FAILURE_SECONDS
        self.data = _unpack(fields.get("data"))
        given = fields.get("signature")
        if not (isinstance(given, bytes) and hmac.compare_digest(given, self.signature(self.data))):
            self._fault = "the signature is not this store's"
        else:
            self._fault = None

    def take_from(self, queue_name: str) -> None:
        """Refuse what was signed for another queue, and keep it among this one's failed jobs."""
        if self.origin != queue_name:
            self._fault = self._fault or f"it belongs on {self.origin}"
            self.origin = queue_name

    def _deserialize_data(self) -> None:
        if self._fault is not None:
            raise NotOurJob(self._fault)
        super()._deserialize_data()  # type: ignore[no-untyped-call]

    @property
    def func_name(self) -> str:
        """The dotted path of the function. Raises NotOurJob."""
        if self._func_name is UNEVALUATED:
            self._deserialize_data()
        name = str(self._func_name)
        if name not in self.allowed:
            raise NotOurJob(f"the function {name!r} is not on the list")
        return self.allowed[name]

    @func_name.setter
    def func_name(self, value: str) -> None:
        self._func_name = value


FAILURE_SECONDS = 7 * 24 * 3600
WAITING_SECONDS = 24 * 3600


def make_job_class(
    store_id: str, signing_key: bytes, allowed: Mapping[str, str], queue_names: frozenset[str]
) -> type[SignedJob]:
    """The job class of one store. `allowed`: short names to dotted paths; keys in Redis carry the store's id."""
    return type(
        "StoreJob",
        (SignedJob,),
        {
            "redis_job_namespace_prefix": f"donghaeng:{store_id}:job:",
            "signing_key": signing_key,
            "allowed": dict(allowed),
            "queue_names": queue_names,
        },
    )


def new_job(
    job_class: type[SignedJob],
    connection: Any,
    queue: str,
    name: str,
    arguments: tuple[Any, ...],
    trace: str | None = None,
) -> SignedJob:
    """A job ready to be enqueued: waits for at most a day. Its result is not kept; its failure is, for a week.

    `trace`: the `traceparent` under which it runs, signed like the other arguments.
    """
    made: SignedJob = job_class.create(  # type: ignore[assignment]
        func=name,
        args=list(arguments),
        kwargs={} if trace is None else {"trace": trace},
        connection=connection,
        origin=queue,
        description=name,
        result_ttl=0,
        failure_ttl=FAILURE_SECONDS,
        ttl=WAITING_SECONDS,
        serializer=JSONSerializer,
    )
    made._fault = None
    return made


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _unpack(value: Any) -> bytes:
    """The function and its arguments, never more than a megabyte of them."""
    if not isinstance(value, bytes):
        return b""
    try:
        return zlib.decompressobj().decompress(value, _MOST_BYTES)
    except zlib.error:
        return b""
