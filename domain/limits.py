"""The limits on values that come from outside. They sit on commands, never on facts: history always loads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from domain.refusals import bad_input as bad_input  # noqa: PLC0414 callers find it beside the limits
from domain.refusals import wrong
from domain.values import Figure, LocalText, TextRef

LONGEST_TEXT = 20_000  # characters
LONGEST_TITLE = 200
LONGEST_ADDRESS = 254
LONGEST_URL = 500
MOST_ITEMS = 100
MOST_BUSINESS_DAYS = 250  # about a year
MOST_RUNGS = 20
MOST_KRW = 10**15
FIRST_YEAR, LAST_YEAR = 2000, 2100

# line and paragraph separators break a line, direction marks make it read otherwise than it is stored
_TURNING = r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_NOT_SHOWN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + _TURNING
_UNPRINTABLE = re.compile(f"[{_NOT_SHOWN}]")
# of two titles that look the same one may not hold what nobody sees
_UNFIT_FOR_TITLES = re.compile(
    rf"[\t\n{_NOT_SHOWN}\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(
    r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_LONGEST_LOCAL = 64
_SCORE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


def _identifier(kind: str, pattern: str) -> Callable[..., str]:
    compiled = re.compile(pattern)

    def check(value: str, at: str = "") -> str:
        if not compiled.fullmatch(value):
            raise wrong(kind, at)
        return value

    return check


check_task_id = _identifier("task_id", r"[0-9]{4}-[0-9]{2,3}")
check_agency_id = _identifier("agency_id", r"[a-z][a-z0-9-]{1,30}")
check_area_id = _identifier("area_id", r"[a-z][a-z0-9-]{0,30}")
check_fact_name = _identifier("fact_name", r"[a-z]+/[A-Za-z0-9._-]{1,60}#[1-9][0-9]{0,8}")
check_subject = _identifier("subject", r"[0-9a-f]{32}")
check_hex = _identifier("hex", r"[0-9a-f]{32}")
check_recipient = _identifier(
    "recipient", r"subject/[0-9a-f]{32}|agency/[a-z][a-z0-9-]{1,30}|programme/[0-9]{4}/(planner|department)"
)
check_quarter = _identifier("quarter", r"[0-9]{4}-Q[1-4]")
check_sha256 = _identifier("sha256", r"[0-9a-f]{64}")
check_vkey = _identifier("vkey", r"[!-*,-~]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{1,100}")
check_base64 = _identifier("base64", r"[A-Za-z0-9+/]{1,99998}={0,2}")
check_signed_note = _identifier("signed_note", r"[!-~][\n\x20-\x7e\u2014]{1,100000}")
check_stream = _identifier("stream", r"[a-z]+/[A-Za-z0-9._-]{1,60}")
check_item_id = _identifier("item_id", r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def check_mail_address(value: str, at: str = "") -> str:
    """An address as SMTP takes it everywhere: ASCII, at most 254 characters, 64 of them before the @ (RFC 5321)."""
    local, _, domain = value.rpartition("@")
    if len(value) > LONGEST_ADDRESS or len(local) > _LONGEST_LOCAL:
        raise wrong(
            "text_too_long", at, max=LONGEST_ADDRESS if len(value) > LONGEST_ADDRESS else _LONGEST_LOCAL
        )
    if not (_LOCAL.fullmatch(local) and _HOST.fullmatch(domain)):
        raise wrong("mail_address", at)
    return value


def check_webhook_url(value: str, at: str = "") -> str:
    """https://host/path or http://, without a user, a password or a fragment, at most 500 characters."""
    if len(value) > LONGEST_URL:
        raise wrong("text_too_long", at, max=LONGEST_URL)
    if not value.isascii() or not value.isprintable() or " " in value or "\\" in value:
        raise wrong("webhook_url", at)
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username is not None or parts.fragment:
        raise wrong("webhook_url", at)
    return value


def check_text(value: Any) -> Any:
    """Free text: 1 to 20,000 characters after stripping; newline and tab are its only control characters."""
    if isinstance(value, TextRef):
        return value
    if not isinstance(value, str):
        raise wrong("text_type")
    text = value.strip().replace("\r\n", "\n")
    if not text:
        raise wrong("text_empty")
    if len(text) > LONGEST_TEXT:
        raise wrong("text_too_long", max=LONGEST_TEXT)
    if _UNPRINTABLE.search(text):
        raise wrong("text_control")
    return text


def legible(text: str) -> str:
    """For who reads what was stored before such characters were refused: each by its name, as `[U+202E]`."""
    return _UNPRINTABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def check_line(value: str, at: str = "", longest: int = LONGEST_TITLE) -> str:
    """One line of public text."""
    line = value.strip()
    if not line:
        raise wrong("text_empty", at)
    if len(line) > longest:
        raise wrong("text_too_long", at, max=longest)
    if _UNFIT_FOR_TITLES.search(line):
        raise wrong("text_control", at)
    return line


def check_title(value: LocalText, at: str = "") -> LocalText:
    """A public title or name in one or both languages."""
    before = f"{at}." if at else ""
    ko = check_line(value.ko, f"{before}ko")
    return LocalText(ko=ko, en=None if value.en is None else check_line(value.en, f"{before}en"))


def check_decimal(value: str, at: str = "") -> str:
    if not _DECIMAL.fullmatch(value):
        raise wrong("decimal", at)
    return value


def check_score(value: str) -> str:
    if not _SCORE.fullmatch(value) or Decimal(value) > 100:
        raise wrong("score")
    return value


def check_ids(ids: Sequence[str], at: str = "", named: str = "") -> None:
    """At most 100 of them, each well formed and none twice. `named`: the id's own field, e.g. ".id"."""
    if len(ids) > MOST_ITEMS:
        raise wrong("too_many", at, max=MOST_ITEMS)
    for number, item in enumerate(ids):
        here = f"{at}[{number}]{named}"
        check_item_id(item, here)
        if item in ids[:number]:
            raise wrong("id_twice", here, id=item)


def check_figures(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    check_ids([figure.indicator for figure in figures], named=".indicator")
    for number, figure in enumerate(figures):
        check_decimal(figure.value, f"[{number}].value")
    return figures


def check_milestone_ids(ids: tuple[str, ...]) -> tuple[str, ...]:
    check_ids(ids)
    return ids


# What a person types, or the reference the door has put in its place. JSON cannot bring a reference: it
# would let a stranger point at another's text.
FreeText = Annotated[str | TextRef, BeforeValidator(check_text)]
Title = Annotated[LocalText, AfterValidator(check_title)]

TaskNumber = Annotated[str, AfterValidator(check_task_id)]
AgencyName = Annotated[str, AfterValidator(check_agency_id)]
AreaName = Annotated[str, AfterValidator(check_area_id)]
FactName = Annotated[str, AfterValidator(check_fact_name)]  # stream#version, e.g. task/2024-07#5
Subject = Annotated[str, AfterValidator(check_subject)]  # a person's random id in the vault
Hex = Annotated[str, AfterValidator(check_hex)]  # a UUID as 32 hex digits
Recipient = Annotated[str, AfterValidator(check_recipient)]
MailAddress = Annotated[str, AfterValidator(check_mail_address)]
WebhookUrl = Annotated[str, AfterValidator(check_webhook_url)]
Sha256 = Annotated[str, AfterValidator(check_sha256)]
ItemName = Annotated[str, AfterValidator(check_item_id)]
Vkey = Annotated[str, AfterValidator(check_vkey)]  # a public key of a signed note
SignedNote = Annotated[str, AfterValidator(check_signed_note)]
Base64 = Annotated[str, AfterValidator(check_base64)]
StreamName = Annotated[str, AfterValidator(check_stream)]
Line = Annotated[str, AfterValidator(check_line)]

Year = Annotated[int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR)]
Quarter = Annotated[str, AfterValidator(check_quarter)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Krw = Annotated[int, Field(strict=True, ge=0, le=MOST_KRW)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
DecimalString = Annotated[str, AfterValidator(check_decimal)]
Score = Annotated[str, AfterValidator(check_score)]
Figures = Annotated[tuple[Figure, ...], AfterValidator(check_figures)]
MilestoneIds = Annotated[tuple[str, ...], AfterValidator(check_milestone_ids)]


def free_text(field: str, text: str) -> str:
    """A free text that belongs to no command, e.g. the reason. Raises BadInput naming `field`."""
    try:
        return str(check_text(text))
    except PydanticCustomError as error:
        raise bad_input(error, field) from None


def mail_address(field: str, address: str) -> str:
    """A mail address that belongs to no command. Raises BadInput naming `field`."""
    try:
        return check_mail_address(address)
    except PydanticCustomError as error:
        raise bad_input(error, field) from None


def document_number(field: str, text: str) -> str:
    """One line that belongs to no command, e.g. the number of a paper. Raises BadInput naming `field`."""
    try:
        return check_line(text)
    except PydanticCustomError as error:
        raise bad_input(error, field) from None


def ref_of(text: str | TextRef) -> TextRef:
    """The reference that the door has put in a text's place."""
    assert isinstance(text, TextRef), "a free text must be put aside before it is decided on"
    return text
