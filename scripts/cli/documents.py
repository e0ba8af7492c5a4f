"""The documents that the command line prints with `--json` and no reading gives: what became of a command, and refusals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec


class ErrorShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """`name`: stable, e.g. NotPermitted or NoSuchOption; `message`: in the reader's language; `exit`: the exit code.

    `details`: of some refusals, parts of the message by name, as the refusal's class says.
    """

    name: str
    message: str
    exit: int
    details: dict[str, str] = {}


class Failed(msgspec.Struct, frozen=True):
    """A refusal, wrong usage, or a server that cannot be reached."""

    error: ErrorShown


class FaultShown(msgspec.Struct, frozen=True):
    """`sheet`: in a workbook of several tables; `row`: 0 for a whole table."""

    sheet: str
    row: int
    column: str
    problem: str


class RemarkShown(msgspec.Struct, frozen=True):
    """What was read otherwise than it stands, or not read."""

    sheet: str
    row: int
    column: str
    words: str


class SheetImported(msgspec.Struct, frozen=True):
    """`facts`: written; `encoding`: of a CSV."""

    rows: int
    facts: int
    faults: tuple[FaultShown, ...]
    remarks: tuple[RemarkShown, ...]
    encoding: str | None


class MoneyEntered(msgspec.Struct, frozen=True):
    """What of a row was not in the log. `what`: budget, committed or spent."""

    row: int
    task: str
    funding: str
    month: str
    what: str
    sheet_krw: int
    log_krw: int


class MoneySheetImported(msgspec.Struct, frozen=True):
    """`facts`: written; `entered`: what they are, or with a dry run would be."""

    rows: int
    facts: int
    entered: tuple[MoneyEntered, ...]
    faults: tuple[FaultShown, ...]
    remarks: tuple[RemarkShown, ...]
    encoding: str | None


class TemplateMade(msgspec.Struct, frozen=True):
    """`template`: the new file."""

    template: str


class Migrated(msgspec.Struct, frozen=True):
    """The store has the schema of this program."""

    migrated: bool
    simulated: bool


class Up(msgspec.Struct, frozen=True):
    """`state`: live or restored; `parts`: the processes that run."""

    up: bool
    store: str
    simulated: bool
    state: str
    parts: tuple[str, ...]


class Completion(msgspec.Struct, frozen=True):
    """The script for a shell."""

    shell: str
    script: str


class LeftAsIs(msgspec.Struct, frozen=True):
    """What the file says otherwise, and why it stays."""

    what: str
    why: str


class Loaded(msgspec.Struct, frozen=True):
    """`facts`: how many are new; `changes`: what was changed, or would be; `kept`: what the file says otherwise and stays."""

    year: int
    agencies: int
    tasks: int
    facts: int
    dry_run: bool
    changes: list[str]
    kept: list[LeftAsIs]


class HistoryImported(msgspec.Struct, frozen=True):
    """`origin`: the id of the store it comes from; `root`: of its tree, hex."""

    store: str
    origin: str | None
    facts: int
    root: str


class FindingShown(msgspec.Struct, frozen=True):
    """`check`: its name; `seen`: what was found, `todo`: what to do, in the reader's language; empty where nothing is."""

    check: str
    state: Literal["ok", "warn", "wrong"]
    seen: str
    todo: str


class Examined(msgspec.Struct, frozen=True):
    """`well`: nothing is wrong."""

    well: bool
    findings: list[FindingShown]


class BackedUp(msgspec.Struct, frozen=True):
    """Of the backup that was made or restored. `schema`: of the store; `head`: its last position."""

    file: str
    schema: str
    store: str
    head: int


class DeadlinesRight(msgspec.Struct, frozen=True):
    """Nothing had to be counted anew."""

    task: str
    changed: bool = False


class DefinitionChecked(msgspec.Struct, frozen=True):
    """A sound definition, and what was looked at: its places (stages with their conditions, and the listing), the steps from
    one to another, its deadlines and the rules that act by themselves. `notes`: what should be looked at all the same.
    """

    definition: str
    places: int
    steps: int
    deadlines: int
    transitions: int
    notes: list[str]


class LetterTried(msgspec.Struct, frozen=True):
    """A letter as it goes out with sample values, once in each language for each way in which it may read.

    `days`: of the rungs that it words, all others of the ladder where there are none; `sender`: whose name it bears, None: as it is set.
    """

    letter: str
    ladder: str
    days: list[int]
    lang: str
    subject: str
    text: str
    sender: str | None


class LettersTried(msgspec.Struct, frozen=True):
    definition: str
    letters: list[LetterTried]


class DefinitionWritten(msgspec.Struct, frozen=True):
    """A new definition's file. `template`: from which it was written; `scenarios`: the file beside it that holds its scenarios."""

    written: str
    definition: str
    template: str
    scenarios: str


class JobRetried(msgspec.Struct, frozen=True):
    """`enqueued`: the new job's id."""

    enqueued: str


class JobDropped(msgspec.Struct, frozen=True):
    """`dropped`: its id."""

    dropped: str


class PersonRegistered(msgspec.Struct, frozen=True):
    """`subject`: the id by which facts speak of the person."""

    subject: str


class TokenCreated(msgspec.Struct, frozen=True):
    """`token`: shown this once; `id`: by which it is revoked; `until`: its last day in Seoul."""

    token: str
    id: str
    until: date


class LinkMade(msgspec.Struct, frozen=True):
    """`link`: signs the person in once, shown this once; `until`: by when, aware."""

    link: str
    subject: str
    until: datetime


class SessionEnded(msgspec.Struct, frozen=True):
    """The session's id."""

    ended: str


class LogKeys(msgspec.Struct, frozen=True):
    """The log's public keys and its policy, for inspectors; `readings_keys`: of the log of readings and refusals."""

    keys: list[str]
    policy: str
    readings_keys: list[str]


class DisagreementSeen(msgspec.Struct, frozen=True):
    """What a witness said of another log, in both languages; `at`: when it said so first."""

    witness: str
    at: datetime
    ko: str
    en: str


class Acknowledged(msgspec.Struct, frozen=True):
    """What was looked into, and is told no more."""

    acknowledged: list[DisagreementSeen]


class Checked(msgspec.Struct, frozen=True):
    """`holds`: null of what is only to be known."""

    where: str
    holds: bool | None
    said: str


class EventProven(msgspec.Struct, frozen=True):
    """An event of a pack; `sentence`: in words, which the pack does not prove."""

    position: int
    known_at: datetime
    recorded_at: datetime
    stream: str
    version: int
    kind: str
    sentence: str


class TrailVerified(msgspec.Struct, frozen=True):
    """`ok`: proved; `result`: in between all fits together; `gaps`, `unproved`: streams of which versions are missing, or may be.

    `origin`, `size`, `root`: of the checkpoint, where there is one.
    """

    ok: bool
    result: Literal["ok", "not proved", "not ok"]
    quorum: bool
    gaps: int
    unproved: int
    origin: str | None
    size: int | None
    root: str | None
    keys: list[str]
    items: list[Checked]
    events: list[EventProven] | msgspec.UnsetType = msgspec.UNSET


class VaultPurged(msgspec.Struct, frozen=True):
    """The database's files hold nothing any more of what was erased or redacted."""

    purged: bool = True


class KeysRewrapped(msgspec.Struct, frozen=True):
    """How many persons' keys."""

    rewrapped: int


class RowCompared(msgspec.Struct, frozen=True):
    """A row that differs, and why: as it stands, and as the facts make it; null where there is none."""

    table: str
    key: str
    cause: str
    live: str | None
    fresh: str | None


class TableUnread(msgspec.Struct, frozen=True):
    """A table in use that could not be read."""

    table: str
    why: str
    problem: str


class ViewCompared(msgspec.Struct, frozen=True):
    """What a fresh fold came to. `before`: the version that was in use before; `causes`: how many rows differ by which cause;
    `examples`: some of them; `differences`: how many; `certificate`: the position of the fact that says so.
    """

    view: str
    version: int
    before: int | None
    position: int
    rows: int
    rows_sha256: str
    code_sha256: str
    milliseconds: int
    causes: dict[str, int]
    examples: list[RowCompared]
    not_compared: list[TableUnread]
    differences: int
    certificate: int


class RowsDropped(msgspec.Struct, frozen=True):
    """What of the view was not in use."""

    view: str
    dropped: list[str]


class WitnessMade(msgspec.Struct, frozen=True):
    """`vkey`: the public key."""

    witness: str
    vkey: str


class WitnessServed(msgspec.Struct, frozen=True):
    """`url`: where it takes checkpoints; `logs`: those that it cosigns."""

    witness: str
    vkey: str
    url: str
    logs: list[str]


class LogTrusted(msgspec.Struct, frozen=True):
    """The log is cosigned from now on."""

    origin: str
    vkey: str


class EvidenceKept(msgspec.Struct, frozen=True):
    """`words`: what it proves; `evidence`: as the file holds it (`trail/witness/evidence.py`). Both null where it cannot be read."""

    file: str
    words: str | None
    evidence: dict[str, Any] | None


class EvidenceShown(msgspec.Struct, frozen=True):
    """What logs signed and the witness refused."""

    evidence: list[EvidenceKept]
