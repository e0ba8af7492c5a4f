"""A proposal filled in by being asked for it, field by field; nothing is begun before the last yes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.errors import Bilingual, DonghaengError, Lang, Refusal
from domain.values import Indicator, LocalText, Milestone, Phase
from workflows.importing.cell_meanings import Unclear, day, money
from workflows.importing.folding import Directory

Values = dict[str, Any]
ReadLine = Callable[[str], str]
_MOST_WORDS_OF_A_DAY = 4  # “2027. 3. 2. (화)”


class NotAtATerminal(DonghaengError):
    """There is nobody to ask."""

    exit_code = 2
    ko = "터미널이 아니어서 물어볼 수 없습니다. --ask 없이 --start, --end, --budget 등으로 적거나 `donghaeng import`로 표를 가져오십시오."
    en = "This is no terminal, so nobody can be asked. Give --start, --end, --budget and the like without --ask, or a sheet with `donghaeng import`."


class NotGivenIn(Refusal):
    """The whole was shown, and was not agreed to."""

    ko = "제출하지 않았습니다. 기록된 것이 없습니다."
    en = "It was not handed in. Nothing was written."


class Question(msgspec.Struct, frozen=True):
    """`form`: how it is written; `read`: from a line, raises Unclear; `many`: one a line, until a blank one."""

    field: str
    label: Bilingual
    form: Bilingual
    read: Callable[[str], Any]
    needed: bool = False
    many: bool = False


def _text(line: str) -> LocalText:
    return LocalText(ko=line)


def _plain(line: str) -> str:
    return line


def _day(line: str) -> date:
    found: date = day(line).value
    return found


def _money(line: str) -> int:
    found: int = money(line).value
    return found


def _split_day(line: str) -> tuple[date, str]:
    """A day and what follows it, as “2027. 6. 28. 중간 점검”."""
    words = line.split()
    for count in range(min(_MOST_WORDS_OF_A_DAY, len(words)), 0, -1):
        try:
            return _day(" ".join(words[:count])), " ".join(words[count:])
        except Unclear:
            continue
    raise Unclear(
        "날짜로 시작하지 않습니다. 예: 2027-06-28", "it does not begin with a day, e.g. 2027-06-28."
    )


def _milestone(line: str) -> Milestone:
    due, name = _split_day(line)
    if not name:
        raise Unclear("날짜 뒤에 이름이 없습니다.", "no name follows the day.")
    return Milestone(id="", name=LocalText(ko=name), due=due)


def _indicator(line: str) -> Indicator:
    parts = [one.strip() for one in line.rsplit(",", 3)]
    if len(parts) != 4 or not all(parts):
        raise Unclear(
            "이름, 단위, 기준값, 목표값의 네 가지가 아닙니다.", "it is not name, unit, baseline and target."
        )
    name, unit, baseline, target = parts
    return Indicator(id="", name=LocalText(ko=name), unit=unit, baseline=baseline, target=target)


def _phase(line: str) -> Phase:
    first, rest = line.partition("~")[::2]
    ends, name = _split_day(rest)
    return Phase(name=LocalText(ko=name), starts=_day(first), ends=ends)


def _partner(agencies: Directory) -> Callable[[str], str]:
    def read_line(line: str) -> str:
        ids = agencies.find(line).ids
        if len(ids) != 1:
            raise Unclear(
                "등록되지 않은 기관이거나 둘 이상에 해당하는 이름입니다.",
                "no agency, or several, go by this name.",
            )
        return next(iter(ids))

    return read_line


_DAY = Bilingual("예: 2027-03-02, 2027. 3. 2.", "e.g. 2027-03-02")


def questions(agencies: Directory) -> Sequence[Question]:
    """All that a proposal says, in the order of its paper form."""
    return (
        Question("title", Bilingual("과제명", "title"), Bilingual("한국어", "in Korean"), _text, needed=True),
        Question(
            "department",
            Bilingual("소관부서", "department"),
            Bilingual("시 부서의 이름", "the city department's name"),
            _text,
        ),
        Question(
            "partners",
            Bilingual("협업기관", "partners"),
            Bilingual("이름이나 식별자, 한 줄에 하나", "name or id, one a line"),
            _partner(agencies),
            many=True,
        ),
        Question("start", Bilingual("시작일", "first day"), _DAY, _day, needed=True),
        Question("end", Bilingual("종료일", "last day"), _DAY, _day, needed=True),
        Question(
            "budget_krw",
            Bilingual("예산(원)", "budget (KRW)"),
            Bilingual("예: 120,000,000, 1억 2천만원", "e.g. 120,000,000"),
            _money,
            needed=True,
        ),
        Question("not_before", Bilingual("착수 제한일", "not before"), _DAY, _day),
        Question(
            "milestones",
            Bilingual("추진일정", "milestones"),
            Bilingual("날짜와 이름, 예: 2027-06-28 중간 점검", "day and name, e.g. 2027-06-28 Midway check"),
            _milestone,
            many=True,
        ),
        Question(
            "indicators",
            Bilingual("성과지표", "indicators"),
            Bilingual(
                "이름, 단위, 기준값, 목표값. 예: 이용자, 명, 0, 1200",
                "name, unit, baseline, target, e.g. riders, persons, 0, 1200",
            ),
            _indicator,
            many=True,
        ),
        Question(
            "phases",
            Bilingual("시기", "seasons"),
            Bilingual("예: 2027-03-02~2027-05-31 봄", "e.g. 2027-03-02~2027-05-31 Spring"),
            _phase,
            many=True,
        ),
        Question("summary", Bilingual("개요", "summary"), Bilingual("몇 문장", "a few sentences"), _plain),
    )


def read_from_terminal(prompt: str) -> str:
    """A line, asked for on stderr, so that stdout holds the answer alone. Raises NotAtATerminal, KeyboardInterrupt."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NotAtATerminal
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt  # Ctrl-D: nobody answers any more
    return line.strip()


def ask_whole(
    asked: Sequence[Question],
    known: Mapping[str, Any],
    lang: Lang,
    read_line: ReadLine,
    say: Callable[[str], None],
) -> Values:
    """Each field's value. `known`: what stands where a line is left blank; a lone “-” empties it."""
    say(
        "빈 줄은 [ ] 안의 값을 그대로 두고, -는 비웁니다. Ctrl-C를 누르면 아무것도 남지 않습니다."
        if lang == "ko"
        else "A blank line keeps what stands in [ ], a - empties it. Ctrl-C leaves nothing behind."
    )
    return {one.field: _ask(one, known.get(one.field), lang, read_line, say) for one in asked}


def _ask(one: Question, known: Any, lang: Lang, read_line: ReadLine, say: Callable[[str], None]) -> Any:
    """One field: its line, or of several its lines until a blank one."""
    stands = f" [{spell(known, lang)}]" if known not in (None, ()) else ""
    prompt = f"{one.label.say(lang)} ({one.form.say(lang)}){stands}: "
    found: list[Any] = []
    while True:
        line = read_line("  … " if found else prompt)
        try:
            if found and not line:
                return _give_ids(one.field, found)
            if line in ("", "-"):
                return _without_answer(one, known, emptied=line == "-")
            found.append(one.read(line))
        except Unclear as unclear:
            say(f"  {unclear.problem.say(lang)}")
            continue
        if not one.many:
            return found[0]


def _without_answer(one: Question, known: Any, *, emptied: bool) -> Any:
    """What stands, or nothing where that may be. Raises Unclear."""
    nothing = () if one.many else None
    stands = nothing if known is None else known
    if one.needed and (emptied or stands == nothing):
        raise Unclear("생략할 수 없습니다.", "it cannot be left out.")
    return nothing if emptied else stands


def _give_ids(field: str, found: Sequence[Any]) -> tuple[Any, ...]:
    """Milestones and indicators with ids, by which reports name them: m1, m2 …, i1, i2 …"""
    if field not in ("milestones", "indicators"):
        return tuple(found)
    return tuple(msgspec.structs.replace(one, id=f"{field[0]}{at}") for at, one in enumerate(found, start=1))


def spell(value: Any, lang: Lang) -> str:
    """A value as it is typed."""
    match value:
        case None:
            return ""
        case tuple():
            return "; ".join(spell(one, lang) for one in value)
        case LocalText():
            return value.say(lang)
        case Milestone():
            return f"{value.due} {value.name.say(lang)}"
        case Indicator():
            return f"{value.name.say(lang)}, {value.unit}, {value.baseline}, {value.target}"
        case Phase():
            return f"{value.starts}~{value.ends} {value.name.say(lang)}"
        case int():
            return f"{value:,}"
    return str(value)


def show_whole(asked: Sequence[Question], values: Values, lang: Lang, say: Callable[[str], None]) -> None:
    """All that was answered, a line a field."""
    say("")
    for one in asked:
        said = spell(values[one.field], lang)
        say(f"  {one.label.say(lang)}: {said or ('없음' if lang == 'ko' else 'none')}")


def agree(prompt: str, lang: Lang, read_line: ReadLine) -> None:
    """Raises NotGivenIn where what the prompt asks, in the reader's language, is not agreed to."""
    if read_line(Bilingual(prompt, prompt).say(lang)).casefold() not in ("예", "네", "ㅇ", "y", "yes"):
        raise NotGivenIn
