"""Our tree and the functions of verify.sh against every probe that transparency-dev/merkle publishes (tests/foreign/merkle)."""

from __future__ import annotations

import base64
import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.foreign.tools import needed
from trail.tree import is_consistent, root_of_inclusion

VECTORS = Path(__file__).parents[1] / "foreign" / "merkle"
SCRIPT = (Path(__file__).parents[2] / "trail" / "verify.sh").read_text()
FUNCTIONS = SCRIPT[SCRIPT.index("# --- hashes and proofs") : SCRIPT.index("# --- times, keys")]
GUARDS = (
    '[[ $2 =~ ^$whole$ && $3 =~ ^$whole$ ]] && (($2 < $3)) && hashes "$1" "${@:4}" || return 1; ',
    '[[ $1 =~ ^$whole$ && $3 =~ ^$whole$ ]] && ((0 < $1 && $1 <= $3)) && hashes "${@:5}" || return 1; ',
)


def probes(kind: str) -> list[dict[str, Any]]:
    return json.loads((VECTORS / f"{kind}.json").read_text())  # type: ignore[no-any-return]


def raw(coded: str | None) -> bytes:
    return base64.b64decode(coded or "")


def path(probe: dict[str, Any]) -> list[bytes]:
    return [raw(one) for one in probe["proof"] or ()]


def wanted(kind: str) -> dict[str, bool]:
    return {probe["file"]: not probe["wantErr"] for probe in probes(kind)}


def test_the_probes_are_all_there_as_they_were_published() -> None:
    for kind in ("inclusion", "consistency"):
        found = sha256((VECTORS / f"{kind}.json").read_bytes()).hexdigest()
        assert f"{found}  {kind}.json" in (VECTORS / "SOURCE.md").read_text()
        assert len(probes(kind)) == 98
        assert sum(wanted(kind).values()) == 6, "the controls: those that hold"


def test_our_tree_judges_every_probe_as_it_says() -> None:
    def holds(probe: dict[str, Any]) -> bool:
        root = raw(probe["root"])
        return (
            root_of_inclusion(raw(probe["leafHash"]), probe["leafIdx"], probe["treeSize"], path(probe))
            == root
        )

    def begins(probe: dict[str, Any]) -> bool:
        roots = raw(probe["root1"]), raw(probe["root2"])
        return is_consistent(probe["size1"], probe["size2"], path(probe), *roots)

    assert {one["file"]: holds(one) for one in probes("inclusion")} == wanted("inclusion")
    assert {one["file"]: begins(one) for one in probes("consistency")} == wanted("consistency")


def by_script(given: list[list[str]], functions: str, folder: Path) -> list[bool]:
    """What the script's functions say of calls; a call that does not end ends with the whole."""
    needed("bash")
    calls = "\n".join(
        " ".join(f"'{word}'" for word in words) + ' && echo "yes $?" || echo no' for words in given
    )
    text = f"""ulimit -t 20; export LC_ALL=C; declare -A memo; t={folder}
{functions}
leads() {{ included "${{@:2}}" && [[ $R == "$1" ]]; }}
{calls}
"""
    done = subprocess.run(["bash"], input=text, capture_output=True, text=True, check=False)
    return [line == "yes 0" for line in done.stdout.splitlines()]


def inclusion(probe: dict[str, Any]) -> list[str]:
    hashes = [one.hex() for one in path(probe)]
    root, leaf = raw(probe["root"]).hex(), raw(probe["leafHash"]).hex()
    return ["leads", root, leaf, str(probe["leafIdx"]), str(probe["treeSize"]), *hashes]


def consistency(probe: dict[str, Any]) -> list[str]:
    old, new = raw(probe["root1"]).hex(), raw(probe["root2"]).hex()
    hashes = [one.hex() for one in path(probe)]
    return ["consistent", str(probe["size1"]), old, str(probe["size2"]), new, *hashes]


@pytest.mark.parametrize(("kind", "words"), [("inclusion", inclusion), ("consistency", consistency)])
def test_the_script_judges_every_probe_as_it_says(kind: str, words: Any, tmp_path: Path) -> None:
    said = by_script([words(probe) for probe in probes(kind)], FUNCTIONS, tmp_path)
    assert dict(zip(wanted(kind), said, strict=True)) == wanted(kind)


def test_without_its_guards_the_script_takes_an_index_outside_the_tree_and_loops_for_ever(
    tmp_path: Path,
) -> None:
    """The control, and what the script did."""
    unguarded = FUNCTIONS
    for guard in GUARDS:
        assert guard in unguarded
        unguarded = unguarded.replace(guard, "")
    calls = [inclusion(probe) for probe in probes("inclusion")]
    said = dict(zip(wanted("inclusion"), by_script(calls, unguarded, tmp_path), strict=False))
    taken = {name for name, good in said.items() if good and not wanted("inclusion")[name]}
    assert any("leafIdx" in name for name in taken), taken
    nothing = [consistency(probe) for probe in probes("consistency") if probe["size1"] == 0][:1]
    assert by_script(nothing, f"ulimit -t 1; {unguarded}", tmp_path) == [], "it was stopped"
