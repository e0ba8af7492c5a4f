"""What every part of a lifecycle definition is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a definition, as it is written in TOML."""

    model_config = ConfigDict(frozen=True, extra="forbid")
