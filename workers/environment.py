"""How settings are declared and read: each from what is given, else from its environment variable, else as by default.

Every command reads them before it does anything, so they need no library that would have to be loaded first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, overload

from domain.errors import Bilingual, DonghaengError
from workers.setting_forms import Form

T = TypeVar("T")


class BadSettings(DonghaengError):
    """Everything that is set and cannot be, each with what it is and how it is written."""

    exit_code = 2
    ko = "설정을 쓸 수 없어 시작하지 않았습니다. 고친 뒤 다시 실행하십시오.\n{faults}"
    en = "Nothing was started, since what is set cannot be used. Correct it and run this again.\n{faults}"

    def __init__(self, faults: Sequence[Bilingual]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults=_in_lines(faults))


class Secret:
    """What nobody is to see who prints or logs what holds it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret('**********')"


class Setting(Generic[T]):
    """One setting: its variable, how it is written, what it means; `read`: its value from the text.

    Of the class it is the declaration, of what was read its value.
    """

    name: str

    def __init__(
        self, variable: str, form: Form, meaning: str, read: Callable[[str], Any], default: T
    ) -> None:
        self.variable, self.form, self.meaning = variable, form, meaning
        self.read, self.default = read, default

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        return self if instance is None else self.default

    @property
    def secret(self) -> bool:
        """Whether nobody is to see its value."""
        return self.read is Secret

    def take(self, given: object) -> object:
        """The value of what is given: of a text as it is written, else what it is already. Raises ValueError."""
        if not isinstance(given, str):
            return given
        self.form.check(given)
        return self.read(given)

    def fault(self, value: object) -> Bilingual:
        """That this cannot be its value."""
        said = Bilingual("(비밀값)", "(not shown)") if self.secret else Bilingual(f"‘{value}’", f"“{value}”")
        return Bilingual(
            f"{self.variable} = {said.ko}: 쓸 수 없는 값입니다. 형식: {self.form.says.ko}",
            f"{self.variable} = {said.en} cannot be used. It is written: {self.form.says.en}",
        )


@overload
def declare(variable: str, form: Form, meaning: str, *, read: Callable[[str], T]) -> Setting[T | None]: ...
@overload
def declare(
    variable: str, form: Form, meaning: str, *, read: Callable[[str], T], default: T
) -> Setting[T]: ...
def declare(
    variable: str, form: Form, meaning: str, *, read: Callable[[str], Any], default: Any = None
) -> Any:
    """A setting of a class; without a default it is None where it is not set."""
    return Setting(variable, form, meaning, read, default)


class FromEnvironment:
    """Settings that belong together. Made, they are read; raises BadSettings, which names all that is wrong.

    `given`: by name, before the environment: a text as it is written, or the value, None for as by default. What is empty
    in the environment is not set.
    """

    def __init__(self, **given: object) -> None:
        faults = []
        for one in settings_of(type(self)):
            found = given.pop(one.name) if one.name in given else os.environ.get(one.variable) or None
            try:
                self.__dict__[one.name] = one.default if found is None else one.take(found)
            except ValueError:
                faults.append(one.fault(found))
        assert not given, f"no such settings: {', '.join(given)}"
        if faults:
            raise BadSettings(faults)

    def having(self, **other: object) -> Self:
        """The same but for these values."""
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__, **other)
        return made

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    __hash__ = None  # type: ignore[assignment]

    def environment(self) -> dict[str, str]:
        """The same settings as variables, empty where nothing is set."""
        return {one.variable: _as_text(getattr(self, one.name)) for one in settings_of(type(self))}


def settings_of(kind: type[FromEnvironment]) -> Iterator[Setting[Any]]:
    """Its settings as they are declared, in their order."""
    return (one for one in vars(kind).values() if isinstance(one, Setting))


def _in_lines(said: Sequence[Bilingual]) -> Bilingual:
    """One below the other."""
    return Bilingual("\n".join(f"  {one.ko}" for one in said), "\n".join(f"  {one.en}" for one in said))


def _as_text(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    return "" if value is None else str(value.absolute() if isinstance(value, Path) else value)
