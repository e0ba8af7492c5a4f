"""What the access log does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class MonthNotOver(Refusal):
    """A month is reviewed when nothing more can be read in it."""

    ko = "{month}은(는) 아직 끝나지 않았습니다(오늘 {today}). 다음 달에 확인하십시오."
    en = "{month} is not over (today is {today}). Sign it off next month."


class ReviewedAlready(Refusal):
    """A month is signed off once."""

    ko = "{month}의 열람 기록은 이미 점검이 확인되었습니다. 더 할 일이 없습니다."
    en = "The review of {month} has been signed off before. There is nothing to do."


class KeptTwoYears(Refusal):
    """`before`: up to which day was asked; `until`: what may go today."""

    ko = "열람 기록은 2년 동안 보존합니다: {before} 전의 것을 삭제할 수 없습니다. 오늘은 {until} 전의 것까지 삭제할 수 있습니다."
    en = "What was read is kept for two years: what was before {before} cannot go. Today it is what was before {until}."


class PrunedAlready(Refusal):
    """Somebody else was faster."""

    ko = "{pruned} 전의 열람 기록은 이미 삭제했습니다. 더 할 일이 없습니다."
    en = "What was read before {pruned} has been taken out already. There is nothing to do."


class NoDifference(Refusal):
    """What is as it was written down is not examined."""

    ko = "열람·거부 기록에는 그런 차이가 없습니다: {what} {number}. 다른 것의 번호는 `donghaeng access review`로 확인하십시오(항목은 entry, 항목이 없는 열람은 reading, 거부는 refusal, 건수가 다른 삭제는 pruning)."
    en = "There is no such difference in the log of readings and refusals: {what} {number}. `donghaeng access review` names those that are (an entry; a reading or a refusal that no entry is of; a pruning that is miscounted)."


class NotAGap(Refusal):
    """Where nothing is missing, nothing is acknowledged."""

    ko = "열람·거부 기록의 {first}번부터 {last}번까지에는 빈자리도, 봉인된 것과 다른 항목도 없습니다. `donghaeng access review`로 확인하십시오."
    en = "Nothing is missing or unlike what was sealed from entry {first} to {last} of the log of readings and refusals. Look with `donghaeng access review`."
