"""A sealer that is killed with -9 at one place: `python -m … PLACE`, with DSN and DATA in the environment."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from store.log import Store
from workers.sealing import sealer
from workers.sealing.folder import TrailFolder
from workflows.command_handler import CommandHandler

PLACES = ("tiles", "signed", "cosigned", "published", "recorded")


def before(place: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def die_or_do(*words: Any) -> Any:
        if sys.argv[1] == place:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*words)

    return die_or_do


if __name__ == "__main__":
    TrailFolder.remember = before("tiles", TrailFolder.remember)  # type: ignore[method-assign]
    TrailFolder.publish = before("cosigned", TrailFolder.publish)  # type: ignore[method-assign]
    sealer.collect_cosignatures = before("signed", sealer.collect_cosignatures)
    sealer._record_seal = before("published", sealer._record_seal)
    sealer._outcome = before("recorded", sealer._outcome)
    with Store.open(os.environ["DSN"]) as store:
        handler = CommandHandler(store, wake=lambda: None)
        sealer.seal(
            SimpleNamespace(store=store, handler=handler, data=Path(os.environ["DATA"]), seal_standbys=0)
        )  # type: ignore[arg-type]
