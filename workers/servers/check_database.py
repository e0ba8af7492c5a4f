"""A database of one's own: the address is checked and the server is asked, before anything else is done."""

from __future__ import annotations

from store.connecting import connect
from workers.servers.errors import UNREADABLE, NotAnAddress
from workers.setting_forms import dsn_of


def check_database(url: str) -> str:
    """libpq's connection string for a URL whose server answers and is new enough.

    Raises NotAnAddress, StoreUnreachable, StoreTooOld.
    """
    try:
        dsn = dsn_of(url)
    except ValueError:
        example = "postgresql://donghaeng@db.example/donghaeng"
        raise NotAnAddress(setting="DATABASE_URL", problem=UNREADABLE, example=example) from None
    connect(dsn).close()
    return dsn
