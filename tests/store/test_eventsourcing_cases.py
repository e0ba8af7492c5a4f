"""eventsourcing's own test cases for recorders, trackers, mappers and factories, run against ours.

Their events are in no form of ours ("topic1", b"state1", versions from 0 or 1), and a state of ours says by which command
it came. `InOurForm` gives each insert a command of its own, puts its envelope before each state, and counts versions from
1; it takes both away again. What is left out is named below with its reason, and nothing else is.
"""

from __future__ import annotations

import unittest
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    Notification,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.tests import persistence as theirs
from eventsourcing.utils import Environment

from projections.deadlines import DEADLINES
from projections.runner import project
from projections.task_board import TASK_BOARD
from projections.tracking import LOG, ViewTracking
from store.application import Factory
from store.log import Store
from store.recorder import FactRecorder
from tests.projections.timed_logs import many, put
from tests.store.fact_batches import envelope

_TIMED = "it measures and asserts nothing; figures come from scripts/bench"
_BYTES = (
    "stored bytes are sealed by their hash, never compressed or encrypted: see the test of the mapper below"
)
_TRANSCODER = (
    "we have no transcoder: msgspec makes the bytes by the facts' own types, tests/store/test_mapper.py"
)
_NO_PROCESS = "facts and a tracked position never go in together: what is done because of a fact is exactly once by its command id"
LEFT_OUT = {
    "AggregateRecorderTestCase.test_performance": _TIMED,
    "ApplicationRecorderTestCase.test_performance": _TIMED,
    "ProcessRecorderTestCase": _NO_PROCESS,
    "TranscoderTestCase": _TRANSCODER,
    "InfrastructureFactoryTestCase.test_mapper_with_compressor": _BYTES,
    "InfrastructureFactoryTestCase.test_mapper_with_cipher": _BYTES,
    "InfrastructureFactoryTestCase.test_mapper_with_cipher_and_compressor": _BYTES,
    "InfrastructureFactoryTestCase.test_mapper_with_wrong_cipher_key": _BYTES,
    "InfrastructureFactoryTestCase.test_create_tracking_recorder": "who follows the log tracks it in a database of its own; views are tracked by projections.tracking",
    "InfrastructureFactoryTestCase.test_create_process_recorder": _NO_PROCESS,
}


class InOurForm(FactRecorder):
    """Ours, for events as theirs are. `tells`: whether inserts tell positions, as only an application's recorder does."""

    def __init__(self, store: Store, *, tells: bool = True) -> None:
        super().__init__(store.connections)
        self._tells = tells
        self._first: dict[str, int] = {}

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Any:
        head = msgspec.json.encode(envelope(uuid.uuid4().hex)) + b"\n"
        for one in stored_events:
            self._first.setdefault(str(one.originator_id), one.originator_version)
        ours = [self._moved(one, 1, head + one.state) for one in stored_events]
        positions = super().insert_events(ours, **kwargs)
        return positions if self._tells else None

    def select_events(self, originator_id: Any, **given: Any) -> Any:
        by = self._first.get(str(originator_id), 1) - 1
        given |= {name: given[name] - by for name in ("gt", "lte") if given.get(name) is not None}
        return [self._as_theirs(one) for one in super().select_events(originator_id, **given)]

    def select_notifications(self, *args: Any, **given: Any) -> Any:
        return [self._as_theirs(one) for one in super().select_notifications(*args, **given)]

    def rows_after(self, *args: Any, **given: Any) -> Any:
        """By which a subscription reads."""
        rows = super().rows_after(*args, **given)
        return [(*r[:2], r[2] + self._first[r[1]] - 1, *r[3:6], r[6].partition(b"\n")[2]) for r in rows]

    def _as_theirs(self, one: Any) -> Any:
        return self._moved(one, -1, one.state.partition(b"\n")[2])

    def _moved(self, one: Any, way: int, state: bytes) -> Any:
        stream = str(one.originator_id)
        version = one.originator_version - way * (self._first[stream] - 1)
        position = (one.id,) if isinstance(one, Notification) else ()
        return type(one)(stream, version, one.topic, state, *position)


def without_what_is_left_out(case: type[Any]) -> type[Any]:
    for name in LEFT_OUT:
        of, _, test = name.partition(".")
        if of in {base.__name__ for base in case.__mro__}:
            setattr(case, test, None)
    return case


class OnAStore:
    store: Store

    @pytest.fixture(autouse=True)
    def _on_a_store(self, store: Store) -> None:
        self.store = store

    def create_recorder(self) -> Any:
        return InOurForm(self.store)

    def new_originator_id(self) -> str:
        return f"task/{uuid.uuid4()}"


@without_what_is_left_out
class TestAggregateRecorder(OnAStore, theirs.AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return InOurForm(self.store, tells=False)


@without_what_is_left_out
class TestApplicationRecorder(OnAStore, theirs.ApplicationRecorderTestCase[Any]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleavingNotificationIDs(OnAStore, theirs.NonInterleavingNotificationIDsBaseCase):
    pass


class Folded(TrackingRecorder):
    """Two views in the place of two upstream applications; what is tracked is what the runner has folded."""

    def __init__(self, store: Store) -> None:
        self._store, self._views = store, {"upstream1": TASK_BOARD, "upstream2": DEADLINES}

    def insert_tracking(self, tracking: Tracking) -> None:
        view = self._views[tracking.application_name]
        if not project(self._store, view, up_to=tracking.notification_id):
            raise IntegrityError("nothing was left to fold")

    def max_tracking_id(self, application_name: str) -> int | None:
        view = self._views.get(application_name)
        return None if view is None else ViewTracking(self._store, view).max_tracking_id(LOG)


class TestTrackingRecorder(OnAStore, theirs.TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        put(self.store, many())
        return Folded(self.store)


@without_what_is_left_out
class TestFactory(theirs.InfrastructureFactoryTestCase[Factory]):
    @pytest.fixture(autouse=True)
    def _on_a_database(self, app_dsn: str) -> None:
        self.env = Environment(env={"PERSISTENCE_MODULE": "store.application", "DATABASE_URL": app_dsn})

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[FactRecorder]:
        return FactRecorder

    def expected_application_recorder_class(self) -> type[FactRecorder]:
        return FactRecorder

    def expected_tracking_recorder_class(self) -> Any: ...
    def tracking_recorder_subclass(self) -> Any: ...
    def expected_process_recorder_class(self) -> Any: ...


RUN = (
    TestAggregateRecorder,
    TestApplicationRecorder,
    TestNonInterleavingNotificationIDs,
    TestTrackingRecorder,
    TestFactory,
)


def test_each_of_their_cases_is_run_or_left_out_by_name() -> None:
    cases = {
        name: case for name, case in vars(theirs).items() if name.endswith("Case") and name != "TestCase"
    }
    tests = {
        f"{name}.{test}" for name, case in cases.items() for test in vars(case) if test.startswith("test")
    }
    assert len(tests) > 30, "the list sees nothing"
    run = {
        f"{case.__name__}.{test}"
        for ours in RUN
        for case in ours.__mro__
        for test in vars(case)
        if test.startswith("test") and getattr(ours, test) is not None
    }
    left_out = {one for one in tests if {one, one.partition(".")[0]} & LEFT_OUT.keys()}
    assert tests - run == left_out
    assert not run & left_out
    assert {name for name in LEFT_OUT if "." not in name} <= cases.keys()


def test_a_compressor_and_a_cipher_that_are_set_change_no_byte(
    app_dsn: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    monkeypatch.setenv("CIPHER_TOPIC", "eventsourcing.cipher:AESCipher")
    env = {"PERSISTENCE_MODULE": "store.application", "DATABASE_URL": app_dsn}
    with InfrastructureFactory[Any].construct(env) as factory:
        mapper = factory.mapper()
        assert (mapper.compressor, mapper.cipher) == (None, None)
        assert type(mapper) is type(store.mapper)
        factory.close()


def test_a_recorder_that_is_silent_about_a_conflict_fails_their_cases(store: Store) -> None:
    """The control."""

    class Silent(InOurForm):
        def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Any:
            with suppress(IntegrityError):
                return super().insert_events(stored_events, **kwargs)

    class Case(TestAggregateRecorder):
        def create_recorder(self) -> Any:
            return Silent(store, tells=False)

    result = unittest.TestResult()
    Case("test_insert_and_select").run(result)
    assert "IntegrityError not raised" in result.failures[0][1]
