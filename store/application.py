"""The log as an application of eventsourcing: for programs of others, which read and follow it as they do their own."""

from __future__ import annotations

from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    Mapper,
    NotSupportedError,
    ProcessRecorder,
    TrackingRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType

from store.log import Store
from store.recorder import FactRecorder


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Gives a store's own recorder and mapper. `store`: else the one at DATABASE_URL is opened, and closed with it."""

    def __init__(self, env: Environment | EnvType | None = None, store: Store | None = None) -> None:
        super().__init__(env)
        self._opened = store is None
        if store is None:
            if not (address := self.env.get("DATABASE_URL")):
                raise InfrastructureFactoryError("DATABASE_URL does not say where the store is")
            store = Store.open(address)
        self._store = store

    def close(self) -> None:
        if self._opened:
            self._store.close()

    def mapper(self, transcoder: Transcoder | None = None, mapper_class: Any = None) -> Mapper[Any]:
        """Ours alone: the bytes are the same for ever, sealed by their hash, and neither compressed nor encrypted."""
        return self._store.mapper

    def application_recorder(self) -> FactRecorder:
        return self._store.recorder

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        if purpose == "events":
            return self._store.recorder
        raise NotSupportedError("the log has no snapshots: a stream is folded from its first fact")

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> Any:
        raise NotSupportedError(
            "who follows the log keeps its position in a database of its own, with what it made"
        )

    def process_recorder(self) -> ProcessRecorder:
        raise NotSupportedError(
            "who follows the log keeps its position in a database of its own, with what it made"
        )

    def is_snapshotting_enabled(self) -> bool:
        return False


class FactApplication(Application[str]):
    """`save` facts, read streams, follow `notification_log` or `recorder.subscribe`. `store`: else that at DATABASE_URL."""

    name = "donghaeng"

    def __init__(self, env: EnvType | None = None, store: Store | None = None) -> None:
        self._store = store
        super().__init__(env)

    def construct_factory(self, env: Environment) -> Factory:
        return Factory(env, self._store)

    def construct_mapper(self) -> Mapper[str]:
        return self.factory.mapper()
