"""Data folders for tests with servers of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.throwaway import in_memory
from workers.servers.clearing import clear


@contextmanager
def data_folder(*, on_disk: bool = False) -> Iterator[Path]:
    """A data folder that a server's user can enter, as pytest's own cannot be; nothing is left of it afterwards.

    `on_disk`: where making a cluster takes long enough to be met at it; else in memory, where there is room.
    """
    where = None if on_disk else in_memory()
    with tempfile.TemporaryDirectory(prefix="donghaeng-test-", dir=where) as folder:
        data = Path(folder).resolve()
        data.chmod(0o755)
        try:
            yield data
        finally:
            clear(data)
