"""`trail show`: one fact in full, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from domain.errors import Bilingual
from projections.inspection.changes import leaves
from projections.inspection.words import AUTHN, VIA, in_words, path_in_words
from projections.texts import in_words as text_in_words
from projections.texts import missing
from scripts.cli.changes import say_changes
from scripts.cli.run import Run, command
from scripts.cli.trail_reading import say_entries
from workers.trail_folder import trail_folder
from workflows.queries.trail import show_entry
from workflows.trail.reading import TrailEntry
from workflows.trail.showing import EntryShown

_MOST_VALUES = 20
Event = Annotated[
    int,
    typer.Argument(
        metavar="EVENT",
        help="The fact's position in the log, as a search shows it. = 검색에 나오는 기록의 위치.",
    ),
]


def add(trails: typer.Typer) -> None:
    @command(trails, "show")
    def show(run: Run, event: Event) -> None:
        """Show a fact in full: who, why, what changed, what led to it, what came of it, its proof (감사 기록 보기).

        = 기록 한 건을 모두 보여 줍니다. 누가, 왜, 무엇이 바뀌었는지, 원인과 결과, 증명이 나옵니다.
        """
        with run.asking() as inquiry:
            found = show_entry(inquiry, event, trail_folder(run.settings.data))
        run.show(found, lambda out: say_entry(run, found, out))


def say_entry(run: Run, found: EntryShown, out: Console) -> None:
    """The fact in a sentence, who and when, what it changed, what led to it and what came of it."""
    entry = found.entry
    out.print(Text(f"{entry.position}  {entry.sentence}", style="bold"), soft_wrap=True)
    for name, value in _envelope(run, found):
        if value is not None:
            out.print(f"  {name}: {value}", markup=False, soft_wrap=True)
    _say_values(run, found, out)
    _say_list(run, Bilingual("여기에 이른 기록", "what led to it"), found.led_to_it, out)
    _say_list(
        run, Bilingual("같은 명령의 다른 기록", "other facts of the same command"), found.same_command, out
    )
    _say_list(run, Bilingual("이 기록에서 비롯된 기록", "what rules did because of it"), found.effects, out)
    if found.more:
        out.print(run.words("  … 더 있습니다. trail search를 쓰십시오.", "  … and more; see trail search."))


def _envelope(run: Run, found: EntryShown) -> Iterator[tuple[str, str | None]]:
    entry, words = found.entry, run.words
    who = entry.actor if entry.subject is None else f"{entry.actor}:{entry.subject}"
    rule = None if entry.rule is None else f"{entry.rule} {entry.rule_version or ''}".strip()
    yield words("종류", "kind"), f"{entry.kind}, {entry.stream}#{entry.version}"
    yield (
        words("한 사람", "done by"),
        f"{who} ({VIA[entry.via].say(run.lang)}, {AUTHN[entry.authn].say(run.lang)})",
    )
    behalf = f"{entry.on_behalf_of}:{entry.behalf_subject}" if entry.behalf_subject else entry.on_behalf_of
    yield words("대신함", "in place of"), behalf
    yield words("대신한 근거", "by the mandate"), entry.mandate
    yield words("규칙", "by rule"), rule
    yield words("사유", "reason"), found.reason
    yield words("문서번호", "document"), entry.ref
    yield words("명령 번호", "command id"), entry.command
    yield words("토큰", "token"), found.token
    yield words("입력한 곳", "entered at"), found.machine
    yield words("기록 시각", "recorded"), in_words(entry.recorded_at, run.lang, str)
    if entry.known_at != entry.recorded_at:
        yield words("저장소 시계", "store's clock"), in_words(entry.known_at, run.lang, str)
    yield words("효력 시각", "effective"), in_words(entry.effective_at, run.lang, str)
    size = found.proof.size
    said = {
        "sealed": words(f"크기 {size}의 체크포인트에 봉인됨", f"sealed in the checkpoint of size {size}"),
        "differs": words(
            f"봉인된 내용과 다름(체크포인트 {size}): 저장소에서 고쳐졌습니다. `donghaeng trail verify --store`로 확인하십시오",
            f"NOT what was sealed (checkpoint of size {size}): it was changed in the store. "
            "Check with `donghaeng trail verify --store`",
        ),
        "unproven": words(
            f"봉인되었으나 타일이 여기에 없어 대조하지 못함(체크포인트 {size})",
            f"sealed, but not compared: its tiles are not here (checkpoint of size {size})",
        ),
        "unsealed": words(
            f"아직 봉인되지 않음(체크포인트 {size})", f"not sealed yet (checkpoint of size {size})"
        ),
        "no_trail": words("봉인 기록이 없음", "there is no trail yet: see donghaeng trail init"),
    }[found.proof.state]
    short = words(" — 증인 정족수 미달", ", which lacks its quorum of witnesses")
    yield words("증명", "proof"), said + (short if found.proof.quorum is False else "")


def _say_values(run: Run, found: EntryShown, out: Console) -> None:
    def text(ref: Any) -> str:
        return text_in_words(found.texts.get(ref.id, missing(ref)), run.lang)

    say_changes(run, found.changes, text, found.areas, out)
    values = [(names, value) for names, value in leaves(found.fact) if value is not None]
    if values:
        out.print(run.words("내용", "what it says"), style="bold")
    for names, value in values[:_MOST_VALUES]:
        out.print(
            f"  {path_in_words(names, run.lang)}: {in_words(value, run.lang, text, names[-1], found.areas)}",
            markup=False,
            soft_wrap=True,
        )
    if (left := len(values) - _MOST_VALUES) > 0:
        out.print(run.words(f"  … 값 {left}개 더(--json)", f"  … and {left} more value(s) (--json)"))


def _say_list(run: Run, title: Bilingual, entries: Sequence[TrailEntry], out: Console) -> None:
    if entries:
        out.print(title.say(run.lang), style="bold")
        say_entries(entries, out, run.lang)
