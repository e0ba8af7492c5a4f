"""How much memory a process has held; nothing is imported that would count itself."""

from __future__ import annotations


def most_megabytes(process: int | str = "self") -> float:
    """The most that it ever held at once, by the kernel. Not getrusage, whose figure is the parent's where that was larger."""
    with open(f"/proc/{process}/status", encoding="utf-8") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
