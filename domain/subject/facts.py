"""What can happen to a person's entry. No personal detail stands in a fact: those lie in the vault."""

from __future__ import annotations

from domain.errors import Lang
from domain.fact import Fact


class Registered(Fact, frozen=True):
    """A person has an id by which facts can speak of them."""

    kind = "subject.registered"


class Changed(Fact, frozen=True):
    """`fields`: which details are others now, e.g. mail."""

    kind = "subject.changed"
    fields: tuple[str, ...]


class LanguageChosen(Fact, frozen=True):
    """In which language they are written to."""

    kind = "subject.language_chosen"
    lang: Lang


class Erased(Fact, frozen=True):
    """The key of the person's details was destroyed with this fact."""

    kind = "subject.erased"


SubjectFact = Registered | Changed | LanguageChosen | Erased
