"""The same facts make the same report, file by file, wherever and whenever; and what differs is named."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import vl_convert
from msgspec.structs import replace

from domain.errors import in_language
from projections.report.as_json import as_json
from projections.report.document import LANGS, figures
from projections.report.formats import FORMATS
from projections.report.html import html
from projections.report.making import log_of, report
from projections.report.publishing import ReportPlace, publish, write_report
from projections.report.verifying import OtherFacts, ReportDiffers, verify
from store.log import Store
from tests.projections.report.two_years import MADE, both_years, put, reported

TOP = Path(__file__).parents[3]


def made_by_a_process(dsn: str, out: Path, clock: str, zone: str, seed: str) -> dict[str, bytes]:
    subprocess.run(
        [sys.executable, "-m", "tests.projections.report.report_program", clock, dsn, str(out)],
        cwd=TOP,
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LANG": "C" if seed == "1" else "ko_KR.UTF-8"},
        check=True,
    )
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_processes_with_other_clocks_zones_hash_seeds_and_folders_make_the_same_bytes(
    store: Store, app_dsn: str, tmp_path: Path
) -> None:
    put(store, both_years())
    one = made_by_a_process(app_dsn, tmp_path / "one", "2025-03-02T03:04:05Z", "Asia/Seoul", "1")
    other = made_by_a_process(app_dsn, tmp_path / "other", "2031-11-12T13:14:15Z", "America/New_York", "2")
    assert set(one) == {"report-2024.json", *(f"report-2024.ko.{form}" for form in FORMATS if form != "json")}
    assert {name for name in one if one[name] != other[name]} == set()


def test_a_report_is_the_same_after_other_reports_and_after_later_facts(store: Store, tmp_path: Path) -> None:
    facts = both_years()
    put(store, facts[:-6])
    write_report(store, 2024, ["html", "json"], "ko", tmp_path)
    put(store, facts[-6:])
    write_report(store, 2023, ["html"], "en", tmp_path)
    assert report(store, 2024)[0].provenance.position == len(facts)
    for name in ("report-2024.ko.html", "report-2024.json"):
        assert verify(store, tmp_path / name).recipe.position == len(facts) - 6


@pytest.mark.parametrize(
    ("form", "had", "has", "where", "said"),
    [
        ("html", ">KRW 1,400<", ">KRW 1,500<", "summary.budget", "KRW 1,500"),
        ("html", 'data-figure="summary.tasks" data-facts="', "\\g<0>1 ", "summary.tasks facts", "1 "),
        ("html", ">Culture<", ">Cultures<", "brief-next ", "Cultures"),
        ("html", "for whoever leads now.", "for whoever led then.", "reminders ", "whoever led then"),
        ("json", '"value": 1400', '"value": 1500', "sections[1]", "1500"),
    ],
)
def test_what_was_changed_in_a_file_is_named_as_it_is_read(
    store: Store, tmp_path: Path, form: str, had: str, has: str, where: str, said: str
) -> None:
    """A figure by its id, a text by where it stands; no attribute of the page is shown."""
    put(store, both_years())
    _, (file,) = write_report(store, 2024, [form], "en", tmp_path)
    whole = file.read_text()
    pattern = re.escape(had)
    assert re.search(pattern, whole), had
    file.write_text(re.sub(pattern, has, whole, count=1))
    with pytest.raises(ReportDiffers) as refused:
        verify(store, file)
    told = refused.value.details
    assert str(told["where"]).startswith(where)
    assert said in str(told["had"])
    assert said not in str(told["again"])
    assert "data-" not in refused.value.say("en")
    assert '="' not in refused.value.say("en")


def zipped_again(content: bytes, part: str, had: str, has: str) -> bytes:
    """The archive as somebody would make it who changed one part."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as archive, ZipFile(made, "w") as changed:
        for name in archive.namelist():
            text = archive.read(name)
            if name == part:
                assert had.encode() in text
                text = text.replace(had.encode(), has.encode(), 1)
            changed.writestr(name, text)
    return made.getvalue()


@pytest.mark.slow
def test_what_was_changed_in_a_file_on_paper_is_named(store: Store, tmp_path: Path) -> None:
    """A cell's figure or a text by its place; a damaged part by its name; the same content packed anew by its bytes."""
    put(store, both_years())
    write_report(store, 2024, ["xlsx", "hwpx"], "en", tmp_path)
    for form, part, had, has, says in (
        ("xlsx", "xl/worksheets/sheet3.xml", "<v>1400</v>", "<v>1500</v>", ("Summary ", "“1500”", "“1400”")),
        ("xlsx", "xl/worksheets/sheet2.xml", 'ht="', 'ht="9', ("xl/worksheets/sheet2.xml", "SHA-256")),
        ("hwpx", "Contents/section0.xml", ">KRW 1,400<", ">KRW 1,500<", ("section0.xml ", "“KRW 1,500”")),
        ("xlsx", "xl/styles.xml", "", "", ("byte",)),
    ):
        file = tmp_path / f"report-2024.en.{form}"
        whole = file.read_bytes()
        assert verify(store, file).bytes == len(whole)  # the control
        file.write_bytes(zipped_again(whole, part, had, has))
        with pytest.raises(ReportDiffers) as refused:
            verify(store, file)
        for word in says:
            assert word in refused.value.say("en")
        file.write_bytes(whole)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_one_byte_anywhere_is_found_and_its_place_told(store: Store, tmp_path: Path, form: str) -> None:
    put(store, both_years())
    # the byte may lie in what the file says of its making; then the JSON beside it tells
    _, (file, *_) = write_report(store, 2024, list(dict.fromkeys([form, "json"])), "ko", tmp_path)
    whole = file.read_bytes()
    for at in (len(whole) // 3, len(whole) // 2, len(whole) * 9 // 10):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(ReportDiffers) as refused:
            verify(store, file)
        told = refused.value.details
        assert told["where"]
        assert in_language(told["had"], "ko") != in_language(told["again"], "ko"), "what differs can be seen"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_another_stores_facts_is_not_called_a_changed_one(
    store: Store, tmp_path: Path, form: str
) -> None:
    put(store, both_years())
    file = tmp_path / f"report-2024.ko.{form}"
    document, _ = report(store, 2024)

    def written(log: str) -> bytes:
        made = replace(document.provenance, log=log)
        return FORMATS[form].render(replace(document, provenance=made), "ko")

    for log, refusal in (("ab" * 32, OtherFacts), ("", ReportDiffers)):  # "": made before reports said this
        file.write_bytes(written(log))
        with pytest.raises(refusal):
            verify(store, file)
    file.write_bytes(written(log_of(store)))
    assert verify(store, file).recipe.log == log_of(store)  # the control


def test_where_no_fact_is_a_file_of_a_stores_facts_is_another_stores(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "report-2024.json"
    file.write_bytes(as_json(reported(both_years(), made=replace(MADE, log="ab" * 32)), "ko"))
    with pytest.raises(OtherFacts) as refused:
        verify(store, file)
    for lang in LANGS:
        assert "abababababab" in refused.value.say(lang)
        assert f"donghaeng report verify {file} --data" in refused.value.say(lang)


def test_a_file_of_another_program_says_so(store: Store, tmp_path: Path) -> None:
    put(store, both_years())
    document, _ = write_report(store, 2024, ["json"], "en", tmp_path)
    file = tmp_path / "report-2024.json"
    file.write_bytes(file.read_bytes().replace(document.provenance.code.encode(), b"0.0.9+older"))
    with pytest.raises(ReportDiffers) as refused:
        verify(store, file)
    assert "0.0.9+older" in refused.value.say("ko")
    assert "provenance.code" in refused.value.say("en")


def test_json_holds_every_figure_with_its_value_in_both_languages() -> None:
    document = reported(both_years())
    whole = json.loads(as_json(document, "ko"))
    assert as_json(document, "ko") == as_json(document, "en")
    assert {
        identity: one["value"] for identity, one in whole["figures"].items() if one["kind"] != "text"
    } == {identity: one.value for identity, one in figures(document).items() if one.kind != "text"} | {
        identity: one.value.isoformat()
        for identity, one in figures(document).items()
        if one.kind == "date" and hasattr(one.value, "isoformat")
    }
    assert whole["figures"]["summary.budget"]["label"] == {"ko": "예산", "en": "Budget"}


def test_nothing_is_left_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportPlace):
        publish(tmp_path / "file", {"a": b"1"})
    (tmp_path / "out" / "b").mkdir(parents=True)
    with pytest.raises(ReportPlace):
        publish(tmp_path / "out", {"b": b"2"})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b"]
    with pytest.raises(ReportPlace):
        publish(tmp_path / "new" / "deep", {"a": b"1", "in/no/folder": b"2"})
    assert not (tmp_path / "new").exists()
    publish(tmp_path / "new" / "deep", {"a": b"1"})  # the control
    assert [path.name for path in (tmp_path / "new" / "deep").iterdir()] == ["a"]


def test_a_drawing_does_not_depend_on_what_was_drawn_before() -> None:
    document = reported(both_years())
    first = html(document, "ko")
    html(reported(both_years(), 2023), "en")
    assert html(document, "ko") == first


def test_as_the_engine_draws_it_its_marks_would_be_counted_on() -> None:  # the control
    spec = {
        "data": {"values": [{"a": 1, "b": 2}]},
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": {"field": "a", "type": "quantitative"},
            "y": {"field": "b", "type": "quantitative"},
        },
    }
    assert len({vl_convert.vegalite_to_svg(spec) for _ in range(2)}) == 2
