"""What is wrong with a value, in both languages: pydantic's errors and our own limits become `BadInput`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from domain.errors import BadInput, Bilingual
from domain.problems import PROBLEMS
from trail.english import fill_counts
from trail.particles import fill

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails, PydanticCustomError


def validation_error(kind: str, at: str = "", **details: object) -> PydanticCustomError:
    """An error for a validator to raise. `at`: the place inside the value, e.g. "milestones[2].due"."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 - who only reads has no values to look at

    return PydanticCustomError(kind, PROBLEMS[kind][1], {**details, "at": at})


@contextmanager
def locate_errors(at: str) -> Iterator[None]:
    """What a validator of ours raises within, at that place inside the value."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 - as above

    try:
        yield
    except PydanticCustomError as error:
        told = {**(error.context or {}), "at": at}
        raise PydanticCustomError(error.type, error.message_template, told) from None


def bad_input(error: ValueError, field: str = "") -> BadInput:
    """The first of pydantic's errors as our refusal; never repeats what was typed beyond a short piece.

    `field`: the path of the validated value itself, put before the error's own path. Raises any other error as it is.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - as above
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False)
        return _as_refusal(_misspelt(found) or found[0], field)
    if not isinstance(error, PydanticCustomError):
        raise error
    context = dict(error.context or {})
    return _bad_input((field,), error.type, context, error.message())


def bad_inputs(error: ValidationError, field: str = "") -> list[BadInput]:
    """All of pydantic's errors, each as a refusal, in the order of the fields."""
    return [_as_refusal(one, field) for one in error.errors(include_url=False, include_input=False)]


def _misspelt(found: Sequence[ErrorDetails]) -> ErrorDetails | None:
    """Beside a field that is missing the one that nobody knows: what was meant is there, under another name."""
    if found[0]["type"] != "missing":
        return None
    beside = found[0]["loc"][:-1]
    return next(
        (one for one in found if one["type"] == "extra_forbidden" and one["loc"][:-1] == beside), None
    )


def _as_refusal(one: ErrorDetails, field: str) -> BadInput:
    return _bad_input((field, *one["loc"]), one["type"], dict(one.get("ctx", {})), one["msg"])


def _bad_input(
    location: tuple[int | str, ...], kind: str, context: Mapping[str, Any], message: str
) -> BadInput:
    path = _path(location, str(context.get("at", "")))
    return BadInput(field=path or "input", problem=_problem(kind, context, message))


def _problem(kind: str, context: Mapping[str, Any], message: str) -> Bilingual:
    # what would be right is our own text, and told in full; so is what is worded in both languages
    short = {name: _short(str(value), 300 if name == "expected" else 60) for name, value in context.items()}
    if kind in PROBLEMS:
        ko, en = PROBLEMS[kind]
        said = {name: value for name, value in context.items() if isinstance(value, Bilingual)}
        return Bilingual(
            fill(ko, **{**short, **_spell_list(short), **{name: value.ko for name, value in said.items()}}),
            fill_counts(en, **{**short, **{name: value.en for name, value in said.items()}}),
        )
    if "ko" in context:  # a reader of files that words its own faults
        return Bilingual(_short(str(context["ko"]), 200), _short(message, 200))
    return Bilingual(f"형식이 맞지 않습니다({kind}).", f"{_short(message, 200)} ({kind}).")


def _spell_list(short: Mapping[str, str]) -> dict[str, str]:
    """What may stand there as a list without pydantic's English “or”: “'S', 'A', 'B'”."""
    return {name: value.replace("' or '", "', '") for name, value in short.items() if name == "expected"}


def _path(location: tuple[int | str, ...], at: str) -> str:
    """E.g. plan.milestones[2].due."""
    path = ""
    for part in (*location, at):
        if isinstance(part, int):
            path += f"[{part}]"
        elif part:
            path += _short(part) if part.startswith("[") else f".{_short(part)}"
    return path.removeprefix(".")


def _short(text: str, limit: int = 60) -> str:
    """A piece of what may be foreign input, safe to print."""
    clean = "".join(character if character.isprintable() else "�" for character in text[:limit])
    return clean + ("…" if len(text) > limit else "")
