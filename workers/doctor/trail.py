"""Whether the log is sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from domain.errors import Bilingual
from domain.seoul import SEOUL
from domain.streams import KEYS
from domain.trail.facts import KeyAdded
from trail.english import many
from workers.engine import Engine
from workers.finding import Finding
from workers.sealing.nights import night
from workers.trail_folder import has_trail
from workflows.trail.alarms import alarms

if TYPE_CHECKING:
    from workers.sealing.standing import AccessLogStatus

_LONGEST_UNSEALED = timedelta(minutes=2)
_LONGEST_NOT_COMPARED = timedelta(days=2)
_LOOK = Bilingual("`donghaeng trail status`로 확인하십시오.", "Look with `donghaeng trail status`.")


def compared(engine: Engine) -> Iterator[Finding]:
    """Whether the database is what was sealed, as far as it was compared; and when all of it was, on the machine that seals."""
    known = alarms(engine.store)
    for one in known:
        yield Finding(
            "compared",
            "warn" if one.examined else "wrong",
            Bilingual(
                f"{one.ko}({one.at.astimezone(SEOUL):%Y-%m-%d %H:%M}에 찾음{', 감사관이 확인함' if one.examined else ''})",
                f"{one.en} (found {one.at.astimezone(SEOUL):%Y-%m-%d %H:%M}{', examined by an inspector' if one.examined else ''})",
            ),
            Bilingual(
                f"`donghaeng trail verify --store`로 확인하고 누가 고쳤는지 밝히십시오. 백업에서 되찾으면 다음 밤의 대조에서 사라지고, 감사관은 `donghaeng trail examine {one.finding}`로 확인합니다.",
                f"Look with `donghaeng trail verify --store` and find out who changed it. Put right from a backup it goes with the next night's comparison; an inspector says what came of it with `donghaeng trail examine {one.finding}`.",
            ),
        )
    if not has_trail(engine.data):
        return
    last = night(engine.data)
    ended = None if last is None else last.ended
    if datetime.now(UTC) - (ended or _time_of_first_key(engine)) > _LONGEST_NOT_COMPARED:
        since = None if ended is None else f"{ended.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        yield Finding(
            "compared",
            "warn",
            Bilingual(
                f"데이터베이스 전체를 봉인과 대조한 때: {since or '아직 없음'}",
                f"the whole database was last compared with what was sealed: {since or 'not yet'}",
            ),
            Bilingual(
                "작업자와 ticker가 실행 중이면 매일 밤 3시에 대조합니다.",
                "With a worker and the ticker running it is, each night at three.",
            ),
        )
    elif known:
        return
    elif ended is None:
        yield Finding(
            "compared",
            "ok",
            Bilingual(
                "데이터베이스 전체를 봉인과 대조하는 첫 밤이 아직 오지 않음",
                "the first night on which the whole database is compared with what was sealed is still to come",
            ),
        )
    else:
        yield Finding(
            "compared",
            "ok",
            Bilingual(
                f"{ended.astimezone(SEOUL):%Y-%m-%d %H:%M}에 대조한 데이터베이스 전체가 봉인된 것과 같음",
                f"the whole database was what was sealed when it was compared, {ended.astimezone(SEOUL):%Y-%m-%d %H:%M}",
            ),
        )


def _time_of_first_key(engine: Engine) -> datetime:
    """When the log that is sealed on this machine was begun: its key was put into the log of facts then."""
    from workers.sealing.folder import TrailFolder  # noqa: PLC0415 - as below

    name = TrailFolder(engine.data).load_signed().origin
    keys = (one for one in engine.store.read(KEYS) if isinstance(one.fact, KeyAdded))
    first = next((one.recorded_at for one in keys if one.fact.vkey.startswith(f"{name}+")), None)
    return first or datetime.min.replace(tzinfo=UTC)


def trail(engine: Engine) -> Iterator[Finding]:
    """Whether the log is sealed, with whom, and how far behind that is."""
    from workers.sealing.standing import status_of_trail  # noqa: PLC0415 - ciphers take a tenth of a second to load

    if not has_trail(engine.data):
        yield Finding(
            "trail",
            "ok",
            Bilingual("이 컴퓨터에서는 봉인하지 않음", "this machine seals nothing"),
            Bilingual(
                "감사 이력은 `donghaeng trail init`으로 시작합니다.",
                "A trail begins with `donghaeng trail init`.",
            ),
        )
        return
    found = status_of_trail(engine)
    yield from _readings(found.readings)
    yield from _disagreements("trail witness", found.disagreements)
    if found.alarm is not None:
        yield Finding("trail", "wrong", Bilingual(found.alarm["ko"], found.alarm["en"]), _LOOK)
    elif found.quorum is False:
        yield Finding(
            "trail",
            "wrong",
            Bilingual(
                f"증인 {len(found.witnesses)}곳만 공동서명함(필요 {found.needed}곳)",
                f"only {many(len(found.witnesses), 'witness', 'witnesses')} cosigned, {found.needed} are needed",
            ),
            _LOOK,
        )
    elif found.behind_since is not None and datetime.now(UTC) - found.behind_since > _LONGEST_UNSEALED:
        yield Finding(
            "trail",
            "wrong",
            Bilingual(
                f"봉인되지 않은 기록 {found.behind:,}건",
                f"{many(found.behind, 'fact is', 'facts are')} not sealed",
            ),
            Bilingual("작업자가 실행 중인지 확인하십시오.", "See whether a worker runs."),
        )
    elif not found.asked:
        yield Finding(
            "trail",
            "warn",
            Bilingual(
                f"기록 {found.sealed:,}건 봉인, 증인 없음",
                f"{many(found.sealed, 'fact')} sealed, without witnesses",
            ),
            Bilingual(
                "증인이 없는 봉인은 아무것도 증명하지 않습니다. `donghaeng trail policy`로 정하십시오.",
                "A seal without witnesses proves nothing. Set some with `donghaeng trail policy`.",
            ),
        )
    else:
        said = f"{found.sealed:,}", ", ".join(found.witnesses)
        yield Finding(
            "trail",
            "ok",
            Bilingual(f"기록 {said[0]}건 봉인({said[1]})", f"{said[0]} fact(s) sealed ({said[1]})"),
        )


def _disagreements(check: str, found: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
    """Witnesses that have seen another log, until a person has looked."""
    for one in found:
        yield Finding(
            check,
            "wrong",
            Bilingual(f"{one['witness']}: {one['ko']}", f"{one['witness']}: {one['en']}"),
            Bilingual(
                f"무엇이 바뀌었는지 밝힌 뒤 `donghaeng trail acknowledge {one['witness']}`를 실행하십시오.",
                f"Find out what was changed, then run `donghaeng trail acknowledge {one['witness']}`.",
            ),
        )


def _readings(found: AccessLogStatus) -> Iterator[Finding]:
    """What is wrong with the log of readings and refusals."""
    yield from _disagreements("trail readings witness", found.disagreements)
    if found.alarm is not None:
        yield Finding("trail readings", "wrong", Bilingual(found.alarm["ko"], found.alarm["en"]), _LOOK)
    elif found.behind_since is not None and datetime.now(UTC) - found.behind_since > _LONGEST_UNSEALED:
        yield Finding(
            "trail readings",
            "wrong",
            Bilingual(
                f"봉인되지 않은 열람·거부 기록 {found.behind:,}건",
                f"{many(found.behind, 'reading or refusal is', 'readings and refusals are')} not sealed",
            ),
            Bilingual("작업자가 실행 중인지 확인하십시오.", "See whether a worker runs."),
        )
    elif found.unknown_to:
        names = ", ".join(found.unknown_to)
        yield Finding(
            "trail readings",
            "warn",
            Bilingual(
                f"열람·거부 기록을 모르는 증인: {names}",
                f"witnesses that do not know the log of readings and refusals: {names}",
            ),
            Bilingual(
                f"그 기관에 이 키를 믿게 하십시오: `donghaeng witness trust {found.keys[0]}`",
                f"Have those offices trust its key: `donghaeng witness trust {found.keys[0]}`",
            ),
        )
    elif found.quorum is False:
        yield Finding(
            "trail readings",
            "wrong",
            Bilingual(
                f"열람·거부 기록에 증인 {len(found.witnesses)}곳만 공동서명함",
                f"only {many(len(found.witnesses), 'witness', 'witnesses')} cosigned the log of readings and refusals",
            ),
            _LOOK,
        )
