"""Command line: `scripts/storm [--storms N] [--seed S] [--machines M] [--load SECONDS] [--one SEED] [--controls] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from scripts.random_storms.controls import CONTROLS
from scripts.random_storms.running import Verdict, by_seed, end_machines, one_storm, storms
from scripts.random_storms.shrinking import shrunk
from scripts.random_storms.weather import Storm, storm, storm_of

_TRIES = 3  # of a control


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parse(arguments)
    try:
        if asked.controls:
            return _controls(asked.only)
        if asked.one is not None:
            return _one(storm_of(asked.one, asked.load), asked.times)
        return _many(asked)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    finally:
        end_machines()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/storm", description=__doc__)
    parser.add_argument("--storms", type=int, default=40, help="how many (40)")
    parser.add_argument("--seed", type=int, default=0, help="the first one's (0); the others follow")
    parser.add_argument("--machines", type=int, default=2, help="side by side (2)")
    parser.add_argument(
        "--load", type=float, default=0.0, metavar="SECONDS", help="how long each lasts at least (a few)"
    )
    parser.add_argument("--one", type=int, metavar="SEED", help="one storm, told in full")
    parser.add_argument(
        "--times", type=int, default=1, help="of --one: on as many machines one after the other (1)"
    )
    parser.add_argument(
        "--shrink", action="store_true", help="make the first failed one of each kind smaller"
    )
    parser.add_argument(
        "--controls", action="store_true", help="take each protection out: its storm must find it"
    )
    parser.add_argument("--only", metavar="NAME", help="of the controls, this one")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    return parser.parse_args(arguments)


def _many(asked: argparse.Namespace) -> int:
    began, done = time.monotonic(), list[Verdict]()
    for verdict in storms(by_seed(asked.seed, asked.storms, asked.load), asked.machines):
        done.append(verdict)
        print(_line(verdict), file=sys.stderr, flush=True)
        for kind, said in verdict.findings[:5]:  # at once: the rest may take hours
            print(f"  {kind}: {said}", file=sys.stderr, flush=True)
    stale = set[str].intersection(*(set(one.unpassed) for one in done))
    failed = sorted((one for one in done if one.findings), key=lambda one: one.storm.seed)
    small = {one.storm.seed: _smaller(one) for one in _first_of_each(failed)} if asked.shrink else {}
    if asked.json:
        print(json.dumps(_document(done, small, stale), ensure_ascii=False, indent=1))
    else:
        _say_all(done, failed, small, stale, time.monotonic() - began)
    return 1 if failed or stale else 0


def _say_all(
    done: Sequence[Verdict],
    failed: Sequence[Verdict],
    small: Mapping[int, Storm],
    stale: Collection[str],
    seconds: float,
) -> None:
    for one in failed:
        _say(one, small.get(one.storm.seed))
    if stale:
        print(f"\nno process of any storm passed {', '.join(sorted(stale))}: these hooks are stale")
    longest = max((one.rested for one in done if one.rested is not None), default=0)
    print(
        f"{len(done)} storms, {sum(len(one.storm.faults) for one in done)} faults, {len(failed)} failed, "
        f"all done {longest:.1f} s after the last fault at most ({seconds:.0f} s)"
    )


def _line(one: Verdict) -> str:
    found = ", ".join(sorted({kind for kind, _ in one.findings})) or "well"
    rested = "-" if one.rested is None else f"{one.rested:.1f}"
    missed = f" (met nobody: {', '.join(one.missed)})" if one.missed else ""
    faults = "; ".join(map(str, one.storm.faults)) or "calm"
    return f"seed {one.storm.seed}: {found} ({one.seconds:.1f} s, done after {rested} s, {one.commands} commands, {one.mails} mails) {faults}{missed}"


def _first_of_each(failed: Sequence[Verdict]) -> list[Verdict]:
    kinds: dict[str, Verdict] = {}
    for one in failed:
        kinds.setdefault(one.findings[0][0], one)
    return list(kinds.values())


def _smaller(failed: Verdict) -> Storm:
    kind = failed.findings[0][0]

    def fails(smaller: Storm) -> bool:
        return kind in {one for one, _ in one_storm(smaller).findings}

    return shrunk(failed.storm, fails)


def _say(one: Verdict, small: Storm | None) -> None:
    print(f"\nseed {one.storm.seed}: {len(one.findings)} findings; what is left of it lies in {one.kept}")
    for fault in one.storm.faults:
        print(f"  {fault}")
    for (kind, said), _ in zip(one.findings, range(10), strict=False):
        print(f"  {kind}: {said}")
    if small is not None:
        print("  shrunk to:")
        for fault in small.faults:
            print(f"    {fault}")


def _document(done: Sequence[Verdict], small: dict[int, Storm], stale: set[str]) -> dict[str, object]:
    return {
        "storms": len(done),
        "stale_hooks": sorted(stale),
        "faults": Counter(f"{fault.kind} {fault.target}" for one in done for fault in one.storm.faults),
        "seconds_until_done": sorted(one.rested for one in done if one.rested is not None),
        "failed": [
            {
                "seed": one.storm.seed,
                "faults": [str(fault) for fault in one.storm.faults],
                "findings": one.findings,
                "shrunk": [str(fault) for fault in small[one.storm.seed].faults]
                if one.storm.seed in small
                else [],
            }
            for one in done
            if one.findings
        ],
    }


def _one(given: Storm, times: int) -> int:
    failed = 0
    for _ in range(times):
        (verdict,) = storms([given], 1)
        print(_line(verdict))
        if verdict.findings:
            failed += 1
            _say(verdict, None)
    return 1 if failed else 0


def _controls(only: str | None) -> int:
    """Each protection taken out, under the storm that is known to find it, a few times if need be: a storm is no clockwork."""
    missed = []
    for name, control in CONTROLS.items():
        if only not in (None, name):
            continue
        shown: list[str] = []
        tried = 0
        while not shown and tried < _TRIES:
            tried += 1
            (verdict,) = storms([storm(0, control.faults)], 1, name)
            shown = [said for kind, said in verdict.findings if kind in control.kinds]
        if shown:
            print(f"✓ {name} ({tried}): {control.protection} {shown[0][:200]}", flush=True)
        else:
            missed.append(name)
            print(f"✗ {name}: {control.protection} Not found: {_line(verdict)}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
