"""A line of a letter that tells of a meeting: a decision that is to be carried out, an invitation, minutes that go round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.meeting.deadline_kinds import CARRYING_OUT, name_item
from domain.meeting.state import Meeting
from domain.notice.facts import Due
from domain.streams import identity_of
from domain.task.deadline_kinds import describe_deadline
from domain.values import LocalText
from workflows.letters.lines import Line, MeetingToldOf, Past


def line_of_meeting(
    dues: Mapping[str, Due],
    notices: Sequence[str],
    told_of: MeetingToldOf,
    left: int | None,
    agencies: Mapping[str, LocalText],
    past: Past | None,
) -> Line:
    """The line of these notices, all of one thing that is due of the meeting; see `line_of`."""
    by_rung = sorted((dues[one] for one in notices), key=lambda due: -due.days)
    last, meeting = by_rung[0], told_of.state
    assert meeting.called is not None, "nothing is told of what was not called"
    what = describe_deadline(
        last.deadline, last.item, name_item(meeting, last.deadline, last.item), last.kind_name
    )
    return Line(
        task=identity_of(last.stream),
        title=meeting.called.name,
        what=LocalText(ko=what.ko, en=what.en),
        due=last.due,
        left=0 if left is None else left,
        late=any(dues[one].late for one in notices),
        stands_in=any(dues[one].stands_in_for is not None for one in notices),
        notices=tuple(notices),
        was=next((one.was for one in by_rung if one.was is not None), None),
        kind=last.deadline,
        item=last.item,
        who="city" if last.agency is None else "agency",
        agency=None if last.agency is None else agencies.get(last.agency),
        to=last.to,
        to_name=last.to_name,
        basis=_basis_of(last, meeting),
        by=meeting.called.definition,
        told=None if past is None else past.told,
        meeting=told_of,
    )


def _basis_of(due: Due, meeting: Meeting) -> LocalText | None:
    if due.deadline != CARRYING_OUT:
        return None
    name = f"{identity_of(due.stream)}#{due.item}"
    return LocalText(ko=f"회의 의결 {name}", en=f"decision {name} of the meeting")
