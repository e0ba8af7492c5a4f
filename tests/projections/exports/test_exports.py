"""The history as data: what is in the files, that they are there whole or not at all, and their way back."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from psycopg.conninfo import make_conninfo

from domain.definition.refusals import ContentNotAsHashed
from domain.task import facts
from projections.exports.errors import (
    ExportDamaged,
    ExportFolderNotEmpty,
    ExportNotWritable,
    ExportOfOtherVersion,
    NotAnExport,
    NothingToExport,
    NotLines,
    OtherClock,
    StoreNotEmpty,
)
from projections.exports.manifest import Format, Manifest
from projections.exports.parquet import parquet_maker
from projections.exports.tables import Table
from projections.exports.taking_in import take_in
from projections.exports.writing import export
from projections.fresh import Unfoldable
from projections.rows_as_of import rows_of
from projections.slices import AsOf
from projections.task_board import TASK_BOARD
from projections.views import VIEWS
from store.bulk import export_facts
from store.errors import NotImportable
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append
from tests.projections.timed_logs import of_every_kind, put
from tests.store.copied_databases import copied
from tests.workflows.test_older_facts import plant
from trail.leaf import leaf_of
from trail.tree import RootOfMany, leaf_hash, root_of

FORMATS: tuple[Format, ...] = ("jsonl", "parquet")
STREAM = "task/2026-01"


@contextmanager
def opened(cluster: str, template: str) -> Iterator[Store]:
    with copied(cluster, template) as dsn, Store.open(make_conninfo(dsn, user="donghaeng_app")) as store:
        yield store


@pytest.fixture(scope="module")
def source(cluster: str, template: str) -> Iterator[Store]:
    """Facts of every kind, known in 2024, and some of today."""
    with opened(cluster, template) as store:
        put(store, of_every_kind())
        append(store, (STREAM, PROPOSED), (STREAM, facts.Approved()))
        yield store


@pytest.fixture(scope="module")
def empty(cluster: str, template: str) -> Iterator[Store]:
    """A store for tests that write nothing."""
    with opened(cluster, template) as store:
        yield store


@pytest.fixture(scope="module")
def folders(source: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The source in each format."""
    top = tmp_path_factory.mktemp("exports")
    for form in FORMATS:
        exported(source, top / form, form)
    return {form: top / form for form in FORMATS}


def exported(store: Store, out: Path, form: Format = "jsonl", last: int | None = None) -> Manifest:
    return export(store, out, form, AsOf(last or store.head().position))


def root(store: Store) -> bytes:
    return root_of([leaf_hash(leaf_of(row)) for row in store.rows_after(0, 10_000)])


def copy_of(folder: Path, to: Path) -> Path:
    """A folder's files, to be spoiled."""
    for path in folder.rglob("*"):
        if path.is_file():
            at = to / path.relative_to(folder)
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(path.read_bytes())
    return to


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def nothing_is_in(store: Store) -> bool:
    with store.connection() as connection:
        waiting = connection.execute("SELECT count(*) FROM donghaeng.incoming").fetchone()
    return (store.head().position, waiting) == (0, (0,))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 255, 256, 257])
def test_a_root_grown_leaf_by_leaf_is_the_root_over_all(size: int) -> None:
    hashes = [leaf_hash(b"%d" % number) for number in range(size)]
    growing = RootOfMany()
    for one in hashes:
        growing.add(one)
    assert growing.root() == root_of(hashes)


def test_a_history_comes_back_with_its_positions_its_bytes_and_its_root(
    source: Store, folders: dict[str, Path], cluster: str, template: str, tmp_path: Path
) -> None:
    told: list[int] = []
    with opened(cluster, template) as copy:
        done = take_in(copy, folders["jsonl"], before_commit=told.append)
        assert copy.rows_after(0, 10_000) == source.rows_after(0, 10_000)
        assert (done.facts, done.origin) == (source.head().position, source.id)
        assert done.root == root(copy).hex() == root(source).hex()
        exported(copy, tmp_path / "again")
        for path in (tmp_path / "again").rglob("*.jsonl"):
            assert path.read_bytes() == (folders["jsonl"] / path.relative_to(tmp_path / "again")).read_bytes()
    (epoch,) = (row for row in source.after(0, 10_000) if row.kind == "store.epoch_begun")
    assert told == [epoch.fact.number]


def test_the_facts_lie_by_the_years_in_which_they_became_known_in_seoul(
    cluster: str, simulated_template: str, tmp_path: Path
) -> None:
    with opened(cluster, simulated_template) as store:
        store.move_clock(datetime(2024, 12, 31, 14, 59, 59, tzinfo=UTC))
        append(store, (STREAM, PROPOSED))
        store.move_clock(datetime(2024, 12, 31, 15, tzinfo=UTC))
        append(store, (STREAM, facts.Approved()), (STREAM, facts.Started(on=date(2025, 1, 2))))
        made = exported(store, tmp_path / "out")
        assert [(one.path, one.first, one.last) for one in made.of_facts] == [
            ("facts/2024.jsonl", 1, 1),
            ("facts/2025.jsonl", 2, 3),
        ]
        with opened(cluster, simulated_template) as copy:
            assert take_in(copy, tmp_path / "out").facts == 3
        with opened(cluster, simulated_template) as copy:
            assert take_in(copy, tmp_path / "out" / "facts" / "2024.jsonl").facts == 1
            with pytest.raises(StoreNotEmpty, match="elsewhere"):
                take_in(copy, tmp_path / "out" / "facts" / "2025.jsonl")


@pytest.mark.parametrize("form", FORMATS)
def test_the_manifest_says_of_every_file_what_it_is(
    source: Store, folders: dict[str, Path], form: str
) -> None:
    folder = folders[form]
    said = json.loads((folder / "manifest.json").read_bytes())
    assert (said["store"], said["simulated"], said["last"]) == (source.id, False, source.head().position)
    assert said["root"] == root(source).hex()
    assert "texts" in said["left_out"]
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {one["path"] for one in said["files"]} == found - {"manifest.json"}
    for one in said["files"]:
        content = (folder / one["path"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(content), sha256(content).hexdigest())
        assert form == "parquet" or one["rows"] == content.count(b"\n")


def test_the_same_log_gives_the_same_bytes(source: Store, folders: dict[str, Path], tmp_path: Path) -> None:
    for form in FORMATS:
        exported(source, tmp_path / form, form)
        for path in (tmp_path / form).rglob("*.*"):
            assert path.read_bytes() == (folders[form] / path.relative_to(tmp_path / form)).read_bytes(), path


def test_an_export_as_of_an_earlier_position_holds_the_log_and_the_views_up_to_there(
    source: Store, tmp_path: Path
) -> None:
    exported(source, tmp_path / "out", last=40)
    lines = (tmp_path / "out" / "facts" / "2024.jsonl").read_bytes().splitlines()
    assert lines == list(source.export_facts())[:40]
    rows = [
        json.loads(line)
        for path in sorted((tmp_path / "out" / "views" / "task_board").iterdir())
        for line in path.read_bytes().splitlines()
    ]
    then = rows_of(source, TASK_BOARD, AsOf(40))
    assert rows == [{"key": key, **plain(then[key])} for key in sorted(then)]


def plain(value: Any) -> Any:
    """As JSON has it."""
    return json.loads(msgspec.json.encode(value))


def parquet(folder: Path, query: str) -> list[Any]:
    with duckdb.connect() as connection:
        return connection.execute(query.replace("DIR", str(folder))).fetchall()


def test_parquet_holds_every_fact_with_its_types(source: Store, folders: dict[str, Path]) -> None:
    found = parquet(
        folders["parquet"],
        "SELECT position, stream, kind, epoch_us(known_at), epoch_us(effective_at), actor_role, fact::VARCHAR, year "
        "FROM 'DIR/facts/*/*.parquet' ORDER BY position",
    )
    recorded = source.after(0, 10_000)
    assert [row[:3] for row in found] == [(one.position, one.stream, one.kind) for one in recorded]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    for row, one in zip(found, recorded, strict=True):
        assert [(at - epoch).total_seconds() for at in (one.known_at, one.effective_at)] == [
            row[3] / 1e6,
            row[4] / 1e6,
        ]
        assert (row[5], row[7]) == (one.envelope.actor.role, one.known_at.year)
        assert json.loads(row[6]) == plain(one.fact)
    types = dict(
        parquet(
            folders["parquet"],
            "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM 'DIR/facts/*/*.parquet')",
        )
    )
    assert (types["position"], types["known_at"], types["late"], types["fact"]) == (
        "BIGINT",
        "TIMESTAMP WITH TIME ZONE",
        "BOOLEAN",
        "JSON",
    )
    assert not [name for name in types if "subject" in name]


def test_parquet_holds_every_view_but_the_index_of_the_trail(source: Store, folders: dict[str, Path]) -> None:
    at = AsOf(source.head().position)
    for name, view in VIEWS.items():
        if name == "trail_entries":
            assert not (folders["parquet"] / "views" / name).exists()
            continue
        keys = parquet(
            folders["parquet"], f"SELECT key FROM 'DIR/views/{name}/**/*.parquet' ORDER BY key COLLATE \"C\""
        )
        assert [row[0] for row in keys] == sorted(rows_of(source, view, at)), name
    board = parquet(
        folders["parquet"],
        "SELECT key, title_ko, budget_krw, start, changed_at::VARCHAR FROM 'DIR/views/task_board/**/*.parquet'",
    )
    rows = rows_of(source, TASK_BOARD, at)
    for key, title, budget, start, _ in board:
        assert (title, budget, start) == (rows[key].title_ko, rows[key].budget_krw, rows[key].start)


def test_a_file_of_parquet_says_of_which_export_it_is(folders: dict[str, Path]) -> None:
    rows = parquet(
        folders["parquet"],
        "SELECT DISTINCT decode(key), decode(value) FROM parquet_kv_metadata('DIR/facts/*/*.parquet')",
    )
    assert set(rows) >= {("donghaeng_export", "1"), ("donghaeng_table", "facts")}


def test_an_empty_folder_is_taken_and_one_with_something_in_it_refused(source: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    exported(source, out, last=3)
    with pytest.raises(ExportFolderNotEmpty):
        exported(source, out, last=3)
    (tmp_path / "file").write_text("something")
    with pytest.raises(ExportFolderNotEmpty):
        exported(source, tmp_path / "file", last=3)
    with pytest.raises(ExportNotWritable):
        exported(source, tmp_path / "not" / "there", last=3)
    assert left(tmp_path) == ["file", "out"]
    assert (tmp_path / "file").read_text() == "something"


def test_who_puts_something_there_meanwhile_keeps_it(source: Store, tmp_path: Path) -> None:
    def put_there(done: int, of: int) -> None:
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out" / "mine").write_text("mine")

    with pytest.raises(ExportFolderNotEmpty):
        export(source, tmp_path / "out", "jsonl", AsOf(3), progress=put_there)
    assert left(tmp_path) == ["out"]
    assert left(tmp_path / "out") == ["mine"]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_leaves_nothing(source: Store, tmp_path: Path, form: Format) -> None:
    with room_for(9000), pytest.raises(ExportNotWritable):
        exported(source, tmp_path / "out", form)
    assert left(tmp_path) == []


def test_what_duckdb_cannot_write_is_said_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"a":1}\n')
    with parquet_maker(1, tmp_path) as made, pytest.raises(ExportNotWritable, match="cannot be written"):
        made.make(tmp_path / "a.jsonl", Table("a", {"a": "BIGINT"}), tmp_path / "none" / "a.parquet")


def test_an_export_that_is_interrupted_leaves_nothing(source: Store, tmp_path: Path) -> None:
    def interrupt(done: int, of: int) -> None:
        assert left(tmp_path)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(source, tmp_path / "out", "jsonl", AsOf(3), progress=interrupt)
    assert left(tmp_path) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_fact_of_a_newer_program_stops_an_export_by_its_name(
    cluster: str, template: str, tmp_path: Path, form: Format
) -> None:
    with opened(cluster, template) as store:
        append(store, *[("task/2024-07", fact) for fact in (PROPOSED, facts.Approved(), facts.Suspended())])
        plant(store, "task.flown", schema=3)
        with pytest.raises(Exception, match=r"task\.flown, schema version 3, .*newer program") as caught:
            exported(store, tmp_path / "out", form)
        assert isinstance(caught.value, Unfoldable) or form == "parquet"
    assert left(tmp_path) == []


def test_a_store_without_facts_has_nothing_to_export(empty: Store, tmp_path: Path) -> None:
    with pytest.raises(NothingToExport):
        exported(empty, tmp_path / "out")
    assert left(tmp_path) == []


Spoil = Callable[[Path], object]


def in_the_manifest(**changes: Any) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_bytes()) | changes))

    return spoil


def in_the_files(change: Callable[[list[Any]], object]) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / "manifest.json"
        said = json.loads(path.read_bytes())
        change(said["files"])
        path.write_text(json.dumps(said))

    return spoil


def in_the_lines(change: Callable[[list[bytes]], list[bytes]], forged: bool = False) -> Spoil:
    """`forged`: the manifest is made to fit again, but for the root, which whoever changed it did not know to change."""

    def spoil(folder: Path) -> None:
        path = folder / "facts" / "2024.jsonl"
        content = b"".join(change(path.read_bytes().splitlines(keepends=True)))
        path.write_bytes(content)

        def fit(files: list[Any]) -> None:
            (one,) = (one for one in files if one["path"] == "facts/2024.jsonl")
            one |= {"bytes": len(content), "sha256": sha256(content).hexdigest()}

        if forged:
            in_the_files(fit)(folder)

    return spoil


def another_title(lines: list[bytes]) -> list[bytes]:
    """A letter of one fact, of the same length; the fact still decodes."""
    number = next(n for n, line in enumerate(lines) if b"task.proposed" in line)
    changed = lines[number].replace("과제".encode(), "과업".encode())
    assert changed != lines[number]
    return [*lines[:number], changed, *lines[number + 1 :]]


def another_time(lines: list[bytes]) -> list[bytes]:
    """Not in the stored bytes, but in what stands around them."""
    return [*lines[:-1], lines[-1].replace(b'"version":', b'"version": ')]


A_VIEW = "views/task_board/2024.jsonl"


def in_a_view(change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(folder: Path) -> None:
        rows = (folder / A_VIEW).read_bytes()
        changed = change(rows)
        assert changed != rows
        (folder / A_VIEW).write_bytes(changed)

    return spoil


SPOILED: dict[str, tuple[Spoil, type[Exception], str]] = {
    "a changed byte": (in_the_lines(another_title), ExportDamaged, "SHA-256"),
    "a changed byte, and its sum": (in_the_lines(another_title, forged=True), ExportDamaged, "root"),
    "a space more": (in_the_lines(another_time), ExportDamaged, "bytes"),
    "a missing line": (in_the_lines(lambda lines: [*lines[:5], *lines[6:]]), ExportDamaged, "bytes"),
    "a missing last line": (in_the_lines(lambda lines: lines[:-1]), ExportDamaged, "bytes"),
    "a missing line, and its sum": (
        in_the_lines(lambda lines: [*lines[:5], *lines[6:]], forged=True),
        NotImportable,
        "position",
    ),
    "lines that changed places": (
        in_the_lines(lambda lines: [lines[1], lines[0], *lines[2:]]),
        ExportDamaged,
        "SHA-256",
    ),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), NotAnExport, "manifest.json"),
    "garbage for a manifest": (
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff{"),
        NotAnExport,
        "manifest.json",
    ),
    "half a manifest": (in_the_manifest(files=None), NotAnExport, "files"),
    "another form": (in_the_manifest(form="something"), NotAnExport, "something"),
    "another version": (in_the_manifest(version=2), ExportOfOtherVersion, "version 2"),
    "another root": (in_the_manifest(root="0" * 64), ExportDamaged, "root"),
    "a clock moved by hand": (in_the_manifest(simulated=True), OtherClock, "simulated"),
    "a missing file": (lambda folder: (folder / "facts" / "2024.jsonl").unlink(), NotAnExport, "2024"),
    "a missing year": (
        in_the_files(lambda files: files.remove(next(f for f in files if f["path"] == "facts/2024.jsonl"))),
        NotAnExport,
        "hole",
    ),
    "no last year": (
        in_the_files(lambda files: files.remove([f for f in files if f.get("first")][-1])),
        NotAnExport,
        "facts",
    ),
    "a file from elsewhere": (
        in_the_files(lambda files: files[0].update(path="facts/../../../2024.jsonl")),
        NotAnExport,
        "manifest.json",
    ),
    "a changed byte of a view": (in_a_view(lambda rows: rows[:-3] + b"0" + rows[-2:]), ExportDamaged, "SHA-256"),
    "a view cut short": (in_a_view(lambda rows: rows[:-1]), ExportDamaged, "bytes"),
    "a missing view": (lambda folder: (folder / A_VIEW).unlink(), NotAnExport, "task_board"),
    "a view from elsewhere": (
        in_the_files(lambda files: files[-1].update(path="views/../../rows.jsonl")),
        NotAnExport,
        "manifest.json",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", SPOILED)
def test_what_is_not_as_it_was_exported_is_refused_by_name_and_nothing_is_written(
    folders: dict[str, Path], empty: Store, tmp_path: Path, wrong: str
) -> None:
    spoil, error, says = SPOILED[wrong]
    folder = copy_of(folders["jsonl"], tmp_path / "spoiled")
    spoil(folder)
    with pytest.raises(error, match=says):
        take_in(empty, folder, before_commit=lambda epoch: pytest.fail("it was about to count"))
    assert nothing_is_in(empty)


def test_parquet_is_not_taken_in(folders: dict[str, Path], empty: Store) -> None:
    with pytest.raises(NotLines):
        take_in(empty, folders["parquet"])


def test_a_history_is_not_taken_into_a_store_that_has_one(source: Store, folders: dict[str, Path]) -> None:
    before = source.head().position
    with pytest.raises(StoreNotEmpty, match=source.id):
        take_in(source, folders["jsonl"])
    assert source.head().position == before


def test_an_empty_file_is_no_history(empty: Store, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    with pytest.raises(NotAnExport):
        take_in(empty, tmp_path / "a.jsonl")
    with pytest.raises(NotAnExport):
        take_in(empty, tmp_path / "none.jsonl")


@pytest.mark.parametrize("kind", ["definition.adopted", "definition.drafted"])
def test_a_definition_whose_content_has_another_hash_is_not_taken_in(
    source: Store, empty: Store, tmp_path: Path, kind: str
) -> None:
    """Its lines make a log, and nobody said what the files are to be."""
    lines = list(export_facts(source.rows_after(0, 10_000)))
    at = next(number for number, line in enumerate(lines) if f'"kind":"{kind}"'.encode() in line)
    sound = lines[at]
    lines[at] = sound.replace(b"mine", b"ours")
    assert lines[at] != sound
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(ContentNotAsHashed, match="f64dc723"):
        take_in(empty, tmp_path / "a.jsonl")
    assert nothing_is_in(empty)


def test_a_history_whose_commit_is_refused_leaves_nothing(
    folders: dict[str, Path], cluster: str, template: str
) -> None:
    """Somebody else was faster: the lines no longer continue the log."""
    with opened(cluster, template) as store:
        with pytest.raises(NotImportable):
            take_in(store, folders["jsonl"], before_commit=lambda _: append(store, (STREAM, PROPOSED)))
        assert [one.stream for one in store.after(0, 10)] == [STREAM]
