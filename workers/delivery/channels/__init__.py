"""How each channel sends: one module a channel, which has its name and its `PLUGIN`."""

from __future__ import annotations

from importlib import import_module

from domain.channels import Channel
from workers.delivery.channels.plugin import Plugin


def plugin_of(channel: Channel) -> Plugin:
    """Loaded when it is asked for; HTTP and SMTP, which take long, when something is sent by them. Raises ModuleNotFoundError where there is none."""
    found: Plugin = import_module(f"{__name__}.{channel}").PLUGIN
    return found
