"""What stands beside a list of before: how it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.values import LocalText
from projections.inbox import InboxRow
from workflows.queries.inquiry import Inquiry
from workflows.titles import titles_since


def today_titles(shown: Mapping[str, LocalText], inquiry: Inquiry) -> Mapping[str, LocalText]:
    """By task: today's titles where a slice of the log shows another one; none where it shows what is."""
    return {} if inquiry.sliced_at is None else titles_since(inquiry.store, shown)


def today_titles_of(rows: Iterable[InboxRow], inquiry: Inquiry) -> Mapping[str, LocalText]:
    """The same of the tasks in an inbox."""
    return today_titles({row.task: LocalText(ko=row.title_ko, en=row.title_en) for row in rows}, inquiry)
