"""The page of what a definition's letters may say: every value with its kind and a sample, from the code."""

from __future__ import annotations

from domain.errors import Bilingual
from domain.lifecycle.letter_templates import FILTERS, LONGEST_TEMPLATE, MOST_NESTED, MOST_NODES
from domain.lifecycle.letter_values import LETTER_VALUES, LetterValue
from domain.lifecycle.letters import LONGEST_SENDER, MOST_LETTERS
from domain.limits import LONGEST_TITLE

_HEAD = f"""# What a letter may say

Made by `python -m scripts.pages` from the code. A lifecycle definition may have its reminders go out in letters of its own ([how](tutorial/definition.md)): `subject` and `text` in both languages, as templates of [Jinja2](https://jinja.palletsprojects.com) over the values below.

**Of that language there is** `{{{{ value }}}}`, `{{{{ value | filter }}}}` with {", ".join(f"`{one}`" for one in FILTERS)}, `{{{{ one or other }}}}`, `{{{{ one if … else other }}}}`, `{{% if … %}}`, `{{% elif … %}}`, `{{% else %}}`, `{{% endif %}}`, comparisons (`==`, `!=`; of numbers `<`, `<=`, `>`, `>=`), `and`, `or`, `not`, texts and numbers, `{{# … #}}` and `{{% raw %}}`. No loops, calls, attributes, arithmetic or anything else: it is refused by its entry and line when the definition is checked or adopted, as is what compares a text with a number.

**Particles** that are left open behind a value, as in `{{{{ what }}}}을(를)`, are settled by its last sound, also behind a quotation mark that closes it. A value is what it was when the message was put together. What stands in a value is never a template, a particle or markup; direction marks in it are shown by their names.

**What may be absent** is an empty text, so that `{{% if was %}}` asks for it and `{{{{ name or office }}}}` stands in for it. A letter has to say something without any of these.

**Bounds.** At most {MOST_LETTERS} letters, each text of {LONGEST_TEMPLATE} characters, each subject a line of {LONGEST_TITLE}, filled in too; {MOST_NODES} parts, nested {MOST_NESTED} deep; a sender's name of {LONGEST_SENDER} characters.

| value | kind | what it is | sample | may be absent |
|---|---|---|---|---|"""
_KINDS = {"text": "text", "int": "number", "bool": "yes or no"}


def letters_page() -> str:
    """Every value, in the order in which it is declared."""
    return "\n".join([_HEAD, *map(_row, LETTER_VALUES), ""])


def _row(one: LetterValue) -> str:
    sample = (
        f"{one.sample.ko} / {one.sample.en}" if isinstance(one.sample, Bilingual) else str(one.sample).lower()
    )
    absent = "yes" if one.absent else ""
    return f"| `{one.name}` | {_KINDS[one.type]} | {one.label.ko} / {one.label.en} | {sample} | {absent} |"
