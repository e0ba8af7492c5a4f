from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.consoles import Desk, desk_over, furnish
from workers.servers import Addresses


@pytest.fixture
def desk(servers: Addresses, owner_dsn: str, app_dsn: str, tmp_path: Path) -> Iterator[Desk]:
    """A console over a store of the test's own, with a proposed task."""
    with desk_over(Addresses(owner_dsn, app_dsn, servers.redis), tmp_path / "var") as found:
        furnish(found)
        yield found
