"""A timestamp authority for all tests of sealing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workers.sealing.authority_of_the_tests import Authority, authority


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("authority")) as made:
        yield made
