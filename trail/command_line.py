"""What `python3 -m trail` does: a verifier, and a witness, with nothing of the program that made the trail.

It ends as `donghaeng trail verify` and `donghaeng witness` do. Sentences and views are not here: events of a pack are told
by stream and kind, and its page is not compared.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from trail.bilingual import DonghaengError
from trail.bringing import bring
from trail.ending import end_politely
from trail.files import close_to_others, name_failing_file
from trail.lang import Lang, lang_of_locale
from trail.pack_events import Proven
from trail.pack_verifying import verify
from trail.sources import open_source
from trail.verdict import Verdict, exit_status, last_line, line_of

_WORDS = (
    "Check packs and trails, or run a witness, with this folder alone (이 폴더만으로 검증하거나 증인을 실행)."
)
_SHOWN = 50  # events of a pack that are told where nobody asked for JSON
_STEP = 10_000  # leaves or events between two signs of progress


def run(typed: Sequence[str]) -> int:
    """The exit status: as `donghaeng trail verify` and `donghaeng witness` have it."""
    given = _parser().parse_args(typed)
    lang: Lang = given.lang or lang_of_locale()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    close_to_others()
    try:
        with name_failing_file():
            return int(given.act(given, lang))
    except DonghaengError as error:
        if given.json:
            _print({"error": {"name": error.name, "message": error.say(lang), "exit": error.exit_code}})
        else:
            print(error.say(lang), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130


def _verify(given: argparse.Namespace, lang: Lang) -> int:
    own = bring(given.where, given.policy, given.since, given.tsa)
    verdict, proven = Verdict(), list[Proven]()
    with open_source(given.where) as source, verdict.checking(given.where):
        proven = verify(source, own, verdict, _Progress(verdict).tick, None)
    events = [one.as_document() for one in proven]
    if given.json:
        _print(verdict.as_document(lang) | ({"events": events} if events else {}))
        return exit_status(verdict)
    for one in events[:_SHOWN]:
        recorded = "" if one["recorded_at"] == one["known_at"] else f"  ({one['recorded_at']})"
        print(
            f"{one['position']:>8}  {one['known_at']}  {one['stream']} #{one['version']} {one['kind']}{recorded}"
        )
    if len(events) > _SHOWN:
        print(f"… +{len(events) - _SHOWN:,}")
    for item in verdict.items:
        print("".join(line_of(item, lang)))
    for key in verdict.keys:
        print(("키 " if lang == "ko" else "key ") + key)
    print(last_line(verdict, lang))
    return exit_status(verdict)


class _Progress:
    """How much is looked at, on one line of a terminal and nowhere else."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict, self._done, self._shown = verdict, 0, 0

    def tick(self, count: int) -> None:
        self._done += count
        if sys.stderr.isatty() and self._done - self._shown >= _STEP:
            self._shown = self._done
            at = self._verdict.checkpoint
            print(f"\r{self._done:,} / {0 if at is None else at.size:,}", end="\r", file=sys.stderr)


def _serve(given: argparse.Namespace, lang: Lang) -> int:
    from trail.logs import log_to_stderr  # noqa: PLC0415 - who verifies needs no witness's libraries

    log_to_stderr("json", "info")
    from trail.witness.saying import say_served  # noqa: PLC0415 - as above
    from trail.witness.serving import listening  # noqa: PLC0415 - as above
    from trail.witness.state import the_key  # noqa: PLC0415 - as above

    end_politely()
    folder, key = the_key(given.folder, given.name)
    with listening(folder, key, given.listen) as (url, serve_until_told):
        _say(given, say_served(folder, key, url, lang))
        sys.stdout.flush()  # whoever started us reads the address
        serve_until_told()
    return 0


def _init(given: argparse.Namespace, lang: Lang) -> int:
    from trail.witness.saying import say_made  # noqa: PLC0415 - as above
    from trail.witness.state import make_witness  # noqa: PLC0415 - as above

    _say(given, say_made(make_witness(given.folder, given.name)))
    return 0


def _trust(given: argparse.Namespace, lang: Lang) -> int:
    from trail.witness.saying import say_trusted  # noqa: PLC0415 - as above
    from trail.witness.state import trust  # noqa: PLC0415 - as above

    _say(given, say_trusted(trust(given.folder, given.vkey), lang))
    return 0


def _evidence(given: argparse.Namespace, lang: Lang) -> int:
    from trail.witness.saying import say_evidence  # noqa: PLC0415 - as above

    said = say_evidence(given.folder, lang)
    _say(given, said)
    return 1 if said[0]["evidence"] else 0


def _say(given: argparse.Namespace, said: tuple[dict[str, Any], str]) -> None:
    document, words = said
    if given.json:
        _print(document)
    else:
        print(words)


def _print(document: Any) -> None:
    print(msgspec.json.encode(document).decode())


def _parser() -> argparse.ArgumentParser:
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--json", action="store_true", help="one JSON document on stdout")
    every.add_argument("--lang", choices=("ko", "en"), help="language; by default from LANG")
    parser = argparse.ArgumentParser(prog="python3 -m trail", description=_WORDS)
    acts = parser.add_subparsers(required=True, metavar="verify | witness")

    check = acts.add_parser(
        "verify", parents=[every], help="check a pack, a trail's folder or its URL (검증)"
    )
    check.add_argument("where", metavar="PACK|FOLDER|URL")
    check.add_argument("--policy", type=Path, metavar="FILE", help="the policy, as you got it on paper")
    check.add_argument(
        "--since", type=Path, action="append", default=[], metavar="CHECKPOINT", help="one that you kept"
    )
    check.add_argument("--tsa", type=Path, metavar="PEM", help="certificates of authorities that you trust")
    check.set_defaults(act=_verify)

    witness = acts.add_parser("witness", help="a witness of logs (증인)").add_subparsers(
        required=True, metavar="serve | init | trust | evidence"
    )
    folder = partial(_with_folder, witness, every)
    serve = folder("serve", _serve, "run it until Ctrl-C")
    serve.add_argument("--name", help="the name that the witness there must have")
    serve.add_argument("--listen", default="127.0.0.1:8470", metavar="HOST:PORT")
    folder("init", _init, "make its key and print the public one").add_argument("--name", required=True)
    folder("trust", _trust, "cosign this log from now on").add_argument("vkey", help="the log's public key")
    folder("evidence", _evidence, "what was refused; ends with 1 where there is something")
    return parser


def _with_folder(witness: Any, every: argparse.ArgumentParser, name: str, act: Any, words: str) -> Any:
    made = witness.add_parser(name, parents=[every], help=words)
    made.add_argument("--folder", type=Path, required=True, metavar="DIR", help="the witness's folder")
    made.set_defaults(act=act)
    return made
