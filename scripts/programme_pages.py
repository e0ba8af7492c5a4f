"""The page about the programme file, and its JSON Schema, from the model that reads it."""

from __future__ import annotations

import json

from pydantic import BaseModel

from workflows.programme_form import parts, schema, template


def programme_page() -> str:
    """The file's form, part by part, with the template."""
    lines = [
        "# The programme file",
        "",
        (
            "`donghaeng load FILE` reads a year’s programme as the city announced it, as JSON in UTF-8: the year, its areas, the "
            "agencies, and the tasks of its list. `donghaeng programme template` prints the template below, `--schema` the "
            "[JSON Schema](programme.schema.json), by which an editor checks and completes the file. A field that is not named "
            'here is refused, with its place; names and titles are `{"ko": …}`, with `"en"` where there is a translation.'
        ),
        "",
        "## Loading it again",
        "",
        (
            "The same file again changes nothing, also where it was put right by commands since. Of a changed file `load` takes "
            "what may still change (the entry’s name, city and counts, areas that are new or called otherwise, new agencies and "
            "tasks, agencies’ names, listed tasks that nobody has proposed), all of it or nothing, and says what stays and why: what "
            "was proposed is its agency’s to change, what the file no longer names is not taken away, a closed year takes nothing, "
            "and a value that was so before and was changed since is not changed back. Where something stays, it ends "
            "with exit code 6 in place of 0, so that a script sees it: 1 says that nothing was written. `--dry-run` shows the "
            "same, ends the same and writes nothing."
        ),
        "",
        "## Template",
        "",
        "```json",
        json.dumps(template(), ensure_ascii=False, indent=2),
        "```",
        "",
    ]
    for model in parts():
        lines += [
            f"## {model.__name__}",
            "",
            " ".join((model.__doc__ or "").split()),
            "",
            *_fields(model),
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def _fields(model: type[BaseModel]) -> list[str]:
    return [
        f"- `{field.alias or name}{'' if field.is_required() else '?'}`: {field.description}"
        for name, field in model.model_fields.items()
    ]


def programme_schema_page() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
