"""After the documented procedure no plaintext is left in the whole data folder, journal included."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.log import Store
from store.searching import index_texts
from tests.scripts.test_running import ran
from workers.servers import running

REASON, NAME, MAIL = "WithheldReasonXk7Qz", "WithheldNameZq9Wv", "withheld.mail.pw3@example.org"
PLANNER = ("--as", "planner")


def found_in(data: Path) -> set[str]:
    """Which of the secrets stand in any file of the data folder."""
    files = [path for path in data.rglob("*") if path.is_file()]
    assert any("pg_wal" in path.parts for path in files), "the journal is looked through too"
    return {
        secret
        for path in files
        for secret in (REASON, NAME, MAIL)
        if any(secret.encode(code) in path.read_bytes() for code in ("utf-8", "utf-16-le"))
    }


@pytest.mark.slow
def test_erased_and_redacted_nothing_is_found_in_any_file(data: Path) -> None:
    with running(data) as addresses:
        ran(data, "migrate")
        words = ("subject", "register", "--name", NAME, "--mail", MAIL, *PLANNER)
        subject = ran(data, *words)["subject"]
        opened = ("programme", "open", "2024", "--name", "사업", "--city", "시", "--area", "culture=문화")
        ran(data, *opened, *PLANNER, "--reason", REASON)
        with Store.open(str(addresses.app_dsn)) as store:
            text = store.read("programme/2024")[0].envelope.reason
            indexed = index_texts(store)
            assert indexed == (5, False), (
                "its letters are in the index of texts too, with the adoption's and the machines"
            )
        assert text is not None
        ran(data, "vault", "purge")
    assert found_in(data) == {REASON}, (
        "the control: what is not redacted is found, personal details never were"
    )
    with running(data):
        ran(data, "text", "redact", text.id, *PLANNER, "--reason", "요구")
        ran(data, "subject", "erase", subject, *PLANNER, "--reason", "퇴직")
    assert found_in(data) == {REASON}, "the control: without the procedure it is found"
    with running(data):
        ran(data, "vault", "purge")
    assert found_in(data) == set()
