"""What a step of a task's definition may be refused for. `step`, `field`: as the definition calls them, with what is typed."""

from __future__ import annotations

from domain.errors import Refusal


class NoSuchStep(Refusal):
    """`steps`: those that the definition has; `allowed`: the commands that whoever gave it could give there now."""

    ko = (
        "과제 {task}: 정의 {definition}에는 ‘{step}’ 절차가 없습니다. 정의의 절차: {steps}. "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "Task {task}: the definition {definition} has no step “{step}”. Its steps: {steps}. "
        "Possible now: {allowed}."
    )


class StepNotHere(Refusal):
    """`place`: where the task stands; `places`: where the step is taken; `allowed`: as of NoSuchStep."""

    ko = (
        "과제 {task}: 정의 {definition}의 절차 ‘{step}’은(는) 지금 진행할 수 없습니다. 현재 위치는 ‘{place}’이고, 이 절차는 "
        "다음 위치에서 진행합니다: {places}. 지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "Task {task}: the step “{step}” of the definition {definition} cannot be taken now: the task is “{place}”, and it is "
        "taken from: {places}. Possible now: {allowed}."
    )


class StepNotForRole(Refusal):
    """`instead`: the roles that may take it; `allowed`: as of NoSuchStep."""

    ko = (
        "과제 {task}: 정의 {definition}의 절차 ‘{step}’은(는) {role}의 권한으로 진행할 수 없습니다. 할 수 있는 역할: {instead}. "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "Task {task}: the {role} may not take the step “{step}” of the definition {definition}. Roles that may: {instead}. "
        "Possible now: {allowed}."
    )


class StepNeedsReason(Refusal):
    ko = "과제 {task}: 절차 ‘{step}’에는 사유가 있어야 합니다. --reason으로 사유를 적으십시오."
    en = "Task {task}: the step “{step}” needs a reason. Say why with --reason."


class FieldMissing(Refusal):
    """`fields`: those that the form cannot do without."""

    ko = (
        "과제 {task}: 절차 ‘{step}’의 필수 항목 ‘{field}’이(가) 빠졌습니다. 필수 항목: {fields}. "
        "--set 항목=값으로 적거나 --ask로 물음에 답하십시오."
    )
    en = (
        "Task {task}: the step “{step}” needs the field “{field}”. Needed: {fields}. "
        "Give it with --set FIELD=VALUE, or be asked with --ask."
    )


class NoSuchField(Refusal):
    """`fields`: those of the form."""

    ko = "과제 {task}: 절차 ‘{step}’의 서식에는 ‘{field}’ 항목이 없습니다. 서식의 항목: {fields}. 그 가운데 하나를 적으십시오."
    en = "Task {task}: the form of the step “{step}” has no field “{field}”. Its fields: {fields}. Give one of them."


class FieldUnfit(Refusal):
    """`problem`: what is wrong with what was typed; `wanted`: what is to be written."""

    ko = "과제 {task}: 절차 ‘{step}’의 항목 ‘{field}’을(를) 받을 수 없습니다: {problem} 적을 값: {wanted}."
    en = "Task {task}: the field “{field}” of the step “{step}” cannot be taken: {problem} To be written: {wanted}."
