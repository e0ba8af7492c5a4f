"""The date bar: of when a page is, which stands in its address, so that a link shows the same for ever."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Request

from domain.errors import Lang
from workflows.as_of_options import describe_slice, slice_read
from workflows.queries.inquiry import Inquiry

OPTIONS = ("as_of", "effective")


class DateBarShown(NamedTuple):
    """`asked`: what was typed; `said`: in which sense and of when the page is, None where it is of now; `today`: its day."""

    path: str
    asked: dict[str, str]
    said: str | None
    today: str


class DateBar(NamedTuple):
    path: str
    asked: dict[str, str]

    def shown(self, inquiry: Inquiry, lang: Lang) -> DateBarShown:
        """Once the inquiry was authorised."""
        said = None if inquiry.sliced is None else describe_slice(slice_read(*inquiry.sliced), lang)
        return DateBarShown(self.path, self.asked, said, str(inquiry.today))


def date_bar(request: Request[Any, Any, Any]) -> DateBar:
    """What the address says; an empty field of the bar says nothing."""
    asked = {name: given.strip() for name in OPTIONS if (given := request.query_params.get(name, "")).strip()}
    return DateBar(request.url.path, asked)
