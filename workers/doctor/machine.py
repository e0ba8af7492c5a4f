"""This machine: room on its disk, and who can read the keys."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from workers.doctor.finding import Finding
from workers.settings import Settings


def disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    free, least = usage.free // 2**20, settings.least_free_mb
    if free >= least:
        yield Finding("disk", "ok", (f"남은 공간 {free:,} MB", f"{free:,} MB free"))
        return
    yield Finding(
        "disk",
        "wrong",
        (
            f"{folder}에 {free:,} MB만 남음(기준 {least:,} MB)",
            f"only {free:,} MB free at {folder} (least: {least:,} MB)",
        ),
        (
            "공간을 늘리거나 오래된 백업·로그를 옮기십시오. 가득 차면 기록이 거부됩니다.",
            "Make room or move old backups and logs away; a full disk refuses every command.",
        ),
    )


def keys(data: Path) -> Iterator[Finding]:
    folder = data / "keys"
    files = sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
    open_ones = [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in open_ones:
        mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
        yield Finding(
            "keys",
            "wrong",
            (
                f"{path}의 권한이 {mode}: 다른 사람도 읽을 수 있음",
                f"{path} has mode {mode}: others can read it",
            ),
            (f"chmod 600 {path}", f"chmod 600 {path}"),
        )
    if not open_ones:
        yield Finding("keys", "ok", (f"키 파일 {len(files)}개", f"{len(files)} key files"))
