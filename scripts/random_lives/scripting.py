"""A life as commands for a new simulated store, to be typed or run by a shell."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.calendar import commands as calendar
from domain.position import commands as position
from domain.programme import commands as programme
from domain.subject import commands as subject
from domain.task import commands as task
from domain.task import lining
from domain.values import Plan
from scripts.random_lives.life import SEOUL
from scripts.random_lives.lived import Lived, Told
from store.envelope import spell_actor
from workflows.calendars import opening

HEAD = (
    "#!/bin/sh",
    "# A simulated store of its own; donghaeng is .venv/bin/donghaeng of this program.",
    "set -u",
    'export DONGHAENG_DATA="${1:-./lives-var}"',
    "donghaeng migrate --simulated",
)
_SEALED = '"$DONGHAENG_DATA.backup" --passphrase-file "$DONGHAENG_DATA.passphrase"'
_OF_THE_STORE: Mapping[str, Sequence[str]] = {
    "backed_up": (
        'rm -f "$DONGHAENG_DATA.backup"; (umask 077; echo "a backup of a life" > "$DONGHAENG_DATA.passphrase")',
        f"donghaeng backup --out {_SEALED}",
    ),
    "restored": (
        f'donghaeng restore {_SEALED} --data "$DONGHAENG_DATA-restored"',
        'export DONGHAENG_DATA="$DONGHAENG_DATA-restored"',
    ),
    "epoch_accepted": ("donghaeng epoch accept --as planner --reason reason",),
}
Words = list[str]


def script_of(lived: Lived) -> list[str]:
    """The lines of a script that does what was done; what was refused stands as a comment beside it."""
    names: dict[str, str] = {}
    lines = list(HEAD)
    now: datetime | None = None
    away: list[tuple[datetime, datetime]] = list(lived.away)
    for told in lived.told:
        if told.step.at != now:
            now = told.step.at
            lines.append(_move(now, away))
        lines += _lines(told, names)
    return [
        *lines,
        _move(lived.life.until, away),
        "donghaeng deadline list",
        "donghaeng notices",
        "donghaeng doctor",
    ]


def _move(to: datetime, away: Sequence[tuple[datetime, datetime]]) -> str:
    gone = any(began < to <= ended for began, ended in away)
    return f"donghaeng clock move {to.astimezone(SEOUL):%Y-%m-%dT%H:%M}{' --alone' if gone else ''}"


def _lines(told: Told, names: dict[str, str]) -> Iterator[str]:
    refused = f"  # refused: {told.refused}" if told.refused else ""
    if told.step.do in _OF_THE_STORE and not told.refused:
        yield from _OF_THE_STORE[told.step.do]
        return
    if told.envelope is None:
        yield f"# {told.step}{refused}"
        return
    if told.step.do == "migrate":
        to = shlex.quote(told.step.values["to"])
        yield f"donghaeng definition migrate --to {to} --apply --as planner --reason reason{refused}"
        return
    command = told.envelope.command
    if isinstance(command, subject.Register):
        name = names.setdefault(command.subject, f"P{len(names) + 1}")
        mail = told.step.values.get("mail")
        said = f" --mail {mail}" if mail else ""
        yield f"{name}=$(donghaeng subject register --name {name}{said} --as planner)"
        return
    words = words_of(command)
    if words is None:
        yield f"# {told.step}{refused}"
        return
    if isinstance(command, subject.Change):
        words[-1] = str(told.step.values["mail"])
    if told.envelope.effective_at is not None:
        words += ["--effective-at", f"{told.envelope.effective_at.astimezone(SEOUL):%Y-%m-%dT%H:%M}"]
    if told.envelope.reason is not None:
        words += ["--reason", "reason"]
    words += ["--as", spell_actor(told.envelope.actor)]
    yield " ".join(["donghaeng", *(_quote(word, names) for word in words)]) + refused


def _quote(word: str, names: Mapping[str, str]) -> str:
    return f'"${names[word]}"' if word in names else shlex.quote(word)


def words_of(command: Command) -> Words | None:
    """The command line's words for a command, without who gives it; None for what no person gives."""
    spell = _SPELT.get(type(command))
    return None if spell is None else spell(command)


def _plan(plan: Plan) -> Words:
    words = ["--start", str(plan.start), "--end", str(plan.end), "--budget", str(plan.budget_krw)]
    for one in plan.milestones:
        words += ["--milestone", f"{one.id}={one.due}={one.name.ko}"]
    if plan.not_before is not None:
        words += ["--not-before", str(plan.not_before)]
    return words


def _propose(given: task.Propose) -> Words:
    partners = [word for one in given.partners for word in ("--partner", one)]
    return ["task", "propose", given.task, "--lead", given.lead, *_plan(given.plan), *partners]


def _revise(given: task.Revise) -> Words:
    words = ["task", "revise", given.task]
    if given.title is not None:
        words += ["--title", given.title.ko]
    return words + ([] if given.plan is None else _plan(given.plan))


def _report(given: task.ReportProgress) -> Words:
    words = ["task", "report", given.task, "--percent", str(given.percent)]
    words += [word for one in given.milestones for word in ("--milestone", one)]
    period = getattr(given, "period", None)
    return words if period is None else [*words, "--for", str(period)]


def _reach(given: task.ReachMilestones) -> Words:
    return ["task", "reach", given.task, *(word for one in given.milestones for word in ("--milestone", one))]


def _take(given: task.TakeStep) -> Words:
    filled = [word for one in given.form for word in ("--set", f"{one.field}={one.value}")]
    return ["task", "step", given.task, given.step, *filled]


def _correct(given: task.Correct) -> Words:
    words = ["task", "correct", given.task, given.fact.rpartition("#")[2]]
    if given.percent is not None:
        words += ["--percent", str(given.percent)]
    return words if given.on is None else [*words, "--on", str(given.on)]


def _calendar(given: calendar.OpenCalendar) -> Words:
    listed = {one.day for one in opening(given.year).holidays}
    without = sorted(listed - {one.day for one in given.holidays})
    return ["calendar", "open", str(given.year), *(w for day in without for w in ("--without", str(day)))]


def _list_task(given: programme.AddTask) -> Words:
    return [
        "programme", "add-task", str(given.year), given.task,
        "--area", given.area, "--lead", given.lead, "--title", given.title.ko,
    ]  # fmt: skip


def _change_listed(given: programme.ChangeTask) -> Words:
    words = ["programme", "change-task", str(given.year), given.task]
    words += [] if given.lead is None else ["--lead", given.lead]
    return words + ([] if given.title is None else ["--title", given.title.ko])


def _delegate(given: position.Delegate) -> Words:
    words = ["position", "delegate", given.position, "--mandate", given.mandate, "--holder", given.holder]
    return [*words, "--delegate", given.delegate, *_span(given.starts, given.ends)]


def _on_line(name: str) -> Callable[[Any], Words]:
    return lambda given: [
        "task",
        name,
        given.task,
        *([] if given.line is None else ["--line", str(given.line)]),
    ]


def _mail(address: str | None) -> Words:
    return ["--no-mail"] if address is None else ["--mail", address]


def _span(starts: date, ends: date | None) -> Words:
    return ["--from", str(starts), *([] if ends is None else ["--until", str(ends)])]


def _plain(name: str) -> Callable[[Any], Words]:
    return lambda given: ["task", name, given.task]


_SPELT: Mapping[type[Command], Callable[[Any], Words]] = {
    calendar.OpenCalendar: _calendar,
    calendar.Proclaim: lambda it: ["calendar", "proclaim", str(it.day), "--name", it.title.ko],
    calendar.WithdrawDay: lambda it: ["calendar", "withdraw", str(it.day)],
    programme.Open: lambda it: [
        "programme", "open", str(it.year), "--name", it.title.ko, "--city", it.city.ko,
        *(word for one in it.areas for word in ("--area", f"{one.id}={one.name.ko}")),
    ],
    programme.AddTask: _list_task,
    programme.ChangeTask: _change_listed,
    programme.Close: lambda it: ["programme", "close", str(it.year), "--yes"],
    programme.SetContact: lambda it: [
        "programme", "set-contact", str(it.year), it.office, *([] if it.address is None else ["--mail", it.address]),
    ],
    agency.Register: lambda it: ["agency", "register", it.agency, "--name", it.title.ko],
    agency.SetContact: lambda it: ["agency", "set-contact", it.agency, *_mail(it.address)],
    agency.Rename: lambda it: ["agency", "rename", it.agency, "--name", it.title.ko],
    agency.Merge: lambda it: ["agency", "merge", it.agency, "--into", it.into],
    agency.Close: lambda it: ["agency", "close", it.agency],
    agency.Appoint: lambda it: ["agency", "appoint", it.agency, "--subject", it.subject, "--post", it.post],
    agency.Release: lambda it: ["agency", "release", it.agency, "--subject", it.subject, "--post", it.post],
    agency.AppointSubstitute: lambda it: [
        "agency", "appoint-substitute", it.agency, "--absent", it.absent, "--substitute", it.substitute,
        *_span(it.starts, it.ends),
    ],
    agency.EndSubstitution: lambda it: ["agency", "end-substitution", it.agency, str(it.number)],
    agency.DelegateDecision: lambda it: [
        "agency", "delegate-decision", it.agency, "--form", it.form, "--decision", it.decision,
        "--holder", it.holder, "--delegate", it.delegate, *_span(it.starts, it.ends),
    ],
    position.Declare: lambda it: ["position", "add", it.position, "--name", it.title.ko],
    position.Appoint: lambda it: ["position", "appoint", it.position, "--subject", it.subject],
    position.Release: lambda it: ["position", "release", it.position, "--subject", it.subject],
    position.Delegate: _delegate,
    position.EndDelegation: lambda it: ["position", "end-delegation", it.position, str(it.number)],
    lining.Sign: _on_line("sign"),
    lining.Object: _on_line("object"),
    lining.WithdrawLine: _on_line("withdraw-line"),
    subject.Change: lambda it: ["subject", "change", it.subject, "--mail", "new@people.example"],
    task.Propose: _propose,
    task.Revise: _revise,
    task.Return: _plain("return"),
    task.Approve: _plain("approve"),
    task.Reject: _plain("reject"),
    task.FreeNumber: _plain("free-number"),
    task.Withdraw: _plain("withdraw"),
    task.Start: _plain("start"),
    task.Suspend: _plain("suspend"),
    task.Resume: _plain("resume"),
    task.ReportProgress: _report,
    task.ReachMilestones: _reach,
    task.SubmitFinalReport: lambda it: ["task", "final-report", it.task, "--text", "결과보고서"],
    task.OpenRating: _plain("open-rating"),
    task.Rate: lambda it: ["task", "rate", it.task, "--score", it.score, "--raters", str(it.raters)],
    task.Evaluate: lambda it: ["task", "evaluate", it.task, "--score", it.score, "--grade", it.grade],
    task.Discontinue: _plain("discontinue"),
    task.CarryOver: lambda it: ["task", "carry-over", it.task, "--to-year", str(it.to_year)],
    task.Replan: lambda it: ["task", "replan", it.task, *_plan(it.plan)],
    task.ApproveReplan: _plain("approve-replan"),
    task.RefuseReplan: _plain("refuse-replan"),
    task.HandOver: lambda it: ["task", "hand-over", it.task, it.to],
    task.AddPartner: lambda it: ["task", "add-partner", it.task, it.partner],
    task.ReleasePartner: lambda it: ["task", "release-partner", it.task, it.partner],
    task.TakeStep: _take,
    task.Correct: _correct,
    task.CancelCorrection: lambda it: ["task", "cancel-correction", it.task, it.correction.rpartition("#")[2]],
}  # fmt: skip
