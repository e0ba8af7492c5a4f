"""What people see of a view whose table is damaged, and how they make it anew; also beside the sealed trail."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import structlog

from domain.seoul import local_day
from projections.damage import ViewDamaged, name_damage
from projections.inspection.entries import TRAIL_ENTRIES
from projections.runner import project
from projections.task_board import TASK_BOARD
from projections.views import VIEWS, positions
from store.log import Store
from tests.projections.counting_view import name_of
from tests.projections.damaged_tables import flip
from tests.scripts.conftest import Cli, document
from tests.scripts.test_doctor import findings
from workers.bootstrap import open_engine
from workers.sealing.nightly_comparison import compare_nightly
from workers.sealing.nights import night
from workers.servers import Addresses

AS_PLANNER = ("--as", "planner", "--json")
PROPOSED = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1")


def catch_up(store: Store) -> None:
    structlog.reset_defaults()
    for view in VIEWS.values():
        project(store, view)


def test_it_is_refused_in_words_shown_as_stopped_and_made_anew_with_a_certificate(
    loaded: Cli, store: Store, owner_dsn: str
) -> None:
    assert loaded("task", "propose", "2024-06", "--as", "officer@gto", *PROPOSED).exit_code == 0
    catch_up(store)
    assert findings(loaded)["view task_board"]["state"] == "ok", "the control"
    flip(owner_dsn, TASK_BOARD.table)
    shown = loaded("task", "list", "--json")
    assert (shown.exit_code, document(shown)["error"]["name"]) == (3, "ViewDamaged")
    korean = loaded("task", "list", "--lang", "ko").output
    assert "손상되어" in korean
    assert "views rebuild task_board" in korean
    assert loaded("task", "list", "--as-of", str(local_day(store.now()))).exit_code == 0, (
        "made from the facts"
    )
    place = document(loaded("views", "--json"))["views"]["task_board"]
    assert (place["state"], place["error_position"]) == ("stopped", None)
    assert "views rebuild task_board" in loaded("views").output
    seen = findings(loaded)["view task_board"]
    assert (seen["state"], "views rebuild task_board" in seen["todo"]) == ("wrong", True)
    refused = loaded("views", "skip", "task_board", "--reason", "x", *AS_PLANNER)
    assert document(refused)["error"]["name"] == "NotStopped", "no fact is to blame"
    refused = loaded("views", "verify", "task_board", *AS_PLANNER)
    assert document(refused)["error"]["name"] == "ViewDamaged"
    done = loaded("views", "rebuild", "task_board", *AS_PLANNER)
    table = name_of(TASK_BOARD)
    assert [one["table"] for one in document(done)["not_compared"]] == [table]
    assert "is damaged" in done.stderr
    assert findings(loaded)["view task_board"]["state"] == "ok"
    assert "2024-06" in loaded("task", "list").output
    (certificate,) = document(loaded("views", "certificates", "task_board", "--json"))["certificates"]
    assert certificate["not_compared"] == [{"table": table, "why": "unreadable"}]
    told = loaded("trail", "show", str(certificate["fact"]), "--as", "inspector").output
    assert f"not compared: {table}, it cannot be read" in " ".join(told.split())
    korean = loaded("trail", "show", str(certificate["fact"]), "--as", "inspector", "--lang", "ko").output
    assert f"대조하지 못한 표: {table}, 읽을 수 없음" in korean


def test_a_dropped_table_is_found_by_doctor_though_nobody_has_met_it(
    loaded: Cli, store: Store, owner_dsn: str
) -> None:
    catch_up(store)
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(f"DROP TABLE {VIEWS['agency_inbox'].table}".encode())
    seen = findings(loaded)["view agency_inbox"]
    assert (seen["state"], "is missing" in seen["seen"]) == ("wrong", True)
    assert not positions(store)["agency_inbox"].damaged, "doctor says so, and stops nothing"
    structlog.reset_defaults()
    with (
        pytest.raises(ViewDamaged),
        store.connection() as connection,
        name_damage(store, [VIEWS["agency_inbox"]]),
    ):
        connection.execute(f"SELECT key FROM {VIEWS['agency_inbox'].table}".encode())
    assert positions(store)["agency_inbox"].damaged, "the control: who uses it does"


def test_the_trail_and_the_night_say_so_and_compare_the_rest(
    loaded: Cli, store: Store, servers: Addresses, owner_dsn: str, app_dsn: str, tmp_path: Path
) -> None:
    assert loaded("trail", "init", "--as", "planner").exit_code == 0
    assert loaded("trail", "seal").exit_code == 0
    catch_up(store)
    given = ("trail", "verify", "--store", "--as", "inspector", "--json")
    before = {one["where"]: one for one in document(loaded(*given))["items"]}
    assert before["entries"]["holds"]
    assert before["views"]["holds"]
    flip(owner_dsn, TRAIL_ENTRIES.table)
    flip(owner_dsn, VIEWS["agency_register"].table)
    verified = loaded(*given)
    assert verified.exit_code == 1
    items = document(verified)["items"]
    assert not [one for one in items if one["where"] in ("events", "texts") and one["holds"] is False]
    for where, view in (("entries", "trail_entries"), ("views", "agency_register")):
        (wrong,) = (one for one in items if one["where"] == where and one["holds"] is False)
        assert f"views rebuild {view}" in wrong["said"]
    assert [one for one in items if one["where"] == "views" and one["holds"]], "the other views were compared"
    searched = loaded("trail", "search", "--as", "inspector", "--json")
    assert document(searched)["error"]["name"] == "ViewDamaged"
    structlog.reset_defaults()
    with open_engine(Addresses(owner_dsn, app_dsn, servers.redis), tmp_path / "var") as engine:
        while compare_nightly(engine):
            pass
        last = night(engine.data)
        assert last is not None
        assert (last.stage, {"entries", "views"} <= set(last.found)) == ("over", True)
        for view in ("trail_entries", "agency_register"):
            assert loaded("views", "rebuild", view, *AS_PLANNER).exit_code == 0
    assert {one["where"] for one in document(loaded(*given))["items"] if one["holds"] is False} <= {
        "checkpoint"
    }
