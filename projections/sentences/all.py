"""How each kind of fact is told. A kind without a sentence fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.errors import Bilingual
from projections.sentences.agencies import AGENCIES, AGENCIES_FIELDS
from projections.sentences.concerns import CONCERNS, CONCERNS_FIELDS
from projections.sentences.definitions import DEFINITIONS, DEFINITIONS_FIELDS
from projections.sentences.fund import FUND, FUND_FIELDS
from projections.sentences.lines import LINES, LINES_FIELDS
from projections.sentences.meetings import MEETINGS, MEETINGS_FIELDS
from projections.sentences.money import MONEY, MONEY_FIELDS
from projections.sentences.narration import Narration
from projections.sentences.plans import PLANS_FIELDS
from projections.sentences.positions import POSITIONS, POSITIONS_FIELDS
from projections.sentences.programme import PROGRAMME, PROGRAMME_FIELDS
from projections.sentences.record import RECORD, RECORD_FIELDS
from projections.sentences.reform import REFORM, REFORM_FIELDS
from projections.sentences.reminders import REMINDERS, REMINDERS_FIELDS
from projections.sentences.tasks import TASKS, TASKS_FIELDS

SENTENCES: Mapping[str, Callable[[Narration], str]] = {
    **TASKS,
    **LINES,
    **AGENCIES,
    **POSITIONS,
    **MEETINGS,
    **CONCERNS,
    **MONEY,
    **FUND,
    **REFORM,
    **PROGRAMME,
    **REMINDERS,
    **RECORD,
    **DEFINITIONS,
}
FIELDS: dict[str, Bilingual] = {
    **PLANS_FIELDS,
    **TASKS_FIELDS,
    **LINES_FIELDS,
    **AGENCIES_FIELDS,
    **POSITIONS_FIELDS,
    **MEETINGS_FIELDS,
    **CONCERNS_FIELDS,
    **MONEY_FIELDS,
    **FUND_FIELDS,
    **REFORM_FIELDS,
    **PROGRAMME_FIELDS,
    **REMINDERS_FIELDS,
    **RECORD_FIELDS,
    **DEFINITIONS_FIELDS,
}
