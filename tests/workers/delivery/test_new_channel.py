"""A third channel, built as docs/tutorial/channel.md says into a copy of the program, delivers a reminder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from domain.agency.commands import SetContact
from domain.channels import Channel
from tests.workers.delivery.reminded_cities import City
from workers.delivery.channels import plugin_of

TOP = Path(__file__).parents[3]
PAGE = TOP / "docs" / "tutorial" / "channel.md"
_BLOCK = re.compile(r"`([\w/]+\.py)`[^\n]*:\n\n```python\n(.*?)```", re.DOTALL)
_CHANGED = ("domain", "workers")


def built(folder: Path) -> list[str]:
    """The program with the page's code in it; the files that were touched."""
    for name in _CHANGED:
        shutil.copytree(TOP / name, folder / name)
    for name in ("trail", "store", "projections", "workflows", "scripts", "tests", "data", "docs"):
        (folder / name).symlink_to(TOP / name)
    touched = []
    for name, code in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        path = folder / name
        known = path.read_text(encoding="utf-8") if path.exists() else ""
        end = known.rfind("\n\n\nPERSONAL") + 1  # where the last channel ends
        path.write_text(known[:end] + code + known[end:], encoding="utf-8")
        touched.append(name)
    return touched


@pytest.fixture
def told(bare: City, tmp_path: Path) -> dict[str, Any]:
    """What a process of that program says of a city whose agency has an address of the third channel."""
    copy = tmp_path / "copy"
    copy.mkdir()
    touched = built(copy)
    done = subprocess.run(
        [sys.executable, "-m", "tests.workers.delivery.new_channel_program"],
        cwd=copy,
        env={name: one for name, one in os.environ.items() if not name.startswith("DONGHAENG_")}
        | {
            "DSN": bare.dsn,
            "DATA": str(bare.data),
            "REDIS": json.dumps(bare.redis),
            "DONGHAENG_FOLDER": str(tmp_path / "folder"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]) | {"touched": touched, "folder": tmp_path / "folder"}


def test_a_channel_is_one_line_and_one_file_and_delivers(told: dict[str, Any], bare: City) -> None:
    assert told["touched"] == ["domain/channels.py", "workers/delivery/channels/folder.py"]
    assert told["from"].endswith("/copy/domain/channels.py")
    assert told["without its setting"] == {"mail": ["composed"], "folder": ["composed"]}, "the control"
    assert told["found without"] == [
        "1 message waits: no mail server is set",
        "1 message waits: no folder is set",
    ]
    assert told["found before"][-1] == f"there is no folder {told['folder']}"
    assert told["with its setting"] == {"mail": ["composed"], "folder": ["composed", "attempted", "sent"]}
    assert told["found"] == ["1 message waits: no mail server is set"]
    (file,) = (told["folder"] / "a000").iterdir()
    event = json.loads(file.read_text(encoding="utf-8"))
    assert event["data"]["message"] == file.stem
    assert [one["task"] for one in event["data"]["deadlines"]] == ["2024-001"]
    assert told["options"] == ["--folder", "--no-folder"]
    assert told["label"] == "폴더"
    assert told["settings"]
    assert told["facts"]


def test_without_its_line_there_is_no_such_channel() -> None:
    """The control."""
    with pytest.raises(ValidationError):
        SetContact(agency="gto", channel="folder", address="gto")  # type: ignore[arg-type]


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_brings_along_how_it_is_sent(channel: Channel) -> None:
    assert plugin_of(channel).sender
