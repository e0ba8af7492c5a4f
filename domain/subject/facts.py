"""What can happen to a person's entry. No personal detail stands in a fact: those lie in the vault."""

from __future__ import annotations

from domain.aggregate import Fact


class Registered(Fact, frozen=True):
    """A person has an id by which facts can speak of them."""

    kind = "subject.registered"


class Changed(Fact, frozen=True):
    """`fields`: which details are others now, e.g. mail."""

    kind = "subject.changed"
    fields: tuple[str, ...]


class Erased(Fact, frozen=True):
    """The key of the person's details was destroyed with this fact."""

    kind = "subject.erased"


SubjectFact = Registered | Changed | Erased
