"""What a definition refuses by its own words, whoever is refused: `doctor` names rules that wait for it."""

from __future__ import annotations


class ByDefinition:
    """Marks such a refusal, beside Refusal."""
