"""`trail actor`: what somebody did, and on whose behalf."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from scripts.cli.run import Run, command
from scripts.cli.trail_reading import Before, Limit, say_page
from scripts.cli.whom import with_ids
from trail.particles import fill
from workers.bootstrap import vault_of
from workflows.queries.trail import show_actor
from workflows.trail.actors import Acted, Deeds

Name = Annotated[
    str,
    typer.Argument(
        help="ROLE, ROLE@AGENCY, a person's id or its beginning, or a person's name in the vault. "
        "= 역할, 역할@기관, 사람의 식별자나 그 앞부분, 또는 금고에 있는 이름."
    ),
]


def add(trails: typer.Typer) -> None:
    @command(trails, "actor")
    def actor(run: Run, name: Name, limit: Limit = 50, before: Before = None) -> None:
        """Show what somebody did and on whose behalf, and what others did on theirs (행위자별 감사 이력).

        = 어떤 사람이 한 일과 대행한 일, 남이 그를 대신하여 한 일을 보여 줍니다.
        """
        with run.engine() as engine:

            def ids_of(called: str) -> list[str]:
                with vault_of(run.settings, engine) as vault:
                    return vault.find_by_name(called)

            who = with_ids(run, name) or name
            found = show_actor(run.inquiry(engine.store), who, ids_of, before=before, limit=limit)
        run.show(found, lambda out: _say(run, found, out))


def _say(run: Run, found: Acted, out: Console) -> None:
    name = found.page.people.get(found.subject or "")
    out.print(found.who if name is None else f"{name} [{found.who}]", style="bold", markup=False)
    for one in found.did:
        _say_deeds(run, one, run.words("{0}을(를) 대신하여", "on behalf of {0}"), out)
    if found.done_for:
        out.print(run.words("다른 사람이 대신한 일", "done on their behalf"), style="bold")
    for one in found.done_for:
        _say_deeds(run, one, run.words("{0}이(가) 함", "by {0}"), out)
    out.print(run.words("기록", "entries"), style="bold")
    say_page(run, found.page, out)


def _say_deeds(run: Run, one: Deeds, how: str, out: Console) -> None:
    who = "" if one.who is None else f" ({fill(how, one.who)})"
    spans = f"{one.first}" if one.first == one.last else f"{one.first} – {one.last}"
    out.print(f"  {one.count:>6}  {one.kind}{who}  {spans}", markup=False, soft_wrap=True)
