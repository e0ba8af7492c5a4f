"""This machine: room on its disk, and what its other users can read."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from domain.errors import Bilingual
from workers.finding import Finding, command_text
from workers.servers.place import passable
from workers.settings import Settings

_NAMED = 3


def disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    free, least = usage.free // 2**20, settings.least_free_mb
    if free >= least:
        yield Finding("disk", "ok", Bilingual(f"남은 공간 {free:,} MB", f"{free:,} MB free"))
        return
    yield Finding(
        "disk",
        "wrong",
        Bilingual(
            f"{folder}에 {free:,} MB만 남음(기준 {least:,} MB)",
            f"only {free:,} MB free at {folder} (least: {least:,} MB)",
        ),
        Bilingual(
            "공간을 늘리거나 오래된 백업·로그를 옮기십시오. 가득 차면 기록이 거부됩니다.",
            "Make room or move old backups and logs away; a full disk refuses every command.",
        ),
    )


def rights(data: Path) -> Iterator[Finding]:
    """Whether other users of the machine get at anything in the data folder."""
    if not data.exists():
        return
    mode = stat.S_IMODE(data.stat().st_mode)
    if mode & ~passable():
        yield Finding(
            "rights",
            "wrong",
            Bilingual(
                f"자료 폴더 {data}의 권한이 {mode:04o}: 다른 사용자도 접근할 수 있음",
                f"the data folder {data} has mode {mode:04o}: other users come in",
            ),
            command_text(f"chmod {passable():o} {data}"),
        )
        return
    found = sorted(_open_in(data)) if mode & 0o077 else []
    if not found:
        yield Finding(
            "rights", "ok", Bilingual(f"{data}은(는) 소유자만 사용함", f"{data} is its owner's alone")
        )
        return
    some = " ".join(map(str, found[:_NAMED])) + (" …" if len(found) > _NAMED else "")
    yield Finding(
        "rights",
        "wrong",
        Bilingual(
            f"자료 폴더에서 다른 사용자도 열 수 있는 항목 {len(found)}개: {some}",
            f"{len(found)} in the data folder that other users can open: {some}",
        ),
        command_text(f"chmod -R go-rwx {data}/*"),
    )


def _open_in(folder: Path) -> Iterator[Path]:
    """What others may open; a folder that is closed to them closes what is in it."""
    for path in folder.iterdir():
        if path.lstat().st_mode & 0o077 and not path.is_symlink():
            yield path


def keys(data: Path) -> Iterator[Finding]:
    folder = data / "keys"
    files = sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
    open_ones = [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in open_ones:
        mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
        yield Finding(
            "keys",
            "wrong",
            Bilingual(
                f"{path}의 권한이 {mode}: 다른 사람도 읽을 수 있음",
                f"{path} has mode {mode}: others can read it",
            ),
            Bilingual(f"chmod 600 {path}", f"chmod 600 {path}"),
        )
    if not open_ones:
        yield Finding("keys", "ok", Bilingual(f"키 파일 {len(files)}개", f"{len(files)} key file(s)"))
