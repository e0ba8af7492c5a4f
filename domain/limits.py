"""The limits on values that come from outside. They sit on commands, never on facts: history always loads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from domain.refusals import bad_input as bad_input  # noqa: PLC0414 callers find it beside the limits
from domain.refusals import validation_error
from domain.shares import parse_share
from domain.values import Figure, LocalText, TextRef

LONGEST_TEXT = 20_000  # characters
LONGEST_TITLE = 200
LONGEST_DEFINITION = 200_000  # characters of its JSON
LONGEST_ADDRESS = 254
LONGEST_URL = 500
MOST_ITEMS = 100
MOST_BUSINESS_DAYS = 250  # about a year
MOST_UNITS = 350  # of days, business days, weeks or months
MOST_RUNGS = 20
MOST_KRW = 10**15
LARGEST_FILE = 20  # MB, of one that is attached
MOST_FILES = 10  # attached by one command
LARGEST_FILES = 40  # MB, of all that one command attaches
LONGEST_FILE_NAME = 100  # characters
LONGEST_FILE_NAME_BYTES = 240  # in UTF-8: with a little more a file system takes it everywhere
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
            raise validation_error(kind, at)
        return value

    return check


check_task_id = _identifier("task_id", r"[0-9]{4}-[0-9]{2,3}")
check_agency_id = _identifier("agency_id", r"[a-z][a-z0-9-]{1,30}")
check_position_id = _identifier("position_id", r"[a-z][a-z0-9-]{1,30}")
check_area_id = _identifier("area_id", r"[a-z][a-z0-9-]{0,30}")
check_fact_name = _identifier("fact_name", r"[a-z]+/[A-Za-z0-9._-]{1,60}#[1-9][0-9]{0,8}")
check_subject = _identifier("subject", r"[0-9a-f]{32}")
check_hex = _identifier("hex", r"[0-9a-f]{32}")
check_recipient = _identifier(
    "recipient", r"subject/[0-9a-f]{32}|agency/[a-z][a-z0-9-]{1,30}|programme/[0-9]{4}/(planner|department)"
)
check_seat = _identifier(
    "seat", r"agency/[a-z][a-z0-9-]{1,30}|position/[a-z][a-z0-9-]{1,30}|subject/[0-9a-f]{32}"
)
check_time_of_day = _identifier("time_of_day", r"([01][0-9]|2[0-3]):[0-5][0-9]")
check_quarter = _identifier("quarter", r"[0-9]{4}-Q[1-4]")
check_follow_up = _identifier(
    "follow_up",
    r"task/[0-9]{4}-[0-9]{2,3}|meeting/[A-Za-z0-9][A-Za-z0-9_-]{0,39}#[1-9][0-9]{0,8}"
    r"|definition/[a-z][a-z0-9-]{0,39}/[1-9][0-9]{0,4}|concern/[A-Za-z0-9][A-Za-z0-9_-]{0,39}",
)
check_sha256 = _identifier("sha256", r"[0-9a-f]{64}")
check_vkey = _identifier("vkey", r"[!-*,-~]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{1,100}")
check_base64 = _identifier("base64", r"[A-Za-z0-9+/]{1,99998}={0,2}")
check_signed_note = _identifier("signed_note", r"[!-~][\n\x20-\x7e\u2014]{1,100000}")
check_stream = _identifier("stream", r"[a-z]+/[A-Za-z0-9._-]{1,60}")
check_definition_name = _identifier("definition_name", r"[a-z][a-z0-9-]{0,39}")
check_item_id = _identifier("item_id", r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def check_share(value: str, at: str = "") -> str:
    """How many of a body suffice, e.g. "more than 1/2"."""
    if parse_share(value) is None:
        raise validation_error("share", at)
    return value


def check_audited(value: str, at: str = "") -> str:
    """What an audit is of: a task's number, e.g. 2024-07, or a programme's year."""
    if "-" in value or not re.fullmatch(r"[0-9]{4}", value):
        return check_task_id(value, at)
    if not FIRST_YEAR <= int(value) <= LAST_YEAR:
        raise validation_error("year_range", at, min=FIRST_YEAR, max=LAST_YEAR)
    return value


def check_month(value: str, at: str = "") -> str:
    """A month of the years that there can be, as 2024-05."""
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        raise validation_error("month", at) from None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise validation_error("year_range", at, min=FIRST_YEAR, max=LAST_YEAR)
    return value


def check_mail_address(value: str, at: str = "") -> str:
    """An address as SMTP takes it everywhere: ASCII, at most 254 characters, 64 of them before the @ (RFC 5321)."""
    local, _, domain = value.rpartition("@")
    if len(value) > LONGEST_ADDRESS or len(local) > _LONGEST_LOCAL:
        raise validation_error(
            "text_too_long", at, max=LONGEST_ADDRESS if len(value) > LONGEST_ADDRESS else _LONGEST_LOCAL
        )
    if not (_LOCAL.fullmatch(local) and _HOST.fullmatch(domain)):
        raise validation_error("mail_address", at)
    return value


def check_webhook_url(value: str, at: str = "") -> str:
    """https://host/path or http://, without a user, a password or a fragment, at most 500 characters."""
    if len(value) > LONGEST_URL:
        raise validation_error("text_too_long", at, max=LONGEST_URL)
    if not value.isascii() or not value.isprintable() or " " in value or "\\" in value:
        raise validation_error("webhook_url", at)
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username is not None or parts.fragment:
        raise validation_error("webhook_url", at)
    return value


def check_text(value: Any, at: str = "", longest: int = LONGEST_TEXT) -> Any:
    """Free text: 1 to 20,000 characters after stripping; newline and tab are its only control characters."""
    if isinstance(value, TextRef):
        return value
    if not isinstance(value, str):
        raise validation_error("text_type", at)
    text = value.strip().replace("\r\n", "\n")
    if not text:
        raise validation_error("text_empty", at)
    if len(text) > longest:
        raise validation_error("text_too_long", at, max=longest)
    if _UNPRINTABLE.search(text):
        raise validation_error("text_control", at)
    return text


def legible(text: str) -> str:
    """For who reads what was stored before such characters were refused: each by its name, as `[U+202E]`."""
    return _UNPRINTABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def check_line(value: str, at: str = "", longest: int = LONGEST_TITLE) -> str:
    """One line of public text."""
    line = value.strip()
    if not line:
        raise validation_error("text_empty", at)
    if len(line) > longest:
        raise validation_error("text_too_long", at, max=longest)
    if _UNFIT_FOR_TITLES.search(line):
        raise validation_error("text_control", at)
    return line


def check_title(value: LocalText, at: str = "") -> LocalText:
    """A public title or name in one or both languages."""
    before = f"{at}." if at else ""
    ko = check_line(value.ko, f"{before}ko")
    return LocalText(ko=ko, en=None if value.en is None else check_line(value.en, f"{before}en"))


def check_definition_content(value: str) -> str:
    """A definition as a JSON object; what it says is checked when it is decided on."""
    if len(value) > LONGEST_DEFINITION:
        raise validation_error("text_too_long", max=LONGEST_DEFINITION)
    if _UNPRINTABLE.search(value):
        raise validation_error("text_control")
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise validation_error("json_object")
    return value


def check_decimal(value: str, at: str = "") -> str:
    if not _DECIMAL.fullmatch(value):
        raise validation_error("decimal", at)
    return value


def check_score(value: str) -> str:
    if not _SCORE.fullmatch(value) or Decimal(value) > 100:
        raise validation_error("score")
    return value


def check_once(names: Iterable[str], at: str) -> None:
    """Refuse a name that stands a second time; `{}` in `at` is where, from 0."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise validation_error("id_twice", at.format(number), id=name)
        seen.add(name)


def check_ids(ids: Sequence[str], at: str = "", named: str = "") -> None:
    """At most 100 of them, each well formed and none twice. `named`: the id's own field, e.g. ".id"."""
    if len(ids) > MOST_ITEMS:
        raise validation_error("too_many", at, max=MOST_ITEMS)
    for number, item in enumerate(ids):
        check_item_id(item, f"{at}[{number}]{named}")
    check_once(ids, f"{at}[{{}}]{named}")


def check_figures(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    check_ids([figure.indicator for figure in figures], named=".indicator")
    for number, figure in enumerate(figures):
        check_decimal(figure.value, f"[{number}].value")
    return figures


def check_milestone_ids(ids: tuple[str, ...]) -> tuple[str, ...]:
    check_ids(ids)
    return ids


def free_text(field: str, text: str) -> str:
    """A free text that belongs to no command, e.g. the reason. Raises BadInput naming `field`."""
    try:
        return str(check_text(text))
    except ValueError as error:
        raise bad_input(error, field) from None


def mail_address(field: str, address: str) -> str:
    """A mail address that belongs to no command. Raises BadInput naming `field`."""
    try:
        return check_mail_address(address)
    except ValueError as error:
        raise bad_input(error, field) from None


def definition_name(name: str) -> str:
    """The name of a definition that belongs to no command. Raises BadInput."""
    try:
        return check_definition_name(name)
    except ValueError as error:
        raise bad_input(error, "name") from None


def document_number(field: str, text: str) -> str:
    """One line that belongs to no command, e.g. the number of a paper. Raises BadInput naming `field`."""
    try:
        return check_line(text)
    except ValueError as error:
        raise bad_input(error, field) from None


def ref_of(text: str | TextRef) -> TextRef:
    """The reference that the command handler has put in a text's place."""
    assert isinstance(text, TextRef), "a free text must be put aside before it is decided on"
    return text
