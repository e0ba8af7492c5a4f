"""The whole judgement of one life, and of what its doctor said at the end."""

from __future__ import annotations

from scripts.random_lives.oracle.cases import Case, Finding, bare, seoul_day
from scripts.random_lives.oracle.counts import judge_counts, judge_rests
from scripts.random_lives.oracle.digests import judge_digests
from scripts.random_lives.oracle.funds import judge_funds
from scripts.random_lives.oracle.letters import judge_letters
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.lines import judge_lines
from scripts.random_lives.oracle.lists import judge_lists
from scripts.random_lives.oracle.mails import judge_mails
from scripts.random_lives.oracle.meetings import judge_meetings
from scripts.random_lives.oracle.money import judge_money
from scripts.random_lives.oracle.notices import judge_notices
from scripts.random_lives.oracle.quiet import judge_quiet
from scripts.random_lives.oracle.refusals import judge_refusals
from scripts.random_lives.oracle.refusals_of_lines import judge_refusals_of_lines
from scripts.random_lives.oracle.refusals_of_money import judge_refusals_of_money
from scripts.random_lives.oracle.requests import judge_requests
from scripts.random_lives.oracle.steps import judge_steps
from scripts.random_lives.oracle.transitions import (
    CLOSING,
    closings_due,
    judge_closings,
    judge_ends,
    judge_transitions,
    list_left_at,
)
from scripts.random_lives.oracle.years import judge_years

JUDGEMENTS = (
    judge_counts,
    judge_rests,
    judge_transitions,
    judge_steps,
    judge_lines,
    judge_ends,
    judge_closings,
    judge_years,
    judge_requests,
    judge_notices,
    judge_mails,
    judge_digests,
    judge_quiet,
    judge_letters,
    judge_refusals,
    judge_refusals_of_lines,
    judge_meetings,
    judge_money,
    judge_funds,
    judge_refusals_of_money,
    judge_lists,
)


def judge(case: Case) -> list[Finding]:
    """Everything in the life that is not as the law says; nothing where all is well.

    What stays wrong from one month to the next is said once, with the first day on which it shows.
    """
    life = Life(case)
    found = [finding for judgement in JUDGEMENTS for finding in judgement(life)] + judge_doctor(life)
    first: dict[tuple[str, str, str, int | None], Finding] = {}
    for one in found:
        first.setdefault((one.kind, one.about, one.says, one.position), one)
    return list(first.values())


def judge_doctor(life: Life) -> list[Finding]:
    """It names exactly what was left undone and what waits, at the end of the life."""
    if life.case.doctor is None:
        return []
    position = life.position_at(life.until)
    left = {(name, act.rule) for name, act in list_left_at(life, life.until)}
    left |= {(name, CLOSING) for name in closings_due(life, life.until)}
    waits = {
        (name, wait.year) for name in life.tasks for wait in life.reckoning_before(name, position).waiting
    }
    told_left = {(bare(name), rule) for name, rule in life.case.doctor["transitions_left"]}
    told_waits = {(bare(name), int(year)) for name, year in life.case.doctor["waits"]}
    day = seoul_day(life.until).isoformat()
    texts = [(name, f"The doctor should name what {rule} left undone.") for name, rule in left - told_left]
    texts += [(name, f"The doctor names {rule}, which left nothing.") for name, rule in told_left - left]
    texts += [(name, f"The doctor should say that it waits for {year}.") for name, year in waits - told_waits]
    texts += [(name, f"The doctor says that it waits for {year}.") for name, year in told_waits - waits]
    return [Finding("doctor", name, day, text) for name, text in sorted(texts)]
