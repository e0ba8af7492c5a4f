"""Types of commands' fields: a value with its limits, as pydantic reads it. The limits themselves are in `domain.limits`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from domain.attachments import check_papers
from domain.channels import Channel
from domain.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    check_agency_id,
    check_area_id,
    check_base64,
    check_definition_name,
    check_fact_name,
    check_figures,
    check_hex,
    check_item_id,
    check_line,
    check_mail_address,
    check_milestone_ids,
    check_month,
    check_position_id,
    check_quarter,
    check_recipient,
    check_score,
    check_seat,
    check_sha256,
    check_signed_note,
    check_stream,
    check_subject,
    check_task_id,
    check_text,
    check_time_of_day,
    check_title,
    check_vkey,
)
from domain.values import Figure, LocalText, Paper, TextRef

# What a person types, or the reference the command handler has put in its place. JSON cannot bring a reference: it
# would let a stranger point at another's text.
FreeText = Annotated[str | TextRef, BeforeValidator(check_text)]
Title = Annotated[LocalText, AfterValidator(check_title)]

TaskNumber = Annotated[str, AfterValidator(check_task_id)]
AgencyName = Annotated[str, AfterValidator(check_agency_id)]
PositionName = Annotated[str, AfterValidator(check_position_id)]
AreaName = Annotated[str, AfterValidator(check_area_id)]
FactName = Annotated[str, AfterValidator(check_fact_name)]  # stream#version, e.g. task/2024-07#5
Subject = Annotated[str, AfterValidator(check_subject)]  # a person's random id in the vault
Hex = Annotated[str, AfterValidator(check_hex)]  # a UUID as 32 hex digits
Recipient = Annotated[str, AfterValidator(check_recipient)]
Seat = Annotated[str, AfterValidator(check_seat)]  # agency/gto, position/vice-mayor, subject/…
TimeOfDay = Annotated[str, AfterValidator(check_time_of_day)]  # in Seoul, e.g. 14:00
MailAddress = Annotated[str, AfterValidator(check_mail_address)]
Sha256 = Annotated[str, AfterValidator(check_sha256)]
ItemName = Annotated[str, AfterValidator(check_item_id)]
Vkey = Annotated[str, AfterValidator(check_vkey)]  # a public key of a signed note
SignedNote = Annotated[str, AfterValidator(check_signed_note)]
Base64 = Annotated[str, AfterValidator(check_base64)]
StreamName = Annotated[str, AfterValidator(check_stream)]
Line = Annotated[str, AfterValidator(check_line)]
DefinitionName = Annotated[str, AfterValidator(check_definition_name)]

Year = Annotated[int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR)]
Month = Annotated[str, AfterValidator(check_month)]
Quarter = Annotated[str, AfterValidator(check_quarter)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Score = Annotated[str, AfterValidator(check_score)]
Figures = Annotated[tuple[Figure, ...], AfterValidator(check_figures)]
MilestoneIds = Annotated[tuple[str, ...], AfterValidator(check_milestone_ids)]
ChannelName = Annotated[Channel, Field(strict=False)]  # commands are strict: a name will do
Papers = Annotated[tuple[Paper, ...], AfterValidator(check_papers)]
