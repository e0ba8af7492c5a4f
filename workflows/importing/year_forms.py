"""The tables of a year's workbook: its programme, areas, agencies and people, beside its tasks."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from domain.errors import Bilingual
from workflows.importing import task_rows

YEAR, NAME, CITY = "연도", "사업명", "시 이름"
NAME_EN, CITY_EN = "사업명(영문)", "시 이름(영문)"
PLANNER_MAIL, DEPARTMENT_MAIL = "총괄부서 메일", "소관부서 메일"
AREA_ID, AREA_NAME, AREA_NAME_EN = "분야 식별자", "분야명", "분야명(영문)"
AGENCY_ID, AGENCY_NAME, AGENCY_NAME_EN = "기관 식별자", "기관명", "기관명(영문)"
FORMERLY, AGENCY_MAIL = "옛 이름", "기관 메일"
OF_AGENCY, POST, PERSON, PERSON_MAIL, PHONE = "소속기관", "직위", "성명", "메일", "전화"


class Form(msgspec.Struct, frozen=True):
    """A table of the workbook. `meaning`: of each column; `needed`: those by which it is known, which every row fills in."""

    title: str
    meaning: Mapping[str, Bilingual]
    needed: tuple[str, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(self.meaning)


PROGRAMME = Form(
    "사업",
    {
        YEAR: Bilingual("사업연도. 예: 2027", "the programme's year, e.g. 2027"),
        NAME: Bilingual("사업의 이름", "the programme's name"),
        CITY: Bilingual("시의 이름", "the city's name"),
        NAME_EN: Bilingual("사업의 영문 이름(선택)", "the programme's name in English (may be empty)"),
        CITY_EN: Bilingual("시의 영문 이름(선택)", "the city's name in English (may be empty)"),
        PLANNER_MAIL: Bilingual(
            "시 총괄부서가 알림을 받는 메일(선택)", "where the planner is written to (may be empty)"
        ),
        DEPARTMENT_MAIL: Bilingual(
            "시 소관부서가 알림을 받는 메일(선택)", "where the department is written to (may be empty)"
        ),
    },
    (YEAR, NAME, CITY),
)
AREAS = Form(
    "분야",
    {
        AREA_ID: Bilingual(
            "영문 소문자로 된 짧은 이름. 예: culture", "a short name in small letters, e.g. culture"
        ),
        AREA_NAME: Bilingual("분야의 이름", "the area's name"),
        AREA_NAME_EN: Bilingual("영문 이름(선택)", "its name in English (may be empty)"),
    },
    (AREA_ID, AREA_NAME),
)
AGENCIES = Form(
    "기관",
    {
        AGENCY_ID: Bilingual(
            "영문 소문자로 된 짧은 이름. 예: gto", "a short name in small letters, e.g. gto"
        ),
        AGENCY_NAME: Bilingual("기관의 이름", "the agency's name"),
        AGENCY_NAME_EN: Bilingual("영문 이름(선택)", "its name in English (may be empty)"),
        FORMERLY: Bilingual(
            "옛 이름들, 쌍반점(;)으로 나눔(선택)", "names it bore before, between semicolons (may be empty)"
        ),
        AGENCY_MAIL: Bilingual(
            "기관이 알림을 받는 메일(선택)", "where the agency is written to (may be empty)"
        ),
    },
    (AGENCY_ID, AGENCY_NAME),
)
PEOPLE = Form(
    "담당자",
    {
        OF_AGENCY: Bilingual("기관의 이름이나 식별자", "the agency's name or id"),
        POST: Bilingual("담당자 또는 기관장", "담당자 (officer) or 기관장 (head)"),
        PERSON: Bilingual("사람의 이름", "the person's name"),
        PERSON_MAIL: Bilingual("메일 주소(선택)", "mail address (may be empty)"),
        PHONE: Bilingual("전화번호(선택)", "phone number (may be empty)"),
    },
    (OF_AGENCY, POST, PERSON),
)
TASKS = Form("과제", task_rows.MEANING, task_rows.NEEDED)
FORMS = (PROGRAMME, AREAS, AGENCIES, PEOPLE, TASKS)
