"""What can differ from what was sealed, in words: of each part that is compared, how it differs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.errors import Bilingual


class Part(StrEnum):
    """FACTS: of the database against the sealed leaves; TILES: the sealed tree's own files; BESIDE: texts and command ids
    against the facts; ENTRIES: what search, export, findings and packs look up, against the facts; VIEWS: the other views,
    where what differs is the view's name; READINGS: the log of readings and refusals against its own sealed leaves.
    """

    FACTS = "facts"
    TILES = "tiles"
    BESIDE = "beside"
    ENTRIES = "entries"
    VIEWS = "views"
    READINGS = "readings"


_OTHER = Bilingual("봉인된 것과 다릅니다", "is not what was sealed")
_READINGS = Bilingual(
    "열람·거부 기록이 봉인된 것과 다릅니다. `donghaeng access review`로 확인하십시오",
    "the log of readings and refusals is not what was sealed of it; look with `donghaeng access review`",
)
_HOW: Mapping[tuple[str, str], Bilingual] = {
    (Part.FACTS, "content"): Bilingual(
        "내용이 봉인된 것과 다릅니다", "has another content in the database than was sealed"
    ),
    (Part.FACTS, "time"): Bilingual(
        "시각이 봉인된 것과 다릅니다", "has another time in the database than was sealed"
    ),
    (Part.FACTS, "missing"): Bilingual("데이터베이스에 없습니다", "is missing in the database"),
    (Part.FACTS, "truncated"): Bilingual(
        "부터 데이터베이스에 없습니다(잘림)", "and all after it are missing in the database: it was cut off"
    ),
    (Part.FACTS, "kind_of_store"): Bilingual(
        "데이터베이스에 적힌 저장소의 종류(실제·모의)가 봉인된 기록의 이름과 다릅니다",
        "the database says of the store that it is real or simulated, and the name of the sealed log says otherwise",
    ),
    (Part.FACTS, "another_store"): Bilingual(
        "데이터베이스에 적힌 저장소 번호가 봉인된 기록의 이름에 없습니다",
        "the database says that it is of another store than the one that the name of the sealed log says",
    ),
    (Part.FACTS, "two_times"): Bilingual(
        "인지 시각이 기록 시각과 다릅니다(아직 봉인되지 않음): 누가 날짜를 바꾸었습니다",
        "was known at another time than it was recorded, and is not sealed yet: somebody has set its date",
    ),
    (Part.TILES, "unlike"): Bilingual(
        "감사 이력 폴더의 타일이 없거나 서명된 루트 해시와 맞지 않습니다",
        "files of the sealed tree are missing or do not lead to the root that was signed",
    ),
    (Part.BESIDE, "text_changed"): Bilingual("글이 봉인된 지문과 다릅니다", "has a text that differs from its commitment"),
    (Part.BESIDE, "text_missing"): Bilingual(
        "글이 사유를 밝힌 기록 없이 사라졌습니다", "has a text that is missing, and no fact says why"
    ),
    (Part.BESIDE, "text_kept"): Bilingual(
        "비공개 처리되었다는 글이 그대로 있습니다", "says that a text was redacted, which is still there"
    ),
    (Part.BESIDE, "text_unreferenced"): Bilingual(
        "어떤 기록도 가리키지 않는 글이 있습니다", "there is a text that no fact commits to"
    ),
    (Part.BESIDE, "attachment_changed"): Bilingual(
        "첨부의 내용이 봉인된 지문과 다릅니다", "has an attachment whose bytes differ from what it commits to"
    ),
    (Part.BESIDE, "attachment_missing"): Bilingual(
        "첨부의 내용이 사유를 밝힌 기록 없이 사라졌습니다",
        "has an attachment whose bytes are missing, and no fact says why",
    ),
    (Part.BESIDE, "attachment_kept"): Bilingual(
        "비공개 처리되었다는 첨부의 내용이 그대로 있습니다",
        "says that an attachment was redacted, whose bytes are still there",
    ),
    (Part.BESIDE, "attachment_unreferenced"): Bilingual(
        "어떤 기록도 가리키지 않는 첨부의 내용이 있습니다",
        "there are the bytes of an attachment to which no fact refers",
    ),
    (Part.BESIDE, "command_changed"): Bilingual(
        "명령 번호의 행이 기록과 다릅니다", "has a row of its command id that differs from its facts"
    ),
    (Part.BESIDE, "command_missing"): Bilingual("명령 번호의 행이 없습니다", "has no row of its command id"),
    (Part.BESIDE, "command_added"): Bilingual(
        "어떤 기록도 나오지 않은 명령 번호가 있습니다", "there is a command id with which no fact begins"
    ),
    (Part.ENTRIES, "missing"): Bilingual(
        "검색용 표(trail_entries)에 행이 없습니다", "has no row in the table that is looked up (trail_entries)"
    ),
    (Part.ENTRIES, "added"): Bilingual(
        "검색용 표(trail_entries)에 기록에 없는 행이 있습니다",
        "has a row in the table that is looked up (trail_entries) that no fact makes",
    ),
    (Part.ENTRIES, "changed"): Bilingual(
        "검색용 표(trail_entries)의 행이 기록과 다릅니다",
        "has another row in the table that is looked up (trail_entries) than its fact makes",
    ),
    (Part.ENTRIES, "unusable"): Bilingual(
        "검색용 표(trail_entries)가 손상되어 기록과 대조하지 못했습니다",
        "the table that is looked up (trail_entries) is damaged and could not be compared with the facts",
    ),
    (Part.ENTRIES, "unfoldable"): Bilingual(
        "이 기록을 읽을 수 없어 검색용 표(trail_entries)와 대조하지 못했습니다",
        "cannot be read, so that the table that is looked up (trail_entries) could not be compared",
    ),
}  # fmt: skip


def in_words(part: str, what: str, position: int | None) -> Bilingual:
    """e.g. event 812 has another content in the database than was sealed"""
    if part == Part.VIEWS:
        return Bilingual(
            f"조회 화면 {what}이(가) 기록에서 다시 만든 것과 다릅니다",
            f"the view {what} is not what the facts make of it",
        )
    how = _READINGS if part == Part.READINGS else _HOW.get((part, what), _OTHER)
    if position is None:
        return how
    return Bilingual(f"{position}번 기록: {how.ko}", f"event {position} {how.en}")
