"""The names of fields as people read them, and values in words. A field without a name fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from domain.errors import Bilingual, Lang
from domain.seoul import SEOUL
from domain.task.deadline_kinds import DEADLINE_KINDS, deadline_label, describe_deadline
from domain.values import LocalText, TextRef
from projections.labels import Areas, area_label, label_for
from projections.sentences.all import FIELDS as OF_FACTS
from projections.sentences.narration import field_labels
from projections.sentences.reminders import PROBLEMS

# what facts of several aggregates or rows of views have; the others stand with the sentences
FIELDS: Mapping[str, Bilingual] = OF_FACTS | field_labels("""
acknowledged|확인|acknowledged
active|운영 중|active
actor|행위자|actor
acts|규칙 처리|acts by rule
address|주소|address
agency|기관|agency
amended|평가 뒤 정정됨|corrected after the evaluation
attachment|첨부|attachment
file|파일|file
media|파일 형식|media type
armed|발송한 알림 단계|rungs reminded of
asked_since|변경 요청 시점|new plan asked for since
basis|근거|basis
began|시작일|began
by|이은 항목|linked by
origin_number|앞선 기록의 번호|fact that came first
result_number|뒤따른 기록의 번호|fact that came of it
behalf_subject|대신한 사람|on behalf of the person
behalf|대신한 상대|on behalf of
calendars|달력|calendars
cause|원인 기록|cause
changed_at|마지막 변경 시각|last changed at
changed_kind|마지막 기록 종류|last changed by
changed_position|마지막 기록|last changed by the fact at
channel|경로|channel
closed|폐지|closed
command|명령 번호|command id
commitment|봉인값|commitment
composed_at|작성 기록|composed by the fact at
condition|상태|condition
contacts|연락처|contacts
counted|산정 일수|counted
dated|효력 시각|effective at
days|영업일|business days
counting|기간 계산 방법|how the days are counted
counted_from|기산점|counted from
backward|역산|counted back
met_by|이행하는 절차|fulfilled by
kind_name|기한의 이름|what is due is called
to_name|수신 직위의 이름|position that it is for
asker|상신한 역할|asked for by
place|위치|place
stamp|기록 기준|so since, by the fact
stays|머문 위치|places stood in
first_day|첫날 산입|first day counted
roll|말일이 쉬는 날일 때|moved from a day off
weight|가중치(%)|weight in percent
gone|이미 없던 열람|readings gone before
deadlines|기한|deadlines
lapsed_lines|실효된 결재선|approval lines that lapsed
deadline|기한|deadline
definition|정의|definition
delegation|위임 여부|is a delegation
en|영문|in English
first_year|필요한 첫 해|first year needed
id|식별자|id
indicator|성과지표|indicator
item|항목|item
kind|종류|kind
ko|국문|in Korean
last_year|필요한 마지막 해|last year needed
late|지연|late
listed_by|사업 목록의 정의|on the list by the definition
message|메시지|message
name_en|영문 이름|name in English
name_ko|이름|name
name_stamp|이름 기준 시점|name so since
next_act|다음 규칙 처리일|next act by rule
next_date|다음 예정일|next date
next_due|다음 기한|next due
next_end|다음 종료일|next end
next_rung|다음 알림일|next reminder
next_try|다음 시도|next try
notices|알림|notices
notice|알림|notice
number|번호|number
on|일자|on
others|관련 기관|other agencies
position|위치|position
progress|진척률(%)|progress (%)
reached|달성한 추진일정|milestones reached
recipient|수신자|recipient
redacted|비공개|redacted
reminded|발송한 알림|reminded of
reminding|알림 상황|reminding
requested_since|제안 요청 시점|proposal asked for since
listed|목록의 기재 내용|as listed
request|제안 요청|request for the proposal
role|역할|role
rule|규칙|rule
rungs|알림 단계|rungs
set_by|정한 기록|set by fact
since|시작 시점|since
skipped|제외된 일자|skipped
spans|기간|spans
stage|단계|stage
stale_since|재산정 시작 시점|to be counted again since
stale|재산정 기한|to be counted again
stamps|값의 기준 시점|values so since
stands_in_for|대리 대상|stands in for
letter|문안|letter
state|상태|state
stream|대상 이력|stream
subject|사람|person
task|과제|task
texts|글|texts
title_en|영문 과제명|title in English
title_ko|과제명|title
token|순번|fencing token
to_request|제안 요청 사유|why the proposal is to be asked for
to|이관받는 기관|to
until|종료 시점|until
value|값|value
version|버전|version
waiting|달력을 기다리는 기한|waits for a calendar
waits_since|대기 시작일|waits since
waits|할 일|waits for
what|대상|what
whose|소관 기관|agencies whose it is
who|담당|who
year|연도|year
""")


VIA: Mapping[str, Bilingual] = {
    "cli": Bilingual("명령줄", "on the command line"),
    "web": Bilingual("웹", "on the web"),
    "api": Bilingual("API", "over the API"),
    "rule": Bilingual("규칙", "by rule"),
}
AUTHN: Mapping[str, Bilingual] = {
    "asserted": Bilingual("본인 주장", "asserted"),
    "token": Bilingual("토큰으로 확인", "known by a token"),
    "passkey": Bilingual("패스키로 확인", "known by a passkey"),
    "password": Bilingual("비밀번호로 확인", "known by a password"),
    "oidc": Bilingual("OIDC로 확인", "known by OIDC"),
    "code": Bilingual("일회용 링크로 확인", "known by a link used once"),
    "system": Bilingual("시스템", "the system itself"),
}


def field_name(name: str, lang: Lang) -> str:
    """A field as people call it; a key of a mapping stands for itself."""
    return FIELDS[name].say(lang) if name in FIELDS else name


def path_in_words(path: Sequence[str], lang: Lang) -> str:
    """A field, and the field in it."""
    return " › ".join(_key(path[place - 1] if place else "", name, lang) for place, name in enumerate(path))


def _key(inside: str, name: str, lang: Lang) -> str:
    """A field's name, or which item of the list or mapping it stands in."""
    kind, _, item = name.partition(" ")
    if lang == "ko" and inside == "deadlines" and kind in DEADLINE_KINDS:
        return describe_deadline(kind, item or None, None).ko
    if lang == "ko" and inside in ("contacts", "languages"):
        return label_for("contacts", name, lang)
    return field_name(name, lang)


def _label_for(field: str, value: str, areas: Areas, lang: Lang) -> str:
    """A value of a field that can only have certain ones; any other stands for itself."""
    if field == "area":
        return area_label(value, areas, lang)
    if lang == "ko" and field in ("kind", "deadline"):
        return deadline_label(value).ko
    if lang == "ko" and field == "problem" and value in PROBLEMS:
        return PROBLEMS[value].ko
    return label_for(field, value, lang)


def in_words(
    value: Any, lang: Lang, text: Callable[[Any], str], field: str = "", areas: Areas = MappingProxyType({})
) -> str:
    """A single value. `text`: how a free text is read, where it may be gone; `areas`: the areas' names, if known."""
    match value:
        case None | "" | () | frozenset():
            return "–"
        case bool():
            return ("예" if value else "아니요") if lang == "ko" else ("yes" if value else "no")
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
    return _label_for(field, str(value), areas, lang) if say is None else str(say(lang))
