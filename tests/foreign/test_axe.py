"""The report's page held against axe-core in a browser: no violation, and nothing that it cannot decide."""

from __future__ import annotations

import html as markup
import re
import subprocess
from pathlib import Path

import pytest

from domain.errors import Lang
from projections.report.document import LANGS
from projections.report.html import html
from tests.foreign.tools import axe, browser
from tests.projections.report.two_years import both_years, reported

_RUN = """<script>axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(found => {
  const told = document.createElement("pre"); told.id = "axe-told";
  told.textContent = [...found.violations, ...found.incomplete].map(one => one.id + " " + one.nodes[0].target).join("\\n")
    + "\\nwidth " + innerWidth + "\\npasses " + found.passes.length;
  document.body.appendChild(told); });</script>"""


def findings(page: str, folder: Path, width: int) -> list[str]:
    """What axe finds or leaves undecided on a screen of this width, in pixels."""
    file = folder / "page.html"
    file.write_text(page.replace("</body>", f"<script>{axe()}</script>{_RUN}</body>"), encoding="utf-8")
    run = subprocess.run(
        [browser(), "--no-sandbox", "--disable-gpu", f"--window-size={width},900",
         "--virtual-time-budget=120000", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = re.search(r'<pre id="axe-told">(.*?)</pre>', run.stdout, re.S)
    assert told is not None, "axe said nothing"
    *found, wide, passes = markup.unescape(told[1]).splitlines()
    assert wide == f"width {width}"
    assert int(passes.removeprefix("passes ")) > 20
    return [one for one in found if one]


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("lang", LANGS)
def test_axe_finds_nothing_on_a_wide_and_a_narrow_screen(tmp_path: Path, lang: Lang, width: int) -> None:
    assert findings(html(reported(both_years()), lang).decode(), tmp_path, width) == []


def test_axe_finds_what_is_wrong(tmp_path: Path) -> None:  # the control
    page = html(reported(both_years()), "ko").decode().replace("--soft: #474747", "--soft: #d0d0d0")
    assert any(one.startswith("color-contrast") for one in findings(page, tmp_path, 1200))
