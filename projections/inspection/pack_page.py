"""index.html of a pack: what happened in words, what was proved, how to check it, which keys to compare. Self-contained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

import msgspec

from domain.errors import Lang
from domain.seoul import SEOUL
from projections.code_version import code_version
from projections.inspection.pack_narration import sentences
from trail.checkpoint import Checkpoint
from trail.commitments import references
from trail.note import Note
from trail.pack_asked import Said
from trail.pack_events import Proven
from trail.page import Page
from trail.policy import Policy
from trail.signed import clock

_STYLE = """
:root { color-scheme: light dark } body { font: 1rem/1.6 sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #767676; padding: .4rem; text-align: left; vertical-align: top }
code, pre { overflow-wrap: anywhere; white-space: pre-wrap } caption { text-align: left; font-weight: bold }
body { word-break: keep-all; overflow-wrap: break-word } time, thead th { white-space: nowrap } td:last-child { overflow-wrap: anywhere; width: 30% }
.warning { border: 3px solid #b00020; padding: .5rem }
"""


def in_sentences() -> Page:
    """The page whose events are told in this program's sentences."""
    return Page(page, code_version())


def page(policy: Policy, note: Note, checkpoint: Checkpoint, events: Sequence[Proven], said: Said) -> str:
    """From what is in the pack alone, so that whoever verifies it makes the same. `policy`: the pack's own."""
    parts = [_part(_Made(policy, note, checkpoint, events, said, lang)) for lang in _LANGS]
    return (
        '<!DOCTYPE html>\n<html lang="ko">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>동행 감사 증거 묶음 · Donghaeng audit pack</title><style>{_STYLE}</style></head>\n<body>\n"
        '<nav aria-label="언어 · Language"><a href="#ko">한국어</a> · <a href="#en" lang="en">English</a></nav>\n'
        f"<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


class _Made(msgspec.Struct, frozen=True):
    """What the page is made of, in one of its languages."""

    policy: Policy
    note: Note
    checkpoint: Checkpoint
    events: Sequence[Proven]
    said: Said
    lang: Lang

    def say(self, ko: str, en: str) -> str:
        return ko if self.lang == "ko" else en


_LANGS: tuple[Lang, Lang] = ("ko", "en")


def _part(of: _Made) -> str:
    say, at, along = of.say, of.checkpoint, frozenset(of.said.along)
    told = sentences(of.events, of.lang)
    others = [event for event in of.events if event.leaf.position in along]
    level = [
        f'<section id="{of.lang}" lang="{of.lang}">\n<h1>{say("동행 감사 증거 묶음", "Donghaeng audit pack")}</h1>\n',
        f"<p>{escape(of.said.asked.words.say(of.lang))} · {say('사유', 'Reason')}: {escape(of.said.reason)}</p>\n",
        _reading_notice(of),
        _warning(of),
        _table(
            of,
            [event for event in of.events if event.leaf.position not in along],
            told,
            say("요청한 사건", "Events asked for"),
        ),
    ]
    if others:
        what = say(
            "함께 담은 사건: 시각의 근거, 지워진 글과 개인정보, 기관의 이름",
            "Events that come along: what shows the times, what was redacted or erased, what the agencies are called",
        )
        level.append(_table(of, others, told, what))
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
            "종이로 따로 받아 둔 정책 파일로 확인합니다. 이 묶음 안의 policy로는 누가 만들었는지 증명되지 않습니다. "
            "압축을 푼 폴더에서 <code>bash verify.sh 정책파일 시점확인기관.pem</code> (bash, openssl 3, coreutils만 필요, 네트워크 불필요). "
            "또는 <code>donghaeng trail verify pack.zip --policy 정책파일</code>: 이 화면이 증명된 사건에서 만든 것인지도 확인합니다. "
            "proofs/ 의 파일은 C2SP tlog-proof 형식이라 다른 프로그램으로도 확인할 수 있습니다.",
            "With the policy file that you got on paper: by the policy in this pack nothing is proved of who made it. "
            "In the unpacked folder: <code>bash verify.sh POLICY AUTHORITY.pem</code> (needs only bash, openssl 3 and coreutils, no network). "
            "Or <code>donghaeng trail verify pack.zip --policy POLICY</code>, which checks as well that this page was made of the proven events. "
            "The files in proofs/ are C2SP tlog-proofs, which other programs check as well.",
        ),
        f"</p>\n<h2>{say('종이로 받은 것과 비교할 것', 'To compare with what you got on paper')}</h2>\n",
        f"<pre>{escape(of.policy.text)}</pre>\n<p>{say('체크포인트', 'Checkpoint')}:</p>\n<pre>{escape(str(of.note))}</pre>\n</section>\n",
    ]
    return "".join(level)


def _reading_notice(of: _Made) -> str:
    said = of.say(
        "이 화면은 읽기 위한 것이며 아무것도 증명하지 않습니다. 확인하기 전에는 여기에 무엇이든 적혀 있을 수 있습니다.",
        "This page is for reading and proves nothing: until the pack is checked it can say anything.",
    )
    return f'<p class="warning" role="note">{said}</p>\n'


def _warning(of: _Made) -> str:
    if not of.policy.is_satisfied_by(of.note):
        said = of.say(
            "경고: 이 체크포인트에는 정책이 요구하는 증인 정족수가 없습니다. 운영자가 고쳐 쓰지 않았다는 보장이 없습니다.",
            "Warning: this checkpoint has not the quorum of witnesses that the policy asks for. Nothing shows that the operator did not rewrite it.",
        )
    elif of.policy.needed == 0:
        said = of.say(
            "경고: 정책이 증인을 요구하지 않습니다. 서명만으로는 운영자가 고쳐 쓰지 않았음을 알 수 없습니다.",
            "Warning: the policy asks for no witnesses. A signature alone does not show that the operator did not rewrite it.",
        )
    else:
        return ""
    return f'<p class="warning" role="note">{said}</p>\n'


def _table(of: _Made, events: Sequence[Proven], told: Mapping[int, str], caption: str) -> str:
    heads = (
        of.say("번호", "position"),
        of.say("인지 시각", "known"),
        of.say("사건", "what happened"),
        of.say("원문", "original"),
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "".join(_row(of, event, told[event.leaf.position]) for event in events)
    return f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _row(of: _Made, event: Proven, sentence: str) -> str:
    leaf = event.leaf
    gone = [identity for identity, _ in references(event.state) if identity not in event.texts]
    note = (
        f"<br>{of.say('비공개 처리된 글', 'text redacted')}: {', '.join(map(escape, gone))}" if gone else ""
    )
    when = _time(event.known_at)
    if event.recorded_at != event.known_at:
        when += f"<br>{of.say('기록 시각', 'recorded')} {_time(event.recorded_at)}"
    name = f"{escape(leaf.stream)} {escape(leaf.kind)} #{leaf.version}"
    link = f'<a href="events/{leaf.position}.json">{name}</a>'
    return f'<tr><th scope="row">{leaf.position}</th><td>{when}</td><td>{escape(sentence)}{note}</td><td>{link}</td></tr>\n'


def _time(at: datetime) -> str:
    return f'<time datetime="{at.astimezone(SEOUL).isoformat()}">{clock(at)}</time>'
