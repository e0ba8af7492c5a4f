"""Tokens for machines: `dh1.STORE.TOKEN.SECRET`. The secret is shown once and kept nowhere, only its SHA-256 is."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid

from domain.errors import Refusal
from domain.seoul import local_day
from domain.streams import token_stream
from domain.token.state import TOKEN, Token
from store.envelope import Actor
from store.log import Store
from store.recorded import fold_state

_FORM = re.compile(r"dh1\.([0-9a-f]{32})\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")


class TokenMalformed(Refusal):
    ko = "DONGHAENG_TOKEN의 값이 토큰이 아닙니다. `donghaeng token create`가 출력한 값을 그대로 넣으십시오."
    en = "What stands in DONGHAENG_TOKEN is no token. Put in what `donghaeng token create` printed, as it is."


class TokenOfAnotherStore(Refusal):
    """`theirs`, `ours`: the stores' ids."""

    ko = (
        "이 토큰은 다른 저장소({theirs})의 것입니다. 지금 저장소는 {ours}입니다. 이 저장소의 토큰을 쓰십시오."
    )
    en = "The token is of another store ({theirs}); this one is {ours}. Use a token of this store."


class TokenNotKnown(Refusal):
    """No such token, or not its secret: a stranger is not told which."""

    ko = "이 토큰은 이 저장소가 발급한 것이 아닙니다. `donghaeng token create`로 새로 발급받으십시오."
    en = "This store has not issued the token. Ask for one made with `donghaeng token create`."


class TokenExpired(Refusal):
    ko = "토큰의 만료일({until})이 지났습니다. 새 토큰을 발급받으십시오."
    en = "The token's last day was {until}. Ask for a new one."


class TokenRevoked(Refusal):
    ko = "이 토큰은 폐기되었습니다. 새 토큰을 발급받으십시오."
    en = "The token was revoked. Ask for a new one."


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def sha256_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def format_token(store_id: str, token: str, secret: str) -> str:
    """The token as it is handed over, once."""
    return f"dh1.{uuid.UUID(store_id).hex}.{token}.{secret}"


def find_id_in(text: str) -> str | None:
    """The id that stands in a token, whether or not it opens anything; None where it has none."""
    found = _FORM.fullmatch(text.strip())
    return None if found is None else found[2]


def authenticate(store: Store, text: str) -> tuple[Actor, str]:
    """Who acts with this token, and the token's id. Raises one of the refusals above."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise TokenMalformed
    of_store, identity, secret = found.groups()
    ours = uuid.UUID(store.id).hex
    if of_store != ours:
        raise TokenOfAnotherStore(theirs=of_store, ours=ours)
    token: Token = fold_state(TOKEN, store.read(token_stream(identity)))
    # one comparison for a wrong secret and for no such token, so that time tells nothing
    if not hmac.compare_digest(sha256_of(secret), token.secret_sha256 or "-" * 64):
        raise TokenNotKnown
    if token.revoked:
        raise TokenRevoked
    if local_day(store.now()) > token.until:
        raise TokenExpired(until=token.until)
    role: object = token.role
    return Actor(role=role, agency=token.agency, subject=token.subject), identity  # type: ignore[arg-type]
