"""Whom a search is for: `--actor`, `--on-behalf-of` and the like, with names where `--agency` takes them too."""

from __future__ import annotations

from functools import partial

from scripts.cli.run import Run
from scripts.cli.values import agency_id
from workers.bootstrap import vault_of


def with_ids(run: Run, given: str | None) -> str | None:
    """What was typed, with ids in place of an agency's name, a person's name, or the beginning of a person's id.

    The store and the vault are opened where there is one to look up. Raises as `find_whom`.
    """
    if given is None:
        return None
    from workflows.queries.whom import find_whom, read_whom  # noqa: PLC0415 - few searches name anybody

    whom = read_whom(given)
    if whom is None or whom.is_spelled:
        return given
    with run.engine() as engine:

        def called(name: str) -> list[str]:
            with vault_of(run.settings, engine) as vault:
                return vault.find_by_name(name)

        inquiry = run.inquiry(engine.store)
        return find_whom(whom, inquiry, partial(agency_id, engine.store), called).spell()
