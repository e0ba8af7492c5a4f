"""A second city's year as a workbook: eight tasks, four agencies, and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Sheets = Mapping[str, Sequence[Sequence[Any]]]
YEAR: Sheets = {
    "사업": [
        ("연도", "사업명", "시 이름", "총괄부서 메일"),
        ("2027", "2027년 협업사업", "대전광역시", "plan@city.example"),
    ],
    "분야": [("분야 식별자", "분야명"), ("move", "교통"), ("home", "주거"), ("fun", "문화")],
    "기관": [
        ("기관 식별자", "기관명", "기관 메일"),
        ("djtc", "대전교통공사", "a@tc.example"),
        ("dcco", "대전도시공사", "a@co.example"),
        ("djto", "대전관광공사", "a@to.example"),
        ("djsiseol", "대전시설관리공단", "a@si.example"),
    ],
    "담당자": [
        ("소속기관", "직위", "성명", "메일"),
        ("대전교통공사", "담당자", "교통 담당", "o@tc.example"),
        ("대전도시공사", "담당자", "도시 담당", "o@co.example"),
        ("대전관광공사", "담당자", "관광 담당", "o@to.example"),
        ("대전시설관리공단", "담당자", "시설 담당", "o@si.example"),
    ],
    "과제": [
        ("과제번호", "분야", "주관기관", "과제명"),
        ("2027-01", "교통", "djtc", "역사 안 안내 개선"),
        ("2027-02", "교통", "djtc", "무료 환승 홍보"),
        ("2027-03", "주거", "dcco", "빈집 고쳐 쓰기"),
        ("2027-04", "주거", "dcco", "임대주택 돌봄"),
        ("2027-05", "문화", "djto", "과학 여행길"),
        ("2027-06", "문화", "djto", "야간 관광"),
        ("2027-07", "문화", "djsiseol", "체육관 나눠 쓰기"),
        ("2027-08", "주거", "djsiseol", "주차장 함께 쓰기"),
    ],
}


def write_year(path: Path, sheets: Sheets = YEAR) -> Path:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(list(row))
    made.save(path)
    return path


def typed_into(sheets: Sheets = YEAR) -> int:
    """How many letters were typed under the headings."""
    return sum(len(str(cell)) for rows in sheets.values() for row in rows[1:] for cell in row)
