"""Past years replayed under another rule, as people read it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from domain.errors import Bilingual, Lang
from workflows.queries.inquiry import Inquiry
from workflows.what_if.difference import WhatIfDifference
from workflows.what_if.rules import Rule
from workflows.what_if.years import what_if


class Supposed(msgspec.Struct, frozen=True):
    """As `workflows.what_if.years.Replayed`: `position`: up to which the log was replayed; `facts`: of tasks."""

    years: tuple[int, ...]
    position: int
    tasks: int
    facts: int
    counts: dict[str, int]
    differences: list[WhatIfDifference[str]]


def suppose(
    inquiry: Inquiry,
    rule: Rule,
    years: range,
    told: Callable[[int, int], object] = lambda done, of: None,
    *,
    exported: bool = False,
) -> Supposed:
    """Where the years' tasks would have gone otherwise. `exported`: it is to leave as a file; `told(done, of)`: tasks.

    Raises ExportNeedsReason, NothingHappened, CalendarNotOpen, UnknownDefinition.
    """
    inquiry.authorise("what_if", exported=exported)
    found = what_if(inquiry.store, rule, years, told)
    differences = [_difference_read(one, inquiry.lang) for one in found.differences]
    return Supposed(found.years, found.position, found.tasks, found.facts, found.counts, differences)


def _difference_read(one: WhatIfDifference[Bilingual], lang: Lang) -> WhatIfDifference[str]:
    why = None if one.why is None else one.why.say(lang)
    return WhatIfDifference[str](**msgspec.structs.asdict(one) | {"why": why})
