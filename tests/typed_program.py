"""In a copy of the program: what is typed there, one command line after the other in one process; see tutorial_builds."""

from __future__ import annotations

import json
import sys

from typer.testing import CliRunner

from scripts.cli.main import app


def main() -> None:
    """Each command line of stdin (a JSON list of lists), answered with its exit code and its stdout."""
    answers = []
    for words in json.load(sys.stdin):
        done = CliRunner().invoke(app, words)
        answers.append((done.exit_code, done.stdout if done.exit_code in (0, 1) else done.output))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
