"""The applications of the server, each by its path: they share the engine and nothing else, no cookie and no handler of errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, Scope, Send

from domain.errors import DonghaengError
from web import answers, api, styles
from web.console import Console
from web.headers import with_headers
from web.pages import giving, morning, signing_in, task
from web.visits import Visit, visit

LARGEST_BODY = 1_000_000  # bytes: forms and commands are small, files come later
_PAGES = [*morning.ROUTES, *task.ROUTES, *giving.ROUTES, *signing_in.ROUTES, styles.stylesheet]


def make_applications(console: Console) -> ASGIApp:
    """The console and the API. Others, for the public and for votes, will stand here beside them."""

    def find_visit(request: Request[Any, Any, Any]) -> Visit:
        return visit(request, console)

    pages = _application(_PAGES, {"visitor": find_visit}, answers)
    machines = _application(api.ROUTES, {"console": lambda: console}, api)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = machines if scope["path"].startswith("/api/") else pages
        await chosen(scope, receive, send)

    return with_headers(serve)


def _application(routes: Sequence[Any], given: dict[str, Callable[..., Any]], refusing: Any) -> Litestar:
    """`given`: what handlers are handed, by name; `refusing`: the module that words what was not done."""
    return Litestar(
        route_handlers=routes,
        dependencies={name: Provide(find, sync_to_thread=True) for name, find in given.items()},
        exception_handlers={
            DonghaengError: refusing.refuse,
            HTTPException: refusing.refuse_by_http,
            Exception: refusing.refuse_by_fault,
        },
        openapi_config=None,
        logging_config=None,
        request_max_body_size=LARGEST_BODY,
    )
