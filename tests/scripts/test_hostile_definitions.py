"""A definition that cannot be: each way is refused by its entry and line, in both languages, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from domain.definition.commands import Adopt
from domain.definition.facts import Adopted
from domain.definition.refusals import AdoptedAlready
from domain.errors import Refusal
from domain.lifecycle.content import content_of
from domain.streams import definition_stream
from store.envelope import Actor
from store.log import Store
from tests.scripts.conftest import Cli, document
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.definitions import lines
from workflows.definitions.templates import read_definition

EXAMPLES = Path(__file__).parents[2] / "data" / "definitions"
REVIEWED = (EXAMPLES / "reviewed.toml").read_text(encoding="utf-8")
SIGNED = (EXAMPLES / "signed.toml").read_text(encoding="utf-8")
PLANNER = ("--as", "planner", "--reason", "운영지침")
THAT = 'that = "form.amount <= task.plan.budget_krw"'
SUBJECT = "{{ task }} {{ what }} 안내"
STEP = '\n[[steps]]\nstep = "{}"\nlabel = {{ ko = "{}", en = "{}" }}\nby = ["planner"]\nfrom = ["proposed"]\n'
KIND = (
    '\n[[deadlines]]\nkind = "{}"\nwho = "agency"\nstage = "proposed"\nstart = "condition"\nwithin = 3\n{}'
    'basis = {{ ko = "지침", en = "guideline" }}\n'
)
LADDER = '\n[[ladders]]\nname = "own"\nrungs = [{{ days = 0, to = ["{}"] }}]\n'


def instead(before: str, after: str) -> str:
    assert before in REVIEWED
    return REVIEWED.replace(before, after, 1)


def many_places() -> str:
    place = '[[places]]\nplace = "proposed/p{0}"\nlabel = {{ ko = "자리 {0}", en = "place {0}" }}\n'
    return 'extends = "donghaeng-2024/3"\nname = "many"\nversion = 1\n' + "".join(
        place.format(number) for number in range(10_000)
    )


# the file, the entry that is named, a piece of its line, and a word of what is said
BAD: dict[str, tuple[str, str, str, str]] = {
    "10,000 places": (many_places(), "places", "[[places]]", "more than"),
    "a requirement that is exponential": (
        instead(THAT, f'that = "{"[1, 2].all(a, " * 8}a > 0{")" * 8}"'),
        "steps[budget_reviewed].requirements[0].that", "[1, 2].all", "more than 4",
    ),
    "a requirement that grows": (
        instead(THAT, f'that = "({" + ".join(["task.title"] * 9)}).size() > 0"'),
        "steps[budget_reviewed].requirements[0].that", "task.title +", "more than 5",
    ),
    "a pattern that explodes": (
        instead(THAT, "that = '''task.title.matches('((a{1,99}){1,99}){1,99}')'''"),
        "steps[budget_reviewed].requirements[0].that", "matches", "pattern",
    ),
    "a letter that loops": (
        instead(SUBJECT, "{% for x in range(9999999) %}x{% endfor %}"),
        "letters[coming].subject.ko", "{% for", "“for” cannot stand",
    ),
    "a letter that reaches out": (
        instead(SUBJECT, "{{ ''.__class__.__mro__ }}"),
        "letters[coming].subject.ko", "__mro__", "cannot stand",
    ),
    "a letter with a value that there is not": (
        instead(SUBJECT, "{{ remaining }}"),
        "letters[coming].subject.ko", "remaining", "days_left, days_over",
    ),
    "names that differ by width": (
        REVIEWED + STEP.format("other", "예산　심사　완료", "other"),
        "steps[other].label.ko", "label", "differs only by",
    ),
    "names that differ by spaces": (
        REVIEWED + STEP.format("other", "예산심사완료", "other"),
        "steps[other].label.ko", "label", "differs only by",
    ),
    "names that differ by case": (
        REVIEWED + STEP.format("other", "다른 것", "FINISH the Budget review"),
        "steps[other].label.en", "label", "differs only by",
    ),
    "a step named as one of the program's": (
        REVIEWED + STEP.format("approve", "다른 것", "other"),
        "steps[approve].step", 'step = "approve"', "command of the program",
    ),
    "a step called as one of the program's": (
        REVIEWED + STEP.format("other", "승 인", "other"),
        "steps[other].label.ko", "label", "command of the program",
    ),
    "a field named as another": (
        instead('field = "opinion"', 'field = "amount"'),
        "steps[budget_reviewed].form[2].field", 'field = "amount"', "twice",
    ),
    "a kind of deadline that stands twice": (
        REVIEWED + KIND.format("settlement", ""),
        "deadlines[2].kind", 'kind = "settlement"', "twice",
    ),
    "a kind of deadline that is called as another": (
        REVIEWED + KIND.format("other", 'label = { ko = "결과 보고", en = "other" }\n'),
        "deadlines[other].label.ko", "label", "differs only by",
    ),
    "a rung for nobody there is": (
        REVIEWED + LADDER.format("mayor"), "ladders[own].rungs[0].to[0]", "rungs", "position/ID",
    ),
    "a rung for a position that can be none": (
        REVIEWED + LADDER.format("position/Vice Mayor!"), "ladders[own].rungs[0].to[0]", "rungs", "vice-mayor",
    ),
}  # fmt: skip


def refused(cli: Cli, path: Path, lang: str = "en") -> tuple[str, str]:
    """The refusal's name and what it says."""
    said = document(cli("definition", "check", str(path), "--json", "--lang", lang))["error"]
    return said["name"], said["message"]


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_names_its_entry_and_line_and_changes_nothing(
    cli: Cli, store: Store, tmp_path: Path, what: str
) -> None:
    text, entry, piece, word = BAD[what]
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    name, said = refused(cli, path)
    assert (name, entry in said, word in said) == ("BadInput", True, True), said
    line = int(said.partition("(line ")[2].partition(" ")[0])
    assert piece in text.splitlines()[line - 1], said
    assert f"(파일 mine.toml {line}행)" in refused(cli, path, "ko")[1]
    before = store.head().position
    adopted = document(cli("definition", "adopt", str(path), *PLANNER, "--json"))
    assert adopted["error"]["name"] == "BadInput"
    assert store.head().position == before


def test_the_control_without_the_scan_no_line_is_said(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(BAD["a letter that loops"][0], encoding="utf-8")
    monkeypatch.setattr(lines, "_tables", lambda _: iter(()))
    assert "(line " not in refused(cli, path)[1]


def test_ten_megabytes_are_refused_by_their_size(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    path.write_text(REVIEWED + "\n# " + "x" * 10_000_000, encoding="utf-8")
    name, said = refused(cli, path)
    assert (name, "2 MB" in said) == ("NotADefinition", True)


def test_a_ladder_that_names_a_position_that_the_city_has_not_is_not_adopted(
    cli: Cli, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(REVIEWED + LADDER.format("position/vice-mayor"), encoding="utf-8")
    notes = document(cli("definition", "check", str(path), "--json", "--lang", "en"))["notes"]
    assert any("ladders[own]: the position vice-mayor" in one for one in notes), notes
    before = store.head().position
    error = document(cli("definition", "adopt", str(path), *PLANNER, "--json"))["error"]
    assert error["name"] == "PositionUndeclared"
    assert store.head().position == before
    added = cli("position", "add", "vice-mayor", "--name", "부시장", "--as", "planner")
    assert added.exit_code == 0
    assert cli("definition", "adopt", str(path), *PLANNER).exit_code == 0


def test_a_check_says_what_it_did_not_look_at_and_what_others_said(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SIGNED + KIND.format("answered", ""), encoding="utf-8")
    notes = document(cli("definition", "check", str(path), "--json", "--lang", "en"))["notes"]
    told = " ".join(notes)
    assert "commands[task.approve].line[council]: the position council" in told
    assert "deadlines[answered]: without a label it is called “proposed”" in told
    assert "deadlines[decision]: its basis is the template's" in told
    said = cli("definition", "check", str(path), "--lang", "ko").output
    assert "오류가 없습니다" in said
    assert said.count("확인할 것:") == len(notes)
    template = document(cli("definition", "check", str(EXAMPLES / "competition.toml"), "--json"))
    assert not any("basis" in one for one in template["notes"]), "it has its own"


def test_of_two_adoptions_at_once_one_is_made_and_the_other_refused(store: Store, tmp_path: Path) -> None:
    done: list[str] = []

    def adopt(number: int) -> None:
        path = tmp_path / f"{number}.toml"
        path.write_text(REVIEWED + KIND.format("answered", "").replace("3", str(number)), encoding="utf-8")
        command = Adopt(definition="reviewed", content=content_of(read_definition(path)))
        envelope = CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli", reason="지침")
        try:
            CommandHandler(store, lambda: None).handle(envelope)
            done.append("adopted")
        except Refusal as refusal:
            done.append(type(refusal).__name__)

    threads = [Thread(target=adopt, args=(number,)) for number in range(1, 5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == [AdoptedAlready.__name__] * 3 + ["adopted"]
    (fact,) = store.read(definition_stream("reviewed"))
    assert fact.kind == Adopted.kind
