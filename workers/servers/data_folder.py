"""The data folder: made with a clear error when it cannot be, and where a server may put its files and socket."""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
from pathlib import Path

from workers.servers.errors import FolderFull, FolderNotUsable, OwnedByAnother

LONGEST_SOCKET = 103  # bytes of a socket's path; Linux takes 107, others fewer
_SYSTEM = Path("/var/lib/donghaeng")


def made_folder(path: Path, mode: int = 0o755) -> Path:
    """The folder, made where it is missing, and known to be writable. Raises FolderNotUsable, FolderFull."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
    except OSError as error:
        raise unusable(path, error) from None
    return path


def unusable(path: Path, error: OSError) -> FolderNotUsable | FolderFull:
    """The system's word on a folder as an error of ours."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FolderFull(path=path)
    return FolderNotUsable(path=path, problem=error.strerror)


def name_of(path: Path) -> str:
    """A short name that stands for the folder."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:16]


class ServerUser:
    """The user a server runs as: ourselves, or as root somebody else, since PostgreSQL refuses root."""

    def __init__(self) -> None:
        self.other: pwd.struct_passwd | None = None
        if os.geteuid() == 0:
            self.other = _entry("postgres") or _entry("nobody")

    @property
    def uid(self) -> int:
        return os.geteuid() if self.other is None else self.other.pw_uid

    def popen(self) -> dict[str, object]:
        """Keyword arguments for subprocess, so that the child is that user."""
        if self.other is None:
            return {"cwd": "/"}
        return {"user": self.other.pw_uid, "group": self.other.pw_gid, "extra_groups": [], "cwd": "/"}

    def reaches(self, path: Path) -> bool:
        """Whether that user can get to the path through all its parents."""
        if self.other is None:
            return os.access(path, os.X_OK)
        asked = subprocess.run(["test", "-x", str(path)], check=False, **self.popen())  # type: ignore[call-overload] # noqa: S607
        return bool(asked.returncode == 0)

    def own(self, path: Path) -> Path:
        """Make the folder that user's, closed to all others. Raises OwnedByAnother, FolderNotUsable."""
        made_folder(path)
        owner = path.stat().st_uid
        if owner not in (self.uid, os.geteuid()):
            raise OwnedByAnother(path=path, owner=_name(owner))
        try:
            if self.other is not None:
                os.chown(path, self.other.pw_uid, self.other.pw_gid)
            path.chmod(0o700)
        except OSError as error:
            raise unusable(path, error) from None
        return path

    def place(self, data: Path, kind: str) -> Path:
        """The server's own folder: in the data folder, or where that user can get to, with a pointer left behind."""
        if self.reaches(data):
            return self.own(data / kind)
        elsewhere = _SYSTEM / name_of(data)
        made_folder(_SYSTEM)
        made_folder(elsewhere)
        (data / f"{kind}.location").write_text(f"{elsewhere / kind}\n", encoding="utf-8")
        return self.own(elsewhere / kind)

    def socket_folder(self, place: Path, socket: str) -> Path:
        """Where the socket goes: beside the server's files, or in a closed temporary folder if that path is too long."""
        if len(os.fsencode(place / socket)) <= LONGEST_SOCKET:
            return place
        short = Path(tempfile.gettempdir()) / f"donghaeng-{self.uid}-{name_of(place)}"
        self.own(short)
        found = short.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or found.st_mode & 0o077:
            raise OwnedByAnother(path=short, owner=_name(found.st_uid))
        return short


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
