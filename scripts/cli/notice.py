"""`notices` and `notice show|acknowledge|retry|cancel`: the reminders, and what came of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from domain.aggregate import Command
from domain.message.commands import Retry, message_stream
from domain.message.state import MessageStage
from domain.notice.commands import Acknowledge, Cancel, Release, notice_stream
from domain.notice.refusals import NoSuchNotice
from domain.notice.state import NoticeStage
from projections.labels import called
from projections.notices import MessageRow, NoticeRow
from projections.reading import notice_states, notices
from projections.sentences.reminders import PROBLEMS
from projections.sentences.telling import deadline_named
from projections.slices import Cut
from scripts.cli.run import Run, command
from scripts.cli.shown import history_lines
from scripts.cli.slicing import AsOf, Effective
from scripts.cli.task import whose
from store.log import Store
from workers.bootstrap import Engine
from workflows.gone_webhooks import GoneWebhook
from workflows.letters import letter
from workflows.reading import history_of

_MOST = 500
State = Literal["due", "held", "waiting", "sending", "sent", "failed", "unknown", "cancelled"]
NoticeId = Annotated[str, typer.Argument(metavar="NOTICE", help="The notice's id, as `notices` shows it.")]
Pair = tuple[NoticeRow, MessageRow | None]


def add(app: typer.Typer, group: typer.Typer) -> None:
    _add_list(app)
    _add_show(group)
    _add_acting(group)


def _add_list(app: typer.Typer) -> None:
    @command(app, "notices")
    def listed(
        run: Run,
        task: Annotated[str | None, typer.Option("--task", help="Only of this task.")] = None,
        agency: Annotated[
            str | None, typer.Option("--agency", help="Only of tasks that this agency answers for.")
        ] = None,
        state: Annotated[State | None, typer.Option("--state", help="Only in this state.")] = None,
        most: Annotated[int, typer.Option("--most", min=1, max=10_000, help="How many at most.")] = _MOST,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """List reminders: of what, for whom, and what came of each (알림)."""
        with run.engine() as engine:
            run.may_read(engine, "notices", whose(engine.store, agency, task), tasks=(task,))
            at = run.slice(engine.store, as_of, effective)
            found = notices(engine.store, task=task, agency=agency, state=state, most=most, at=at)
            states = notice_states(engine.store, at) if (task, agency, state) == (None, None, None) else {}

        def text(out: Console) -> None:
            _say(run, found, out)
            told = ", ".join(f"{_state(run, name)} {count}" for name, count in sorted(states.items()))
            if told:
                out.print(told)
            if len(found) == most:
                out.print(run.words(f"처음 {most}건만 보였습니다.", f"Only the first {most} are shown."))

        run.show({"notices": [_document(run, pair) for pair in found], "states": states}, text)


def _add_show(group: typer.Typer) -> None:
    @command(group, "show")
    def show(run: Run, notice: NoticeId, as_of: AsOf = None, effective: Effective = None) -> None:
        """Show a reminder, its history and the message it is in."""
        with run.engine() as engine:
            at = run.slice(engine.store, as_of, effective)
            row, message = _found(engine.store, notice, at)
            kind, _, to = row.recipient.partition("/")
            subjects = (to,) if kind == "subject" else ()
            agencies = (row.agency, *whose(engine.store, None, row.task))
            run.may_read(engine, "notices", agencies, tasks=(row.task,), subjects=subjects)
            lines = history_of(engine.store, notice_stream(notice), run.lang, at)
            said, sent = None, []
            if message is not None:
                facts = engine.store.read(message_stream(message.message))
                told = [one for one in facts[0].fact.notices if one not in message.state.left_out]
                said = letter(engine.store, message.message, facts[0].position, told or [notice])
                sent = history_of(engine.store, message_stream(message.message), run.lang, at)

        def text(out: Console) -> None:
            _say(run, [(row, message)], out)
            history_lines(out, [*lines, *sent], run.lang)
            if said is not None:
                out.print(f"\n{said.subject}\n", style="bold", markup=False, soft_wrap=True)
                out.print(said.text, markup=False, highlight=False, soft_wrap=True)

        document = _document(run, (row, message)) | {
            "history": [*lines, *sent],
            "message": None
            if said is None
            else {"id": said.message_id, "subject": said.subject, "text": said.text},
        }
        run.show(document, text)


def _add_acting(group: typer.Typer) -> None:
    @command(group, "acknowledge")
    def acknowledge(run: Run, notice: NoticeId) -> None:
        """Say that a reminder has been seen (확인)."""
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: Acknowledge(notice=notice)))

    @command(group, "retry")
    def retry(run: Run, notice: NoticeId) -> None:
        """Let a held reminder go, or have a message that failed or is unknown sent again: the same, with the same id."""
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: _again(engine, notice)))

    @command(group, "cancel")
    def cancel(run: Run, notice: NoticeId) -> None:
        """Cancel a reminder that has not been sent (취소)."""
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: Cancel(notice=notice, why="person")))


def _again(engine: Engine, notice: str) -> Command:
    row, message = _found(engine.store, notice)
    if message is None or row.stage is NoticeStage.HELD:
        return Release(notice=notice)
    return Retry(message=message.message)


def undelivered(store: Store, agency: str | None = None, at: Cut | None = None) -> list[Pair]:
    """Reminders that could not be delivered, or of which nobody knows. `at`: of a slice of the log."""
    return [
        pair for state in ("failed", "unknown") for pair in notices(store, agency=agency, state=state, at=at)
    ]


def say_undelivered(run: Run, found: list[Pair], out: Console) -> None:
    """What could not be delivered, below an inbox."""
    if found:
        out.print(run.words("전달되지 않은 알림", "reminders that were not delivered"), style="bold red")
        _say(run, found, out)


def say_gone(run: Run, found: list[GoneWebhook], out: Console) -> None:
    """Webhooks that were turned off, below an inbox."""
    for one in found:
        out.print(
            run.words(
                f"{one.agency}: 웹훅 서버가 더는 없다고 답하여(410) {one.on}에 주소를 껐습니다. "
                f"`donghaeng agency set-contact {one.agency} --webhook 주소`로 새 주소를 정하십시오.",
                f"{one.agency}: its webhook answered that it is gone (410), and the address was turned off on {one.on}. "
                f"Set the new one with `donghaeng agency set-contact {one.agency} --webhook URL`.",
            ),
            style="yellow",
            soft_wrap=True,
            markup=False,
        )


def undelivered_document(run: Run, found: list[Pair]) -> list[dict[str, Any]]:
    return [_document(run, pair) for pair in found]


def _found(store: Store, notice: str, at: Cut | None = None) -> Pair:
    found = notices(store, notice=notice, at=at)
    if not found:
        raise NoSuchNotice(notice=notice)
    return found[0]


def _say(run: Run, found: list[Pair], out: Console) -> None:
    """A line each: day, task, rung, what is due when, for whom, what came of it, and the notice's id."""
    for row, message in found:
        mark = run.words(" 늦음", " late") * row.late + run.words(" 확인", " seen") * row.acknowledged
        problem = None if message is None else message.state.problem
        why = "" if problem is None else f" ({PROBLEMS[problem].say(run.lang)})"
        state = _state(run, _state_of(row, message)) + why + mark
        out.print(
            f"{row.on} {row.task} {row.days:+3d}  {deadline_named(row.deadline, row.item, run.lang)} {row.due} → {row.recipient} {called('channel', row.channel, run.lang)}: "
            f"{state}  {row.notice}",
            soft_wrap=True,
            markup=False,
            highlight=False,
        )


def _state_of(row: NoticeRow, message: MessageRow | None) -> str:
    return row.stage if message is None or row.stage is not NoticeStage.COMPOSED else message.stage


def _state(run: Run, state: str) -> str:
    known = NoticeStage(state) if state in ("due", "held", "cancelled") else MessageStage(state)
    return known.say(run.lang)


def _document(run: Run, pair: Pair) -> dict[str, Any]:
    row, message = pair
    return {
        "notice": row.notice,
        "task": row.task,
        "deadline": row.deadline,
        "item": row.item,
        "due": row.due,
        "days": row.days,
        "on": row.on,
        "to": row.to,
        "recipient": row.recipient,
        "channel": row.channel,
        "agency": row.agency,
        "stands_in_for": row.stands_in_for,
        "late": row.late,
        "acknowledged": row.acknowledged,
        "state": _state_of(row, message),
        "problem": None if message is None else message.state.problem,
        "code": None if message is None else message.state.code,
        "attempts": 0 if message is None else message.state.number,
        "next_try": None if message is None else message.next_try,
        "message": row.message,
    }
