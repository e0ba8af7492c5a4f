"""Where a run's answer goes: text for people, in their language, or one JSON document."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import typer
from rich.console import Console

from domain.errors import Bilingual, DonghaengError, Lang, in_language
from projections.behind import Behind
from scripts.cli.documents import ErrorShown, Failed
from trail.english import settle_counts
from workflows.answers import as_answer, plain
from workflows.as_of_options import SliceRead, describe_slice

_YES = ("y", "yes", "예", "네")


class Output:
    """`lang`: the reader's language; `as_json`: whether all of the answer is one JSON document on stdout."""

    def __init__(self, lang: Lang, *, as_json: bool) -> None:
        self.lang, self.as_json = lang, as_json
        self.out = Console(highlight=False, emoji=False)  # “:ID:” is no sign
        self.err = Console(stderr=True, highlight=False, emoji=False)

    def words(self, ko: str, en: str) -> str:
        return ko if self.lang == "ko" else settle_counts(en)

    def say(
        self,
        document: Any,
        text: Callable[[Console], None],
        behind: Sequence[Behind] = (),
        sliced: SliceRead | None = None,
    ) -> None:
        """`behind`: views that lag or have stopped; `sliced`: of when it is, where that is not now."""
        if self.as_json:
            print(json.dumps(as_answer(document, behind, sliced), ensure_ascii=False))
            return
        for one in behind:
            self.out.print(one.say(self.lang), style="yellow", soft_wrap=True, markup=False)
        if sliced is not None:
            self.out.print(describe_slice(sliced, self.lang), style="dim", soft_wrap=True)
        self._print(text)

    def _print(self, text: Callable[[Console], None]) -> None:
        """At a terminal what is longer than it goes through a pager: $PAGER, or `less`."""
        pager = None
        if self.out.is_terminal and sys.stdin.isatty():
            pager = shlex.split(os.environ.get("PAGER", "less"))
        if not pager or shutil.which(pager[0]) is None:
            text(self.out)
            return
        with self.out.capture() as captured:
            text(self.out)
        said = captured.get()
        if said.count("\n") < self.out.height:
            sys.stdout.write(said)
            return
        # R: colours; F: not for what fits; X: it stays on the screen
        with suppress(BrokenPipeError):
            subprocess.run(pager, input=said, text=True, check=False, env={"LESS": "RFX", **os.environ})

    def ask(self, foretold: Bilingual) -> bool:
        """Say at the terminal what will happen and wait for a yes; Ctrl-C and an end of what is typed are none."""
        self.err.print(foretold.say(self.lang), style="bold", soft_wrap=True, markup=False)
        self.err.print(self.words("실행하시겠습니까? (예/아니요): ", "Carry it out? (yes/no): "), end="")
        try:
            return input().strip().casefold() in _YES
        except (EOFError, KeyboardInterrupt):
            self.err.print()
            return False

    def fail(self, error: DonghaengError) -> NoReturn:
        if self.as_json:
            details = {name: in_language(error.details[name], self.lang) for name in error.in_json}
            document = Failed(ErrorShown(error.name, error.say(self.lang), error.exit_code, details))
            print(json.dumps(plain(document), ensure_ascii=False))
        else:
            self.err.print(error.say(self.lang), style="red", soft_wrap=True, markup=False)
        raise typer.Exit(error.exit_code)
