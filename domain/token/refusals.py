"""What a token, or the lack of one, does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class TokenIssuedAlready(Refusal):
    ko = "토큰 {token}: 이미 발급되었습니다. 새 토큰을 만드십시오."
    en = "The token {token} has been issued before. Create another."


class TokenNotIssued(Refusal):
    ko = "토큰 {token}: 발급된 적이 없습니다. `donghaeng token list`로 확인하십시오."
    en = "The token {token} was never issued. See `donghaeng token list`."


class TokenRevokedAlready(Refusal):
    ko = "토큰 {token}: 이미 폐기되었습니다. 더 할 일이 없습니다."
    en = "The token {token} has been revoked before. There is nothing to do."


class TokenNeedsAgency(Refusal):
    """Officers and heads act for an agency, the others for none."""

    ko = "역할 {role}의 토큰은 기관이 {needed}. --agency를 고치십시오."
    en = "A token for the role {role} {needed}. Correct --agency."


class TokenSpanInPast(Refusal):
    ko = "토큰의 만료일 {until}이(가) 이미 지났습니다(오늘 {today}). 뒤의 날짜를 지정하십시오."
    en = "The token's last day {until} is over already (today is {today}). Give a later one."


class TokenTooLong(Refusal):
    ko = "토큰은 {days}일을 넘게 쓸 수 없습니다({until}까지로 요청됨). 짧은 기간을 지정하고 때가 되면 다시 발급하십시오."
    en = "A token holds {days} day(s) at most (asked for until {until}). Give fewer, and issue another in time."
