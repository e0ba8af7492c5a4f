"""A chart's description made over for a narrow screen, where it is drawn anew and its letters keep their size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WIDTH = 356  # pixels of the whole drawing: a screen of 390 without its margins
_PANEL = 292  # of one panel where there are several, beside its axis
_NAME = 128  # of a row's name; the table below the chart has it whole
_NUMBER = "split(datum.label, '  ')[0]"  # of a task, without its title


def make_narrow(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Panels one below the other, short names of rows, signs two in a line and legends below each other."""
    made: dict[str, Any] = {key: _narrow(key, value) for key, value in spec.items()}
    if "facet" in made:
        made["columns"], made["spec"]["width"] = 1, _PANEL
    else:
        made |= {"width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}}
    made["config"] = {"legend": {"layout": {"bottom": {"direction": "vertical", "anchor": "start"}}}}
    return made


def _narrow(key: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_narrow("", one) for one in value]
    if not isinstance(value, Mapping):
        return value
    made = {name: _narrow(name, one) for name, one in value.items()}
    if key == "y" and made.get("type") == "nominal":
        made["axis"] = {**(made.get("axis") or {}), "labelLimit": _NAME, "labelExpr": _NUMBER}
    if key == "legend":
        made |= {"columns": 2, "labelLimit": _NAME}
    return made
