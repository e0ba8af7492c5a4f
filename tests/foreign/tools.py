"""The verifiers that others wrote. Where one is missing its tests are skipped and say so; in CI they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_MOD = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/note")
_SIGSTORE = HERE / "sigstore" / "node_modules" / "@sigstore" / "verify"


def needed(*tools: str) -> None:
    """Go on only with these programs on PATH."""
    for tool in tools:
        if shutil.which(tool) is None:
            _missing(tool)


def go_verifier(folder: Path) -> Path:
    """The glue round Go's sumdb/note and sumdb/tlog, built into a folder."""
    needed("go")
    if not _MOD.is_dir():
        _missing("golang-golang-x-mod-dev")
    built = folder / "go-verifier"
    subprocess.run(
        ["go", "build", "-o", str(built), "."],
        cwd=HERE / "go",
        env=os.environ
        | {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache")},
        check=True,
    )
    return built


def sigstore_verifier() -> list[str]:
    """The command of the glue round @sigstore/verify."""
    needed("node")
    if not _SIGSTORE.is_dir():
        _missing("@sigstore/verify")
    return ["node", str(HERE / "sigstore" / "verify.js")]


def _missing(tool: str) -> None:
    said = f"{tool} is not here; scripts/foreign-verifiers installs it"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)
