"""`agency set-contact` and `programme set-contact`, as people type them: what cannot be written to is refused at once."""

from __future__ import annotations

import pytest

from domain.agency.state import AGENCY, Agency
from domain.streams import agency_stream
from store.log import Store
from store.recorded import fold_state
from tests.scripts.conftest import Cli, document

PLANNER = ("--as", "planner")


def contacts(store: Store) -> dict[str, str]:
    agency: Agency = fold_state(AGENCY, store.read(agency_stream("gto")))
    return dict(agency.contacts)


def test_an_agency_is_reached_by_mail_and_webhook_until_it_is_not(
    loaded: Cli, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_WEBHOOK_ALLOW", "127.0.0.0/8")
    mail, url = "office@gto.example", "http://127.0.0.1:8080/hook"
    assert loaded("agency", "set-contact", "gto", "--mail", mail, *PLANNER).exit_code == 0
    assert loaded("agency", "set-contact", "gto", "--webhook", url, *PLANNER).exit_code == 0
    assert contacts(store) == {"mail": mail, "webhook": url}
    assert loaded("agency", "set-contact", "gto", "--no-mail", *PLANNER).exit_code == 0
    assert contacts(store) == {"webhook": url}


REFUSED = (
    (("--mail", ""), "BadInput"),
    (("--mail", "office@gto.example\r\nBcc: all@gto.example"), "BadInput"),
    (("--mail", "a" * 300 + "@gto.example"), "BadInput"),
    (("--mail", "담당자@gto.example"), "BadInput"),
    (("--webhook", ""), "BadInput"),
    (("--webhook", "file:///etc/passwd"), "BadInput"),
    (("--webhook", "https://user:s3cret@hooks.example/"), "BadInput"),
    (("--webhook", "https://hooks.example/\r\nX: y"), "BadInput"),
    (("--webhook", "https://127.0.0.1/hook"), "HostNotPublic"),
    (("--webhook", "https://localhost/hook"), "HostNotPublic"),
    (("--webhook", "https://[::1]/hook"), "HostNotPublic"),
    (("--webhook", "https://[::ffff:127.0.0.1]/hook"), "HostNotPublic"),
    (("--webhook", "https://10.0.0.1/hook"), "HostNotPublic"),
    (("--webhook", "https://169.254.169.254/latest/meta-data"), "HostNotPublic"),
    (("--webhook", "http://8.8.8.8/hook"), "NotEncrypted"),
    ((), "OneContact"),
    (("--mail", "office@gto.example", "--no-webhook"), "OneContact"),
)


def test_what_cannot_be_written_to_is_refused_and_nothing_is_written(loaded: Cli, store: Store) -> None:
    before = store.head().position
    for words, error in REFUSED:
        result = loaded("agency", "set-contact", "gto", *words, *PLANNER, "--json")
        assert (result.exit_code, document(result)["error"]["name"]) == (1, error), words
        assert "s3cret" not in result.output
    assert store.head().position == before


def test_an_office_of_the_city_needs_a_sound_address_too(loaded: Cli) -> None:
    good = loaded("programme", "set-contact", "2024", "planner", "--mail", "planner@city.example", *PLANNER)
    assert good.exit_code == 0
    for bad in ("", "planner@city.example\nBcc: x@y.example", "기획@city.example"):
        result = loaded("programme", "set-contact", "2024", "planner", "--mail", bad, *PLANNER, "--json")
        assert (result.exit_code, document(result)["error"]["name"]) == (1, "BadInput")


def test_a_person_needs_one_as_well(loaded: Cli) -> None:
    words = ("subject", "register", "--name", "김동행", "--mail", "김동행@gto.example", *PLANNER, "--json")
    assert loaded(*words).exit_code == 1
