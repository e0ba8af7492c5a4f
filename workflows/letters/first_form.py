"""The words of messages that were composed before letters were in one language: what was sent so is read so for ever."""

from __future__ import annotations

import html
from collections.abc import Sequence

from domain.errors import Lang
from workflows.letters.lines import Line
from workflows.letters.mime import Written

FORM = 1


def write(lines: Sequence[Line], *, simulated: bool) -> Written:
    """In both languages, the Korean first."""
    return Written(_subject(lines, simulated=simulated), _text(lines), _page(lines))


def _subject(lines: Sequence[Line], *, simulated: bool) -> str:
    first = lines[0]
    more = f" 외 {len(lines) - 1}건" if len(lines) > 1 else ""
    mark = "[모의] " if simulated else ""
    return f"{mark}[동행] 기한 알림: {first.task} {first.what.ko} {first.due}{more}"


def _text(lines: Sequence[Line]) -> str:
    known = [notice for line in lines for notice in line.notices]
    return "\n".join(
        (
            "동행 기한 알림",
            "",
            *(f"- {say_line(line, 'ko')}" for line in lines),
            "",
            "확인하셨으면: donghaeng notice acknowledge 알림번호",
            "",
            "Deadlines of your collaboration tasks",
            "",
            *(f"- {say_line(line, 'en')}" for line in lines),
            "",
            "알림번호 (notice ids):",
            *known,
            "",
        )
    )


def _page(lines: Sequence[Line]) -> str:
    def listed(lang: Lang) -> str:
        return "".join(f"<li>{html.escape(say_line(line, lang))}</li>" for line in lines)

    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>동행 기한 알림</title></head><body>'
        f"<h1>동행 기한 알림</h1><ul>{listed('ko')}</ul>"
        f'<h2 lang="en">Deadlines of your collaboration tasks</h2><ul lang="en">{listed("en")}</ul>'
        "</body></html>\n"
    )


def say_line(line: Line, lang: Lang) -> str:
    """One deadline in one line."""
    title, what = line.title.say(lang), line.what.say(lang)
    if lang == "ko":
        when = (
            f"{line.left}영업일 남음"
            if line.left > 0
            else "오늘까지"
            if not line.left
            else f"{-line.left}영업일 지남"
        )
        more = " (늦게 보내는 알림)" * line.late + " (직무대리로서 받으시는 알림)" * line.stands_in
        changed = "" if line.was is None else f"({line.was}에서 변경)"
        return f"{line.task} {title}: {what}, 기한 {line.due}{changed}, {when}{more}"
    days = f"{abs(line.left)} business day{'s' * (abs(line.left) != 1)}"
    when = f"{days} left" if line.left > 0 else "today" if not line.left else f"{days} overdue"
    more = " (sent late)" * line.late + " (you stand in for somebody)" * line.stands_in
    changed = "" if line.was is None else f" (changed from {line.was})"
    return f"{line.task} {title}: {what}, due {line.due}{changed}, {when}{more}"
