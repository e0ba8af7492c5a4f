"""How the facts about the record itself are told: persons and texts, readings, tokens, views, the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.errors import Bilingual
from domain.positions import positions_label
from projections.differing import in_words
from projections.sentences.narration import (
    Narration,
    field_labels,
    narrate_language_chosen,
    particulars,
    phrase,
)
from trail.english import many

_DIFFERING_KO = {"entry": "항목", "reading": "열람", "refusal": "거부", "pruning": "삭제"}


def _narrate_subject_changed(narration: Narration) -> str:
    fields = ", ".join(narration.fact.fields)
    return narration.say(f"개인정보를 변경하였음: {fields}.", f"changed the person's details: {fields}.")


def _narrate_sealed(narration: Narration) -> str:
    fact = narration.fact
    by = ", ".join(fact.witnesses) or narration.either("없음", "none")
    short = "" if fact.quorum else narration.either(", 정족수 미달", ", short of the quorum")
    return narration.say(
        f"기록 {fact.size}건까지 봉인하였음(증인: {by}{short}).",
        f"sealed the trail over {many(fact.size, 'fact')} (witnesses: {by}{short}).",
    )


# why a table in use could not be held against the new one
WHY_NOT_COMPARED: Mapping[str, Bilingual] = {
    "unreadable": Bilingual("읽을 수 없음", "it cannot be read"),
    "missing": Bilingual("표가 없음", "it is missing"),
    "another_shape": Bilingual("다른 모양의 표", "it has other columns"),
}


def _narrate_rebuilt(narration: Narration) -> str:
    fact = narration.fact
    said = narration.say(
        f"조회 화면을 {fact.position}번 기록까지 새로 만들어 교체하였음(버전 {fact.version}, {fact.rows}개 행): "
        f"다른 행 {fact.differences}, 그 가운데 사유를 붙여 받아들인 행 {fact.accepted}.",
        f"put {many(fact.rows, 'row')} of version {fact.version}, folded anew up to position {fact.position}, in place of those in "
        f"use; {fact.differences} differed, {fact.accepted} of them accepted for the reason given.",
    )
    not_compared = narration.either("대조하지 못한 표", "not compared")
    why = [(one.table, WHY_NOT_COMPARED[one.why]) for one in fact.not_compared]
    return said + particulars(
        [f"{not_compared}: {table}, {narration.either(of.ko, of.en)}" for table, of in why]
    )


def _narrate_audit_closed(narration: Narration) -> str:
    fact = narration.fact
    points = [f"{number}. {narration.text(one)}" for number, one in enumerate(fact.points, start=1)]
    said = narration.say(
        f"{fact.up_to}번 기록까지 확인하고 감사를 종결하였음: 지적 사항 {fact.findings}건 가운데 미확인 {len(fact.open)}건, "
        f"미해소 지적 {len(points)}건. {narration.text(fact.note)}",
        f"closed the audit over the facts up to {fact.up_to}: {many(fact.findings, 'finding')}, {len(fact.open)} of them not examined; "
        f"{many(len(points), 'point')} left open. {narration.text(fact.note)}",
    )
    return said + particulars(points)


def _narrate_difference(narration: Narration) -> str:
    fact = narration.fact
    how = in_words(fact.part, fact.what, fact.position)
    return narration.say(
        f"데이터베이스가 봉인된 것({fact.size:,}건)과 다름을 확인하였음: {how.ko}.",
        f"found that the database is not what was sealed (over {many(fact.size, 'fact')}): {how.en}.",
    )


def _narrate_pruned(narration: Narration) -> str:
    fact = narration.fact
    ko = f"{fact.before} 전의 열람 기록 {fact.count:,}건을 삭제하였음."
    en = f"took {many(fact.count, 'reading')} before {fact.before} out of the access log."
    if fact.gone:
        gone = positions_label(fact.gone)
        ko = f"{ko} 그 전에 이미 없어진 열람: {gone.ko}."
        en = f"{en} Gone already before that: the readings of {gone.en}."
    return narration.say(ko, en)


RECORD: Mapping[str, Callable[[Narration], str]] = {
    "subject.registered": phrase("사람을 등록하였음.", "registered the person."),
    "subject.changed": _narrate_subject_changed,
    "subject.language_chosen": narrate_language_chosen,
    "subject.erased": phrase("개인정보를 파기하였음.", "erased the person's details."),
    "text.redacted": phrase("글을 비공개 처리하였음.", "redacted the text."),
    "access.reviewed": lambda narration: narration.say(
        f"열람 기록을 점검하였음: 열람 {narration.fact.readings:,}건, 특이사항 {narration.fact.unusual:,}건. "
        f"{narration.text(narration.fact.note)}",
        f"reviewed who read what: {many(narration.fact.readings, 'reading')}, {narration.fact.unusual:,} unusual. "
        f"{narration.text(narration.fact.note)}",
    ),
    "access.pruned": _narrate_pruned,
    "access.gap_acknowledged": lambda narration: narration.say(
        f"열람·거부 기록의 빈자리({narration.fact.first:,}–{narration.fact.last:,}번)를 확인하였음: {narration.text(narration.fact.note)}",
        f"looked into the gap in the log of readings and refusals, entries {narration.fact.first:,} to {narration.fact.last:,}: "
        f"{narration.text(narration.fact.note)}",
    ),
    "access.row_examined": lambda narration: narration.say(
        f"열람·거부 기록의 다른 내용({_DIFFERING_KO[narration.fact.what]} {narration.fact.number:,}번)을 확인하였음: {narration.text(narration.fact.note)}",
        f"looked into what differs in the log of readings and refusals, {narration.fact.what} {narration.fact.number:,}: "
        f"{narration.text(narration.fact.note)}",
    ),
    "token.issued": phrase(
        "역할 {role}의 토큰을 {until}까지 발급하였음.", "issued a token for the role {role} until {until}."
    ),
    "token.revoked": phrase("토큰을 폐기하였음.", "revoked the token."),
    "view.fact_skipped": phrase(
        "이 조회 화면이 {position}번 기록을 건너뛸 수 있게 함.",
        "let the view pass over the fact at position {position}.",
    ),
    "view.verified": phrase(
        "조회 화면 버전 {version}의 {rows}개 행을 {position}번 기록까지 새로 만든 것과 대조하였음: 다른 행 {differences}.",
        "compared {rows} row(s) of version {version} with a fresh fold up to position {position}; {differences} differ.",
    ),
    "view.rebuilt": _narrate_rebuilt,
    "finding.examined": lambda narration: narration.say(
        f"지적 사항을 확인하였음: {narration.text(narration.fact.note)}",
        f"examined the finding: {narration.text(narration.fact.note)}",
    ),
    "audit.closed": _narrate_audit_closed,
    "audit.point_settled": lambda narration: narration.say(
        f"감사의 미해소 지적 {narration.fact.point}번을 해소하였음: {narration.text(narration.fact.note)}",
        f"settled the open point {narration.fact.point} of the audit: {narration.text(narration.fact.note)}",
    ),
    "audit.reopened": phrase("감사를 재개하였음.", "reopened the audit."),
    "store.epoch_begun": phrase(
        "복원된 저장소를 계속 사용하기로 하였음({after}번 기록 다음, {number}번째 시기).",
        "let the restored store go on after position {after}: epoch {number}.",
    ),
    "trail.key_added": phrase("감사 이력의 키를 추가하였음({vkey}).", "added the trail's key {vkey}."),
    "trail.key_retired": phrase("감사 이력의 키를 폐지하였음({vkey}).", "retired the trail's key {vkey}."),
    "trail.sealed": _narrate_sealed,
    "trail.mapped": phrase(
        "기록 {size}건을 이력 {streams}개로 나누어 집계하였음.",
        "counted the {size} fact(s) before it by their {streams} stream(s).",
    ),
    "trail.difference_found": _narrate_difference,
    "trail.agreed_again": phrase(
        "다르던 것({part})을 기록 {size}건과 다시 대조하여 봉인된 것과 같음을 확인하였음.",
        "compared again with the seal over {size} fact(s) what had differed ({part}): it is as it was sealed.",
    ),
    "trail.timestamped": phrase(
        "기록 {size}건까지의 봉인을 시점확인기관이 {at}에 확인하였음.",
        "had the seal over {size} fact(s) timestamped by an authority at {at}.",
    ),
}

# the fields that only these facts have, as people read them
RECORD_FIELDS = field_labels("""
about|대상 번호|about
accepted|사유를 붙여 받아들인 행|rows accepted for a reason
after|다음 위치|after
at|시각|at
before|이전|before
code_sha256|프로그램의 해시|hash of the code
count|건수|count
differences|다른 행|rows that differ
differing|봉인과 다른 것|what differs from what was sealed
erased|파기|erased
examinations|확인 횟수|examinations
explained|원인이 밝혀진 행|rows with a cause
fields|항목|fields
findings|지적 사항 수|findings
first|처음 번호|first position
found|있던 내용의 해시|hash of what was there
keys|서명 키|keys
last|마지막 번호|last position
milliseconds|걸린 시간(밀리초)|milliseconds
not_compared|대조하지 못한 표|tables not compared
note|적은 글|note
open|미확인 지적 사항|findings not examined
origin|기록 이름|log
part|대조한 것|part that was compared
point|지적 번호|point
points|미해소 지적|open points
positions|위치|positions
pruned|정리|pruned
quorum|정족수 충족|quorum
readings|열람 건수|readings
readings_root|열람 기록의 루트 해시|root of the log of readings
readings_size|열람 기록의 건수|size of the log of readings
registered|등록|registered
retired|폐지된 키|retired
review|점검|review
revoked|폐기|revoked
root|트리의 루트 해시|root of the tree
row|조회 항목|row
rows|행|rows
rows_sha256|기록의 해시|hash of the rows
sealed|봉인|sealed
secret_sha256|비밀값의 해시|hash of the secret
settled|해소한 지적|settled points
size|크기|size
streams|이력 수|streams
table|표|table
unusual|특이 건수|unusual
up_to|본 마지막 기록|up to
vkey|공개 키|public key
witnesses|증인|witnesses
""")
