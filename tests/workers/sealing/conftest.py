"""A timestamp authority for all tests of sealing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workers.sealing.timestamp_authority import Authority, authority


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("authority")) as made:
        yield made
