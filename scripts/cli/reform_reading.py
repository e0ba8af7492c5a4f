"""`reform list|show|history`: the reform cases of agencies, and who took them over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual, Lang
from domain.reform.facts import CATEGORIES, Measure
from domain.reform.measures import describe_measure
from scripts.cli import values
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_lines, say_table
from workflows.queries import reform

CaseId = Annotated[
    str,
    typer.Argument(metavar="CASE", help="The case's id, e.g. gto-2023. = 우수사례의 식별자. 예: gto-2023"),
]


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_cases(
        run: Run,
        agency_id: Annotated[
            str | None,
            typer.Argument(
                metavar="[AGENCY]",
                parser=values.AgencyWord,
                help="Only this agency's, and what it took over. = 이 기관의 사례와 이 기관이 도입한 사례만.",
            ),
        ] = None,
        year: Annotated[
            int | None, typer.Option(help="Only of this programme's year. = 이 사업연도의 것만.")
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List the reform cases with their figures and who took them over (구조혁신 우수사례).

        = 구조혁신 우수사례와 그 수치, 도입한 기관을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = reform.list_cases(inquiry, year, agency_id)
        run.show(found, lambda out: _say_cases(out, found.cases, run.lang))

    @command(app, "show")
    def show(run: Run, case_id: CaseId, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show a reform case: what was done, its figures, who took it over with which figures, and its history.

        = 우수사례의 내용, 수치, 도입한 기관과 그 수치, 이력을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = reform.show_case(inquiry, case_id)

        def text(out: Console) -> None:
            say_lines(out, run.lang, _describe(found, run.lang))
            history_lines(out, found.history, run.lang)

        run.show(found, text)

    @command(app, "history")
    def history(
        run: Run, case_id: CaseId, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Tell a reform case's history in sentences.

        = 우수사례의 이력을 문장으로 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = reform.case_history(inquiry, case_id)
        run.show(found, lambda out: history_lines(out, found.history, run.lang))


def _say_cases(out: Console, cases: Sequence[reform.ReformRead], lang: Lang) -> None:
    columns = (
        Column("우수사례", "case"),
        Column("기관", "agency"),
        Column("이름", "name", "title"),
        Column("유형", "category"),
        Column("상태", "stage"),
        Column("수치", "figures", "title"),
        Column("도입 기관", "taken over by"),
    )
    cells = (
        (
            one.case,
            one.agency,
            one.name.say(lang),
            _category(one, lang),
            one.stage.say(lang),
            _say_measures(one.measures, lang),
            ", ".join(one.takers),
        )
        for one in cases
    )
    empty = Bilingual("등록된 우수사례가 없습니다.", "No reform case was entered.")
    say_table(out, lang, columns, cells, empty)


def _category(one: reform.ReformRead, lang: Lang) -> str:
    return "" if one.category is None else CATEGORIES[one.category].say(lang)


def _say_measures(measures: Sequence[Measure], lang: Lang) -> str:
    return "; ".join(describe_measure(one).say(lang) for one in measures)


def _describe(found: reform.ReformShown, lang: Lang) -> Iterator[str]:
    one = found.case
    head = [one.agency, _category(one, lang), one.stage.say(lang)]
    yield f"{one.case}  {one.name.say(lang)} ({', '.join(word for word in head if word)})"
    yield from (describe_measure(each).say(lang) for each in one.measures)
    for moved in found.transfers:
        name = Bilingual(f"이관: {moved.name.ko}", f"transfer: {moved.name.say('en')}").say(lang)
        yield f"{name}, {moved.from_agency} → {moved.to_agency}"
    if found.text is not None:
        yield found.text
    if found.evidence is not None:
        yield f"{Bilingual('증빙', 'evidence').say(lang)}: {found.evidence}"
    if one.meetings:
        yield f"{Bilingual('발표한 회의', 'presented at').say(lang)}: {', '.join(one.meetings)}"
    for taker in found.takers:
        said = [_say_measures(taker.measures, lang), taker.text, taker.evidence]
        more = "; ".join(word for word in said if word)
        yield f"{Bilingual('도입', 'taken over by').say(lang)} {taker.agency}{f': {more}' if more else ''}"
