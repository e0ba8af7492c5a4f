"""Faults put back by a switch: a patch of one function each, to see that the lives find it.

A control that no life finds tells that the lives, or the oracle, do not look there.
"""

from __future__ import annotations

from collections.abc import Mapping

from scripts.random_lives import faults
from scripts.random_lives.control import Control
from scripts.random_lives.controls_of_lines import CONTROLS_OF_LINES
from scripts.random_lives.controls_of_money import CONTROLS_OF_MONEY

CONTROLS: Mapping[str, Control] = {
    "proposal_not_asked_for": Control(
        "Nobody is asked for the proposal of a listed task, so that it has no deadline.",
        {"workflows.automation.requesting:to_see_to": faults.never},
        seeds=(174, 98),
    ),
    "list_changed_in_vain": Control(
        "The list names another lead, and the first one is reminded.",
        {"projections.deadlines_row:_BESIDE_THE_TASK#TaskChanged": faults.list_changed_in_vain},
        seeds=(174, 98),
    ),
    "waited_for_in_a_closed_year": Control(
        "The proposal of a task is due after its year was closed.",
        {"workflows.automation.requesting:to_see_to": faults.never_lapsing},
        seeds=(348, 131),
    ),
    "waits_since_asked_last": Control(
        "That the list changed moves the day by which the task is to be proposed.",
        {"domain.task.state:_FOLDS#ProposalRequested": faults.since_asked_last},
        seeds=(174, 98),
    ),
    "rungs_lost": Control(
        "A rung of the ladder is never armed.",
        {"projections.deadlines_row:DeadlinesRow.steps_to_arm": faults.every_third_lost},
        seeds=(66,),
    ),
    "stale_after_a_report": Control(
        "A second report in a quarter leaves the row stale for ever (1).",
        {"projections.deadlines:DEADLINES.evolve": faults.stale_after_a_report},
        seeds=(67,),
    ),
    "one_calendar_stops_all": Control(
        "No calendar opens by rule, and one that is not open stops every deadline of the task (2).",
        {
            "workflows.automation.deadlines:due": faults.all_or_nothing,
            "workflows.automation.years:years_to_open": faults.never,
        },
        seeds=(282, 152),
    ),
    "proclaimed_with_three_years": Control(
        "A proclamation counts with three calendars, however far the tasks reach (3).",
        {"workflows.automation.rescheduling:deadlines_moved_by": faults.three_years},
        seeds=(272, 36),
    ),
    "dated_when_the_ticker_woke": Control(
        "What a rule does late takes effect when it is carried out (4).",
        {"workflows.ruling:time_to_state": faults.as_carried_out},
        seeds=(124,),
    ),
    "suspended_quarters_due": Control(
        "A quarter of which all was suspended is due (5).",
        {"domain.task.basis:_quarters": faults.never_suspended},
        seeds=(74,),
    ),
    "reported_by_its_day": Control(
        "A report stands for what was over before the day on which it was so (6).",
        {"domain.task.state:_FOLDS#ProgressReported": faults.by_its_day},
        seeds=(228,),
    ),
    "told_twice": Control(
        "A deadline that goes and comes back is reminded of again (7).",
        {
            "projections.deadlines_row:_apply_set": faults.forget_reminded,
            "workflows.automation.reminders:_envelope_to_arm": faults.name_by_number,
        },
        seeds=(183, 36),
    ),
    "late_unsaid": Control(
        "A notice that was armed after its day does not say so.",
        {"workflows.automation.reminders:_envelope_to_arm": faults.today_always},
        seeds=(284, 272),
    ),
    "last_recorded_counts": Control(
        "Of two values the one recorded last counts, whichever was so last (8).",
        {"domain.stamps:is_outdone": faults.last_recorded},
        seeds=(218,),
    ),
    "correction_over_its_twin": Control(
        "Correcting the first of two facts of one moment sets the value of the second back (9).",
        {"domain.task.state:_FOLDS#Corrected": faults.over_its_twin},
        seeds=(67,),
    ),
    "chain_not_followed": Control(
        "The notice for somebody away goes to a substitute who is away too (10).",
        {"projections.responsible:chain_of": faults.first_link},
        seeds=(293,),
    ),
    "not_addressed_again": Control(
        "A message that waited overnight goes to whoever was responsible the day before (10).",
        {"workflows.automation.readdressing:readdress": faults.never_addressed_again},
        seeds=(89,),
    ),
    "merger_not_followed": Control(
        "After a merger the successor's lists are without the merged agency's tasks (11).",
        {"projections.successions:Successions.answering": faults.its_own},
        seeds=(55,),
    ),
    "tried_before_its_pause": Control(
        "A message that was put off is tried again as long as the view does not know it.",
        {"workers.delivery.sending:is_to_be_tried": lambda right: lambda message, now: message.open},
        seeds=(56,),
    ),
    "told_again_after_a_restore": Control(
        "What may have been told before the loss is told again by a restored store.",
        {"workflows.automation.reminders:_day_of_restore": lambda right: lambda store: None},
        seeds=(18, 17),
    ),
    "nobody_climbs": Control(
        "A rung whose people cannot be reached ends as failed (12).",
        {"workflows.automation.readdressing:readdress": faults.everybody_reached},
        seeds=(272,),
    ),
    "nothing_waits": Control(
        "What is due in two weeks goes by itself, on the day of its rung.",
        {"workflows.automation.digests:digest_day": faults.everything_presses},
        seeds=(3,),
    ),
    "waits_for_ever": Control(
        "What is due tomorrow waits, and no week begins.",
        {"workflows.automation.digests:digest_day": faults.nothing_presses},
        seeds=(0,),
    ),
    "first_day_never_counts": Control(
        "A period by the Civil Petitions Treatment Act begins on the day after.",
        {"workflows.automation.deadlines:count_period": faults.first_day_never_counted},
        seeds=(1001,),
    ),
    "moved_on_always": Control(
        "A period that ends on a day off ends on the next business day, whatever the definition says.",
        {"workflows.automation.deadlines:count_period": faults.move_on_always},
        seeds=(1006,),
    ),
    "months_of_thirty_days": Control(
        "A month has thirty days.",
        {"domain.calendar.periods:_day_before_corresponding": faults.thirty_days_each},
        seeds=(1001,),
    ),
    "begun_anew_where_it_is_counted_otherwise": Control(
        "A definition that counts a deadline otherwise, and comes to the same day, leaves out what was to be told before it.",
        {"projections.deadlines_row:_same": faults.all_but_its_rungs},
        seeds=(),
    ),
    "rounded_down_always": Control(
        "The score is cut off, whatever the definition says of its rounding.",
        {"workflows.definitions.scoring:weigh": faults.round_down},
        seeds=(1335,),
    ),
    "step_by_anybody": Control(
        "A step of the definition is taken wherever the task stands, and by whoever wants to.",
        {"workflows.definitions.enforcing:check_step": lambda right: lambda *_: None},
        kinds=("step",),
        seeds=(40010,),
    ),
    "form_unread": Control(
        "What is typed into a form is taken as it is.",
        {"domain.lifecycle.forms:FieldRule.read": lambda right: lambda rule, value, size=None: value},
        kinds=("step",),
        seeds=(40006,),
    ),
    "place_without_a_beginning": Control(
        "A step does not begin the place to which it leads, so that what is due there is counted from before.",
        {"domain.task.state:_FOLDS#StepTaken": faults.since_before},
        kinds=("count",),
        seeds=(40003,),
    ),
    "no_step_by_rule": Control(
        "No rule takes a step of the definition.",
        {"workflows.automation.deadlines:pending": faults.no_steps},
        seeds=(40003,),
    ),
    "nobodys_turn": Control(
        "In a place of the definition's own nobody is waited for.",
        {"projections.inbox:_own_step": lambda right: lambda row, roles: None},
        kinds=("list",),
        seeds=(40009,),
    ),
    "told_on_a_day_off": Control(
        "Of what is due on a day off people are to be told on that day.",
        {"workflows.automation.deadlines:_rung_day": faults.by_business_days_alone},
        seeds=(1006,),
    ),
    "due_where_it_did_not_stand": Control(
        "What recurs is due for months at whose end the task was suspended.",
        {"workflows.automation.starting:_has_stood": faults.ignore_absence},
        seeds=(50016,),
    ),
    "fulfilled_before_it_began": Control(
        "A step fulfils a deadline that began with another step after it.",
        {"workflows.automation.starting:_was_taken_after": faults.let_earlier_fulfil},
        seeds=(50121,),
    ),
    "counted_forwards": Control(
        "What is due before a day is due after it.",
        {"workflows.automation.deadlines:count_period": faults.count_forwards},
        seeds=(50143,),
    ),
    **CONTROLS_OF_LINES,
    **CONTROLS_OF_MONEY,
}
