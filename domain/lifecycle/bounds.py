"""What an expression may hold at most, by its tokens alone: so that what it costs is bounded before anything is evaluated.

The language has no loops but the macros over a list; text and lists grow by `+` and by nothing else. With few of each and
no macro inside another, an expression costs what its length says. Regular expressions are RE2's, linear in the text, but each
is made anew whenever it is asked: so not for each of a list, short, without counted repetition and classes of all Unicode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.limits import check_line
from domain.refusals import validation_error

LONGEST_EXPRESSION = 1000  # characters
LONGEST_PATTERN = 100
MOST_SUMS, MOST_MACROS, MOST_PATTERNS, MOST_NESTED = 5, 4, 2, 20
MOST_PLACES, MOST_STEPS, MOST_CHOICES = 100, 200, 50  # of a definition's own; choices of one field
MACROS = ("all", "exists", "exists_one", "filter", "map")
READ_ALONE = ("duration", "timestamp")  # what is typed for them is read when it is checked

_TOKENS = r"""(?P<space>[ \t\n]+)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>[0-9][0-9A-Za-z_]*(\.[0-9]+)?)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<sign>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()\[\]{}])"""
_PLAIN_PATTERN = r"(?:[^\\{]|\\\\(?![pP]))*"  # without counted repetition and classes of all Unicode


class Token(NamedTuple):
    kind: str
    text: str
    at: int


def tokens_of(expression: str) -> list[Token]:
    """Raises where it holds what is no token of ours: raw and triple-quoted texts, comments, letters beyond ASCII outside texts."""
    tokens: list[Token] = []
    token, at = re.compile(_TOKENS, re.VERBOSE), 0  # not when it is loaded: few definitions require something
    while at < len(expression):
        found = token.match(expression, at)
        if found is None or _is_glued(tokens, found):
            raise validation_error("expression_character", place=at + 1, character=expression[at])
        if found.lastgroup == "text" and len(found[0]) > 2:
            check_line(found[0])
        if found.lastgroup != "space":
            tokens.append(Token(str(found.lastgroup), found[0], at))
        at = found.end()
    return tokens


def _is_glued(tokens: Sequence[Token], found: re.Match[str]) -> bool:
    """Whether two tokens together are another one: r'…', '''…''', a comment."""
    if not tokens or tokens[-1].at + len(tokens[-1].text) != found.start():
        return False
    last = tokens[-1]
    return (found.lastgroup == "text" and last.kind in ("name", "text")) or last.text == found[0] == "/"


def check_bounds(tokens: Sequence[Token]) -> None:
    """Raises where there is too much of something."""
    names = [one.text for one in tokens if one.kind == "name"]
    if "has" in names:
        raise validation_error("expression_has")
    signs = [one.text for one in tokens if one.kind == "sign"]
    for what, count, most in (
        ("+", signs.count("+"), MOST_SUMS),
        ("matches", names.count("matches"), MOST_PATTERNS),
        (", ".join(MACROS), sum(_is_macro(tokens, place) for place in range(len(tokens))), MOST_MACROS),
    ):
        if count > most:
            raise validation_error("expression_too_many", what=what, max=most)
    _check_nesting(tokens)
    _check_patterns(tokens)


def literals_of(tokens: Sequence[Token]) -> Iterator[str]:
    """The calls that can be evaluated by themselves: duration('…'), a pattern. An error in one of them is one of the expression."""
    for place, one in enumerate(tokens[:-3]):
        if tokens[place + 1].text != "(" or tokens[place + 2].kind != "text" or tokens[place + 3].text != ")":
            continue
        if one.text in READ_ALONE:
            yield f"{one.text}({tokens[place + 2].text})"
        elif one.text == "matches":
            yield f"''.matches({tokens[place + 2].text})"


def _is_macro(tokens: Sequence[Token], place: int) -> bool:
    """Whether the bracket there begins what a macro does with each of a list."""
    return (
        tokens[place].text == "("
        and place >= 2
        and tokens[place - 1].text in MACROS
        and tokens[place - 2].text == "."
    )


def _check_nesting(tokens: Sequence[Token]) -> None:
    opened: list[bool] = []
    for place, one in enumerate(tokens):
        if one.kind == "sign" and one.text in "([{":
            macro = _is_macro(tokens, place)
            if any(opened) and (macro or tokens[place - 1].text == "matches"):
                raise validation_error("expression_nested_macro", what=tokens[place - 1].text)
            opened.append(macro)
        elif one.kind == "sign" and one.text in ")]}" and opened:
            opened.pop()
        if len(opened) > MOST_NESTED:
            raise validation_error("expression_too_deep", max=MOST_NESTED)


def _check_patterns(tokens: Sequence[Token]) -> None:
    for place, one in enumerate(tokens):
        if one.text != "matches":
            continue
        dot, opens, pattern, closes = (
            tokens[at] if 0 <= at < len(tokens) else Token("", "", 0)
            for at in (place - 1, place + 1, place + 2, place + 3)
        )
        if (dot.text, opens.text, pattern.kind, closes.text) != (".", "(", "text", ")"):
            raise validation_error("expression_pattern_typed")
        if len(pattern.text) > LONGEST_PATTERN or not re.fullmatch(_PLAIN_PATTERN, pattern.text):
            raise validation_error("expression_pattern", max=LONGEST_PATTERN)
