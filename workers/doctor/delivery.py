"""Whether what is to be told reaches people: the post and webhooks."""

from __future__ import annotations

from collections.abc import Iterator

from domain.english import many
from domain.seoul import local_day
from projections.reading import messages_open, notice_states
from workers.bootstrap import Engine
from workers.doctor.finding import Finding
from workers.settings import Settings
from workflows.gone_webhooks import gone_webhooks


def post(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Reminders that did not arrive, and those that wait for a mail server nobody has set."""
    states = notice_states(engine.store)
    lost = states.get("failed", 0) + states.get("unknown", 0)
    if lost:
        yield Finding(
            "post",
            "wrong",
            (f"전달되지 않았거나 결과를 모르는 알림 {lost}건", f"{many(lost, 'reminder')} failed or unknown"),
            (
                "`donghaeng notices --state failed`(또는 unknown)로 까닭을 보고, 고친 뒤 `donghaeng notice retry`를 실행하십시오.",
                "See why with `donghaeng notices --state failed` (or unknown), and after mending it `donghaeng notice retry`.",
            ),
        )
    if held := states.get("held", 0):
        yield Finding(
            "post",
            "warn",
            (
                f"복원 전에 보냈을 수 있어 보류된 알림 {held}건",
                f"{many(held, 'reminder is', 'reminders are')} held: they may have gone before the store was restored",
            ),
            (
                "`donghaeng notices --state held`를 보고 `donghaeng notice retry`나 `cancel`을 실행하십시오.",
                "Look with `donghaeng notices --state held`, then `donghaeng notice retry` or `cancel` each.",
            ),
        )
    waiting = messages_open(engine.store, engine.store.now(), ("mail",))
    if waiting and settings.smtp_url is None:
        yield Finding(
            "post",
            "warn",
            (
                f"메일 서버가 없어 기다리는 메시지 {waiting}건",
                f"{many(waiting, 'message waits', 'messages wait')}: no mail server is set",
            ),
            ("DONGHAENG_SMTP_URL을 정하십시오.", "Set DONGHAENG_SMTP_URL."),
        )
    elif not lost:
        yield Finding(
            "post",
            "ok",
            (
                f"보낸 알림 {states.get('sent', 0)}건",
                f"{many(states.get('sent', 0), 'reminder was', 'reminders were')} sent",
            ),
        )


def webhooks(engine: Engine) -> Iterator[Finding]:
    """Those that are off since their server said that it is gone."""
    for one in gone_webhooks(engine.store, local_day(engine.store.now())):
        yield Finding(
            f"webhook {one.agency}",
            "warn",
            (
                f"{one.agency}의 웹훅 서버가 더는 없다고 답하여(410) {one.on}에 주소를 껐음",
                f"the webhook of {one.agency} answered that it is gone (410); its address was turned off on {one.on}",
            ),
            (
                f"새 주소를 확인해 `donghaeng agency set-contact {one.agency} --webhook 주소`로 정하십시오. 담당자에게는 메일로 알립니다.",
                f"Find out the new address and set it with `donghaeng agency set-contact {one.agency} --webhook URL`; its people are told by mail.",
            ),
        )
