"""In which of the two languages somebody reads. Imports nothing heavy: help and wrong usage are told before all else."""

from __future__ import annotations

import os
from typing import Literal

Lang = Literal["ko", "en"]


def lang_of_locale() -> Lang:
    """The language of who sits at this terminal, as POSIX reads it: LC_ALL, then LC_MESSAGES, then LANG; what is empty is not set."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if said := os.environ.get(name):
            return "ko" if said.startswith("ko") else "en"
    return "en"
