"""A city's own approval lines, letters and quiet days, made up: who signs for what and when, what is said, and on which days nothing is."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from scripts.random_lives.oracle.conditions import MEANING

POSITIONS = ("vice-mayor", "budget-officer", "council")
TAKE_STEP = "task.take_step"
ASK = "advance_asked_for"  # a step with a form that goes by a line
_ANYWHERE = ["proposed", "approved", "in_progress"]
_KINDS = ("review", "consultation", "decision")
_ROLES = ("planner", "department", "officer", "head")
# by what a step of a life does: the command, and how often it has a line
LINED: Mapping[str, tuple[str, float]] = {
    "task_approve": ("task.approve", 0.85),
    "task_return": ("task.return", 0.3),
    "task_revise": ("task.revise", 0.3),
    "task_reject": ("task.reject", 0.4),
    "task_suspend": ("task.suspend", 0.5),
    "task_resume": ("task.resume", 0.35),
    "task_replan": ("task.replan", 0.35),
    "task_approve_replan": ("task.approve_replan", 0.5),
    "task_refuse_replan": ("task.refuse_replan", 0.4),
    "task_hand_over": ("task.hand_over", 0.5),
    "task_add_partner": ("task.add_partner", 0.5),
    "task_report": ("task.report_progress", 0.3),
    "task_final": ("task.submit_final_report", 0.35),
    "task_rate": ("task.rate", 0.3),
    "task_discontinue": ("task.discontinue", 0.3),
}
_OF_ONE: Mapping[str, Sequence[str]] = {
    "task.report_progress": ("command.percent >= 30",),
    "task.replan": ("command.plan.budget_krw > 200000000",),
    "task.rate": ("command.score >= 70.0",),
    TAKE_STEP: ("form.amount > 10000000", "form.amount > 10000000"),
}
_NOT_TOLD = "task.started_on.getMonth() < 6"  # before the work has begun
_OF_ALL = [one for one in MEANING if one.startswith("task.") and one != _NOT_TOLD]
_TURNS = (  # where a signature is due, and of whom
    ("proposed", "normal", "city"),
    ("proposed", "normal", "agency"),
    ("in_progress", "normal", "city"),
    ("in_progress", "normal", "agency"),
    ("in_progress", "suspended", "city"),
)
_LADDERS = {"city": "signing_city", "agency": "signing_agency"}


class OwnLines:
    """What a life's definition says of these, other each time that it is asked. `lined`: what any version has lines for."""

    def __init__(self, chance: random.Random, begins: date) -> None:
        self._chance, self._begins = chance, begins
        self.lined: dict[str, int] = {}  # with the most signatures that a line of it takes

    def add_to(self, content: dict[str, Any]) -> None:
        """Lines, deadlines of signatures with ladders of their own, quiet days; letters last, when all ladders are there."""
        self._add_lines(content)
        self._add_deadlines(content)
        if self._chance.random() < 0.8:
            content["quiet_days"] = self._quiet_days()
        self._add_letters(content)

    def note(self, content: dict[str, Any]) -> None:
        """That a definition with this content is lived by."""
        for one in (*content["commands"], *content["steps"]):
            if "line" in one:
                name = one.get("command", TAKE_STEP)
                self.lined[name] = max(self.lined.get(name, 0), _count_signatures(one["line"]))

    def _add_lines(self, content: dict[str, Any]) -> None:
        chance = self._chance
        commands = {one["command"]: one for one in content.get("commands", [])}
        for command, likely in LINED.values():
            if chance.random() < likely:
                one = commands.setdefault(command, {"command": command})
                one["line"] = self._line(command)
        content["commands"] = list(commands.values())
        content["steps"] = [_asking() | {"line": self._line(TAKE_STEP)}]

    def _add_deadlines(self, content: dict[str, Any]) -> None:
        chance = self._chance
        content["ladders"] += [_ladder(name, who) for who, name in _LADDERS.items()]
        for number, (stage, condition, who) in enumerate(chance.sample(_TURNS, chance.randint(2, 4))):
            content["deadlines"].append(
                {
                    "kind": "signature" if number == 0 else f"signature_{chr(97 + number)}",
                    "who": who,
                    "stage": stage,
                    "condition": condition,
                    "start": "line_turn",
                    "within": chance.randint(2, 6),
                    "ladder": _LADDERS[who],
                    "basis": {"ko": f"결재 지침 {number + 1}", "en": f"guideline {number + 1}"},
                }
            )

    def _add_letters(self, content: dict[str, Any]) -> None:
        """For some ladders, and for some of their rungs others."""
        chance = self._chance
        letters: list[dict[str, Any]] = []
        for ladder in content["ladders"]:
            days = [rung["days"] for rung in ladder["rungs"]]
            if chance.random() < 0.6:
                letters.append(self._letter(len(letters), ladder["name"], []))
            if days and chance.random() < 0.5:
                some = sorted(chance.sample(days, chance.randint(1, len(days))))
                letters.append(self._letter(len(letters), ladder["name"], some))
        if letters:
            content["letters"] = letters

    def _line(self, command: str) -> list[dict[str, Any]]:
        chance = self._chance
        line: list[dict[str, Any]] = []
        for turn in range(chance.choice((1, 1, 2, 2, 3))):
            beside = chance.choice((1, 1, 1, 2, 3))
            suffice = chance.randint(1, beside) if beside > 1 and chance.random() < 0.7 else None
            group = {} if beside == 1 else {"group": f"side_{turn + 1}"}
            for _ in range(beside):
                entry = self._entry(f"e{len(line) + 1}", command) | group
                if line and chance.random() < 0.3:
                    entry["returns_to"] = chance.choice(line)["entry"]
                line.append(entry)
            if suffice is not None:
                line[-beside]["needed"] = suffice
        return line

    def _entry(self, name: str, command: str) -> dict[str, Any]:
        chance = self._chance
        entry: dict[str, Any] = {"entry": name, "kind": chance.choice(_KINDS)}
        if chance.random() < 0.5:
            entry["position"] = chance.choice(POSITIONS)
        else:
            entry["role"] = chance.choice(_ROLES)
        if chance.random() < 0.3:
            entry["when"] = chance.choice([*_OF_ONE.get(command, ()), *_OF_ALL])
            if command in ("task.hand_over", "task.replan", "task.add_partner") and chance.random() < 0.3:
                entry["when"] = _NOT_TOLD
        return entry

    def _quiet_days(self) -> list[dict[str, Any]]:
        """Of each year and of one, near the days that are lived."""
        chance, spans = self._chance, []
        for number in range(chance.randint(1, 4)):
            first = self._begins + timedelta(days=chance.randint(0, 60))
            last = first + timedelta(days=chance.choice((0, 0, 1, 4, 8)))
            written = "%m-%d" if chance.random() < 0.5 else "%Y-%m-%d"
            name = f"quiet_{chr(97 + number)}"
            label = {"ko": f"조용한 날 {number + 1}", "en": f"quiet {number + 1}"}
            span = {"name": name, "label": label, "first": f"{first:{written}}"}
            if last != first:
                span["last"] = f"{last:{written}}"
            spans.append(span)
        return spans

    def _letter(self, number: int, ladder: str, days: list[int]) -> dict[str, Any]:
        chance = self._chance
        subject = f"{number + 1}호 " + " ".join(chance.sample(_IN_SUBJECTS, 2))
        parts = [f"{number + 1}호 문안입니다.", *chance.sample(_IN_TEXTS, chance.randint(2, len(_IN_TEXTS)))]
        text = "\n\n".join(parts)
        letter: dict[str, Any] = {"letter": f"letter_{chr(97 + number)}", "ladder": ladder}
        if days:
            letter["days"] = days
        letter |= {"subject": {"ko": subject, "en": f"{number + 1} {{{{ task }}}}"}}
        letter |= {"text": {"ko": text, "en": "{{ title }} is due on {{ due }}."}}
        if chance.random() < 0.5:
            letter["sender"] = {"ko": f"동행시 담당 {number + 1}", "en": f"Donghaeng {number + 1}"}
        return letter


_IN_SUBJECTS = (
    "{{ task }}",
    "{{ due }}까지",
    "{{ city }}",
    "{% if is_late %}늦은 안내{% else %}안내{% endif %}",
)
_IN_TEXTS = (
    "{{ city }}에서 {{ agency }}에 알립니다.",
    "‘{{ title }}’을(를) {{ due }}까지 마쳐 주십시오.",
    "{% if was %}{{ was }}에서 {{ due }}(으)로 바뀌었습니다.{% else %}{{ task | upper }} 그대로입니다.{% endif %}",
    "{% if days_over > 0 %}{{ days_over }}일 지났습니다.{% elif days_left > 3 %}넉넉합니다.{% else %}{{ days_left }}일 남았습니다.{% endif %}",
    "근거는 {{ basis or '없음' }}, 정의는 {{ definition }}입니다.",
    "{{ '대리로 받으십니다.' if stands_in else '직접 받으십니다.' }} 문의는 {{ contact or '총괄부서' }}.",
)


def _asking() -> dict[str, Any]:
    label = {"ko": "선금 신청", "en": "ask for an advance"}
    amount = {"field": "amount", "label": {"ko": "선금액", "en": "advance"}, "type": "krw"}
    return {"step": ASK, "label": label, "by": ["officer"], "from": _ANYWHERE, "form": [amount]}


def _count_signatures(line: Sequence[Mapping[str, Any]]) -> int:
    """As many as are likely to be asked for: of two entries that count at times alone, one."""
    sure = sum("when" not in one and "group" not in one for one in line)
    groups = {one["group"]: 1 for one in line if "group" in one}
    groups |= {one["group"]: one["needed"] for one in line if "needed" in one}
    return max(
        1, sure + sum(groups.values()) + sum("when" in one and "group" not in one for one in line) // 2
    )


def _ladder(name: str, who: str) -> dict[str, Any]:
    first = "planner" if who == "city" else "officer"
    rungs = [(-1, [first]), (0, [first]), (1, ["officer", "head"]), (3, ["department", "planner"])]
    if who == "city":
        rungs[2] = (1, ["planner"])
    return {"name": name, "rungs": [{"days": days, "to": to} for days, to in rungs]}
