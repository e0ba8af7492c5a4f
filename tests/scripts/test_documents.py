"""With `--json` a command prints the document that the page of readings and its schema say."""

from __future__ import annotations

import copy
import inspect
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from domain.streams import task_stream
from scripts.cli import giving
from scripts.cli.document_list import DOCUMENTS as OTHERS
from scripts.reading_pages import schema_page
from store.log import Store
from tests.attachments_by_hand import put_attachment
from tests.conftest import top
from tests.scripts.command_walks import walk
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import begin_2024, folded
from tests.scripts.test_import import sheet
from tests.scripts.test_money_sheets import HEADINGS, ROWS
from tests.scripts.test_notice import ONE, give_reminders
from tests.scripts.test_what_if import STRICTER
from workers.reading_list import readings

TASK, OVER = "2024-06", "2024-09"
REASON = ("--reason", "정기 감사")
# a reading, and a command that prints its document; `{…}` is of the city that the test makes
PRINTED = {
    "list_tasks": "task list",
    "show_task": f"task show {TASK}",
    "task_history": f"task history {TASK}",
    "task_event": f"task history {TASK} --at 1",
    "list_attachments": f"attachment list {OVER}",
    "show_attachment": f"attachment show {OVER} {{attachment}}",
    "save_attachment": f"attachment save {OVER} {{attachment}} --out {{out}}/saved.pdf",
    "who_is_responsible": f"responsible {TASK}",
    "explain_task": f"why {TASK}",
    "explain_deadlines": f"deadline explain {TASK}",
    "show_year": "programme show 2024",
    "list_agencies": "agency list",
    "agency_inboxes": "agency inbox",
    "list_positions": "position list",
    "show_position": "position show vice-mayor",
    "list_meetings": "meeting list",
    "list_open_decisions": "meeting decisions",
    "show_meeting": "meeting show heads-2024-1",
    "list_concerns": "concern list",
    "show_concern": "concern show night-buses",
    "concern_history": "concern history night-buses",
    "make_minutes": "meeting minutes heads-2024-1 --format json --out {out}/minutes",
    "invite_by_calendar": "meeting invitation heads-2024-1",
    "show_thread": f"thread {TASK}",
    "list_cases": "reform list",
    "show_case": "reform show gto-2023",
    "case_history": "reform history gto-2023",
    "list_money": "money list 2024",
    "show_money": f"money show {TASK}",
    "reconcile": "money reconcile {out}/money.csv --year 2024",
    "list_funds": "fund list",
    "show_statement": "fund statement gongik",
    "show_fund": "fund show gongik",
    "agency_history": "agency history gto",
    "webhook_secret": "agency webhook-secret gto",
    "list_deadlines": "deadline list",
    "count_days": "deadline compute --from 2024-03-04 --business-days 3",
    "show_calendar": "calendar show 2024",
    "calendar_feed": "calendar feed gto",
    "calendar_invitations": "calendar invite gto --to post@example.org --out {out}/invitations",
    "preview_calendar": "calendar proclaim 2024-10-01 --name 임시공휴일 --preview",
    "list_notices": "notices",
    "show_notice": f"notice show {ONE}",
    "planner_inbox": "programme inbox",
    "list_views": "views list",
    "show_rows": "views show task_board",
    "diff_rows": "diff task_board --from 2024-03-01 --to 2024-03-20",
    "list_certificates": "views certificates",
    "migrate_tasks": "definition migrate --to donghaeng-2024/1 --preview",
    "list_definitions": "definition list",
    "show_definitions": "definition show",
    "compare_two": "definition diff donghaeng-2024/1 donghaeng-2024/3",
    "list_tokens": "token list",
    "list_sessions": "account sessions",
    "list_jobs": "jobs list",
    "list_accesses": "access list",
    "review_month": "access review 2024-03",
    "list_attempts": "refused list",
    "list_audits": "audit list",
    "show_audit": f"audit show {OVER}",
    "list_transitions": "audit transitions",
    "list_people": "subject list",
    "show_person": "subject show {person}",
    "search_trail": "trail search",
    "list_findings": "trail findings",
    "show_actor": "trail actor officer@gto",
    "show_entry": "trail show 1",
    "prove_entry": "trail proof 1",
    "show_trail": "trail status",
    "export_trail": "trail export --out {out}/found.jsonl",
    "sample_trail": "trail sample --out {out}/sample --draw 2 --seed 로또",
    "make_pack": f"trail pack --task {TASK} --out {{out}}/pack.zip",
    "show_epoch": "epoch show",
    "export_history": "export --format jsonl --out {out}/history",
    "suppose": "what-if --years 2024 --scoring {out}/grades.toml",
    "make_report": "report make 2024 --format html --out {out}/report",
    "explain_figure": "report drill 2024 summary.tasks",
    "verify_report": "report verify {out}/report/report-2024.en.html",
}
FOR_INSPECTORS = (
    *("list_accesses", "review_month", "list_attempts", "list_audits", "show_audit", "list_transitions"),
    *("search_trail", "list_findings", "show_actor", "show_entry", "prove_entry", "show_trail"),
    *("export_trail", "sample_trail", "make_pack"),
)
READINGS = {one.name for one in readings()}
Complain = Callable[[str, dict[str, Any]], str | None]


def close(part: dict[str, Any]) -> dict[str, Any]:
    """With no field more than it names; tuples as the library knows them, which is older than `prefixItems`."""
    if "properties" in part:
        part["additionalProperties"] = False
    if "prefixItems" in part:
        part["additionalItems"], part["items"] = part["items"], part.pop("prefixItems")
    return part


@pytest.fixture(scope="module")
def complain() -> Complain:
    """What is not in a document as the schema of its reading says; a field more is wrong too."""
    schema = json.loads(schema_page(), object_hook=close)
    parts = schema["$defs"]
    ways = {}
    for name, way in {**schema["readings"], **schema["commands"]}.items():
        whole = copy.deepcopy(parts[way.rpartition("/")[2]])
        # what every command may add
        more = {"behind": {"type": "array"}, "slice": {"type": "object"}}
        whole["properties"] = more | whole["properties"]
        ways[name] = fastjsonschema.compile({**whole, "$defs": parts}, use_formats=True)

    def complaint(reading: str, printed: dict[str, Any]) -> str | None:
        try:
            ways[reading](printed)
        except fastjsonschema.JsonSchemaValueException as wrong:
            return str(wrong)[:300]
        return None

    return complaint


@pytest.fixture
def city(
    cli: Cli, store: Store, owner_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """One in which there is something to read of each kind; what commands are given of it."""
    begin_2024(cli, owner_dsn, store)
    give_reminders(store)
    monkeypatch.setenv("DONGHAENG_WEBHOOK_ALLOW", "127.0.0.0/8")

    def do(*words: str, by: str = "planner") -> Any:
        done = cli(*words, "--as", by, *REASON, "--json")
        assert done.exit_code == 0, done.output
        return document(done)

    do("agency", "set-contact", "gto", "--webhook", "http://127.0.0.1:8080/hook")
    person = do("subject", "register", "--name", "가나다")["subject"]
    do("subject", "show", person)
    do("position", "add", "vice-mayor", "--name", "부시장")
    do("position", "appoint", "vice-mayor", "--subject", person)
    do("meeting", "open", "heads-2024-1", "--chair", "vice-mayor")
    do("meeting", "decide", "heads-2024-1", "--wording", "보고", "--until", "2024-05-01", "--vote", "0/0/0")
    do("concern", "raise", "night-buses", "--year", "2024", "--name", "심야버스", "--question", "운행?")
    do("concern", "add-alternative", "night-buses", "--name", "연장", "--cost", "1000", "--risks", "적자")
    do("token", "create", "--role", "planner")
    do("money", "budget", TASK, "--funding", "city", "--year", "2024", "--amount", "1000")
    sheet(tmp_path / "money.csv", ROWS[0], headings=HEADINGS)
    do("fund", "open", "gongik", "--name", "공익 기금")
    do("fund", "contribute", "gongik", "--giver", person, "--amount", "1000")
    do("fund", "allocate", "gongik", "--for", TASK, "--amount", "500")
    do("fund", "use", "gongik", "--for", TASK, "--amount", "5", "--what", "물품")
    plan = ("--start", "2024-03-04", "--end", "2024-09-30", "--budget", "1000")
    do("task", "propose", OVER, *plan, by="officer@hiks")
    do("task", "reject", OVER)
    do("audit", "close", OVER, "--note", "살펴봄", "--point", "원본 없음", by="inspector")
    assert cli("task", "approve", TASK, "--as", "officer@gto").exit_code == 1
    stream = task_stream(OVER)
    attachment = put_attachment(store, stream=stream, version=len(store.read(stream)) + 1)
    folded(store)
    do("trail", "init")
    do("trail", "seal")
    store.move_clock(datetime(2024, 4, 10, 1, tzinfo=UTC))
    (tmp_path / "grades.toml").write_text(STRICTER, encoding="utf-8")
    return {"person": person, "attachment": attachment.content.id, "out": str(tmp_path)}


def test_what_is_printed_is_the_readings_document(cli: Cli, city: dict[str, str], complain: Complain) -> None:
    assert PRINTED.keys() == READINGS, "every reading has a command that prints it"
    otherwise = {}
    for reading, words in PRINTED.items():
        actor = "inspector" if reading in FOR_INSPECTORS else "planner"
        result = cli(*(one.format_map(city) for one in words.split()), "--as", actor, *REASON, "--json")
        printed = document(result)
        if (wrong := complain(reading, printed)) is not None:
            otherwise[reading] = (printed.get("error"), wrong)
    assert not otherwise, "\n".join(map(str, otherwise.items()))


def test_the_control_another_document_is_told_from_it(loaded: Cli, complain: Complain) -> None:
    printed = document(loaded("task", "list", "--as", "planner", "--json"))
    assert complain("list_tasks", printed) is None
    assert complain("list_agencies", printed)
    assert complain("list_tasks", {**printed, "more": "yes"})
    assert complain("list_tasks", {**printed, "most": 1})
    assert complain("list_tasks", {"tasks": printed["tasks"]}), "what is always printed is not there"


def test_the_schema_names_every_reading_and_each_part_that_it_points_to() -> None:
    schema = json.loads(schema_page())
    assert schema["readings"].keys() == READINGS
    assert schema["commands"].keys() == OTHERS.keys()
    pointed = {one["$ref"] for one in schema["anyOf"]} | set(schema["readings"].values())
    pointed |= set(schema["commands"].values())
    assert {f"#/$defs/{name}" for name in schema["$defs"]} >= pointed


WITHOUT_ITS_DOCUMENT = {
    "worker": "runs until it is stopped, and prints nothing",
    "ticker": "the same",
    "web": "the same",
    "follow": "a line a fact, as it is stored",
    "programme template": "the file itself, of which docs/programme.schema.json is the schema",
}


def function_behind(command: Any) -> Any:
    """What a command does, without what all commands share."""
    found = inspect.unwrap(command.callback)
    while (inner := inspect.getclosurevars(found).nonlocals).keys() & {"function", "call"}:
        if "function" not in inner:
            found = inner["call"]
            continue
        return inner["function"]
    return found


def gives_a_command(command: Any) -> bool:
    """Whether it prints what became of a command."""
    function = function_behind(command)
    return function.__module__ == giving.__name__ or "show_outcome" in function.__code__.co_names


def without_schema(known: Iterable[str]) -> set[str]:
    """The commands of which no schema says what they print; `known`: readings' and documents' commands, as typed."""
    walked = dict(walk())
    said = {path for path in walked for one in known if f"{one} ".replace(",", " ").startswith(f"{path} ")}
    return {path for path, one in walked.items() if path not in said and not gives_a_command(one)}


def test_every_command_with_json_has_its_documents_schema() -> None:
    assert all("--json" in {opt for one in each.params for opt in one.opts} for _, each in walk())
    assert without_schema([*PRINTED.values(), *OTHERS]) == WITHOUT_ITS_DOCUMENT.keys()


def test_the_control_a_command_that_no_list_names_is_found() -> None:
    known = [*PRINTED.values(), *(name for name in OTHERS if name != "vault rotate")]
    assert without_schema(known) - WITHOUT_ITS_DOCUMENT.keys() == {"vault rotate"}


# where a field's name does not say whether it is a time or a day, its format does
TIMES = {"at", "now", "as_of", "effective", "next_try", "compared", "until"}


def of_format(format_: str) -> Iterator[tuple[str, str]]:
    """Parts and fields that are times, or days."""
    for part, known in json.loads(schema_page())["$defs"].items():
        for field, kind in known.get("properties", {}).items():
            if any(one.get("format") == format_ for one in kind.get("anyOf", [kind])):
                yield part, field


def test_times_and_days_are_named_alike_everywhere() -> None:
    times, days = set(of_format("date-time")), set(of_format("date"))
    assert {one for one in times if not (one[1].endswith(("_at", "since")) or one[1] in TIMES)} == set()
    assert {one for one in days if one[1].endswith("_at")} == set()
    named = {
        (part, field)
        for part, known in json.loads(schema_page())["$defs"].items()
        for field in known.get("properties", {})
        if field.endswith(("_at", "_on", "since")) or field in {"at", "on", "day"}
    }
    positions = {("StoreState", "acted_on")}  # a place in the log, stored under this name
    assert named - times - days == positions


@pytest.mark.parametrize(
    ("words", "printed_by"),
    [
        ("task lst", "every refusal"),
        ("task show 2024-99", "every refusal"),
        ("agency rename gto --name 관광", "every command that writes"),
        ("migrate", "migrate"),
        ("completion bash", "completion"),
        ("load {programme} --dry-run", "load"),
        ("subject register --name 이름", "subject register"),
        ("token create --role planner", "token create"),
        ("deadline refresh 2024-07", "every refusal"),
        ("definition check {templates}/donghaeng-2024.toml", "definition check"),
        ("definition letters {data}/reviewed.toml", "definition letters"),
        ("definition new mine --out {out}/mine.toml", "definition new"),
        ("definition test {templates}/donghaeng-2024.toml", "definition test"),
        (
            "definition test {templates}/donghaeng-2024.toml --scenarios {templates}/donghaeng-2024-2.scenarios.toml",
            "definition test",
        ),
        ("doctor", "doctor"),
        ("trail init", "trail init"),
        ("vault rotate", "vault rotate"),
        ("views verify task_board", "views verify"),
        ("views drop-old task_board", "views drop-old"),
        ("witness init --folder {out}/witness --name audit.example.kr/w", "witness init"),
    ],
)
def test_what_else_is_printed_is_as_the_schema_says(
    loaded: Cli, complain: Complain, words: str, printed_by: str, tmp_path: Path
) -> None:
    actor = () if printed_by == "migrate" or words == "task lst" else ("--as", "planner")
    places = {
        "programme": str(top() / "data" / "programme-2024.json"),
        "templates": str(top() / "workflows" / "definitions"),
        "data": str(top() / "data" / "definitions"),
        "out": str(tmp_path),
    }
    printed = document(loaded(*(one.format_map(places) for one in words.split()), *actor, "--json"))
    assert complain(printed_by, printed) is None


def test_an_imported_sheet_is_as_the_schema_says(loaded: Cli, complain: Complain, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    assert (
        complain("import --template", document(loaded("import", "--template", str(path), "--json"))) is None
    )
    path.write_text("과제번호,분야,주관기관,과제명\n2024-81,바다,gto,이름\n", encoding="utf-8")
    printed = document(loaded("import", str(path), "--dry-run", "--as", "planner", "--json"))
    assert printed["faults"]
    assert complain("import SHEET", printed) is None
