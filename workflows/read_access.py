"""Reading by people: who may, and the record of who read what, which comes before anything is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Literal

import msgspec

from domain.errors import DonghaengError, Refusal, ServerUnreachable
from domain.limits import check_agency_id, check_subject, check_task_id, free_text
from domain.streams import agency_stream, subject_stream, task_stream
from store.accesses import Access, record_access
from store.envelope import Actor, Authn, Via
from store.log import Store
from store.refused import Refused
from workflows.acting_for import whose_now
from workflows.permissions import ACTS, READINGS, RIGHTS, authorise_right, is_recorded
from workflows.persons import check_person
from workflows.refusing import log_refusals


class ReadingNotRecorded(ServerUnreachable):
    """`reading`: what was asked for. Without a record nothing is shown."""

    ko = (
        "{reading}의 열람을 기록할 수 없어 보여 주지 않습니다: {problem} 저장소를 확인하고 다시 실행하십시오."
    )
    en = "That {reading} was read cannot be recorded, so nothing is shown: {problem} Look at the store and try again."


class ExportNeedsReason(Refusal):
    """What leaves the program says what for."""

    ko = "{reading}을(를) 내보내려면 무엇에 쓰는지 --reason으로 적어야 합니다. 적은 사유는 열람 기록에 남습니다."
    en = "To export {reading}, say with --reason what for; it is kept in the access log."


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads: `actor` None where nobody is named; and what the machine says of who runs the command."""

    actor: Actor | None = None
    authn: Authn | Literal["none"] = "none"
    token: str | None = None
    via: Via
    host: str | None = None
    os_user: str | None = None
    client: str | None = None

    @property
    def machine(self) -> str | None:
        """In one line, as it stands beside facts and refusals; None where the machine said nothing."""
        said = {"user": self.os_user, "host": self.host, "client": self.client}
        line = "; ".join(f"{name}={value}" for name, value in said.items() if value)
        return line.encode(errors="replace").decode() or None


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of whom. `agencies`: whose it is, e.g. a task's lead and partners; `subjects`: persons' ids.

    What is no id is not put down: people may type a name where an id belongs.
    """

    reading: str
    agencies: Collection[str | None] = ()
    tasks: Collection[str] = ()
    subjects: Collection[str] = ()


def act(
    store: Store, reader: Reader, name: str, purpose: str | None, *, subjects: Collection[str] = ()
) -> None:
    """Refuse who may not do this beside the log, and record who does where the table of acts says so. As `authorise_and_record`.

    `subjects`: which persons it is about, by their ids.
    """
    assert name in ACTS
    _ask(store, reader, About(reading=name, subjects=subjects), purpose)


def authorise_and_record(
    store: Store, reader: Reader, what: About, purpose: str | None, *, exported: bool = False
) -> None:
    """Refuse who may not read this, and record who does where the table of readings says so.

    Where nobody is named, whoever can run the command reads all, and the record says so. `exported`: it leaves the
    program as a file or a stream, which needs a purpose and is always recorded.
    Raises the permissions' refusals, ExportNeedsReason, BadInput, ReadingNotRecorded.
    """
    assert what.reading in READINGS
    _ask(store, reader, what, purpose, exported=exported)


def may_read(store: Store, reader: Reader, reading: str, agencies: Collection[str | None] = ()) -> bool:
    """Whether a reader may see what stands beside what was asked for; nothing is refused by it, and nothing recorded."""
    if reader.actor is None:
        return True
    whose = agencies if reader.actor.agency in (None, *agencies) else whose_now(store, agencies)
    with suppress(Refusal):
        authorise_right(reader.actor, reading, whose)
        return True
    return False


def _ask(store: Store, reader: Reader, what: About, purpose: str | None, *, exported: bool = False) -> None:
    label = RIGHTS[what.reading].label
    whose: Collection[str | None] = what.agencies
    try:
        if reader.actor is not None:
            check_person(store, reader.actor, label)
            if reader.actor.agency not in (None, *whose):
                whose = whose_now(store, whose)
            authorise_right(reader.actor, what.reading, whose)
        purpose = None if purpose is None else free_text("reason", purpose)
        if exported and purpose is None:
            raise ExportNeedsReason(reading=label)
    except Refusal as refusal:
        log_refusals(store, [_refusal_of_reading(reader, what, refusal)])
        raise
    if not (exported or is_recorded(reader.actor, what.reading, whose)):
        return
    try:
        record_access(store, _access(reader, what, purpose, exported))
    except DonghaengError as error:
        raise ReadingNotRecorded(reading=label, problem=error) from error


def _ids(given: Collection[str | None], check: Callable[[str], str]) -> tuple[str, ...]:
    """Each id once; what is none is left out."""
    found: dict[str, None] = {}
    for one in given:
        with suppress(ValueError):
            found |= {check(one): None} if one else {}
    return tuple(found)


def _access(reader: Reader, what: About, purpose: str | None, exported: bool) -> Access:
    return Access(
        actor=reader.actor,
        authn=reader.authn,
        token=reader.token,
        reading=what.reading,
        tasks=_ids(what.tasks, check_task_id),
        agencies=_ids(what.agencies, check_agency_id),
        subjects=_ids(what.subjects, check_subject),
        purpose=purpose,
        via=reader.via,
        host=reader.host,
        os_user=reader.os_user,
        client=reader.client,
        exported=exported,
    )


def _refusal_of_reading(reader: Reader, what: About, refusal: Refusal) -> Refused:
    """`stream`: the one thing that was asked for, where it is one."""
    about = [
        *(task_stream(one) for one in _ids(what.tasks, check_task_id)),
        *(subject_stream(one) for one in _ids(what.subjects, check_subject)),
        *(agency_stream(one) for one in _ids(what.agencies, check_agency_id)),
    ]
    return Refused(
        what="reading",
        actor=reader.actor,
        via=reader.via,
        authn=reader.authn,
        token=reader.token,
        command=what.reading,
        stream=about[0] if about else "",
        refusal=refusal.name,
        machine=reader.machine,
    )
