"""Wrong usage, in the reader's language, or as the same document that every refusal is with `--json`."""

from __future__ import annotations

import re
import sys
from typing import Any

from scripts.cli.asked import Asked
from trail.particles import fill

# what Typer and pydantic say of wrong words: its pattern, the name that the document has, and the Korean
_SAID: tuple[tuple[str, str, str], ...] = (
    (
        r"No such command '(.+?)'\. Did you mean (.+)\?",
        "NoSuchCommand",
        "‘{0}’ 명령은 없습니다. 다음을 찾으십니까? {1}",
    ),
    (r"No such command '(.+?)'\.", "NoSuchCommand", "‘{0}’ 명령은 없습니다."),
    (r"Missing command\.", "MissingCommand", "명령이 빠졌습니다."),
    (
        r"No such option: (\S+) \(Possible options: (.+)\)",
        "NoSuchOption",
        "{0} 옵션은 없습니다. 다음을 찾으십니까? {1}",
    ),
    (r"No such option: (\S+)", "NoSuchOption", "{0} 옵션은 없습니다."),
    (
        r"Missing option '(.+?)'\. Choose from:\s*(.+)",
        "MissingOption",
        "{0} 옵션이 빠졌습니다. 가능한 값: {1}",
    ),
    (r"Missing option '(.+?)'\.", "MissingOption", "{0} 옵션이 빠졌습니다."),
    (
        r"Missing argument '(.+?)'\. Choose from:\s*(.+)",
        "MissingArgument",
        "{0} 인자가 빠졌습니다. 가능한 값: {1}",
    ),
    (r"Missing argument '(.+?)'\.", "MissingArgument", "{0} 인자가 빠졌습니다."),
    (
        r"Got unexpected extra argument\(s\) \((.*)\)",
        "UnexpectedArgument",
        "불필요한 인자가 있습니다: {0}",
    ),
    (r"Option '(.+?)' requires an argument\.", "MissingValue", "{0} 옵션에 값이 필요합니다."),
    (r"Option '(.+?)' does not take a value\.", "UnexpectedValue", "{0} 옵션은 값을 받지 않습니다."),
    (r"Option '(.+?)' requires (\d+) arguments\.", "MissingValue", "{0} 옵션에 값이 {1}개 필요합니다."),
    (r"Argument '(.+?)' takes (\d+) values\.", "MissingValue", "{0} 인자는 값이 {1}개입니다."),
    (r"Invalid value for '(.+?)': (.*)", "BadValue", "{0} 값을 받을 수 없습니다: {1}"),
    (r"Invalid value: (.*)", "BadValue", "값을 받을 수 없습니다: {0}"),
)
_PROBLEMS: tuple[tuple[str, str], ...] = (
    (r"'(.*)' is not one of (.+)\.", "‘{0}’은(는) 다음 가운데 하나가 아닙니다: {1}"),
    (r"'(.*)' does not match the formats (.+)\.", "‘{0}’은(는) 이 형식이 아닙니다: {1}"),
    (r"Input should be a valid integer.*", "정수가 아닙니다"),
    (r"Unable to parse input string as an integer.*", "정수로 읽을 수 없습니다"),
    (r"Input should be a valid number.*", "수가 아닙니다"),
    (r"Input should be a valid boolean.*", "예 또는 아니요가 아닙니다"),
    (r"Input should be greater than or equal to (\S+)", "{0} 이상이어야 합니다"),
    (r"Input should be less than or equal to (\S+)", "{0} 이하여야 합니다"),
    (r"(.*) is not text in UTF-8\.", "{0}: UTF-8 글이 아닙니다"),
    (r"--lang takes ko or en\.", "--lang은 ko 또는 en입니다"),
    (r"--log takes json or console\.", "--log는 json 또는 console입니다"),
)
_FORMS = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH", "%M": "MM"}


def name_of(message: str) -> str:
    """What a wrong usage is called in its document."""
    return next((name for pattern, name, _ in _SAID if re.fullmatch(pattern, message, re.S)), "WrongUsage")


def word(message: str, lang: str) -> str:
    """The sentence in the reader's language."""
    said = " ".join(message.split()).replace("Value error, ", "")
    for form, letters in _FORMS.items():
        said = said.replace(form, letters)
    if lang == "en":
        return said
    for pattern, _, korean in _SAID:
        if found := re.fullmatch(pattern, said, re.S):
            parts = [_problem(one) for one in found.groups()]
            return _fill(korean, parts)
    return _problem(said)


def _problem(said: str) -> str:
    for pattern, korean in _PROBLEMS:
        if found := re.fullmatch(pattern, said, re.S):
            return _fill(korean, found.groups())
    return said


def _fill(template: str, parts: Any) -> str:
    named = {f"p{number}": part for number, part in enumerate(parts)}
    return fill(re.sub(r"\{(\d)\}", r"{p\1}", template), **named)


def show(error: Any, asked: Asked) -> int:
    """Say what was wrong, how the command is used and where help is; the exit code."""
    message = error.format_message()
    if asked.as_json:
        import json  # noqa: PLC0415 - few need it

        document = {
            "error": {
                "name": name_of(" ".join(message.split())),
                "message": word(message, asked.lang),
                "exit": error.exit_code,
            }
        }
        print(json.dumps(document, ensure_ascii=False))
        return int(error.exit_code)
    context = getattr(error, "ctx", None)
    if context is not None:
        print(context.get_usage(), file=sys.stderr)
        path = f"{context.command_path} --help"
        help_line = f"도움말: {path}" if asked.lang == "ko" else f"Try '{path}' for help."
        print(help_line, file=sys.stderr)
        print(file=sys.stderr)
    print(f"{'오류' if asked.lang == 'ko' else 'Error'}: {word(message, asked.lang)}", file=sys.stderr)
    return int(error.exit_code)
