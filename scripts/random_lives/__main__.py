"""Command line: `scripts/lives [--lives N] [--seed S] [--processes P] [--one SEED] [--controls] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence

import msgspec

from scripts.random_lives.control import Control
from scripts.random_lives.controls import CONTROLS
from scripts.random_lives.judging import Verdict, try_life
from scripts.random_lives.lived import Told
from scripts.random_lives.place import Ground, TimedSink, ground
from scripts.random_lives.running import lives, quiet, shrunk_all
from scripts.random_lives.scripting import script_of
from scripts.random_lives.story import life_of
from workers.delivery.sink import mail_sink

_SHRUNK = 4


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parse(arguments)
    try:
        with ground() as on:
            if asked.one is not None:
                return _one(asked.one, on)
            if asked.controls:
                return _controls(on, asked)
            return _many(on, asked)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/lives", description=__doc__)
    parser.add_argument("--lives", type=int, default=300, help="how many (300)")
    parser.add_argument("--seed", type=int, default=0, help="the first one's (0); the others follow")
    parser.add_argument(
        "--first", type=int, default=_SHRUNK, help=f"how many failed ones are shrunk ({_SHRUNK})"
    )
    parser.add_argument("--processes", type=int, default=2, help="side by side (2)")
    parser.add_argument("--one", type=int, metavar="SEED", help="one life, told step by step")
    parser.add_argument(
        "--controls", action="store_true", help="put each known fault back: the lives must find it"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    return parser.parse_args(arguments)


def _many(on: Ground, asked: argparse.Namespace) -> int:
    began = time.monotonic()
    done: list[Verdict] = []
    for verdict in lives(range(asked.seed, asked.seed + asked.lives), on, asked.processes):
        done.append(verdict)
        for found in verdict.findings[:1]:  # at once: the rest may take hours
            print(f"seed {verdict.life.seed}: {found.kind}: {found.said[-300:]}", file=sys.stderr)
        _progress(done, asked.lives, began)
    failed = sorted((one for one in done if one.findings), key=lambda one: one.life.seed)
    small = {one.life.seed: one for one in shrunk_all(_choose(failed, asked.first), on, asked.processes)}
    if asked.json:
        print(json.dumps(_document(done, failed, small), ensure_ascii=False, indent=1))
    else:
        for one in failed:
            _say_failed(one, small.get(one.life.seed))
        _say(done, failed, time.monotonic() - began)
    return 1 if failed else 0


def _choose(failed: Sequence[Verdict], most: int) -> list[Verdict]:
    """Those that are shrunk: of each kind of finding the first, as many as asked for."""
    kinds: dict[str, Verdict] = {}
    for one in failed:
        kinds.setdefault(one.findings[0].kind, one)
    return list(kinds.values())[:most]


def _progress(done: Sequence[Verdict], of: int, began: float) -> None:
    if not sys.stderr.isatty() and len(done) % 50:
        return
    failed = sum(bool(one.findings) for one in done)
    said = f"{len(done)}/{of} lives, {failed} failed, {time.monotonic() - began:.0f} s"
    print(said, end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _say_failed(one: Verdict, small: Verdict | None) -> None:
    print(f"\nseed {one.life.seed}: {len(one.findings)} findings")
    for found in one.findings[:10]:
        print(f"  {found.kind}: {found.said}")
    if small is not None:
        print(f"  shrunk to {len(small.life.steps)} steps:")
        for found in small.findings[:5]:
            print(f"  {found.kind}: {found.said}")
        print("\n".join(f"    {line}" for line in small.script))


def _say(done: Sequence[Verdict], failed: Sequence[Verdict], seconds: float) -> None:
    steps, refused = sum(one.steps for one in done), Counter[str]()
    for one in done:
        refused.update(one.refused)
    share = 100 * refused.total() / max(steps, 1)
    named = ", ".join(f"{name} {count}" for name, count in refused.most_common(8))
    print(f"\n{steps} steps, {share:.0f} % refused ({named})")
    facts, mails = sum(one.facts for one in done), sum(one.mails for one in done)
    print(f"{len(done)} lives, {facts} facts, {mails} mails, {len(failed)} failed ({seconds:.0f} s)")


def _document(
    done: Sequence[Verdict], failed: Sequence[Verdict], small: dict[int, Verdict]
) -> dict[str, object]:
    return {
        "lives": len(done),
        "facts": sum(one.facts for one in done),
        "mails": sum(one.mails for one in done),
        "steps": sum(one.steps for one in done),
        "refused": sum(sum(one.refused.values()) for one in done),
        "failed": [
            {
                "seed": one.life.seed,
                "findings": msgspec.to_builtins(one.findings),
                "script": small[one.life.seed].script if one.life.seed in small else [],
            }
            for one in failed
        ],
    }


def _one(seed: int, on: Ground) -> int:
    quiet()
    with mail_sink(TimedSink()) as sink:
        assert isinstance(sink, TimedSink)
        life = life_of(seed)
        lived, case, findings = try_life(life, on, sink)
    for told in lived.told:
        print(_describe(told))
    print("\n".join(f"# {line}" for line in script_of(lived)))
    if case is not None:
        for fact in case.facts:
            late = f" (was so {fact['effective_at']})" if fact["stated"] else ""
            print(
                f"#{fact['position']} {fact['known_at']} {fact['stream']} {fact['kind']}{late} {fact['fact']}"
            )
        for mail in case.mails:
            print(f"mail {mail['at']} to {mail['to']}")
    for found in findings:
        print(f"{found.kind}: {found.said}")
    return 1 if findings else 0


def _describe(told: Told) -> str:
    said = "" if told.refused is None else f" -- refused: {told.refused}"
    number = (
        ""
        if told.envelope is None
        else f" [{told.envelope.actor.role}@{told.envelope.actor.agency or 'city'}]"
    )
    return f"{told.step}{number}{said}"


def _find(
    on: Ground, asked: argparse.Namespace, name: str, control: Control, seeds: Sequence[int]
) -> Verdict | None:
    """The first of the lives that finds the control's fault."""
    for verdict in lives(seeds, on, asked.processes, fault=name):
        kinds = {one.kind for one in verdict.findings}
        if kinds and (not control.kinds or kinds & set(control.kinds)):
            return verdict
    return None


def _controls(on: Ground, asked: argparse.Namespace) -> int:
    """Each fault in turn, by the seeds that are known to find it, or else by as many lives as asked for."""
    missed = []
    for name, control in CONTROLS.items():
        seeds = list(control.seeds) or range(asked.seed, asked.seed + asked.lives)
        finding = _find(on, asked, name, control, seeds)
        if finding is None:
            missed.append(name)
            print(f"✗ {name}: {control.fault} Not found by {len(seeds)} lives.")
        else:
            print(f"✓ {name}: {control.fault} Seed {finding.life.seed}: {finding.findings[0].said[:200]}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
