"""What people are reminded of: a source a kind of stream, by the name that streams of it begin with."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.automation.reminders_of_meetings import OF_MEETINGS
from workflows.automation.reminders_of_tasks import OF_TASKS
from workflows.automation.rungs import Source

SOURCES: Mapping[str, Source] = {"task": OF_TASKS, "meeting": OF_MEETINGS}
