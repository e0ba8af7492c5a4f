"""Each thing that can be wrong with a value, by its name: in Korean, in English."""

from __future__ import annotations

from collections.abc import Mapping

from domain.problems.of_definitions import OF_DEFINITIONS
from domain.problems.of_forms import OF_FORMS
from domain.problems.of_letters import OF_LETTERS
from domain.problems.of_values import OF_VALUES

PROBLEMS: Mapping[str, tuple[str, str]] = {**OF_VALUES, **OF_DEFINITIONS, **OF_FORMS, **OF_LETTERS}
