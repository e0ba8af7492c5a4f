"""Two verifiers that share no code judge some thousand packs that were changed, and say the same of each."""

from __future__ import annotations

import base64
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.foreign.changing import changed, changed_zip, summed
from tests.foreign.judging import Go, Memory, files_of, judging, ours, ours_of_a_zip
from tests.foreign.tools import go_verifier, needed
from tests.sealed_trails import Authority, stamped
from tests.trail.mapped_trails import STREAM, TASK, Sealed, rows_of, with_map
from tests.trail.packs_by_hand import REASON, Made, row
from tests.trail.test_two_times import OLDER, SIMULATED, known
from trail import pack_verifying
from trail.commitments import references
from trail.note import VerifierKey
from trail.pack_asked import Asked, Said
from trail.timestamps import verify
from trail.verifying import Own

PACKS = 2_000
ZIPS = 120
SCRIPTS = 16


class Kind:
    """A pack that nobody touched, and what its reader got on paper. `good`: whether it holds so."""

    def __init__(
        self, files: Mapping[str, bytes], certificates: bytes | None, policy: str, good: bool = True
    ) -> None:
        self.files, self.good = files, good
        self.own = Own(policy=policy, certificates=certificates)


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> list[Kind]:
    """Of a large log and of small ones: timestamped, with a token in the log, of all facts, of a whole task, redacted."""
    needed("openssl")
    top = tmp_path_factory.mktemp("kinds")
    authority = Authority(top / "authority")
    found: list[Kind] = []

    def take(made: Made, *given: Any, good: bool = True, **more: Any) -> None:
        made.write(*given, **more)
        policy = (made.trail.folder / "policy").read_text()
        found.append(Kind(files_of(made.pack), authority.certificates, policy, good))

    large = Made(top / "large")
    stamped(large.trail, authority)
    take(large)
    take(large, (3, 7, 11, 17, 30, 255, 257, 300))
    task = tuple(at for at in range(1, 301) if at % 4 == 3 and at != 30)[:9]
    take(large, task, (), asked=Asked(task="2024-03"))
    take(_with_a_token(top / "token", authority), (3, 17, 30, 35))
    take(Made(top / "all", size=40), tuple(range(1, 41)))
    gone = Made(top / "gone", partial(_redacted), size=60)
    take(gone, (3, 17, 30, 45), ())
    take(Made(top / "simulated", known(*range(1, 61)), size=60, origin=SIMULATED))
    back = Made(top / "set back", known(17), size=60, origin=OLDER)
    take(back)
    take(back, (1, 17, 30, 35), good=False)  # the first fact says that the store is not simulated
    streams = [STREAM, "task/2024-01", "agency/gto", STREAM, "trail/2024-03-07", STREAM]
    rows = rows_of([*streams, *map("task/2023-{:02}".format, range(50))])
    mapped = Sealed(top / "counted", with_map(rows))
    for asked in (Asked(task=TASK), Asked(agency="nobody"), Asked(agency="gto")):
        found.append(Kind(files_of(mapped.write(asked)), authority.certificates, mapped.trail.policy()))
    return found


def _with_a_token(top: Path, authority: Authority) -> Made:
    """The 30th fact holds what an authority gave for the first seal, and all was recorded about then."""
    began = datetime.now(UTC)

    def token(note: bytes) -> dict[str, str]:
        der = authority.stamp(note)
        at = verify(der, note, authority.certificates).isoformat().replace("+00:00", "Z")
        return {"token": base64.b64encode(der).decode(), "at": at}

    return Made(top, lambda at: row(at, at=began + timedelta(seconds=at)), began=began, token=token, size=40)


def _redacted(position: int) -> tuple[Any, ...]:
    return (
        row(position, kind="text.redacted", stream=f"text/{REASON.id}") if position == 45 else row(position)
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return go_verifier(tmp_path_factory.mktemp("go"))


@pytest.fixture
def go(built: Path) -> Iterator[Go]:
    with judging(built) as running:
        yield running


def differing(
    kinds: Sequence[Kind], go: Go, seed: int, many: int, enough: int = 20
) -> tuple[list[str], Counter[bool]]:
    """What the two do not agree on, so much of it as is `enough`, and how many are good and how many not."""
    random, found, count = Random(seed), list[str](), Counter[bool]()
    for number in range(many):
        if len(found) >= enough:
            break
        kind, other = random.choice(kinds), random.choice(kinds)
        what, files = changed(random, kind.files, other.files)
        mine, its = ours(Memory(files), kind.own), go.pack(files, kind.files, kind.own)
        count[mine.ok] += 1
        if mine.ok != its.ok:
            found.append(f"{number} {what}: ours {mine.ok} {mine.wrong[:2]}, Go {its.ok} {its.wrong[:2]}")
    return found, count


def is_found_out(kinds: Sequence[Kind], go: Go) -> bool:
    """Whether they come to differ; keys are new in each run, so that no seed finds the same twice."""
    return any(differing(kinds, go, seed, 2_000, 1)[0] for seed in range(3, 7))


def test_both_take_every_pack_that_nobody_touched(kinds: Sequence[Kind], go: Go) -> None:
    for kind in kinds:
        mine, its = ours(Memory(kind.files), kind.own), go.pack(kind.files, kind.files, kind.own)
        assert (len(mine.wrong), len(its.wrong)) == ((0, 0) if kind.good else (1, 1))
        assert (mine.ok, its.ok) == (kind.good, kind.good)


AWKWARD = '\u2028\u2029<&>\x7f\x85\ufffd/"\\' + "".join(map(chr, range(32)))


def test_both_read_what_a_pack_says_of_itself_byte_for_byte(kinds: Sequence[Kind], go: Go) -> None:
    """Also where Go's own encoder writes a text otherwise than ours; and neither takes another form of the same."""
    kind = kinds[2]
    said = msgspec.json.decode(kind.files["asked.json"], type=Said)
    written = bytes(replace(said, reason=AWKWARD))
    for given, good in (
        (written, True),
        (written.replace("\u2028".encode(), rb"\u2028"), False),
        (written.replace(b"<", rb"\u003c"), False),
        (written.replace(b"/", rb"\/"), False),
        (written.replace(b":", b": ", 1), False),
    ):
        files = dict(kind.files) | {"asked.json": given}
        summed(files)
        mine, its = ours(Memory(files), kind.own), go.pack(files, kind.files, kind.own)
        assert (mine.ok, its.ok) == (good, good), (given, mine.wrong, its.wrong)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_thousand_changed_packs_are_judged_alike(kinds: Sequence[Kind], go: Go) -> None:
    found, count = differing(kinds, go, 20240307, PACKS)
    assert found == []
    assert count.total() == PACKS
    assert min(count[True], count[False]) > PACKS // 8  # neither says the same to everything


def test_odd_zips_are_judged_alike(kinds: Sequence[Kind], go: Go) -> None:
    random, found, count = Random(11), list[str](), Counter[bool]()
    for number in range(ZIPS):
        kind = random.choice(kinds)
        what, given = changed_zip(random, kind.files)
        mine, its = ours_of_a_zip(given, kind.own), go.zip(given, kind.own)
        count[mine.ok] += 1
        if mine.ok != its.ok:
            found.append(f"{number} {what}: ours {mine.ok} {mine.wrong[:2]}, Go {its.ok} {its.wrong[:2]}")
    assert found == []
    assert min(count[True], count[False]) > ZIPS // 8


@pytest.mark.slow
def test_the_script_says_of_a_sample_what_ours_says(kinds: Sequence[Kind], tmp_path: Path) -> None:
    """But for tiles, of which it looks at the sums alone, and asked.json, of which it reads the beginning."""
    random, found = Random(5), list[str]()
    for number in range(SCRIPTS):
        kind = random.choice(kinds)
        what, files = changed(random, kind.files, random.choice(kinds).files)
        said = _by_script(tmp_path / str(number), files, kind)
        mine, most = ours(Memory(files), kind.own), ours(Memory(files), kind.own, ("tile", "asked.json"))
        if mine.ok if said else not most.ok:
            found.append(f"{number} {what}: ours {mine.ok} {mine.wrong[:2]}, the script {said}")
    assert found == []


def _by_script(
    folder: Path, files: Mapping[str, bytes], kind: Kind, change: Callable[[str], str] = str
) -> int:
    """The script that its reader kept, with what she got on paper."""
    pack = folder / "pack"
    for name, content in files.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_bytes(content)
    (folder / "verify.sh").write_text(change(kind.files["verify.sh"].decode()))
    (folder / "policy").write_text(kind.own.policy or "")
    (folder / "tsa.pem").write_bytes(kind.own.certificates or b"")
    words = ["bash", "../verify.sh", "../policy", "../tsa.pem"]
    return subprocess.run(words, cwd=pack, capture_output=True, check=False, timeout=60).returncode


@pytest.mark.parametrize(
    "without",
    [
        "inclusion",
        "content",
        "signatures",
        "quorum",
        "texts",
        "consistency",
        "tiles",
        "timestamps",
        "whole",
        "two times",
    ],
)
def test_go_with_a_check_left_out_is_found_out(kinds: Sequence[Kind], built: Path, without: str) -> None:
    """The control: each check is one that the comparison would miss."""
    with judging(built, without) as broken:
        assert is_found_out(kinds, broken)


@pytest.mark.parametrize(
    "without",
    [
        "check_proof",
        "_texts",
        "signed",
        "check_older",
        "check_parts",
        "check_sums",
        "check_whole",
        "_check_known",
    ],
)
def test_ours_with_a_check_left_out_is_found_out(
    kinds: Sequence[Kind], go: Go, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    """The control of the other side."""
    if without == "signed":
        monkeypatch.setattr(VerifierKey, "_fits", lambda *given: True)
    elif without == "_texts":
        monkeypatch.setattr(pack_verifying, "_texts", lambda pack, position, state: {one: "" for one, _ in references(state)})  # fmt: skip
    elif without == "check_whole":
        monkeypatch.setattr(pack_verifying, without, lambda pack, proven, names: dict.fromkeys(names))
    else:
        monkeypatch.setattr(pack_verifying, without, lambda *given: None)
    if without == "check_proof":  # the tiles give the same path, so that either is enough
        monkeypatch.setattr(pack_verifying, "inclusion_proof", lambda *given: _Any())
    assert is_found_out(kinds, go)


class _Any(tuple[Any, ...]):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = tuple.__hash__


def test_the_script_with_a_check_left_out_is_found_out(kinds: Sequence[Kind], tmp_path: Path) -> None:
    kind = kinds[0]
    files = dict(kind.files)
    files["leaves/17.json"] = files["leaves/17.json"].replace(b"task/2024-01", b"task/2024-09")
    summed(files)
    assert _by_script(tmp_path / "whole", files, kind) == 1
    broken = _by_script(
        tmp_path / "broken", files, kind, lambda text: text.replace('&& [[ $R == "$ROOT" ]] ||', "||")
    )
    assert (broken, ours(Memory(files), kind.own).ok) == (0, False)
