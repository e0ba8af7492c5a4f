"""Bad settings, as who runs a command reads of them; what they would do is in tests/workers/test_settings.py."""

from __future__ import annotations

import pytest

from tests.scripts.conftest import Cli, document


def test_a_command_refuses_in_the_readers_language_and_as_json(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_WEBHOOK_ALLOW", "here")
    monkeypatch.setenv("DONGHAENG_SMTP_URL", "hush")
    said = cli("task", "list", "--lang", "ko")
    assert said.exit_code == 2
    assert "DONGHAENG_WEBHOOK_ALLOW = ‘here’" in said.stderr
    assert "DONGHAENG_SMTP_URL = (비밀값)" in said.stderr
    assert "hush" not in said.stderr + said.stdout
    assert document(cli("up", "--json"))["error"]["name"] == "BadSettings"
