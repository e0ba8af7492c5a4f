"""`donghaeng clock`: a simulated store's clock, moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.scripts.conftest import Cli


def test_a_real_stores_clock_is_not_moved(cli: Cli) -> None:
    given = cli("clock", "move", "2030-01-01", "--lang", "en")
    assert given.exit_code != 0
    assert "not a simulated store" in given.stderr


def test_the_clock_shows_where_it_stands(cli: Cli) -> None:
    shown = cli("clock", "show", "--json")
    assert shown.exit_code == 0
    assert f"{datetime.now(UTC):%Y}" in shown.stdout
