"""What the trail does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class KeyKnown(Refusal):
    ko = "이미 쓰고 있거나 폐지된 키입니다: {vkey}. 새 키를 만드십시오."
    en = "The key is in use already, or was retired: {vkey}. Make a new one."


class KeyNotInUse(Refusal):
    ko = "쓰고 있지 않은 키입니다: {vkey}. `donghaeng trail status`로 확인하십시오."
    en = "The key is not in use: {vkey}. Look with `donghaeng trail status`."


class LastKey(Refusal):
    ko = "마지막 키 {vkey}은(는) 폐지할 수 없습니다. 먼저 `donghaeng trail rotate`로 새 키를 더하십시오."
    en = "{vkey} is the last key and cannot be retired. Add one first with `donghaeng trail rotate`."


class DifferenceKnown(Refusal):
    ko = "{part}의 이 차이({what}, {position}번 기록)는 이미 기록되어 있습니다. `donghaeng trail findings`로 확인하십시오."
    en = "This difference of {part} ({what}, event {position}) is on record already. Look with `donghaeng trail findings`."


class NothingDiffers(Refusal):
    ko = "{part}에 봉인과 다르다고 기록된 것이 없어 다시 같다고 기록할 수 없습니다."
    en = "Nothing of {part} is on record as differing, so there is nothing to agree again."


class NotLarger(Refusal):
    """A seal is only ever of more facts than the one before, or of as many with witnesses that came late."""

    ko = "크기 {size}의 봉인은 기록할 수 없습니다: 이미 {sealed}까지 봉인되어 있습니다."
    en = "A seal of {size} fact(s) is not recorded: {sealed} are sealed already."
