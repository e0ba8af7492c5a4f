"""Beginning a trail, its policy, and the rotation of its keys."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from domain.errors import Bilingual, Refusal
from domain.trail.commands import AddKey, OnKeys, RetireKey
from domain.trail.refusals import KeyKnown, KeyNotInUse, LastKey
from trail.errors import BadPolicy
from trail.note import SignerKey
from trail.origin import older_origin, origin
from trail.policy import Policy, parse_policy
from workers.engine import Engine
from workers.restore_guard import epoch_of
from workers.sealing.errors import TrailBegun
from workers.sealing.folder import Disagreement, TrailFolder
from workers.sealing.keys import key_path, key_to_be, read_keys, sign_note, write_keys
from workers.sealing.logs import empty
from workers.sealing.watched import WatchedFolder
from workers.servers.data_folder import ensure_folder
from workers.setting_forms import check_http_url
from workers.trail_folder import has_trail

Give = Callable[[OnKeys], object]


class RotationUnderWay(Refusal):
    ko = "이미 두 키로 서명하고 있습니다. 정책 파일을 나눠 준 뒤 `donghaeng trail rotate --finish`로 끝내십시오."
    en = "Two keys are signing already. Hand out the policy, then end it with `donghaeng trail rotate --finish`."


class NoEpochSince(Refusal):
    ko = "저장소가 복원되어 계속 사용하기로 한 적이 없으므로 새 기록을 시작할 이유가 없습니다(현재 {origin})."
    en = "The store was not restored and let go on since, so there is no reason for a new log (this is {origin})."


class NoDisagreement(Refusal):
    ko = "증인 {witness}에 대해 확인할 경보가 없습니다(있는 것: {known}). `donghaeng trail status`로 확인하십시오."
    en = "There is no alarm about a witness {witness} (there are: {known}). Look with `donghaeng trail status`."


def origin_of(engine: Engine) -> str:
    """The log's name, in this epoch."""
    store = engine.store
    return origin(store.id, simulated=store.simulated, epoch=epoch_of(store))


def begin(engine: Engine, give: Give, policy: str | None, *, new_log: bool) -> Policy:
    """Make the log's key and folder; the policy in force. `give`: hands a command in at the command handler.

    Safe to repeat after a crash. Raises TrailBegun, NoEpochSince, BadPolicy.
    """
    folder, name = TrailFolder(engine.data), origin_of(engine)
    begun = has_trail(engine.data)
    if begun and not new_log:
        raise TrailBegun(path=folder.path)
    if begun:
        _check_epoch(engine, folder)
    if policy is not None:
        _check_addresses(parse_policy(policy))
    before = read_keys(engine.data) if key_path(engine.data).exists() else ()
    if before and before[0].name == name:
        keys = before
        _add(give, keys[0], keys)
    else:
        with key_to_be(engine.data, name, before) as key:
            keys = (key,)
            _add(give, key, keys)
            if begun:
                _set_aside(engine, folder)
            write_keys(engine.data, keys)
    ensure_folder(folder.path)
    found = set_policy(folder, policy or "quorum none\n", keys)
    folder.remember(empty(name))
    return found


def set_policy(folder: TrailFolder, text: str, keys: tuple[SignerKey, ...]) -> Policy:
    """Put a policy in force; the lines of our own keys are put in where they are missing. Raises BadPolicy."""
    given = parse_policy(text)
    _check_addresses(given)
    ours = {str(key.verifier) for key in keys}
    theirs = {str(key) for key in given.log_keys}
    if strangers := theirs - ours:
        problem = Bilingual(
            f"이 기록의 키가 아닙니다: {min(strangers)}", f"it is no key of this log: {min(strangers)}"
        )
        raise BadPolicy(line=_line_of(text, min(strangers)), problem=problem)
    missing = "".join(f"log {key}\n" for key in sorted(ours - theirs))
    policy = parse_policy(missing + text)
    folder.write("policy", policy.text.encode())
    return policy


def _check_addresses(policy: Policy) -> None:
    """Of witnesses: one that cannot be asked at all would be told as away for ever. Raises BadPolicy with the line.

    Not where a policy is read, which may have been set before this was looked at.
    """
    for one in policy.witnesses:
        try:
            if one.url is not None:
                check_http_url(one.url)
        except ValueError:
            problem = Bilingual(
                f"증인 {one.name}의 주소 {one.url}에는 서명을 요청할 수 없습니다. http://서버[:포트] 또는 https://…로 적으십시오",
                f"the witness {one.name} cannot be asked at {one.url}; write http://host[:port], or https://…",
            )
            raise BadPolicy(line=_line_of(policy.text, one.url or ""), problem=problem) from None


def acknowledge(data: Path, witness: str) -> tuple[Disagreement, ...]:
    """A person has looked at what a witness said, of the log of facts, that of readings and refusals, or both; it is told
    no more. Raises NoTrail, SealingNow, NoDisagreement, and of the folder.
    """
    folder = TrailFolder(data)
    with folder.alone():
        logs = [(log, log.disagreements()) for log in (folder, WatchedFolder(data))]
        found = tuple(one for _, known in logs for one in known if one.witness == witness)
        if not found:
            names = dict.fromkeys(one.witness for _, known in logs for one in known)
            raise NoDisagreement(witness=witness, known=", ".join(names) or "–")
        for log, known in logs:
            left = [one for one in known if one.witness != witness]
            if len(left) < len(known):
                log.keep_disagreements(left)
    return found


def rotate(engine: Engine, give: Give) -> SignerKey:
    """A second key signs from now on, beside the first. Raises RotationUnderWay."""
    folder, keys = TrailFolder(engine.data), read_keys(engine.data)
    with folder.alone():
        if len(keys) > 1:
            # an older program made the key before the fact: killed between the two it left this
            if not _add(give, keys[-1], keys):
                raise RotationUnderWay
        else:
            with key_to_be(engine.data, keys[0].name, keys) as key:
                keys = (*keys, key)
                _add(give, key, keys)
                write_keys(engine.data, keys)
        set_policy(folder, folder.policy().text, keys)
    return keys[-1]


def finish_rotation(engine: Engine, give: Give) -> SignerKey:
    """The oldest key signs no more; its private half is gone. Raises LastKey."""
    folder, keys = TrailFolder(engine.data), read_keys(engine.data)
    with folder.alone():
        old, left = keys[0], keys[1:]
        if not left:
            raise LastKey(vkey=str(old.verifier))
        _give(
            give, RetireKey(vkey=str(old.verifier), note=_sign_statement("retired", old, left)), KeyNotInUse
        )
        text = "\n".join(line for line in folder.policy().text.split("\n") if str(old.verifier) not in line)
        write_keys(engine.data, left)
        set_policy(folder, text, left)
    return old


def _add(give: Give, key: SignerKey, signers: tuple[SignerKey, ...]) -> bool:
    """The fact that names the key; not where it stands there from before a crash."""
    return _give(give, AddKey(vkey=str(key.verifier), note=_sign_statement("added", key, signers)), KeyKnown)


def _give(give: Give, command: OnKeys, known: type[Refusal]) -> bool:
    """Whether the command was carried out; not where it had been before a crash."""
    try:
        give(command)
    except known:
        return False
    return True


def _sign_statement(what: str, key: SignerKey, signers: tuple[SignerKey, ...]) -> str:
    return str(sign_note(f"donghaeng trail key {what}\n{key.name}\n{key.verifier}\n", signers))


def _line_of(text: str, vkey: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if vkey in line)


def _check_epoch(engine: Engine, folder: TrailFolder) -> None:
    old, store = folder.load_signed().origin, engine.store
    if old in (origin_of(engine), older_origin(store.id, epoch_of(store))):
        raise NoEpochSince(origin=old)


def _set_aside(engine: Engine, folder: TrailFolder) -> None:
    """The old log stays beside the new one: what it has signed is evidence."""
    old, data = folder.load_signed().origin, engine.data
    kept = data / f"trail-of-{old.replace('/', '-')}"
    if key_path(data).exists():
        shutil.copy2(key_path(data), folder.path / "key-of-the-time")
    folder.path.rename(kept)
