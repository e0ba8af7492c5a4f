"""What lies beside the log, held against the facts: texts, command ids and, where the key file is here, the vault."""

from __future__ import annotations

from domain.english import many
from projections.trail.leaves import Tick
from projections.trail.verdict import Verdict
from store.beside import Beside, First, Wrong, check_beside
from store.log import Store

_TEXTS = {
    Wrong.TEXT_CHANGED: ("본문이 봉인된 지문과 다릅니다", "differs from its commitment"),
    Wrong.TEXT_MISSING: ("글이 없으며 까닭을 적은 기록도 없습니다", "is missing and no fact says why"),
    Wrong.TEXT_KEPT: (
        "이 기록은 비공개 처리되었다고 하나 글이 그대로 있습니다",
        "is still there, though this fact says that it was redacted",
    ),
    Wrong.TEXT_UNREFERENCED: ("어떤 기록도 이 글을 가리키지 않습니다", "is one that no fact commits to"),
}
_COMMANDS = {
    Wrong.COMMAND_CHANGED: (
        "명령 번호의 행이 기록과 다릅니다(번호, 위치 또는 시각)",
        "its row differs from its facts: in id, positions or times",
    ),
    Wrong.COMMAND_MISSING: ("명령 번호의 행이 없습니다", "its row is missing"),
    Wrong.COMMAND_ADDED: ("어떤 기록도 이 명령에서 나오지 않았습니다", "no fact begins with this command"),
}


def verify_beside(store: Store, verdict: Verdict, tick: Tick) -> None:
    """Say in the verdict whether all texts and command ids are what the facts say, also what is not sealed yet."""
    with store.connection() as connection:
        found = check_beside(connection, tick)
    _say_texts(found, verdict)
    _say_commands(found, verdict)
    if found.taken_in:
        verdict.remarks(
            "taken in",
            f"처음 {found.taken_in:,}건은 이 저장소보다 먼저 적힌 것으로 내보내기에서 가져온 기록입니다. "
            f"명령 번호와 글 {found.left_behind:,}건은 함께 오지 않았습니다",
            f"the first {many(found.taken_in, 'fact')} are older than this store and came out of an export, "
            f"which leaves command ids and texts behind: {many(found.left_behind, 'text is', 'texts are')} not here",
        )


def _say_texts(found: Beside, verdict: Verdict) -> None:
    wrong = [kind for kind in _TEXTS if kind in found.wrong]
    for kind in wrong:
        first, (ko, en) = found.wrong[kind], _TEXTS[kind]
        verdict.fails(
            "texts",
            f"{_at(first, 'ko')}글 {first.id}: {ko}{_count(first, 'ko')}",
            f"{_at(first, 'en')}text {first.id} {en}{_count(first, 'en')}",
        )
    if not wrong:
        verdict.holds(
            "texts",
            f"글 {found.texts:,}건이 모두 봉인된 지문과 같습니다(비공개 처리 {found.redacted:,}건)",
            f"{many(found.texts, 'text is', 'texts are')} what the facts commit to; {found.redacted:,} redacted",
        )


def _say_commands(found: Beside, verdict: Verdict) -> None:
    wrong = [kind for kind in _COMMANDS if kind in found.wrong]
    for kind in wrong:
        first, (ko, en) = found.wrong[kind], _COMMANDS[kind]
        verdict.fails(
            "commands",
            f"{_at(first, 'ko')}명령 {first.id}: {ko}{_count(first, 'ko')}",
            f"{_at(first, 'en')}command {first.id}: {en}{_count(first, 'en')}",
        )
    if not wrong:
        verdict.holds(
            "commands",
            f"명령 번호 {found.commands:,}건이 기록과 맞습니다",
            f"{many(found.commands, 'command id fits its facts', 'command ids fit their facts')}",
        )


def _at(first: First, lang: str) -> str:
    if first.position is None:
        return ""
    return f"{first.position}번 기록, " if lang == "ko" else f"event {first.position}, "


def _count(first: First, lang: str) -> str:
    if first.count == 1:
        return ""
    return f"(모두 {first.count:,}건)" if lang == "ko" else f" ({first.count:,} such in all)"
