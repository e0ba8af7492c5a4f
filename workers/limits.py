"""Every limit of waiting as a table, for docs/operations.md: each number from where it is used."""

from __future__ import annotations

from typing import NamedTuple

from store.waits import COMMAND_SECONDS, CONNECT_SECONDS, JOB, READING, WHOLE
from trail.witness import state
from workers import again, queues, supervisor, working
from workers.delivery import sending, smtp, webhooks
from workers.heartbeats import ALIVE_SECONDS
from workers.sealing import standbys
from workers.servers import keeper, postgres, process, troubles, valkey, watching


class Limit(NamedTuple):
    """`what` is waited for how long, and what is `seen` when that is over. `seconds`: words are taken as they are."""

    what: str
    seconds: float | str
    seen: str


LIMITS = (
    Limit(
        "a command, for all that it asks of PostgreSQL",
        COMMAND_SECONDS,
        "`OutcomeUnknown` (exit 4) once it was sent, with the command id to ask again with; before that `StoreSilent` or `StoreUnreachable` (exit 3)",
    ),
    Limit(
        "one answer of PostgreSQL to a command or a reading",
        READING.answer,
        "the socket is closed: `StoreSilent` (exit 3), or for a command the question what became of it",
    ),
    Limit(
        "the same to a job, the ticker or another part",
        JOB.answer,
        "the job fails and is run again (below); `tick_failed`",
    ),
    Limit(
        "the same while migrating, backing up, restoring, rebuilding, importing, exporting or verifying a whole store",
        f"{WHOLE.answer:g} s, again and again while PostgreSQL says that it is at work",
        "`StoreSilent` (exit 3)",
    ),
    Limit(
        "a statement, before PostgreSQL gives it up by itself: of commands and readings; of jobs",
        f"{READING.statement:g} s; {JOB.statement:g} s",
        "`StoreBusy` (exit 3): nothing was written",
    ),
    Limit(
        "a lock, likewise",
        f"{READING.lock:g} s; {JOB.lock:g} s",
        "`StoreBusy` (exit 3) with the session that holds it",
    ),
    Limit(
        "somebody who holds the log's lock and does nothing",
        READING.holder,
        "PostgreSQL ends a session that is idle in a transaction (`migrate` sets it for the database); commands end one of their own role that holds it outside of one",
    ),
    Limit(
        "a transaction of ours in which nothing is asked: of jobs; of others",
        f"{JOB.idle:g} s; {READING.idle:g} s",
        "PostgreSQL ends the session; the job fails and is run again",
    ),
    Limit("a connection to PostgreSQL, for each address", CONNECT_SECONDS, "`StoreUnreachable` (exit 3)"),
    Limit(
        "Redis, where a command wakes or `doctor` looks",
        queues.QUICK_SECONDS,
        "`redis_away`, once; the command is carried out",
    ),
    Limit("Redis, where a worker waits for jobs", working.ANSWER_SECONDS, "`redis_away`; it connects anew"),
    Limit(
        "Redis again, for a worker, after growing pauses: away; refusing or spoiled",
        f"at most {working.LONGEST_PAUSE_SECONDS:g} s; {working.LONGEST_REFUSED_SECONDS:g} s",
        "`redis_serves_again`, once",
    ),
    Limit(
        "a failed job to be run again by the ticker",
        f"{again.LOOK_SECONDS:g} s, then twice as long each time, at most {again.LONGEST_REST_SECONDS:g} s",
        "`failed_jobs_run_again`; in between `doctor` says “failed jobs”",
    ),
    Limit(
        "a server that comes along to start",
        f"PostgreSQL {postgres.START_SECONDS:g} s, Valkey {valkey.START_SECONDS:g} s",
        "`DidNotStart` (exit 3)",
    ),
    Limit(
        "the same to stop",
        f"PostgreSQL {postgres.STOP_SECONDS:g} s, Valkey {valkey.STOP_SECONDS:g} s",
        "it is killed, and recovers at the next start",
    ),
    Limit(
        "an earlier server on the same files to be gone", process.PATIENCE_SECONDS, "`StillRunning` (exit 3)"
    ),
    Limit(
        "a server that comes along and ended, to be started again",
        f"{troubles.AT_ONCE} times at once, then after 1 s and twice as long each time, at most {troubles.LONGEST_REST_SECONDS:g} s; from the beginning once it lived {keeper.SHORT_LIFE_SECONDS:g} s",
        "`server_keeps_ending`; commands say `KeepsEnding` (exit 3), `doctor` why",
    ),
    Limit(
        "sessions to end, by a PostgreSQL that comes along and that somebody has told to stop “smart”",
        keeper.CLIENTS_SECONDS,
        "it is told to stop at once, and is started again; parts connect anew",
    ),
    Limit(
        "a keeper that is gone, to be noticed by `up`",
        watching.LOOK_SECONDS,
        f"`keeper_restarted`; where it cannot be, `keeper_not_started` and again, at most {watching.LONGEST_PAUSE_SECONDS:g} s later",
    ),
    Limit(
        "a part of `up` to finish what it has in hand",
        supervisor.STOP_SECONDS,
        "it is killed; its work is done again",
    ),
    Limit(
        "a witness's own lock, while it answers another or somebody holds it",
        state.LOCK_SECONDS,
        "the log is answered 500 and asks again at its next seal; the witness says in its own log who holds it (`witness_cannot_remember`)",
    ),
    Limit("a sign of life of a part", ALIVE_SECONDS, "`doctor`: nothing heard of it"),
    Limit(
        "standbys to have on disk what is to be sealed, where `DONGHAENG_SEAL_STANDBYS` is set",
        standbys.PATIENCE_SECONDS,
        "`StandbysBehind`, an alarm of the trail; sealed at a later run",
    ),
    Limit(
        "a mail server: for an answer; for a whole dialogue",
        f"{smtp.TIMEOUT_SECONDS:g} s; {smtp.MOST_SECONDS:g} s",
        "tried again later, or the outcome is `unknown` and shown",
    ),
    Limit(
        "a webhook: to connect; for the beginning of an answer; for all of it, from its name to the end of the answer's head",
        f"{webhooks.CONNECT_SECONDS:g} s; {webhooks.READ_SECONDS:g} s; {webhooks.MOST_SECONDS:g} s",
        "tried again later",
    ),
    Limit("the lease under which a message is sent", sending.LEASE_SECONDS, "another worker takes it over"),
)


def table() -> str:
    """As it stands in docs/operations.md."""
    rows = [f"| {one.what} | {_seconds(one.seconds)} | {one.seen} |" for one in LIMITS]
    return "\n".join(["| waited for | at most | then |", "|---|---|---|", *rows])


def _seconds(given: float | str) -> str:
    return given if isinstance(given, str) else f"{given:g} s"
