"""An expression in CEL (Common Expression Language) over the inputs of a command: checked by its types, made once, evaluated often.

The library is loaded when the first expression is made: a definition without any costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from math import isfinite
from typing import Any, Literal, NamedTuple

from domain.errors import Bilingual
from domain.lifecycle.bounds import LONGEST_EXPRESSION, Token, check_bounds, literals_of, tokens_of
from domain.lifecycle.inputs import Asked, Input, InputType
from domain.lifecycle.inputs_of_commands import Vocabulary, vocabulary_of
from domain.plan_limits import check_day
from domain.refusals import validation_error
from domain.task.on_task import OnTask

_ERROR = r"ERROR: <input>:(\d+):(\d+): (.+)"
_UNKNOWN = r"undeclared reference to '([^']+)'"
_ABSENT = r"No value with name \"([^\"]+)\""
_TYPES = r"found no matching overload for '([^']+)' applied to '([^']+)'"


Kind = Literal["bool", "number"]


class Answer(NamedTuple):
    """`value`: None where it cannot be told, and then `problem` says why. `inputs`: what was looked at, by name; None where there is no value."""

    value: Any
    problem: Bilingual | None
    inputs: Mapping[str, Any]


class Expression:
    """`source`: as it stands in the definition; `inputs`: those that it names; `gives`: what it comes to."""

    def __init__(self, source: str, inputs: tuple[Input, ...], program: Any, gives: Kind) -> None:
        self.source, self.inputs, self.gives, self._program = source, inputs, gives, program

    @property
    def asks_command(self) -> bool:
        """Whether it can only be told once the command's fields are."""
        return any(one.of_command for one in self.inputs)

    def answer(self, asked: Asked) -> Answer:
        """Never raises for what it says: what is divided by nothing or compared with what is absent cannot be told."""
        return self.evaluate({one.name: one.read(asked) for one in self.inputs})

    def evaluate(self, found: Mapping[str, Any]) -> Answer:
        """The same by the values of all that it names; None where there is none."""
        there = {
            one.name: _GIVE[one.type](found[one.name]) for one in self.inputs if found[one.name] is not None
        }
        result = self._program.eval(data=there)
        value = result.value()
        if isinstance(value, bool if self.gives == "bool" else int | float):
            if isfinite(value):
                return Answer(value, None, found)
            value = ": division by zero"  # CEL's doubles have an answer to that, and it is none
        return Answer(None, _describe(str(value)), found)


@lru_cache(maxsize=1024)
def make_expression(source: str, of: type[OnTask] | Vocabulary, gives: Kind = "bool") -> Expression:
    """The checked expression; the same one for the same command or vocabulary. `gives`: what it has to come to.

    Raises PydanticCustomError.
    """
    vocabulary = of if isinstance(of, Vocabulary) else vocabulary_of(of)
    if len(source) > LONGEST_EXPRESSION:
        raise validation_error("text_too_long", max=LONGEST_EXPRESSION)
    tokens = tokens_of(source)
    check_bounds(tokens)
    known = vocabulary.known
    environment = _environment(vocabulary)
    for literal in literals_of(tokens):
        outcome = _compile(environment, literal, known).eval(data={})
        if outcome.type() == _library().Type.ERROR:
            raise validation_error("expression_literal", literal=literal, problem=_plain(outcome.value()))
    _compile(environment, source, known)  # what is told of it is told of it as it was typed
    program = _compile(environment, _with_days(source, tokens), known)
    given, types = program.return_type(), _library().Type
    if given not in ((types.BOOL,) if gives == "bool" else (types.INT, types.DOUBLE)):
        raise validation_error(f"expression_not_{gives}", given=given.name().lower())
    named = _names_in(tokens, known)
    if not named:
        raise validation_error("expression_constant")
    return Expression(source, tuple(known[name] for name in named), program, gives)


def _names_in(tokens: list[Token], known: Mapping[str, Input]) -> list[str]:
    """The inputs that are named, each once: of a path the longest beginning that is one, as the library takes it."""
    begin = [
        place
        for place, one in enumerate(tokens)
        if one.kind == "name" and (not place or tokens[place - 1].text != ".")
    ]
    longest = (max((one for one in _beginnings(tokens[at:]) if one in known), default=None) for at in begin)
    return list(dict.fromkeys(one for one in longest if one is not None))


def _beginnings(tokens: list[Token]) -> Iterator[str]:
    """Of `task.plan.end` task, task.plan, and the whole."""
    path = tokens[0].text
    yield path
    for dot, part in zip(tokens[1::2], tokens[2::2], strict=False):
        if dot.text != "." or part.kind != "name":
            return
        path = f"{path}.{part.text}"
        yield path


def _compile(environment: Any, source: str, known: Mapping[str, Input]) -> Any:
    try:
        return environment.compile(source)
    except Exception as error:  # the library raises RuntimeError for all that it finds
        told = str(error)
    first = re.search(_ERROR, told)
    line, column, problem = (first[1], first[2], first[3]) if first else ("1", "1", told)
    if unknown := re.search(_UNKNOWN, problem):
        raise validation_error(
            "expression_unknown_name", name=unknown[1], expected=_nearest(unknown[1], known)
        )
    if types := re.search(_TYPES, problem):
        raise validation_error("expression_types", what=types[1].strip("_"), types=types[2])
    raise validation_error("expression_unsound", line=line, column=column, problem=problem)


def _nearest(name: str, known: Mapping[str, Input]) -> str:
    """Names that may have been meant: those spelled alike, else the command's own."""
    from difflib import get_close_matches  # noqa: PLC0415 only where somebody mistyped

    near = get_close_matches(name, known, 3, 0.6) or [one for one, of in known.items() if of.of_command]
    return ", ".join((near or [*known])[:5])


def _describe(told: str) -> Bilingual:
    """Why it could not be evaluated."""
    if absent := re.search(_ABSENT, told):
        return Bilingual(f"{absent[1]} 값이 없음", f"there is no {absent[1]}")
    return Bilingual(f"계산할 수 없음({_plain(told)})", f"it cannot be reckoned: {_plain(told)}")


def _plain(problem: str) -> str:
    """What the library says, without the name of the kind of its error."""
    return problem.partition(": ")[2] or problem


@cache
def _library() -> Any:
    from cel_expr_python import cel  # noqa: PLC0415 14 MB that only who has expressions needs

    return cel


@lru_cache(maxsize=256)
def _environment(vocabulary: Vocabulary) -> Any:
    """With the inputs, and `day('2026-06-30')`, which is there to be checked: see `_with_days`."""
    cel = _library()
    types: Mapping[InputType, Any] = {
        "bool": cel.Type.BOOL,
        "int": cel.Type.INT,
        "double": cel.Type.DOUBLE,
        "string": cel.Type.STRING,
        "day": cel.Type.TIMESTAMP,
        "list(string)": cel.Type.List(cel.Type.STRING),
        "list(day)": cel.Type.List(cel.Type.TIMESTAMP),
    }
    of_text = cel.Overload("day_string", return_type=cel.Type.TIMESTAMP, parameters=[cel.Type.STRING])
    return cel.NewEnv(
        variables={one.name: types[one.type] for one in vocabulary.known.values()},
        functions=[cel.FunctionDecl("day", [of_text])],
    )


def _with_days(source: str, tokens: list[Token]) -> str:
    """The same with each `day('2026-06-30')` as CEL has it. A function of ours would be asked each time, and leaks in the library."""
    parts, last = [], 0
    for place, one in enumerate(tokens):
        named = one.text == "day" and (not place or tokens[place - 1].text != ".")
        if named and [each.text for each in tokens[place + 1 : place + 2]] == ["("]:
            day = _read_day(tokens[place + 2 : place + 4])
            parts += [source[last : one.at], f"timestamp('{day}T00:00:00Z')"]
            last = tokens[place + 3].at + 1
    return "".join([*parts, source[last:]])


def _read_day(given: list[Token]) -> date:
    """What stands between the brackets, and the one that closes."""
    kinds = [one.kind for one in given]
    if (
        kinds == ["text", "sign"]
        and given[1].text == ")"
        and re.fullmatch(r"[0-9-]{10}", given[0].text[1:-1])
    ):
        with suppress(ValueError):
            return check_day(date.fromisoformat(given[0].text[1:-1]))
    raise validation_error("expression_day")


def _midnight(day: date) -> datetime:
    """A day as CEL has it. Days are compared with days, so that the zone is nobody's."""
    return datetime.combine(day, time(), UTC)


def _same(value: Any) -> Any:
    return value


_GIVE: Mapping[InputType, Callable[[Any], Any]] = {
    "bool": _same,
    "int": _same,
    "double": _same,
    "string": _same,
    "day": _midnight,
    "list(string)": _same,
    "list(day)": lambda days: [_midnight(day) for day in days],
}
