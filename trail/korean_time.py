"""Korean time, as clocks in Seoul show it. Korea has had no summer time since 1988, so the offset is fixed."""

from __future__ import annotations

from datetime import timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "Asia/Seoul")
