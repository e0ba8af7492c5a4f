"""How each kind of fact is told. A kind without a sentence fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.agency.rules import POSTS
from domain.errors import Lang, Worded
from domain.values import Deadline, Figure, LocalText, Plan
from projections.particles import object_particle

DEADLINES: Mapping[str, Worded] = {
    "decision": Worded("제안 결정", "the decision on the proposal"),
    "answer": Worded("보완 제출", "the answer to the return"),
    "start": Worded("착수", "the start"),
    "progress": Worded("분기 실적 보고", "the progress report for"),
    "milestone": Worded("추진일정", "the milestone"),
    "final_report": Worded("최종 보고", "the final report"),
    "evaluation": Worded("평가", "the evaluation"),
}


def deadline_named(kind: str, item: str | None, lang: Lang) -> str:
    """What is due in words, e.g. "the progress report for 2024-Q3"; a kind of another program by itself."""
    name = DEADLINES[kind].say(lang) if kind in DEADLINES else kind
    return name if item is None else f"{name} {item}"


class Told(msgspec.Struct, frozen=True):
    """A fact with what is needed to tell it: the actor's name, how texts and agencies are read, the plan in force.

    `before`: the deadlines that were open before the fact.
    """

    fact: Any
    actor: str
    text: Callable[[Any], str]
    name: Callable[[str], str]
    lang: Lang
    plan: Plan | None = None
    before: tuple[Deadline, ...] = ()

    def say(self, ko: str, en: str) -> str:
        """The phrase with the actor at its head."""
        if self.lang == "ko":
            return f"{self.actor}: {ko}"
        return f"{self.actor[:1].upper()}{self.actor[1:]} {en}"

    def either(self, ko: str, en: str) -> str:
        return ko if self.lang == "ko" else en

    def in_words(self, value: LocalText) -> str:
        return value.say(self.lang)

    def period(self, plan: Plan) -> str:
        money = f"{plan.budget_krw:,}"
        return self.either(
            f"기간 {plan.start}~{plan.end}, 예산 {money}원",
            f"from {plan.start} to {plan.end}, with a budget of KRW {money}",
        )

    def figure(self, figure: Figure) -> str:
        """An indicator's value by name and unit, as far as the plan knows it."""
        for indicator in self.plan.indicators if self.plan else ():
            if indicator.id == figure.indicator:
                return f"{self.in_words(indicator.name)} {figure.value}{indicator.unit}"
        return f"{figure.indicator} {figure.value}"

    def deadline(self, kind: str, item: str | None) -> str:
        """What is due, by its kind and which of several."""
        return deadline_named(kind, self.milestone(item) if item else None, self.lang)

    def milestone(self, identity: str) -> str:
        names = {one.id: self.in_words(one.name) for one in (self.plan.milestones if self.plan else ())}
        return names.get(identity, identity)


def _particulars(parts: list[str]) -> str:
    """What follows the sentence; a text that ends its own sentence gets no second full stop."""
    return (" " + "; ".join(part.rstrip(".") for part in parts) + ".") if parts else ""


def _fixed(ko: str, en: str) -> Callable[[Told], str]:
    """A phrase of the program's own, in which `{…}` are the fact's fields."""

    def told_so(told: Told) -> str:
        fields = msgspec.structs.asdict(told.fact)
        return told.say(ko.format(**fields), en.format(**fields))

    return told_so


def _proposed(told: Told) -> str:
    fact, lead, title = told.fact, told.name(told.fact.lead), told.in_words(told.fact.title)
    period = told.period(fact.plan)
    said = told.say(
        f"과제 ‘{title}’{object_particle(title)} 제안하였음. 주관 {lead}, {period}.",
        f"proposed the task “{title}”, led by {lead}, {period}.",
    )
    return said + ("" if fact.summary is None else f" {told.text(fact.summary)}")


def _revised(told: Told) -> str:
    fact, parts = told.fact, []
    if fact.title is not None:
        title = told.in_words(fact.title)
        parts.append(told.either(f"과제명 ‘{title}’", f"title “{title}”"))
    if fact.plan is not None:
        parts.append(told.period(fact.plan))
    if fact.department is not None:
        department = told.in_words(fact.department)
        parts.append(told.either(f"소관부서 {department}", f"department {department}"))
    if fact.partners is not None:
        partners = ", ".join(map(told.name, fact.partners)) or told.either("없음", "none")
        parts.append(told.either(f"협업기관 {partners}", f"partners: {partners}"))
    if fact.summary is not None:
        parts.append(told.text(fact.summary))
    if not parts:
        return told.say("제안을 수정·보완하였음.", "revised the proposal.")
    return told.say("제안을 수정·보완하였음:", "revised the proposal:") + _particulars(parts)


def _approved(told: Told) -> str:
    conditions = [told.text(one) for one in told.fact.conditions]
    if not conditions:
        return told.say("과제를 승인하였음.", "approved the task.")
    said = told.say("조건을 붙여 과제를 승인하였음:", "approved the task on conditions:")
    return said + _particulars(conditions)


def _progress_reported(told: Told) -> str:
    fact = told.fact
    parts = [told.figure(figure) for figure in fact.figures]
    if fact.milestones:
        reached = ", ".join(map(told.milestone, fact.milestones))
        parts.append(told.either(f"달성한 일정 {reached}", f"milestones reached: {reached}"))
    if fact.text is not None:
        parts.append(told.text(fact.text))
    said = told.say(f"진척률 {fact.percent}%를 보고하였음.", f"reported progress of {fact.percent}%.")
    return said + _particulars(parts)


def _final_report_submitted(told: Told) -> str:
    parts = [told.figure(figure) for figure in told.fact.figures]
    said = told.say("결과보고서를 제출하였음.", "submitted the final report.")
    return said + _particulars([*parts, told.text(told.fact.text)])


def _replan_requested(told: Told) -> str:
    period = told.period(told.fact.plan)
    return told.say(f"계획 변경을 요청하였음: {period}.", f"asked for a new plan: {period}.")


def _replanned(told: Told) -> str:
    period = told.period(told.fact.plan)
    return told.say(f"계획을 변경하였음: {period}.", f"put a new plan into force: {period}.")


def _with_agency(field: str, ko: str, en: str) -> Callable[[Told], str]:
    """A phrase in which `{}` is the name of the agency in a field."""

    def told_so(told: Told) -> str:
        name = told.name(getattr(told.fact, field))
        return told.say(ko.format(name), en.format(name))

    return told_so


def _values(told: Told) -> str:
    fact = told.fact
    parts = (
        [] if fact.percent is None else [told.either(f"진척률 {fact.percent}%", f"progress {fact.percent}%")]
    )
    parts += [told.figure(figure) for figure in fact.figures]
    if fact.on is not None:
        parts.append(told.either(f"착수일 {fact.on}", f"started on {fact.on}"))
    return "; ".join(parts)


def _corrected(told: Told) -> str:
    values, fact = _values(told), told.fact.fact
    return told.say(f"#{fact} 기록을 정정하였음: {values}.", f"corrected #{fact}: {values}.")


def _correction_cancelled(told: Told) -> str:
    values, correction = _values(told), told.fact.correction
    return told.say(
        f"#{correction} 정정을 취소하였음. 다시 {values}.",
        f"cancelled the correction #{correction}; again {values}.",
    )


def _transferred(told: Told) -> str:
    name, to = told.in_words(told.fact.name), told.name(told.fact.to)
    ko, en = {"function": ("기능", "function"), "facility": ("시설", "facility")}[told.fact.what]
    return told.say(
        f"{ko} ‘{name}’{object_particle(name)} {to}에 이관하였음.",
        f"transferred the {en} “{name}” to {to}.",
    )


def _in_post(ko: str, en: str) -> Callable[[Told], str]:
    """A phrase about a person, by the vault's id, and a post."""

    def told_so(told: Told) -> str:
        post = POSTS[told.fact.post].say(told.lang)
        return told.say(ko.format(told.fact.subject, post), en.format(told.fact.subject, post))

    return told_so


def _substitute_appointed(told: Told) -> str:
    fact = told.fact
    return told.say(
        f"직무대리를 지정하였음(#{fact.number}): {fact.absent}의 직무를 {fact.starts}~{fact.ends}에 {fact.substitute}이(가) 대리함.",
        f"appointed a substitute (#{fact.number}): {fact.substitute} stands in for {fact.absent} from {fact.starts} to {fact.ends}.",
    )


def _decision_delegated(told: Told) -> str:
    fact = told.fact
    ko, en = {"standing": ("전결", "for good"), "proxy": ("대결", "as a proxy")}[fact.form]
    until = fact.ends or ""
    return told.say(
        f"결재를 위임하였음(#{fact.number}, {ko}): {fact.holder}의 {fact.decision} 결정을 {fact.delegate}이(가) 함({fact.starts}~{until}).",
        f"delegated a decision (#{fact.number}, {en}): {fact.delegate} decides {fact.decision} for {fact.holder}, "
        f"from {fact.starts}{f' to {until}' if until else ''}.",
    )


def _subject_changed(told: Told) -> str:
    fields = ", ".join(told.fact.fields)
    return told.say(f"개인정보를 바꾸었음: {fields}.", f"changed the person's details: {fields}.")


def _opened(told: Told) -> str:
    areas = ", ".join(told.in_words(area.name) for area in told.fact.areas)
    name = told.in_words(told.fact.name)
    return told.say(
        f"‘{name}’ 사업연도를 열었음. 분야: {areas}.", f"opened the programme “{name}”. Areas: {areas}."
    )


def _deadlines_set(told: Told) -> str:
    """Only what is new, or has moved; what was met or fell away is told by what happened."""
    before = {(one.kind, one.item): one.due for one in told.before}
    new = [one for one in told.fact.deadlines if (one.kind, one.item) not in before]
    moved = [one for one in told.fact.deadlines if before.get((one.kind, one.item), one.due) != one.due]
    set_new = ", ".join(f"{told.deadline(one.kind, one.item)} {one.due}" for one in new)
    set_anew = ", ".join(
        f"{told.deadline(one.kind, one.item)} {before[one.kind, one.item]} → {one.due}" for one in moved
    )
    ko = [f"기한을 정하였음: {set_new}"] * bool(new) + [f"기한을 옮겼음: {set_anew}"] * bool(moved)
    en = [f"set the deadlines: {set_new}"] * bool(new) + [f"moved the deadlines: {set_anew}"] * bool(moved)
    left = len(told.fact.deadlines)
    if not ko:
        ko = [f"남은 기한 {left}건" if left else "남은 기한이 없음"]
        en = [f"left {left} deadline{'s' * (left > 1)} open" if left else "found nothing more due"]
    return told.say("; ".join(ko) + ".", "; ".join(en) + ".")


def _calendar_opened(told: Told) -> str:
    count, source = len(told.fact.holidays), told.fact.source
    return told.say(
        f"{told.fact.year}년 달력을 열었음. 공휴일 {count}일, 출처 {source}.",
        f"opened the calendar of {told.fact.year} with {count} holidays, from {source}.",
    )


def _task_added(told: Told) -> str:
    task, title, lead = told.fact.task, told.in_words(told.fact.title), told.name(told.fact.lead)
    return told.say(
        f"과제 {task} ‘{title}’{object_particle(title)} 목록에 올렸음. 주관 {lead}.",
        f"put task {task} “{title}” on the list, to be led by {lead}.",
    )


def _registered(told: Told) -> str:
    name = told.in_words(told.fact.name)
    said = told.say(f"기관 ‘{name}’{object_particle(name)} 등록하였음.", f"registered the agency “{name}”.")
    former = ", ".join(map(told.in_words, told.fact.formerly))
    return said + (told.either(f" 옛 이름: {former}.", f" Formerly: {former}.") if former else "")


def _renamed(told: Told) -> str:
    name = told.in_words(told.fact.name)
    return told.say(f"기관 이름을 ‘{name}’(으)로 바꾸었음.", f"renamed the agency “{name}”.")


PROBLEMS: Mapping[str, Worded] = {
    "no_address": Worded("받는 주소를 모름", "no address is known"),
    "bad_address": Worded("받는 주소가 잘못됨", "the address is no address"),
    "not_public": Worded("사설 네트워크의 주소임", "the host lies in a private network"),
    "unreachable": Worded("상대 서버와 연결되지 않음", "the server was not reached"),
    "not_now": Worded("상대 서버가 지금은 받지 않음", "the server does not take it now"),
    "refused": Worded("상대 서버가 거부함", "the server refused it"),
    "redirected": Worded("다른 주소로 보내려 함", "the server pointed elsewhere"),
    "no_answer": Worded("보낸 뒤 응답이 없음", "no answer came after it was handed over"),
    "worker_lost": Worded("보내던 작업자가 멈춤", "the worker that was sending it stopped"),
    "restored": Worded(
        "저장소가 복원되어 이미 보냈을 수 있음", "it may have gone before the store was restored"
    ),
}


def _notice_due(told: Told) -> str:
    fact = told.fact
    what = f"{fact.task} {told.deadline(fact.deadline, fact.item)} {fact.due}"
    late = told.either(", 늦음", ", late") if fact.late else ""
    held = told.either(", 보류", ", held") if fact.held else ""
    return told.say(
        f"알림 대상: {what} ({fact.days:+d}영업일{late}{held}) → {fact.recipient}.",
        f"armed a reminder of {what} ({fact.days:+d} business days{late}{held}) for {fact.recipient}.",
    )


def _not_sent(ko: str, en: str) -> Callable[[Told], str]:
    """A phrase with the attempt, and the problem in words."""

    def told_so(told: Told) -> str:
        problem = PROBLEMS[told.fact.problem].say(told.lang)
        return told.say(ko.format(told.fact.attempt, problem), en.format(told.fact.attempt, problem))

    return told_so


def _sealed(told: Told) -> str:
    fact = told.fact
    by = ", ".join(fact.witnesses) or told.either("없음", "none")
    short = "" if fact.quorum else told.either(", 정족수 미달", ", short of the quorum")
    return told.say(
        f"기록 {fact.size}건까지 봉인하였음(증인: {by}{short}).",
        f"sealed the trail over {fact.size} facts (witnesses: {by}{short}).",
    )


def _contact_set(told: Told) -> str:
    what = getattr(told.fact, "office", None) or told.fact.channel
    address = told.fact.address or "–"
    return told.say(f"연락처를 정하였음: {what} {address}.", f"set the contact: {what} {address}.")


SENTENCES: Mapping[str, Callable[[Told], str]] = {
    "subject.registered": _fixed("사람을 등록하였음.", "registered the person."),
    "subject.changed": _subject_changed,
    "subject.erased": _fixed("개인정보를 파기하였음.", "erased the person's details."),
    "text.redacted": _fixed("글을 비공개 처리하였음.", "redacted the text."),
    "access.reviewed": lambda told: told.say(
        f"열람 기록을 점검하였음: 열람 {told.fact.readings:,}건, 특이사항 {told.fact.unusual:,}건. "
        f"{told.text(told.fact.note)}",
        f"reviewed who read what: {told.fact.readings:,} readings, {told.fact.unusual:,} unusual. "
        f"{told.text(told.fact.note)}",
    ),
    "access.pruned": _fixed(
        "{before} 전의 열람 기록 {count}건을 지웠음.",
        "took {count} readings before {before} out of the access log.",
    ),
    "token.issued": _fixed(
        "역할 {role}의 토큰을 {until}까지 발급하였음.", "issued a token for the role {role} until {until}."
    ),
    "token.revoked": _fixed("토큰을 폐기하였음.", "revoked the token."),
    "agency.renamed": _renamed,
    "agency.merged": _with_agency("into", "기관을 {}에 통합하였음.", "merged the agency into {}."),
    "agency.transferred": _transferred,
    "agency.closed": _fixed("기관을 폐지하였음.", "closed the agency."),
    "agency.appointed": _in_post("{0}을(를) {1}(으)로 지정하였음.", "appointed {0} as {1}."),
    "agency.released": _in_post("{0}을(를) {1}에서 해제하였음.", "released {0} as {1}."),
    "agency.substitute_appointed": _substitute_appointed,
    "agency.substitution_ended": _fixed(
        "직무대리(#{number})를 끝냈음.", "ended the substitution (#{number})."
    ),
    "agency.decision_delegated": _decision_delegated,
    "agency.delegation_ended": _fixed("결재 위임(#{number})을 끝냈음.", "ended the delegation (#{number})."),
    "task.proposed": _proposed,
    "task.revised": _revised,
    "task.returned": _fixed("제안의 보완을 요청하였음.", "returned the proposal for revision."),
    "task.approved": _approved,
    "task.rejected": _fixed("제안을 반려하였음.", "rejected the proposal."),
    "task.withdrawn": _fixed("과제를 철회하였음.", "withdrew the task."),
    "task.started": _fixed("{on}에 과제 추진을 시작하였음.", "began the work on {on}."),
    "task.suspended": _fixed("과제 추진을 일시 중지하였음.", "suspended the work."),
    "task.resumed": _fixed("과제 추진을 재개하였음.", "resumed the work."),
    "task.progress_reported": _progress_reported,
    "task.final_report_submitted": _final_report_submitted,
    "task.rating_opened": _fixed("시민평가를 시작하였음.", "opened the citizens' rating."),
    "task.rated": _fixed(
        "시민평가 결과를 입력하였음: {raters}명, {score}점.",
        "entered the citizens' rating: {score} points by {raters} of them.",
    ),
    "task.evaluated": _fixed(
        "과제를 {score}점, {grade}등급으로 평가하였음.", "evaluated the task: {score} points, grade {grade}."
    ),
    "task.replan_requested": _replan_requested,
    "task.replanned": _replanned,
    "task.replan_refused": _fixed(
        "계획 변경을 승인하지 않았음.", "refused the new plan; the old one stays in force."
    ),
    "task.handed_over": _with_agency(
        "lead", "과제를 이관하였음. 새 주관기관: {}.", "handed the task over to {}."
    ),
    "task.partner_added": _with_agency("partner", "협업기관을 추가하였음: {}.", "added {} as a partner."),
    "task.partner_released": _with_agency(
        "partner", "협업기관을 해제하였음: {}.", "released the partner {}."
    ),
    "task.corrected": _corrected,
    "task.correction_cancelled": _correction_cancelled,
    "task.hold_placed": _fixed(
        "기록물 보존을 지정하였음. 근거: {basis}.", "placed a legal hold on the task. Basis: {basis}."
    ),
    "task.hold_lifted": _fixed("기록물 보존 지정을 해제하였음.", "lifted the legal hold."),
    "task.deadlines_set": _deadlines_set,
    "task.discontinued": _fixed("과제를 중단하였음.", "discontinued the task."),
    "task.carried_over": _fixed("과제를 {to_year}년으로 이월하였음.", "carried the task over to {to_year}."),
    "agency.registered": _registered,
    "calendar.opened": _calendar_opened,
    "calendar.day_proclaimed": lambda told: told.say(
        f"{told.fact.day}을(를) 휴일로 지정하였음: {told.in_words(told.fact.name)}.",
        f"made {told.fact.day} a holiday: {told.in_words(told.fact.name)}.",
    ),
    "calendar.day_withdrawn": _fixed("{day}의 휴일 지정을 취소하였음.", "made {day} a business day again."),
    "view.fact_skipped": _fixed(
        "이 조회 화면이 {position}번 기록을 건너뛸 수 있게 함.",
        "let the view pass over the fact at position {position}.",
    ),
    "view.verified": _fixed(
        "조회 화면 {version}판의 {rows}개 행을 {position}번 기록까지 새로 만든 것과 대조하였음: 다른 행 {differences}.",
        "compared {rows} rows of version {version} with a fresh fold up to position {position}; {differences} differ.",
    ),
    "view.rebuilt": _fixed(
        "조회 화면을 {position}번 기록까지 새로 만들어 바꾸었음({version}판, {rows}개 행): "
        "다른 행 {differences}, 그 가운데 사유를 붙여 받아들인 행 {accepted}.",
        "put {rows} rows of version {version}, folded anew up to position {position}, in place of those in use; "
        "{differences} differed, {accepted} of them accepted for the reason given.",
    ),
    "agency.contact_set": _contact_set,
    "programme.contact_set": _contact_set,
    "notice.due": _notice_due,
    "notice.released": _fixed("보류된 알림을 보내기로 하였음.", "let the held reminder go."),
    "notice.composed": _fixed(
        "알림을 메시지 {message}에 담았음.", "put the reminder into the message {message}."
    ),
    "notice.cancelled": lambda told: told.say(
        "알림을 취소하였음("
        + ("기한이 바뀌었거나 끝남" if told.fact.why == "moved" else "사람이 취소")
        + ").",
        "cancelled the reminder, "
        + ("the deadline has moved or was met." if told.fact.why == "moved" else "by hand."),
    ),
    "notice.acknowledged": _fixed("알림을 확인하였음.", "acknowledged the reminder."),
    "message.composed": lambda told: told.say(
        f"메시지를 작성하였음: 알림 {len(told.fact.notices)}건, 받는 이 {told.fact.recipient}.",
        f"composed a message of {len(told.fact.notices)} reminders for {told.fact.recipient}.",
    ),
    "message.attempted": _fixed(
        "메시지를 보내기 시작하였음({number}번째).", "began attempt {number} to send the message."
    ),
    "message.sent": _fixed(
        "메시지를 보냈음({attempt}번째, 응답 {code}).", "sent the message at attempt {attempt}; reply {code}."
    ),
    "message.deferred": _not_sent("{0}번째 발송을 미루었음: {1}.", "put off after attempt {0}: {1}."),
    "message.failed": _not_sent(
        "{0}번째 발송으로 끝내 보내지 못하였음: {1}.", "gave up after attempt {0}: {1}."
    ),
    "message.unknown": _not_sent(
        "{0}번째 발송의 결과를 알 수 없음: {1}.", "does not know what came of attempt {0}: {1}."
    ),
    "message.cancelled": _fixed("메시지를 취소하였음.", "cancelled the message."),
    "message.retried": _fixed("메시지를 다시 보내게 하였음.", "had the message tried again."),
    "finding.examined": lambda told: told.say(
        f"지적 사항을 확인하였음: {told.text(told.fact.note)}",
        f"examined the finding: {told.text(told.fact.note)}",
    ),
    "store.epoch_begun": _fixed(
        "복원된 저장소를 이어 쓰기로 하였음({after}번 기록 다음, {number}번째 시기).",
        "let the restored store go on after position {after}: epoch {number}.",
    ),
    "trail.key_added": _fixed("감사 이력의 키를 더하였음({vkey}).", "added the trail's key {vkey}."),
    "trail.key_retired": _fixed("감사 이력의 키를 폐지하였음({vkey}).", "retired the trail's key {vkey}."),
    "trail.sealed": _sealed,
    "trail.timestamped": _fixed(
        "기록 {size}건까지의 봉인을 시점확인기관이 {at}에 확인하였음.",
        "had the seal over {size} facts timestamped by an authority at {at}.",
    ),
    "programme.opened": _opened,
    "programme.task_added": _task_added,
    "programme.closed": _fixed("사업연도를 마감하였음.", "closed the programme."),
}
