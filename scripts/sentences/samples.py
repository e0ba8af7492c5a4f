"""What the holes of sentences are filled with on the page, so that each is read as somebody will read it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trail.english import many, settle_counts
from trail.particles import resolve_particles

# a name in the code, the value in Korean, the value in English where it is another; several names by commas
_TEXT = """
task,over,earlier|2024-07
tasks|2024-01, 2024-07
subject|3f0a…91
title|축구축제로 떠나는 문화마실|Culture outing to the football festival
renamed||
new_title|시민 축구 마실|The citizens' football outing
title_ko|축구축제로 떠나는 문화마실|Culture outing to the football festival
agency,into,successor,lead,listed,partner,other_agency,most_agency|광주관광공사|Gwangju Tourism Organization
into,successor|광주문화재단|Gwangju Cultural Foundation
partners,agencies_named|광주관광공사, 광주문화재단|Gwangju Tourism Organization, Gwangju Cultural Foundation
area|문화|Culture
areas|문화, 생활|Culture, Living
stage|추진|in progress
condition|정상|normal
command,what_command|승인|approve
allowed|착수, 중단|start, discontinue
role|기관 담당자|agency officer
roles,instead|시 총괄부서, 감사관|city planner, inspector
name,old|광주관광공사|Gwangju Tourism
new|광주관광문화공사|Gwangju Tourism and Culture
names|광주관광공사, 광주문화재단|Gwangju Tourism, Gwangju Culture
year|2024
before_year|2023
day,on,due,end,ends,until,last_day,by_day|2024-12-31
start,starts,since,today,entered,given_day,not_before,so|2024-03-07
as_of|2024-12-31
at,now,seen,recorded,known_at,recorded_at|2024-03-07 14:00
quarter,period|2024년 1분기|the first quarter of 2024
month|2024-05
field,label|예산|budget
problem,error,why,reason,because,wrong|연결이 거부됨|the connection was refused
path,file,folder,out|var/report-2024.json
data|var/demo
view|task_list
views|task_list, deadlines
position,up_to,head,fact,number,count,size,index,sealed,last,first|42
version,known_version|3
job|a1b2c3
store,origin,ours,theirs|7c1e…
money,krw,budget|470,000,000
percent,progress|40
score|82.5
grade|B
host|hooks.example
url,address|office@gto.example
basis|공공기록물법 제27조|Public Records Act, article 27
option|--start
given|abc
deadline,kind|결과보고|final report
milestone,milestones|개막|opening
indicator,indicators|방문객|visitors
actor,whom,who,person,substitute,absent,holder,delegate,giver,taker|광주관광공사 담당자|an officer of Gwangju Tourism Organization
recipient|광주관광공사|Gwangju Tourism Organization
post|기관장|head
decision|승인|approval
note|이상 없음|nothing unusual
vkey|donghaeng.example+ab12cd34
witness,by|council
known,like,near,listed_values|a, b
days,late,left,lag,more,rows,facts,events,seconds,held,open,readings|3
done|2025-01-03
then|광주관광재단|Gwangju Tourism Foundation
"""


def _read(text: str) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for line in filter(None, text.split("\n")):
        names, ko, *en = line.split("|")
        found |= dict.fromkeys(names.split(","), (ko, en[0] if en else ko))
    return found


_SAMPLES = _read(_TEXT)
_COUNTER = re.compile(
    r"\{(\w*)(?:[^{}]*)\}(?=(?:건|개|일|명|번|곳|초|행|자|점|통|영업일|바이트|억원|백만원|원)(?![가-힣]*[a-z]))"
)
_HOLE = re.compile(r"\{([\w ]*(?:/[\w ]+)?)[^{}]*\}")


def in_korean(template: str) -> str:
    """The sentence with sample values, its open particles settled by them."""
    counted = _COUNTER.sub(lambda hole: _number(hole[1]), template)
    return resolve_particles(_HOLE.sub(lambda hole: _value(hole[1], 0), counted))


def in_english(template: str) -> str:
    """The same in English, with counts in words."""
    return settle_counts(_HOLE.sub(lambda hole: _value(hole[1], 1), template))


def _number(name: str) -> str:
    known = _SAMPLES.get(name, ("3", "3"))[0]
    return known if known[:1].isdigit() and not known.startswith("20") else "3"


def _value(name: str, lang: int) -> str:
    if name.startswith("many "):
        return many(3, *name.removeprefix("many ").split("/"))
    return _SAMPLES[name][lang] if name in _SAMPLES else f"〈{name}〉" if name and not name.isdigit() else "…"
