"""What a view does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class SkippedAlready(Refusal):
    """A fact is skipped once."""

    ko = "{view} 조회 화면은 {position}번 기록을 이미 건너뛰기로 되어 있습니다. `donghaeng views`로 확인하십시오."
    en = "The view {view} passes over the fact at position {position} already. Look with `donghaeng views`."
