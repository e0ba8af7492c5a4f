"""The year's policy concerns: how they were deliberated and resolved, their alternatives, and whether it came as expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from domain.concern import facts
from domain.concern.state import CAME, CONCERN, Alternative, Concern, ConcernStage
from domain.errors import Bilingual
from projections.report.document import Block, Cell, Figure, Figures, Section, Table
from projections.report.report_data import CITY, ReportData, absent, both, cell, column
from store.recorded import RecordedFact, fold_state

_TITLE = Bilingual("정책 현안과 결론", "Policy concerns and how they were resolved")
_RESOLVING = (facts.Chosen, facts.Deferred, facts.Dropped)
_CHOSEN = (ConcernStage.CHOSEN, ConcernStage.REVIEWED)


class Deliberated(NamedTuple):
    """A concern with its facts. `number`: its id."""

    number: str
    state: Concern
    facts: Sequence[RecordedFact[Any]]

    def behind(self, *kinds: type) -> tuple[int, ...]:
        """The positions of its facts of these kinds; of all without any."""
        return tuple(one.position for one in self.facts if not kinds or isinstance(one.fact, kinds))

    def about(self, alternative: int) -> tuple[int, ...]:
        """The positions of what is said of an alternative, that it was added first."""
        return tuple(
            one.position for one in self.facts if getattr(one.fact, "alternative", None) == alternative
        )

    @property
    def began(self) -> tuple[datetime, str]:
        assert self.state.raised_at is not None, "its first fact is of the year"
        return self.state.raised_at, self.number


def concerns(m: ReportData) -> Section:
    """Concerns in the order in which they were raised, and a table of all their alternatives."""
    found = [
        Deliberated(number, fold_state(CONCERN, recorded), recorded)
        for number, recorded in m.gathered.concerns.items()
    ]
    found.sort(key=lambda one: one.began)
    blocks: tuple[Block, ...] = (absent("제기된 정책 현안이 없음.", "No policy concern was raised."),)
    if found:
        blocks = (
            _figures(found, m.as_of),
            _table_of_concerns(found, m),
            *_alternatives(found),
            *_after(found),
        )
    return Section("concerns", _TITLE, blocks)


def _figures(found: Sequence[Deliberated], as_of: date) -> Figures:
    chosen = [one for one in found if one.state.stage in _CHOSEN]
    deferred = [one for one in found if one.state.stage is ConcernStage.DEFERRED]
    dropped = [one for one in found if one.state.stage is ConcernStage.DROPPED]
    late = [one for one in found if is_unresolved(one.state, as_of)]
    said = [fact for one in found for fact in one.behind(facts.OpinionGiven)]
    return Figures(
        (
            _figure("concerns.raised", "제기된 현안", "Concerns raised", _behind(found, facts.Raised), len(found)),
            _figure("concerns.opinions", "의견", "Opinions", said, len(said)),
            _figure("concerns.chosen", "대안 채택", "An alternative chosen", _behind(chosen, facts.Chosen), len(chosen)),
            _figure("concerns.deferred", "보류", "Deferred", _behind(deferred, facts.Deferred), len(deferred)),
            _figure("concerns.dropped", "종결", "Dropped", _behind(dropped, facts.Dropped), len(dropped)),
            _figure("concerns.unresolved", "의견 제출 뒤 결론 없음", "Not resolved after opinions", _behind(late), len(late)),
        )
    )  # fmt: skip


def _figure(identity: str, ko: str, en: str, behind: Sequence[int], value: int) -> Figure:
    return Figure(identity, Bilingual(ko, en), value, "int", tuple(sorted(set(behind))))


def _behind(found: Sequence[Deliberated], *kinds: type) -> list[int]:
    return [fact for one in found for fact in one.behind(*kinds)]


def is_unresolved(state: Concern, as_of: date) -> bool:
    """Whether the last day for opinions is over and nothing was said since."""
    return state.stage is ConcernStage.OPEN and state.until is not None and state.until < as_of


def _table_of_concerns(found: Sequence[Deliberated], m: ReportData) -> Table:
    columns = (
        column("concern", "현안", "Concern", weight=3),
        column("who", "제기", "Raised by", weight=2),
        column("until", "의견 제출", "Opinions until", "date"),
        column("opinions", "의견", "Opinions", "int"),
        column("alternatives", "대안", "Alternatives", "int"),
        column("stage", "상태", "Stage"),
        column("resolution", "결론", "Resolved as", weight=3),
    )
    rows = tuple(_row(one, m) for one in found)
    return Table("concerns.all", Bilingual("정책 현안", "Policy concerns"), columns, rows)


def _row(one: Deliberated, m: ReportData) -> tuple[Cell, ...]:
    state = one.state
    assert state.raised is not None, "its first fact is of the year"
    asked = one.behind(facts.Raised, facts.RoundOpened)
    said, added = one.behind(facts.OpinionGiven), one.behind(facts.AlternativeAdded)
    return (
        cell(both(state.raised.name), one.behind(facts.Raised)),
        cell(m.agency(state.raised.agency or CITY), one.behind(facts.Raised)),
        cell(state.until, asked),
        cell(len(state.opinions), said, f"concern.{one.number}.opinions"),
        cell(len(state.alternatives), added, f"concern.{one.number}.alternatives"),
        cell(state.stage.label, one.behind()),
        cell(_describe_resolution(state), one.behind(*_RESOLVING, facts.RoundOpened)),
    )


def _describe_resolution(state: Concern) -> Bilingual | None:
    if state.chosen is not None and state.chosen in state.alternatives:
        return both(state.alternatives[state.chosen].added.name)
    if state.deferred_until is not None:
        return Bilingual(f"{state.deferred_until}까지 보류", f"deferred until {state.deferred_until}")
    return None


def _alternatives(found: Sequence[Deliberated]) -> Iterator[Table]:
    columns = (
        column("concern", "현안", "Concern"),
        column("alternative", "대안", "Alternative", weight=3),
        column("cost", "비용(원)", "Cost (KRW)", "krw"),
        column("state", "결과", "What became of it"),
    )
    rows = tuple(
        (
            cell(one.number, one.behind(facts.Raised)),
            cell(both(each.added.name), one.about(number)[:1]),
            cell(each.added.cost_krw, one.about(number)[:1], f"concern.{one.number}.cost.{number}"),
            cell(_describe_alternative(one.state, number, each), one.about(number)),
        )
        for one in found
        for number, each in sorted(one.state.alternatives.items())
    )
    if rows:
        yield Table("concerns.alternatives", Bilingual("대안 비교", "Alternatives compared"), columns, rows)


def _describe_alternative(state: Concern, number: int, one: Alternative) -> Bilingual:
    if number == state.chosen:
        return Bilingual("채택", "chosen")
    return Bilingual("제외", "dropped") if one.dropped else Bilingual("미채택", "not chosen")


def _after(found: Sequence[Deliberated]) -> Iterator[Table]:
    """What follows from those that were resolved, and whether it came as expected."""
    columns = (
        column("concern", "현안", "Concern"),
        column("follows", "후속 조치", "What follows", weight=3),
        column("review", "사후 점검", "Review", "date"),
        column("came", "점검 결과", "How it came", weight=2),
    )
    rows = tuple(
        (
            cell(one.number, one.behind(facts.Raised)),
            cell(_join(one.state.follow_ups), one.behind(facts.Linked)),
            cell(one.state.review_on, one.behind(facts.Chosen)),
            cell(_describe_review(one.state), one.behind(facts.Reviewed)),
        )
        for one in found
        if one.state.follow_ups or one.state.review_on is not None
    )
    if rows:
        yield Table("concerns.after", Bilingual("후속 조치와 사후 점검", "What followed"), columns, rows)


def _join(follow_ups: Sequence[str]) -> Bilingual | None:
    said = ", ".join(follow_ups)
    return Bilingual(said, said) if said else None


def _describe_review(state: Concern) -> Bilingual:
    if state.reviewed is None:
        return Bilingual("점검 전", "not reviewed")
    return CAME[state.reviewed.came]
