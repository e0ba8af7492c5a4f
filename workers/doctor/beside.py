"""What lies beside the log: the newest texts against their facts, and persons' details in the vault."""

from __future__ import annotations

from collections.abc import Iterator

from domain.errors import Bilingual, DonghaengError
from store.beside import load_identity
from store.key_file import KeyFileMissing
from store.recorded import text_refs
from store.texts import TextState
from trail.english import many
from workers.bootstrap import vault_of
from workers.engine import Engine
from workers.finding import Finding, finding_of
from workers.settings import Settings
from workflows.vault_against_facts import describe_same, persons

_WRONG = {
    TextState.CHANGED: Bilingual("봉인된 지문과 다름", "differ from their commitments"),
    TextState.MISSING: Bilingual("사유를 밝힌 기록 없이 사라짐", "are missing, and no fact says why"),
}
_NEWEST = 500  # facts whose texts are looked at
_ALL = Bilingual(
    "`donghaeng trail verify --store`로 모두 확인하고, 백업에서 본문을 되찾으십시오.",
    "Check all of them with `donghaeng trail verify --store`, and find the texts again in a backup.",
)


def texts(engine: Engine) -> Iterator[Finding]:
    """The texts of the newest facts; all of them are looked at by `trail verify --store`."""
    store = engine.store
    with store.connection() as connection:
        _, since = load_identity(connection)
    newest = store.after(max(0, store.head().position - _NEWEST), _NEWEST)
    # the texts of what was taken in from an export stayed behind
    facts = [one for one in newest if one.recorded_at >= since]
    refs = {(ref.id, ref.commitment): (one.position, ref) for one in facts[::-1] for ref in text_refs(one)}
    look = store.texts([ref for _, ref in refs.values()])
    states = {
        position: state
        for position, ref in refs.values()
        if (state := look(ref).state) in (TextState.CHANGED, TextState.MISSING)
    }
    among = Bilingual(f"최근 기록 {len(facts):,}건의 글", f"of the newest {many(len(facts), 'fact')}")
    if not states:
        yield Finding(
            "texts",
            "ok",
            Bilingual(
                f"{among.ko} {len(refs):,}건이 봉인된 지문과 같음",
                f"{many(len(refs), 'text')} {among.en} as committed",
            ),
        )
        return
    first = min(states)
    wrong = _WRONG[states[first]]
    yield Finding(
        "texts",
        "wrong",
        Bilingual(
            f"{among.ko} 가운데 {len(states):,}건이 {wrong.ko}(처음: {first}번 기록)",
            f"texts of {many(len(states), 'event')} {among.en} {wrong.en}; the first is of event {first}",
        ),
        _ALL,
    )


def vault(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Everybody's details, where anybody is registered."""
    try:
        with vault_of(settings, engine) as found:
            everybody = list(persons(engine.store, found))
    except KeyFileMissing:
        return  # “vault key” tells it
    except DonghaengError as error:
        yield finding_of("vault", error)
        return
    wrong = [one for one in everybody if one.wrong is not None]
    if wrong:
        yield Finding(
            "vault",
            "wrong",
            describe_same(wrong),
            Bilingual(
                "`donghaeng subject change`로 다시 적거나 백업에서 되찾으십시오. 없앤 것이면 `donghaeng subject erase`로 남기십시오.",
                "Enter them again with `donghaeng subject change`, or find them in a backup; what was taken away on purpose, put on record with `donghaeng subject erase`.",
            ),
        )
    elif everybody:
        count = len(everybody)
        yield Finding(
            "vault",
            "ok",
            Bilingual(
                f"사람 {count:,}명의 개인정보를 모두 확인함",
                f"the details of {many(count, 'person')}, all looked at",
            ),
        )
