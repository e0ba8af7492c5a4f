"""Who answers for a task, in lines: the agency and how it came to, who is in its posts and who stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.agency.facts import POSTS
from domain.positions import position_label
from projections.responsible import Responsible
from scripts.cli.output import Output

_BY = {
    "task.proposed": ("제안", "proposed the task"),
    "task.proposal_requested": ("제안 요청", "it was asked for the proposal"),
    "programme.task_added": ("목록 등재", "the year's list names it"),
    "programme.task_changed": ("등재 내용 변경", "the year's list names it by now"),
    "task.handed_over": ("이관받음", "it was handed over to it"),
    "agency.merged": ("통합으로 승계", "the one before was merged into it"),
}


def people_lines(run: Output, found: Responsible, people: Mapping[str, str]) -> Iterator[str]:
    """The agency that answers, how it came to, and who is in its posts."""
    names = [one.name.say(run.lang) if one.name else one.agency for one in found.line]

    def person(subject: str) -> str:
        return f"{people[subject]} [{subject[:8]}]" if subject in people else subject

    gone = run.words(" (폐지됨, 승계 기관 없음)", " (closed, nobody took its place)") if found.gone else ""
    yield f"  {run.words('책임기관', 'responsible')}: {names[-1]} [{found.agency}]{gone}"
    for one, name in zip(found.line, names, strict=True):
        yield f"    {name}: {run.words(*_BY[one.by])} ({position_label(one.position).say(run.lang)})"
    for post in found.posts:
        said = f"  {POSTS[post.post].say(run.lang)}: {person(post.subject)}"
        for link in post.chain:
            said += run.words(
                f" → 직무대리 {person(link.substitute)} (#{link.number}, {link.ends}까지)",
                f" → {person(link.substitute)} stands in (#{link.number}, until {link.ends})",
            )
        yield said
    for let in found.delegations:
        form = {"standing": "전결", "proxy": "대결"}[let.form]
        yield f"  {form} {let.decision}: {person(let.holder)} → {person(let.delegate)} (#{let.number})"
