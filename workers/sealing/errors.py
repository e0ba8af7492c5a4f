"""Why nothing is sealed."""

from __future__ import annotations

from domain.errors import Refusal


class NoTrail(Refusal):
    """`donghaeng trail init` was not run on this machine."""

    ko = "{path}에 감사 이력이 없습니다. `donghaeng trail init --as planner`로 시작하거나, 봉인하는 컴퓨터의 자료 폴더를 지정하십시오."
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


class StandbysBehind(Refusal):
    """Fewer standbys than are set have what is to be sealed. `connected`: that stream, `found`: that have it."""

    ko = "봉인하지 않았습니다: 새 기록이 예비 서버 {found}곳의 디스크에만 있습니다(연결된 예비 서버 {connected}곳, 필요 {needed}곳). 장애 조치로 봉인된 기록을 잃지 않도록 기다립니다. 예비 서버를 확인하거나 DONGHAENG_SEAL_STANDBYS를 바꾸십시오(docs/operations.md)."
    en = "Nothing was sealed: what is new is on the disk of {found} standby(s) ({connected} are connected, {needed} are needed), and a failover is not to lose what was sealed. Look at the standbys, or change DONGHAENG_SEAL_STANDBYS (docs/operations.md)."


class LogIsShorter(Refusal):
    """The database holds less than was signed: it was restored or cut off."""

    ko = (
        "저장소에는 기록이 {size}건뿐인데 이미 {signed}건까지 서명하였습니다: 저장소가 되돌려졌거나 잘렸습니다. "
        "아무것도 봉인하지 않았습니다. 백업 복원이라면 `donghaeng epoch accept` 뒤 `donghaeng trail init --new-log`로 새 기록을 시작하십시오."
    )
    en = (
        "The store holds {size} fact(s), and {signed} were signed: it was rolled back or cut off. Nothing was sealed. "
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


class TilesLost(LogIsAnother):
    """Tiles are lost, and what the database holds does not make the tree that was signed. `size`: of that tree."""

    ko = (
        "{path}의 타일이 없어지거나 손상되었고, 데이터베이스에 있는 것으로는 서명된 트리({size}건)를 다시 만들 수 없습니다: "
        "봉인되었던 것이 데이터베이스에서도 없어졌거나 다릅니다. 아무것도 봉인하지 않았고, 남은 타일은 그대로 두었습니다. "
        "`{path}/tile`을 백업이나 감사관의 사본에서 되돌리십시오. 사본이 없으면 `donghaeng trail init --new-log`로 새 기록을 시작하십시오."
    )
    en = (
        "Tiles in {path} are lost or damaged, and what the database holds does not make the tree that was signed ({size} "
        "leaves): what was sealed is gone from the database too, or is another. Nothing was sealed, and the tiles that are left stay as "
        "they are. Bring `{path}/tile` back from a backup or from an inspector's copy; where there is none, begin a new log "
        "with `donghaeng trail init --new-log`."
    )


class WatchedIsShorter(Refusal):
    """The log of readings and refusals holds less than was signed of it."""

    ko = (
        "열람·거부 기록이 {size}건뿐인데 이미 {signed}건까지 서명하였습니다: 잘렸습니다. 이 기록은 더 봉인하지 않습니다. "
        "`donghaeng access review`로 빠진 것을 확인하십시오. 감사관이 원인을 조사한 뒤 `donghaeng access acknowledge`로 확인하면 다시 봉인합니다."
    )
    en = (
        "The log of readings and refusals holds {size} entry(ies), and {signed} were signed: it was cut off. It is not "
        "sealed any further. See what is missing with `donghaeng access review`; it is sealed on once an inspector has looked "
        "into it and said so with `donghaeng access acknowledge`."
    )


class WatchedIsAnother(Refusal):
    """What was signed of the log of readings and refusals is not what it holds."""

    ko = (
        "열람·거부 기록의 {position}번 항목이 서명된 것과 다릅니다. 이 기록은 더 봉인하지 않습니다. "
        "`donghaeng access review`로 확인하십시오. 감사관이 원인을 조사한 뒤 `donghaeng access acknowledge`로 확인하면 다시 봉인합니다."
    )
    en = (
        "Entry {position} of the log of readings and refusals is not the one that was signed. It is not sealed any further. "
        "Look with `donghaeng access review`; it is sealed on once an inspector has looked into it and said so with "
        "`donghaeng access acknowledge`."
    )


class WatchedHasGap(Refusal):
    """Entries of the log of readings and refusals are missing that were not sealed yet, and nobody has looked into it."""

    ko = (
        "열람·거부 기록의 {first}번부터 {last}번까지에서 {count}건이 없습니다: 삭제되었습니다. 이 기록은 더 봉인하지 않습니다. "
        "`donghaeng access review`로 확인하십시오. 감사관이 원인을 조사한 뒤 `donghaeng access acknowledge {first} {last}`로 확인하면 다시 봉인합니다."
    )
    en = (
        "Of the log of readings and refusals {count} are missing from entry {first} to {last}: they were deleted. It is not "
        "sealed any further. Look with `donghaeng access review`; it is sealed on once an inspector has looked into it and "
        "said so with `donghaeng access acknowledge {first} {last}`."
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
