"""Where the trail lies. Nothing here needs ciphers."""

from __future__ import annotations

from pathlib import Path


def trail_folder(data: Path) -> Path:
    return data / "trail"


def has_trail(data: Path) -> bool:
    """Whether this machine seals."""
    return (trail_folder(data) / "signed").exists()
