"""Settings are looked at before anything is done: each by its name, value and form, secrets unseen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.pages import settings_page
from tests.workers.sealing.test_witnesses import KEY
from workers.environment import BadSettings, Secret, declare, settings_of
from workers.setting_forms import SMTP
from workers.settings import Settings
from workers.startable import check_startable
from workers.trail_folder import trail_folder

TOP = Path(__file__).parents[2]
BAD = {
    "DATABASE_URL": ["postgresql://db:fünf/x", "postgresql://db:99999/x", "=&", "postgresql://a:b%@h/x"],
    "DATABASE_OWNER_URL": ["postgresql://db:0/x"],
    "VAULT_DATABASE_URL": ["nonsense here"],
    "REDIS_URL": ["http://redis", "redis://", "redis://h:99999", "redis://h/zero", "unix:"],
    "DONGHAENG_SMTP_URL": ["mail.city.example", "smtp://", "smtp://h:70000", "smtp://u:p#w@h"],
    "DONGHAENG_MAIL_FROM": ["city", "Name <city>", "<>", f"{'가' * 61} <a@b.example>"],
    "DONGHAENG_MAIL_UNSUBSCRIBE": ["http://city.example", "a@b.example"],
    "DONGHAENG_CONSOLE_URL": [
        "city.example",
        "https://",
        "https://h:99999",
        "https://h/?a=1",
        "https://h/#x",
    ],
    "DONGHAENG_WEBHOOK_ALLOW": ["10.0.0.1/8", "here", "10.0.0.0/8;192.168.0.0/16"],
    "DONGHAENG_TSA_URL": ["tsa.example", "http://tsa.example:99999/", "https://h:x/", "https://a b/"],
    "DONGHAENG_SEAL_STANDBYS": ["one", "-1", "101"],
    "DONGHAENG_LEAST_FREE_MB": ["much", "-5"],
    "DONGHAENG_METRICS_PORT": ["0", "65536", "port"],
    "DONGHAENG_LOG": ["xml"],
    "DONGHAENG_LOG_LEVEL": ["loud", "INFO"],
}
GOOD = {
    "DATABASE_URL": "postgresql://donghaeng:p%40ss@db.example:5432,db2.example/donghaeng",
    "REDIS_URL": "rediss://u:p@redis.example:6380/0",
    "DONGHAENG_SMTP_URL": "smtps://u:p@mail.city.example:465",
    "DONGHAENG_MAIL_FROM": "광주광역시 동행 <donghaeng@city.example>",
    "DONGHAENG_CONSOLE_URL": "https://donghaeng.city.example/console",
    "DONGHAENG_WEBHOOK_ALLOW": "10.0.0.0/8, 192.168.7.0/24",
    "DONGHAENG_TSA_URL": "http://tsa.example:8080/tsr",
    "DONGHAENG_METRICS_PORT": "9100",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in settings_of(Settings):
        monkeypatch.delenv(one.variable, raising=False)


@pytest.mark.parametrize(("name", "value"), [(name, one) for name, some in BAD.items() for one in some])
def test_what_is_not_written_as_it_should_be_is_named_with_its_form(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        Settings()
    setting = next(one for one in settings_of(Settings) if one.variable == name)
    written = setting.form
    for lang, said in (("ko", written.says.ko), ("en", written.says.en)):
        words = refused.value.say(lang)  # type: ignore[arg-type]
        assert f"{name} =" in words
        assert said in words
        shown = f"‘{value}’" if lang == "ko" else f"“{value}”"
        assert (shown in words) is not setting.secret


def test_all_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, some in BAD.items():
        monkeypatch.setenv(name, some[0])
    with pytest.raises(BadSettings) as refused:
        Settings()
    assert re.findall(r"^  (\w+) =", refused.value.say("en"), flags=re.M) == [
        one.variable for one in settings_of(Settings) if one.variable in BAD
    ]


def test_what_is_written_as_it_should_be_is_taken_and_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    found = Settings()
    assert (found.sender.name, found.sender.address) == ("광주광역시 동행", "donghaeng@city.example")
    assert [str(one) for one in found.allowed_networks] == ["10.0.0.0/8", "192.168.7.0/24"]
    handed = found.environment()
    assert GOOD.items() <= handed.items()
    for name, value in handed.items():
        monkeypatch.setenv(name, value)
    assert Settings() == found.having(data=found.data.absolute())


def test_the_token_is_handed_to_nobody() -> None:
    assert "DONGHAENG_TOKEN" not in Settings(token=Secret("t")).environment()


def test_nobody_who_prints_settings_sees_a_secret() -> None:
    found = Settings(smtp_url=Secret("smtp://u:hush@mail"))
    assert "hush" not in repr(vars(found))
    assert found.environment()["DONGHAENG_SMTP_URL"] == "smtp://u:hush@mail"


def test_what_is_not_declared_as_a_secret_would_show_the_password() -> None:
    """The control."""
    value = "smtp://u:hush#h@mail"
    assert "hush" not in Settings.smtp_url.fault(value).en
    assert "hush" in declare("DONGHAENG_SMTP_URL", SMTP, "", read=str).fault(value).en


def test_every_setting_says_what_it_means() -> None:
    for one in settings_of(Settings):
        assert one.meaning, one.variable


def test_what_is_given_goes_before_the_environment_and_what_is_empty_there_is_not_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DONGHAENG_METRICS_PORT", "9100")
    monkeypatch.setenv("DONGHAENG_LOG", "")
    assert (Settings().metrics_port, Settings().log) == (9100, "console")
    assert [Settings(metrics_port=one).metrics_port for one in (None, 9200, "9300")] == [None, 9200, 9300]


def test_what_is_no_setting_is_not_passed_over() -> None:
    with pytest.raises(AssertionError, match="dat"):
        Settings(dat="here")


def test_every_variable_that_the_program_looks_at_stands_on_the_page() -> None:
    page = settings_page()
    named = {
        name
        for room in ("scripts", "workers", "workflows", "projections", "store", "domain", "trail")
        for path in (TOP / room).rglob("*.py")
        for name in re.findall(r'"(DONGHAENG_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert {one for one in named if f"`{one}`" not in page} == set()


def test_a_timestamp_needs_a_file_of_certificates(tmp_path: Path) -> None:
    url, path = "https://tsa.example", tmp_path / "tsa.pem"
    with pytest.raises(BadSettings, match="DONGHAENG_TSA_CERTIFICATES"):
        check_startable(Settings(data=tmp_path, tsa_url=url))
    for content in (None, "no certificate"):
        if content is not None:
            path.write_text(content)
        with pytest.raises(BadSettings, match=re.escape(str(path))):
            check_startable(Settings(data=tmp_path, tsa_url=url, tsa_certificates=path))
    path.write_text("-----BEGIN CERTIFICATE-----\n")
    check_startable(Settings(data=tmp_path, tsa_url=url, tsa_certificates=path))


def test_a_witness_that_nobody_can_ask_is_told_before_the_start(tmp_path: Path) -> None:
    """As a policy of before this was looked at, or written by hand."""
    folder = trail_folder(tmp_path)
    folder.mkdir()
    (folder / "signed").touch()
    (folder / "policy").write_text(f"witness a {KEY.verifier} http://127.0.0.1:99999\nquorum none\n")
    with pytest.raises(BadSettings) as refused:
        check_startable(Settings(data=tmp_path))
    assert "99999" in refused.value.say("ko")
