"""Beginning a trail, its policy, and the rotation of its keys."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from domain.errors import Refusal, Worded
from domain.trail.commands import AddKey, OnKeys, RetireKey
from domain.trail.refusals import KeyKnown, KeyNotInUse, LastKey
from projections.trail.errors import BadPolicy
from projections.trail.note import SignerKey, new_key
from projections.trail.origin import older_origin, origin
from projections.trail.policy import Policy, parse_policy
from workers.acted_on import epoch_of
from workers.bootstrap import Engine
from workers.sealing.errors import TrailBegun
from workers.sealing.folder import Disagreement, TrailFolder
from workers.sealing.keys import key_path, read_keys, signed, write_keys
from workers.sealing.logs import empty
from workers.sealing.place import trail_begun
from workers.servers.data_folder import made_folder

Give = Callable[[OnKeys], object]


class RotationUnderWay(Refusal):
    ko = "이미 두 키로 서명하고 있습니다. 정책 파일을 나눠 준 뒤 `donghaeng trail rotate --finish`로 끝내십시오."
    en = "Two keys are signing already. Hand out the policy, then end it with `donghaeng trail rotate --finish`."


class NoEpochSince(Refusal):
    ko = "저장소가 복원되어 이어 쓰기로 한 적이 없으므로 새 기록을 시작할 이유가 없습니다(현재 {origin})."
    en = "The store was not restored and let go on since, so there is no reason for a new log (this is {origin})."


class NoDisagreement(Refusal):
    ko = "증인 {witness}에 대해 확인할 경보가 없습니다(있는 것: {known}). `donghaeng trail status`로 확인하십시오."
    en = "There is no alarm about a witness {witness} (there are: {known}). Look with `donghaeng trail status`."


def origin_of(engine: Engine) -> str:
    """The log's name, in this epoch."""
    store = engine.store
    return origin(store.id, simulated=store.simulated, epoch=epoch_of(store))


def begin(engine: Engine, give: Give, policy: str | None, *, new_log: bool) -> Policy:
    """Make the log's key and folder; the policy in force. `give`: hands a command in at the door.

    Safe to repeat after a crash. Raises TrailBegun, NoEpochSince, BadPolicy.
    """
    folder, name = TrailFolder(engine.data), origin_of(engine)
    if trail_begun(engine.data):
        if not new_log:
            raise TrailBegun(path=folder.path)
        _put_away(engine, folder)
    if policy is not None:
        parse_policy(policy)
    made_folder(folder.path)
    keys = read_keys(engine.data) if key_path(engine.data).exists() else ()
    if not keys or keys[0].name != name:
        keys = (new_key(name),)
        write_keys(engine.data, keys)
    _given(give, AddKey(vkey=str(keys[0].verifier), note=_stated("added", keys[0], keys)), KeyKnown)
    found = set_policy(folder, policy or "quorum none\n", keys)
    folder.remember(empty(name))
    return found


def set_policy(folder: TrailFolder, text: str, keys: tuple[SignerKey, ...]) -> Policy:
    """Put a policy in force; the lines of our own keys are put in where they are missing. Raises BadPolicy."""
    given = parse_policy(text)
    ours = {str(key.verifier) for key in keys}
    theirs = {str(key) for key in given.log_keys}
    if strangers := theirs - ours:
        problem = Worded(
            f"이 기록의 키가 아닙니다: {min(strangers)}", f"it is no key of this log: {min(strangers)}"
        )
        raise BadPolicy(line=_line_of(text, min(strangers)), problem=problem)
    missing = "".join(f"log {key}\n" for key in sorted(ours - theirs))
    policy = parse_policy(missing + text)
    folder.write("policy", policy.text.encode())
    return policy


def acknowledge(folder: TrailFolder, witness: str) -> Disagreement:
    """A person has looked at what a witness said; it is told no more. Raises NoDisagreement."""
    known = folder.disagreements()
    found = next((one for one in known if one.witness == witness), None)
    if found is None:
        raise NoDisagreement(witness=witness, known=", ".join(one.witness for one in known) or "–")
    folder.keep_disagreements([one for one in known if one is not found])
    return found


def rotate(engine: Engine, give: Give) -> SignerKey:
    """A second key signs from now on, beside the first. Raises RotationUnderWay."""
    folder, keys = TrailFolder(engine.data), read_keys(engine.data)
    with folder.alone():
        if len(keys) == 1:
            keys = (*keys, new_key(keys[0].name))
            write_keys(engine.data, keys)
            again = False
        else:
            again = True
        known = not _given(
            give, AddKey(vkey=str(keys[-1].verifier), note=_stated("added", keys[-1], keys)), KeyKnown
        )
        if again and known:
            raise RotationUnderWay
        set_policy(folder, folder.policy().text, keys)
    return keys[-1]


def finish_rotation(engine: Engine, give: Give) -> SignerKey:
    """The oldest key signs no more; its private half is gone. Raises LastKey."""
    folder, keys = TrailFolder(engine.data), read_keys(engine.data)
    with folder.alone():
        old, left = keys[0], keys[1:]
        if not left:
            raise LastKey(vkey=str(old.verifier))
        _given(give, RetireKey(vkey=str(old.verifier), note=_stated("retired", old, left)), KeyNotInUse)
        text = "\n".join(line for line in folder.policy().text.split("\n") if str(old.verifier) not in line)
        write_keys(engine.data, left)
        set_policy(folder, text, left)
    return old


def _given(give: Give, command: OnKeys, known: type[Refusal]) -> bool:
    """Whether the command was carried out; not where it had been before a crash."""
    try:
        give(command)
    except known:
        return False
    return True


def _stated(what: str, key: SignerKey, signers: tuple[SignerKey, ...]) -> str:
    return str(signed(f"donghaeng trail key {what}\n{key.name}\n{key.verifier}\n", signers))


def _line_of(text: str, vkey: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if vkey in line)


def _put_away(engine: Engine, folder: TrailFolder) -> None:
    """The old log stays beside the new one: what it has signed is evidence."""
    old, store, data = folder.signed().origin, engine.store, engine.data
    if old in (origin_of(engine), older_origin(store.id, epoch_of(store))):
        raise NoEpochSince(origin=old)
    kept = data / f"trail-of-{old.replace('/', '-')}"
    if key_path(data).exists():
        shutil.copy2(key_path(data), folder.path / "key-of-the-time")
    folder.path.rename(kept)
