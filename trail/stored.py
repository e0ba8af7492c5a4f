"""Facts as they stand in the log, by columns.

They are plain tuples, since whoever reads the log reads them by the million: a named tuple takes a seventh longer to
read and unpack, and is looked at by each collection of garbage.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

# `state`: the envelope and the fact in the bytes that are kept for ever; times as in store.recorded.RecordedFact
StoredFact = tuple[int, str, int, str, datetime, datetime, bytes]
COLUMNS = "position, stream, version, kind, recorded_at, known_at, state"
POSITION: Final = 0
STREAM: Final = 1
VERSION: Final = 2
KIND: Final = 3
RECORDED_AT: Final = 4
KNOWN_AT: Final = 5
STATE: Final = 6
