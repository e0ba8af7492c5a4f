"""Pages made from the code: `python -m scripts.pages` writes them (with words those whose names begin so), a test says when they are old."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
from typer.main import get_command

from domain.catalogue import AGGREGATES, COMMANDS
from domain.channels import Channel
from domain.fact import Fact
from domain.roles import ROLES, Permission, Reach
from scripts.cli.main import app
from scripts.cli.options import SHARED
from scripts.input_pages import inputs_page
from scripts.letter_pages import letters_page
from scripts.programme_pages import programme_page, programme_schema_page
from scripts.reading_pages import readings_page, schema_page
from scripts.sentences.page import papers_page, screens_page
from store.envelope import Envelope
from workers.delivery.channels import plugin_of
from workers.environment import FromEnvironment, Setting, settings_of
from workers.settings import Settings
from workflows.permissions import ACTS, READINGS, Right

TOP = Path(__file__).parents[1]


_PERSONS = (
    "# As whom",
    "",
    (
        "A person acts and reads as `ROLE@AGENCY:ID` (the city's people as `ROLE:ID`), by the random id of the vault. The "
        "command handler refuses an id that nobody was registered with, a person whose details were erased, and an officer or head who "
        "is not in that post of that agency on the day of acting. Which persons are the city's no list says: of them it is "
        "asked only whether they are registered."
    ),
    "",
    (
        "An office without a person (`--as planner`, `--as officer@gto`) is let in: machines and scripts act so, and somebody "
        "has to register the first person. `trail findings --rule no_person` points out what people did so; a token is a "
        "machine's own name, and by rule is by rule."
    ),
    "",
    (
        "**In another's place.** `--on-behalf-of ROLE@AGENCY:ID` says for whom, and `--as` names who acts, both as persons of "
        "one agency. It takes a substitution (직무대리) or a delegation of this very decision (전결, 대결) that is in force "
        "from one to the other on that day; both may be passed on. What one's own role may not do, one may do so by the right "
        "of who is away; never more than either. The fact says who, for whom, and by which entry of the agency "
        "(`mandate`, e.g. `agency/gto#5`). Readings and bulk work (`load`, `import`, `definition migrate`) are by one's own "
        "right."
    ),
    "",
)


def facts_page() -> str:
    """Every kind of fact with its fields."""
    parts = [
        "# Facts",
        (
            "Made by `python -m scripts.pages`. What can stand in the log, by stream. A field with “?” may be absent. "
            "Who, when, why and by which rule is in the envelope (`store/envelope.py`); free texts lie beside the log."
        ),
    ]
    parts += ["## The envelope", " ".join((Envelope.__doc__ or "").split()), _fields(Envelope)]
    for aggregate in AGGREGATES.values():
        parts.append(f"## {aggregate.name}/…")
        parts += [_fact(fact) for fact in aggregate.facts]
    return "\n\n".join(parts) + "\n"


_BEGINNING = (
    "# How a command begins",
    "",
    (
        "Who (`Run.engine`: a token that opens nothing opens no command), what and by which right (the command handler, or "
        "`workflows/read_access.py` for what is read or done beside the log), the record of it or of the refusal, and then the "
        "first effect. What makes something that its command is to name, as `trail init` its key, asks first. A test gives "
        "every sub-command of the real parser by a token that may not, and compares the data folder, the database and Redis "
        "before and after."
    ),
    "",
    (
        "What runs the machine (`up`, `worker`, `ticker`, `migrate`, `restore`, `simulate`, `clock move`) is done by whoever "
        "can run it there, and refused to every token. `doctor`, `completion`, `definition check` and `show`, `import --template`, a "
        "`trail verify` of files and `witness` ask nobody: they show nothing of the store's and change nothing in it. A store of "
        "an older program can be backed up before its upgrade by who names nobody; it can be neither asked nor told who did."
    ),
    "",
)


def permissions_page() -> str:
    """The table of who may give which command."""
    lines = [
        "# Who may give which command",
        "",
        (
            "Made by `python -m scripts.pages` from the commands' own `by`. "
            "“own”: only on tasks that the actor's agency leads, and on its own entry."
        ),
        "",
        "| command | " + " | ".join(f"{one.title.en} {one.title.ko}" for one in ROLES.values()) + " |",
        "|---|" + "---|" * len(ROLES),
    ]
    lines += [_row(name, command.by) for name, command in COMMANDS.items()]
    lines += ["", *_PERSONS, *_BEGINNING, "# Who may read what"]
    lines += [
        "",
        (
            "“own”: only of tasks that the actor's agency leads or takes part in, and of the agency itself. "
            "Where nobody is named (no `--as`, no token), whoever can run the command on the machine reads all. "
            "The last column says what stands in the access log ([privacy.md](privacy.md)): always; when the reader "
            "is not of an agency whose it is (foreign), as nobody of the city is, nor who is not named; or never."
        ),
        "",
        *_rights("reading", READINGS),
        "",
        "# Who may do what is no command",
        "",
        (
            "What is no command of its own: it is done beside the log, or to many tasks at once. It is asked for as a "
            "reading is, and stands by its name in the access log and among what was refused."
        ),
        "",
        *_rights("act", ACTS),
    ]
    return "\n".join(lines) + "\n"


def _rights(head: str, rights: Mapping[str, Right]) -> list[str]:
    return [
        f"| {head} | "
        + " | ".join(f"{one.title.en} {one.title.ko}" for one in ROLES.values())
        + " | recorded |",
        "|---|" + "---|" * len(ROLES) + "---|",
        *(f"{_row(name, one.permitted)} {one.recorded} |" for name, one in rights.items()),
    ]


def _row(name: str, permitted: Permission) -> str:
    cells = [
        ("own" if permitted[role] is Reach.OWN else "yes") if role in permitted else "" for role in ROLES
    ]
    return f"| `{name}` | " + " | ".join(cells) + " |"


_MADE = "Made by `python -m scripts.pages`."
_OTHER_SETTINGS = {
    "DONGHAENG_AS": "who acts, where `--as` is not given",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "where traces go (OTLP over HTTP); without it none are made",
    "DONGHAENG_SERVERS_FROM_PATH": "use the servers on the PATH although the wheels are there",
    "PYTHON": "the interpreter for `scripts/setup`",
}
_HOW_SETTINGS_ARE_TAKEN = (
    "Options of the command line go before them. What is not written so is named before anything is done, with its value "
    "unless that is a secret. `up`, `worker` and `ticker` also refuse what cannot work: a timestamping authority without "
    "certificates, a witness that nobody can ask, a channel's own settings."
)
_CODES = (
    "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 a server cannot be reached, 4 the outcome is unknown (ask again with "
    "the same command id), 5 not proved (`trail verify`), 6 done but for what is listed (`load`)."
)


def settings_page() -> str:
    """Every environment variable that is looked at, with what it means and how it is written."""
    owned = [plugin_of(one).settings for one in Channel]
    classes: list[type[FromEnvironment]] = [Settings, *(one for one in owned if one is not None)]
    rows = [_setting(one) for kind in classes for one in settings_of(kind)]
    rows += [f"| `{name}` | {meaning} | | |" for name, meaning in _OTHER_SETTINGS.items()]
    head = [
        "# Settings",
        "",
        f"{_MADE} {_HOW_SETTINGS_ARE_TAKEN}",
    ]
    table = ["| variable | means | written | by default |", "|---|---|---|---|", *rows]
    return "\n".join([*head, "", *table, ""])


def _setting(one: Setting[Any]) -> str:
    written = one.form.says.en.replace("|", "\\|").replace("<", "&lt;")
    default = "" if one.default in (None, "") else f"`{one.default}`"
    secret = " (a secret)" if one.secret else ""
    return f"| `{one.variable}` | {one.meaning}{secret} | {written} | {default} |"


def commands_page() -> str:
    """Every command with its arguments and options; those that all have once, at the head."""
    whole: Any = get_command(app)
    shared = [one for one in whole.commands["up"].params if one.name in SHARED.parameters]
    lines = ["# Commands", "", f"{_MADE} Every command has `--help`, and takes these:", ""]
    lines += [*_parameters(whole, shared), "", _CODES, ""]
    for name in whole.commands:
        one = whole.commands[name]
        lines += _command(f"donghaeng {name}", one, 2)
        for sub, command in getattr(one, "commands", {}).items():
            lines += _command(f"donghaeng {name} {sub}", command, 3)
    return "\n".join(lines).rstrip() + "\n"


def _command(name: str, command: Any, depth: int) -> list[str]:
    """The command under a heading; a group that is no command by itself has no usage."""
    lines = [f"{'#' * depth} {name}", "", _line(command.help or ""), ""]
    if getattr(command, "commands", None) and not command.invoke_without_command:
        return lines
    own = [one for one in command.params if one.name not in SHARED.parameters and one.name != "help"]
    context = command.make_context(name, [], resilient_parsing=True)
    pieces = [piece.strip("{}") for one in own for piece in one.get_usage_pieces(context)]
    pieces += [_record(context, one)[0] for one in own if one.param_type_name == "option" and one.required]
    lines += ["    " + " ".join([name, *pieces]), ""]
    return [*lines, *_parameters(command, own), ""] if own else lines


def _parameters(command: Any, given: Sequence[Any]) -> list[str]:
    context = command.make_context("", [], resilient_parsing=True)
    return [
        f"- `{names}`" + (f": {said}" if said else "")
        for names, said in (_record(context, one) for one in given)
    ]


def _record(context: Any, one: Any) -> tuple[str, str]:
    """How it is written, and what it means."""
    names, said = one.get_help_record(context) or (one.name, "")
    return names.strip(), _line(said.replace("[required]", ""))


def _line(said: str) -> str:
    return " ".join(said.split()).replace("<", "&lt;")


def decisions_page() -> str:
    """Every decision by its title."""
    pages = sorted((TOP / "docs" / "decisions").glob("0*.md"))
    titles = [
        (one.name, one.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")) for one in pages
    ]
    return "\n".join(["# Decisions", "", _MADE, "", *(f"- [{title}]({name})" for name, title in titles), ""])


PAGES = {
    TOP / "docs" / "decisions" / "README.md": decisions_page,
    TOP / "docs" / "commands.md": commands_page,
    TOP / "docs" / "facts.md": facts_page,
    TOP / "docs" / "permissions.md": permissions_page,
    TOP / "docs" / "inputs.md": inputs_page,
    TOP / "docs" / "letters.md": letters_page,
    TOP / "docs" / "readings.md": readings_page,
    TOP / "docs" / "documents.schema.json": schema_page,
    TOP / "docs" / "settings.md": settings_page,
    TOP / "docs" / "programme-file.md": programme_page,
    TOP / "docs" / "programme.schema.json": programme_schema_page,
    TOP / "docs" / "sentences.md": screens_page,
    TOP / "docs" / "sentences-papers.md": papers_page,
}


def _fact(fact: type[Fact]) -> str:
    meaning = " ".join((fact.__doc__ or "").split()) if "__doc__" in vars(fact) and fact.__doc__ else ""
    lines = [f"### `{fact.kind}` (schema {fact.schema_version})", *([meaning] if meaning else [])]
    fields = _fields(fact)
    return "\n\n".join([*lines, fields] if fields else lines)


def _fields(struct: type[msgspec.Struct]) -> str:
    return "\n".join(
        f"- `{field.name}{'' if field.required else '?'}`: {_type(field.type)}"
        for field in msgspec.structs.fields(struct)
    )


def _type(annotation: object) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"`Literal{[one.value for one in annotation]}`"
    text = (
        annotation.__name__
        if isinstance(annotation, type) and not hasattr(annotation, "__args__")
        else str(annotation)
    )
    for noise in (
        "domain.values.",
        "store.envelope.",
        "domain.programme.facts.",
        "datetime.",
        "typing.",
        " | None",
    ):
        text = text.replace(noise, "")
    return f"`{text}`"


def write(wanted: Sequence[str]) -> None:
    """All pages, or those whose names begin with one of these words."""
    for path, make in PAGES.items():
        if not wanted or path.name.startswith(tuple(wanted)):
            path.write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1:])
