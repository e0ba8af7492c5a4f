"""Letters of a definition's own: what a template may hold, what it says, and that nothing of it reaches out or runs on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from domain.errors import BadInput, Lang
from domain.lifecycle import letter_templates
from domain.lifecycle.content import check_content, content_of
from domain.lifecycle.flaws import check_flaws
from domain.lifecycle.letter_templates import FILTERS, LONGEST_WRITTEN, MOST_NESTED, make_template
from domain.lifecycle.letter_values import BY_NAME, LETTER_VALUES, make_samples
from domain.lifecycle.letters import LetterRule, sample_words, write_words
from domain.lifecycle.model import Definition
from domain.limits import LONGEST_TITLE
from domain.values import LocalText
from workflows.definitions.templates import read_definition, templates

REVIEWED = Path(__file__).parents[2] / "data" / "definitions" / "reviewed.toml"
SAMPLE = make_samples("ko").ahead[0]
LETTER = {
    "letter": "soon",
    "ladder": "agency",
    "subject": {"ko": "{{ what }} 안내", "en": "{{ what }}"},
    "text": {"ko": "{{ due }}까지", "en": "by {{ due }}"},
}


def said(source: str, **values: str | int | bool) -> str:
    return make_template(source).write({**SAMPLE, **values})


def defined(*letters: dict[str, Any], **more: Any) -> Definition:
    known = templates()["donghaeng-2024/3"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    return check_content(known | {"name": "own", "version": 1, "letters": list(letters)} | more)


def refusal(*letters: dict[str, Any]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        check_flaws(defined(*letters))
    return caught.value


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ task }} {{ what }}", "2027-07 1분기 추진상황 보고"),
        ("{{ what }}을(를) {{ agency }}이(가)", "1분기 추진상황 보고를 광주관광공사가"),
        ("‘{{ title }}’은(는)", "‘축제 관람 동행’은"),
        ("{% if days_left <= 3 %}곧{% else %}아직{% endif %}", "곧"),
        ("{% if is_late %}늦음{% elif name == '김동행' and not stands_in %}{{ name }}{% endif %}", "김동행"),
        ("{{ name or office }}님", "김동행님"),
        ("{{ 'a {b} {0}' | upper }} {c} {% raw %}{{ x }}{% endraw %}", "A {B} {0} {c} {{ x }}"),
        ("{{ what if days_over else due }}", "2027. 4. 15.(목)"),
        ("{# nobody reads it #}{{ days_left }}", "3"),
        ("하나\n{% if is_late %}\n둘\n{% endif %}\n셋", "하나\n셋"),
    ],
)
def test_a_letter_says_its_values_and_settles_its_own_particles(source: str, words: str) -> None:
    assert said(source) == words


def test_nothing_of_a_value_is_a_template_a_particle_or_turns_the_line() -> None:
    nasty = "{{ city }} {% if %} {0} 보고을(를) \u202e<b>나"
    assert said("{{ title }}이(가)", title=nasty) == "{{ city }} {% if %} {0} 보고을(를) [U+202E]<b>나가"


REFUSED = {
    "{{ ''.__class__ }}": ("letter_not_allowed", "."),
    "{{ title.upper() }}": ("letter_not_allowed", "( )"),
    "{{ title['__class__'] }}": ("letter_not_allowed", "[ ]"),
    "{% for one in range(10**9) %}x{% endfor %}": ("letter_not_allowed", "for"),
    "{{ range(10**9) }}": ("letter_not_allowed", "( )"),
    "{{ 'a' * 10**9 }}": ("letter_not_allowed", "*"),
    "{{ 2 ** days_left }}": ("letter_not_allowed", "**"),
    "{{ title ~ title }}": ("letter_not_allowed", "~"),
    "{% set a = title %}": ("letter_not_allowed", "set"),
    "{% macro a() %}{% endmacro %}": ("letter_not_allowed", "macro"),
    "{% include '/etc/passwd' %}": ("letter_not_allowed", "include"),
    "{% import 'x' as y %}": ("letter_not_allowed", "import"),
    "{% extends 'x' %}": ("letter_not_allowed", "extends"),
    "{% block a %}{% endblock %}": ("letter_not_allowed", "block"),
    "{{ title | attr('__class__') }}": ("letter_not_allowed", "|attr"),
    "{{ title | center(100000000) }}": ("letter_not_allowed", "|center"),
    "{{ title | upper('x') }}": ("letter_not_allowed", "|upper"),
    "{{ title is defined }}": ("letter_not_allowed", "is"),
    "{% if 'a' in title %}x{% endif %}": ("letter_not_allowed", "in"),
    "{{ 1.5 }}": ("letter_not_allowed", "1.5"),
    "{{ title if is_late }}": ("letter_not_allowed", "… if … (else)"),
    "{{ self }}": ("letter_unknown_name", None),
    "{{ recipient }}": ("letter_unknown_name", None),
    "{% if title < 3 %}x{% endif %}": ("letter_types", None),
    "{{ title or 3 }}": ("letter_types", None),
    "{{ days_left | upper }}": ("letter_types", None),
    "{{ is_late }}": ("letter_prints_bool", None),
    "{{ not title }}": ("letter_prints_bool", None),
    "{{ title": ("letter_syntax", None),
    "{% if is_late %}": ("letter_syntax", None),
    "{% do x %}": ("letter_syntax", None),
    "{% if is_late %}" * 20 + "x" + "{% endif %}" * 20: ("letter_too_deep", None),
    "{{ " + "(" * 3000 + "title" + ")" * 3000 + " }}": ("letter_too_deep", None),
    "{{ " + "not " * 1800 + "title }}": ("letter_too_deep", None),
    "{{ title }}" * 700: ("letter_too_much", None),
    "{{ " + "9" * 6000 + " }}": ("letter_too_much", None),
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_more_than_values_and_if_is_refused_before_anything_runs(source: str) -> None:
    began = time.process_time()
    with pytest.raises(PydanticCustomError) as caught:
        make_template(source)
    kind, what = REFUSED[source]
    assert caught.value.type == kind
    assert what is None or (caught.value.context is not None and caught.value.context["what"] == what)
    assert time.process_time() - began < 5  # the worst takes hundredths of a second


def test_without_the_list_a_loop_would_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the sandbox alone lets it pass."""
    source = "{% for one in 'abc' %}{{ one }}{% endfor %}"
    with pytest.raises(PydanticCustomError):
        make_template(source)
    monkeypatch.setattr(letter_templates, "_check_node", lambda *_: None)
    monkeypatch.setattr(letter_templates, "_type_of", lambda _: letter_templates._Typed("text", 1))
    make_template.cache_clear()
    assert said(source) == "abc"
    make_template.cache_clear()


def test_without_the_types_a_letter_could_fail_on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(letter_templates, "_type_of", lambda _: letter_templates._Typed("text", 1))
    make_template.cache_clear()
    with pytest.raises(TypeError):
        said("{% if title < 3 %}x{% endif %}")
    make_template.cache_clear()


_NAMES = st.sampled_from([one.name for one in LETTER_VALUES])
_PARTS = st.recursive(
    st.one_of(
        st.builds("{{{{ {} }}}}".format, _NAMES),
        st.builds("{{{{ {} | {} }}}}".format, _NAMES, st.sampled_from([*FILTERS])),
        st.builds("{{{{ {} or {} }}}}".format, _NAMES, _NAMES),
        st.sampled_from(["을(를)", "이(가)", "{", "}}", "가", "\n", "<b>"]),
    ),
    lambda inner: st.builds(
        "{{% if {} {} {} %}}{}{{% else %}}{}{{% endif %}}".format,
        _NAMES,
        st.sampled_from(["==", "<", "and", ">="]),
        st.one_of(_NAMES, st.sampled_from(["3", "'x'"])),
        inner,
        inner,
    ),
    max_leaves=6,
)


@given(st.lists(_PARTS, max_size=4).map("".join), st.sampled_from(["ko", "en"]))
@settings(max_examples=300, deadline=None)
def test_a_letter_that_is_taken_can_always_be_written(source: str, lang: Lang) -> None:
    try:
        template = make_template(source)
    except PydanticCustomError:
        return
    samples = make_samples(lang)
    for values in (*samples.ahead, *samples.over):
        assert len(template.write(values)) <= len(source) + 50 * source.count("{{")


def test_it_is_cut_before_it_is_without_end() -> None:
    assert len(said("{{ title }}" * 200, title="가" * 200)) == LONGEST_WRITTEN


def test_every_value_has_its_kind_of_sample_in_both_languages() -> None:
    for lang in ("ko", "en"):
        samples = make_samples(lang)  # type: ignore[arg-type]
        for values in (*samples.ahead, *samples.over):
            assert values.keys() == BY_NAME.keys()
            for name, value in values.items():
                kind = {"text": str, "int": int, "bool": bool}[BY_NAME[name].type]
                assert type(value) is kind
                assert value != "" or BY_NAME[name].absent


@pytest.mark.parametrize(
    ("change", "entry", "ko", "en"),
    [
        ({"text": {"ko": "{{ wat }}", "en": "x"}}, "letters[soon].text.ko", "1행의 ‘wat’", "line 1"),
        ({"text": {"ko": "x", "en": "a\nb\n{% if %}"}}, "letters[soon].text.en", "3행을 읽을", "at line 3"),
        ({"text": {"ko": "x" * 8001, "en": "x"}}, "letters[soon].text.ko", "8000자", "8000 character"),
        (
            {"text": {"ko": "{% for a in b %}{% endfor %}", "en": "x"}},
            "letters[soon].text.ko",
            "‘for’",
            "“for”",
        ),
        ({"text": {"ko": "{{ ''.__class__ }}", "en": "x"}}, "letters[soon].text.ko", "‘.’", "“.”"),
        ({"text": {"ko": "x"}}, "letters[soon].text.en", "빠졌습니다", "missing"),
        ({"text": {"ko": "가\u202e나", "en": "x"}}, "letters[soon].text.ko", "", ""),
        ({"subject": {"ko": "", "en": "x"}}, "letters[soon].subject.ko", "비어", "empty"),
        ({"subject": {"ko": "a\nBcc: b@c.example", "en": "x"}}, "letters[soon].subject.ko", "", ""),
        ({"subject": {"ko": "x"}}, "letters[soon].subject.en", "빠졌습니다", "missing"),
        ({"subject": {"en": "x"}}, "letters[soon].subject.ko", "빠졌습니다", "missing"),
        (
            {"subject": {"ko": "{{ name }}", "en": "x"}},
            "letters[soon].subject.ko",
            "아무 말도",
            "says nothing",
        ),
        (
            {"subject": {"ko": "{{ where }}" * 9, "en": "x"}},
            "letters[soon].subject.ko",
            "200자를",
            "200 character",
        ),
        ({"sender": {"ko": "가\r\nBcc: x", "en": "x"}}, "letters[soon].sender.ko", "", ""),
        ({"sender": {"ko": "가" * 61, "en": "x"}}, "letters[soon].sender.ko", "60자", "60 character"),
        ({"ladder": "none"}, "letters[soon].ladder", "‘none’", "“none”"),
        ({"days": [2]}, "letters[soon].days[0]", "2일째", "rung of day 2"),
    ],
)
def test_a_letter_that_cannot_go_out_is_refused_by_its_entry_in_both_languages(
    change: dict[str, Any], entry: str, ko: str, en: str
) -> None:
    found = refusal(LETTER | change)
    assert found.details["field"] == entry
    assert ko in found.say("ko")
    assert en in found.say("en")
    assert found.say("ko") != found.say("en")


def test_two_letters_for_one_rung_are_refused() -> None:
    assert refusal(LETTER, LETTER | {"letter": "other"}).details["field"] == "letters[other].days"
    assert refusal(LETTER, LETTER).details["field"] == "letters[1].letter"
    one, two = LETTER | {"days": [-1, 0]}, LETTER | {"letter": "other", "days": [0]}
    assert refusal(one, two).details["field"] == "letters[other].days"


def test_a_rungs_own_letter_goes_before_that_of_the_ladder() -> None:
    by = defined(LETTER, LETTER | {"letter": "over", "days": [1]})
    assert by.letter_for("start", 1) == "own/1/over"
    assert by.letter_for("start", -1) == "own/1/soon"
    assert by.letter_for("decision", -1) is None  # of another ladder
    assert by.letter_for("nothing", -1) is None


def test_what_was_never_checked_goes_in_the_programs_words() -> None:
    """A log of elsewhere may hold a definition that nobody here would adopt."""
    rule = LetterRule.model_validate(LETTER | {"text": {"ko": "{{ ''.__class__ }}", "en": "x"}})
    assert write_words(rule, "ko", SAMPLE) is None
    assert write_words(rule, "en", SAMPLE) is not None
    empty = LetterRule.model_validate(LETTER | {"text": {"ko": "{{ name }}", "en": "x"}})
    assert write_words(empty, "ko", {**SAMPLE, "name": ""}) is None


def test_a_subject_is_one_line_and_no_longer_than_a_title() -> None:
    rule = LetterRule.model_validate(LETTER | {"subject": {"ko": "{{ title }}", "en": "x"}})
    told = write_words(rule, "ko", {**SAMPLE, "title": "가\r\nBcc: b@c.example " + "나" * 300})
    assert told is not None
    assert told.subject.startswith("가[U+000D] Bcc: b@c.example 나")
    assert "\n" not in told.subject
    assert len(told.subject) == LONGEST_TITLE


def test_the_example_says_what_there_is_and_no_more() -> None:
    by = read_definition(REVIEWED)
    coming = by.letter("coming")
    assert coming is not None
    full, least = sample_words(coming, "ko")
    assert full.subject == "[광주광역시] 2027-07 1분기 추진상황 보고 안내(2027. 4. 15.(목)까지)"
    assert "‘축제 관람 동행’의 1분기 추진상황 보고를 2027. 4. 15.(목)까지" in full.text
    assert ("전에 알려 드린" in full.text, "전에 알려 드린" in least.text) == (True, False)
    assert full.sender == "광주광역시 협업과제 담당"
    overdue = by.letter("overdue")
    assert overdue is not None
    assert {one.subject for one in sample_words(overdue, "en")} == {
        "[Gwangju] 2027-07: the progress report for Q1 is 2 business days overdue"
    }


def test_what_a_definition_says_without_letters_is_stored_as_before() -> None:
    content = content_of(templates()["donghaeng-2024/3"])
    assert "letters" not in content
    assert "quiet_days" not in content
    assert (
        LocalText(ko="a", en="b")
        == LetterRule.model_validate(LETTER | {"text": {"ko": " a\n", "en": "b"}}).text
    )
    assert MOST_NESTED < 50
