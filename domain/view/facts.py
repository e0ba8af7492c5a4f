"""What can happen to a view by a person's hand, and what was found of its rows. The kinds and fields are stored for ever."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.fact import Fact
from domain.values import Value


class FactSkipped(Fact, frozen=True):
    """The view may pass over the fact at this position of the log, should it not be able to fold it."""

    kind = "view.fact_skipped"
    position: int


class Verified(Fact, frozen=True):
    """A certificate: the rows in use were compared with a fresh fold, both behind the fact at `position`.

    `version`: the view's; `rows`, `rows_sha256`: how many were in use, and over their lines in the order of their keys;
    `code_sha256`: SHA-256 of what folded them anew; `differences`: rows that were not alike, `explained` ones among them.
    """

    kind = "view.verified"
    version: int
    position: int
    rows: int
    rows_sha256: str
    code_sha256: str
    milliseconds: int
    differences: int = 0
    explained: int = 0


Why = Literal["unreadable", "missing", "another_shape"]


class NotCompared(Value, frozen=True):
    """A table in use that could not be held against the new one: it cannot be read, is not there, or has other columns."""

    table: str
    why: Why


class Rebuilt(Fact, frozen=True):
    """A certificate: rows folded anew beside those in use took their place, both behind the fact at `position`.

    As `view.verified`, of the new rows. `before`: the version that was in use, where it was another; `accepted`:
    differences that nothing explains and that somebody accepted, for the reason given; `not_compared`: the tables in use
    of which nothing is known, so that nobody can say whether they were as the new ones are.
    """

    kind = "view.rebuilt"
    schema_version: ClassVar[int] = 2
    version: int
    position: int
    rows: int
    rows_sha256: str
    code_sha256: str
    milliseconds: int
    before: int | None = None
    differences: int = 0
    explained: int = 0
    accepted: int = 0
    not_compared: tuple[NotCompared, ...] = ()


ViewFact = FactSkipped | Verified | Rebuilt
