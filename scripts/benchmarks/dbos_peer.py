"""Another peer: DBOS on PostgreSQL, workflows of durable steps as its documentation shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from psycopg.conninfo import conninfo_to_dict


@contextmanager
def workflows(dsn: str, steps: Sequence[str]) -> Iterator[Callable[[str], str]]:
    """As `launch`, ended with the block."""
    from dbos import DBOS  # noqa: PLC0415 only its rows pay for it

    try:
        yield launch(dsn, steps)
    finally:
        DBOS.destroy()


def launch(dsn: str, steps: Sequence[str], connections: int | None = None) -> Callable[[str], str]:
    """A workflow of these steps on a database of its own; called with a number, it runs to its end.

    `connections`: how many each process keeps, by default as many as DBOS thinks right.
    """
    from dbos import DBOS  # noqa: PLC0415 as above

    parts = conninfo_to_dict(dsn)
    url = f"postgresql+psycopg://{parts['user']}@/{parts['dbname']}?host={parts['host']}&port={parts.get('port', 5432)}"
    DBOS(
        config={
            "name": "bench",
            "system_database_url": url,
            "log_level": "ERROR",
            "sys_db_pool_size": connections,
        }
    )

    @DBOS.step()
    def step(name: str, number: str) -> dict[str, str]:
        return {"task": number, "step": name, "text": "절차에 따름"}

    @DBOS.workflow()
    def whole(number: str) -> str:
        for name in steps:
            step(name, number)
        return number

    DBOS.launch()
    return whole
