"""What a revision, another plan or a corrected list makes other, field by field, with before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.limits import legible
from domain.task.facts import Revised
from domain.task.state import Task
from domain.values import LocalText, Plan
from projections.sentences.narration import Narration, field_labels

# the fields of plans and proposals, as people read them
PLANS_FIELDS = field_labels("""
area|분야|area
baseline|기준값|baseline
budget_krw|예산(원)|budget (KRW)
city|시|city
department|소관부서|department
declared_agency_count|발표한 기관 수|agencies announced
declared_task_count|발표한 과제 수|tasks announced
due|기한일|due
ends|종료일|ends
end|종료일|end
indicators|성과지표|indicators
lead|주관기관|lead
milestones|추진일정|milestones
name|이름|name
not_before|시작 가능일|not before
partners|협업기관|partners
phases|시기|phases
starts|시작일|starts
start|시작일|start
summary|요약|summary
target|목표값|target
title|과제명|title
unit|단위|unit
without|삭제 항목|without
""")
_NAMES = ("id", "name")  # the fields of an item that stand at the head of what is told of it


def tell_revision(narration: Narration, before: Task, fact: Revised) -> list[str]:
    """All that the revision gave and that is other than before it."""
    return [
        *_compare(narration, "title", before.title, fact.title or before.title),
        *_compare(narration, "department", before.department, _value_after(fact, before, "department")),
        *_compare_partners(
            narration, before.partners, before.partners if fact.partners is None else fact.partners
        ),
        *(() if fact.plan is None or before.plan is None else tell_plan(narration, before.plan, fact.plan)),
        *_compare(narration, "summary", before.summary, _value_after(fact, before, "summary")),
    ]


def _value_after(fact: Revised, before: Task, name: str) -> Any:
    """What the proposal says of it after the fact."""
    return None if name in fact.without else getattr(fact, name) or getattr(before, name)


def tell_values(narration: Narration, before: Any, names: Sequence[str]) -> list[str]:
    """Those of the fact's values that it gives and that are other than before it. `before`: None where that is not known."""
    parts: list[str] = []
    for name in names:
        new = getattr(narration.fact, name)
        if new is None:
            continue
        old = None if before is None else getattr(before, name)
        if isinstance(new, tuple):
            parts += _compare_items(narration, _label(narration, name), old or (), new)
        elif before is None:
            parts.append(f"{_label(narration, name)} {_tell_alone(narration, name, new)}")
        elif name == "lead":
            old_name = _value(narration, None) if old is None else narration.name(old)
            parts.append(f"{_label(narration, name)} {old_name} → {narration.name(new)}")
        else:
            parts += _compare(narration, name, old, new)
    return parts


def _tell_alone(narration: Narration, name: str, value: Any) -> str:
    """A value of which nobody looked up what was before: that there was none is not known."""
    if name == "lead":
        return narration.name(value)
    return narration.in_words(value) if isinstance(value, LocalText) else _value(narration, value)


def tell_plan(narration: Narration, before: Plan, after: Plan) -> list[str]:
    """All that is other in the plan: what was added, what was taken away, what has another value."""
    return [*_compare_fields(narration, before, after)]


def _compare_fields(narration: Narration, before: Any, after: Any, inside: str = "") -> Iterator[str]:
    """`inside`: the item whose fields they are, as its changes begin."""
    for name in after.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(new, tuple):
            yield from _compare_items(narration, _label(narration, name), old, new)
        else:
            yield from _compare(narration, name, old, new, inside)


def _compare(narration: Narration, name: str, old: Any, new: Any, inside: str = "") -> Iterator[str]:
    if old == new:
        return
    label = f"{inside}{_label(narration, name)}"
    if isinstance(old, LocalText) or isinstance(new, LocalText):
        yield from _compare_names(narration, label, old or LocalText(ko=""), new or LocalText(ko=""))
    else:
        yield f"{label} {_value(narration, old)} → {_value(narration, new)}"


def _compare_names(narration: Narration, label: str, old: LocalText, new: LocalText) -> Iterator[str]:
    if old.ko != new.ko:
        yield f"{label} {_value(narration, old.ko)} → {_value(narration, new.ko)}"
    if old.en != new.en:
        label = narration.either(f"{label}(영문)", f"{label} in English")
        yield f"{label} {_value(narration, old.en)} → {_value(narration, new.en)}"


def _compare_items(narration: Narration, label: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    before, after = _by_name(old), _by_name(new)
    count = 0
    for key in dict.fromkeys((*before, *after)):
        for said in _compare_item(narration, label, before.get(key), after.get(key)):
            count += 1
            yield said
    if not count and old != new:
        yield narration.either(f"{label} 순서 변경", f"{label} in another order")


def _compare_item(narration: Narration, label: str, old: Any, new: Any) -> Iterator[str]:
    if old is not None and new is not None:
        yield from _compare_fields(narration, old, new, f"{label} {_name_item(narration, old)} ")
        return
    added = new is not None
    one = new if added else old
    values = ", ".join(
        f"{_label(narration, name)} {_value(narration, getattr(one, name))}"
        for name in one.__struct_fields__
        if name not in _NAMES
    )
    what = narration.either("추가", "added") if added else narration.either("삭제", "taken away")
    yield f"{label} {what}: {_name_item(narration, one)} {values}"


def _by_name(items: Sequence[Any]) -> Mapping[tuple[str, int], Any]:
    """Each by what tells it from the others; of the same name, by which of them it is."""
    found: dict[tuple[str, int], Any] = {}
    for one in items:
        name = getattr(one, "id", None) or one.name.ko
        place = sum(known == name for known, _ in found)
        found[name, place] = one
    return found


def _name_item(narration: Narration, item: Any) -> str:
    identity = getattr(item, "id", None)
    name = narration.in_words(item.name)
    said = narration.either(f"‘{name}’", f"“{name}”")
    return said if identity is None else f"{said}({identity})"


def _compare_partners(narration: Narration, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    label = _label(narration, "partners")
    added, left = [one for one in new if one not in old], [one for one in old if one not in new]
    for what, names in (
        (narration.either("추가", "added"), added),
        (narration.either("제외", "taken away"), left),
    ):
        if names:
            yield f"{label} {what}: {', '.join(map(narration.name, names))}"
    if old != new and not added and not left:
        yield narration.either(f"{label} 순서 변경", f"{label} in another order")


def _label(narration: Narration, name: str) -> str:
    return PLANS_FIELDS[name].say(narration.lang)


def _value(narration: Narration, value: Any) -> str:
    match value:
        case None | "":
            return narration.either("없음", "none")
        case date():
            return value.isoformat()
        case int():
            return f"{value:,}"
        case str():
            return legible(value)
        case msgspec.Struct():
            return narration.text(value)
    return str(value)
