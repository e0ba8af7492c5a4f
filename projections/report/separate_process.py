"""Work done in a process of its own: the memory it takes goes with it, whatever a library keeps for the next time.

As a program (`python -m projections.report.separate_process`) it is that process. Only what this project's own code pickles comes in.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable

from domain.errors import DonghaengError


class NotMadeApart(DonghaengError):
    """The process for it ended before it was done. `why`: its last word, or the signal that ended it."""

    ko = "보고서 파일을 만들던 과정이 끝까지 가지 못했습니다({why}). 남은 메모리와 디스크를 확인하고 다시 실행하십시오."
    en = "The process that made a file of the report did not finish ({why}). Check free memory and disk, then run it again."


def run_separately(make: Callable[..., bytes], *given: object) -> bytes:
    """What `make(*given)` returns; `make` is a module's function. Raises NotMadeApart."""
    # -P: no folder that the user happens to stand in is searched for modules
    command = [sys.executable, "-P", "-m", "projections.report.separate_process"]
    run = subprocess.run(command, input=pickle.dumps((make, given)), capture_output=True, check=False)
    if run.returncode != 0:
        said = run.stderr.decode(errors="replace").strip().splitlines()
        raise NotMadeApart(why=said[-1] if said else f"signal {-run.returncode}")
    return run.stdout


def _main() -> None:
    make, given = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    sys.stdout.buffer.write(make(*given))


if __name__ == "__main__":
    _main()
