"""Licences as SPDX has them: what a package's metadata states, and which may come in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

LGPL = "LGPL-3.0-only"  # psycopg: used as it is and replaceable, which is all that it asks
_FREE = ("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "ZPL-2.1")
ALLOWED = frozenset((*_FREE, "MPL-2.0", "OFL-1.1", LGPL))  # those three keep to their own files; of
# what is not shipped, axe-core is under MPL-2.0
# What older metadata says, as SPDX has it.
_SPELLED: Mapping[str, str] = {
    "2-clause bsd license": "BSD-2-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "zope public license": "ZPL-2.1",
    "zpl 2.1": "ZPL-2.1",
    "sil open font license, version 1.1": "OFL-1.1",
}


def licence_of(said: Any) -> str:
    """The licence that a package's metadata states, as SPDX has it; “unknown” where it states none that we know."""
    if said["License-Expression"]:
        return str(said["License-Expression"])
    stated = spdx_of(said["License"] or "")
    if stated is not None:
        return stated
    classified = (
        one.split(" :: ")[-1] for one in said.get_all("Classifier", []) if one.startswith("License :: ")
    )
    known = sorted({one for one in map(spdx_of, classified) if one is not None})
    return " OR ".join(known) or "unknown"


def spdx_of(stated: str) -> str | None:
    """SPDX's spelling of a short statement."""
    head = stated.strip().partition("\n")[0]  # some state all of its text, below its name
    known = _SPELLED.get(head.strip().lower())
    if known is not None:
        return known
    try:
        return str(canonicalize_license_expression(stated))
    except InvalidLicenseExpression:
        return None


def is_allowed(expression: str) -> bool:
    """Whether one may choose so that all that has to be kept is allowed. What is no expression is not."""
    try:
        canonical = str(canonicalize_license_expression(expression))
    except InvalidLicenseExpression:
        return False
    words = re.findall(r"[()]|[^\s()]+", canonical)
    return "WITH" not in words and bool(_parse_choice(words))


def _parse_choice(words: list[str]) -> bool:
    """`a AND b OR (c)`, AND before OR; takes the words that it has read."""
    alternatives = [_together(words)]
    while words and words[0] == "OR":
        words.pop(0)
        alternatives.append(_together(words))
    return any(alternatives)


def _together(words: list[str]) -> bool:
    needed = [_one(words)]
    while words and words[0] == "AND":
        words.pop(0)
        needed.append(_one(words))
    return all(needed)


def _one(words: list[str]) -> bool:
    word = words.pop(0)
    if word != "(":
        return word in ALLOWED
    inner = _parse_choice(words)
    words.pop(0)
    return inner
