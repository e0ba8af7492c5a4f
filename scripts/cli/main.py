"""`donghaeng`: the command line's contents. What stands behind a name adds its commands when the name is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from scripts.cli.asked import LangOption, check_lang
from scripts.cli.contents import CommandEntry, YearFirst, listing

CONTENTS: Mapping[str, CommandEntry] = {
    "up": CommandEntry(
        "Run servers, workers and ticker until Ctrl-C. = 서버, 작업자, 티커를 Ctrl-C까지 실행합니다.",
        "parts:add_up",
    ),
    "worker": CommandEntry(
        "Run one worker for one queue (for several machines). "
        "= 대기열 하나의 작업자를 실행합니다(여러 서버에서 쓸 때).",
        "parts:add_worker",
    ),
    "web": CommandEntry(
        "Serve the console and the API over HTTP until Ctrl-C (업무 화면). "
        "= 업무 화면과 API를 Ctrl-C까지 제공합니다.",
        "web",
    ),
    "ticker": CommandEntry(
        "Run the ticker alone (for several machines); two of them are harmless. "
        "= 티커만 실행합니다(여러 서버에서 쓸 때). 둘이 있어도 해롭지 않습니다.",
        "parts:add_ticker",
    ),
    "migrate": CommandEntry(
        "Make the schema, or bring it up to date. The only command that changes it. "
        "= 스키마를 만들거나 최신으로 맞춥니다. 스키마를 바꾸는 명령은 이것뿐입니다.",
        "parts:add_migrate",
    ),
    "load": CommandEntry(
        "Open a year's programme, register its agencies and list its tasks from a file. "
        "= 파일로 사업연도를 개시하고 기관을 등록하고 과제를 목록에 등재합니다.",
        "load",
    ),
    "import": CommandEntry(
        "Import tasks from a sheet, or a whole history into an empty store. "
        "= 표에서 과제를 가져오거나, 빈 저장소에 이력 전체를 가져옵니다.",
        "importing",
    ),
    "export": CommandEntry(
        "Write the facts and the views to files, by years, without free texts and personal details (내보내기). "
        "= 기록과 조회 화면을 연도별 파일로 씁니다. 글과 개인정보는 빠집니다.",
        "exporting",
    ),
    "follow": CommandEntry(
        "Print the log as it grows, a line a fact, without free texts and personal details, until Ctrl-C (따라가기). "
        "= 늘어나는 기록을 한 건에 한 줄씩, 글과 개인정보 없이 Ctrl-C까지 출력합니다.",
        "follow",
    ),
    "what-if": CommandEntry(
        "Replay past years under another rule: which deadlines, transitions and grades would differ (가정 재현). "
        "= 지난 해를 다른 규칙으로 재현하여 기한, 규칙 처리, 등급이 어떻게 달라졌을지 보여 줍니다.",
        "what_if",
    ),
    "doctor": CommandEntry(
        "Look at servers, schema, rights, workers, clocks, views, texts, jobs, disk and keys; ends with 1 if something is wrong. "
        "= 서버, 스키마, 권한, 작업자, 시계, 조회 화면, 글, 작업, 디스크, 키를 점검합니다. 이상이 있으면 종료 코드는 1입니다.",
        "doctor",
    ),
    "responsible": CommandEntry(
        "Say who was responsible for a task on a day, and under whose authority (책임기관). "
        "= 어느 날 과제의 책임기관과 그 권한을 보여 줍니다.",
        "responsible",
    ),
    "diff": CommandEntry(
        "Say what changed in a view's rows between two dates, and by which facts (두 날짜의 차이). "
        "= 두 날짜 사이에 조회 화면의 행이 어떤 기록으로 어떻게 바뀌었는지 보여 줍니다.",
        "diff",
    ),
    "why": CommandEntry(
        "Show what rules did with a task and on which inputs, what comes next, and which rules do not act and why. "
        "= 규칙이 어떤 입력으로 과제에 무엇을 했고, 다음은 무엇이며, 어떤 규칙이 왜 움직이지 않는지 보여 줍니다.",
        "why",
    ),
    "thread": CommandEntry(
        "Follow a decision to what came of it, and a result to what it came from: tasks, spending, ratings. "
        "= 의결에서 이어진 과제·집행·평가를, 결과에서 그 근거가 된 의결을 따라가며 보여 줍니다.",
        "thread",
    ),
    "notices": CommandEntry(
        "List reminders: of what, for whom, and what came of each (알림). "
        "= 무엇을 누구에게 알렸고 어떻게 되었는지 알림 목록을 보여 줍니다.",
        "notice_reading:add_list",
    ),
    "backup": CommandEntry(
        "Write facts, texts, vault and keys to one sealed file, while everything runs. "
        "= 실행 중에 기록, 글, 금고, 키를 봉인한 파일 하나로 씁니다.",
        "backup",
    ),
    "restore": CommandEntry(
        "Make the store of a backup again, in an empty database or a new data folder. "
        "= 백업으로 저장소를 빈 데이터베이스나 새 자료 폴더에 복구합니다.",
        "backup:add_restore",
    ),
    "simulate": CommandEntry(
        "Walk an announced year through the engine on a simulated store, and show what came of it. "
        "= 발표된 한 해를 모의 저장소에서 끝까지 실행하고 결과를 보여 줍니다.",
        "simulate",
    ),
    "task": CommandEntry(
        "Collaboration tasks (협업과제). = 협업과제.",
        "task",
        "task_history",
        "proposing",
        "task_commands",
        "stepping",
        "lining",
        "task_changes",
    ),
    "report": CommandEntry(
        "A year's report (결산 보고서): `report YEAR` makes it. "
        "= 한 해의 결산 보고서. `report 연도`로 만듭니다.",
        "report",
        cls=YearFirst,
    ),
    "access": CommandEntry("Who read what (열람 기록). = 열람 기록.", "access", "review"),
    "refused": CommandEntry("Refused attempts (거부된 시도). = 거부된 시도.", "refused"),
    "subject": CommandEntry("Persons and their details (개인정보). = 사람과 개인정보.", "privacy"),
    "jobs": CommandEntry("Background jobs (작업). = 백그라운드 작업.", "jobs"),
    "views": CommandEntry("Views (조회 화면). = 조회 화면.", "views", "diff:add_show", "views_rebuild"),
    "calendar": CommandEntry(
        "Business calendars (달력). = 영업일 달력.", "calendar_reading", "calendar", "calendar_files"
    ),
    "clock": CommandEntry("A simulated store's clock (모의 시계). = 모의 저장소의 시계(모의 시계).", "clock"),
    "definition": CommandEntry(
        "Lifecycle definitions (정의). = 과제 흐름의 정의.", "definition_reading", "definition"
    ),
    "audit": CommandEntry(
        "What inspectors look at (감사). = 감사관이 보는 것.",
        "why:add_transitions",
        "audit_reading",
        "auditing",
    ),
    "trail": CommandEntry(
        "The audit trail (감사 이력). = 감사 이력.",
        "trail_reading",
        "trail_showing",
        "trail_actor",
        "trail_exporting",
        "trail_findings",
        "trail_sampling",
        "trail",
        "trail_verifying",
        "trail_packs",
    ),
    "deadline": CommandEntry("Deadlines (기한). = 기한.", "deadline", "deadline_counts"),
    "notice": CommandEntry("One reminder (알림). = 알림 한 건.", "notice_reading", "notice"),
    "post": CommandEntry("The way that mail goes out (메일 발송). = 메일이 나가는 길.", "post"),
    "attachment": CommandEntry("Attached files (첨부). = 첨부한 파일.", "attachment"),
    "text": CommandEntry("Free texts (글). = 자유롭게 적은 글.", "privacy:add_texts"),
    "vault": CommandEntry("The vault of personal details (금고). = 개인정보의 금고.", "privacy:add_vault"),
    "programme": CommandEntry(
        "A year's programme (협업사업). = 한 해의 협업사업.",
        "programme_reading",
        "programme",
        "programme_changes",
    ),
    "agency": CommandEntry("Public agencies (공공기관). = 공공기관.", "agency_reading", "agency"),
    "position": CommandEntry(
        "The city's positions, and who signs in them (시 직위). = 시 직위와 그 결재자.", "position"
    ),
    "meeting": CommandEntry(
        "Meetings of agency heads: agenda, decisions, minutes (회의). = 공공기관장 회의의 안건, 의결, 회의록.",
        "meeting_reading",
        "meeting_files",
        "meeting",
        "meeting_deciding",
    ),
    "concern": CommandEntry(
        "Policy concerns: opinions, alternatives, how they are resolved (정책 현안). "
        "= 정책 현안의 의견, 대안, 결론.",
        "concern_reading",
        "concern",
        "concern_resolving",
    ),
    "money": CommandEntry(
        "Budgets and spending of tasks (예산과 집행). = 과제의 예산과 집행.",
        "money_reading",
        "money",
        "money_sheets",
    ),
    "fund": CommandEntry(
        "Funds for the public good, as a ledger in double entry (공익 기금). = 공익 기금과 그 복식부기 장부.",
        "fund_reading",
        "fund",
    ),
    "reform": CommandEntry(
        "Reform cases of agencies, with figures before and after (구조혁신 우수사례). = 구조혁신 우수사례와 그 전후 수치.",
        "reform_reading",
        "reform",
    ),
    "epoch": CommandEntry("A restored store, and letting it go on. = 복구한 저장소와 그 재개.", "epoch"),
    "account": CommandEntry(
        "Accounts of the console: links to sign in by, and sessions (계정). "
        "= 업무 화면의 계정: 로그인 링크와 세션(계정).",
        "account",
    ),
    "token": CommandEntry("Tokens for machines (토큰). = 프로그램이 쓰는 토큰.", "token"),
    "completion": CommandEntry(
        "Print what completes words in a shell (자동 완성). "
        "= 셸에서 낱말을 자동 완성하는 스크립트를 출력합니다.",
        "completion",
    ),
    "witness": CommandEntry("A witness of logs (증인). = 기록을 확인하는 증인.", "witness"),
}
app = typer.Typer(
    name="donghaeng",
    cls=listing(CONTENTS),
    help="Donghaeng (동행): the collaboration tasks of a city and its public agencies, from proposal to evaluation. "
    "= 동행(Donghaeng): 시와 공공기관의 협업과제를 제안부터 평가까지 관리합니다.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - a tenth of what a start may take

        print(f"donghaeng {version('donghaeng')}")
        raise typer.Exit


@app.callback()
def _what_all_share(
    lang: LangOption = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit. = 판 번호를 보여 줍니다.",
            callback=_say_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """What stands before a command; `--lang` is read from the words (`asked.py`), here it is checked."""
    check_lang(lang)


if __name__ == "__main__":
    app()
