"""`donghaeng trail verify|proof|pack`, and verify.sh in the unpacked pack: what holds is OK and nothing else is."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from domain.seoul import SEOUL
from projections.inspection.entries import TRAIL_ENTRIES
from projections.runner import project
from store.envelope import Actor
from store.log import Store
from tests.domain.examples import COMMANDS
from tests.scripts.conftest import Cli, document
from tests.sealed_trails import Authority, SealedTrail, stamped
from tests.trail.packs_by_hand import summed_anew
from tests.trail.trail_alone import Alone
from trail.leaf import leaf_of
from trail.proof import check_proof, parse_proof
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.trail import packs as trail_packs

LIFE = (
    (
        *("task", "propose", "2024-07", "--title", "마을 축제", "--area", "culture", "--lead", "gjcf"),
        *("--start", "2024-03-01", "--end", "2024-12-31", "--budget", "470000000", "--as", "officer@gjcf"),
    ),
    ("task", "approve", "2024-07", "--as", "planner", "--reason", "예산이 맞음"),
)
EXPORT = ("--as", "inspector", "--reason", "정기 감사")


@pytest.fixture
def trail(loaded: Cli, store: Store, tmp_path: Path) -> SealedTrail:
    """A task's life, sealed twice, cosigned by two of three witnesses, timestamped."""
    sealed = SealedTrail(tmp_path / "var" / "trail", f"donghaeng/{store.id}")
    sealed.seal(store)
    for words in LIFE:
        assert loaded(*words).exit_code == 0
    sealed.seal(store)
    stamped(sealed, Authority(tmp_path / "authority"))
    return sealed


@pytest.fixture
def pack(loaded: Cli, trail: SealedTrail, tmp_path: Path) -> Path:
    out = tmp_path / "pack.zip"
    made = loaded("trail", "pack", "--task", "2024-07", "--out", str(out), *EXPORT)
    assert made.exit_code == 0, made.output
    return out


@pytest.fixture
def paper(trail: SealedTrail, tmp_path: Path) -> str:
    """The policy as the inspector got it."""
    return on_paper(trail.folder, tmp_path)


def on_paper(folder: Path, place: Path) -> str:
    return str(shutil.copyfile(folder / "policy", place / "on paper"))


def unpacked(pack: Path, folder: Path) -> Path:
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(folder)
    return folder


def by_script(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "verify.sh", *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_pack_is_verified_by_us_and_by_its_script(
    loaded: Cli, pack: Path, paper: str, tmp_path: Path
) -> None:
    verified = loaded("trail", "verify", str(pack), "--policy", paper)
    assert verified.exit_code == 0, verified.output
    assert "task/2024-07: versions 1-" in verified.output
    assert "index.html: it is the page that is made of the proven events, to the byte" in verified.output
    assert "approved the task. (reason: 예산이 맞음)" in verified.output
    assert "Gwangju Cultural Foundation" in verified.output
    assert "1 timestamp is valid" in verified.output
    script = by_script(unpacked(pack, tmp_path / "unpacked"), paper)
    assert script.returncode == 0, script.stdout + script.stderr
    assert "OK      task/2024-07: versions 1-" in script.stdout
    assert "index.html: it was not checked" in script.stdout
    assert "OK (모두 확인됨)" in script.stdout
    assert script.stderr == ""


def test_a_pack_and_a_trail_are_verified_with_nothing_of_ours_but_the_folder_trail(
    trail: SealedTrail, pack: Path, paper: str, tmp_path: Path
) -> None:
    alone = Alone(tmp_path / "alone")
    for what in (pack, trail.folder):
        verified = alone("verify", what, "--policy", paper, "--tsa", trail.folder / "tsa.pem")
        assert (verified.returncode, verified.stderr) == (0, ""), verified.stdout + verified.stderr
        assert "1 timestamp is valid" in verified.stdout
        assert alone("verify", what).returncode == 5
    folder = unpacked(pack, tmp_path / "unpacked")
    event = max((folder / "events").iterdir())
    event.write_bytes(event.read_bytes().replace(b'"role":"', b'"role":"x'))
    refused = alone("verify", summed_anew(folder), "--policy", paper)
    assert (refused.returncode, f"NOT OK: events/{event.name}" in refused.stdout) == (1, True)


def test_without_a_policy_got_on_paper_nothing_is_proved(
    loaded: Cli, trail: SealedTrail, pack: Path, paper: str, tmp_path: Path
) -> None:
    folder = unpacked(pack, tmp_path / "unpacked")
    store = ("--store", "--as", "inspector")
    for words, its_own in (
        ((str(pack),), None),
        ((str(folder),), folder / "policy"),
        ((str(trail.folder),), trail.folder / "policy"),
        (store, trail.folder / "policy"),
    ):
        for more in ((), () if its_own is None else ("--policy", str(its_own))):
            verified = loaded("trail", "verify", *words, *more)
            assert verified.exit_code == 5, verified.output
            assert verified.output.splitlines()[-1].startswith("NOT PROVED: ")
        korean = loaded("trail", "verify", *words, "--lang", "ko").output.splitlines()[-1]
        assert korean.startswith("NOT PROVED(증명되지 않음): ")
        told = document(loaded("trail", "verify", *words, "--json"))
        assert (told["ok"], told["result"]) == (False, "not proved")
        assert loaded("trail", "verify", *words, "--policy", paper).exit_code == 0, "the control"


def test_a_policy_that_windows_wrote_is_told_and_one_in_utf_16_refused(
    loaded: Cli, pack: Path, paper: str, tmp_path: Path
) -> None:
    own, text = tmp_path / "own", Path(paper).read_text()
    own.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    verified = loaded("trail", "verify", str(pack), "--policy", str(own))
    assert verified.exit_code == 0, verified.output
    assert "byte-order mark" in verified.output
    assert "line ends of Windows" in verified.output
    own.write_bytes(text.encode("utf-16"))
    refused = loaded("trail", "verify", str(pack), "--policy", str(own))
    assert (refused.exit_code, "Save it as UTF-8" in refused.output) == (1, True)


def test_a_whole_trail_is_verified_against_the_store(loaded: Cli, trail: SealedTrail, paper: str) -> None:
    verified = loaded("trail", "verify", "--store", "--as", "inspector", "--json", "--policy", paper)
    assert verified.exit_code == 0, verified.output
    assert document(verified)["ok"]


def test_an_approval_that_was_hidden_from_searches_is_named_with_the_store(
    loaded: Cli, trail: SealedTrail, store: Store, app_dsn: str, tmp_path: Path
) -> None:
    project(store, TRAIL_ENTRIES)
    assert loaded("trail", "verify", "--store", "--as", "inspector").exit_code == 5, (
        "no policy, and nothing wrong"
    )
    search = ("trail", "search", "--task", "2024-07", "--as", "inspector")
    last = store.head().position
    assert f"Complete up to no. {last}" in loaded(*search).output, "the control: nobody has touched it"
    with psycopg.connect(app_dsn) as connection:
        connection.execute(f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = %s".encode(), (last,))
    assert "somebody changed rows of the view" in " ".join(loaded(*search).output.split())
    assert document(loaded(*search, "--json"))["complete"]["up_to"] == last - 1
    assert f"no row of event {last}" in loaded(*search, "--compare").output
    verified = loaded("trail", "verify", "--store", "--as", "inspector")
    assert verified.exit_code == 1
    assert f"entries: the view trail_entries has no row of event {last}" in verified.output
    for words in (("export",), ("pack", "--task", "2024-07")):
        out = tmp_path / words[0]
        assert loaded("trail", *words, "--out", str(out), *EXPORT).exit_code == 1
        assert not out.exists()


def test_a_proof_is_printed_as_others_read_it(loaded: Cli, trail: SealedTrail, store: Store) -> None:
    printed = loaded("trail", "proof", "5", "--as", "inspector")
    proof = parse_proof(printed.stdout_bytes, "5.tlog-proof")
    check_proof(proof, leaf_of(store.rows_after(4, 1)[0]), "5.tlog-proof")


def test_what_the_sealer_sealed_is_packed_and_verified_and_a_changed_byte_is_named(
    loaded: Cli, owner_dsn: str, tmp_path: Path
) -> None:
    assert loaded("trail", "init", "--as", "planner").exit_code == 0
    for words in LIFE:
        assert loaded(*words).exit_code == 0
        assert loaded("trail", "seal").exit_code == 0
    for words in (("--all",), ("--agency", "gjcf"), ("--from", "2024-01-01", "--to", "2100-01-01")):
        out = str(tmp_path / "out.zip")
        made = loaded("trail", "pack", *words, "--out", out, *EXPORT)
        assert made.exit_code == 0, made.output
        paper = on_paper(tmp_path / "var" / "trail", tmp_path)
        assert loaded("trail", "verify", out, "--policy", paper).exit_code == 0
    script = by_script(unpacked(tmp_path / "out.zip", tmp_path / "out"), paper)
    assert script.returncode == 0, script.stdout
    verified = loaded("trail", "verify", "--store", "--as", "inspector", "--policy", paper)
    assert verified.exit_code == 0, verified.output
    assert "OK     readings: the log of readings and refusals has no gap" in verified.output
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM donghaeng.accesses WHERE id = 1")
    verified = loaded("trail", "verify", "--store", "--as", "inspector", "--policy", paper)
    assert verified.exit_code == 1
    assert "what it said is gone, and no pruning took it out: no. 1" in verified.output
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE donghaeng.facts SET state = set_byte(state, length(state) - 1, 32) WHERE kind = 'task.approved'"
        )
    verified = loaded("trail", "verify", "--store", "--as", "inspector", "--lang", "ko")
    assert verified.exit_code == 1
    assert "과제 2024-07" in verified.output
    assert "봉인된 기록의 내용은 다릅니다" in verified.output


def test_what_the_sealer_sealed_proves_that_a_task_is_all_there_and_an_event_withheld_is_missed(
    loaded: Cli, store: Store, tmp_path: Path
) -> None:
    assert loaded("trail", "init", "--as", "planner").exit_code == 0
    for words in LIFE:
        assert loaded(*words).exit_code == 0
    assert loaded("trail", "seal").exit_code == 0
    paper = on_paper(tmp_path / "var" / "trail", tmp_path)
    for words, stream in ((("--task", "2024-07"), "task/2024-07"), (("--agency", "gjcf"), "agency/gjcf")):
        out = tmp_path / "-".join(words[1:])
        made = loaded("trail", "pack", *words, "--out", str(out), *EXPORT)
        assert made.exit_code == 0, made.output
        verified = loaded("trail", "verify", str(out), "--policy", paper)
        script = by_script(unpacked(out, tmp_path / f"{out.name}-unpacked"), paper)
        for status, said in ((verified.exit_code, verified.output), (script.returncode, script.stdout)):
            assert status == 0, said
            told = next(line for line in said.splitlines() if stream in line and "which is proved" in line)
            assert told.startswith("OK")
        assert "not proved" not in script.stdout.splitlines()[-1]
    folder = tmp_path / "2024-07-unpacked"
    approved = next(one.position for one in store.read("task/2024-07") if one.kind == "task.approved")
    for name in (f"events/{approved}.json", f"leaves/{approved}.json", f"proofs/{approved}.tlog-proof"):
        (folder / name).unlink()
    for text in (folder / "texts").iterdir():
        text.unlink()
    (folder / "index.html").unlink()
    summed_anew(folder)
    script = by_script(folder, paper)
    missing = "task/2024-07: versions 1 shown; 2 missing, and the pack says that it holds all of it"
    assert (script.returncode, missing in script.stdout) == (1, True), script.stdout
    verified = loaded("trail", "verify", str(folder), "--policy", paper)
    assert (verified.exit_code, missing in verified.output) == (1, True), verified.output


def test_which_rules_were_in_force_is_proved_from_the_log_alone(
    loaded: Cli, store: Store, tmp_path: Path
) -> None:
    """All versions of the definition, with the task that goes by it or alone; and a version that is withheld is missed."""
    assert loaded("trail", "init", "--as", "planner").exit_code == 0
    for words in LIFE:
        assert loaded(*words).exit_code == 0
    assert loaded("trail", "seal").exit_code == 0
    paper = on_paper(tmp_path / "var" / "trail", tmp_path)
    (adopted,) = store.read("definition/donghaeng-2024")
    for words in ((), ("--task", "2024-07")):
        out = tmp_path / f"pack {len(words)}"
        asked = ("--definition", "donghaeng-2024", *words)
        made = loaded("trail", "pack", *asked, "--out", str(out), *EXPORT)
        assert made.exit_code == 0, made.output
        folder = unpacked(out, tmp_path / f"{out.name} unpacked")
        script = by_script(folder, paper)
        assert script.returncode == 0, script.stdout
        for stream in ("definition/donghaeng-2024", *(f"task/{one}" for one in words[1:])):
            told = next(one for one in script.stdout.splitlines() if stream in one and "is proved" in one)
            assert told.startswith("OK")
        event = (folder / "events" / f"{adopted.position}.json").read_text(encoding="utf-8")
        assert adopted.fact.sha256 in event
        assert loaded("trail", "verify", str(out), "--policy", paper).exit_code == 0
    for name in ("events/{}.json", "leaves/{}.json", "proofs/{}.tlog-proof"):
        (folder / name.format(adopted.position)).unlink()
    (folder / "index.html").unlink()
    summed_anew(folder)
    script = by_script(folder, paper)
    told = next(one for one in script.stdout.splitlines() if "definition/donghaeng-2024" in one)
    assert (script.returncode, told.startswith("OK")) == (1, False), told
    none = loaded("trail", "pack", "--definition", "nobody", "--out", str(tmp_path / "no"), *EXPORT)
    assert (none.exit_code, "nothing sealed" in none.output) == (1, True)


def test_the_last_line_names_what_does_not_hold_before_the_missing_quorum(
    loaded: Cli, trail: SealedTrail, owner_dsn: str
) -> None:
    verify = ("trail", "verify", "--store", "--as", "inspector")
    (trail.folder / "policy").write_text(trail.policy(quorum=3))
    short = loaded(*verify).output.splitlines()[-1]
    assert short == "NOT OK: the quorum of witnesses is missing"
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE donghaeng.facts SET state = set_byte(state, length(state) - 1, 32) WHERE position = 5"
        )
    changed = loaded(*verify)
    assert changed.exit_code == 1
    first = next(line for line in changed.output.splitlines() if "(5)" in line or "event 5" in line)
    assert changed.output.splitlines()[-1].startswith("NOT OK: " + first.removeprefix("NOT OK ").strip())
    assert changed.output.splitlines()[-1].endswith("; the quorum of witnesses is missing")


def test_a_pack_of_a_task_or_an_agency_holds_its_reminders_and_of_days_those_days(
    loaded: Cli, store: Store, tmp_path: Path
) -> None:
    assert loaded("trail", "init", "--as", "planner").exit_code == 0
    for words in LIFE:
        assert loaded(*words).exit_code == 0
    system = Actor(role="system")
    CommandHandler(store, lambda: None).handle(
        CommandEnvelope(command=COMMANDS["notice.arm"], actor=system, via="rule", authn="system")
    )
    assert loaded("trail", "seal").exit_code == 0
    kinds = {one.position: one.kind for facts in store.replay() for one in facts}
    today = f"{datetime.now(SEOUL):%Y-%m-%d}"
    for words, some, none in (
        (("--task", "2024-07"), {"task.approved", "notice.due"}, {"agency.appointed", "trail.key_added"}),
        (("--agency", "gjcf"), {"task.approved", "notice.due", "agency.registered"}, {"trail.key_added"}),
        (("--agency", "gto"), {"agency.registered"}, {"task.approved", "notice.due"}),
        (("--agency", "gjcf", "--from", today), {"task.approved", "agency.registered"}, {"trail.key_added"}),
        (("--all",), {"task.approved", "trail.key_added"}, set()),
    ):
        out = tmp_path / "-".join(words)
        made = loaded("trail", "pack", *words, "--out", str(out), *EXPORT)
        assert made.exit_code == 0, made.output
        with zipfile.ZipFile(out) as archive:
            names = [Path(name) for name in archive.namelist() if name.startswith("events/")]
        held = {kinds[int(name.stem)] for name in names}
        assert some <= held
        assert not none & held
    for words in (("--to", "2000-01-01"), ("--agency", "gjcf", "--from", "2100-01-01")):
        made = loaded("trail", "pack", *words, "--out", str(tmp_path / "no"), *EXPORT)
        assert (made.exit_code, "nothing sealed" in made.output) == (1, True)


def test_more_than_fits_into_a_pack_is_refused_and_nothing_is_written(
    loaded: Cli, trail: SealedTrail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "pack.zip"
    wanted = ("trail", "pack", "--all", "--out", str(out), *EXPORT)
    monkeypatch.setattr(trail_packs, "MOST_EVENTS", trail.size - 1)
    made = loaded(*wanted)
    assert (made.exit_code, out.exists()) == (1, False)
    assert "too many events for one pack" in made.output
    monkeypatch.setattr(trail_packs, "MOST_EVENTS", trail.size)
    assert loaded(*wanted).exit_code == 0, "the control"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pack", "--out", "{out}", *EXPORT), "What is to go into the pack is not said"),
        (("pack", "--all", "--out", "{out}", "--as", "inspector"), "--reason"),
        (("pack", "--all", "--out", "{out}", "--as", "officer@gjcf", "--reason", "x"), "may not read"),
        (("pack", "--task", "2024-99", "--out", "{out}", *EXPORT), "nothing sealed of task 2024-99"),
        (("pack", "--all", "--out", "{out}/no/where.zip", *EXPORT), "cannot be written"),
        (("proof", "100000", "--as", "inspector"), "not sealed yet"),
        (("verify",), "What is to be verified is not said"),
        (("verify", "{out}"), "there is no such file"),
        (("verify", "--store", "--as", "inspector", "--policy", "{out}"), "cannot be read"),
        (("verify", "http://127.0.0.1:9/trail"), "cannot be fetched"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    loaded: Cli, trail: SealedTrail, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = loaded("trail", *(word.format(out=tmp_path / "out") for word in words))
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.glob("*.new"))


def test_a_pack_made_before_a_redaction_and_an_erasure_and_one_made_after_both_hold(
    loaded: Cli, store: Store, tmp_path: Path
) -> None:
    subject = loaded("subject", "register", "--name", "김담당", "--as", "planner").stdout.strip()
    appoint = ("agency", "appoint", "gjcf", "--post", "officer", "--subject", subject, "--as", "planner")
    assert loaded(*appoint).exit_code == 0, loaded(*appoint).output
    for words in (("trail", "init", "--as", "planner"), *LIFE, ("trail", "seal")):
        assert loaded(*words).exit_code == 0
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    wanted = ("trail", "pack", "--agency", "gjcf", *EXPORT, "--out")
    assert loaded(*wanted, str(before)).exit_code == 0
    reason = next(one for one in store.read("task/2024-07") if one.kind == "task.approved").envelope.reason
    assert reason is not None
    assert loaded("text", "redact", reason.id, "--as", "planner", "--reason", "민원 요청").exit_code == 0
    refused = loaded(*wanted, str(after))
    assert (refused.exit_code, "is not sealed yet" in refused.output) == (1, True)
    assert not after.exists()
    assert loaded("subject", "erase", subject, "--as", "planner", "--reason", "퇴직").exit_code == 0
    assert loaded("trail", "seal").exit_code == 0
    assert loaded(*wanted, str(after)).exit_code == 0
    for pack, gone in ((before, False), (after, True)):
        paper = on_paper(tmp_path / "var" / "trail", tmp_path)
        verified = loaded("trail", "verify", str(pack), "--policy", paper)
        assert verified.exit_code == 0, verified.output
        assert ("it was redacted" in verified.output) is gone
        assert ("예산이 맞음" in verified.output) is not gone
        folder = unpacked(pack, tmp_path / pack.stem)
        script = by_script(folder, paper)
        assert script.returncode == 0, script.stdout
        said = "".join(file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file())
        assert "김담당" not in said
        assert ("text.redacted" in script.stdout, "subject.erased" in script.stdout) == (gone, gone)
        page = (folder / "index.html").read_text()
        assert ("(text redacted by fact" in page, "예산이 맞음" in page) == (gone, not gone)
        assert ("민원 요청" in page) is gone  # why the text is gone


def test_a_text_that_was_changed_or_taken_away_is_named_with_what_to_do(
    loaded: Cli, trail: SealedTrail, owner_dsn: str, tmp_path: Path
) -> None:
    wanted = ("trail", "pack", "--task", "2024-07", "--out", str(tmp_path / "pack.zip"), *EXPORT)
    assert loaded(*wanted).exit_code == 0, "the control"
    (tmp_path / "pack.zip").unlink()
    for change, said in (
        (
            "UPDATE donghaeng.texts SET body = '예산이 맞지 않음'",
            "it differs from its commitment",
        ),
        ("UPDATE donghaeng.texts SET body = NULL", "no fact says why"),
    ):
        with psycopg.connect(owner_dsn) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"{change} WHERE body LIKE '예산이%'".encode())
        made = loaded(*wanted)
        assert (made.exit_code, said in made.output) == (1, True), made.output
        assert "find the text again in a backup" in " ".join(made.output.split())
        assert not (tmp_path / "pack.zip").exists()


def test_of_a_whole_task_a_pack_is_made_of_all_or_refused_where_the_view_hides_an_event(
    loaded: Cli, trail: SealedTrail, store: Store, owner_dsn: str, tmp_path: Path
) -> None:
    out = tmp_path / "pack.zip"
    wanted = ("trail", "pack", "--task", "2024-07", "--out", str(out), *EXPORT)
    project(store, TRAIL_ENTRIES)
    assert loaded(*wanted).exit_code == 0, "the control"
    out.unlink()
    with psycopg.connect(owner_dsn) as connection:
        gone = connection.execute(
            f"DELETE FROM {TRAIL_ENTRIES.table} WHERE kind = 'task.approved'".encode()
        ).rowcount
    assert gone == 1
    made = loaded(*wanted)
    assert (made.exit_code, "has no row of event" in made.output) == (1, True), made.output
    assert not out.exists()
