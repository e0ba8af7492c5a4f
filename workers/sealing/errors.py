"""Why nothing is sealed."""

from __future__ import annotations

from domain.errors import Refusal


class NoTrail(Refusal):
    """`donghaeng trail init` was not run on this machine."""

    ko = "{path}에 감사 이력이 없습니다. `donghaeng trail init --as planner`로 시작하거나, 봉인하는 기계의 자료 폴더를 지정하십시오."
    en = "There is no trail in {path}. Begin one with `donghaeng trail init --as planner`, or name the data folder of the machine that seals."


class TrailBegun(Refusal):
    ko = "{path}에 이미 감사 이력이 있습니다. `donghaeng trail status`로 확인하십시오."
    en = "There is a trail in {path} already. Look with `donghaeng trail status`."


class SealingNow(Refusal):
    ko = "{path}을(를) 지금 다른 작업자가 봉인하고 있습니다. 잠시 뒤에 다시 시도하십시오."
    en = "Somebody else is sealing {path} right now. Try again in a moment."


class TrailKeyMissing(Refusal):
    ko = "감사 이력의 키 파일 {path}이(가) 없거나 읽을 수 없습니다. 백업에서 되돌리십시오. 그때까지 아무것도 봉인하지 않습니다."
    en = "The trail's key file {path} is missing or cannot be read. Bring it back from a backup; nothing is sealed until then."


class TrailKeyTooOpen(Refusal):
    ko = "감사 이력의 키 파일 {path}을(를) 다른 사람도 읽을 수 있습니다(권한 {mode}). `chmod 600 {path}`을(를) 실행하십시오."
    en = "Others can read the trail's key file {path} (mode {mode}). Run `chmod 600 {path}`."


class LogIsShorter(Refusal):
    """The database holds less than was signed: it was restored or cut off."""

    ko = (
        "저장소에는 기록이 {size}건뿐인데 이미 {signed}건까지 서명하였습니다: 저장소가 되돌려졌거나 잘렸습니다. "
        "아무것도 봉인하지 않았습니다. 백업 복원이라면 `donghaeng epoch accept` 뒤 `donghaeng trail init --new-log`로 새 기록을 시작하십시오."
    )
    en = (
        "The store holds {size} facts, and {signed} were signed: it was rolled back or cut off. Nothing was sealed. "
        "If it was restored from a backup, begin a new log with `donghaeng trail init --new-log` after `donghaeng epoch accept`."
    )


class LogIsAnother(Refusal):
    """What was signed is not what the database holds."""

    ko = (
        "저장소의 {position}번 기록이 서명된 것과 다릅니다. 아무것도 봉인하지 않았습니다. "
        "`donghaeng trail verify --store`로 처음 다른 기록을 찾으십시오."
    )
    en = (
        "Fact {position} in the store is not the one that was signed. Nothing was sealed. "
        "Find the first that differs with `donghaeng trail verify --store`."
    )


class WatchedIsShorter(Refusal):
    """The log of readings and refusals holds less than was signed of it."""

    ko = (
        "열람·거부 기록이 {size}건뿐인데 이미 {signed}건까지 서명하였습니다: 잘렸습니다. 이 기록은 더 봉인하지 않습니다. "
        "`donghaeng access review`로 빠진 것을 확인하십시오."
    )
    en = (
        "The log of readings and refusals holds {size} entries, and {signed} were signed: it was cut off. It is not "
        "sealed any further. See what is missing with `donghaeng access review`."
    )


class WatchedIsAnother(Refusal):
    """What was signed of the log of readings and refusals is not what it holds, or an entry is missing."""

    ko = (
        "열람·거부 기록의 {position}번 항목이 없거나 서명된 것과 다릅니다. 이 기록은 더 봉인하지 않습니다. "
        "`donghaeng access review`로 확인하십시오."
    )
    en = (
        "Entry {position} of the log of readings and refusals is missing, or not the one that was signed. It is not "
        "sealed any further. Look with `donghaeng access review`."
    )


class LogHasTwoTimes(Refusal):
    """What is sealed stays so for ever; a date that somebody has set had better be put right before that."""

    ko = (
        "모의 저장소가 아닌데 {position}번 기록은 {known_at}에 알려지고 {recorded_at}에 적힌 것으로 되어 있습니다: 누가 날짜를 바꾸었습니다. "
        "아무것도 봉인하지 않았습니다. 누가 바꾸었는지 알아보고 known_at을 recorded_at으로 되돌리십시오."
    )
    en = (
        "Fact {position} was known at {known_at} and recorded at {recorded_at}, and this is no simulated store: somebody has "
        "set its date. Nothing was sealed. Find out who did, and set known_at to recorded_at again."
    )


class StoreRestored(Refusal):
    ko = "복원된 저장소입니다. 내용을 확인하고 `donghaeng epoch accept`를 실행하기 전에는 아무것도 봉인하지 않습니다."
    en = "The store was restored. Nothing is sealed until somebody has looked and run `donghaeng epoch accept`."
