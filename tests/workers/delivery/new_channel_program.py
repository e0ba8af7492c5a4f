"""In a copy of the program that has the tutorial's channel: a city whose agency is reminded by it; see test_new_channel."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import structlog
from typer.main import get_command

from domain import channels
from domain.agency.commands import SetContact
from projections.labels import label_for
from scripts.cli.main import app
from scripts.pages import facts_page, settings_page
from store.log import Store
from tests.workers.delivery.reminded_cities import FIRST_RUNG, City
from workers.bootstrap import channels_of, delivery_of
from workers.doctor.delivery import channels as looked_at
from workers.doctor.delivery import post as waiting
from workers.settings import Settings
from workers.sweeping import wake_delivery
from workers.tasks import serve
from workers.working import run_worker


def sent(city: City) -> dict[str, list[str]]:
    """Send what can be sent here, by an RQ worker on the real queue; what happened to each channel's message."""
    settings = Settings()
    serve(city.engine, delivery_of(settings, city.engine, city.vault))
    wake_delivery(city.engine, channels_of(settings))
    run_worker(city.queues, "post", burst=True)
    city.fold()
    return {str(city.message(one).composed.channel): city.kinds(one) for one in city.messages}  # type: ignore[union-attr]


def findings(city: City) -> list[str]:
    found = [*waiting(Settings(), city.engine), *looked_at(Settings(), city.engine)]
    return [one.say("en")[0] for one in found]


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    commands: Any = get_command(app)
    options = {
        name
        for one in commands.commands["agency"].commands["set-contact"].params
        for name in (*one.opts, *one.secondary_opts)
    }
    folder = os.environ.pop("DONGHAENG_FOLDER")
    with Store.open(os.environ["DSN"]) as store:
        city = City(store, os.environ["DSN"], Path(os.environ["DATA"]), json.loads(os.environ["REDIS"]))
        city.begin()
        city.give(SetContact(agency="a000", channel="folder", address="a000"))  # type: ignore[arg-type]
        city.at(*FIRST_RUNG)
        told: dict[str, Any] = {"without its setting": sent(city), "found without": findings(city)}
        os.environ["DONGHAENG_FOLDER"] = folder
        told |= {"found before": findings(city)}
        Path(folder).mkdir()
        told |= {"with its setting": sent(city), "found": findings(city)}
    told |= {
        "from": channels.__file__,
        "options": sorted(one for one in options if "folder" in one),
        "label": label_for("channel", "folder", "ko"),
        "settings": "`DONGHAENG_FOLDER`" in settings_page(),
        "facts": "Literal['mail', 'webhook', 'folder']" in facts_page(),
    }
    print(json.dumps(told))  # noqa: T201
