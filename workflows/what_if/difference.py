"""What would have been otherwise under another rule, as it is told."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from domain.values import LocalText

W = TypeVar("W")


class WhatIfDifference(msgspec.Struct, Generic[W], frozen=True):
    """What would have been otherwise. `really`, `otherwise`: days, a rule and its day, a grade; None where there is none.

    `what`: deadline, owed_by, reminders, transition, refused or grade; `name`: the deadline's kind, the rule, or the command
    or step that somebody gave and the other definition's requirements refuse; `item`: which of several; `item_name`: what
    people call it, or the command; `kind_name`: what a definition calls a kind of deadlines of its own. `why`: in both languages, or in one, as text. `facts`: positions of those that make it. `beyond`: the task would have
    gone another way before.
    """

    task: str
    title: LocalText
    what: str
    name: str
    item: str | None
    item_name: LocalText | None
    really: str | None
    otherwise: str | None
    why: W | None
    facts: tuple[int, ...]
    beyond: bool
    kind_name: LocalText | None = None
