"""What the store's epochs do not allow."""

from __future__ import annotations

from domain.errors import Refusal


class EpochBegunAlready(Refusal):
    """Epochs are counted upwards; somebody else may have begun this one meanwhile."""

    ko = "{number}번째 시기는 시작할 수 없습니다: 저장소는 이미 {current}번째 시기에 있습니다. `donghaeng epoch show`로 확인하십시오."
    en = "Epoch {number} cannot begin: the store is in epoch {current} already. Look with `donghaeng epoch show`."
