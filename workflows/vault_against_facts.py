"""The vault against the facts: whose details were changed, are missing or are still there, and who no fact registers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from domain.errors import Bilingual, DonghaengError
from domain.streams import identity_of, subject_stream
from projections.persons import PersonRead, PersonState, in_words, person_read
from store.beside import load_identity
from store.details import DetailsRead
from store.log import Store
from trail.english import many
from trail.verdict import Verdict

if TYPE_CHECKING:
    from store.vault import Vault  # ciphers take a tenth of a second to load

_AT_A_TIME = 500


class Person(msgspec.Struct, frozen=True):
    """Somebody in facts or vault, and what is `wrong` with the details; None where nothing is.

    `position`: of the last fact about them, None where there is none; `taken_in`: that is older than the store, and came
    out of an export, which leaves the vault behind.
    """

    subject: str
    read: PersonRead
    position: int | None
    taken_in: bool
    wrong: Bilingual | None


def persons(store: Store, vault: Vault) -> Iterator[Person]:
    """Everybody that facts or the vault speak of. Raises the vault's refusals."""
    there = vault.read_all()
    with store.connection() as connection:
        _, since = load_identity(connection)
    names = store.streams(subject_stream(""))
    registered = {identity_of(name) for name in names}
    for subject in sorted(there.keys() - registered):
        wrong = Bilingual(
            "보관된 개인정보가 있으나 이 사람을 등록한 기록이 없습니다",
            "details are there, and no fact registers this person",
        )
        yield Person(subject, PersonRead(PersonState.UNKNOWN, {}), None, False, wrong)
    for first in range(0, len(names), _AT_A_TIME):
        for stream, facts in store.load(names[first : first + _AT_A_TIME]).streams.items():
            subject = identity_of(stream)
            found = there.get(subject, DetailsRead({}))
            read, taken_in = person_read(facts, found), facts[-1].recorded_at < since
            yield Person(
                subject, read, facts[-1].position, taken_in, _wrong(read, subject in there, taken_in)
            )


def _wrong(read: PersonRead, there: bool, taken_in: bool) -> Bilingual | None:
    match read.state:
        case PersonState.ERASED if there:
            return Bilingual(
                "파기하였다는 기록이 있으나 개인정보가 그대로 있습니다",
                "details are still there, though a fact says that they were erased",
            )
        case PersonState.CHANGED:
            return Bilingual(in_words(read, "ko"), in_words(read, "en"))
        case PersonState.MISSING if not taken_in:
            return Bilingual(in_words(read, "ko"), in_words(read, "en"))
    return None


def verify_vault(store: Store, vault: Vault, verdict: Verdict) -> None:
    """Say in the verdict whether everybody's details open and are there; where there is no key file, that nothing was seen."""
    count, wrong = 0, list[Person]()
    try:
        for one in persons(store, vault):
            count += 1
            if one.wrong is not None:
                wrong.append(one)
    except DonghaengError as error:
        verdict.remarks("vault", f"확인하지 못함: {error.say('ko')}", f"not looked at: {error.say('en')}")
        return
    kinds: dict[tuple[str, str], list[Person]] = {}
    for one in wrong:
        kinds.setdefault((one.read.state, str(one.position is None)), []).append(one)
    for same in kinds.values():
        said = describe_same(same)
        verdict.fails("vault", said.ko, said.en)
    if count and not wrong:
        verdict.holds(
            "vault",
            f"사람 {count:,}명의 개인정보가 봉인된 대로이거나 기록에 따라 파기되었습니다",
            f"the details of {many(count, 'person')} are as sealed, or erased by a fact",
        )


def describe_same(same: list[Person]) -> Bilingual:
    """The first of some with whom the same is wrong, and how many they are."""
    first = same[0]
    assert first.wrong is not None
    more = Bilingual("", "")
    if len(same) > 1:
        more = Bilingual(f"(총 {len(same):,}명)", f" ({len(same):,} such in all)")
    return Bilingual(
        f"{first.subject}: {first.wrong.ko}{more.ko}", f"{first.subject}: {first.wrong.en}{more.en}"
    )
