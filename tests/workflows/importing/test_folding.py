"""Names that look alike are alike, and those that are not stay apart."""

from __future__ import annotations

import unicodedata

import pytest

from workflows.importing.folding import Directory, fold, tidy

NAME = "문화·여가환경 조성(1단계)"


@pytest.mark.parametrize(
    "written",
    [
        *(NAME.replace("·", dot) for dot in "·ㆍ‧∙•・･⋅"),
        *(NAME.replace(" ", space) for space in ("\u00a0", "  ", "", "\u3000", "\n", "\r\n", "\u2003", "\t")),
        *(NAME[:3] + unseen + NAME[3:] for unseen in ("\u200b", "\ufeff", "\u200d", "\u2060", "\u00ad")),
        unicodedata.normalize("NFD", NAME),
        NAME.replace("(", "（").replace(")", "）").replace("1", "１"),
        f"  {NAME} ",
    ],
)
def test_a_name_is_the_same_however_it_is_written(written: str) -> None:
    assert written == NAME or written != NAME
    assert fold(written) == fold(NAME)


def test_without_folding_they_would_be_others() -> None:  # the control
    assert (
        len({NAME, unicodedata.normalize("NFD", NAME), NAME.replace("·", "ㆍ"), NAME.replace(" ", "\u00a0")})
        == 4
    )


@pytest.mark.parametrize(
    "other", ["문화·여가환경 조성(2단계)", "문화여가환경 조성(1단계)", "문화·여가환경 조성"]
)
def test_other_names_stay_others(other: str) -> None:
    assert fold(other) != fold(NAME)


@pytest.mark.parametrize(
    "written",
    [
        "(재)광주문화재단",
        "재단법인 광주문화재단",
        "㈜광주문화재단",
        "（재） 광주문화재단",
        "광주문화재단(재)",
        "광주문화재단 주식회사",
    ],
)
def test_a_legal_form_is_no_part_of_a_name(written: str) -> None:
    found = Directory([("광주문화재단", "gjcf"), ("광주관광공사", "gto")]).find(written)

    assert (found.ids, found.bent) == (frozenset({"gjcf"}), True)


def test_a_name_that_stands_so_goes_before_one_that_is_only_alike() -> None:
    both = Directory([("(재)빛고을", "one"), ("(사)빛고을", "two")])

    assert both.find("(재) 빛고을").ids == {"one"}
    assert both.find("빛고을").ids == {"one", "two"}
    assert both.find("없는 기관").ids == frozenset()


def test_a_letter_that_cp949_lost_is_found_where_only_one_name_can_be_meant() -> None:
    areas = Directory([("문화‧여가", "culture"), ("관광", "tour")])

    assert areas.find("문화?여가").ids == {"culture"}
    assert Directory([("가‧나", "a"), ("가🙂나", "b")]).find("가?나").ids == {"a", "b"}


def test_what_is_stored_is_put_together_without_what_nobody_sees_and_with_plain_spaces() -> None:
    assert tidy(unicodedata.normalize("NFD", "시범\u00a0과제\u200b\ufeff ")) == "시범 과제"
    assert tidy("첫 줄 \r\n 둘째\u3000줄") == "첫 줄\n둘째 줄"


def test_what_joins_or_turns_letters_is_not_dropped_in_silence() -> None:
    assert tidy("👨\u200d👩") == "👨\u200d👩"
    assert tidy("가\u202e나") == "가\u202e나"
