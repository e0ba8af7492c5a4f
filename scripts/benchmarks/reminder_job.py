"""The peer's job: one reminder, sent as RQ's documentation has one send something. It loads nothing of ours."""

from __future__ import annotations

import smtplib


def send_one(port: int, number: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail(
            "peer@city.example", [f"tasks@a{number}.example"], b"Subject: reminder\r\n\r\nreminder\r\n"
        )
