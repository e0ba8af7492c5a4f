"""Korean particles follow the last sound of the word before them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Bilingual, Refusal
from trail.particles import Sound, fill, particle, resolve_particles, sound

KNOWN: dict[Sound, str] = {
    # 기관장을, 예산을, 영을, 삼을, 육을; 엠을, 엔을; 라인을, 네임을, 링을, 팩을, 맵을, 웹을
    "consonant": "기관장 시장 예산 갑 닭 값 10 2024-03 2024-Q3 16 KRM IBM GEN vpn plan line name living pack map web ‘예산’ 예산(안)",
    # 서울로, 일로, 칠로, 팔로; 엘로, 알로; 파일로, 테이블로, 카운슬로
    "l": "서울 마실 사실 1 2024-07 18 SQL HR html file table council jsonl 서울(시) ‘마실’ 0a9l",
    # 담당자를, 이를, 사를, 오를, 구를; 티를, 지를; 리포트를, 스타트를, 시트를
    "vowel": "담당자 감사 과제 2 4 15 2024-09 DRT KBS ACC G-Pass pdf gtc report start sheet server officer@gtc 50% “과제” 과제(2차) (과제) 9f",
}
EXPECTED = {
    "consonant": ("을", "이", "은", "과", "으로"),
    "l": ("을", "이", "은", "과", "로"),
    "vowel": ("를", "가", "는", "와", "로"),
}
FORMS = ("을(를)", "이(가)", "은(는)", "과(와)", "(으)로")

syllables = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
words = st.text(syllables, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("heard", "word"), [(heard, word) for heard, line in KNOWN.items() for word in line.split()]
)
def test_the_particle_follows_the_last_sound(heard: Sound, word: str) -> None:
    assert sound(word) == heard
    assert tuple(particle(word, form) for form in FORMS) == EXPECTED[heard]  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["", "…", "東京", "あ", "½", "Ω", "ㄱ"])
def test_an_unknown_sound_leaves_the_particle_open(word: str) -> None:
    assert [particle(word, form) for form in FORMS] == list(FORMS)  # type: ignore[arg-type]
    assert resolve_particles(f"{word}을(를)") == f"{word}을(를)"


@given(words)
def test_a_korean_word_goes_by_the_last_part_of_its_last_syllable(word: str) -> None:
    apart = unicodedata.normalize("NFD", word)
    final = apart[-1] if 0x11A8 <= ord(apart[-1]) <= 0x11C2 else ""
    assert sound(word) == {"": "vowel", "\u11af": "l"}.get(final, "consonant")
    assert sound(apart) == sound(word)


@given(
    words,
    st.sampled_from(["’", "”", "'", '"', "`", ")", "]", "』", "…", "/", "’(2차)", "(서울)", "(G-Pass)”"]),
)
def test_quotes_and_a_bracket_after_the_word_are_looked_through(word: str, after: str) -> None:
    assert sound(word + after) == sound(word)
    assert sound(f"‘{word}’") == sound(word)


@given(
    st.lists(st.one_of(st.sampled_from([*FORMS, "(", ")", "서울", "A"]), st.text()), max_size=8).map("".join)
)
def test_a_settled_text_stays_as_it_is(text: str) -> None:
    assert resolve_particles(resolve_particles(text)) == resolve_particles(text)


@given(st.text(), words)
def test_what_stands_in_the_values_is_left_as_it_is(text: str, word: str) -> None:
    value = f"{text} 을(를) {{}} 이(가) {word}"
    assert fill("‘{value}’을(를) 씀", value=value) == f"‘{value}’{particle(word, '을(를)')} 씀"
    assert fill("{0}이(가) {1}(으)로", value, word) == value + particle(
        word, "이(가)"
    ) + " " + word + particle(word, "(으)로")


class Unlike(Refusal):
    ko = "{what}을(를) {place}(으)로 옮길 수 없습니다: ‘{said}’은(는) {why}"
    en = "{what} cannot be moved to {place}."


def test_a_refusal_and_a_phrase_have_no_open_particle() -> None:
    refused = Unlike(
        what=Bilingual("개인정보", "personal details"),
        place="서울",
        said="DRT",
        why=Bilingual("감사 이력이(가) 막습니다.", ""),
    )
    assert refused.say("ko") == "개인정보를 서울로 옮길 수 없습니다: ‘DRT’는 감사 이력이 막습니다."
    assert refused.say("en") == "personal details cannot be moved to 서울."


# each as somebody reads it aloud, with the particle that follows
READ_ALOUD = """
2024-07|을, 이, 로|칠
2024-09|를, 가, 로|구
2024-10|을, 이, 으로|십
2024-12-31|을, 이, 로|일
2024-Q1|을, 이, 로|일
2024년 1분기|를, 가, 로|기
#5|를, 가, 로|오
14:00|을, 이, 으로|영
1,200|을, 이, 으로|백
12.5|를, 가, 로|오
40%|를, 가, 로|퍼센트
3.2℃|를, 가, 로|도
85㎡|를, 가, 로|제곱미터
5 km|를, 가, 로|킬로미터
12kg|을, 이, 으로|킬로그램
512 MB|를, 가, 로|메가바이트
3t|을, 이, 으로|톤
gto|를, 가, 로|오
gmcc|를, 가, 로|씨
drt|를, 가, 로|티
gjr|을, 이, 로|알
PDF|를, 가, 로|에프
XLSX|를, 가, 로|엑스
HTML|을, 이, 로|엘
JSON|을, 이, 으로|제이슨
CSV|를, 가, 로|브이
URL|을, 이, 로|엘
PostgreSQL|을, 이, 로|큐엘
Redis|를, 가, 로|레디스
planner|를, 가, 로|플래너
task_list|를, 가, 로|리스트
deadlines|를, 가, 로|데드라인스
unknown|을, 이, 으로|언노운
ok|를, 가, 로|오케이
`donghaeng doctor`|를, 가, 로|닥터
report-2024.json|을, 이, 으로|제이슨
office@gto.example|을, 이, 로|이그잼플
ab12cd|를, 가, 로|디
문화관광(축제)|을, 이, 으로|관광
‘시민 마실’|을, 이, 로|마실
"""


@pytest.mark.parametrize("line", READ_ALOUD.strip().split("\n"))
def test_ids_figures_and_letters_are_read_aloud(line: str) -> None:
    word, particles, heard = line.split("|")
    forms = ("을(를)", "이(가)", "(으)로")
    assert ", ".join(particle(word, form) for form in forms) == particles, heard  # type: ignore[arg-type]
