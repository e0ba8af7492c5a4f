"""`trail verify`: a pack, a trail's folder or URL, or the database, held against what was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from domain.errors import Refusal
from projections.inspection.pack_narration import narrate_events
from projections.inspection.pack_page import in_sentences
from scripts.cli.documents import TrailVerified
from scripts.cli.progress import ticking
from scripts.cli.run import Run, command
from store.waits import WHOLE
from trail.bringing import bring
from trail.leaves import Tick
from trail.pack_events import Proven
from trail.pack_verifying import verify as verify_source
from trail.sources import open_source
from trail.verdict import Verdict, exit_status, last_line, line_of
from workers.bootstrap import vault_of
from workers.queries.verifying import verify_store
from workers.trail_folder import trail_folder

_SHOWN = 50  # events of a pack that are told on the screen
_STYLES = {True: "green", False: "red", None: "yellow"}


class NothingToVerify(Refusal):
    ko = "무엇을 확인할지 알 수 없습니다. 묶음·폴더·주소를 지정하거나 --store를 쓰십시오."
    en = "What is to be verified is not said. Give a pack, a folder or a URL, or use --store."


def add(app: typer.Typer) -> None:
    @command(app, "verify")
    def verify(
        run: Run,
        where: Annotated[
            str | None,
            typer.Argument(
                metavar="PACK|FOLDER|URL",
                help="A pack, a trail's folder or its URL. = 증거 묶음, 감사 이력의 폴더나 URL.",
            ),
        ] = None,
        store: Annotated[
            bool,
            typer.Option(
                "--store",
                help="The trail of the data folder, and the database against it. "
                "= 자료 폴더의 감사 이력과, 그에 대조한 데이터베이스.",
            ),
        ] = False,
        policy: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="The policy with the keys, as you got it on paper. = 종이로 받은 대로의 정책과 키.",
            ),
        ] = None,
        since: Annotated[
            list[Path] | None,
            typer.Option(
                metavar="CHECKPOINT",
                help="A checkpoint that you kept; twice: one of the facts, and one of readings and refusals. "
                "= 보관한 체크포인트. 두 번 주면 하나는 기록, 하나는 열람·거부의 것입니다.",
            ),
        ] = None,
        tsa: Annotated[
            Path | None,
            typer.Option(
                metavar="PEM",
                help="Certificates of timestamp authorities that you trust. "
                "= 신뢰하는 시점확인 기관의 인증서.",
            ),
        ] = None,
    ) -> None:
        """Check that nothing was edited, removed, reordered, slipped in, cut off or back-dated (감사 이력 검증).

        = 수정, 삭제, 순서 변경, 끼워 넣기, 잘라내기, 날짜 소급이 없었는지 검증합니다.

        Exit status: 0 OK; 1 something does not hold; 5 NOT PROVED: all of it fits together, and no policy was given that did not come with it (--policy).

        = 종료 코드: 0 이상 없음, 1 맞지 않는 것이 있음, 5 증명되지 않음(서로 맞지만 따로 받은 정책(--policy)을 주지 않음).
        """
        there = trail_folder(run.settings.data) if store else where
        own = bring(there, policy, since or [], tsa)
        verdict, proven = Verdict(), list[Proven]()
        if store:
            with run.engine(WHOLE) as engine, bar(run, verdict) as tick:
                inquiry = run.inquiry(engine.store)
                verify_store(inquiry, engine, own, verdict, tick, partial(vault_of, run.settings, engine))
        elif where is None:
            raise NothingToVerify
        else:
            with open_source(where) as source, bar(run, verdict) as tick, verdict.checking(where):
                proven = verify_source(source, own, verdict, tick, in_sentences())
        _show(run, verdict, proven)


@contextmanager
def bar(run: Run, verdict: Verdict | None, total: int | None = None) -> Iterator[Tick]:
    """What is under the checkpoint, once that is read, is what there is to check."""

    def of() -> int | None:
        found = None if verdict is None else verdict.checkpoint
        return total if found is None else found.size

    with ticking(run, "확인", "checking", of) as tick:
        yield tick


def _show(run: Run, verdict: Verdict, proven: list[Proven]) -> None:
    told = narrate_events(proven, run.lang)
    document = verdict.as_document(run.lang) | ({"events": told} if told else {})

    def text(out: Console) -> None:
        for event in told[:_SHOWN]:
            out.print(Text(_describe_event(run, event)), soft_wrap=True)
        if len(told) > _SHOWN:
            out.print(run.words(f"… 외 {len(told) - _SHOWN:,}건", f"… and {len(told) - _SHOWN:,} more"))
        for item in verdict.items:
            mark, said = line_of(item, run.lang)
            out.print(Text(mark, style=_STYLES[item.holds]).append(said, style="default"), soft_wrap=True)
        for key in verdict.keys:
            out.print(Text(run.words("키 ", "key ") + key, style="dim"), soft_wrap=True)
        style = "green" if verdict.proved else "yellow" if verdict.good else "red"
        out.print(Text(last_line(verdict, run.lang), style=f"bold {style}"), soft_wrap=True)

    run.show(msgspec.convert(document, TrailVerified), text)
    if not verdict.proved:
        raise typer.Exit(exit_status(verdict))


def _describe_event(run: Run, event: dict[str, Any]) -> str:
    """When it became known; when it was recorded only where that is another time."""
    late = "" if event["recorded_at"] == event["known_at"] else event["recorded_at"]
    recorded = late and run.words(f"  (기록 시각 {late})", f"  (recorded {late})")
    return f"{event['position']:>8}  {event['known_at']}  {event['sentence']}{recorded}"
