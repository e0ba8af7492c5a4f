"""Signing in by a link that is used once, choosing an office, sessions, signing out, the language."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, RawBody

from store.envelope import spell_actor
from store.sessions import end_session, load_sessions
from web.answers import page, see_other
from web.cookies import check_origin, no_session_cookie, session_cookie
from web.threads import in_thread
from web.visits import Visitor, first_of, parse_form, read_form
from workflows.accounts import NotYourOffice, act_as, end_own, offices_of, sign_in
from workflows.queries.accounts import describe_session

Asked = Request[Any, Any, Any]


@get("/sign-in/{code:str}")
@in_thread
def show_link(visitor: Visitor, code: FromPath[str]) -> Response[str]:
    """Opened, the link does nothing yet: mail servers and messengers open links too."""
    return page(visitor, "sign_in.html", code=code)


@post("/sign-in")
@in_thread
def use_link(request: Asked, visitor: Visitor, body: RawBody) -> Response[Any]:
    """A new session under a new secret, whatever cookie came; the old one of this browser ends."""
    check_origin(request)
    _, secret = sign_in(visitor.console.store, visitor.stranger, first_of(parse_form(body), "code"))
    if visitor.session is not None:
        end_session(visitor.console.store, visitor.session.id)
    return see_other("/", [session_cookie(secret)])


@get("/offices")
@in_thread
def choose_office(visitor: Visitor) -> Response[str]:
    return page(
        visitor,
        "offices.html",
        offices=[(spell_actor(one), one) for one in offices_of(visitor.console.store, visitor.signed_in)],
        sessions=[
            describe_session(one) for one in load_sessions(visitor.console.store, visitor.signed_in.subject)
        ],
    )


@post("/offices")
@in_thread
def take_office(request: Asked, visitor: Visitor, body: RawBody) -> Response[Any]:
    wanted = first_of(read_form(request, body, visitor), "office")
    store = visitor.console.store
    for one in offices_of(store, visitor.signed_in):
        if spell_actor(one) == wanted:
            act_as(store, visitor.stranger, visitor.signed_in, one)
            return see_other("/")
    raise NotYourOffice(office=wanted[:80])


@post("/sessions/{session:str}/end")
@in_thread
def end_one(request: Asked, visitor: Visitor, session: FromPath[str], body: RawBody) -> Response[Any]:
    read_form(request, body, visitor)
    end_own(visitor.console.store, visitor.signed_in, session)
    return see_other("/offices")


@post("/sign-out")
@in_thread
def sign_out(request: Asked, visitor: Visitor, body: RawBody) -> Response[Any]:
    read_form(request, body, visitor)
    end_session(visitor.console.store, visitor.signed_in.id)
    return see_other("/signed-out", [no_session_cookie()])


@get("/signed-out")
@in_thread
def show_signed_out(visitor: Visitor) -> Response[str]:
    return page(visitor, "signed_out.html")


@get("/lang/{lang:str}")
@in_thread
def choose_lang(request: Asked, lang: FromPath[str]) -> Response[Any]:
    """`to`: a path of ours, else the first page: nobody is led elsewhere by our address."""
    back = request.query_params.get("to", "/")
    ours = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    kept = Cookie(
        key="lang", value="en" if lang == "en" else "ko", path="/", samesite="lax", max_age=31536000
    )
    return see_other(back if ours else "/", [kept])


ROUTES = [show_link, use_link, choose_office, take_office, end_one, sign_out, show_signed_out, choose_lang]
