"""What lies beside the log, held against the facts: texts, attached files, command ids and, where the key file is here, the vault."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from domain.errors import Bilingual
from projections.texts import PROBLEMS
from store.beside import CheckBeside
from store.beside_found import Beside, First, Known, Wrong
from store.connecting import Connection
from store.log import Store
from store.texts import TextState
from store.whole_log import WholeLog, snapshot
from trail.english import many
from trail.verdict import Verdict

_TEXTS = {
    Wrong.TEXT_CHANGED: PROBLEMS[TextState.CHANGED],
    Wrong.TEXT_MISSING: PROBLEMS[TextState.MISSING],
    Wrong.TEXT_KEPT: Bilingual(
        "이 기록은 비공개 처리되었다고 하나 글이 그대로 있습니다",
        "is still there, though this fact says that it was redacted",
    ),
    Wrong.TEXT_UNREFERENCED: Bilingual(
        "어떤 기록도 이 글을 가리키지 않습니다", "is one that no fact commits to"
    ),
}
_ATTACHMENTS = {
    Wrong.ATTACHMENT_CHANGED: Bilingual(
        "내용이 봉인된 지문과 다릅니다", "has other bytes than the digest that its fact commits to"
    ),
    Wrong.ATTACHMENT_MISSING: Bilingual(
        "내용이 없으며 그 사유를 밝힌 기록도 없습니다", "has no bytes, and no fact says why"
    ),
    Wrong.ATTACHMENT_KEPT: Bilingual(
        "이 기록은 비공개 처리되었다고 하나 내용이 그대로 있습니다",
        "still has its bytes, though this fact says that it was redacted",
    ),
    Wrong.ATTACHMENT_UNREFERENCED: Bilingual(
        "어떤 기록도 이 내용을 가리키지 않습니다", "has bytes that no fact refers to"
    ),
}
_COMMANDS = {
    Wrong.COMMAND_CHANGED: Bilingual(
        "명령 번호의 행이 기록과 다릅니다(번호, 위치 또는 시각)",
        "its row differs from its facts: in id, positions or times",
    ),
    Wrong.COMMAND_MISSING: Bilingual("명령 번호의 행이 없습니다", "its row is missing"),
    Wrong.COMMAND_ADDED: Bilingual(
        "어떤 기록도 이 명령에서 나오지 않았습니다", "no fact begins with this command"
    ),
}


class BesidePart:
    """Whether all texts and command ids are what the facts say, also what is not sealed yet. See trail_parts.Part."""

    where = "texts"

    def __init__(self, connection: Connection) -> None:
        self._checking = CheckBeside(connection)
        self.take, self.close = self._checking.take, self._checking.close
        self.found = Beside()

    def end(self) -> None:
        self.found = self._checking.end()

    def say(self, verdict: Verdict) -> None:
        say_beside(self.found, verdict)


def check_beside(store: Store, known: Known = ()) -> Beside:
    """All texts and command ids against all facts, in one snapshot. `known`: what was found before."""
    with snapshot(store) as connection, closing(CheckBeside(connection, known)) as checking:
        for _ in WholeLog(store, connection, (checking,)).all():
            pass
        return checking.end()


def say_beside(found: Beside, verdict: Verdict) -> None:
    if not _fails(found, verdict, "texts", Bilingual("글 {0}:", "text {0}"), _TEXTS):
        verdict.holds(
            "texts",
            f"글 {found.texts:,}건이 모두 봉인된 지문과 같습니다(비공개 처리 {found.redacted:,}건)",
            f"{many(found.texts, 'text is', 'texts are')} what the facts commit to; {found.redacted:,} redacted",
        )
    attached = _fails(found, verdict, "attachments", Bilingual("첨부 {0}:", "attachment {0}"), _ATTACHMENTS)
    if not attached and found.attachments:
        verdict.holds(
            "attachments",
            f"첨부 {found.attachments:,}건의 내용이 모두 봉인된 지문과 같습니다",
            f"the bytes of {many(found.attachments, 'attachment are', 'attachments are')} what the facts commit to",
        )
    if not _fails(found, verdict, "commands", Bilingual("명령 {0}:", "command {0}:"), _COMMANDS):
        verdict.holds(
            "commands",
            f"명령 번호 {found.commands:,}건이 기록과 맞습니다",
            f"{many(found.commands, 'command id fits its facts', 'command ids fit their facts')}",
        )
    if found.taken_in:
        verdict.remarks(
            "taken in",
            f"처음 {found.taken_in:,}건은 이 저장소보다 먼저 적힌 것으로 내보내기에서 가져온 기록입니다. "
            f"명령 번호와 글 {found.left_behind:,}건은 함께 오지 않았습니다",
            f"the first {many(found.taken_in, 'fact')} are older than this store and came out of an export, "
            f"which leaves command ids and texts behind: {many(found.left_behind, 'text is', 'texts are')} not here",
        )


def _fails(
    found: Beside, verdict: Verdict, where: str, what: Bilingual, said: Mapping[Wrong, Bilingual]
) -> bool:
    """Say of each kind of wrong the first and how many; whether there is any. `what`: to be filled with the id."""
    wrong = [kind for kind in said if kind in found.wrong]
    for kind in wrong:
        first, problem = found.wrong[kind], said[kind]
        verdict.fails(
            where,
            f"{_at(first, 'ko')}{what.ko.format(first.id)} {problem.ko}{_count(first, 'ko')}",
            f"{_at(first, 'en')}{what.en.format(first.id)} {problem.en}{_count(first, 'en')}",
        )
    return bool(wrong)


def _at(first: First, lang: str) -> str:
    if first.position is None:
        return ""
    return f"{first.position}번 기록, " if lang == "ko" else f"event {first.position}, "


def _count(first: First, lang: str) -> str:
    if first.count == 1:
        return ""
    return f"(총 {first.count:,}건)" if lang == "ko" else f" ({first.count:,} such in all)"
