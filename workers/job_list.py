"""The jobs that wait or failed, for people to look at, try again or drop. Losing any of them loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.results import Result
from rq.serializers import JSONSerializer

from domain.errors import Refusal, ServerUnreachable
from workers.jobs import FAILURE_SECONDS, NotOurJob, SignedJob
from workers.queues import QUEUES, Queues
from workers.redis_health import refusal, refuses
from workflows.beginnings import find_meant

_MOST_SHOWN = 1000


class JobRow(msgspec.Struct, frozen=True):
    """`job`: the short name, None where this store has not signed it; `at`: when it failed; `error`: its last line."""

    id: str
    queue: str
    state: Literal["waiting", "failed"]
    job: str | None
    arguments: tuple[Any, ...] = ()
    at: datetime | None = None
    error: str | None = None


class JobList(msgspec.Struct, frozen=True):
    """Those that failed and those that wait."""

    jobs: list[JobRow]


class NoSuchJob(Refusal):
    ko = "작업 {job}이(가) 없습니다. `donghaeng jobs list`로 확인하십시오."
    en = "There is no job {job}. See `donghaeng jobs list`."


class NotSigned(Refusal):
    """`problem`: why it is not this store's own."""

    ko = "작업 {job}은(는) 이 저장소가 서명한 것이 아니므로 다시 실행하지 않습니다({problem}). `donghaeng jobs drop {job}`으로 삭제하십시오."
    en = "The job {job} is not one that this store signed and is not run again ({problem}). Drop it with `donghaeng jobs drop {job}`."


class RedisAway(ServerUnreachable):
    ko = "Redis에 연결할 수 없어 작업을 볼 수 없습니다: {problem}. Redis를 시작하십시오."
    en = "Redis cannot be reached, so the jobs cannot be seen: {problem}. Start Redis."


def list_jobs(queues: Queues) -> list[JobRow]:
    """The jobs that failed and those that wait, at most a thousand each a queue. Raises RedisAway, RedisRefuses."""
    try:
        return [one for queue in QUEUES for one in _jobs_of_queue(queues, queue)]
    except RedisError as error:
        raise _away(error) from None


def retry(queues: Queues, job_id: str) -> str:
    """Enqueue the failed job's function anew, signed anew, and drop the old one; the new id.

    Raises NoSuchJob, NotSigned, RedisAway, RedisRefuses.
    """
    try:
        queue, job = _find_failed(queues, job_id)
        try:
            return _enqueue_anew(queues, queue, job)
        except NotOurJob as error:
            raise NotSigned(job=job_id, problem=str(error)) from None
    except RedisError as error:
        raise _away(error) from None


def run_again(queues: Queues, due: Callable[[str, tuple[Any, ...]], bool]) -> list[str]:
    """Enqueue failed jobs of this store again, each once however often it failed; their names.

    `due(name, arguments)`: whether it is time to. Safe to call at once from several places: every job may run twice.
    What the work of one was, was perhaps done since: then it ends at once, and nothing of it is left. Raises redis's errors.
    """
    started: list[str] = []
    for name in QUEUES:
        seen: set[tuple[Any, ...]] = set()
        queue = queues.queue(name)
        for identity in _redis(queues).zrevrange(queue.failed_job_registry.key, 0, _MOST_SHOWN - 1):
            try:
                job = _fetch(queues, identity.decode(errors="replace"))
                known, arguments = _name_of(job), tuple(job.args)
            except NoSuchJobError:
                _redis(queues).zrem(queue.failed_job_registry.key, identity)
                continue
            except NotOurJob:  # a person has to look
                continue
            if (known, *arguments) in seen:  # an older failure of the same
                _forget(queues, name, job)
                continue
            seen.add((known, *arguments))
            if due(known, arguments):
                _enqueue_anew(queues, name, job)
                started.append(known)
    return started


def drop(queues: Queues, job_id: str) -> None:
    """Forget a failed job. Raises NoSuchJob, RedisAway, RedisRefuses."""
    try:
        _forget(queues, *_find_failed(queues, job_id))
    except RedisError as error:
        raise _away(error) from None


def _away(error: RedisError) -> ServerUnreachable:
    return refusal(error) if refuses(error) else RedisAway(problem=str(error))


def _jobs_of_queue(queues: Queues, name: str) -> Iterator[JobRow]:
    queue, redis = queues.queue(name), _redis(queues)
    failed = redis.zrange(queue.failed_job_registry.key, 0, _MOST_SHOWN - 1, withscores=True)
    for identity, until in failed:
        at = datetime.fromtimestamp(until - FAILURE_SECONDS, UTC)
        yield _job_row(queues, name, identity.decode(errors="replace"), "failed", at)
    for identity in redis.lrange(queue.key, 0, _MOST_SHOWN - 1):
        yield _job_row(queues, name, identity.decode(errors="replace"), "waiting", None)


def _job_row(
    queues: Queues, queue: str, identity: str, state: Literal["waiting", "failed"], at: datetime | None
) -> JobRow:
    try:
        job = _fetch(queues, identity)
        known = _name_of(job)
        error = _last_line(job) if state == "failed" else None
        return JobRow(identity, queue, state, known, tuple(job.args), at, error)
    except (NotOurJob, NoSuchJobError) as error:
        return JobRow(identity, queue, state, None, (), at, str(error))


def _find_failed(queues: Queues, given: str) -> tuple[str, SignedJob]:
    """The failed job whose id is this, or begins so. Raises BeginsSeveral, NoSuchJob."""
    known = [
        one.decode()
        for name in QUEUES
        for one in _redis(queues).zrange(queues.queue(name).failed_job_registry.key, 0, -1)
    ]
    job_id = find_meant(given, known)
    for name in QUEUES:
        key = queues.queue(name).failed_job_registry.key
        if queues.redis.zscore(key, job_id) is not None:
            try:
                return name, _fetch(queues, job_id)
            except NoSuchJobError:
                queues.redis.zrem(key, job_id)
    raise NoSuchJob(job=job_id)


def _name_of(job: SignedJob) -> str:
    """The short name of its function. Raises NotOurJob."""
    _ = job.func_name  # which looks whether it may be run
    return str(job._func_name)


def _enqueue_anew(queues: Queues, queue: str, job: SignedJob) -> str:
    """The id of a new job for the same, which takes its place. Raises NotOurJob."""
    made = queues.enqueue(queue, _name_of(job), *job.args)
    _forget(queues, queue, job)
    return made


def _forget(queues: Queues, queue: str, job: SignedJob) -> None:
    queues.redis.zrem(queues.queue(queue).failed_job_registry.key, job.id)
    queues.redis.delete(job.key, Result.get_key(job.id))  # type: ignore[no-untyped-call]


def _redis(queues: Queues) -> Any:
    """redis-py's types leave open whether answers are awaited."""
    return queues.redis


def _fetch(queues: Queues, job_id: str) -> SignedJob:
    return queues.job_class.fetch(job_id, connection=queues.redis, serializer=JSONSerializer)  # type: ignore[return-value]


def _last_line(job: SignedJob) -> str | None:
    result = job.latest_result()
    told = (result.exc_string if result is not None else None) or ""
    lines = [line for line in told.splitlines() if line.strip()]
    return lines[-1].strip() if lines else None
