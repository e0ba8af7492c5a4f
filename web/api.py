"""`/api/v1`: every reading by GET and every command by POST, from their own declarations, with a token. No cookie is looked at."""

from __future__ import annotations

import inspect
import json
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath, RawBody, SkipValidation
from msgspec.structs import replace

from domain.errors import BadInput, Bilingual, DonghaengError, Refusal
from projections.behind import note_views_read
from store.envelope import Actor
from trail.logs import Logger
from web.commands import find_command
from web.console import Console
from web.statuses import status_of
from web.threads import in_thread
from web.visits import lang_of
from workers.engine import Engine
from workers.reading_list import load_annotations, readings
from workers.trail_folder import trail_folder
from workflows.answers import as_answer, plain
from workflows.as_of_options import slice_read
from workflows.command_envelope import CommandEnvelope, Giver, command_id
from workflows.command_handler import CommandHandler, admit
from workflows.parsing import parse_command
from workflows.queries.inquiry import Inquiry
from workflows.read_access import Reader
from workflows.refusing import log_refusals, refusal_of_token
from workflows.tokens import authenticate

Asked = Request[Any, Any, Any]
Served = NamedDependency[SkipValidation[Console]]
_log = Logger()
_PROBLEM, _JSON = "application/problem+json", "application/json; charset=utf-8"
_OF_ALL = ("as_of", "effective", "reason")  # of every reading
# What this machine gives a reading, by name and type: a client names no file of the server's.
_GIVEN: Mapping[tuple[str, type], Callable[[Console], Any]] = {
    ("handler", CommandHandler): lambda console: console.handler,
    ("engine", Engine): lambda console: console.built,
    ("data", Path): lambda console: console.built.data,
    ("trail_folder", Path): lambda console: trail_folder(console.built.data),
}


class NoSuchReading(Refusal):
    ko = "‘{given}’이라는 조회는 없습니다. 있는 것은 GET /api/v1/readings로 확인하십시오."
    en = "There is no reading “{given}”. GET /api/v1/readings names those that there are."


class Offered(NamedTuple):
    """A reading that the API has. `asked`: the type of each of its options; `needed`: those without which it cannot be; `given`: what this machine adds."""

    query: Callable[..., Any]
    meaning: str
    asked: Mapping[str, Any]
    needed: frozenset[str]
    given: Mapping[str, Callable[[Console], Any]]


class ReadingOffered(msgspec.Struct, frozen=True):
    """`options`: which must be given, and which may be."""

    name: str
    meaning: str
    needed: list[str]
    options: list[str]


class ReadingsOffered(msgspec.Struct, frozen=True):
    readings: list[ReadingOffered]


@cache
def list_offered() -> Mapping[str, Offered]:
    """By MODULE.NAME those that can be asked in an address; what takes files of the server or functions is not among them."""
    found = {}
    for one in readings():
        hints = get_type_hints(one.query, vars(one.module) | load_annotations(one.module))
        made = _offer(one.query, one.meaning, hints)
        if made is not None:
            found[f"{one.module.__name__.rpartition('.')[2]}.{one.name}"] = made
    return found


def _offer(query: Callable[..., Any], meaning: str, hints: Mapping[str, Any]) -> Offered | None:
    asked, needed, given = {}, set(), {}
    for name, parameter in list(inspect.signature(query).parameters.items())[1:]:
        kind = hints[name]
        if isinstance(kind, type) and (name, kind) in _GIVEN:
            given[name] = _GIVEN[name, kind]
        elif _can_be_asked(kind):
            asked[name] = kind
            if parameter.default is parameter.empty:
                needed.add(name)
        elif parameter.default is parameter.empty:
            return None
    return Offered(query, meaning, asked, frozenset(needed), given)


def _can_be_asked(kind: Any) -> bool:
    if get_origin(kind) in (Union, types.UnionType):
        return all(_can_be_asked(one) for one in get_args(kind))
    simple = isinstance(kind, type) and issubclass(kind, str | int | bool | date | Enum)
    return simple or kind is type(None) or get_origin(kind) is Literal


@get("/api/v1/readings")
@in_thread
def list_readings() -> Response[bytes]:
    """What there is to be asked; of the program and not of anybody, so without a token."""
    said = [
        ReadingOffered(name, one.meaning, sorted(one.needed), sorted({*one.asked, *_OF_ALL} - one.needed))
        for name, one in sorted(list_offered().items())
    ]
    return _answer(ReadingsOffered(said))


@get("/api/v1/readings/{name:str}")
@in_thread
def read(request: Asked, console: Served, name: FromPath[str]) -> Response[bytes]:
    """The document that the command line prints with --json."""
    reader = _reader(request, console)
    if (one := list_offered().get(name)) is None:
        raise NoSuchReading(given=name[:80])
    options = _options(request, one)
    when = {option: None if option in one.asked else options.pop(option, None) for option in _OF_ALL}
    inquiry = Inquiry(
        console.store,
        reader,
        lang_of(request),
        purpose=when["reason"],
        as_of=when["as_of"],
        effective=when["effective"],
        named=console.name_people,
    )
    given = {option: make(console) for option, make in one.given.items()}
    with note_views_read() as views:
        document = one.query(inquiry, **given, **options)
    behind = [view for view in views.values() if view is not None]
    return _answer(
        as_answer(document, behind, None if inquiry.sliced is None else slice_read(*inquiry.sliced))
    )


@post("/api/v1/commands/{name:str}", status_code=200)
@in_thread
def give(request: Asked, console: Served, name: FromPath[str], body: RawBody) -> Response[bytes]:
    """`Idempotency-Key` is the command's id: under the same one it is carried out once."""
    reader = _reader(request, console)
    assert reader.actor is not None
    assert reader.authn != "none"
    giver, kind = Giver(reader.actor, reader.via, reader.authn, reader.token), find_command(name)
    order = _order(body)
    admit(console.store, giver, order.on_behalf_of, kind, reader.machine)
    envelope = CommandEnvelope(
        command=parse_command(kind, bytes(order.command)),
        **giver._asdict(),
        command_id=command_id(request.headers.get("idempotency-key")),
        on_behalf_of=order.on_behalf_of,
        reason=order.reason,
        ref=order.ref,
        effective_at=order.effective_at,
    )
    return _answer(plain(console.handler.handle(envelope)))


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is posted. `command`: its fields; the others as on the command line."""

    command: msgspec.Raw
    reason: str | None = None
    ref: str | None = None
    on_behalf_of: Actor | None = None
    effective_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


def _order(body: bytes) -> Order:
    """Raises BadInput."""
    try:
        return msgspec.json.decode(body, type=Order)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadInput(
            field="body", problem=Bilingual(f"JSON 문서가 아니거나 형식이 다릅니다({error}).", f"{error}.")
        ) from None


def _reader(request: Asked, console: Console) -> Reader:
    """Whom the token stands for. Raises the tokens' refusals, which are recorded."""
    stranger = Reader(via="api", client=None if request.client is None else request.client.host)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else ""
    try:
        actor, identity = authenticate(console.store, token)
    except Refusal as refusal:
        log_refusals(console.store, [refusal_of_token(token, refusal, "api", stranger.machine)])
        raise
    return replace(stranger, actor=actor, authn="token", token=identity)


def _options(request: Asked, one: Offered) -> dict[str, Any]:
    """Each at most once, as its type has it. Raises BadInput, which names the option."""
    known: dict[str, Any] = {**dict.fromkeys(_OF_ALL, str), **one.asked}
    found: dict[str, Any] = {}
    for name, text in request.query_params.multi_items():
        if name not in known or name in found:
            raise _bad(
                name,
                "이 조회에 없거나 두 번 적은 항목입니다.",
                "this reading has no such option, or it was given twice.",
            )
        try:
            found[name] = msgspec.convert(text, known[name], strict=False)
        except msgspec.ValidationError as error:
            raise _bad(name, f"형식이 맞지 않습니다({error}).", f"{error}.") from None
    for name in sorted(one.needed - found.keys()):
        raise _bad(name, "적어야 합니다.", "it has to be given.")
    return found


def _bad(name: str, ko: str, en: str) -> BadInput:
    return BadInput(field=name[:60], problem=Bilingual(ko, en))


def _answer(document: Any) -> Response[bytes]:
    return Response(json.dumps(plain(document), ensure_ascii=False).encode(), media_type=_JSON)


def refuse(request: Asked, error: DonghaengError) -> Response[bytes]:
    """As RFC 9457 has it, with the refusal's name and its words in both languages."""
    return _problem(request, status_of(error), error.name, Bilingual(error.say("ko"), error.say("en")))


def refuse_by_http(request: Asked, error: HTTPException) -> Response[bytes]:
    said = Bilingual(
        "이 주소나 방법으로는 받지 않습니다.", "There is nothing at this address, or not by this method."
    )
    return _problem(request, error.status_code, "NotTaken", said)


def refuse_by_fault(request: Asked, error: Exception) -> Response[bytes]:
    _log.error("answer_failed", error=repr(error), path=request.url.path)
    said = Bilingual(
        "오류로 처리하지 못했습니다. 같은 Idempotency-Key로 다시 보내십시오.",
        "Something went wrong here. Send it again with the same Idempotency-Key.",
    )
    return _problem(request, 500, "Fault", said)


def _problem(request: Asked, status: int, name: str, said: Bilingual) -> Response[bytes]:
    document = {
        "type": f"urn:donghaeng:refusal:{name}",
        "title": name,
        "status": status,
        "detail": said.say(lang_of(request)),
        "ko": said.ko,
        "en": said.en,
    }
    return Response(
        json.dumps(document, ensure_ascii=False).encode(),
        status_code=status,
        media_type=_PROBLEM,
        headers={"www-authenticate": "Bearer"} if status == 401 else {},
    )


ROUTES = [list_readings, read, give]
