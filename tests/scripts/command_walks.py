"""Every sub-command of the real parser, with words for it; and all that a command could have changed."""

from __future__ import annotations

import hashlib
import stat
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import redis
import typer
from typer.core import TyperOption

from scripts.cli.main import app

# What a test gives for a parameter, by its name, or by the command's and the parameter's where that says too little;
# any other is given something of its type.
VALUES: Mapping[str, str] = {
    "absent": "a" * 32,
    "agency": "gto",
    "agency_id": "gto",
    "amount": "1000",
    "area": "culture",
    "programme open/area": "culture=문화",
    "beneficiary": "2024-06",
    "basis": "공공기록물법",
    "budget": "1000",
    "case_id": "gto-2023",
    "city": "광주광역시",
    "count": "3",
    "credit": "free_money=5",
    "debit": "money=5",
    "day": "2027-05-03",
    "decision": "task.correct",
    "meeting done/decision": "1",
    "delegate": "b" * 32,
    "end": "2024-12-31",
    "event": "1",
    "figure": "summary.tasks",
    "finding": "corrections/task/2024-06#1",
    "first": "1",
    "follow_up": "task/2024-06",
    "last": "2",
    "form": "standing",
    "export/form": "jsonl",
    "fund_id": "gongik",
    "funding": "city",
    "giver": "a" * 32,
    "grade": "A",
    "holder": "a" * 32,
    "into": "gjcf",
    "job_id": "nothing",
    "lead": "gto",
    "measures": "관리직=명=13=9",
    "month": "2024-05",
    "name": "이름",
    "earlier": "2024-06",
    "diff/name": "task_board",
    "views/name": "task_board",
    "trail actor/name": "planner",
    "note": "살펴봄",
    "notice": "c" * 32,
    "number": "1",
    "office": "planner",
    "percent": "10",
    "point": "1",
    "position": "1",
    "post": "officer",
    "queue": "projections",
    "raters": "10",
    "role": "planner",
    "score": "80",
    "since": "2024-01-01",
    "start": "2024-03-04",
    "starts": "2024-03-04",
    "subject": "d" * 32,
    "audit/subject": "2024-06",
    "subject_id": "d" * 32,
    "substitute": "b" * 32,
    "task": "2024-06",
    "programme add-task/task": "2024-70",
    "task_id": "2024-06",
    "text": "글",
    "text_id": "e" * 32,
    "title": "제목",
    "to": "2024-06-01",
    "clock move/to": "2027-01-01",
    "agency transfer/to": "gjcf",
    "definition diff/before": "donghaeng-2024/1",
    "definition diff/after": "donghaeng-2024/2",
    "definition migrate/to": "donghaeng-2024/1",
    "definition new/name": "mine",
    "definition withdraw/identity": "donghaeng-2024/1",
    "to_year": "2025",
    "transfers": "facility=gto=gjcf=시설",
    "token_id": "f" * 32,
    "until": "2024-12-31",
    "vkey": "log+12345678+AA==",
    "what": "function",
    "access examine/what": "entry",
    "witness": "audit",
    "year": "2024",
    "years": "2024",
}
# Options that a command does not go on without, though its parser does.
MORE: Mapping[str, tuple[str, ...]] = {
    "access review": ("--note", "살펴봄"),
    "agency set-contact": ("--mail", "post@example.org"),
    "subject change": ("--name", "이름"),
    "task propose": ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000"),
}
_BY_TYPE: Mapping[type, str] = {int: "1", datetime: "2024-12-31"}
Typed = tuple[str, list[str]]


def commands() -> Iterator[tuple[str, Any]]:
    """Each by what is typed, with its parameters; of a group that does something by itself, the group too."""
    for path, one in walk():
        yield path, one.params


def walk() -> Iterator[tuple[str, Any]]:
    """The same with the commands themselves."""
    yield from _below(typer.main.get_command(app), "")


def _below(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None or command.invoke_without_command:
        yield path, command
    for name, one in (below or {}).items():
        yield from _below(one, f"{path} {name}".strip())


def words_for(path: str, params: Any, files: Mapping[str, Path], out: Path) -> Iterator[Typed]:
    """What is typed, named by the command and a switch: what has to be there, then each switch and each file too.

    `files`: by command, with its parameter where it takes several. `out`: a folder for those that are written.
    """
    needed = [word for one in params if one.required for word in typed_for(path, one, files, out)]
    words = [*path.split(), *needed, "--reason", "시험", *MORE.get(path, ())]
    yield path, words
    for one in params:
        switch = isinstance(one, TyperOption) and one.is_flag and one.name != "as_json"
        if switch or (not one.required and is_file(one)):
            yield f"{path} {one.opts[0]}", [*words, *typed_for(path, one, files, out)]


def typed_for(path: str, one: Any, files: Mapping[str, Path], out: Path) -> list[str]:
    if not isinstance(one, TyperOption):
        return [_value(path, one, files, out)]
    return [one.opts[0]] if one.is_flag else [one.opts[0], _value(path, one, files, out)]


def _value(path: str, one: Any, files: Mapping[str, Path], out: Path) -> str:
    """Something that the command can go on with."""
    places = (f"{path}/{one.name}", f"{path.split(maxsplit=1)[0]}/{one.name}", one.name)
    if is_file(one):
        found = next((str(files[place]) for place in places if place in files), None)
        return found or str(out / f"{path.replace(' ', '-')}-{one.name}")
    return next((VALUES[place] for place in places if place in VALUES), None) or _of_its_type(one)


def _of_its_type(one: Any) -> str:
    """Something that the parser takes for it."""
    kind = one.type_descriptor.annotation
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Literal:
        return str(arguments[0])
    return next((word for known, word in _BY_TYPE.items() if known in (kind, *arguments)), "one")


def is_file(one: Any) -> bool:
    kind = one.type_descriptor.annotation
    return Path in (kind, *typing.get_args(kind)) and one.name != "data"


def standing(folders: Sequence[Path], owner: psycopg.Connection[Any], server: redis.Redis) -> dict[str, str]:
    """All that a command could change, by where it lies: files, rows, keys; but for the log of refusals and its count."""
    found = {**_rows(owner), **_keys(server)}
    for folder in folders:
        found |= _files(folder)
    return found


def _files(folder: Path) -> dict[str, str]:
    found = {}
    for path in folder.rglob("*"):
        mode = oct(stat.S_IMODE(path.lstat().st_mode))
        found[str(path)] = f"{mode} {hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ''}"
    return found


def _rows(owner: psycopg.Connection[Any]) -> dict[str, str]:
    tables = owner.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relname <> 'refused' "
        "AND relnamespace::regnamespace::text IN ('donghaeng', 'views')"
    ).fetchall()
    sums = (
        f"SELECT '{table}', md5(string_agg(md5(whole::text), '' ORDER BY md5(whole::text))) FROM {table} whole"
        + (" WHERE what <> 'refusal'" if table == "donghaeng.watched" else "")
        for (table,) in tables
    )
    return dict(owner.execute(" UNION ALL ".join(sums).encode()).fetchall())


def _keys(server: redis.Redis) -> dict[str, str]:
    named = [name for name in server.keys("*") if not name.endswith(b":counts")]
    return {name.decode(): hashlib.sha256(server.dump(name) or b"").hexdigest() for name in named}
