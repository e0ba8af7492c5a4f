"""How a Korean sentence has to end where it is shown, and how Korean is spaced and English counts: rules over the sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scripts.sentences.collecting import HANGUL, Sentence

_FULL_STOP = re.compile(r"(?P<last>[가-힣])(?:\s?\([^()]*\))?\.(?=\s|$)")
_VERB = re.compile(r"(?:다|십시오|까|요)$")  # what is no noun, nor a hole
_NOT_POLITE = re.compile(r"(?<!니)다$|(?<![처다마])음$|(?<![포])함$|됨$|(?<![모책담])임$")
_PLAIN = re.compile(r"(?<!니)다$|(?:하라|해라)$")
# found and told in a line of a table; and what simulated people write themselves
_FREE = ("workers/doctor/", "workflows/simulation/")

# what is wrong, by the pattern that shows it; the words before it are as the National Institute's rules have them
SPACING: Mapping[str, re.Pattern[str]] = {
    "two spaces": re.compile(r"(?<=\S)  +(?=\S)(?!\{)"),
    "a space before a mark": re.compile(r"(?<=[가-힣])\s+[,.:;?!)](?=\s|$)"),
    "no space after a comma": re.compile(r"[가-힣],(?=[가-힣])"),
    "수 stands by itself": re.compile(r"[할될볼쓸낼둘킬올갈살릴]수(?=\s?(?:있|없))"),
    "것 stands by itself": re.compile(r"(?<=[가-힣])(?:한|할|된|될|는|은)것(?=[은이을도과만]|\s|$)"),
    "때 stands by itself": re.compile(r"(?:할|될|일)때"),
    "뿐 after a noun joins it": re.compile(r"[건개명것] 뿐"),
    "만큼, 대로 after a noun join it": re.compile(r"[건개명것] (?:만큼|대로)"),
    "및 stands by itself": re.compile(r"(?<=[가-힣])및|및(?=[가-힣])"),
    "등 stands by itself": re.compile(r"[서획고관]등(?=[을이의]|\s|$)"),
    "a unit joins its figure": re.compile(
        r"[0-9}] (?:건|개|명|일|원|점|초|행|자|번째)(?=[^가-힣]|입|이|을|의|$)"
    ),
    "되/돼": re.compile(r"됬|되요|되서|(?<!제)안되(?=[어었])|되어져|보여지|쓰여지"),
    "spelling": re.compile(
        r"몇일|왠지요|웬지|금새|역활|어떻해|할께|할꺼|않하|갯수|댓가|촛점|싯점|헛점|뵈요|바램|설레임|들어나|일일히|번번히|곰곰히|틈틈히|깨끗히|따뜻히|솔직이|꼼꼼이|가능한 한도|하므로써|함으로서|로써의|개재되|결제 위임|재재|재개발행|구지|어의없|희안|낫다고|문안하|오랫만|요컨데|예컨데|컨데|든지간|던지 (?:하|간)|문자셋|메세지|컨텐츠|디렉토리|에러|데이타|싸이트|레포트"
    ),
}
_COUNTED = re.compile(
    r"\{(?!many)\w+[^{}]*\}(?: (?:business|changed|key|more|old|new|open))? (?:characters|days|points|facts|bytes|rows|indicators|deadlines|milestones|"
    r"proposals|holidays|findings|streams|mails|files|keys|tasks|agencies|jobs|reminders|events|witnesses|matches|values|"
    r"seconds|members|persons|standbys|entries|commands|faults|functions)\b(?!\()"
)


def faults_of_style(one: Sentence, papers: bool) -> Iterator[str]:
    """-함/-음 in papers, 하십시오체 on screens and in mails; names and labels, which end without a full stop, are free."""
    for stop in _FULL_STOP.finditer(one.ko):
        word = one.ko[: stop.end("last")].split()[-1]
        if papers and _VERB.search(word):
            yield f"ends in “{word}”, not in -함 or -음"
        if not papers and _NOT_POLITE.search(word) and not one.path.startswith(_FREE):
            yield f"ends in “{word}”, not in -니다 or -십시오"
    if _PLAIN.search(one.ko.rstrip(". ")):
        yield "ends in the plain form"


def faults_of_spacing(one: Sentence) -> Iterator[str]:
    yield from (name for name, pattern in SPACING.items() if pattern.search(one.ko))


def faults_of_english(one: Sentence) -> Iterator[str]:
    """A number that anything may be stands before a plural, or Korean is left in it."""
    if found := _COUNTED.search(one.en):
        yield f"“{found[0]}” is wrong for 1: write the ending open, as in “{{n}} fact(s)”, or use `many`"
    if HANGUL.search(one.en):
        yield "holds Korean"
