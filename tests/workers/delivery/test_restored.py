"""Yesterday's backup: what may have gone after it was made does not go again until a person says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import conninfo

from domain.agency.commands import SetContact
from domain.epoch.commands import BeginEpoch
from domain.message.commands import Retry
from domain.notice.commands import Release
from store.log import Store
from tests.store.backups.stores_to_back_up import backed_up, empty_database, restored
from tests.workers.delivery.reminded_cities import FIRST_RUNG, PLANNER, Answering, City, Sender, ids_of
from workers import restore_guard
from workers.delivery import sending
from workers.delivery.sink import Sink, mail_sink
from workers.restore_guard import mark_restored, may_act, remember_epoch, state_of_store
from workers.sweeping import sweep
from workflows.command_envelope import CommandEnvelope


class Backup:
    """A city as it was, to be put in the place of the one that went on."""

    def __init__(self, city: City, cluster: str, folder: Path) -> None:
        self.city, self.cluster, self.file = city, cluster, folder / "backup"
        name = conninfo.conninfo_to_dict(city.dsn)["dbname"]
        backed_up(conninfo.make_conninfo(cluster, dbname=name), self.file)

    @contextmanager
    def restored(self, *, marked: bool = True) -> Iterator[City]:
        with empty_database(self.cluster) as dsn:
            restored(dsn, self.file)
            as_app = conninfo.make_conninfo(dsn, user="donghaeng_app")
            with Store.open(as_app) as store:
                if marked:
                    mark_restored(self.city.data, store.id)
                older = City(store, as_app, self.city.data)
                older.fold()
                yield older


def accept(city: City) -> None:
    """A person lets the restored store go on."""
    found = state_of_store(city.store, city.data)
    assert found.state == "restored"
    command = BeginEpoch(number=found.next_epoch, after=found.position)
    city.handler.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
    remember_epoch(city.store, city.data)


def send_all(city: City, sink: Sink) -> None:
    """Tick and send until neither finds anything to do."""
    if may_act(city.store, city.data):
        city.sweep()
    while city.post(sink.url).send_due():
        city.sweep()


@pytest.fixture
def morning(bare: City) -> City:
    """Two agencies' messages are waiting."""
    bare.begin(agencies=2)
    bare.at(*FIRST_RUNG)
    assert may_act(bare.store, bare.data)
    return bare


def test_nothing_is_sent_and_then_only_what_a_person_lets_go(
    morning: City, cluster: str, tmp_path: Path
) -> None:
    backup = Backup(morning, cluster, tmp_path)
    with mail_sink() as sink:
        send_all(morning, sink)
        assert len(sink.mails) == 2
        with backup.restored() as city:
            send_all(city, sink)
            assert [city.kinds(one) for one in city.messages] == [["composed"]] * 2, "nobody has decided yet"
            accept(city)
            send_all(city, sink)
            for one in city.messages:
                assert city.kinds(one) == ["composed", "unknown"]
                assert city.message(one).problem == "restored"
            assert len(sink.mails) == 2
            city.give(Retry(message=city.messages[0]))
            send_all(city, sink)
            assert city.kinds(city.messages[0])[-3:] == ["retried", "attempted", "sent"]
    assert sorted(ids_of(sink.mails).values()) == [1, 2], "the same id as the first time"


def test_if_the_machine_did_not_remember_all_would_go_again(
    morning: City, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    backup = Backup(morning, cluster, tmp_path)
    monkeypatch.setattr(sending, "may_act", lambda *_: True)
    monkeypatch.setattr(restore_guard._Seen, "halt", lambda *_: None)  # nor did the store say so itself
    with mail_sink() as sink:
        send_all(morning, sink)
        with backup.restored() as city:
            send_all(city, sink)
    assert list(ids_of(sink.mails).values()) == [2, 2]


def test_if_what_was_composed_before_were_like_any_other_all_would_go_again(
    morning: City, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    backup = Backup(morning, cluster, tmp_path)
    monkeypatch.setattr(sending, "is_before_restoring", lambda *_: False)
    with mail_sink() as sink:
        send_all(morning, sink)
        with backup.restored() as city:
            accept(city)
            send_all(city, sink)
    assert list(ids_of(sink.mails).values()) == [2, 2]


def test_what_was_deferred_then_is_unknown_too(morning: City, cluster: str, tmp_path: Path) -> None:
    with mail_sink(Answering("451 later", "451 later")) as sink:
        send_all(morning, sink)
        backup = Backup(morning, cluster, tmp_path)
        morning.until_tried()
        send_all(morning, sink)
        with backup.restored() as city:
            accept(city)
            city.until_tried()
            send_all(city, sink)
            kinds = {tuple(city.kinds(one)) for one in city.messages}
    assert kinds == {("composed", "attempted", "deferred", "unknown")}
    assert list(ids_of(sink.mails).values()) == [1, 1]


def test_what_was_being_sent_then_is_unknown_and_not_sent_once_more(
    city: City, cluster: str, tmp_path: Path
) -> None:
    """Of a lost worker's message one more is sent; of one that may have gone before the restoring none is."""
    assert may_act(city.store, city.data)
    with mail_sink() as sink:
        with Sender(city, sink.url, "dialogue") as sender:
            assert sender.said() == "dialogue"
            backup = Backup(city, cluster, tmp_path)
            sender.go_on()
            sender.end()
        assert len(sink.mails) == 1
        with backup.restored() as older:
            older.lapse()
            accept(older)
            send_all(older, sink)
            send_all(older, sink)
            assert older.kinds()[:2] == ["composed", "attempted"]
            assert older.message().stage == "unknown"
            assert older.message().problem == "restored"
            assert len(sink.mails) == 1
            older.give(Retry(message=older.messages[0]))
            send_all(older, sink)
            assert older.message().stage == "sent"
    assert list(ids_of(sink.mails).values()) == [2]


def test_rungs_of_days_up_to_then_are_held_and_later_ones_are_not(
    bare: City, cluster: str, tmp_path: Path
) -> None:
    """The backup is from before the sweep: in it nobody has been reminded of anything."""
    bare.begin()
    assert may_act(bare.store, bare.data)
    backup = Backup(bare, cluster, tmp_path)
    with mail_sink() as sink:
        bare.at(*FIRST_RUNG)
        send_all(bare, sink)
        assert len(sink.mails) == 1
        with backup.restored() as city:
            city.store.move_clock(bare.store.now())
            send_all(city, sink)
            assert city.notices == []
            accept(city)
            send_all(city, sink)
            (held,) = city.notices
            assert city.store.read(f"notice/{held}")[0].fact.held
            assert city.messages == []
            assert len(sink.mails) == 1
            city.give(Release(notice=held))
            send_all(city, sink)
            assert len(sink.mails) == 2
            city.at(2024, 5, 27, 0, 30)
            send_all(city, sink)
    told = sink.notices()
    assert told.pop(held) == 2, "the same notice by the same id"
    assert list(told.values()) == [1], "and that of the 22nd, late, once"


def test_if_they_were_not_held_the_day_would_be_told_twice(
    bare: City, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    bare.begin()
    assert may_act(bare.store, bare.data)
    backup = Backup(bare, cluster, tmp_path)
    monkeypatch.setattr("workflows.automation.reminders._day_of_restore", lambda _: None)
    with mail_sink() as sink:
        bare.at(*FIRST_RUNG)
        send_all(bare, sink)
        with backup.restored() as city:
            city.store.move_clock(bare.store.now())
            accept(city)
            send_all(city, sink)
    assert list(sink.notices().values()) == [2]


def test_what_was_armed_then_but_in_no_message_waits_too(bare: City, cluster: str, tmp_path: Path) -> None:
    """Which message it went in after the backup, the restored store cannot know."""
    bare.begin(tasks=2)
    bare.store.move_clock(bare.store.now().replace(month=5, day=13, hour=0, minute=30))
    bare.fold()
    while not bare.notices:
        sweep(bare.engine, bare.memory)
        bare.fold()
    assert may_act(bare.store, bare.data)
    backup = Backup(bare, cluster, tmp_path)
    with mail_sink() as sink:
        send_all(bare, sink)
        assert len(sink.mails) == 1
        with backup.restored() as city:
            accept(city)
            send_all(city, sink)
            send_all(city, sink)
            assert city.message().stage == "unknown"
            assert city.message().problem == "restored"
            assert len(sink.mails) == 1
            city.give(Retry(message=city.messages[0]))
            send_all(city, sink)
            assert city.message().stage == "sent"


def test_what_comes_about_after_the_restoring_goes_as_always(
    morning: City, cluster: str, tmp_path: Path
) -> None:
    backup = Backup(morning, cluster, tmp_path)
    with backup.restored() as city, mail_sink() as sink:
        accept(city)
        send_all(city, sink)
        assert sink.mails == []
        city.give(SetContact(agency="a001", channel="mail"))
        city.at(2024, 5, 27, 0, 30)
        send_all(city, sink)
        assert sorted(to for (to,), _ in sink.mails) == ["a000@agency.example", "planner@city.example"]
