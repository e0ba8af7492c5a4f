"""Why rows that were folded anew do not take the place of those in use."""

from __future__ import annotations

from domain.errors import Refusal, ServerUnreachable


class BeingRebuilt(Refusal):
    """One rebuild or verification of a view at a time."""

    ko = "{view} 조회 화면은 지금 다른 곳에서 다시 만들거나 대조하고 있습니다. 끝난 뒤에 다시 실행하십시오."
    en = "The view {view} is being rebuilt or verified elsewhere. Run it again when that has ended."


class NotSwitched(Refusal):
    """Rows in use differ from what the same code makes of the log, and nothing says why. `rows`: some of them."""

    ko = (
        "{view} 조회 화면을 바꾸지 않았습니다. 원인을 알 수 없이 다른 행이 {count}개 있습니다: {rows}. 누가 표를 고쳤거나 "
        "화면의 계산이 한결같지 않습니다. 살펴본 뒤 바꾸려면 --accept '사유'를 붙이십시오."
    )
    en = (
        "The view {view} was not switched: it differs in {count} row(s) and nothing explains why: {rows}. Either somebody changed "
        "the table, or the fold is not pure. When that is understood, switch with --accept 'REASON'."
    )


class LogShorterThanView(Refusal):
    """The view has folded facts that the log no longer holds. `end`: the position of the last one that is there."""

    ko = (
        "{view} 조회 화면은 {position}번 기록까지 반영되어 있는데 기록은 {end}번에서 끝납니다. 끝의 기록이 없어졌으므로(잘림) "
        "대조하지 않았고 아무것도 바꾸지 않았습니다. `donghaeng trail verify --store --policy 정책`으로 봉인된 기록과 비교하고, "
        "백업에서 되돌리십시오."
    )
    en = (
        "The view {view} has folded the log up to position {position}, and the log ends at {end}: facts were taken away from "
        "its end. Nothing was compared and nothing changed. Hold it against what was sealed with "
        "`donghaeng trail verify --store --policy POLICY`, and restore it from a backup."
    )


class ReadersBusy(Refusal):
    """Somebody reads the view in one long transaction."""

    ko = "{view} 조회 화면을 오래 읽고 있는 곳이 있어 바꾸지 못했습니다. 만든 것은 남아 있으니 잠시 뒤 다시 실행하십시오."
    en = "The view {view} is being read in one long transaction and was not switched. What was built stays: run it again soon."


class OwnerNeeded(ServerUnreachable):
    """Tables are made by their owner. `problem`: the server's words."""

    ko = "표를 새로 만들 권한이 없습니다: {problem}. DATABASE_OWNER_URL에 `donghaeng migrate`를 실행하는 계정을 지정하십시오."
    en = "New tables may not be made: {problem}. Give DATABASE_OWNER_URL the login with which `donghaeng migrate` is run."
