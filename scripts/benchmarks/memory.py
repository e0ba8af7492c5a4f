"""How much memory a process has held; nothing is imported that would count itself."""

from __future__ import annotations


def most_megabytes(process: int | str = "self") -> float:
    """The most that it ever held at once, by the kernel. Not getrusage, whose figure is the parent's where that was larger."""
    return _megabytes(process, "VmHWM:")


def megabytes_of(process: int) -> float:
    """What it and the processes that it started hold now; nothing where it is over."""
    try:
        with open(f"/proc/{process}/task/{process}/children", encoding="utf-8") as children:
            below = [int(one) for one in children.read().split()]
        return _megabytes(process, "VmRSS:") + sum(map(megabytes_of, below))
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _megabytes(process: int | str, name: str) -> float:
    with open(f"/proc/{process}/status", encoding="utf-8") as status:
        for line in status:
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0
