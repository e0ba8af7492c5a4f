"""How each kind of fact is told. A kind without a sentence fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.sentences.agencies import AGENCIES
from projections.sentences.programme import PROGRAMME
from projections.sentences.record import RECORD
from projections.sentences.reminders import REMINDERS
from projections.sentences.tasks import TASKS
from projections.sentences.telling import Told

SENTENCES: Mapping[str, Callable[[Told], str]] = {**TASKS, **AGENCIES, **PROGRAMME, **REMINDERS, **RECORD}
