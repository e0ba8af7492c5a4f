"""The verifiers and the browser that others wrote. Where one is missing its tests are skipped and say so; in CI they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

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


def browser() -> str:
    """Debian's chromium without windows, which is as narrow as it is asked to be."""
    found = shutil.which("chromium-headless-shell")
    if found is None:
        _missing("chromium-headless-shell", "foreign-browser")
    return found


def axe() -> str:
    """axe-core's script, from its npm package beside the tests."""
    script = HERE / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        _missing("axe-core", "foreign-browser")
    return script.read_text(encoding="utf-8")


def _missing(tool: str, script: str = "foreign-verifiers") -> NoReturn:
    said = f"{tool} is not here; scripts/{script} installs it"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)
