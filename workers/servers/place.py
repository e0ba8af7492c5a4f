"""Where a server puts its files and its socket: in the data folder, or where its user can get to."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from workers.servers.data_folder import ensure_folder, name_of
from workers.servers.errors import FolderNotUsable
from workers.servers.user import ServerUser

SYSTEM = Path("/var/lib/donghaeng")
LONGEST_SOCKET = 103  # bytes of a socket's path; Linux takes 107, others fewer


def place_of(data: Path, kind: str) -> tuple[ServerUser, Path]:
    """The server's user and its own folder. One outside the data folder leaves a pointer there, which is followed.

    Raises OwnedByAnother, FolderNotUsable, FolderFull.
    """
    pointer, inside = pointer_of(data, kind), data / kind
    if pointer.exists():
        place = read_pointer(pointer)
        user = ServerUser(existing=place)
    elif (user := ServerUser(existing=inside)).reaches(data):
        place = inside
    elif inside.exists():
        # Files are there already: a fresh start elsewhere would look as if everything were lost.
        raise FolderNotUsable(path=data, problem=f"the server's user, {user.name}, cannot enter it")
    else:
        # A new name each time: whoever removed the data folder does not want to meet its old files again.
        place = SYSTEM / f"{name_of(data)}-{secrets.token_hex(4)}" / kind
        ensure_passable(place.parent)
        pointer.write_text(f"{place}\n", encoding="utf-8")
    return user, user.own(place)


def ensure_passable(path: Path) -> Path:
    """The folder, made where it is missing and then closed to others; see `passable`. Raises as made_folder."""
    path = path.absolute()
    missing = [one for one in (path, *path.parents) if not one.exists()]
    ensure_folder(path)
    for one in missing:
        one.chmod(passable())
    return path


def passable() -> int:
    """The rights of a folder in which servers may lie: root's PostgreSQL is somebody else's, who has to get through."""
    return 0o700 if ServerUser().other is None else 0o711


def pointer_of(data: Path, kind: str) -> Path:
    """The file that says where the server's files are, when they are not in the data folder."""
    return data / f"{kind}.location"


def read_pointer(pointer: Path) -> Path:
    """The place a pointer names. Raises FolderNotUsable when it is none of ours."""
    place = Path(pointer.read_text(encoding="utf-8").strip())
    if place.parent.parent != SYSTEM or ".." in place.parts:
        raise FolderNotUsable(path=pointer, problem=f"it points to {place}, outside {SYSTEM}")
    return place


def socket_folder(user: ServerUser, place: Path, socket: str) -> Path:
    """Where the socket goes: beside the server's files, or in a closed temporary folder if that path would not do.

    Raises OwnedByAnother, FolderNotUsable.
    """
    if _serves(place / socket):
        return place
    for parent in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - closed by `own`, which follows no link
        short = parent / f"donghaeng-{user.uid}-{name_of(place)}"
        if _serves(short / socket) and user.reaches(parent):
            return user.own(short)
    raise FolderNotUsable(path=place, problem="its path is too long for a socket, and so is TMPDIR's")


def forget_socket_folder(folder: Path, place: Path) -> None:
    """Leave no empty temporary folder behind."""
    if folder != place:
        with suppress(OSError):
            folder.rmdir()


def _serves(socket: Path) -> bool:
    """libpq takes a comma in a host for the end of it, and the server a quote."""
    path = os.fsencode(socket)
    return len(path) <= LONGEST_SOCKET and not any(sign in path for sign in b',"\\\n')
