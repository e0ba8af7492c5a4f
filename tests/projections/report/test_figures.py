"""The report's figures, and the facts behind each."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import msgspec
import pytest
from msgspec.structs import replace

from domain.errors import Bilingual
from domain.fact import Fact
from domain.notice import facts as notice
from domain.task.facts import Corrected, HandedOver, MilestonesReached, ProgressReported, Resumed, Suspended
from projections.report.charts.looks import months
from projections.report.document import Document, Table, Text, figures, format_value, sections, without_facts
from projections.report.gathering import YearWithoutFacts, gather
from tests.projections.report.two_years import MADE, both_years, due, one_year, reported, until


@pytest.fixture(scope="module")
def document() -> Document:
    return reported(both_years())


def value(document: Document, figure: str) -> object:
    return figures(document)[figure].value


def told(document: Document, section: str, lang: str = "en") -> str:
    """All that a section and its parts say."""
    found = [one for _, one in sections(document) if one.id == section or one.id.startswith(f"{section}.")]
    said = []
    for one in found:
        for block in one.blocks:
            if isinstance(block, Text):
                said.append(block.words.say(lang))  # type: ignore[arg-type]
            elif isinstance(block, Table):
                said += [format_value(cell.value, "text", lang) for row in block.rows for cell in row]  # type: ignore[arg-type]
    return "\n".join(said)


def test_the_summary_counts_tasks_money_progress_and_scores(document: Document) -> None:
    assert value(document, "summary.tasks") == 2
    assert value(document, "summary.budget") == 1400
    assert value(document, "summary.progress") == "50.0"  # 100 and 0 percent
    assert value(document, "summary.score") == "80.5"
    assert (value(document, "area.culture.budget"), value(document, "area.living.budget")) == (900, 500)
    assert (value(document, "stage.evaluated.tasks"), value(document, "stage.discontinued.tasks")) == (1, 1)


def test_every_figure_that_says_something_names_facts_of_the_slice_in_their_order(document: Document) -> None:
    last = document.provenance.position
    for identity, figure in figures(document).items():
        assert all(one < other for one, other in pairwise(figure.facts)), identity
        assert all(1 <= position <= last for position in figure.facts), identity
        assert figure.facts or figure.value in (0, None), identity


def test_a_figure_names_the_very_facts_that_gave_it(document: Document) -> None:
    facts = {one.position: one for one in both_years()}
    budget = figures(document)["task.2024-01.budget"]
    assert [facts[one].kind for one in budget.facts] == ["task.revised"]
    assert [facts[one].kind for one in figures(document)["task.2024-01.score"].facts] == ["task.evaluated"]
    rides = figures(document)["task.2024-01.indicator.rides"]
    assert (rides.value, [facts[one].kind for one in rides.facts]) == ("600", ["task.corrected"])
    assert value(document, "task.2024-01.indicator.rides.attained") == "50.0"


def test_figure_ids_are_words_with_points_and_stand_for_one_value(document: Document) -> None:
    seen: dict[str, object] = {}
    for _, section in sections(document):
        for block in section.blocks:
            for row in block.rows if isinstance(block, Table) else ():
                for cell in row:
                    if cell.figure is not None:
                        assert re.fullmatch(r"[a-z]+(\.[A-Za-z0-9_-]+)+", cell.figure), cell.figure
                        assert seen.setdefault(cell.figure, cell.value) == cell.value, cell.figure


def test_delays_are_business_days_and_reminders_that_went_higher_are_counted(document: Document) -> None:
    assert value(document, "task.2024-01.start-slippage") == 2
    assert value(document, "task.2024-01.slippage") == -1
    assert value(document, "task.2024-01.milestone.half.late") == 5  # from Friday 28 June to Friday 5 July
    assert value(document, "deadline.milestone.escalated") == 1
    assert value(document, "deadline.milestone.lead") == "10.0"  # from 25 June to 5 July
    assert value(document, "overdue.gto.2024-06") == 5
    assert (value(document, "reminders.due"), value(document, "reminders.sent")) == (2, 1)


HANDED = ("2024-07-01", HandedOver(lead="gjcf"))
MET = ("2024-07-05", ProgressReported(percent=50, milestones=("half",)))
SET = ("2024-07-05", due(("final_report", None, date(2025, 1, 15))))


@pytest.mark.parametrize(
    ("then", "who"),
    [
        ([], "gto"),  # the control: as nobody handed it over
        ([HANDED], "gjcf"),
        ([HANDED, ("2024-07-03", HandedOver(lead="gto"))], "gto"),
        ([HANDED, MET, SET], "gjcf"),
        ([MET, SET, ("2024-07-08", HandedOver(lead="gjcf"))], "gto"),
        ([MET, ("2024-07-05", HandedOver(lead="gjcf")), SET], "gto"),
        ([HANDED, ("2024-07-05", Suspended()), ("2024-07-05", due())], "gjcf"),
    ],
    ids=["open", "handed-over", "handed-back", "then-met", "met-before", "met-just-before", "then-suspended"],
)
def test_who_led_when_it_was_met_or_fell_away_or_leads_while_it_is_open_answers_for_a_deadline(
    then: list[tuple[str, Fact]], who: str
) -> None:
    facts = until("2024-06-28", *then)
    found = figures(reported(facts, made=replace(MADE, as_of=date(2024, 7, 31))))
    late = f"overdue.{who}.2024-06"
    assert [one for one in found if one.endswith(".2024-06") and one.startswith("overdue.")] == [late]
    if who == "gjcf":
        handed = next(one.position for one in facts if isinstance(one.fact, HandedOver))
        assert {handed} <= {*found[late].facts} & {*found["owed.gjcf.late"].facts}
        assert handed not in found["deadlines.late"].facts, "of whoever's they are, it says nothing"


def test_returned_suspended_and_discontinued_tasks_stand_there_with_their_reasons(document: Document) -> None:
    said = told(document, "decisions", "ko")
    assert "예산 근거를 보완할 것" in said
    assert said.count("사업 여건이 바뀜") == 2
    assert "(비공개 처리된 글, 99번 기록)" in said, "what was redacted says so"


def test_what_was_corrected_or_entered_late_after_the_years_end_is_shown_as_such(document: Document) -> None:
    said = told(document, "corrections")
    assert "corrected #11" in said
    assert "progress of 100%" in said
    assert "progress of 50%" not in said
    before = [one for one in both_years() if one.known_at.year < 2025]
    assert "Nothing was corrected" in told(reported(before), "corrections")


def test_what_was_corrected_after_an_evaluation_is_shown_as_such_and_counts(document: Document) -> None:
    found = [one for one in until("2025-02-10") if one.kind == "task.evaluated"]
    (evaluated,) = (one for one in found if one.stream == "task/2024-01")
    corrected = Corrected(fact=evaluated.version, score="70", grade="C", after_evaluation=True)
    amended = reported(until("2025-02-28", ("2025-03-03", corrected)))
    assert f"corrected #{evaluated.version} after the evaluation: score 70; grade C" in told(
        amended, "corrections"
    )
    assert (value(amended, "summary.score"), value(amended, "grade.C.tasks")) == ("70.0", 1)
    assert "after an evaluation" not in told(document, "corrections"), "the control"


def test_a_year_is_compared_with_the_one_before_or_said_to_stand_alone(document: Document) -> None:
    assert value(document, "change.tasks") == 1
    assert value(document, "change.score") == "10.5"
    assert "no record of 2023" in told(reported(one_year()), "brief")


def test_what_the_log_does_not_hold_is_said_to_be_absent(document: Document) -> None:
    assert "no spending" in told(document, "plan.budget")
    assert "No policy concern was raised." in told(document, "concerns")
    assert "No meeting of agency heads was called." in told(document, "meetings")


def test_a_year_that_is_not_closed_says_so_and_a_closed_one_does_not(document: Document) -> None:
    assert document.banners == ()
    assert not document.provenance.running
    running = reported([one for one in both_years() if one.known_at.year < 2025])
    assert running.provenance.running
    assert "not closed" in running.banners[0].en
    assert "마감되지 않은" in running.banners[0].ko


def test_a_simulated_store_says_so_on_every_page() -> None:
    assert "모의" in reported(both_years(), made=replace(MADE, simulated=True)).banners[0].ko


def test_the_report_says_what_it_was_made_from(document: Document) -> None:
    made = document.provenance
    assert (made.position, made.as_of) == (len(both_years()), date(2025, 2, 28))
    assert (made.sealed, made.root) == (40, "cm9vdA==")
    assert (made.definitions, made.calendars) == (("donghaeng-2024/1",), ("2024/1",))


def test_a_year_without_facts_is_refused_and_the_others_are_named() -> None:
    with pytest.raises(YearWithoutFacts) as refused:
        gather(both_years(), 2022)
    assert "2023, 2024" in refused.value.say("en")


@pytest.mark.parametrize("last", range(1, 60, 3))
def test_a_report_can_be_made_after_any_fact_of_the_year(last: int) -> None:
    facts = both_years()[: 12 + last]
    document = reported(facts)
    assert figures(document)["summary.tasks"].value == sum(
        one.kind == "task.proposed" and one.stream.startswith("task/2024") for one in facts
    )


def test_months_are_never_taken_for_those_of_another_year() -> None:
    ends = months(date(2024, 2, 10), date(2025, 3, 5))
    assert (ends[0], ends[-1], len(ends)) == (date(2024, 2, 29), date(2025, 3, 5), 14)


def test_versions_of_different_plans_are_not_added_up(document: Document) -> None:
    tables = (one for _, part in sections(document) for one in part.blocks)
    budget = next(one for one in tables if isinstance(one, Table) and one.id == "plan.budget")
    assert [row[-1].value for row in budget.rows] == [2, 1]
    ((*_, change, versions),) = budget.totals
    assert change.value == -100  # the control: what does make a sum
    assert versions.value == Bilingual("", "")


def test_what_came_of_the_deadlines_adds_up_to_all_of_them_in_every_row() -> None:
    said = ("kept", "late", "open", "lapsed", "moved")
    for last in range(20, len(both_years()), 4):
        tables = {
            t.id: t
            for _, part in sections(reported(both_years()[:last]))
            for t in part.blocks
            if isinstance(t, Table)
        }
        for name in {"reminders.by-kind", "reminders.by-agency"} & tables.keys():
            heads = [one.id for one in tables[name].columns]
            for row in (*tables[name].rows, *tables[name].totals):
                counts = dict(zip(heads, (one.value for one in row), strict=True))
                assert counts["due"] == sum(int(str(counts[one])) for one in said), (last, name)


SUSPENDED = [("2024-07-01", Suspended()), ("2024-07-01", due())]
AGAIN = [("2024-08-01", Resumed()), ("2024-08-01", due(("final_report", None, date(2025, 1, 15))))]


@pytest.mark.parametrize(
    ("then", "lapsed", "moved"),
    [([], 0, 0), (SUSPENDED, 1, 0), ([*SUSPENDED, *AGAIN], 0, 1)],
    ids=["open", "fell-away", "set-anew"],
)
def test_what_fell_away_is_lapsed_and_what_was_set_anew_moved_away(
    then: list[tuple[str, Fact]], lapsed: int, moved: int
) -> None:
    found = reported(until("2024-06-28", *then), made=replace(MADE, as_of=date(2024, 8, 2)))
    told = {
        name: value(found, f"deadline.final_report.{name}") for name in ("due", "open", "lapsed", "moved")
    }
    assert told == {"due": 1 + moved, "open": int(not lapsed), "lapsed": lapsed, "moved": moved}
    assert value(found, "deadline.milestone.late") == 1, "its day had passed before it fell away"


def test_the_punctuality_of_milestones_counts_those_reported_late_and_those_never_reported(
    document: Document,
) -> None:
    names = ("planned", "in-time", "late", "unreported", "open", "gone", "punctual")

    def told(of: Document) -> tuple[object, ...]:
        return tuple(value(of, f"milestones.{name}") for name in names)

    assert told(document) == (1, 0, 1, 0, 0, 0, "0.0")
    before = replace(MADE, as_of=date(2024, 6, 28))
    assert told(reported(until("2024-06-28"), made=before)) == (1, 0, 0, 0, 1, 0, None)
    after = replace(MADE, as_of=date(2024, 7, 31))
    assert told(reported(until("2024-06-28"), made=after)) == (1, 0, 0, 1, 0, 0, "0.0")
    for met in (MET[1], MilestonesReached(milestones=("half",))):  # in a quarter's report, and by itself
        early = [("2024-06-27", met), ("2024-06-27", SET[1])]
        assert told(reported(until("2024-06-25", *early), made=after)) == (1, 1, 0, 0, 0, 0, "100.0")


def test_a_reminder_that_was_cancelled_before_its_message_went_is_not_among_those_sent() -> None:
    facts = both_years()
    last = facts[-1]
    cancelled = replace(
        last,
        position=last.position + 1,
        stream="notice/a",
        version=3,
        kind=notice.Cancelled.kind,
        fact=notice.Cancelled(why="moved"),
    )
    found = reported([*facts, cancelled])

    assert value(reported(facts), "reminders.sent") == 1, "the control"
    names = ("due", "sent", "cancelled")
    assert [value(found, f"reminders.{one}") for one in names] == [2, 0, 1]


def test_what_is_handed_to_who_draws_pages_says_the_same_and_names_no_facts(document: Document) -> None:
    alone = without_facts(document)
    assert {name: (one.value, one.facts) for name, one in figures(alone).items()} == {
        name: (one.value, ()) for name, one in figures(document).items()
    }
    assert b'"facts":[' not in msgspec.json.encode(alone.sections)
    assert b'"facts":[' in msgspec.json.encode(document.sections), "the control"
