"""The names of fields as people read them, and values in words. A field without a name fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from domain.errors import Lang, Worded
from domain.seoul import SEOUL
from domain.values import LocalText, TextRef
from projections.labels import Areas, area_called, called
from projections.sentences.reminders import PROBLEMS
from projections.sentences.telling import DEADLINES

_PAIRS = """
provisional|임시 개설|provisional
after_evaluation|평가 뒤|after the evaluation
amended|평가 뒤 정정됨|corrected after the evaluation
findings|지적 사항 수|findings
open|미확인 지적 사항|findings not examined
points|열린 지적|open points
point|지적 번호|point
up_to|본 마지막 기록|up to
settled|해소한 지적|settled points
waiting|달력을 기다리는 기한|waits for a calendar
reported_until|보고된 마지막 날|reported until
suspensions|중지 기간|suspensions
stamps|값의 기준 시점|values so since
corrections|정정|corrections
was|이전 기한일|due day before
later|다음 시도|next try
names|이름|names
period|대상 분기|quarter
part|대조한 것|part that was compared
differing|봉인과 다른 것|what differs from what was sealed
name_stamp|이름 기준 시점|name so since
reminded|알린 것|reminded of
first_year|필요한 첫 해|first year needed
last_year|필요한 마지막 해|last year needed
whose|소관 기관|agencies whose it is
about|대상 번호|about
absent|자리를 비운 사람|absent
acknowledged|확인|acknowledged
active|운영 중|active
actor|행위자|actor
acts|규칙 처리|acts by rule
address|주소|address
after|다음 위치|after
accepted|사유를 붙여 받아들인 행|rows accepted for a reason
agency|기관|agency
areas|분야|areas
area|분야|area
armed|알린 단계|rungs reminded of
asked_since|변경 요청 시점|new plan asked for since
attempts|시도 횟수|attempts
attempt|시도|attempt
at|시각|at
baseline|기준값|baseline
basis|근거|basis
before|이전|before
began|시작한 날|began
behalf_subject|대신한 사람|on behalf of the person
behalf|대신한 상대|on behalf of
budget_krw|예산(원)|budget (KRW)
calendars|달력|calendars
carried_to|이월 연도|carried over to
cause|원인 기록|cause
changed_at|마지막 변경 시각|last changed at
changed_kind|마지막 기록 종류|last changed by
changed_position|마지막 기록|last changed by the fact at
channel|경로|channel
city|시|city
closed|폐지|closed
code_sha256|프로그램의 해시|hash of the code
code|응답 코드|code
command|명령 번호|command id
commitment|봉인값|commitment
composed_at|작성 기록|composed by the fact at
composed|작성|composed
condition_since|상태 시작|condition since
conditions|조건|conditions
condition|상태|condition
contacts|연락처|contacts
correction|정정 기록|correction
counted|센 날수|counted
count|건수|count
dated|효력 시각|effective at
days|영업일|business days
day|날|day
deadlines|기한|deadlines
deadline|기한|deadline
decision|결정|decision
declared_agency_count|발표한 기관 수|agencies announced
declared_task_count|발표한 과제 수|tasks announced
definition|정의|definition
delegate|수임자|delegate
delegations|위임|delegations
delegation|위임 여부|is a delegation
differences|다른 행|rows that differ
department|소관부서|department
due|기한일|due
ends|끝나는 날|ends
end|종료일|end
en|영문|in English
erased|파기|erased
examinations|확인 횟수|examinations
explained|까닭이 있는 행|rows with a cause
fact|기록|fact
fields|항목|fields
figures|성과값|figures
final_report_on|최종 보고일|final report on
formerly|옛 이름|formerly
form|형태|form
grade|등급|grade
held|보류|held
holder|권한자|holder
hold|기록물 보존|legal hold
holidays|공휴일|holidays
hour|시|hour
id|식별자|id
indicators|성과지표|indicators
indicator|성과지표|indicator
into|통합 기관|into
item|항목|item
keys|서명 키|keys
kind|종류|kind
ko|국문|in Korean
late|늦음|late
lead|주관기관|lead
left_out|뺀 알림|left out
message|메시지|message
milliseconds|걸린 시간(밀리초)|milliseconds
milestones_reached|달성한 추진일정|milestones reached
milestones|추진일정|milestones
name_en|영문 이름|name in English
name_ko|이름|name
name|이름|name
next_act|다음 규칙 처리일|next act by rule
next_date|다음 일정|next date
next_due|다음 기한|next due
next_end|다음 종료일|next end
next_rung|다음 알림일|next reminder
next_try|다음 시도|next try
not_before|시작 가능일|not before
note|적은 글|note
notices|알림|notices
notice|알림|notice
number|번호|number
office|부서|office
on|날|on
origin|기록 이름|log
others|관련 기관|other agencies
partners|협업기관|partners
partner|협업기관|partner
pending_plan|결정을 기다리는 계획|plan that waits
pending_since|결정 대기 시작|plan waits since
percent|진척률(%)|percent
phases|시기|phases
plan_version|계획 판|version of the plan
plan|추진계획|plan
positions|위치|positions
position|위치|position
posts|직|posts
post|직|post
problem|문제|problem
progress|진척률(%)|progress (%)
pruned|정리|pruned
quorum|정족수 충족|quorum
rated_on|시민평가일|rated on
raters|평가 인원|raters
rating|시민평가|citizens' rating
reached|달성한 추진일정|milestones reached
readings|열람 건수|readings
recipient|받는 이|recipient
redacted|비공개|redacted
registered|등록|registered
reminding|알림 상황|reminding
retired|폐지된 키|retired
review|점검|review
revoked|폐기|revoked
role|역할|role
root|트리의 뿌리|root of the tree
rows|행|rows
rows_sha256|기록의 해시|hash of the rows
rule|규칙|rule
rungs|알림 단계|rungs
score|점수|score
sealed|봉인|sealed
secret_sha256|비밀값의 해시|hash of the secret
set_by|정한 기록|set by fact
since|부터|since
size|크기|size
skipped|건너뛴 날|skipped
source|출처|source
spans|기간|spans
stage_since|단계 시작|stage since
stage|단계|stage
stale_since|다시 셀 때부터|to be counted again since
stale|다시 셀 기한|to be counted again
stands_in_for|대리 대상|stands in for
started_on|착수일|started on
starts|시작하는 날|starts
start|시작일|start
state|상태|state
stream|대상 흐름|stream
streams|흐름 수|streams
subject|사람|person
substitute|직무대리자|substitute
substitutions|직무대리|substitutions
successor|승계 기관|successor
summary|요약|summary
target|목표값|target
tasks|과제|tasks
task|과제|task
texts|글|texts
text|글|text
title_en|영문 과제명|title in English
title_ko|과제명|title
title|과제명|title
to_year|이월 연도|to the year
token|순번|fencing token
to|받는 쪽|to
unit|단위|unit
unknowns|결과를 모르는 시도|attempts of unknown outcome
until|까지|until
unusual|특이 건수|unusual
value|값|value
version|판|version
vkey|공개 키|public key
waits_since|할 일 시작|waits since
waits|할 일|waits for
what|대상|what
who|누구|who
why|이유|why
witnesses|증인|witnesses
year|연도|year
"""
FIELDS: Mapping[str, Worded] = {
    name: Worded(ko, en) for name, ko, en in (line.split("|") for line in _PAIRS.split("\n") if line)
}


VIA: Mapping[str, Worded] = {
    "cli": Worded("명령줄", "on the command line"),
    "web": Worded("웹", "on the web"),
    "api": Worded("API", "over the API"),
    "rule": Worded("규칙", "by rule"),
}
AUTHN: Mapping[str, Worded] = {
    "asserted": Worded("본인 주장", "asserted"),
    "token": Worded("토큰으로 확인", "known by a token"),
    "password": Worded("비밀번호로 확인", "known by a password"),
    "oidc": Worded("OIDC로 확인", "known by OIDC"),
    "system": Worded("시스템", "the system itself"),
}


def field_name(name: str, lang: Lang) -> str:
    """A field as people call it; a key of a mapping stands for itself."""
    return FIELDS[name].say(lang) if name in FIELDS else name


def path_in_words(path: Sequence[str], lang: Lang) -> str:
    """A field, and the field in it."""
    return " › ".join(_key(path[place - 1] if place else "", name, lang) for place, name in enumerate(path))


def _key(inside: str, name: str, lang: Lang) -> str:
    """A field's name, or which item of the list or mapping it stands in."""
    kind, space, item = name.partition(" ")
    if lang == "ko" and inside == "deadlines" and kind in DEADLINES:
        return f"{_deadline(kind)}{space}{item}"
    if lang == "ko" and inside == "contacts":
        return called(inside, name, lang)
    return field_name(name, lang)


def _deadline(kind: str) -> str:
    return DEADLINES[kind].ko if kind in DEADLINES else kind


def _closed(field: str, value: str, areas: Areas, lang: Lang) -> str:
    """A value of a field that can only have certain ones; any other stands for itself."""
    if field == "area":
        return area_called(value, areas, lang)
    if lang == "ko" and field in ("kind", "deadline"):
        return _deadline(value)
    if lang == "ko" and field == "problem" and value in PROBLEMS:
        return PROBLEMS[value].ko
    return called(field, value, lang)


def in_words(
    value: Any, lang: Lang, text: Callable[[Any], str], field: str = "", areas: Areas = MappingProxyType({})
) -> str:
    """A single value. `text`: how a free text is read, where it may be gone; `areas`: the areas' names, if known."""
    match value:
        case None | "" | () | frozenset():
            return "–"
        case bool():
            return ("예" if value else "아니오") if lang == "ko" else ("yes" if value else "no")
        case TextRef():
            return text(value)
        case LocalText():
            return value.say(lang)
        case datetime():
            return f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case int():
            return f"{value:,}" if abs(value) >= 10_000 else str(value)
    say = getattr(value, "say", None)
    return _closed(field, str(value), areas, lang) if say is None else str(say(lang))
