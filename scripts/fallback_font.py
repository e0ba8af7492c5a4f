"""Makes the report's second font out of NanumGothic: the letters that its first one has not (fonts/README.md).

`python -m scripts.fallback_font DIR`: DIR holds NanumGothic.ttf and NanumGothicBold.ttf. The same fonts give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from projections.report.letters import FALLBACK, FONTS, first_font

_SOURCES = {"Regular": "NanumGothic.ttf", "Bold": "NanumGothicBold.ttf"}


def subset_font(source: Path, weight: str) -> bytes:
    """A font of another name, since its licence reserves its own, with a table of 32-bit letters."""
    from io import BytesIO  # noqa: PLC0415

    from fontTools.subset import Options, Subsetter  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable  # noqa: PLC0415

    options = Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    with TTFont(source, recalcTimestamp=False) as font:
        missing = sorted(
            letter for letter in font.getBestCmap() if letter > 0x7F and letter not in first_font()
        )
        subset = Subsetter(options)
        subset.populate(unicodes=missing)
        subset.subset(font)
        table = CmapSubtable.newSubtable(12)
        table.platformID, table.platEncID, table.language = 3, 10, 0
        table.cmap = dict(font.getBestCmap())
        font["cmap"].tables = [*(one for one in font["cmap"].tables if one.platformID == 3), table]
        one_word = FALLBACK.replace(" ", "")
        names = {
            1: FALLBACK,
            2: weight,
            3: f"{one_word}-{weight}",
            4: f"{FALLBACK} {weight}",
            6: f"{one_word}-{weight}",
        }
        names[13] = "SIL Open Font License, Version 1.1; cut from NanumGothic, NAVER Corporation"
        names[14] = "https://scripts.sil.org/OFL"
        for record in list(font["name"].names):
            if record.platformID != 3:
                font["name"].removeNames(platformID=record.platformID)
        for identity, said in names.items():
            font["name"].setName(said, identity, 3, 1, 0x409)
        for language in {one.langID for one in font["name"].names} - {0x409}:
            font["name"].removeNames(langID=language)
        made = BytesIO()
        font.save(made, reorderTables=True)
        return made.getvalue()


def main(folder: Path) -> None:
    for weight, name in _SOURCES.items():
        (FONTS / f"{FALLBACK.replace(' ', '')}-{weight}.ttf").write_bytes(subset_font(folder / name, weight))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
