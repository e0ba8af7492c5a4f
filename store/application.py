"""eventsourcing's Application over this log: its recorder appends as we do, its notification log follows our table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, Mapper, StoredEvent, Subscription
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment
from psycopg.rows import dict_row

from store.appending import Record, send
from store.connecting import Connection
from store.connections import Connections
from store.errors import StreamConflict
from store.mapper import Decode, FactMapper, command_of


class _Pool:
    """Our connections in the place of psycopg's pool, which is broken after a fork."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def open(self, wait: bool, timeout: float) -> None:
        """They open by themselves."""

    def close(self) -> None:
        """They belong to the store."""

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        with self._connections.lend() as connection:
            ours = connection.row_factory
            connection.row_factory = dict_row  # type: ignore[assignment]
            try:
                yield connection
            finally:
                connection.row_factory = ours


class _Datastore(PostgresDatastore):
    def __init__(self, connections: Connections) -> None:
        super().__init__("", "", "", "", "", schema="donghaeng", originator_id_type="text")
        self.connections = connections
        self.pool = _Pool(connections)  # type: ignore[assignment]


class FactRecorder(PostgresApplicationRecorder):
    """Reads as eventsourcing does, from the view stored_events; appends through the one function."""

    datastore: _Datastore

    def create_table(self) -> None:
        """Nothing: `donghaeng migrate` is the only one that changes the schema."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append events of one command; their positions. The same again returns the same positions.

        Raises IntegrityError when a stream is not at the version before.
        """
        if not stored_events:
            return []
        record = Record(
            command_id=command_of(stored_events[0].state),
            digest=hashlib.sha256(b"".join(event.state for event in stored_events)).digest(),
            streams=[str(event.originator_id) for event in stored_events],
            versions=[event.originator_version for event in stored_events],
            kinds=[event.topic for event in stored_events],
            states=[event.state for event in stored_events],
        )
        try:
            appended = send(self.datastore.connections, record)
        except StreamConflict as conflict:
            raise IntegrityError(str(conflict)) from conflict
        return range(appended.first_position, appended.last_position + 1)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[Any]:
        raise NotImplementedError(
            "the subscription of eventsourcing loses a wake-up between its first pull and LISTEN; "
            "pull with select_notifications from the tracked position instead"
        )


class _Factory(PostgresFactory):
    def __init__(self, env: Environment, connections: Connections) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = _Datastore(connections)

    def application_recorder(self) -> FactRecorder:
        return FactRecorder(self.datastore)


class FactApplication(Application[str]):
    """The log as an event-sourced application: `save` facts, read streams, follow `notification_log`."""

    name = "donghaeng"
    env: ClassVar[dict[str, str]] = {"ORIGINATOR_ID_TYPE": "text", "CREATE_TABLE": "no"}

    def __init__(self, connections: Connections, decode: Decode) -> None:
        self._connections, self._decode = connections, decode
        super().__init__()

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return _Factory(env, self._connections)

    def construct_mapper(self) -> Mapper[str]:
        return FactMapper(self.construct_transcoder(), self._decode)
