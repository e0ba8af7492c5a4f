"""The letters of a definition's own: by which words a ladder's reminders go out, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from domain.errors import Lang
from domain.lifecycle.letter_templates import LONGEST_TEMPLATE, Template, make_template
from domain.lifecycle.letter_values import Values, make_samples
from domain.lifecycle.naming import BothLanguages, OwnName
from domain.lifecycle.part import Part
from domain.lifecycle.rules import EscalationPolicy
from domain.limits import LONGEST_TITLE, MOST_RUNGS, check_once, check_text
from domain.refusals import bad_input, validation_error
from domain.values import LocalText

MOST_LETTERS = 40
LONGEST_SENDER = 60
LANGS: tuple[Lang, ...] = ("ko", "en")


def _check_body(said: LocalText) -> LocalText:
    if said.en is None:
        raise validation_error("missing", "en")
    return LocalText(
        ko=check_text(said.ko, "ko", LONGEST_TEMPLATE), en=check_text(said.en, "en", LONGEST_TEMPLATE)
    )


def _check_sender(said: LocalText) -> LocalText:
    for lang in LANGS:
        if len(said.say(lang)) > LONGEST_SENDER:
            raise validation_error("text_too_long", lang, max=LONGEST_SENDER)
    return said


class LetterRule(Part):
    """`ladder`: whose reminders it words, `days`: of which rungs, where none is said of all that no other letter words.

    `subject` (a line), `text`: templates over the values of `letter_values.py`; `sender`: the name that the mail comes from.
    """

    letter: OwnName
    ladder: str
    days: Annotated[tuple[int, ...], Field(max_length=MOST_RUNGS)] = ()
    subject: BothLanguages
    text: Annotated[LocalText, AfterValidator(_check_body)]
    sender: Annotated[BothLanguages, AfterValidator(_check_sender)] | None = None


class LetterWords(NamedTuple):
    """What a letter comes to. `sender`: whose name it bears; None: that of the machine's settings."""

    subject: str
    text: str
    sender: str | None


def check_letters(letters: Sequence[LetterRule], ladders: Sequence[EscalationPolicy]) -> None:
    """Refuse a letter of no ladder or rung, and a second one of the same."""
    check_once([one.letter for one in letters], "letters[{}].letter")
    rungs = {one.name: {rung.days for rung in one.rungs} for one in ladders}
    worded: set[tuple[str, int | None]] = set()
    for number, one in enumerate(letters):
        at = f"letters[{number}]"
        if one.ladder not in rungs:
            raise validation_error("no_such_ladder", f"{at}.ladder", ladder=one.ladder)
        _check_rungs(one.days, rungs[one.ladder], f"{at}.days")
        words = {(one.ladder, rung) for rung in one.days or (None,)}
        if words & worded:
            raise validation_error("letter_twice", f"{at}.days", ladder=one.ladder)
        worded |= words


def _check_rungs(days: Sequence[int], known: Collection[int], at: str) -> None:
    check_once([str(one) for one in days], f"{at}[{{}}]")
    for place, one in enumerate(days):
        if one not in known:
            raise validation_error("letter_no_rung", f"{at}[{place}]", days=one)


def find_letter(letters: Sequence[LetterRule], ladder: str, days: int) -> LetterRule | None:
    """That of the rung; else that of the whole ladder."""
    there = [one for one in letters if one.ladder == ladder]
    return next(
        (one for one in there if days in one.days), next((one for one in there if not one.days), None)
    )


def write_words(rule: LetterRule, lang: Lang, values: Values) -> LetterWords | None:
    """The letter in words. None where it is not one that could be adopted, or says nothing: then the program's words go."""
    try:
        subject, text = (make_template(one.say(lang)).write(values) for one in (rule.subject, rule.text))
    except PydanticCustomError:  # a log of elsewhere may hold what was never checked
        return None
    subject = " ".join(subject.split())
    if not subject or not text:
        return None
    short = subject if len(subject) <= LONGEST_TITLE else f"{subject[: LONGEST_TITLE - 1]}…"
    return LetterWords(short, text, None if rule.sender is None else rule.sender.say(lang))


def check_templates(letters: Sequence[LetterRule]) -> None:
    """Refuse a template that cannot be written, or comes to nothing or too much with sample values. Raises BadInput."""
    for one in letters:
        for lang in LANGS:
            for field, said, longest in (
                ("subject", one.subject, LONGEST_TITLE),
                ("text", one.text, LONGEST_TEMPLATE),
            ):
                try:
                    _try(make_template(said.say(lang)), lang, longest)
                except PydanticCustomError as error:
                    raise bad_input(error, f"letters[{one.letter}].{field}.{lang}") from None


def _try(template: Template, lang: Lang, longest: int) -> None:
    samples = make_samples(lang)
    for values in (*samples.ahead, *samples.over):
        said = template.write(values)
        if not said:
            raise validation_error("letter_blank")
        if len(said) > longest:
            raise validation_error("letter_too_long", max=longest)


def sample_words(rule: LetterRule, lang: Lang) -> Iterator[LetterWords]:
    """The letter as it may go out on its rungs: with all values and with the least of them, before the day and after it."""
    samples = make_samples(lang)
    ahead = samples.ahead if not rule.days or min(rule.days) <= 0 else ()
    over = samples.over if not rule.days or max(rule.days) > 0 else ()
    found = (write_words(rule, lang, values) for values in (*ahead, *over))
    return iter(dict.fromkeys(one for one in found if one is not None))
