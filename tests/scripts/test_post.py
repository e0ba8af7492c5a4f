"""`post test`, and what `doctor` finds of the mail server and of webhook hosts, as people type them."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.scripts.conftest import Cli, document
from tests.scripts.test_doctor import findings
from tests.workers.delivery.reminded_cities import Answering, certificate, server_context
from tests.workers.delivery.test_smtp import PASSWORD, signed_in
from workers.delivery.sink import mail_sink

PLANNER = ("--as", "planner")
TO = ("--to", "officer@gto.example")


def sent(cli: Cli, *more: str) -> tuple[int, str, str]:
    done = cli("post", "test", *TO, *PLANNER, *more)
    return done.exit_code, done.stdout, done.stderr


def test_a_test_mail_arrives_from_the_sender_that_is_set(
    loaded: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_MAIL_FROM", "광주광역시 동행 <donghaeng@city.example>")
    with mail_sink() as sink:
        monkeypatch.setenv("DONGHAENG_SMTP_URL", sink.url)
        code, out, err = sent(loaded, "--lang", "ko")
        assert code == 0, err
        assert f"127.0.0.1:{sink.port}" in out
        ((to, raw),) = sink.mails
    mail = message_from_bytes(raw, policy=policy.default)
    assert to == ("officer@gto.example",)
    assert mail["Subject"] == "[동행] 시험 메일"
    assert mail["From"].addresses[0].display_name == "광주광역시 동행"
    assert "officer@gto.example로" in mail.get_content()  # type: ignore[attr-defined]


def test_what_the_server_says_is_said_and_without_one_it_is_refused(
    loaded: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DONGHAENG_SMTP_URL", raising=False)
    assert document(loaded("post", "test", *TO, *PLANNER, "--json"))["error"]["name"] == "NoMailServer"
    with mail_sink(Answering("550 no such user", at="RCPT")) as sink:
        monkeypatch.setenv("DONGHAENG_SMTP_URL", sink.url)
        code, _, err = sent(loaded, "--lang", "en")
        assert (code, "550" in err, sink.mails) == (1, True, [])
    assert (
        document(loaded("post", "test", "--to", "nobody", *PLANNER, "--json"))["error"]["name"] == "BadInput"
    )
    officer = loaded("post", "test", *TO, "--as", "officer@gto", "--json")
    assert document(officer)["error"]["name"] == "ReadingNotPermitted"


def test_doctor_connects_encrypts_and_signs_in(
    loaded: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = certificate(tmp_path)
    options = {"authenticator": signed_in, "auth_required": True, "tls_context": server_context(papers)}
    with mail_sink(**options) as sink:  # type: ignore[arg-type]
        monkeypatch.setenv("DONGHAENG_SMTP_URL", f"smtp://city:{PASSWORD}@127.0.0.1:{sink.port}")
        good = findings(loaded)["mail server"]
        assert (good["state"], "TLSv1" in good["seen"]) == ("ok", True)
        monkeypatch.setenv("DONGHAENG_SMTP_URL", f"smtp://city:wr0ng@127.0.0.1:{sink.port}")
        bad = findings(loaded)["mail server"]
        assert (bad["state"], "535" in bad["seen"]) == ("wrong", True)
        assert sink.mails == []


def test_doctor_names_a_mail_server_that_is_away(loaded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("DONGHAENG_SMTP_URL", f"smtp://127.0.0.1:{port}")
    found = findings(loaded)["mail server"]
    assert (found["state"], f"127.0.0.1:{port}" in found["seen"]) == ("wrong", True)
    monkeypatch.delenv("DONGHAENG_SMTP_URL")
    assert "mail server" not in findings(loaded), "what is not set is not asked"


def test_doctor_names_webhook_hosts_that_are_away_and_counts_the_others(
    loaded: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_WEBHOOK_ALLOW", "127.0.0.0/8")
    with socket.create_server(("127.0.0.1", 0)) as there:
        with socket.create_server(("127.0.0.1", 0)) as free:
            away = free.getsockname()[1]
        for agency, port in (("gto", there.getsockname()[1]), ("gjcf", away)):
            url = f"http://127.0.0.1:{port}/hook"
            assert loaded("agency", "set-contact", agency, "--webhook", url, *PLANNER).exit_code == 0
        found = findings(loaded)
    assert (found["webhook gjcf"]["state"], "webhook gto" in found) == ("warn", False)
    assert found["webhook hosts"]["state"] == "ok"
    assert "1 of 2" in found["webhook hosts"]["seen"]


def test_a_witness_at_a_port_that_cannot_be_is_refused_where_it_is_set(loaded: Cli, tmp_path: Path) -> None:
    from tests.workers.sealing.test_witnesses import KEY  # noqa: PLC0415 - it loads ciphers

    policy_file = tmp_path / "policy"
    for url in ("http://127.0.0.1:99999", "audit.example", "http://audit.example:0/"):
        policy_file.write_text(f"witness audit {KEY.verifier} {url}\nquorum none\n")
        refused = document(loaded("trail", "init", "--policy", str(policy_file), *PLANNER, "--json"))["error"]
        assert (refused["name"], url in refused["message"]) == ("BadPolicy", True)
    policy_file.write_text(f"witness audit {KEY.verifier} http://127.0.0.1:9999\nquorum none\n")
    assert loaded("trail", "init", "--policy", str(policy_file), *PLANNER).exit_code == 0, "the control"
