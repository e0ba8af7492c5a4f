"""What is refused of an audit."""

from __future__ import annotations

from domain.errors import Refusal


class NothingToAudit(Refusal):
    """`subject`: a task nobody proposed, or a year nobody opened."""

    ko = "{subject}에 대한 기록이 없어 감사를 종결할 수 없습니다. 과제 번호(2024-07)나 연도(2024)를 확인하십시오."
    en = "There is nothing on record of {subject}, so that its audit cannot be closed. Check the task's number (2024-07) or the year (2024)."


class NotOverYet(Refusal):
    """`stage`: in which the task or programme still is."""

    ko = "{subject}은(는) 아직 ‘{stage}’ 단계입니다. 감사는 과제나 사업연도가 끝난 뒤에 종결합니다."
    en = "{subject} is still {stage}. An audit is closed once its task or year is over."


class AuditClosedAlready(Refusal):
    ko = "{subject}의 감사는 이미 종결되었습니다. 다시 하려면 먼저 `donghaeng audit reopen {subject}`을 쓰십시오."
    en = "The audit of {subject} is closed. To go on, first run `donghaeng audit reopen {subject}`."


class AuditNotClosed(Refusal):
    ko = "{subject}의 감사는 종결되어 있지 않습니다. `donghaeng audit show {subject}`로 확인하십시오."
    en = "The audit of {subject} is not closed. Look at it with `donghaeng audit show {subject}`."


class NoSuchPoint(Refusal):
    """`open`: the numbers of those that are open."""

    ko = "{subject}의 감사에 미해소 지적 {point}번이 없습니다. 미해소 지적: {open}."
    en = "The audit of {subject} has no open point {point}. Open are: {open}."
