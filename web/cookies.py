"""The one cookie of the console, and what a form carries to show that it is ours. Nothing here is kept on the server.

The cookie is a session's secret. `__Host-` ties it to this host and to TLS (browsers take localhost for as good). What
forms carry is made from it, so that who cannot read the cookie cannot make it.
"""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie

from domain.errors import Refusal

SESSION = "__Host-donghaeng"


class NotFromHere(Refusal):
    """A form was sent that is not of this session, or by another site's page."""

    ko = "이 화면에서 보낸 요청이 아니어서 처리하지 않았습니다. 화면을 다시 연 뒤 보내십시오."
    en = "This was not sent from a page of this session, so nothing was done. Open the page again and send it from there."


def session_cookie(secret: str) -> Cookie:
    """Without an end: the browser forgets it when it is closed, and the server before."""
    return Cookie(key=SESSION, value=secret, path="/", secure=True, httponly=True, samesite="lax")


def no_session_cookie() -> Cookie:
    return Cookie(key=SESSION, value="", path="/", secure=True, httponly=True, samesite="lax", max_age=0)


def secret_in(request: Request[Any, Any, Any]) -> str | None:
    return request.cookies.get(SESSION) or None


def form_token(secret: str) -> str:
    """What a form of the session carries."""
    return hmac.new(secret.encode(errors="replace"), b"form", "sha256").hexdigest()


def check_form_token(secret: str, given: str) -> None:
    """Raises NotFromHere."""
    if not hmac.compare_digest(form_token(secret).encode(), given.encode(errors="replace")):
        raise NotFromHere


def check_origin(request: Request[Any, Any, Any]) -> None:
    """Refuse what a page of another site sends; who is no browser says nothing of either. Raises NotFromHere."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotFromHere
    if site not in (None, "same-origin", "none"):
        raise NotFromHere
