"""`concern list|show|history`: policy concerns, the table of their alternatives, and how they were resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console

from domain.concern.state import CAME
from domain.errors import Bilingual, Lang
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_lines, say_table
from workflows.concerns_waiting import ConcernWaiting, Wanted
from workflows.queries import concerns

ConcernId = Annotated[
    str,
    typer.Argument(
        metavar="CONCERN", help="The concern's id, e.g. night-buses. = 현안의 식별자. 예: night-buses"
    ),
]
_CITY = Bilingual("시", "the city")
_ALL = Bilingual("모든 기관", "all agencies")
_STATES: Mapping[concerns.AlternativeState, Bilingual] = {
    "standing": Bilingual("검토", "looked at"),
    "chosen": Bilingual("채택", "chosen"),
    "dropped": Bilingual("제외", "dropped"),
}
_RESOLVED: Mapping[concerns.Resolution, Bilingual] = {
    "chosen": Bilingual("대안 {0} 채택", "alternative {0} chosen"),
    "deferred": Bilingual("보류", "deferred"),
    "dropped": Bilingual("종결", "dropped"),
}
_WANTED: Mapping[Wanted, Bilingual] = {
    "opinion": Bilingual("의견 제출", "give an opinion"),
    "resolve": Bilingual("결론", "resolve it"),
    "take_up": Bilingual("다시 검토", "take it up again"),
    "review": Bilingual("사후 점검", "review what came of it"),
}


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_concerns(
        run: Run,
        year: Annotated[
            int | None, typer.Option(help="Only of this programme's year. = 이 사업연도의 것만.")
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List policy concerns with where they stand, the earliest first (현안 목록).

        = 정책 현안과 그 상태를 제기한 순서로 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = concerns.list_concerns(inquiry, year)
        run.show(found, lambda out: _say_concerns(out, found.concerns, run.lang))

    @command(app, "show")
    def show(
        run: Run, concern_id: ConcernId, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Show a concern: opinions, its alternatives side by side, how it was resolved and what follows.

        = 현안의 의견, 대안 비교표, 결론, 후속 조치를 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = concerns.show_concern(inquiry, concern_id)

        def text(out: Console) -> None:
            say_lines(out, run.lang, _describe(found, run.lang))
            _say_alternatives(out, found.alternatives, run.lang)
            if ending := [*_describe_ending(found, run.lang)]:
                say_lines(out, run.lang, ending)

        run.show(found, text)

    @command(app, "history")
    def history(
        run: Run, concern_id: ConcernId, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Tell a concern's history in sentences.

        = 현안의 이력을 문장으로 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = concerns.concern_history(inquiry, concern_id)
        run.show(found, lambda out: history_lines(out, found.history, run.lang))


def say_waiting_concerns(out: Console, rows: Sequence[ConcernWaiting], lang: Lang) -> None:
    """Below an inbox: what concerns wait for; nothing where none does."""
    if not rows:
        return
    out.print(Bilingual("할 일이 있는 정책 현안:", "Policy concerns that wait:").say(lang), soft_wrap=True)
    columns = (
        Column("현안", "concern"),
        Column("이름", "name", "title"),
        Column("할 일", "to do", "text"),
        Column("누가", "who"),
        Column("기한", "day"),
    )
    cells = (
        (
            one.concern,
            one.name.say(lang),
            _WANTED[one.wanted].say(lang),
            one.agency or (_ALL if one.wanted == "opinion" else _CITY).say(lang),
            str(one.due),
        )
        for one in rows
    )
    say_table(out, lang, columns, cells)


def _say_concerns(out: Console, rows: Sequence[concerns.ConcernRead], lang: Lang) -> None:
    columns = (
        Column("현안", "concern"),
        Column("이름", "name", "title"),
        Column("제기", "raised by"),
        Column("상태", "stage", "text"),
        Column("의견 제출", "opinions until"),
        Column("의견", "opinions", "figure"),
        Column("대안", "alternatives", "figure"),
    )
    cells = (
        (
            one.concern,
            one.name.say(lang),
            one.agency or _CITY.say(lang),
            one.stage.say(lang),
            str(one.until),
            str(one.opinions),
            str(one.alternatives),
        )
        for one in rows
    )
    say_table(out, lang, columns, cells, Bilingual("제기된 현안이 없습니다.", "No concern was raised."))


def _say_alternatives(out: Console, rows: Sequence[concerns.AlternativeRead], lang: Lang) -> None:
    """Side by side, a row an alternative."""
    columns = (
        Column("대안", "alternative"),
        Column("이름", "name", "text"),
        Column("비용(원)", "cost (KRW)", "figure"),
        Column("효과", "effects", "text"),
        Column("위험", "risks", "text"),
        Column("출처", "sources", "text"),
        Column("상태", "state"),
    )
    cells = (
        (
            str(one.alternative),
            one.name.say(lang),
            "–" if one.cost_krw is None else f"{one.cost_krw:,}",
            one.effects or "–",
            one.risks or "–",
            one.sources or "–",
            _STATES[one.state].say(lang),
        )
        for one in rows
    )
    say_table(out, lang, columns, cells, Bilingual("제시된 대안이 없습니다.", "No alternative was added."))


def _describe(found: concerns.ConcernShown, lang: Lang) -> Iterator[str]:
    one = found.concern
    yield f"{one.concern}  {one.name.say(lang)} ({one.stage.say(lang)})"
    yield f"  {found.question}"
    whose = one.agency or _CITY.say(lang)
    asked = ", ".join(found.invited) or _ALL.say(lang)
    said = Bilingual(
        "제기 {0}, 의견 요청 {1}, {2}차 의견 제출 {3}까지",
        "raised by {0}, opinions asked of {1}, round {2} until {3}",
    )
    yield f"  {said.say(lang).format(whose, asked, one.round, one.until)}"
    if found.tasks:
        yield f"  {Bilingual('관련 과제', 'tasks affected').say(lang)}: {', '.join(found.tasks)}"
    for each in found.meetings:
        agenda = Bilingual("회의 {0}({1}) {2}번 안건", "meeting {0} ({1}), item {2}").say(lang)
        yield f"  {agenda.format(each.meeting, each.on, each.item)}: {each.name.say(lang)}"
    if found.follows_from:
        yield f"  {Bilingual('앞선 현안', 'follows from').say(lang)}: {', '.join(found.follows_from)}"
    for opinion in found.opinions:
        yield f"  #{opinion.opinion} {opinion.agency or _CITY.say(lang)}: {opinion.text}"


def _describe_ending(found: concerns.ConcernShown, lang: Lang) -> Iterator[str]:
    """How it was resolved, what follows and what came."""
    for one in found.resolutions:
        how = _RESOLVED[one.how].say(lang).format(one.alternative)
        reason = "" if one.reason is None else f": {one.reason}"
        by = "" if one.cause is None else f" ({one.cause})"
        yield f"{one.on} {how}{by}{reason}"
    if found.concern.deferred_until is not None:
        yield Bilingual("{0}까지 보류", "deferred until {0}").say(lang).format(found.concern.deferred_until)
    if found.follow_ups:
        yield f"{Bilingual('후속 조치', 'what follows').say(lang)}: {', '.join(found.follow_ups)}"
    if found.review is not None:
        came = CAME[found.review.came].say(lang)
        yield f"{found.review.on} {Bilingual('사후 점검', 'reviewed').say(lang)}: {came}. {found.review.text}"
    elif found.concern.review_on is not None:
        yield (
            Bilingual("사후 점검 {0}부터", "to be reviewed from {0} on")
            .say(lang)
            .format(found.concern.review_on)
        )
