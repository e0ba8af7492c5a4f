"""The words of a letter, in one language: what is due, why, what to do and how, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from domain.errors import Lang
from domain.lifecycle.letters import LetterWords
from domain.limits import legible
from domain.values import LocalText
from trail.english import many
from workflows.letters.addressing import greeting
from workflows.letters.file_words import explain_files
from workflows.letters.lines import Line
from workflows.letters.meeting_words import list_rows, say_first, say_meeting
from workflows.letters.mime import Written
from workflows.letters.outdated import Outdated
from workflows.letters.own_words import as_paragraphs, write_own
from workflows.letters.phrases import describe_past, name_command, name_owing, where_of
from workflows.letters.pieces import Item, Paragraph, Piece, Row, as_html, as_text
from workflows.letters.words import Words

FORM = 5
SAYS_CHANGES = 5  # from this form on, also where not the last of a deadline's reminders tells of it
SAYS_QUARTERS = 4  # from this form on, as people read them
PUTS_RIGHT = 4  # and what calendars have from mails of before, and is not due so any more
TELLS_THE_PAST = 3  # from this form on: who was told before, the person's name, and files for a calendar


class Sender(msgspec.Struct, frozen=True):
    """Who writes: the city, where an answer goes, and where tasks are seen, as far as there are such."""

    city: LocalText | None
    reply_to: str | None
    console: str | None


def write(
    lines: Sequence[Line],
    lang: Lang,
    sender: Sender,
    name: str | None = None,
    *,
    outdated: Sequence[Outdated] = (),
    simulated: bool,
) -> Written:
    """The first line says whom it is for, of which task what is due, and until when. `outdated`: what it puts right in a calendar."""
    words = Words(lang)
    city = words.name(sender.city, words.either("시", "the city"))
    own = [write_own(words, one, (city, sender.reply_to, sender.console), name) for one in lines]
    subject = _subject(lines, lang, own[0], simulated=simulated)
    pieces: list[Piece] = []
    if opening := _opening(words, lines, (city, name), own[0], simulated=simulated):
        pieces.append(Paragraph(tuple(opening)))
    for one, said in zip(lines, own, strict=True):
        if said is None:
            pieces.append(_item(words, one, city, sender.console))
            continue
        if len(lines) > 1:
            pieces.append(Item(_heading(words, one), tuple(_due_until(words, one))))
        pieces += as_paragraphs(said)
    pieces += explain_files(words, lines, outdated)
    pieces += _closing(words, lines, city, sender)
    sent_by = None if own[0] is None else own[0].sender
    return Written(subject, as_text(pieces), as_html(pieces, subject, lang), sent_by)


def _subject(lines: Sequence[Line], lang: Lang, own: LetterWords | None, *, simulated: bool) -> str:
    """What is the most pressing, in the line by which a mail is chosen to be read. `own`: what a letter of its says."""
    words = Words(lang)
    said = _first_words(words, lines[0]) if own is None else own.subject
    more = words.either(" 외 {0}건", " and {0} more", len(lines) - 1) if len(lines) > 1 else ""
    mark = words.either("[모의] ", "[simulated] ") if simulated else ""
    return f"{mark}{said}{more}"


def _first_words(words: Words, first: Line) -> str:
    if first.stands_for_meeting:
        head = words.either("[동행]", "[Donghaeng]")
        return f"{head} {say_first(words, first)}: {first.task} {words.name(first.title)}"
    what = f"{first.task} {words.name(first.what)}"
    if first.left < 0:
        when = words.either(
            "기한 {0}영업일 지남", "{1} overdue", -first.left, many(-first.left, "business day")
        )
    elif first.left == 0:
        when = words.either("오늘까지", "due today")
    else:
        when = words.either("{0}까지", "due {0}", words.day(first.due))
    return f"{words.either('[동행]', '[Donghaeng]')} {when}: {what}"


def _opening(
    words: Words,
    lines: Sequence[Line],
    between: tuple[str, str | None],
    own: LetterWords | None,
    *,
    simulated: bool,
) -> list[str]:
    """`between`: the city, and the name of the person whom it writes to, where there is one. `own`: where a letter says what
    the first deadline is, nobody is greeted twice.
    """
    said = [] if own is not None else [_greet(words, lines[0], *between)]
    if len(lines) > 1:
        said.append(
            words.either(
                "이 메일에는 기한이 있는 일 {0}건이 있습니다. 급한 것부터 적었습니다.",
                "Deadlines in this mail: {0}, the most pressing first.",
                len(lines),
            )
        )
    if simulated:
        said.append(words.either("모의 실행의 메일입니다.", "This mail is of a simulation."))
    return said


def _greet(words: Words, first: Line, city: str, name: str | None) -> str:
    """Whom it is for, and what is due."""
    agency = words.name(first.agency, words.either("기관", "the agency"))
    form = greeting(first.to, named=name is not None)
    hello = words.either(form.ko, form.en, agency, city, legible(name or ""), words.name(first.to_name))
    return f"{hello} {_sentence(words, first, city)}"


def _sentence(words: Words, line: Line, city: str) -> str:
    if line.meeting is not None and line.stands_for_meeting:
        return say_meeting(words, line, line.meeting)
    of = (
        ("과제 {0} ‘{1}’", "task {0} “{1}”")
        if line.meeting is None
        else ("회의 {0} ‘{1}’", "meeting {0} “{1}”")
    )
    task = words.either(*of, line.task, words.name(line.title))
    what, day = words.name(line.what), words.day(line.due)
    days = abs(line.left)
    counted = many(days, "business day")
    if line.escalates:
        owing = city if line.who == "city" else words.name(line.agency, words.either("기관", "the agency"))
        return words.either(
            "{0}이(가) {1}의 {2}을(를) 기한인 {3}까지 이행하지 않았습니다. {4}영업일째 지연되고 있습니다.",
            "{0} has not done {2} of {1}, which was due on {3}: it is {5} overdue.",
            *(owing, task, what, day, days, counted),
        )
    if line.left < 0:
        return words.either(
            "{0}의 {1} 기한이 {2}이었고 {3}영업일 지났습니다.",
            "{1} of {0} was due on {2}, {4} ago.",
            *(task, what, day, days, counted),
        )
    if line.left == 0:
        return words.either(
            "{0}의 {1} 기한은 오늘({2})입니다.", "{1} of {0} is due today, {2}.", task, what, day
        )
    return words.either(
        "{0}의 {1} 기한은 {2}이며 {3}영업일 남았습니다.",
        "{1} of {0} is due on {2}, in {4}.",
        *(task, what, day, days, counted),
    )


def _item(words: Words, line: Line, city: str, console: str | None) -> Item:
    return Item(_heading(words, line), tuple(_rows(words, line, city, console)))


def _heading(words: Words, line: Line) -> str:
    return f"{line.task} {words.name(line.title)}"


def _rows(words: Words, line: Line, city: str, console: str | None) -> Iterator[Row]:
    if line.meeting is not None and line.stands_for_meeting:
        yield from list_rows(words, line, line.meeting)
        yield from _remarks(words, line)
        return
    yield from _due_until(words, line)
    if owing := name_owing(words, line, city):
        yield Row(words.either("담당", "By"), owing)
    if line.escalates and line.told is not None:
        yield Row(words.either("이전 알림", "Told before"), describe_past(words, line.told))
    if line.basis is not None:
        yield Row(words.either("근거", "Why"), f"{words.name(line.basis)} ({line.by})")
    if (asks := line.asks) is not None:
        asked = words.either(
            "담당 기관이 이행하도록 조치하십시오: {0}", "See that it is done: {0}", asks.say(words.lang)
        )
        yield Row(
            words.either("하실 일", "To do"),
            asked if line.escalates and line.who == "agency" else asks.say(words.lang),
        )
    yield _way(words, line, console)
    yield from _remarks(words, line)


def _remarks(words: Words, line: Line) -> Iterator[Row]:
    remarks = []
    if line.late:
        remarks.append(words.either("늦게 보내는 알림입니다.", "This reminder comes late."))
    if line.stands_in:
        remarks.append(
            words.either("직무대리로서 받으시는 알림입니다.", "You get it standing in for somebody.")
        )
    if remarks:
        yield Row(words.either("비고", "Remark"), " ".join(remarks))


def _due_until(words: Words, line: Line) -> Iterator[Row]:
    yield Row(words.either("할 일", "Due"), words.name(line.what))
    when = f"{words.day(line.due)}, {words.left(line)}"
    if line.was is not None:
        when += words.either(" (전에 알린 기한 {0})", " (told before: {0})", words.day(line.was))
    yield Row(words.either("기한", "Until"), when, alarm=line.left < 0)


def _way(words: Words, line: Line, console: str | None) -> Row:
    """How it is done: on the task's page, or by a command."""
    if (page := where_of(line, console)) is not None:
        return Row(words.either("처리 화면", "Where"), page, link=True)
    return Row(words.either("명령", "Command"), name_command(line))


def _closing(words: Words, lines: Sequence[Line], city: str, sender: Sender) -> list[Paragraph]:
    said: list[Paragraph] = []
    if sender.reply_to is not None:
        said.append(
            Paragraph(
                (
                    words.either(
                        "직접 입력하기 어려우면 이 메일에 답장하여 처리한 내용이나 늦어지는 사유를 적어 주십시오. {0} 총괄부서가 입력합니다.",
                        "If you cannot enter it yourself, answer this mail and say what was done or why it will be late: the planner of {0} enters it.",
                        city,
                    ),
                    words.either(
                        "문의: {0} 총괄부서 {1}", "Contact: the planner of {0}, {1}", city, sender.reply_to
                    ),
                )
            )
        )
    said.append(
        Paragraph(
            (
                words.either(
                    "{0} 협업과제 관리 ‘동행’에서 보냅니다.",
                    "Sent by Donghaeng, the collaboration tasks of {0}.",
                    city,
                ),
                words.either(
                    "이미 처리하셨으면 이 알림은 지나치셔도 됩니다. 알림을 보셨다는 표시는 donghaeng notice acknowledge 알림번호 명령으로 남깁니다.",
                    "Where it is done already, nothing is left to do. The command donghaeng notice acknowledge NOTICE records that you have seen a reminder.",
                ),
                words.either("알림번호:", "Notices:"),
                *(notice for line in lines for notice in line.notices),
            ),
            faint=True,
        )
    )
    return said
