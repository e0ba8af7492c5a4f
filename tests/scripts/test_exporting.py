"""`donghaeng export` and its way back, and the queries of docs/data.md."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from projections.report.drilling import figure_of
from projections.report.making import report
from projections.runner import project
from projections.views import VIEWS
from scripts.benchmarks.history import lines
from store.log import Store
from tests.conftest import top
from tests.projections.timed_logs import many, put
from tests.scripts.conftest import Cli, document
from tests.store.copied_databases import copied

QUERIES = re.findall(r"```sql\n(.*?)```", (top() / "docs" / "data.md").read_text(encoding="utf-8"), re.DOTALL)
WHY = ("--as", "planner", "--reason", "연말 분석")
SECRET = "아무도 보면 안 되는 사유"


@pytest.fixture
def filled(cli: Cli, store: Store) -> Cli:
    """A year of tasks in all stages, its views up to date."""
    put(store, many(60))
    for view in VIEWS.values():
        project(store, view)
    return cli


def exported(cli: Cli, out: Path, form: str, *more: str) -> Any:
    done = cli("export", "--format", form, "--out", str(out), *WHY, *more, "--json")
    assert done.exit_code == 0, done.output
    return document(done)


def asked(folder: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.chdir(folder)
    with duckdb.connect() as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_pages_query_gives_the_years_figures(
    filled: Cli, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(filled, tmp_path / "out", "parquet")
    figures, months, budgets = (asked(tmp_path / "out", query, monkeypatch) for query in QUERIES)
    shown = document(filled("programme", "show", "2024", "--json"))["rows"]
    assert len(shown) > 5
    told = [{name: value for name, value in row.items() if name != "year"} for row in shown]
    assert sorted(
        ({**row, "progress_sum": row["progress_sum"] or 0} for row in figures), key=_place
    ) == sorted(told, key=_place)
    told_by_report, _ = report(store, 2024)
    for name, figure in (("tasks", "summary.tasks"), ("budget_krw", "summary.budget")):
        assert sum(row[name] for row in figures) == figure_of(told_by_report, figure).value, figure
    of_tasks = [one for one in store.after(0, 10_000) if one.stream.startswith("task/2024-")]
    assert sum(row["facts"] for row in months) == len(of_tasks)
    assert [(row["stream"], row["budget_krw"]) for row in budgets] == [
        (one.stream, one.fact.plan.budget_krw) for one in of_tasks if one.kind == "task.proposed"
    ]


def _place(row: dict[str, Any]) -> tuple[str, str]:
    return row["area"], row["stage"]


def test_a_history_goes_out_and_into_another_store(
    filled: Cli,
    store: Store,
    cluster: str,
    template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = exported(filled, tmp_path / "out", "jsonl")
    assert said["facts"] == store.head().position
    with copied(cluster, template) as dsn:
        with psycopg.connect(dsn, autocommit=True) as owner:
            # only a superuser gets past the trigger that keeps a store's identity
            owner.execute("SET session_replication_role = replica")
            owner.execute("UPDATE donghaeng.store SET id = gen_random_uuid()")
        app_dsn = psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")
        monkeypatch.setenv("DATABASE_URL", app_dsn)
        done = filled("import", str(tmp_path / "out"), "--json")
        assert done.exit_code == 0, done.output
        with Store.open(app_dsn) as other:
            assert document(done) == {
                "store": other.id,
                "origin": store.id,
                "facts": said["facts"],
                "root": said["root"],
            }
            assert other.rows_after(0, 10_000) == store.rows_after(0, 10_000)
        standing = document(filled("epoch", "show", "--json"))
        assert standing["state"] == "restored", "the store of origin may still act"
        again = filled("import", str(tmp_path / "out"), "--json")
        assert document(again)["error"]["name"] == "StoreNotEmpty"


def test_a_history_that_is_refused_leaves_the_store_free_to_act(
    cli: Cli, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n")
    assert document(cli("import", str(tmp_path / "a.jsonl"), "--json"))["error"]["name"] == "NotImportable"
    assert document(cli("import", str(tmp_path), "--json"))["error"]["name"] == "NotAnExport"
    dry = cli("import", str(tmp_path), "--dry-run", "--json")
    assert document(dry)["error"]["name"] == "NoDryRun"
    assert document(cli("epoch", "show", "--json"))["state"] == "current"
    assert store.head().position == 0


def test_a_history_that_the_server_could_not_take_leaves_the_store_free_to_act(
    cli: Cli, store: Store, owner_dsn: str, tmp_path: Path
) -> None:
    """As when the disk is full at the very end. The control: with room again it comes in, as a restored store."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"".join(line + b"\n" for line in lines(50)))
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE 'no room' USING ERRCODE = 'disk_full'; END $$"
        )
        owner.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON donghaeng.facts FOR EACH STATEMENT EXECUTE FUNCTION no_room()"
        )
        assert document(cli("import", str(file), "--json"))["error"]["name"] == "StoreFault"
        assert store.head().position == 0
        assert document(cli("epoch", "show", "--json"))["state"] == "current"
        owner.execute("DROP TRIGGER no_room ON donghaeng.facts")
    assert cli("import", str(file), "--json").exit_code == 0
    assert document(cli("epoch", "show", "--json"))["state"] == "restored"


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_free_texts_and_persons_stay_behind(loaded: Cli, store: Store, tmp_path: Path, form: str) -> None:
    registered = loaded("subject", "register", "--name", "가나다", "--as", "planner", "--json")
    subject = document(registered)["subject"]
    done = loaded("programme", "open", "2025", "--name", "새해", "--city", "광주", "--area", "living=생활", "--as", f"planner:{subject}", "--reason", SECRET)  # fmt: skip
    assert done.exit_code == 0, done.output
    (last,) = store.after(store.head().position - 1, 1)
    assert last.envelope.reason is not None
    assert store.text(last.envelope.reason).body == SECRET
    exported(loaded, tmp_path / "out", form)
    if form == "parquet":
        with duckdb.connect() as connection:
            found = connection.execute(
                f"SELECT to_json(f)::VARCHAR FROM '{tmp_path}/out/facts/**/*.parquet' AS f"
            ).fetchall()
        content = "".join(row[0] for row in found)
        assert subject not in "".join(row[0] for row in found if f"subject/{subject}" not in row[0])
    else:
        content = "".join(path.read_text() for path in (tmp_path / "out").rglob("*.jsonl"))
        assert last.envelope.reason.commitment in content
    assert SECRET not in content
    assert "새해" in content


def test_an_export_says_what_for_and_is_put_down(filled: Cli, tmp_path: Path) -> None:
    given = ("export", "--format", "jsonl", "--out", str(tmp_path / "out"), "--json")
    assert document(filled(*given, "--as", "planner"))["error"]["name"] == "ExportNeedsReason"
    assert (
        document(filled(*given, "--as", "officer@gto", "--reason", "x"))["error"]["name"]
        == "ReadingNotPermitted"
    )
    assert not (tmp_path / "out").exists()
    exported(filled, tmp_path / "out", "jsonl")
    (put_down,) = (
        one
        for one in document(filled("access", "list", "--as", "inspector", "--json"))["accesses"]
        if one["reading"] == "history"
    )
    assert put_down["exported"]
    assert document(filled(*given, *WHY))["error"]["name"] == "ExportFolderNotEmpty"


@pytest.mark.parametrize(
    ("day", "error"),
    [("2020-01-01", "NothingKnownThen"), ("2999-01-01", "NotYet"), ("2024-02-30", "BadMoment")],
)
def test_a_day_without_facts_is_refused_and_leaves_nothing(
    filled: Cli, tmp_path: Path, day: str, error: str
) -> None:
    done = filled(
        "export", "--format", "jsonl", "--out", str(tmp_path / "out"), "--as-of", day, *WHY, "--json"
    )
    assert document(done)["error"]["name"] == error
    assert not (tmp_path / "out").exists()


def test_as_of_a_day_says_so_in_the_manifest(filled: Cli, tmp_path: Path) -> None:
    exported(filled, tmp_path / "out", "jsonl", "--as-of", "2024-12-31")
    said = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert said["as_of"] == "2024-12-31T15:00:00Z"
