"""Data folders for tests with servers of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workers.servers.clearing import clear


@contextmanager
def data_folder() -> Iterator[Path]:
    """A data folder that a server's user can enter, as pytest's own cannot be; nothing is left of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="donghaeng-test-") as folder:
        data = Path(folder).resolve()
        data.chmod(0o755)
        try:
            yield data
        finally:
            clear(data)
