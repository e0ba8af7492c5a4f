"""What an agency decides about its own task, and its head may delegate (위임전결)."""

from __future__ import annotations

# names of task commands
DECISIONS = (
    "task.propose",
    "task.revise",
    "task.withdraw",
    "task.start",
    "task.report_progress",
    "task.reach_milestones",
    "task.submit_final_report",
    "task.replan",
    "task.correct",
    "task.sign",
    "task.object",
)
