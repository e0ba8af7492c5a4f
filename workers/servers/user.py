"""The user a server runs as: ourselves, or as root somebody else, since PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

from trail.files import problem_of
from trail.locks import name_of_user
from workers.servers.data_folder import unusable
from workers.servers.errors import FolderNotUsable, OwnedByAnother

# Those that root's servers run as: the first that the machine knows.
_SERVANTS = ("postgres", "nobody")


class ServerUser:
    """`existing`: a folder made by an earlier run, whose owner is taken again if it is one of root's servants."""

    def __init__(self, existing: Path | None = None) -> None:
        self.other: pwd.struct_passwd | None = None
        if os.geteuid() == 0:
            known = [entry for entry in map(_entry, _SERVANTS) if entry is not None]
            before = existing.lstat().st_uid if existing is not None and existing.exists() else None
            self.other = next((entry for entry in known if entry.pw_uid == before), known[0])

    @property
    def uid(self) -> int:
        return os.geteuid() if self.other is None else self.other.pw_uid

    @property
    def name(self) -> str:
        return name_of_user(self.uid)

    def popen(self) -> dict[str, Any]:
        """Keyword arguments for subprocess, so that the child is that user."""
        if self.other is None:
            return {"cwd": "/"}
        return {"user": self.other.pw_uid, "group": self.other.pw_gid, "extra_groups": [], "cwd": "/"}

    def reaches(self, path: Path) -> bool:
        """Whether that user can get to the path through all its parents, and enter or run it."""
        if self.other is None:
            return os.access(path, os.X_OK)
        asked = subprocess.run(["test", "-x", str(path)], check=False, **self.popen())  # noqa: S607
        return bool(asked.returncode == 0)

    def own(self, path: Path) -> Path:
        """Make the folder that user's, closed to all others. Raises OwnedByAnother, FolderNotUsable, FolderFull."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner = path.lstat().st_uid
            if owner not in (self.uid, os.geteuid()):
                raise OwnedByAnother(path=path, owner=name_of_user(owner))
            # By descriptor and never through a link, which somebody may have laid for root.
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(folder).st_uid != self.uid:
                    assert self.other is not None
                    os.fchown(folder, self.other.pw_uid, self.other.pw_gid)
                if stat.S_IMODE(os.fstat(folder).st_mode) != 0o700:
                    os.fchmod(folder, 0o700)
            finally:
                os.close(folder)
        except FileExistsError as error:
            raise FolderNotUsable(path=path, problem=problem_of(error)) from None
        except OSError as error:
            raise unusable(path, error) from None
        return path


def ourselves() -> ServerUser:
    """For a server that also runs as root."""
    user = ServerUser()
    user.other = None
    return user


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
