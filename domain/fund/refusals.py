"""What a fund's state does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class FundNotOpened(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 기금 {fund}은(는) 설치되지 않았습니다. `donghaeng fund open`으로 먼저 설치하십시오."
    en = "“{command}” is refused: there is no fund {fund}. Open it first with `donghaeng fund open`."


class FundNameUnchanged(Refusal):
    ko = "기금 {fund}의 이름은 이미 ‘{name}’입니다. 바꿀 이름을 지정하십시오."
    en = "The fund {fund} is called “{name}” already. Give the new name."


class GiverUnknown(Refusal):
    ko = "기금 {fund}: 기부자 {giver}은(는) 등록된 사람이 아닙니다. `donghaeng subject register`로 먼저 등록하십시오."
    en = "Fund {fund}: nobody is registered as {giver}. Register who gives first with `donghaeng subject register`."


class GiverErased(Refusal):
    ko = "기금 {fund}: 기부자 {giver}의 개인정보는 파기되었습니다. 다시 등록하여 새 식별자로 입력하십시오."
    en = "Fund {fund}: the details of {giver} were erased. Register who gives anew and use the new id."


class NoSuchPledge(Refusal):
    ko = "기금 {fund}에 이행할 약정 #{pledge}이(가) 없습니다. `donghaeng fund show {fund}`로 번호를 확인하십시오."
    en = "The fund {fund} has no open pledge #{pledge}. See the numbers with `donghaeng fund show {fund}`."


class PledgeOfAnother(Refusal):
    ko = "기금 {fund}의 약정 #{pledge}은(는) 다른 기부자의 것입니다. 번호를 확인하십시오."
    en = "The pledge #{pledge} of the fund {fund} is somebody else's. Look at the number."


class KindNotDescribed(Refusal):
    ko = "기금 {fund}: 현물 기부에는 무엇인지 적어야 합니다. --what으로 적으십시오."
    en = "Fund {fund}: a gift in kind needs to say what it is. Give --what."


class NotThere(Refusal):
    """`form`: money or kind; `there_krw`: what is free, or allocated and not used."""

    ko = (
        "‘{command}’ 명령을 받을 수 없습니다: 기금 {fund}의 {account}에는 {there_krw}원이 있습니다. "
        "그 이하의 금액을 지정하십시오."
    )
    en = (
        "“{command}” is refused: the account “{account}” of the fund {fund} holds KRW {there_krw}. "
        "Give that amount or a smaller one."
    )


class BeneficiaryUnknown(Refusal):
    ko = "기금 {fund}: 과제 {beneficiary}은(는) 등재되거나 제안되지 않았습니다. `donghaeng task list`로 과제를 확인하십시오."
    en = "Fund {fund}: task {beneficiary} is neither listed nor proposed. See the tasks with `donghaeng task list`."


class ProjectUnnamed(Refusal):
    ko = "기금 {fund}: 시민 사업 {beneficiary}에 처음 배분할 때는 이름이 필요합니다. --title로 적으십시오."
    en = "Fund {fund}: the citizens' project {beneficiary} needs a name when something is first allocated to it. Give --title."


class NoSuchUse(Refusal):
    ko = (
        "기금 {fund}에 증빙할 사용 #{use}이(가) 없습니다. `donghaeng fund show {fund}`로 번호를 확인하십시오."
    )
    en = "The fund {fund} has no use #{use} that is to be proved. See the numbers with `donghaeng fund show {fund}`."


class UseProvenBefore(Refusal):
    ko = "기금 {fund}의 사용 #{use}은(는) 이미 증빙되었습니다. 다른 번호를 지정하십시오."
    en = "The use #{use} of the fund {fund} has been proved before. Give another number."


class AccountNotTransferable(Refusal):
    """`known`: the accounts that are."""

    ko = "기금 {fund}: ‘{account}’ 계정은 대체할 수 없습니다. 대체할 수 있는 계정: {known}."
    en = "Fund {fund}: nothing is transferred in the account “{account}”. These can be: {known}."


class EntrySidesUnclear(Refusal):
    ko = "기금 {fund}: ‘{account}’ 계정의 금액은 차변과 대변 가운데 한쪽에만, 1원 이상으로 적어야 합니다."
    en = "Fund {fund}: the amount of the account “{account}” stands either on the left or on the right, and is KRW 1 or more."


class TransferUnbalanced(Refusal):
    """`form`: the part of the ledger; `debits_krw`, `credits_krw`: what stands on its two sides."""

    ko = (
        "기금 {fund}: 대체가 맞지 않습니다. {form}의 차변 {debits_krw}원과 대변 {credits_krw}원이 다릅니다. "
        "두 합계가 같도록 고치십시오."
    )
    en = (
        "Fund {fund}: the transfer does not balance. Of {form}, KRW {debits_krw} stand on the left and KRW {credits_krw} on the "
        "right. Make the two sums equal."
    )
