"""Which files may be attached: by name, by what they begin with, by size."""

from __future__ import annotations

import unicodedata

import pytest
from pydantic_core import PydanticCustomError

from domain.attachments import (
    KINDS,
    check_file_name,
    describe_file,
    find_media_type,
    pretend_content,
    say_size,
)
from domain.lifecycle.forms import FieldRule
from domain.limits import LARGEST_FILES, LONGEST_FILE_NAME, MOST_FILES
from domain.problems import PROBLEMS
from domain.task.stepping import FieldValue, TakeStep
from domain.values import GivenFile, LocalText

LABEL = LocalText(ko="붙임", en="file")
MB = 1 << 20


def problem(given: str) -> str:
    with pytest.raises(PydanticCustomError) as raised:
        check_file_name(given)
    assert all(PROBLEMS[raised.value.type]), "in both languages"
    return raised.value.type


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "text_empty"),
        ("..", "file_name"),
        (".pdf", "file_name"),
        ("../계획.pdf", "file_name"),
        ("a/b.pdf", "file_name"),
        ("a\\b.pdf", "file_name"),
        ("c:a.pdf", "file_name"),
        ("CON.pdf", "file_name"),
        ("a\u202efdp.txt", "text_control"),
        ("a\u200b.pdf", "text_control"),
        ("a\x00.pdf", "text_control"),
        ("a\n.pdf", "text_control"),
        ("계" * 80 + ".pdf", "file_name_long"),
        ("a" * LONGEST_FILE_NAME + ".pdf", "text_too_long"),
        ("a.exe", "file_kind"),
        ("pdf", "file_kind"),
        ("a.pdf.html", "file_kind"),
    ],
)
def test_a_name_that_another_system_could_not_take_is_refused(given: str, expected: str) -> None:
    assert problem(given) == expected


def test_a_name_is_kept_composed_however_it_came() -> None:
    name = "추진 계획서(최종).PDF"
    assert check_file_name(unicodedata.normalize("NFD", name)) == name
    assert check_file_name(f"  {name} ") == name


@pytest.mark.parametrize("ending", KINDS)
def test_a_file_is_of_a_kind_only_where_its_content_begins_so(ending: str) -> None:
    own = pretend_content(f"a.{ending}")
    assert find_media_type(f"a.{ending}", own) == KINDS[ending].media
    assert find_media_type(f"a.{ending.upper()}", own + b" and more") == KINDS[ending].media
    for other in (b"", b"MZ\x90\x00\x03", b"\x00" * 100, *map(pretend_content, _others(ending))):
        with pytest.raises(PydanticCustomError, match="not what its name"):
            find_media_type(f"a.{ending}", other)


def _others(ending: str) -> list[str]:
    """Names of files of other kinds, of which those that are ZIPs of Microsoft's cannot be told apart by their begin."""
    alike = {one for one in KINDS if pretend_content(f"a.{one}") == pretend_content(f"a.{ending}")}
    return [f"a.{one}" for one in KINDS if one not in alike]


def test_a_korean_table_in_its_old_encoding_is_a_text() -> None:
    assert find_media_type("표.csv", "이름,금액\r\n축제,3\r\n".encode("cp949")) == "text/csv"


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (1023, "1023 B"), (340 << 10, "340 KB"), (5 * MB + 200_000, "5.2 MB")]
)
def test_a_size_is_said_as_people_read_it(size: int, said: str) -> None:
    assert say_size(size) == said


def test_a_form_says_how_large_a_file_may_be() -> None:
    rule = FieldRule(field="plan", label=LABEL, type="attachment", most="5")
    assert "5 MB" in rule.wanted.ko
    assert "at most 5 MB" in rule.wanted.en
    assert rule.read("계획.pdf", 5 * MB) == "계획.pdf"
    with pytest.raises(PydanticCustomError, match="above 5 MB"):
        rule.read("계획.pdf", 5 * MB + 1)
    unlimited = FieldRule(field="plan", label=LABEL, type="attachment")
    assert "at most 20 MB" in unlimited.wanted.en
    with pytest.raises(PydanticCustomError, match="above 20 MB"):
        unlimited.read("계획.pdf", 20 * MB + 1)


@pytest.mark.parametrize("most", ["0", "21", "5 MB", "1.5"])
def test_a_form_allows_no_more_than_the_program(most: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        FieldRule(field="plan", label=LABEL, type="attachment", most=most)


def attached(*sizes: int) -> TakeStep:
    form = tuple(
        FieldValue(field=f"f{number}", value="a.pdf", file=GivenFile(size=size, sha256="a" * 64))
        for number, size in enumerate(sizes)
    )
    return TakeStep(task="2027-01", step="hand_in", form=form)


def test_one_command_attaches_so_many_files_and_no_more() -> None:
    assert len(attached(*[1] * MOST_FILES).form) == MOST_FILES
    assert len(attached(*[20 * MB] * (LARGEST_FILES // 20)).form) == LARGEST_FILES // 20
    for sizes in ([1] * (MOST_FILES + 1), [20 * MB] * (LARGEST_FILES // 20) + [1]):
        with pytest.raises(ValueError, match="at most"):
            attached(*sizes)


def test_what_a_command_says_of_a_file_is_of_its_bytes() -> None:
    assert describe_file(b"abc") == GivenFile(
        size=3, sha256="ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
