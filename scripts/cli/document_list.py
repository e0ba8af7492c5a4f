"""Which command prints which document with `--json`, where no reading gives it. Only pages and tests ask: it loads them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.cli import documents as d
from workers.delivery.trying import MailTried
from workers.moving_clock import ClockMoved, ClockRead
from workers.sealing.standing import TrailStatus
from workers.simulated_year import SimulatedYear
from workflows.command_envelope import Outcome
from workflows.queries.accesses import NothingPruned
from workflows.queries.calendar_changes import CalendarChanged
from workflows.queries.definitions import DefinitionList
from workflows.scenarios.testing import DefinitionTested

# by what is typed, and how, where a command prints one or another
DOCUMENTS: Mapping[str, type[Any]] = {
    "every refusal": d.Failed,
    "every command that writes": Outcome,
    "load": d.Loaded,
    "import SHEET": d.SheetImported,
    "import HISTORY": d.HistoryImported,
    "import --template": d.TemplateMade,
    "money import": d.MoneySheetImported,
    "money template": d.TemplateMade,
    "migrate": d.Migrated,
    "up": d.Up,
    "doctor": d.Examined,
    "backup": d.BackedUp,
    "restore": d.BackedUp,
    "simulate": SimulatedYear,
    "completion": d.Completion,
    "access prune, nothing": NothingPruned,
    "calendar withdraw": CalendarChanged,
    "clock move": ClockMoved,
    "clock show": ClockRead,
    "deadline refresh, nothing": d.DeadlinesRight,
    "definition check": d.DefinitionChecked,
    "definition letters": d.LettersTried,
    "definition new": d.DefinitionWritten,
    "definition templates": DefinitionList,
    "definition test": DefinitionTested,
    "jobs retry": d.JobRetried,
    "jobs drop": d.JobDropped,
    "post test": MailTried,
    "subject register": d.PersonRegistered,
    "token create": d.TokenCreated,
    "account invite": d.LinkMade,
    "account end": d.SessionEnded,
    "trail init": d.LogKeys,
    "trail policy": d.LogKeys,
    "trail rotate": d.LogKeys,
    "trail seal": TrailStatus,
    "trail acknowledge": d.Acknowledged,
    "trail verify": d.TrailVerified,
    "vault purge": d.VaultPurged,
    "vault rotate": d.KeysRewrapped,
    "views verify": d.ViewCompared,
    "views rebuild": d.ViewCompared,
    "views drop-old": d.RowsDropped,
    "witness": d.WitnessServed,
    "witness init": d.WitnessMade,
    "witness trust": d.LogTrusted,
    "witness evidence": d.EvidenceShown,
}
