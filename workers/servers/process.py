"""Child processes that end with the process that started them, however it ends."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

_BY_PRCTL = (
    "import ctypes, os, signal, sys; "
    "ctypes.CDLL(None).prctl(1, getattr(signal, 'SIG' + sys.argv[1])); os.execvp(sys.argv[2], sys.argv[2:])"
)


def dies_with_parent(command: Sequence[str], signal: str = "TERM") -> list[str]:
    """The command wrapped so that the kernel sends it this signal when the thread that started it dies.

    It is set after any change of user, which would clear it.
    """
    if shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", signal, "--", *command]
    return [sys.executable, "-c", _BY_PRCTL, signal, *command]
