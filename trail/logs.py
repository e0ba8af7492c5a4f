"""Structured log lines on stderr, for people (console) or machines (json)."""

from __future__ import annotations

import logging
import sys
from typing import Any

_wanted: list[tuple[str, str]] = []  # what to set up with the first line


def log_to_stderr(form: str, level: str, *, at_once: bool = True) -> None:
    """Set up structlog for the process. `form`: console or json; `level`: debug, info, warning, error.

    `at_once`: else with the first line that is written, since a command mostly writes none.
    """
    _wanted[:] = [(form, level)]
    if at_once or "structlog" in sys.modules:
        _set_up()


class Logger:
    """structlog's logger as it is set up when a line is written; it is loaded by then, which takes as long as a query."""

    def __getattr__(self, level: str) -> Any:
        import structlog  # noqa: PLC0415 - see above

        _set_up()
        return getattr(structlog.get_logger(), level)


def _set_up() -> None:
    import structlog  # noqa: PLC0415 - see Logger

    for form, level in _wanted[:]:
        renderer = (
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if form == "json"
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        )
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                renderer,
            ],
            wrapper_class=structlog.make_filtering_bound_logger(
                logging.getLevelNamesMapping()[level.upper()]
            ),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
            cache_logger_on_first_use=False,
        )
    _wanted.clear()  # only then, for who writes a line at the same time
