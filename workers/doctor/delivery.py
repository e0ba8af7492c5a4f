"""Whether what is to be told reaches people: deliveries, and each channel's own look at itself."""

from __future__ import annotations

from collections.abc import Iterator

from domain.channels import Channel
from domain.errors import Bilingual
from domain.seoul import local_day
from projections.notices import messages_open, notice_states
from trail.english import many
from workers.delivery.channels import plugin_of
from workers.engine import Engine
from workers.finding import Finding
from workers.settings import Settings
from workflows.gone_addresses import list_gone_addresses


def post(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Reminders that did not arrive, and those that wait for what a channel lacks here."""
    states = notice_states(engine.store)
    lost = states.get("failed", 0) + states.get("unknown", 0)
    if lost:
        yield Finding(
            "post",
            "wrong",
            Bilingual(
                f"발송 실패 또는 결과 미확인 알림 {lost}건",
                f"{many(lost, 'reminder')} failed or unknown",
            ),
            Bilingual(
                "`donghaeng notices --state failed`(또는 unknown)로 원인을 확인하고, 고친 뒤 `donghaeng notice retry`를 실행하십시오.",
                "See why with `donghaeng notices --state failed` (or unknown), and after mending it `donghaeng notice retry`.",
            ),
        )
    if held := states.get("held", 0):
        yield Finding(
            "post",
            "warn",
            Bilingual(
                f"복원 전에 보냈을 수 있어 보류된 알림 {held}건",
                f"{many(held, 'reminder is', 'reminders are')} held: they may have gone before the store was restored",
            ),
            Bilingual(
                "`donghaeng notices --state held`를 보고 `donghaeng notice retry`나 `cancel`을 실행하십시오.",
                "Look with `donghaeng notices --state held`, then `donghaeng notice retry` or `cancel` each.",
            ),
        )
    waiting = list(_waiting(settings, engine))
    yield from waiting
    if not waiting and not lost:
        yield Finding(
            "post",
            "ok",
            Bilingual(
                f"보낸 알림 {states.get('sent', 0)}건",
                f"{many(states.get('sent', 0), 'reminder was', 'reminders were')} sent",
            ),
        )


def _waiting(settings: Settings, engine: Engine) -> Iterator[Finding]:
    for channel in Channel:
        lack = plugin_of(channel).lacks(settings)
        if lack is None or not (count := messages_open(engine.store, engine.store.now(), (channel,))):
            continue
        yield Finding(
            "post",
            "warn",
            Bilingual(
                f"{lack.because.ko} 기다리는 메시지 {count}건",
                f"{many(count, 'message waits', 'messages wait')}: {lack.because.en}",
            ),
            Bilingual(lack.remedy.ko, lack.remedy.en),
        )


def channels(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """What each channel finds of itself, and the addresses that are off since the other side said that it is gone."""
    for channel in Channel:
        yield from plugin_of(channel).probe(settings, engine)
    for one in list_gone_addresses(engine.store, local_day(engine.store.now())):
        yield Finding(
            f"{one.channel} {one.agency}",
            "warn",
            Bilingual(
                f"{one.agency}의 {one.channel.label.ko} 서버가 주소가 없다고 응답하여 {one.on}에 주소 사용을 중지함",
                f"the {one.channel.label.en} of {one.agency} answered that it is gone; its address was turned off on {one.on}",
            ),
            Bilingual(
                f"새 주소를 확인해 `{one.set_anew} 주소`로 정하십시오. 담당자에게는 따로 알립니다.",
                f"Find out the new address and set it with `{one.set_anew} ADDRESS`; its people are told all the same.",
            ),
        )
