"""index.html of a pack: what happened in words, what was proved, how to check it, which keys to compare. Self-contained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from domain.errors import Lang
from domain.seoul import SEOUL
from projections.trail.packing import Event, Place
from projections.trail.signed import clock

_STYLE = """
:root { color-scheme: light dark } body { font: 1rem/1.6 sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #767676; padding: .4rem; text-align: left; vertical-align: top }
code, pre { overflow-wrap: anywhere; white-space: pre-wrap } caption { text-align: left; font-weight: bold }
body { word-break: keep-all; overflow-wrap: break-word } time, thead th { white-space: nowrap } td:last-child { overflow-wrap: anywhere; width: 30% }
.warning { border: 3px solid #b00020; padding: .5rem }
"""


def page(place: Place, events: Sequence[Event], asked_for: tuple[str, str], reason: str) -> str:
    """`asked_for`: in Korean and English; `reason`: why it was exported."""
    parts = [_part(place, events, asked_for[lang == "en"], reason, lang) for lang in _LANGS]
    return (
        '<!DOCTYPE html>\n<html lang="ko">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>동행 감사 증거 묶음 · Donghaeng audit pack</title><style>{_STYLE}</style></head>\n<body>\n"
        '<nav aria-label="언어 · Language"><a href="#ko">한국어</a> · <a href="#en" lang="en">English</a></nav>\n'
        f"<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


_LANGS: tuple[Lang, Lang] = ("ko", "en")


def _part(place: Place, events: Sequence[Event], asked_for: str, reason: str, lang: Lang) -> str:
    def say(ko: str, en: str) -> str:
        return ko if lang == "ko" else en

    at = place.checkpoint
    asked = [event for event in events if event.asked]
    others = [event for event in events if not event.asked]
    level = [
        f'<section id="{lang}" lang="{lang}">\n<h1>{say("동행 감사 증거 묶음", "Donghaeng audit pack")}</h1>\n',
        f"<p>{escape(asked_for)} · {say('사유', 'Reason')}: {escape(reason)}</p>\n",
        _warning(place, lang),
        _table(asked, say("요청한 사건", "Events asked for"), lang),
    ]
    if others:
        what = say(
            "함께 담은 사건: 시각의 근거, 지워진 글과 개인정보",
            "Events that come along: what shows the times, what was redacted or erased",
        )
        level.append(_table(others, what, lang))
    level += [
        f"<h2>{say('무엇이 증명되는가', 'What is proved')}</h2>\n<p>",
        say(
            f"위의 사건은 모두 크기 {at.size:,}의 체크포인트(기록 이름 {escape(at.origin)})에 들어 있으며, 한 글자도 바뀌지 않았습니다. "
            "글(사유·보고 내용)은 사건이 확약한 것과 같습니다. 개인정보는 들어 있지 않고 무작위 번호만 있습니다. "
            "이 화면의 문장 자체는 서명되지 않았습니다. 서명된 것은 events/ 의 원문이며 문장은 그것을 풀어 쓴 것입니다.",
            f"Each event above is in the checkpoint of size {at.size:,} (log {escape(at.origin)}), to the byte. "
            "The texts (reasons, reports) are those that the events commit to. There are no personal details, only random ids. "
            "The sentences on this page are not signed themselves: what is signed are the originals in events/, which they put into words.",
        ),
        f"</p>\n<h2>{say('확인하는 법', 'How to check')}</h2>\n<p>",
        say(
            "압축을 푼 폴더에서 <code>bash verify.sh</code> (bash, openssl 3, coreutils만 필요, 망 불필요). "
            "따로 받아 둔 정책 파일이 있으면 <code>bash verify.sh 정책파일</code>. "
            "또는 <code>donghaeng trail verify pack.zip --policy 정책파일</code>. "
            "proofs/ 의 파일은 C2SP tlog-proof 형식이라 다른 프로그램으로도 확인할 수 있습니다.",
            "In the unpacked folder: <code>bash verify.sh</code> (needs only bash, openssl 3 and coreutils, no network). "
            "With a policy file of your own: <code>bash verify.sh POLICY</code>. "
            "Or <code>donghaeng trail verify pack.zip --policy POLICY</code>. "
            "The files in proofs/ are C2SP tlog-proofs, which other programs check as well.",
        ),
        f"</p>\n<h2>{say('종이로 받은 것과 비교할 것', 'To compare with what you got on paper')}</h2>\n",
        f"<pre>{escape(place.policy.text)}</pre>\n<p>{say('체크포인트', 'Checkpoint')}:</p>\n<pre>{escape(str(place.note))}</pre>\n</section>\n",
    ]
    return "".join(level)


def _warning(place: Place, lang: Lang) -> str:
    if not place.quorum:
        said = (
            "경고: 이 체크포인트에는 정책이 요구하는 증인 정족수가 없습니다. 운영자가 고쳐 쓰지 않았다는 보장이 없습니다."
            if lang == "ko"
            else "Warning: this checkpoint has not the quorum of witnesses that the policy asks for. Nothing shows that the operator did not rewrite it."
        )
    elif place.policy.needed == 0:
        said = (
            "경고: 정책이 증인을 요구하지 않습니다. 서명만으로는 운영자가 고쳐 쓰지 않았음을 알 수 없습니다."
            if lang == "ko"
            else "Warning: the policy asks for no witnesses. A signature alone does not show that the operator did not rewrite it."
        )
    else:
        return ""
    return f'<p class="warning" role="note">{said}</p>\n'


def _table(events: Sequence[Event], caption: str, lang: Lang) -> str:
    heads = (
        ("번호", "적힌 시각", "사건", "원문")
        if lang == "ko"
        else ("position", "recorded", "what happened", "original")
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "".join(_row(event, lang) for event in events)
    return f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _row(event: Event, lang: Lang) -> str:
    position, recorded = event.position, event.row[4]
    assert isinstance(recorded, datetime)
    gone = [text.id for text in event.texts if text.body is None]
    note = ""
    if gone:
        said = "비공개 처리된 글" if lang == "ko" else "text redacted"
        note = f"<br>{said}: {', '.join(gone)}"
    when = f'<time datetime="{recorded.astimezone(SEOUL).isoformat()}">{clock(recorded)}</time>'
    link = f'<a href="events/{position}.json">{escape(event.row[1])} {escape(event.row[3])}</a>'
    return f'<tr><th scope="row">{position}</th><td>{when}</td><td>{escape(event.said[lang == "en"])}{note}</td><td>{link}</td></tr>\n'
