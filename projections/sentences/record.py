"""How the facts about the record itself are told: persons and texts, readings, tokens, views, the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.sentences.telling import Told, fixed, particulars
from projections.trail.differing import in_words


def _subject_changed(told: Told) -> str:
    fields = ", ".join(told.fact.fields)
    return told.say(f"개인정보를 바꾸었음: {fields}.", f"changed the person's details: {fields}.")


def _sealed(told: Told) -> str:
    fact = told.fact
    by = ", ".join(fact.witnesses) or told.either("없음", "none")
    short = "" if fact.quorum else told.either(", 정족수 미달", ", short of the quorum")
    return told.say(
        f"기록 {fact.size}건까지 봉인하였음(증인: {by}{short}).",
        f"sealed the trail over {fact.size} facts (witnesses: {by}{short}).",
    )


def _audit_closed(told: Told) -> str:
    fact = told.fact
    points = [f"{number}. {told.text(one)}" for number, one in enumerate(fact.points, start=1)]
    said = told.say(
        f"{fact.up_to}번 기록까지 보고 감사를 종결하였음: 지적 사항 {fact.findings}건 가운데 미확인 {len(fact.open)}건, "
        f"열린 지적 {len(points)}건. {told.text(fact.note)}",
        f"closed the audit over the facts up to {fact.up_to}: {fact.findings} findings, {len(fact.open)} of them not examined; "
        f"{len(points)} points left open. {told.text(fact.note)}",
    )
    return said + particulars(points)


def _difference(told: Told) -> str:
    fact = told.fact
    how = in_words(fact.part, fact.what, fact.position)
    return told.say(
        f"데이터베이스가 봉인된 것({fact.size:,}건)과 다름을 찾았음: {how.ko}.",
        f"found that the database is not what was sealed (over {fact.size:,} facts): {how.en}.",
    )


RECORD: Mapping[str, Callable[[Told], str]] = {
    "subject.registered": fixed("사람을 등록하였음.", "registered the person."),
    "subject.changed": _subject_changed,
    "subject.erased": fixed("개인정보를 파기하였음.", "erased the person's details."),
    "text.redacted": fixed("글을 비공개 처리하였음.", "redacted the text."),
    "access.reviewed": lambda told: told.say(
        f"열람 기록을 점검하였음: 열람 {told.fact.readings:,}건, 특이사항 {told.fact.unusual:,}건. "
        f"{told.text(told.fact.note)}",
        f"reviewed who read what: {told.fact.readings:,} readings, {told.fact.unusual:,} unusual. "
        f"{told.text(told.fact.note)}",
    ),
    "access.pruned": fixed(
        "{before} 전의 열람 기록 {count}건을 지웠음.",
        "took {count} readings before {before} out of the access log.",
    ),
    "token.issued": fixed(
        "역할 {role}의 토큰을 {until}까지 발급하였음.", "issued a token for the role {role} until {until}."
    ),
    "token.revoked": fixed("토큰을 폐기하였음.", "revoked the token."),
    "view.fact_skipped": fixed(
        "이 조회 화면이 {position}번 기록을 건너뛸 수 있게 함.",
        "let the view pass over the fact at position {position}.",
    ),
    "view.verified": fixed(
        "조회 화면 {version}판의 {rows}개 행을 {position}번 기록까지 새로 만든 것과 대조하였음: 다른 행 {differences}.",
        "compared {rows} rows of version {version} with a fresh fold up to position {position}; {differences} differ.",
    ),
    "view.rebuilt": fixed(
        "조회 화면을 {position}번 기록까지 새로 만들어 바꾸었음({version}판, {rows}개 행): "
        "다른 행 {differences}, 그 가운데 사유를 붙여 받아들인 행 {accepted}.",
        "put {rows} rows of version {version}, folded anew up to position {position}, in place of those in use; "
        "{differences} differed, {accepted} of them accepted for the reason given.",
    ),
    "finding.examined": lambda told: told.say(
        f"지적 사항을 확인하였음: {told.text(told.fact.note)}",
        f"examined the finding: {told.text(told.fact.note)}",
    ),
    "audit.closed": _audit_closed,
    "audit.point_settled": lambda told: told.say(
        f"감사의 열린 지적 {told.fact.point}번을 해소하였음: {told.text(told.fact.note)}",
        f"settled the open point {told.fact.point} of the audit: {told.text(told.fact.note)}",
    ),
    "audit.reopened": fixed("감사를 다시 열었음.", "reopened the audit."),
    "store.epoch_begun": fixed(
        "복원된 저장소를 이어 쓰기로 하였음({after}번 기록 다음, {number}번째 시기).",
        "let the restored store go on after position {after}: epoch {number}.",
    ),
    "trail.key_added": fixed("감사 이력의 키를 더하였음({vkey}).", "added the trail's key {vkey}."),
    "trail.key_retired": fixed("감사 이력의 키를 폐지하였음({vkey}).", "retired the trail's key {vkey}."),
    "trail.sealed": _sealed,
    "trail.mapped": fixed(
        "기록 {size}건을 흐름 {streams}개로 나누어 세었음.",
        "counted the {size} facts before it by their {streams} streams.",
    ),
    "trail.difference_found": _difference,
    "trail.agreed_again": fixed(
        "다르던 것({part})을 기록 {size}건과 다시 대조하여 봉인된 것과 같음을 확인하였음.",
        "compared again with the seal over {size} facts what had differed ({part}): it is as it was sealed.",
    ),
    "trail.timestamped": fixed(
        "기록 {size}건까지의 봉인을 시점확인기관이 {at}에 확인하였음.",
        "had the seal over {size} facts timestamped by an authority at {at}.",
    ),
}
