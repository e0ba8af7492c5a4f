"""A channel's plug-in that raises spoils its own message: the job and the other messages go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rq.timeouts import JobTimeoutException
from structlog.testing import capture_logs

from domain.channels import Channel
from tests.workers.delivery.reminded_cities import FIRST_RUNG, SENDER, City
from workers.delivery import channel_steps
from workers.delivery.channels.mail import MailSender
from workers.delivery.sending import Delivery
from workers.delivery.sink import mail_sink
from workers.delivery.smtp import Mailer
from workers.mail_server import server_at

SPOILED = "a000@agency.example"


class Faulty(MailSender):
    """Raises at one step, where it is asked for the first agency."""

    def __init__(self, url: str, step: str, fault: Callable[[], Any]) -> None:
        super().__init__(Mailer(server_at(url), SENDER, 5.0), SENDER)
        self._step, self._fault = step, fault

    def _perhaps(self, step: str, address: str | None = SPOILED) -> Any:
        return self._fault() if (step, address) == (self._step, SPOILED) else None

    def host(self, address: str | None) -> str:
        self._perhaps("host", address)
        return super().host(address)

    def render(self, letter: Any, address: str) -> bytes:
        self._perhaps("render", address)
        return super().render(letter, address)

    def deliver(self, parcel: Any, at: Any) -> Any:
        return self._perhaps("deliver", parcel.address) or super().deliver(parcel, at)

    def close(self) -> None:
        super().close()
        self._perhaps("close")


def broken() -> None:
    raise KeyError("what the plug-in forgot")


def sent_with(bare: City, step: str, fault: Callable[[], Any]) -> dict[str, tuple[str, str | None]]:
    """What came of each agency's message, by agency, and why."""
    bare.begin(agencies=2)
    bare.at(*FIRST_RUNG)
    with mail_sink() as sink:
        Delivery(bare.engine, bare.vault, {Channel.MAIL: Faulty(sink.url, step, fault)}).send_due()
    states = [bare.message(name) for name in bare.messages]
    return {
        state.composed.recipient.partition("/")[2]: (state.stage.value, state.problem)
        for state in states
        if state.composed is not None
    }


@pytest.mark.parametrize(
    ("step", "came"),
    [
        ("host", ("sent", None)),
        ("render", ("waiting", "worker_lost")),
        ("deliver", ("unknown", "worker_lost")),
        ("close", ("sent", None)),
    ],
)
def test_the_others_go_on_and_what_came_of_it_is_on_record(
    bare: City, step: str, came: tuple[str, str | None]
) -> None:
    with capture_logs() as lines:
        assert sent_with(bare, step, broken) == {"a000": came, "a001": ("sent", None)}
    said = {(one["channel"], one["step"], one["error"]) for one in lines if one["event"] == "channel_raised"}
    assert said == {("mail", step, "KeyError")}


def test_what_is_no_outcome_is_not_taken_for_one(bare: City) -> None:
    assert sent_with(bare, "deliver", lambda: "sent")["a000"] == ("unknown", "worker_lost")


@pytest.mark.parametrize("step", ["host", "render", "deliver", "close"])
def test_the_control_without_it_the_job_ends(bare: City, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_steps, "try_step", lambda channel, step, do, otherwise: do())
    with pytest.raises(KeyError):
        sent_with(bare, step, broken)


def test_a_jobs_own_time_limit_ends_it(bare: City) -> None:
    def late() -> None:
        raise JobTimeoutException("180 s")

    with pytest.raises(JobTimeoutException):
        sent_with(bare, "deliver", late)
