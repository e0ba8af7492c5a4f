"""Numbers of pages in an HWPX paper's contents: fields that refer to headings, which 한글 fills when it saves the file.

None stands there before: where a page ends is that program's to find, and a number that is a guess would be wrong in print.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hwpx.oxml.field_marks import field_type_id

HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
LEADER = "3"  # the row of dots between a title and its page
_FIRST = 900_000_001  # of the fields' own numbers, which no object's reaches
_CROSSREF = "CROSSREF"


def add_page_numbers(lines: Iterable[tuple[Any, Any]], width: int) -> None:
    """To each line of the contents the page of its heading, both paragraphs' elements with their final numbers."""
    for number, (line, heading) in enumerate(lines, start=_FIRST):
        run = line.find(f"{HP}run")
        text = run.find(f"{HP}t")
        _add(text, "tab", {"width": f"{width // 2}", "leader": LEADER, "type": "2"})
        look = run.get("charPrIDRef")
        _begin(_add(line, "run", {"charPrIDRef": look}), f"{number}", heading.get("id"))
        _add(_add(line, "run", {"charPrIDRef": look}), "t", {}).text = ""
        end = {"beginIDRef": f"{number}", "fieldid": field_type_id(_CROSSREF)}
        _add(_add(_add(line, "run", {"charPrIDRef": look}), "ctrl", {}), "fieldEnd", end)


def _begin(run: Any, number: str, target: str) -> None:
    """Spelled as the program itself writes it, `Fiexde` too."""
    marks = {"id": number, "type": _CROSSREF, "name": "", "editable": "0", "dirty": "0", "zorder": "-1"}
    begin = _add(
        _add(run, "ctrl", {}), "fieldBegin", marks | {"fieldid": field_type_id(_CROSSREF), "metaTag": ""}
    )
    said = (
        ("booleanParam", "Fiexde", "1"),
        ("integerParam", "Prop", "0"),
        ("stringParam", "Command", f"?#{target};5;0;0;0;"),
        ("stringParam", "RefPath", f"?#{target};"),
        ("stringParam", "RefType", "TARGET_OUTLINE"),
        ("stringParam", "RefContentType", "OBJECT_TYPE_PAGE"),
        ("booleanParam", "RefHyperLink", "false"),
        ("stringParam", "RefOpenType", "HWPHYPERLINK_JUMP_CURRENTTAB"),
    )
    parameters = _add(begin, "parameters", {"cnt": f"{len(said)}", "name": ""})
    for kind, name, value in said:
        _add(parameters, kind, {"name": name}).text = value


def _add(parent: Any, name: str, marks: dict[str, str]) -> Any:
    made = parent.makeelement(f"{HP}{name}", marks)
    parent.append(made)
    return made
