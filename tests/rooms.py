"""The rooms of the program, as the settings of the project name them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
SETTINGS: dict[str, Any] = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS: tuple[str, ...] = (*SETTINGS["tool"]["importlinter"]["root_packages"],)
