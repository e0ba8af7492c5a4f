"""Pages as they leave: rendered, or the refusal in the reader's words."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from domain.errors import Bilingual, DonghaengError
from trail.logs import Logger
from web.console import render
from web.cookies import form_token
from web.statuses import status_of
from web.visits import ChooseOffice, Visit, lang_of

_log = Logger()
_HTML = "text/html; charset=utf-8"
_NOT_FOUND = Bilingual(
    "그런 화면이 없습니다. 주소를 확인하십시오.", "There is no such page. Check the address."
)
_NOT_TAKEN = Bilingual("요청을 받을 수 없습니다.", "The request cannot be taken.")
_FAULT = Bilingual(
    "오류로 처리하지 못했습니다. 같은 화면에서 다시 보내면 두 번 처리되지 않습니다.",
    "Something went wrong here. Sent again from the same page it is not carried out twice.",
)


def page(
    visitor: Visit, template: str, *, status: int = 200, cookies: Any = (), **told: Any
) -> Response[str]:
    """`told`: what the template says. Every form in it carries `form_token`."""
    token = "" if visitor.secret is None or visitor.session is None else form_token(visitor.secret)
    text = render(template, visitor.lang, visitor=visitor, form_token=token, **told)
    return Response(text, status_code=status, media_type=_HTML, cookies=list(cookies))


def see_other(address: str, cookies: Any = ()) -> Redirect:
    """After a form: what is reloaded then is not the form."""
    return Redirect(address, status_code=303, cookies=list(cookies))


def refuse(request: Request[Any, Any, Any], error: DonghaengError) -> Response[Any]:
    if isinstance(error, ChooseOffice):
        return see_other("/offices")
    return _notice(request, Bilingual(error.say("ko"), error.say("en")), status_of(error))


def refuse_by_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework itself refuses: no such address, another method, too much."""
    return _notice(request, _NOT_FOUND if error.status_code == 404 else _NOT_TAKEN, error.status_code)


def refuse_by_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    _log.error("page_failed", error=repr(error), path=request.url.path)
    return _notice(request, _FAULT, 500)


def _notice(request: Request[Any, Any, Any], said: Bilingual, status: int) -> Response[str]:
    lang = lang_of(request)
    text = render("notice.html", lang, said=said, status=status, visitor=None, form_token="")
    return Response(text, status_code=status, media_type=_HTML)
