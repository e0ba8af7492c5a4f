"""A store with two agencies, people in office, and the applications over it as the server has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.subject.commands import Register
from domain.values import LocalText
from store.envelope import Actor
from tests.workflows.test_command_handler import NAME, propose
from web.applications import make_applications
from web.console import Console
from workers.bootstrap import open_engine
from workers.servers import Addresses
from workers.settings import Settings
from workflows.accounts import invite
from workflows.command_envelope import CommandEnvelope
from workflows.read_access import Reader

PLANNER = Actor(role="planner")
OFFICER, OTHER, HEAD, NOBODY = (letter * 32 for letter in "abcd")
HERE = "https://console.example"
BY_PLANNER = Reader(via="cli", actor=PLANNER, authn="asserted")


class Desk:
    """The console, with what its tests do beside it."""

    def __init__(self, console: Console) -> None:
        self.console, self.built = console, console.built

    def give(self, command: Command, actor: Actor = PLANNER, reason: str | None = "사유") -> None:
        order = CommandEnvelope(command=command, actor=actor, via="cli", reason=reason)
        self.built.handler.handle(order)

    def code(self, subject: str, role: Any = None) -> str:
        return invite(self.built.store, BY_PLANNER, subject, role, None).code

    def browser(self) -> TestClient[Any]:
        """One that nobody has used. Redirects are looked at, not followed."""
        return TestClient(make_applications(self.console), base_url=HERE, raise_server_exceptions=True)

    def signed_in(self, subject: str, role: Any = None) -> TestClient[Any]:
        found = self.browser()
        answer = sign_in(found, self.code(subject, role))
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return found


def sign_in(browser: TestClient[Any], code: str, **headers: str) -> Any:
    return browser.post(
        "/sign-in", data={"code": code}, headers={"origin": HERE, **headers}, follow_redirects=False
    )


def hidden(text: str, name: str) -> str:
    """What a form of the page carries unseen."""
    found = re.search(f'name="{name}" value="([^"]*)"', text)
    assert found is not None, f"no {name} in {text}"
    return found[1]


@contextmanager
def desk_over(addresses: Addresses, data: Path) -> Iterator[Desk]:
    with open_engine(addresses, data) as built:
        yield Desk(Console(built, Settings(data=data)))


def furnish(desk: Desk, title: LocalText = NAME) -> None:
    """A year with a task of gto's, proposed; officers of gto and gjcf, a head of gto."""
    desk.give(Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)))
    for identity in ("gto", "gjcf"):
        desk.give(agency.Register(agency=identity, name=NAME))
    desk.give(AddTask(year=2024, task="2024-06", area="culture", lead="gto", title=title))
    for subject, of, post in ((OFFICER, "gto", "officer"), (OTHER, "gjcf", "officer"), (HEAD, "gto", "head")):
        desk.give(Register(subject=subject))
        desk.give(agency.Appoint(agency=of, subject=subject, post=post))  # type: ignore[arg-type]
    desk.give(propose(), Actor(role="officer", agency="gto", subject=OFFICER))
