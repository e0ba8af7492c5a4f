"""`donghaeng`: the command line. Each module adds the commands of its subject."""

from __future__ import annotations

import typer

from scripts.cli import (
    access,
    agency,
    auditing,
    backup,
    calendar,
    clock,
    deadline,
    definition,
    diff,
    doctor,
    epoch,
    exporting,
    importing,
    jobs,
    load,
    notice,
    parts,
    privacy,
    programme,
    refused,
    report,
    responsible,
    review,
    simulate,
    task,
    task_changes,
    task_commands,
    token,
    trail,
    trail_actor,
    trail_exporting,
    trail_findings,
    trail_packs,
    trail_reading,
    trail_sampling,
    trail_showing,
    trail_verifying,
    views,
    views_rebuild,
    what_if,
    why,
    witness,
)

app = typer.Typer(
    name="donghaeng",
    help="Donghaeng (동행): the collaboration tasks of a city and its public agencies, from proposal to evaluation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
tasks = typer.Typer(help="Collaboration tasks (협업과제).", no_args_is_help=True, rich_markup_mode=None)
programmes = typer.Typer(help="A year's programme (협업사업).", no_args_is_help=True, rich_markup_mode=None)
agencies = typer.Typer(help="Public agencies (공공기관).", no_args_is_help=True, rich_markup_mode=None)

tokens = typer.Typer(help="Tokens for machines (토큰).", no_args_is_help=True, rich_markup_mode=None)
epochs = typer.Typer(
    help="A restored store, and letting it go on.", no_args_is_help=True, rich_markup_mode=None
)

screens = typer.Typer(help="Views (조회 화면).", rich_markup_mode=None)
audits = typer.Typer(help="What inspectors look at (감사).", no_args_is_help=True, rich_markup_mode=None)
trails = typer.Typer(help="The audit trail (감사 이력).", no_args_is_help=True, rich_markup_mode=None)
definitions = typer.Typer(help="Lifecycle definitions (정의).", no_args_is_help=True, rich_markup_mode=None)
calendars = typer.Typer(help="Business calendars (달력).", no_args_is_help=True, rich_markup_mode=None)
clocks = typer.Typer(
    help="A simulated store's clock (모의 시계).", no_args_is_help=True, rich_markup_mode=None
)
deadlines = typer.Typer(help="Deadlines (기한).", no_args_is_help=True, rich_markup_mode=None)
reminders = typer.Typer(help="One reminder (알림).", no_args_is_help=True, rich_markup_mode=None)
background = typer.Typer(help="Background jobs (작업).", no_args_is_help=True, rich_markup_mode=None)
subjects = typer.Typer(
    help="Persons and their details (개인정보).", no_args_is_help=True, rich_markup_mode=None
)
witnesses = typer.Typer(help="A witness of logs (증인).", rich_markup_mode=None)
texts = typer.Typer(help="Free texts (글).", no_args_is_help=True, rich_markup_mode=None)
vaults = typer.Typer(
    help="The vault of personal details (금고).", no_args_is_help=True, rich_markup_mode=None
)

reports = typer.Typer(
    cls=report.YearFirst,
    help="A year's report (결산 보고서): `report YEAR` makes it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
readings = typer.Typer(help="Who read what (열람 기록).", no_args_is_help=True, rich_markup_mode=None)
attempts = typer.Typer(help="Refused attempts (거부된 시도).", no_args_is_help=True, rich_markup_mode=None)

app.add_typer(tasks, name="task")
app.add_typer(reports, name="report")
app.add_typer(readings, name="access")
app.add_typer(attempts, name="refused")
app.add_typer(subjects, name="subject")
app.add_typer(background, name="jobs")
app.add_typer(screens, name="views")
app.add_typer(calendars, name="calendar")
app.add_typer(clocks, name="clock")
app.add_typer(definitions, name="definition")
app.add_typer(audits, name="audit")
app.add_typer(trails, name="trail")
app.add_typer(deadlines, name="deadline")
app.add_typer(reminders, name="notice")
app.add_typer(texts, name="text")
app.add_typer(vaults, name="vault")
app.add_typer(programmes, name="programme")
app.add_typer(agencies, name="agency")
app.add_typer(epochs, name="epoch")
app.add_typer(tokens, name="token")
app.add_typer(witnesses, name="witness")
parts.add(app)
load.add(app)
importing.add(app)
exporting.add(app)
what_if.add(app)
doctor.add(app)
jobs.add(background)
task.add(tasks)
task_commands.add(tasks)
task_changes.add(tasks)
programme.add(programmes)
agency.add(agencies)
responsible.add(app)
token.add(tokens)
privacy.add(subjects, texts, vaults)
views.add(screens)
diff.add(app, screens)
views_rebuild.add(screens)
calendar.add(calendars)
clock.add(clocks)
deadline.add(deadlines)
definition.add(definitions)
why.add(app, audits)
auditing.add(audits)
trail_reading.add(trails)
trail_showing.add(trails)
trail_actor.add(trails)
trail_exporting.add(trails)
trail_findings.add(trails)
trail_sampling.add(trails)
access.add(readings)
review.add(readings)
report.add(reports)
refused.add(attempts)
trail.add(trails)
trail_verifying.add(trails)
trail_packs.add(trails)
notice.add(app, reminders)
backup.add(app)
epoch.add(epochs)
witness.add(witnesses)
simulate.add(app)


if __name__ == "__main__":
    app()
