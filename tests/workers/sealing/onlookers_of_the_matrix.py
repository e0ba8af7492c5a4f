"""Who looks at the world of the rewrite matrix, each by the very functions of the program, and by what it is caught."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg

from domain.errors import DonghaengError
from projections.inspection.pack_page import in_sentences
from projections.inspection.searching import Filters
from projections.texts import PROBLEMS
from store.log import Store
from tests.workers.sealing.world_of_the_matrix import World
from trail.errors import NotTrusted
from trail.pack_asked import Asked
from trail.pack_verifying import verify_pack
from trail.packing import place_of, whole_of, write_pack
from trail.sources import Folder, open_source
from trail.verdict import Verdict
from trail.verifying import Own
from workers.sealing.errors import StoreRestored
from workers.sealing.nightly_comparison import compare_nightly
from workflows.command_handler import CommandHandler
from workflows.trail.alarms import alarms
from workflows.trail.beside import BesidePart
from workflows.trail.completeness import EntriesPart
from workflows.trail.packs import gather_events
from workflows.trail.parts import Begin
from workflows.trail.reading import page
from workflows.trail.verifying import verify_all
from workflows.trail.views import ViewsPart
from workflows.trail.watched import verify_watched
from workflows.vault_against_facts import verify_vault

NOT_CAUGHT = "not caught"
_BY_WHAT = {
    "two_times": "two times of a fact",
    "kind_of_store": "kind of store",
    "another_store": "the log's name",
}
_BY_PART = {
    "facts": "database against leaves",
    "beside": "texts and commands against facts",
    "entries": "entries against facts",
    "views": "views against facts",
    "readings": "readings against their leaves",
}


@contextmanager
def as_the_application(world: World) -> Iterator[Store]:
    """The store as a program that is started now sees it."""
    with Store.open(psycopg.conninfo.make_conninfo(world.operator.dsn, user="donghaeng_app")) as store:
        yield store


def looked_at(world: World, store: Store, folder: Path, own: Own, *, beside: bool = False) -> str:
    """What `donghaeng trail verify --store` says. `beside`: also of entries, the vault, and the log of readings."""
    verdict = Verdict()
    parts: list[Begin] = [BesidePart]
    if beside:
        parts += [partial(EntriesPart, store, None), partial(ViewsPart, store)]
    with verdict.checking("trail"):
        trail, _ = verify_all(Folder(folder), own, store, parts, verdict, lambda _: None)
        if beside and not verdict.failures:
            verify_vault(store, world.vault, verdict)
            with verdict.checking("readings"):
                verify_watched(store, trail, verdict)
    return _caught([by_what(item) for item in verdict.failures], good=verdict.good)


def _caught(by: list[str], *, good: bool) -> str:
    assert good is not bool(by)
    return "**caught**: " + ", ".join(dict.fromkeys(by)) if by else NOT_CAUGHT


def nightly(world: World, store: Store) -> str:
    """What the operator's own system finds at night in the database as it is, with the genuine trail; by the very job."""
    data = world.tmp / "night"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(world.tmp / "as-it-was", data)
    handler = CommandHandler(store, wake=lambda: None)
    engine: Any = SimpleNamespace(store=store, handler=handler, data=data, owner_dsn=world.operator.dsn)
    try:
        while compare_nightly(engine):
            pass
    except StoreRestored:
        return "**caught**: taken for a restored store"
    found = [_BY_WHAT.get(one.what, _BY_PART[one.part]) for one in alarms(store)]
    return _caught(found, good=not found)


def search(store: Store) -> str:
    """What a search for everything says of what it shows."""
    try:
        found = page(store, Filters(), "en", limit=100)
    except DonghaengError as error:
        return f"**refused**: {_said(error)}"
    told = []
    if any(one.known_at != one.recorded_at for one in found.entries):
        told.append("both times")
    for problem in PROBLEMS.values():
        if any(problem.en in one.sentence for one in found.entries):
            told.append(f"a text {problem.en}")
    if found.complete.warning is not None:
        told.append("rows were changed")
    return "**told**: " + ", ".join(told) if told else "not told"


def pack(world: World, store: Store) -> str:
    """What comes of two packs, of all that is sealed and of one agency, by the genuine trail."""
    out = world.tmp / "pack.zip"
    place = place_of(Folder(world.trail))
    for asked in (Asked(everything=True), Asked(agency="fff")):
        try:
            whole = whole_of(place, asked)
            events = gather_events(store, asked, place.checkpoint.size)
            write_pack(place, events, asked, "", out, lambda _: None, in_sentences(), whole)
        except (DonghaengError, NotTrusted) as error:
            return f"**refused**: {_said(error)}"
        verdict = Verdict()
        with open_source(str(out)) as source:
            verify_pack(source, Own(policy=place.policy.text), verdict, lambda _: None, in_sentences())
        if not verdict.good:
            return f"**refused**: {verdict.failures[0].where}"
    return "not told"


_REFUSALS = {
    "EntriesDiffer": "entries against facts",
    "NotAsSealed": "database against leaves",
    "TextNotAsCommitted": "texts against facts",
    "UnreadableFact": "a fact cannot be read",
    "CountedOtherwise": "a count of the streams in the log",
}


def _said(error: DonghaengError) -> str:
    return _REFUSALS[type(error).__name__]


_BY_PLACE = {
    "--since": "the kept checkpoint",
    "store": "database against leaves",
    "readings": "readings against their leaves",
    **{
        place: f"{place} against facts"
        for place in ("texts", "attachments", "commands", "entries", "views", "vault")
    },
}
# what an item's place is like, and what it says, of the others; the first that fits
_BY_WORDS = (
    ("checkpoint$", "quorum", "no quorum"),
    ("maps/", "", "a count of the streams in the log"),
    ("times$", "^event", "two times of a fact"),
    ("times$", "", "kind of store"),
    ("", "none of the trusted keys", "the log's key"),
    ("", "another store", "the log's name"),
    ("tile", "back-dated", "order of times"),
    (r"event \d+$", "rewritten", "an older seal in the log"),
    ("", "back-dated", "time of an older seal"),
    ("", "was there at", "a time after it was seen"),
)


def by_what(item: Any) -> str:
    if item.where in _BY_PLACE:
        return _BY_PLACE[item.where]
    for place, words, what in _BY_WORDS:
        if re.match(place, item.where) and re.search(words, item.said.en):
            return what
    raise AssertionError(f"{item.where}: {item.said.en}")
