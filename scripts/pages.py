"""Pages made from the code: `python -m scripts.pages` writes them, a test says when they are old."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from domain.aggregate import Fact
from domain.catalogue import AGGREGATES
from store.envelope import Envelope, Role
from workflows.permissions import PERMITTED, READINGS, ROLES, Reach

TOP = Path(__file__).parents[1]


_PERSONS = (
    "# As whom",
    "",
    (
        "A person acts and reads as `ROLE@AGENCY:ID` (the city's people as `ROLE:ID`), by the random id of the vault. The "
        "door refuses an id that nobody was registered with, a person whose details were erased, and an officer or head who "
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


def permissions_page() -> str:
    """The table of who may give which command."""
    lines = [
        "# Who may give which command",
        "",
        (
            "Made by `python -m scripts.pages` from `workflows/permissions.py`. "
            "“own”: only on tasks that the actor's agency leads, and on its own entry."
        ),
        "",
        "| command | " + " | ".join(f"{en} {ko}" for ko, en in ROLES.values()) + " |",
        "|---|" + "---|" * len(ROLES),
    ]
    lines += [_row(command, permitted) for command, permitted in PERMITTED.items()]
    lines += ["", *_PERSONS, "# Who may read what"]
    lines += [
        "",
        (
            "“own”: only of tasks that the actor's agency leads or takes part in, and of the agency itself. "
            "Where nobody is named (no `--as`, no token), whoever can run the command on the machine reads all. "
            "The last column says what stands in the access log ([privacy.md](privacy.md)): always; when the reader "
            "is not of an agency whose it is (foreign), as nobody of the city is, nor who is not named; or never."
        ),
        "",
        "| reading | " + " | ".join(f"{en} {ko}" for ko, en in ROLES.values()) + " | recorded |",
        "|---|" + "---|" * len(ROLES) + "---|",
    ]
    lines += [f"{_row(name, one.permitted)} {one.recorded} |" for name, one in READINGS.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, permitted: Mapping[Role, Reach]) -> str:
    cells = [
        ("own" if permitted[role] is Reach.OWN else "yes") if role in permitted else "" for role in ROLES
    ]
    return f"| `{name}` | " + " | ".join(cells) + " |"


PAGES = {TOP / "docs" / "facts.md": facts_page, TOP / "docs" / "permissions.md": permissions_page}


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


if __name__ == "__main__":
    for path, make in PAGES.items():
        path.write_text(make(), encoding="utf-8")
