"""Types the blocks of docs/operations.md as they stand, in order, on a Debian machine that may be spoilt.

    apt-get install postgresql redis-server adduser curl
    python tests/operations/try_operations.py --this-machine-may-be-spoilt

Where systemd is PID 1 its blocks are typed too; elsewhere the Procfile's parts run from the block that asks
`donghaeng doctor` on. At the end Redis is asked what it denied. Not part of `scripts/test`: it writes to /etc and
/opt and needs root.
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


BOOTED = Path("/run/systemd/system").is_dir()  # how sd_booted(3) knows
DENIED = (
    "redis-cli --tls --cacert /etc/donghaeng/ca.crt -h redis.donghaeng.internal -p 6380 "
    "--user admin --pass redis-admin-secret --no-auth-warning acl log"
)


def blocks() -> list[str]:
    """The page's blocks of shell commands; those for systemd only where it runs."""
    kinds = "sh|systemd" if BOOTED else "sh"
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```(?:{kinds})\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def parts() -> list[str]:
    procfile = (TOP / "scripts" / "operations" / "Procfile").read_text(encoding="utf-8")
    return [line.partition(":")[2].strip() for line in procfile.splitlines() if line]


@contextmanager
def running() -> Iterator[None]:
    """The Procfile's parts, as the user and with the settings of the page."""
    with ExitStack() as held:
        for part in parts():
            words = [
                "setpriv",
                "--reuid",
                "donghaeng",
                "--regid",
                "donghaeng",
                "--init-groups",
                *part.split(),
            ]
            command = 'set -a; . /etc/donghaeng/env; HOME=/srv/donghaeng; cd /opt/donghaeng; exec "$@"'
            process = held.enter_context(subprocess.Popen(["sh", "-c", command, "sh", *words]))
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
            if "donghaeng doctor" in block and not BOOTED:
                held.enter_context(running())
            print("\n$ " + block, flush=True)
            done = subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", block], cwd=TOP, check=False)
            if done.returncode:
                print(f"ended with {done.returncode}")
                return 1
        denied = subprocess.run(DENIED.split(), capture_output=True, text=True, check=True).stdout.strip()
        if denied:
            print(f"Redis denied:\n{denied}")
            return 1
    print(f"\n{len(blocks())} blocks, each ended with 0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
