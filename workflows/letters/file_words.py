"""What a letter says of the calendar files that it brings along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.limits import legible
from workflows.feed import Entry
from workflows.letters.lines import Line
from workflows.letters.outdated import Outdated
from workflows.letters.pieces import Paragraph
from workflows.letters.words import Words


def explain_files(words: Words, lines: Sequence[Line], outdated: Sequence[Outdated]) -> Iterator[Paragraph]:
    """What the files are for that come along."""
    if any(line.entry is not None for line in lines):
        yield Paragraph(
            (
                words.either(
                    "첨부한 달력 파일(.ics)을 열면 기한을 달력에 등록할 수 있습니다. 기한이 변경되면 새 파일을 보내며, 열면 등록한 기한이 갱신됩니다.",
                    "The attached calendar file (.ics) puts the deadline into your calendar. Should it move, another comes, which updates what is there.",
                ),
            )
        )
    moved, gone = (
        [one.entry for one in outdated if one.method == method] for method in ("PUBLISH", "CANCEL")
    )
    if moved:
        yield Paragraph(
            (
                words.either(
                    "전에 보낸 달력 파일의 기한이 다음과 같이 변경되었습니다. 첨부한 파일을 열면 달력의 기한이 갱신됩니다.",
                    "Deadlines that came with calendar files before have changed. The attached files update them:",
                ),
                *(_say_entry(words, one) for one in moved),
            )
        )
    if gone:
        yield Paragraph(
            (
                words.either(
                    "전에 보낸 달력 파일의 기한 가운데 다음은 더 이상 이행하실 것이 없습니다. 첨부한 취소 파일(.cancel.ics)을 열면 달력에서 삭제됩니다.",
                    "Of the deadlines that came with calendar files before, nothing is left to do for these. The attached cancellations (.cancel.ics) take them out of your calendar:",
                ),
                *(_say_entry(words, one) for one in gone),
            )
        )


def _say_entry(words: Words, one: Entry) -> str:
    what = one.describe().say(words.lang)
    return f"- {one.task} {words.name(one.title)}: {legible(what)}, {words.day(one.deadline.due)}"
