"""That a pack holds all facts of a stream: its path in the count of all streams with which the checkpoint ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from trail.pack_events import Proven
from trail.pack_files import wrong
from trail.pack_older import Pack
from trail.pack_paths import path_file, read_path
from trail.signed import require_file
from trail.stream_count_facts import MAPPED, Commitment, read_commitment
from trail.streams import extend_chain, root_of
from trail.streams_kept import FOLDER
from trail.tree import leaf_hash


def check_whole(pack: Pack, proven: Sequence[Proven], names: Collection[str]) -> dict[str, int | None]:
    """How many facts each of the streams has up to the checkpoint, as its count says; None where no count is there.

    What is wrong is said in the verdict, and the stream then left out of the answer.
    """
    size, found = pack.checkpoint.size, dict[str, int | None]()
    files = {name for name in pack.names if name.startswith(f"{FOLDER}/")}
    for name in sorted(files - {path_file(stream) for stream in names}):
        pack.verdict.fails(
            name,
            "모두 담았다고 하는 이력의 것이 아닙니다",
            "it is of no stream of which the pack says that it holds all",
        )
    said: Commitment | None = None
    if proven and proven[-1].leaf.position == size and proven[-1].leaf.kind == MAPPED:
        with pack.verdict.checking(f"events/{size}.json"):
            said = read_commitment(pack.checkpoint.origin, size, proven[-1].state, f"events/{size}.json")
    for stream in sorted(names):
        if said is None and not files:
            found[stream] = None
            continue
        with pack.verdict.checking(path_file(stream)):
            if said is None:
                raise wrong(
                    path_file(stream),
                    f"체크포인트가 끝나는 이력별 건수({size}번)가 묶음에 없습니다",
                    f"the count of the streams with which the checkpoint ends (event {size}) is not in the pack",
                )
            found[stream] = _check_count(pack, proven, stream, said)
    return found


def _check_count(pack: Pack, proven: Sequence[Proven], stream: str, said: Commitment) -> int:
    """How many they are, these being the first ones. Raises NotTrusted."""
    where = path_file(stream)
    path = read_path(require_file(pack.source, where), where)
    if root_of(stream, path) != said.root:
        raise wrong(
            where,
            f"{stream}이(가) 체크포인트의 이력별 건수로 이어지지 않습니다",
            f"{stream} does not lead to the count of the streams with which the checkpoint ends",
        )
    own = path.leaf if path.leaf is not None and path.leaf.stream == stream else None
    chain: bytes | None = None
    there = [one.leaf.position for one in proven if one.leaf.stream == stream]
    beyond = sum(position > said.size for position in there)
    for position in [one for one in there if one <= said.size][: own.n if own else 0]:
        chain = extend_chain(chain, leaf_hash(require_file(pack.source, f"leaves/{position}.json")))
    n = own.n if own else 0
    if own is not None and len(there) - beyond >= n and (chain or b"").hex() != own.chain:
        raise wrong(
            where,
            f"{stream}의 사건이 체크포인트에서 센 것과 다릅니다",
            f"the events of {stream} here are not those that were counted",
        )
    return n + beyond
