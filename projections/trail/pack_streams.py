"""Which versions of each stream a pack shows, which it does not, and what follows from that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from domain.english import many
from projections.trail.leaves import Leaf
from projections.trail.verdict import Verdict

_COME_ALONG = (
    "trail/",
    "text/",
    "subject/",
    "agency/",
)  # of these one event of many is what is to be expected


def check_streams(
    verdict: Verdict,
    leaves: Sequence[Leaf],
    whole: Collection[str] | None,
    size: int,
    counted: Mapping[str, int | None],
) -> None:
    """Say what is not shown; where the pack says that it holds all of a stream (`whole`), a gap is no remark.

    `whole`: None in a pack that says nothing of the kind. `leaves`: in order of position; `size`: the checkpoint's.
    `counted`: how many facts each stream of `whole` has up to there, as is proved; None where it is not.
    """
    streams: dict[str, list[int]] = {}
    for leaf in leaves:
        versions = streams.setdefault(leaf.stream, [])
        if versions and leaf.version <= versions[-1]:
            verdict.fails(
                f"events/{leaf.position}.json",
                f"{leaf.stream}의 {leaf.version}번은 {versions[-1]}번 뒤에 올 수 없습니다",
                f"its version {leaf.version} of {leaf.stream} does not come after {versions[-1]}",
            )
        else:
            versions.append(leaf.version)
    for stream in sorted(whole or ()):
        if stream not in streams and counted.get(stream) == 0:
            verdict.holds(
                stream,
                f"체크포인트의 기록 {size:,}건 가운데 하나도 없습니다(증명됨)",
                f"among the {size:,} facts of the checkpoint there is none of it, which is proved",
            )
        elif stream not in streams:
            verdict.fails(
                stream,
                "모두 담았다고 하는 묶음에 하나도 없습니다",
                "the pack says that it holds all of it, and there is nothing of it here",
            )
    others = 0
    for stream, versions in streams.items():
        n = counted.get(stream) if stream in (whole or ()) else None
        shown, missing = spans(versions), spans(_missing(versions, n))
        if missing and stream in (whole or ()):
            verdict.fails(
                stream,
                f"{shown}번이 있고 {missing}번이 없습니다. 모두 담았다고 하는 묶음입니다",
                f"versions {shown} shown; {missing} missing, and the pack says that it holds all of it",
            )
        elif missing:
            verdict.remarks(
                stream,
                f"{shown}번이 있고 {missing}번은 이 묶음에 없습니다. 그 뒤가 더 있는지는 묶음으로 증명되지 않습니다",
                f"versions {shown} shown; {missing} not in this pack; whether there are later ones a pack does not prove",
            )
            verdict.gaps += not stream.startswith(_COME_ALONG)
        elif n is not None and versions[-1] > n:
            verdict.fails(
                stream,
                f"{shown}번이 있으나 체크포인트까지 {n:,}건뿐입니다",
                f"versions {shown} shown, and up to the checkpoint there are only {n:,}",
            )
        elif n is not None:
            verdict.holds(
                stream,
                f"{shown}번이 체크포인트의 기록 {size:,}건 가운데 전부입니다(증명됨)",
                f"versions {shown} shown: among the {size:,} facts of the checkpoint there are no others, which is proved",
            )
        elif stream in (whole or ()):
            verdict.unproved += stream in counted
            verdict.holds(
                stream,
                f"{shown}번이 있고 그 사이에 빠진 것이 없습니다. 그 뒤가 더 있는지는 묶음으로 증명되지 않습니다",
                f"versions {shown} shown, none is missing among them; whether there are later ones a pack does not prove",
            )
        else:
            others += 1
    if others:
        verdict.remarks(
            "streams",
            f"그 밖의 흐름 {others:,}개는 1번부터 빠짐이 없습니다. 그 뒤가 더 있는지는 묶음으로 증명되지 않습니다",
            f"{many(others, 'more stream has', 'more streams have')} no gap from version 1 on; "
            "whether there are later ones a pack does not prove",
        )
    if whole is None:
        verdict.remarks(
            "asked.json",
            "무엇을 모두 담았는지 말하지 않는 묶음입니다",
            "the pack does not say of what it holds everything",
        )
    if len(leaves) == size:
        verdict.holds(
            "events",
            f"체크포인트의 기록 {size:,}건이 모두 있습니다. 여기까지는 빠진 것이 없습니다",
            f"all {size:,} facts of the checkpoint are here: up to it nothing is missing",
        )


def _missing(versions: Sequence[int], n: int | None) -> Iterable[range]:
    """Those between, and those up to `n`."""
    ends = (*versions, n + 1) if n is not None and n > versions[-1] else versions
    return (range(a + 1, b) for a, b in zip((0, *versions), ends, strict=False) if a + 1 < b)


def spans(numbers: Iterable[int | range]) -> str:
    """e.g. 1-2, 4"""
    found: list[list[int]] = []
    for one in numbers:
        low, high = (one, one) if isinstance(one, int) else (one.start, one.stop - 1)
        if found and found[-1][1] == low - 1:
            found[-1][1] = high
        else:
            found.append([low, high])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in found)
