"""Who acts in a run and how that is known: by --as, the environment or a token; and on behalf of whom."""

from __future__ import annotations

import os
from functools import partial

from msgspec.structs import replace

from domain.errors import Lang, Refusal
from scripts.cli.actor import AnotherActor, NotForAnother, WhoActs, actor_from
from scripts.cli.client_info import VIA, machine, where_from
from scripts.cli.output import Output
from scripts.cli.values import agency_id
from store.envelope import Actor, spell_actor
from store.log import Store
from workers.engine import Engine
from workers.settings import Settings
from workflows.command_envelope import Giver
from workflows.read_access import Reader
from workflows.refusing import log_refusals, refusal_of_token
from workflows.tokens import authenticate


class Acting(Output):
    """`settings`: those of the run, of which the token is looked at."""

    settings: Settings

    def __init__(self, lang: Lang, *, as_json: bool, actor: str | None, on_behalf_of: str | None) -> None:
        super().__init__(lang, as_json=as_json)
        self._actor, self._behalf = actor, on_behalf_of
        self._known: Giver | None = None

    @property
    def _asserted(self) -> str | None:
        """Who is said to act, by --as or the environment."""
        return self._actor or os.environ.get("DONGHAENG_AS") or None

    def _actor_asserted(self, store: Store) -> Actor | None:
        return None if self._asserted is None else actor_from(self._asserted, partial(agency_id, store))

    def who(self, built: Engine) -> Giver:
        """Who acts by their own right, how that is known, and the token's id where it is by token.

        Raises WhoActs, AnotherActor, NotForAnother.
        """
        if self._behalf is not None:
            raise NotForAnother
        return self.giver(built.store)

    @property
    def is_named(self) -> bool:
        """Whether somebody is said to act, by --as, the environment or a token."""
        return self._asserted is not None or self.settings.token is not None

    def forget_who(self) -> None:
        """Whoever runs on for long is to be asked for their token again."""
        self._known = None

    def giver(self, store: Store) -> Giver:
        """Settled once a command, when it is first asked: a token's stream is read each time that it is authenticated."""
        if self._known is None:
            self._known = self._authenticate(store)
        return self._known

    def _authenticate(self, store: Store) -> Giver:
        if self.settings.token is None:
            asserted = self._actor_asserted(store)
            if asserted is None:
                raise WhoActs
            return Giver(asserted, VIA)
        try:
            actor, token = authenticate(store, self.settings.token.reveal())
        except Refusal as refusal:
            log_refusals(store, [refusal_of_token(self.settings.token.reveal(), refusal, VIA, machine())])
            raise
        asserted = self._actor_asserted(store)
        if asserted not in (None, actor):
            raise AnotherActor(said=spell_actor(asserted), token=spell_actor(actor))
        return Giver(actor, VIA, "token", token)

    def on_behalf(self, store: Store) -> Actor | None:
        return None if self._behalf is None else actor_from(self._behalf, partial(agency_id, store))

    def reader(self, store: Store) -> Reader:
        """Who reads; nobody where nobody is named."""
        if self._behalf is not None:
            raise NotForAnother
        if not self.is_named:
            return where_from()
        giver = self.giver(store)
        return replace(where_from(), actor=giver.actor, authn=giver.authn, token=giver.token)
