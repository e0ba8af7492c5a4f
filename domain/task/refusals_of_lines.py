"""What an approval line (결재선) may be refused for. `what`: what was asked for by it; `line`: its number."""

from __future__ import annotations

from domain.errors import Refusal


class NoLineOpen(Refusal):
    """`ended`: how the last one ended, or that there was none."""

    ko = "과제 {task}에는 진행 중인 결재선이 없어 ‘{command}’ 명령을 받을 수 없습니다({ended}). `donghaeng task history {task}`로 확인하십시오."
    en = "“{command}” is refused: no approval line of task {task} is open ({ended}). See `donghaeng task history {task}`."


class LineOpenAlready(Refusal):
    """`whose`: whose turn it is."""

    ko = (
        "과제 {task}: ‘{what}’의 결재선(#{line})이 진행 중이어서 ‘{command}’을(를) 상신할 수 없습니다(결재 차례: {whose}). "
        "결재를 마치거나 상신한 사람이 `donghaeng task withdraw-line {task}`로 회수한 뒤 다시 하십시오."
    )
    en = (
        "Task {task}: “{command}” cannot be asked for while the approval line #{line} for “{what}” is open (it waits for: {whose}). "
        "Have it signed, or let who asked withdraw it with `donghaeng task withdraw-line {task}`."
    )


class NotYourTurn(Refusal):
    """`whose`: whose turn it is."""

    ko = (
        "과제 {task}: ‘{what}’의 결재선(#{line})에서 {who}의 차례가 아닙니다(결재 차례: {whose}). 시 직위로 결재하려면 그 직위에 있는 사람이 "
        "--as 역할:사람번호로 하십시오. 재직자는 `donghaeng position list`에 나옵니다."
    )
    en = (
        "Task {task}: in the approval line #{line} for “{what}” it is not the turn of {who} (it waits for: {whose}). A position of "
        "the city's is signed for by who is in it today, with --as ROLE:ID: see `donghaeng position list`."
    )


class SignedAlready(Refusal):
    """`whose`: whose turn it is."""

    ko = "과제 {task}: {who}은(는) ‘{what}’의 결재선(#{line})에 이미 서명하였습니다(결재 차례: {whose}). 다음 차례를 기다리십시오."
    en = "Task {task}: {who} signed in the approval line #{line} for “{what}” already (it waits for: {whose}). Wait for the others."


class AnotherLine(Refusal):
    """`given`: the number that was typed."""

    ko = (
        "과제 {task}: 결재선 #{given}은(는) 진행 중이 아닙니다. 진행 중인 것은 ‘{what}’의 #{line}입니다. "
        "`donghaeng task show {task}`로 내용을 확인하고 다시 하십시오."
    )
    en = (
        "Task {task}: the approval line #{given} is not the one that is open, which is #{line} for “{what}”. Look at it with "
        "`donghaeng task show {task}` and try again."
    )


class NotWhoAsked(Refusal):
    ko = "과제 {task}: ‘{what}’의 결재선(#{line})은 상신한 사람만 회수할 수 있습니다. 차례가 오면 `donghaeng task object {task}`로 반려하십시오."
    en = (
        "Task {task}: the approval line #{line} for “{what}” is withdrawn by who asked for it alone. When it is your turn, object "
        "with `donghaeng task object {task}`."
    )


class LineNotDatedBack(Refusal):
    ko = "과제 {task}: ‘{command}’은(는) 결재선을 거치므로 소급하여 입력할 수 없습니다. --effective-at을 빼고 실행하십시오."
    en = "Task {task}: “{command}” goes by an approval line and cannot be dated back. Leave --effective-at out."


class LineVacant(Refusal):
    """Nobody could sign. `position`: which, with its id."""

    ko = (
        "과제 {task}: ‘{command}’의 결재선에 있는 시 직위 {position}에 재직자가 없어 상신할 수 없습니다. "
        "`donghaeng position appoint`로 먼저 임명하십시오."
    )
    en = (
        "Task {task}: “{command}” cannot be asked for: nobody holds the position {position} of its approval line. Appoint somebody "
        "first with `donghaeng position appoint`."
    )


class LineNotTold(Refusal):
    """`entry`: which; `when`: its condition; `problem`: why it cannot be told; `inputs`: what it looked at."""

    ko = (
        "과제 {task}: 정의 {definition}의 ‘{command}’ 결재선에서 {entry}이(가) 결재해야 하는지 알 수 없어({problem}) 상신할 수 없습니다"
        "(조건: {when}, 확인한 값: {inputs}). 없는 값을 먼저 입력하십시오."
    )
    en = (
        "Task {task}: by the definition {definition} it cannot be told whether {entry} has to sign for “{command}” ({problem}), so that it "
        "cannot be asked for (condition: {when}; looked at: {inputs}). Enter what is missing first."
    )


class LineNotCarriedOut(Refusal):
    """All have signed, and what was asked for is refused by now. `problem`: by what."""

    ko = (
        "과제 {task}: 마지막 서명이지만 ‘{what}’을(를) 지금은 처리할 수 없어 서명도 기록하지 않았습니다: {problem} "
        "원인을 해결한 뒤 다시 서명하거나 `donghaeng task object {task}`로 반려하십시오."
    )
    en = (
        "Task {task}: this is the last signature, but “{what}” cannot be carried out now, so that the signature was not recorded "
        "either: {problem} Put that right and sign again, or object with `donghaeng task object {task}`."
    )
