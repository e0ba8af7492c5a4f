"""Whatever facts come in whatever order and batches: rows, tallies and the task's own state tell the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.task import facts
from domain.task.state import TASK
from domain.values import FilledField, LocalText, TextRef
from projections.fresh import fold, tally_rows
from projections.history import history
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.tables import difference
from projections.task_board import TASK_BOARD
from projections.texts import missing
from projections.view import Tally, View
from store.recorded import RecordedFact
from tests.projections.appended_facts import PLAN, PROPOSED, envelope
from tests.projections.counting_view import BY_LEAD, COUNTED

_AT = datetime(2024, 3, 7, tzinfo=UTC)
_TEXT = TextRef(id="0" * 32, commitment="0" * 64)

plans = st.builds(
    lambda budget, keep, start: replace(
        PLAN, budget_krw=budget, milestones=PLAN.milestones[:keep], not_before=start
    ),
    st.integers(-(10**20), 10**20),
    st.integers(0, 2),
    st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
)
titles = st.builds(
    lambda ko, en: LocalText(ko=ko, en=en), st.text(max_size=5), st.none() | st.text(max_size=5)
)
happenings = st.one_of(
    st.builds(
        lambda title, area, lead, plan: replace(PROPOSED, title=title, area=area, lead=lead, plan=plan),
        titles,
        st.sampled_from(["culture", "living"]),
        st.sampled_from(["a", "b"]),
        plans,
    ),
    st.builds(facts.Revised, title=st.none() | titles, plan=st.none() | plans),
    st.builds(
        facts.ProgressReported,
        percent=st.integers(-5, 200),
        milestones=st.lists(st.sampled_from(["early", "late", "unknown"]), max_size=2).map(tuple),
    ),
    st.builds(facts.Replanned, plan=plans),
    st.builds(facts.ReplanRequested, plan=plans),
    st.builds(facts.Corrected, fact=st.integers(1, 9), percent=st.none() | st.integers(0, 100)),
    st.builds(facts.CorrectionCancelled, correction=st.integers(1, 9), percent=st.integers(0, 100)),
    st.builds(facts.HandedOver, lead=st.sampled_from(["a", "b", "c"])),
    st.builds(
        facts.StepTaken,
        definition=st.just("own/1"),
        step=st.sampled_from(["send", "back"]),
        label=titles,
        from_place=st.sampled_from(["proposed", "proposed/review", "nowhere"]),
        to_place=st.sampled_from(
            ["proposed", "proposed/review", "in_progress/review", "nowhere", "proposed/Ä"]
        ),
        form=st.lists(
            st.builds(
                FilledField,
                field=st.sampled_from(["a", "b"]),
                label=titles,
                type=st.just("integer"),
                value=st.text(max_size=3),
            ),
            max_size=2,
        ).map(tuple),
    ),
    st.sampled_from(
        [
            facts.ReplanRefused(),
            facts.PartnerAdded(partner="c"),
            facts.PartnerReleased(partner="c"),
            facts.HoldPlaced(basis="법"),
            facts.HoldLifted(),
            facts.Returned(),
            facts.Approved(conditions=(_TEXT,)),
            facts.Rejected(),
            facts.Withdrawn(),
            facts.Started(on=date(2024, 3, 8)),
            facts.Suspended(),
            facts.Resumed(),
            facts.FinalReportSubmitted(text=_TEXT),
            facts.Evaluated(score="87.5", grade="A"),
            facts.Discontinued(),
            facts.CarriedOver(to_year=2025),
        ]
    ),
)
logs = st.lists(st.tuples(st.integers(1, 4), happenings), max_size=40)


def recorded(log: list[tuple[int, Any]]) -> list[RecordedFact[Any]]:
    return [
        RecordedFact(
            place,
            f"task/2024-0{task}",
            place,
            fact.kind,
            _AT,
            _AT + timedelta(place),
            envelope(effective_at=_AT + timedelta(place - 3) if place % 5 == 0 else None),
            fact,
        )
        for place, (task, fact) in enumerate(log, start=1)
    ]


def in_batches(view: View, tally: Tally, log: list[RecordedFact[Any]], size: int) -> tuple[Any, Any]:
    """Rows and amounts as the runner leaves them: each batch adds what it changed."""
    rows: dict[str, Any] = {}
    amounts: dict[Any, tuple[int, ...]] = {}
    for first in range(0, len(log), size):
        before = dict(rows)
        for one in log[first : first + size]:
            view.fold(rows, one)
        for key, added in difference(tally, before, rows).items():
            old = amounts.get(key, (0,) * len(added))
            amounts[key] = tuple(map(sum, zip(old, added, strict=True)))
        rows = {key: row for key, row in rows.items() if row is not None}
    return rows, {key: sums for key, sums in amounts.items() if sums[0]}


@given(log=logs, size=st.integers(1, 12))
def test_sums_kept_up_by_differences_equal_a_recount(log: list[tuple[int, Any]], size: int) -> None:
    for view, tally in ((TASK_BOARD, PROGRAMME_SUMMARY), (COUNTED, BY_LEAD)):
        whole = recorded(log)
        rows, amounts = in_batches(view, tally, whole, size)
        assert rows == fold(view, whole)
        assert amounts == tally_rows(tally, rows)


@given(log=logs)
def test_the_board_stands_where_the_task_itself_stands(log: list[tuple[int, Any]]) -> None:
    whole = recorded(log)
    rows = fold(TASK_BOARD, whole)
    for stream in {one.stream for one in whole}:
        own = [one for one in whole if one.stream == stream]
        proposed = next((place for place, one in enumerate(own) if one.kind == "task.proposed"), None)
        row = rows.get(stream.removeprefix("task/"))
        assert (row is None) == (proposed is None)
        if row is not None:
            task = TASK.initial
            for one in own[proposed:]:
                task = TASK.evolve(task, one.fact, one.effective_at, one.version)
            assert task.title is not None
            assert task.plan is not None
            assert (row.stage, row.condition) == (task.stage, task.condition)
            assert (row.title_ko, row.title_en) == (task.title.ko, task.title.en)
            assert (row.area, row.lead, row.budget_krw) == (task.area, task.lead, task.plan.budget_krw)
            assert row.changed_position == own[-1].position
            if sum(one.kind == "task.proposed" for one in own) == 1:
                assert row.progress == task.percent


@given(log=logs)
def test_any_log_can_be_told(log: list[tuple[int, Any]]) -> None:
    for lang in ("ko", "en"):
        assert all(line.sentence for line in history(recorded(log), missing, {}, lang))
