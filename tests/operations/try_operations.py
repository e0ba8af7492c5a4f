"""Types the blocks of docs/operations.md as they stand, in order, on a Debian machine that may be spoilt.

    apt-get install postgresql redis-server adduser curl
    python tests/operations/try_operations.py --this-machine-may-be-spoilt

Before the block that asks `donghaeng doctor` it starts the Procfile's parts, and stops them at the end. Not part of
`scripts/test`: it writes to /etc and /opt and needs root.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "operations.md"
HOSTS = "127.0.0.1 db.donghaeng.internal redis.donghaeng.internal\n"


def blocks() -> list[str]:
    """The page's blocks of shell commands; those for systemd are left out, which no container runs."""
    return re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def parts() -> list[str]:
    procfile = (TOP / "scripts" / "operations" / "Procfile").read_text(encoding="utf-8")
    return [line.partition(":")[2].strip() for line in procfile.splitlines() if line]


@contextmanager
def running() -> Iterator[None]:
    """The Procfile's parts, as the user and with the settings of the page."""
    with ExitStack() as held:
        for part in parts():
            command = f"set -a; . /etc/donghaeng/env; cd /opt/donghaeng; exec {part}"
            words = [
                "setpriv",
                "--reuid",
                "donghaeng",
                "--regid",
                "donghaeng",
                "--init-groups",
                "sh",
                "-c",
                command,
            ]
            home = {"PATH": os.environ["PATH"], "HOME": "/srv/donghaeng", "LANG": "C.UTF-8"}
            process = held.enter_context(subprocess.Popen(words, env=home))
            held.callback(process.send_signal, signal.SIGTERM)
        time.sleep(5)
        yield


def main() -> int:
    if "--this-machine-may-be-spoilt" not in sys.argv or os.getuid() != 0:
        print(__doc__)
        return 2
    hosts = Path("/etc/hosts")
    if HOSTS not in hosts.read_text(encoding="utf-8"):
        with hosts.open("a", encoding="utf-8") as file:
            file.write(HOSTS)
    with ExitStack() as held:
        for block in blocks():
            if "donghaeng doctor" in block:
                held.enter_context(running())
            print("\n$ " + block, flush=True)
            done = subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", block], cwd=TOP, check=False)
            if done.returncode:
                print(f"ended with {done.returncode}")
                return 1
    print(f"\n{len(blocks())} blocks, each ended with 0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
