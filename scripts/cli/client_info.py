"""From where a command is run, as this machine says: for the access log, and for a text beside each fact entered here."""

from __future__ import annotations

import ipaddress
import os
import pwd
import socket
from importlib.metadata import version

from store.envelope import Via
from workflows.read_access import Reader

VIA: Via = "cli"


def machine() -> str:
    """The same in one line with the program and its version, for what lies beside the facts that are entered here."""
    return f"{where_from().machine}; program={_program()}"


def _program() -> str:
    return f"donghaeng {version('donghaeng')} (cli)"


def where_from() -> Reader:
    """A reader of whom only the machine knows: its name, its user, and the address of an SSH client if there is one."""
    return Reader(via=VIA, host=socket.gethostname()[:255], os_user=_os_user(), client=_client())


def _os_user() -> str:
    """The user of the process; with who became that user by sudo, as sudo says."""
    user = os.getuid()
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:  # in a container a number may have no name
        name = str(user)
    before = os.environ.get("SUDO_USER", "")[:64]
    return f"{name} (sudo {before})" if before.isprintable() and before not in ("", name) else name


def _client() -> str | None:
    told = os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_CLIENT") or ""
    try:
        return str(ipaddress.ip_address(told.split()[0].partition("%")[0]))
    except (IndexError, ValueError):
        return None
