"""One request to the console: whose it is, in which language, and how it asks the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from domain.errors import Lang, Refusal
from store.envelope import Actor, spell_actor
from store.sessions import Session, find_session
from web.console import Console
from web.cookies import check_form_token, check_origin, secret_in
from workflows.accounts import SignInFirst, hash_secret
from workflows.queries.inquiry import Inquiry
from workflows.read_access import Reader

_MOST_FIELDS = 200
_LANG = "lang"  # a cookie that says nothing of anybody


class FormUnreadable(Refusal):
    ko = "보낸 내용을 읽을 수 없습니다. 화면을 다시 연 뒤 보내십시오."
    en = "What was sent cannot be read. Open the page again and send it from there."


class ChooseOffice(Refusal):
    """The person holds several offices, or none."""

    ko = "어느 직위로 업무를 볼지 먼저 고르십시오."
    en = "Choose first in which office you act."


class Visit(NamedTuple):
    """`secret`: of the cookie that came; `session`: what it opens, None where it opens nothing. `client`: the address."""

    console: Console
    lang: Lang
    secret: str | None
    session: Session | None
    client: str | None

    @property
    def signed_in(self) -> Session:
        """Raises SignInFirst."""
        if self.session is None:
            raise SignInFirst
        return self.session

    @property
    def actor(self) -> Actor:
        """As whom the visitor acts. Raises SignInFirst, ChooseOffice."""
        if self.signed_in.acts is None:
            raise ChooseOffice
        return self.signed_in.acts

    @property
    def stranger(self) -> Reader:
        """Who asks, as long as nobody knows who it is."""
        return Reader(via="web", client=self.client)

    @property
    def reader(self) -> Reader:
        """Raises as `actor`."""
        return Reader(via="web", client=self.client, actor=self.actor, authn=self.signed_in.authn)

    @property
    def acts(self) -> str:
        return spell_actor(self.actor)

    def inquiry(self, when: Mapping[str, str] = {}) -> Inquiry:
        """`when`: the address's `as_of` and `effective`. Raises as `actor`."""
        return Inquiry(
            self.console.store,
            self.reader,
            self.lang,
            as_of=when.get("as_of"),
            effective=when.get("effective"),
            named=self.console.name_people,
        )


Visitor = NamedDependency[SkipValidation[Visit]]  # as handlers ask for it


def visit(request: Request[Any, Any, Any], console: Console) -> Visit:
    """Whose session the request is of. That it is asked for is a use of the session."""
    secret = secret_in(request)
    session = None if secret is None else find_session(console.store, hash_secret(secret))
    client = None if request.client is None else request.client.host
    return Visit(console, lang_of(request), secret, session, client)


def lang_of(request: Request[Any, Any, Any]) -> Lang:
    """As chosen on a page, else as the browser's first language says; Korean where neither does."""
    chosen = request.cookies.get(_LANG)
    if chosen not in ("ko", "en"):
        chosen = request.headers.get("accept-language", "ko").strip().lower()[:2]
    return "en" if chosen == "en" else "ko"


def read_form(request: Request[Any, Any, Any], body: bytes, visitor: Visit) -> dict[str, list[str]]:
    """What a form of this session sent, in the order of its fields. Raises NotFromHere, FormUnreadable, SignInFirst."""
    check_origin(request)
    assert visitor.signed_in
    assert visitor.secret is not None, "a session is found by it"
    found = parse_form(body)
    check_form_token(visitor.secret, *found.pop("form_token", [""])[:1])
    return found


def parse_form(body: bytes) -> dict[str, list[str]]:
    """Raises FormUnreadable."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:  # also of what is no UTF-8
        raise FormUnreadable from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return found


def first_of(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")
