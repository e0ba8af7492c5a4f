"""A letter as e-mail: nothing in it changes from one sending to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import Protocol

import msgspec

from workflows.feed import Method

_CRLF = policy.compat32.clone(linesep="\r\n")


class Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...


class Written(msgspec.Struct, frozen=True):
    """What is read of it: its subject, its words as text and as HTML, and whose name it bears where that is its own."""

    subject: str
    text: str
    page: str
    sender: str | None = None


class Attached(msgspec.Struct, frozen=True):
    """A calendar file of a name in ASCII, and what it is to do."""

    name: str
    ics: bytes
    method: Method = "PUBLISH"


class NamedAs(msgspec.Struct, frozen=True):
    """An address under another name."""

    name: str
    address: str


def from_header(sender: Named) -> str:
    """As `From` has it, in ASCII: a name in other letters is encoded."""
    if sender.name.isascii():
        return formataddr((sender.name, sender.address)) if sender.name else sender.address
    # in one line: what folds it comes later, and may fold between encoded words alone
    name = Header(sender.name, "utf-8", maxlinelen=60).encode(linesep="").replace("\n", "")
    return f"{name} <{sender.address}>"


def as_mail(
    written: Written,
    *,
    message: str,
    message_id: str,
    at: datetime,
    sender: str,
    recipient: str,
    reply_to: str | None = None,
    unsubscribe: str | None = None,
    attached: Sequence[Attached] = (),
) -> bytes:
    """With CRLF: the words in text and HTML, and what is attached. `message`: by which the parts are told apart."""
    words = MIMEMultipart("alternative", boundary=f"=_{message}")
    words.attach(MIMEText(written.text, "plain", "utf-8"))
    words.attach(MIMEText(written.page, "html", "utf-8"))
    mail = words
    if attached:
        mail = MIMEMultipart(
            "mixed", boundary=f"=_{message}.all", _subparts=[words, *map(_part_of, attached)]
        )
        del words["MIME-Version"]  # the whole says it
    # email.header.Header, since EmailMessage drops spaces in long Korean subjects on Python 3.11
    mail["Subject"] = Header(written.subject, "utf-8", header_name="Subject")  # type: ignore[assignment]
    if written.sender is not None:
        sender = from_header(NamedAs(written.sender, parseaddr(sender)[1]))
    mail["From"], mail["To"] = sender, recipient
    if reply_to is not None:
        mail["Reply-To"] = reply_to
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    return mail.as_bytes(policy=_CRLF)


def _part_of(one: Attached) -> MIMEText:
    """By RFC 6047, 2.4: the method stands in the part's head as in the file."""
    part = MIMEText(one.ics.decode(), "calendar", "utf-8")
    part.set_param("method", one.method)
    part.set_param("component", "VEVENT")
    part.set_param("name", one.name)
    part.add_header("Content-Disposition", "attachment", filename=one.name)
    del part["MIME-Version"]
    return part


def plain_mail(sender: str, recipient: str, subject: str, text: str, at: datetime) -> bytes:
    """A mail of text alone, which is no reminder."""
    mail = MIMEText(text, "plain", "utf-8")
    mail["Subject"] = Header(subject, "utf-8", header_name="Subject")  # type: ignore[assignment]
    mail["From"], mail["To"] = sender, recipient
    mail["Date"] = format_datetime(at)
    mail["Auto-Submitted"] = "auto-generated"
    return mail.as_bytes(policy=_CRLF)
