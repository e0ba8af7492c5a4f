"""Files attached by a step: handed in, told, listed, saved, taken away, and refused in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.streams import task_stream
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.terminals import at_terminal
from workflows.trail.beside import check_beside

ATTACHED = Path(__file__).parents[2] / "data" / "definitions" / "attached.toml"
PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
TASK = "2027-01"
STEP = ("task", "step", TASK, "evidence_handed_in")
PDF, JPG = b"%PDF-1.7\n" + bytes(1_500_000), b"\xff\xd8\xff\xe0 a photograph"


@pytest.fixture
def handed(cli: Cli, store: Store) -> Cli:
    begin(cli, store, ATTACHED)
    return cli


def begin(cli: Cli, store: Store, definition: Path) -> None:
    """A task in progress by a definition that asks for files."""
    this = store.now().year
    for words in (
        ("definition", "adopt", str(definition), *PLANNER, "--reason", "운영지침 제정"),
        ("programme", "open", "2027", "--name", "동행", "--city", "군산시", "--area", "culture=문화", "--definition", "attached/1", *PLANNER),
        ("agency", "register", "gto", "--name", "군산관광재단", *PLANNER),
        ("agency", "register", "gjcf", "--name", "문화재단", *PLANNER),
        *(("calendar", "open", str(this + later), *PLANNER) for later in range(2)),
        ("programme", "add-task", "2027", TASK, "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", TASK, "--start", "2027-03-02", "--end", "2027-11-30", "--budget", "300000000", *OFFICER),
        ("task", "approve", TASK, *PLANNER),
        ("task", "start", TASK, *OFFICER),
    ):  # fmt: skip
        done = cli(*words)
        assert done.exit_code == 0, (words, done.output)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "결과 보고서.pdf"
    path.write_bytes(PDF)
    return path


def words(output: str) -> str:
    return " ".join(output.split())


def refusal(cli: Cli, *given: str) -> dict[str, Any]:
    result = cli(*given, "--json")
    assert result.exit_code == 1, result.output
    found: dict[str, Any] = document(result)["error"]
    return found


def pieces(owner_dsn: str) -> int:
    with psycopg.connect(owner_dsn) as connection:
        row: Any = connection.execute("SELECT count(*) FROM donghaeng.attachments").fetchone()
    return int(row[0])


def test_a_file_is_handed_in_told_listed_and_saved(
    handed: Cli, store: Store, file: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "현장.JPG"
    photo.write_bytes(JPG)
    done = handed(*STEP, "--set", f"minutes=@{file}", "--set", f"photo=@{photo}", *OFFICER)
    assert done.exit_code == 0, done.output
    fact = store.read(task_stream(TASK))[-1].fact
    (minutes, _) = (one.attachment for one in fact.form)
    assert (minutes.name, minutes.media, minutes.size) == ("결과 보고서.pdf", "application/pdf", len(PDF))

    told = words(handed("task", "history", TASK, *PLANNER, "--lang", "ko").output)
    assert "절차 ‘증빙자료 제출’을 진행하였음." in told
    assert "결과보고서 결과 보고서.pdf(1.4 MB)" in told
    told = words(handed("task", "history", TASK, *PLANNER, "--lang", "en").output)
    assert "the account of it 결과 보고서.pdf (1.4 MB)" in told

    found = document(handed("attachment", "list", TASK, *OFFICER, "--json"))["attachments"]
    assert [(one["name"], one["state"], one["field"]) for one in found] == [
        ("결과 보고서.pdf", "as_committed", "minutes"),
        ("현장.JPG", "as_committed", "photo"),
    ]
    assert "봉인된 지문과 같음" in words(handed("attachment", "list", TASK, *OFFICER, "--lang", "ko").output)
    shown = words(handed("attachment", "show", TASK, found[0]["attachment"][:8], *OFFICER).output)
    assert found[0]["sha256"] in shown
    assert "1.4 MB" in shown

    out = tmp_path / "saved.pdf"
    assert handed("attachment", "save", TASK, "결과 보고서.pdf", "--out", str(out), *OFFICER).exit_code == 0
    assert out.read_bytes() == PDF
    again = refusal(handed, "attachment", "save", TASK, "결과 보고서.pdf", "--out", str(out), *OFFICER)
    assert again["name"] == "FileExists"
    assert sorted(one.name for one in tmp_path.glob("saved*")) == ["saved.pdf"]
    assert refusal(handed, "attachment", "show", TASK, "없는.pdf", *OFFICER)["name"] == "NoSuchAttachment"


def test_the_definition_says_what_is_asked_for(handed: Cli) -> None:
    said = words(handed("definition", "show", "attached/1", "--lang", "ko").output)
    assert "결과보고서 [minutes]: @경로로 적은 파일" in said
    assert "5 MB 이하" in said
    said = words(handed("task", "show", TASK, *OFFICER, "--lang", "en").output)
    assert "--set minutes=… [--set photo=…]" in said
    assert handed("definition", "check", str(ATTACHED)).exit_code == 0


def test_who_reads_it_is_recorded_as_for_texts(handed: Cli, store: Store, file: Path) -> None:
    assert handed(*STEP, "--set", f"minutes=@{file}", *OFFICER).exit_code == 0
    assert refusal(handed, "attachment", "list", TASK, "--as", "officer@gjcf")["name"] == "NotYoursToRead"
    assert handed("attachment", "list", TASK, *OFFICER).exit_code == 0
    assert handed("attachment", "list", TASK, "--as", "planner").exit_code == 0
    listed = document(handed("access", "list", "--as", "inspector", "--json"))
    readings = [(one["reading"], one["actor"]) for one in listed["accesses"]]
    assert [who for what, who in readings if what == "task.attachments"] == ["planner"]


@pytest.mark.parametrize(
    ("name", "content", "ko", "en"),
    [
        ("보고서.exe", PDF, "첨부할 수 있는 형식이 아닙니다", "no such file can be attached"),
        (
            "보고서.pdf",
            b"MZ not a PDF",
            "이름의 확장자(pdf)와 다릅니다",
            "is not what its name's ending says (pdf)",
        ),
        ("보고서.pdf", b"", "이름의 확장자(pdf)와 다릅니다", "is not what its name's ending says (pdf)"),
        ("보고서.pdf", b"%PDF-" + bytes(5 << 20), "5 MB보다 큽니다", "it is above 5 MB"),
        ("보고서?.pdf", PDF, "파일 이름에 쓸 수 없는 글자", "the file's name holds one of / \\ :"),
        ("보고\u202efdp.pdf", PDF, "글 방향을 바꾸는 글자", "turn the reading direction"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_changes_nothing(
    handed: Cli, store: Store, owner_dsn: str, tmp_path: Path, name: str, content: bytes, ko: str, en: str
) -> None:
    path, before = tmp_path / name, len(store.read(task_stream(TASK)))
    path.write_bytes(content)
    given = (*STEP, "--set", f"minutes=@{path}", *OFFICER)
    assert refusal(handed, *given)["name"] in ("FieldUnfit", "BadInput")
    for lang, said in (("ko", ko), ("en", en)):
        result = handed(*given, "--lang", lang)
        assert said in words(result.output + (result.stderr or ""))
    assert (len(store.read(task_stream(TASK))), pieces(owner_dsn)) == (before, 0)


def test_a_path_that_leads_nowhere_or_to_too_much_is_refused(
    handed: Cli, tmp_path: Path, owner_dsn: str
) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.write(b"%PDF-")
        file.truncate(21 << 20)
    for path in (huge, tmp_path / "none.pdf", tmp_path, Path("/dev/zero")):
        assert refusal(handed, *STEP, "--set", f"minutes=@{path}", *OFFICER)["name"] == "NotReadable"
    assert refusal(handed, *STEP, "--set", "minutes=보고서.pdf", *OFFICER)["name"] == "FieldUnfit"
    assert pieces(owner_dsn) == 0


def test_the_same_command_is_carried_out_once_and_with_another_file_refused(
    handed: Cli, file: Path, owner_dsn: str
) -> None:
    identity = ("--command-id", "0123456789abcdef0123456789abcdef")
    assert handed(*STEP, "--set", f"minutes=@{file}", *identity, *OFFICER).exit_code == 0
    before = pieces(owner_dsn)
    again = handed(*STEP, "--set", f"minutes=@{file}", *identity, *OFFICER, "--json")
    assert (again.exit_code, document(again)["repeated"]) == (0, True)
    file.write_bytes(PDF + b"another")
    found = refusal(handed, *STEP, "--set", f"minutes=@{file}", *identity, *OFFICER)
    assert found["name"] == "CommandIdReused"
    assert pieces(owner_dsn) == before


def test_what_was_redacted_changed_or_lost_reads_so_and_is_not_saved(
    handed: Cli, file: Path, owner_dsn: str, tmp_path: Path
) -> None:
    for _ in range(2):
        assert handed(*STEP, "--set", f"minutes=@{file}", *OFFICER).exit_code == 0
    first, second = (
        one["attachment"]
        for one in document(handed("attachment", "list", TASK, *PLANNER, "--json"))["attachments"]
    )
    out = tmp_path / "out.pdf"
    save = ("attachment", "save", TASK, first, "--out", str(out), *PLANNER)
    assert refusal(handed, "attachment", "save", TASK, file.name, *PLANNER)["name"] == "BeginsSeveral"
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "UPDATE donghaeng.attachments SET content = set_byte(content, 9, 1) WHERE text = %s AND number = 2",
            (first,),
        )
    assert refusal(handed, *save)["name"] == "AttachmentNotAsCommitted"
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("DELETE FROM donghaeng.attachments WHERE text = %s", (first,))
    lost = handed(*save, "--lang", "ko")
    assert "내용이 없으며 그 사유를 밝힌 기록도 없습니다" in words(lost.output + (lost.stderr or ""))
    because = (*PLANNER, "--reason", "개인정보가 있음", "--yes")
    assert handed("text", "redact", first, *because).exit_code == 0
    assert refusal(handed, *save)["name"] == "AttachmentRedacted"
    assert "비공개 처리됨" in words(handed("task", "history", TASK, *PLANNER, "--lang", "ko").output)
    assert sorted(one.name for one in tmp_path.glob("out*")) == [], "nothing half-written"
    states = [
        one["state"]
        for one in document(handed("attachment", "list", TASK, *PLANNER, "--json"))["attachments"]
    ]
    assert states == ["redacted", "as_committed"]
    assert (
        handed("task", "place-hold", TASK, "--basis", "공공기록물법", "--reason", "감사", *PLANNER).exit_code
        == 0
    )
    assert refusal(handed, "text", "redact", second, *because)["name"] == "HeldByLaw"


def test_what_is_asked_for_by_a_line_is_one_file_with_what_it_comes_to(
    cli: Cli, store: Store, file: Path, tmp_path: Path
) -> None:
    line = '[[steps.line]]\nentry = "seen"\nkind = "decision"\nrole = "planner"\n'
    steps = ATTACHED.read_text(encoding="utf-8").split("[[steps]]\n")
    signed = tmp_path / "attached.toml"
    signed.write_text("[[steps]]\n".join((steps[0], steps[1] + line, steps[2])), encoding="utf-8")
    begin(cli, store, signed)
    assert cli(*STEP, "--set", f"minutes=@{file}", *OFFICER).exit_code == 0
    assert store.read(task_stream(TASK))[-1].kind == "task.line_opened"
    (asked,) = store.read(task_stream(TASK))[-1].fact.form
    assert cli("task", "sign", TASK, *PLANNER).exit_code == 0
    taken = store.read(task_stream(TASK))[-1]
    assert (taken.kind, taken.fact.form) == ("task.step_taken", (asked,))
    (one,) = document(cli("attachment", "list", TASK, *PLANNER, "--json"))["attachments"]
    assert (one["state"], one["attachment"]) == ("as_committed", asked.attachment.content.id)
    assert check_beside(store).wrong == {}


def test_a_file_is_asked_for_at_a_terminal(handed: Cli, file: Path, store: Store, tmp_path: Path) -> None:
    words = [*STEP, "--ask", *OFFICER, "--lang", "ko"]
    ended = at_terminal(words, (str(tmp_path / "none.pdf"), str(file), "", "예"))
    assert ended.exit_code == 0, ended.shown
    (filled,) = store.read(task_stream(TASK))[-1].fact.form
    assert filled.attachment.name == file.name
