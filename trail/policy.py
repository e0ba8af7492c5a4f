"""Who has to have signed a checkpoint, as C2SP tlog-policy writes it: the log's keys, witnesses, groups, the quorum."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from trail.bilingual import Bilingual
from trail.errors import BadNote, BadPolicy
from trail.note import COSIGNATURE, LOG, Note, VerifierKey, parse_vkey

_NONE = "none"
_BETWEEN = re.compile(r"[ \t]+")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")


class LogKey(msgspec.Struct, frozen=True):
    key: VerifierKey
    url: str | None = None


class Witness(msgspec.Struct, frozen=True):
    """`name`: within the policy only; `url`: where it takes checkpoints."""

    name: str
    key: VerifierKey
    url: str | None = None


class Group(msgspec.Struct, frozen=True):
    """At least `needed` of the members."""

    needed: int
    members: tuple[str, ...]


class Policy(msgspec.Struct, frozen=True):
    """`quorum`: the name of a witness or group, or `none`; `text`: the file as it was read."""

    logs: tuple[LogKey, ...]
    witnesses: tuple[Witness, ...]
    groups: Mapping[str, Group]
    quorum: str
    text: str

    @property
    def log_keys(self) -> tuple[VerifierKey, ...]:
        return tuple(one.key for one in self.logs)

    def witnesses_on(self, note: Note) -> tuple[Witness, ...]:
        """The witnesses whose valid cosignature stands under the note."""
        return tuple(one for one in self.witnesses if one.key.signature_on(note))

    def is_satisfied_by(self, note: Note) -> bool:
        """Whether the quorum stands under the note. The log's own signature is another matter."""
        there = {_NONE, *(one.name for one in self.witnesses_on(note))}
        for name, group in self.groups.items():  # members stand above their group
            if sum(member in there for member in group.members) >= group.needed:
                there.add(name)
        return self.quorum in there

    @property
    def needed(self) -> int:
        """How few witnesses can be enough."""
        fewest = {_NONE: 0} | dict.fromkeys((one.name for one in self.witnesses), 1)
        for name, group in self.groups.items():
            fewest[name] = sum(sorted(fewest[member] for member in group.members)[: group.needed])
        return fewest[self.quorum]


def parse_policy(text: str) -> Policy:
    """Raises BadPolicy with the line."""
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), start=1):
        words = [word for word in _BETWEEN.split(line.removesuffix("\r")) if word]
        if words and not words[0].startswith("#"):
            reading.take(number, words)
    return reading.policy(text)


class _Reading:
    """A policy while its lines are read: a name must stand above the line that uses it, and be used once."""

    def __init__(self) -> None:
        self._logs: list[LogKey] = []
        self._witnesses: dict[str, Witness] = {}
        self._groups: dict[str, Group] = {}
        self._keys: set[bytes] = set()
        self._used: set[str] = set()
        self._quorum: str | None = None
        self._line = 0

    def take(self, number: int, words: list[str]) -> None:
        self._line = number
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._logs.append(LogKey(self._key(vkey, LOG), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witnesses[self._new(name)] = Witness(name, self._key(vkey, COSIGNATURE), *url)
            case ["group", name, needed, *members] if members:
                group = self._group(needed, members)
                self._groups[self._new(name)] = group
            case ["quorum", name] if self._quorum is None:
                self._quorum = name if name == _NONE else self._check_known(name)
            case _:
                raise self._bad(
                    "알 수 없는 줄이거나 두 번째 quorum입니다", "it is not understood, or a second quorum"
                )

    def policy(self, text: str) -> Policy:
        if self._quorum is None:
            raise self._bad("quorum 줄이 없습니다", "the line with the quorum is missing")
        return Policy(tuple(self._logs), tuple(self._witnesses.values()), self._groups, self._quorum, text)

    def _key(self, vkey: str, algorithm: int) -> VerifierKey:
        try:
            key = parse_vkey(vkey)
        except BadNote as error:
            raise BadPolicy(line=self._line, problem=error.details["problem"]) from None
        if key.algorithm != algorithm:
            raise self._bad("이 역할의 키가 아닙니다", "the key is not one for this role")
        if key.raw in self._keys:
            raise self._bad("같은 키가 중복됩니다", "the same key stands there twice")
        self._keys.add(key.raw)
        return key

    def _group(self, needed: str, members: list[str]) -> Group:
        for member in members:
            self._check_known(member)
            if member in self._used:
                raise self._bad(f"‘{member}’이(가) 두 번 쓰였습니다", f"“{member}” is used twice")
            self._used.add(member)
        most = len(members)
        count = {"any": 1, "all": most}.get(needed) or (int(needed) if _COUNT.fullmatch(needed) else 0)
        if not 1 <= count <= most:
            raise self._bad(
                f"구성원 {most} 가운데 {needed}은(는) 누구도 채울 수 없습니다",
                f"nobody can satisfy {needed} of {most} member(s)",
            )
        return Group(count, tuple(members))

    def _new(self, name: str) -> str:
        if name == _NONE or name in self._witnesses or name in self._groups:
            raise self._bad(f"이름 ‘{name}’을(를) 쓸 수 없습니다", f"the name “{name}” is taken")
        return name

    def _check_known(self, name: str) -> str:
        if name not in self._witnesses and name not in self._groups:
            raise self._bad(f"‘{name}’이(가) 위에 없습니다", f"“{name}” does not stand above")
        return name

    def _bad(self, ko: str, en: str) -> BadPolicy:
        return BadPolicy(line=self._line, problem=Bilingual(ko, en))
