"""`trail actor`: what somebody did, and on whose behalf."""

from __future__ import annotations

import typing
from typing import Annotated

import typer
from rich.console import Console

from domain.particles import filled
from scripts.cli.run import Run, command
from scripts.cli.trail_reading import Before, Limit, say_page
from store.envelope import Role
from workers.bootstrap import Engine, vault_of
from workflows.permissions import READINGS, ReadingNotPermitted, RoleLabel
from workflows.trail_actors import Acted, Deeds, NoSuchActor, acted, is_name, one_called
from workflows.trail_filters import Typed, filters_from, position

Name = Annotated[
    str, typer.Argument(help="ROLE, ROLE@AGENCY, a person's id, or a person's name in the vault.")
]


def add(trails: typer.Typer) -> None:
    @command(trails, "actor")
    def actor(run: Run, name: Name, limit: Limit = 50, before: Before = None) -> None:
        """Show what somebody did and on whose behalf, and what others did on theirs (행위자별 감사 이력)."""
        if before is not None:
            position("--before", before)
        with run.engine() as engine:
            who = _called(run, engine, name) if is_name(name) else name
            subject = filters_from(Typed(actor=who)).subject
            run.may_read(engine, "trail", subjects=() if subject is None else (subject,))
            found = acted(engine.store, who, run.lang, before=before, limit=limit)
        run.show(found, lambda out: _say(run, who, found, out))


def _called(run: Run, engine: Engine, name: str) -> str:
    """The id of the person of that name, for who may read persons' details."""
    with vault_of(run.settings, engine) as vault:
        subjects = vault.named(name)
    try:
        run.may_read(engine, "subject.show", subjects=subjects)
    except ReadingNotPermitted as refusal:
        role = refusal.details["role"]
        if isinstance(role, RoleLabel) and role.role in READINGS["trail"].permitted:
            raise NoSuchActor(name=name[:60], roles=typing.get_args(Role), role=role) from None
        raise
    return one_called(name, subjects)


def _say(run: Run, who: str, found: Acted, out: Console) -> None:
    out.print(who, style="bold")
    for one in found.did:
        _say_deeds(run, one, run.words("{0}을(를) 대신하여", "on behalf of {0}"), out)
    if found.done_for:
        out.print(run.words("다른 사람이 대신한 일", "done on their behalf"), style="bold")
    for one in found.done_for:
        _say_deeds(run, one, run.words("{0}이(가) 함", "by {0}"), out)
    out.print(run.words("기록", "entries"), style="bold")
    say_page(run, found.page, out)


def _say_deeds(run: Run, one: Deeds, how: str, out: Console) -> None:
    who = "" if one.who is None else f" ({filled(how, one.who)})"
    spans = f"{one.first}" if one.first == one.last else f"{one.first} – {one.last}"
    out.print(f"  {one.count:>6}  {one.kind}{who}  {spans}", markup=False, soft_wrap=True)
