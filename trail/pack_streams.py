"""Which versions of each stream a pack shows, which it does not, and what follows from that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from trail.english import many
from trail.leaves import Leaf
from trail.verdict import Verdict

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
    streams = _versions(verdict, leaves)
    for stream in sorted(set(whole or ()) - streams.keys()):
        _say_nothing_of(verdict, stream, size, counted.get(stream))
    others = 0
    for stream, versions in streams.items():
        if stream in (whole or ()):
            _say_of_whole(verdict, stream, versions, size, counted)
        elif missing := spans(_missing(versions, None)):
            shown = spans(versions)
            verdict.remarks(
                stream,
                f"{shown}번이 있고 {missing}번은 이 묶음에 없습니다. 그 뒤가 더 있는지는 묶음으로 증명되지 않습니다",
                f"versions {shown} shown; {missing} not in this pack; whether there are later ones a pack does not prove",
            )
            verdict.gaps += not stream.startswith(_COME_ALONG)
        else:
            others += 1
    if others:
        verdict.remarks(
            "streams",
            f"그 밖의 이력 {others:,}개는 1번부터 빠짐이 없습니다. 그 뒤가 더 있는지는 묶음으로 증명되지 않습니다",
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
            f"all {size:,} fact(s) of the checkpoint are here: up to it nothing is missing",
        )


def _versions(verdict: Verdict, leaves: Sequence[Leaf]) -> dict[str, list[int]]:
    """By stream the versions shown, each of which has to come after the one before."""
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
    return streams


def _say_nothing_of(verdict: Verdict, stream: str, size: int, n: int | None) -> None:
    """Of a stream that is said to be whole and of which nothing is here. `n`: how many facts it has, as is proved."""
    if n == 0:
        verdict.holds(
            stream,
            f"체크포인트의 기록 {size:,}건 가운데 하나도 없습니다(증명됨)",
            f"among the {size:,} fact(s) of the checkpoint there is none of it, which is proved",
        )
    else:
        verdict.fails(
            stream,
            "모두 담았다고 하는 묶음에 하나도 없습니다",
            "the pack says that it holds all of it, and there is nothing of it here",
        )


def _say_of_whole(
    verdict: Verdict, stream: str, versions: Sequence[int], size: int, counted: Mapping[str, int | None]
) -> None:
    """Of a stream that is said to be whole."""
    n = counted.get(stream)
    shown, missing = spans(versions), spans(_missing(versions, n))
    if missing:
        verdict.fails(
            stream,
            f"{shown}번이 있고 {missing}번이 없습니다. 모두 담았다고 하는 묶음입니다",
            f"versions {shown} shown; {missing} missing, and the pack says that it holds all of it",
        )
    elif n is None:
        verdict.unproved += stream in counted
        verdict.holds(
            stream,
            f"{shown}번이 있고 그 사이에 빠진 것이 없습니다. 그 뒤가 더 있는지는 묶음으로 증명되지 않습니다",
            f"versions {shown} shown, none is missing among them; whether there are later ones a pack does not prove",
        )
    elif versions[-1] > n:
        verdict.fails(
            stream,
            f"{shown}번이 있으나 체크포인트까지 {n:,}건뿐입니다",
            f"versions {shown} shown, and up to the checkpoint there are only {n:,}",
        )
    else:
        verdict.holds(
            stream,
            f"{shown}번이 체크포인트의 기록 {size:,}건 가운데 전부입니다(증명됨)",
            f"versions {shown} shown: among the {size:,} fact(s) of the checkpoint there are no others, which is proved",
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
