"""What the state of a task's money does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class MoneyOfNoTask(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 과제 {task}은(는) 등재되거나 제안되지 않았습니다. `donghaeng task list`로 과제를 확인하십시오."
    en = "“{command}” is refused: task {task} is neither listed nor proposed. See the tasks with `donghaeng task list`."


class MoneyBeforeApproval(Refusal):
    """`stage`: where the task stands."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 과제 {task}의 단계는 ‘{stage}’입니다. 승인된 과제의 집행만 등록할 수 있습니다."
    en = "“{command}” is refused: task {task} is {stage}. Money is spent on a task that was approved."


class TakesNoPart(Refusal):
    """`known`: the lead agency and the partners."""

    ko = "과제 {task}에 {agency}의 집행을 등록할 수 없습니다: 주관기관이나 협업기관이 아닙니다. 참여 기관: {known}."
    en = "Nothing of {agency} can be entered for task {task}: it neither leads it nor takes part. These do: {known}."


class MonthToCome(Refusal):
    """`today`: the day in Seoul."""

    ko = "과제 {task}: {month}은(는) 아직 오지 않은 달입니다(오늘 {today}). 지난 달이나 이번 달을 지정하십시오."
    en = "Task {task}: the month {month} is still to come (it is {today}). Give this month or an earlier one."


class YearBeforeTask(Refusal):
    """`given`: a month or year."""

    ko = "과제 {task}의 예산·집행 자료가 아닙니다: {given}은(는) 과제의 연도({year})보다 빠릅니다. 연도를 확인하십시오."
    en = "This is no money of task {task}: {given} is before the task's year {year}. Look at the year."


class MonthClosed(Refusal):
    """`closed`: the last day on which it took entries; `definition`: by which."""

    ko = (
        "과제 {task}: {month}은(는) {closed}에 마감되었습니다(정의 {definition}). "
        "시 총괄부서에 `donghaeng money reopen-month {task} {month}`로 재개를 요청한 뒤 다시 하십시오."
    )
    en = (
        "Task {task}: the month {month} was closed at the end of {closed} (definition {definition}). Ask the city planner "
        "to open it again with `donghaeng money reopen-month {task} {month}`, then try again."
    )


class MonthStillOpen(Refusal):
    ko = "과제 {task}: {month}은(는) {closes}까지 열려 있어 재개할 것이 없습니다. 바로 등록하거나 정정하십시오."
    en = "Task {task}: the month {month} is open until the end of {closes}. Enter or correct it as it is."


class ReopenedUntilPast(Refusal):
    ko = "과제 {task}: 재개 기한 {until}이(가) 오늘({today})보다 빠릅니다. 오늘이나 그 뒤의 날짜를 지정하십시오."
    en = "Task {task}: {until} is before today ({today}). Give today or a later day until which the month is to be open."


class BeyondBudget(Refusal):
    """`available_krw`: 예산 현액; `over_krw`: by how much it would be beyond that."""

    ko = (
        "‘{command}’ 명령을 받을 수 없습니다: 과제 {task}의 {year}년 {funding} 예산 현액 {available_krw}원을 "
        "{over_krw}원 초과합니다(정의 {definition}). 금액을 확인하거나 시 총괄부서에 예산 변경을 요청하십시오."
    )
    en = (
        "“{command}” is refused: it would go KRW {over_krw} beyond the KRW {available_krw} that task {task} has of "
        "{funding} for {year} (definition {definition}). Look at the amount, or ask the city planner for another budget."
    )


class MoreThanRemains(Refusal):
    """`remaining_krw`: 집행 잔액."""

    ko = (
        "‘{command}’ 명령을 받을 수 없습니다: 과제 {task}의 {year}년 {funding} 집행 잔액은 {remaining_krw}원입니다. "
        "그 이하의 금액을 지정하십시오."
    )
    en = (
        "“{command}” is refused: KRW {remaining_krw} remain to task {task} of {funding} for {year}. "
        "Give that amount or a smaller one."
    )


class BudgetUnchanged(Refusal):
    ko = "과제 {task}의 {year}년 {funding} 예산은 이미 {amount_krw}원입니다. 바꿀 금액을 지정하십시오."
    en = "The budget of task {task} from {funding} for {year} is KRW {amount_krw} already. Give the new amount."


class NoSuchEntry(Refusal):
    ko = "과제 {task}에는 정정할 수 있는 자료 #{number}이(가) 없습니다. `donghaeng money show {task}`로 번호를 확인하십시오."
    en = "Task {task} has no entry #{number} that can be corrected. See the numbers with `donghaeng money show {task}`."


class NotYourEntry(Refusal):
    """`agency`: whose it is."""

    ko = "과제 {task}의 자료 #{number}은(는) {agency}이(가) 등록한 것입니다. 그 기관이나 시 총괄부서가 정정할 수 있습니다."
    en = "The entry #{number} of task {task} is of {agency}, which can correct it, as can the city planner."


class EntrySaysSo(Refusal):
    ko = "과제 {task}의 자료 #{number}은(는) 이미 {amount_krw}원입니다. 바른 금액을 지정하십시오."
    en = "The entry #{number} of task {task} is KRW {amount_krw} already. Give the right amount."
