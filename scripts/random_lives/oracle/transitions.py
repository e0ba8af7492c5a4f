"""Judges what happened by rule, and what should have."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from scripts.random_lives.oracle.agencies import fold_agencies, list_left_open
from scripts.random_lives.oracle.cases import Fact, Finding, bare, day_of, midnight, seoul_day
from scripts.random_lives.oracle.due import Act
from scripts.random_lives.oracle.life import COUNT, Life
from scripts.random_lives.oracle.scores import score_of
from scripts.random_lives.oracle.tasks import LEADS_TO, OPEN_STAGES, STEP

CLOSING = "programme.close_the_year"
FACT_OF = {
    "task.start": "task.started",
    "task.withdraw": "task.withdrawn",
    "task.open_rating": "task.rating_opened",
    "task.evaluate": "task.evaluated",
    "task.carry_over": "task.carried_over",
}


def judge_transitions(life: Life) -> list[Finding]:
    findings = []
    for facts in life.tasks.values():
        for fact in facts:
            if fact.role == "system" and fact.kind in {*LEADS_TO, STEP} and fact.kind != COUNT:
                findings += [_finding(fact, text) for text in _judge(life, fact)]
    for at in life.rests():
        for name, act in list_left_at(life, at):
            text = (
                f"By {act.rule} {act.command} should have taken effect at {act.at.isoformat()}; nothing did."
            )
            findings.append(Finding("transition_left", name, seoul_day(at).isoformat(), text))
    return findings


def list_left_at(life: Life, at: datetime) -> list[tuple[str, Act]]:
    """What should have happened by rule by that moment and did not."""
    position = life.position_at(at)
    return [
        (name, act)
        for name in life.tasks
        for act in life.reckoning_before(name, position).acts
        if act.at <= at
    ]


def _finding(fact: Fact, text: str) -> Finding:
    return Finding("transition", fact.stream, seoul_day(fact.known).isoformat(), text, fact.position)


def _judge(life: Life, fact: Fact) -> list[str]:
    rule = fact.cause.get("rule")
    acts = life.reckoning_before(fact.name, fact.position).acts
    act = next((one for one in acts if one.rule == rule), None)
    if act is None or not _is_done_by(act, fact):
        return [f"{fact.kind} happened by rule {rule}, which does not act on the task as it was."]
    if fact.known < act.at:
        return [f"{fact.kind} happened by {rule} before {act.at.isoformat()}, when it was due."]
    return judge_time(fact, act.at) + _judge_due(life, fact) + _judge_content(life, fact, act)


def _is_done_by(act: Act, fact: Fact) -> bool:
    """A rule names a command of the program, or a step of the definition by its name."""
    if fact.kind == STEP:
        return act.command == str(fact.data["step"])
    return FACT_OF.get(act.command) == fact.kind


def judge_time(fact: Fact, at: datetime) -> list[str]:
    """Late, a fact by rule states the ruled moment; on the day itself it states none."""
    late = seoul_day(fact.known) > seoul_day(at)
    if late and fact.so != at:
        return [f"{fact.kind} was so at {fact.so.isoformat()}; by rule it took effect at {at.isoformat()}."]
    if not late and fact.stated and fact.so != fact.known:
        return [
            f"{fact.kind} states {fact.so.isoformat()}, though it was carried out on the day of the rule."
        ]
    return []


def _judge_due(life: Life, fact: Fact) -> list[str]:
    """It names the count by which it acts: the last one before it."""
    counts = [
        one.version for one in life.streams[fact.stream] if one.kind == COUNT and one.version < fact.version
    ]
    should = f"{fact.stream}#{counts[-1]}" if counts else None
    told = fact.cause.get("due")
    return [] if told == should else [f"{fact.kind} names {told} as its cause; it should be {should}."]


def _judge_content(life: Life, fact: Fact, act: Act) -> list[str]:
    task = life.task_before(fact.name, fact.position)
    match fact.kind:
        case "task.started" if day_of(fact.data["on"]) not in {act.on, seoul_day(act.at)}:
            return [f"The work is said to begin on {fact.data['on']}; by rule it begins on {act.on}."]
        case "task.carried_over" if fact.data.get("to_year") != task.year + 1:
            return [f"Carried over to {fact.data.get('to_year')}; it should be {task.year + 1}."]
        case "task.evaluated" if task.rated is not None:
            definition = life.definition_of(fact.name, fact.position)
            if definition is None:
                return []
            score = score_of(task, definition.criteria, definition.rounding)
            grade = definition.grade_of(str(score))
            if (Decimal(fact.data["score"]), fact.data["grade"]) != (score, grade):
                told = f"{fact.data['score']} {fact.data['grade']}"
                return [f"Evaluated with {told}; by its definition it is {score} {grade}."]
    return []


def judge_ends(life: Life) -> list[Finding]:
    """The ends of substitutions and delegations that the system recorded, and those that it left."""
    findings = []
    for fact in life.facts:
        if fact.role == "system" and fact.kind in {"agency.substitution_ended", "agency.delegation_ended"}:
            findings += [_finding(fact, text) for text in _judge_end(life, fact)]
    for at in life.rests():
        known = [fact for fact in life.facts if fact.known <= at]
        for agency, which, ends in list_left_open(fold_agencies(known, at), at):
            text = f"{which} was over after {ends}, and no end is recorded."
            findings.append(Finding("end_left", agency, seoul_day(at).isoformat(), text))
    return findings


def _judge_end(life: Life, fact: Fact) -> list[str]:
    begun = {
        "agency.substitution_ended": "agency.substitute_appointed",
        "agency.delegation_ended": "agency.decision_delegated",
    }[fact.kind]
    same = [
        one
        for one in life.streams[fact.stream]
        if one.version < fact.version and one.kind == begun and one.data["number"] == fact.data["number"]
    ]
    if not same or not same[-1].data.get("ends"):
        return [f"{fact.kind} of number {fact.data['number']}, which has no last day."]
    at = midnight(day_of(same[-1].data["ends"]) + timedelta(days=1))
    if fact.known < at:
        return [f"{fact.kind} was recorded before the last day was over, at {at.isoformat()}."]
    if fact.so == at or (seoul_day(fact.known) == seoul_day(at) and not fact.stated):
        return []
    return [f"{fact.kind} was so at {fact.so.isoformat()}; it should be {at.isoformat()}."]


def judge_closings(life: Life) -> list[Finding]:
    """Programmes close on 1 March of the next year, after their tasks, once that year's calendar is open."""
    findings = []
    for fact in life.facts:
        if fact.kind == "programme.closed" and fact.role == "system":
            findings += [_finding(fact, text) for text in _judge_closing(life, fact)]
    for at in life.rests():
        position = life.position_at(at)
        for programme in closings_due(life, at):
            if not open_tasks(life, _year(programme), position):
                text = "The programme should have been closed by rule."
                findings.append(Finding("programme_left", programme, seoul_day(at).isoformat(), text))
    return findings


def closings_due(life: Life, at: datetime) -> list[str]:
    """The open programmes that are to close by then, whatever stands in the way."""
    position = life.position_at(at)
    return [
        one
        for one in open_programmes(life, position)
        if midnight(date(_year(one) + 1, 3, 1)) <= at
        and _year(one) + 1 in life.calendars.before(position).years
    ]


def _year(programme: str) -> int:
    return int(bare(programme).rsplit("/", 1)[-1])


def _judge_closing(life: Life, fact: Fact) -> list[str]:
    year = int(fact.stream.rsplit("/", 1)[-1])
    at = midnight(date(year + 1, 3, 1))
    texts = []
    if year + 1 not in life.calendars.before(fact.position).years:
        texts.append(f"The programme was closed though the calendar of {year + 1} was not open.")
    if left := [
        name for name in open_tasks(life, year, fact.position) if life.task_before(name, fact.position).stage
    ]:
        texts.append(f"The programme was closed before its task {left[0]}.")
    if fact.known < at or fact.so < at:
        texts.append(f"The programme was closed before {at.isoformat()}.")
    if seoul_day(fact.known) > seoul_day(at) and not fact.stated:
        texts.append(f"The programme was closed late and does not say that it was so at {at.isoformat()}.")
    return texts


def open_programmes(life: Life, position: int) -> list[str]:
    told = [fact for fact in life.facts if fact.position < position]
    closed = {fact.stream for fact in told if fact.kind == "programme.closed"}
    return [f.stream for f in told if f.kind == "programme.opened" and f.stream not in closed]


def open_tasks(life: Life, year: int, position: int) -> list[str]:
    """The year's tasks in an open stage, and those that are listed and not proposed."""
    left = []
    for name in {*life.tasks, *(n for n, f in life.listed.items() if f.position < position)}:
        task = life.task_before(name, position)
        definition = life.definition_of(name, position)
        over = task.stage and definition and task.stage not in OPEN_STAGES
        if name.startswith(f"{year}-") and not over:
            left.append(name)
    return sorted(left)
