"""`agency …`: what becomes of agencies, their addresses and people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Literal

import typer
from typer import Option

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.channels import Channel
from domain.errors import Lang, Refusal
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.options import Ref
from scripts.cli.run import Run, command
from scripts.cli.values import AgencyId
from workers.queries import machine
from workflows.beginnings import SUBJECT

Name = Annotated[str, typer.Option(help="The name in Korean. = 한국어 이름.")]
NameEn = Annotated[str | None, typer.Option(help="The name in English. = 영문 이름.")]
PostOption = Annotated[
    Literal["officer", "head"],
    typer.Option(
        parser=values.choice(officer="담당자", head="기관장"),
        help="담당자 officer, 기관장 head. = 담당자 officer, 기관장 head.",
    ),
]
SubjectOption = Annotated[
    str,
    typer.Option(
        metavar="ID",
        help="The person's id in the vault, or its beginning. = 금고에 있는 사람의 식별자나 그 앞부분.",
    ),
    SUBJECT,
]
From = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day. = 첫날.")]
Number = Annotated[
    int, typer.Argument(help="Its number, as `agency history` shows it. = `agency history`에 나오는 번호.")
]


class OneContact(Refusal):
    """Each address is a command of its own. `options`: of which one has to be given."""

    ko = "다음 가운데 하나만 지정하십시오: {options}."
    en = "Give one of these: {options}."


def add(app: typer.Typer) -> None:
    _add_changes(app)
    _add_contacts(app)
    _add_people(app)


def _add_changes(app: typer.Typer) -> None:
    @gives(app, "register", also=("ref",))
    def register(
        agency_id: AgencyId,
        name: Name,
        name_en: NameEn = None,
        formerly: Annotated[
            list[str] | None,
            typer.Option(help="A name it bore before; repeat for each. = 옛 이름. 여러 개면 되풀이합니다."),
        ] = None,
    ) -> Command:
        """Register a public agency (기관 등록).

        = 공공기관을 등록합니다.
        """
        former = tuple(LocalText(ko=one) for one in formerly or ())
        named = LocalText(ko=name, en=name_en)
        return agency.Register(agency=agency_id, name=named, formerly=former)

    @gives(app, "rename")
    def rename(agency_id: AgencyId, name: Name, name_en: NameEn = None) -> Command:
        """Give an agency a new name (기관명 변경); the old one is kept.

        = 기관명을 변경합니다. 옛 이름도 남습니다.
        """
        named = LocalText(ko=name, en=name_en)
        return agency.Rename(agency=agency_id, name=named)

    @gives(app, "merge")
    def merge(
        agency_id: AgencyId,
        into: Annotated[
            str,
            typer.Option(
                parser=values.AgencyWord,
                help="The agency that answers for its tasks from then on. = 그때부터 과제를 책임지는 기관.",
            ),
        ],
    ) -> agency.Merge:
        """Merge an agency into another; needs --reason (기관 통합).

        = 기관을 다른 기관에 통합합니다. --reason이 필요합니다.
        """
        return agency.Merge(agency=agency_id, into=into)

    @gives(app, "transfer")
    def transfer(
        agency_id: AgencyId,
        what: Annotated[
            Literal["function", "facility"],
            typer.Option(
                parser=values.choice(function="기능", facility="시설"),
                help="기능 function, 시설 facility. = 기능 function, 시설 facility.",
            ),
        ],
        name: Name,
        to: Annotated[
            str, typer.Option(parser=values.AgencyWord, help="The agency that receives it. = 받는 기관.")
        ],
        name_en: NameEn = None,
    ) -> Command:
        """Transfer a function or facility to another agency (기능·시설 이관).

        = 기능이나 시설을 다른 기관에 이관합니다.
        """
        return agency.Transfer(agency=agency_id, what=what, name=LocalText(ko=name, en=name_en), to=to)

    @gives(app, "close")
    def close(agency_id: AgencyId) -> agency.Close:
        """Close an agency that nobody takes the place of; needs --reason (기관 폐지).

        = 승계 기관이 없는 기관을 폐지합니다. --reason이 필요합니다.
        """
        return agency.Close(agency=agency_id)


def _add_contacts(app: typer.Typer) -> None:
    def set_contact(run: Run, agency_id: AgencyId, ref: Ref = None, **given: Any) -> None:
        """Say where an agency gets its reminders, by which channel: one of them at a time (연락처).

        = 기관이 알림을 어디로 받을지 정합니다. 한 번에 수단 하나씩입니다.
        """
        said = [one for one in Channel if given[one] is not None or given[f"no_{one}"]]
        if len(said) != 1 or (given[said[0]] is not None and given[f"no_{said[0]}"]):
            raise OneContact(options=", ".join(f"--{word}{one}" for word in ("", "no-") for one in Channel))

        def make() -> Command:
            address = given[said[0]]
            command = agency.SetContact(agency=agency_id, channel=said[0], address=address)
            if address is not None:
                from workers.delivery.channels import plugin_of  # noqa: PLC0415 - HTTP takes long to load

                plugin_of(said[0]).accept(address, run.settings)
            return command

        with run.engine() as engine:
            run.may_give(engine, agency.SetContact)
            run.show_outcome(run.give(engine, make, ref=ref))

    set_contact.__signature__ = _with_contacts(set_contact)  # type: ignore[attr-defined]
    command(app, "set-contact")(set_contact)

    @gives(app, "choose-language", also=("ref",))
    def choose_language(
        agency_id: AgencyId,
        language: Annotated[Lang, typer.Argument(help="ko or en. = ko(한국어) 또는 en(영어).")],
    ) -> Command:
        """Say in which language an agency's mailbox, and its people who chose none, are written to (알림 언어).

        = 기관 메일과, 언어를 정하지 않은 소속 직원에게 보내는 알림의 언어를 정합니다.
        """
        return agency.ChooseLanguage(agency=agency_id, lang=language)

    @command(app, "webhook-secret")
    def webhook_secret(run: Run, agency_id: AgencyId) -> None:
        """Show the secret with which the agency's webhooks are signed, by Standard Webhooks.

        = 기관의 웹훅에 서명하는 비밀 값을 보여 줍니다(Standard Webhooks).
        """
        with run.engine() as engine:
            found = machine.webhook_secret(run.inquiry(engine.store), agency_id)
        run.show(found, lambda out: out.print(found.secret))


def _with_contacts(function: Callable[..., None]) -> Signature:
    """Its parameters, with an address and an end for each channel in place of its `given`."""
    own = [
        one
        for one in signature(function, eval_str=True).parameters.values()
        if one.kind is not Parameter.VAR_KEYWORD
    ]
    said = [
        Parameter(
            str(one),
            Parameter.POSITIONAL_OR_KEYWORD,
            default=None,
            annotation=Annotated[str | None, Option(f"--{one}", help=f"{one.asks.en} = {one.asks.ko}")],
        )
        for one in Channel
    ]
    ended = [
        Parameter(
            f"no_{one}",
            Parameter.POSITIONAL_OR_KEYWORD,
            default=False,
            annotation=Annotated[
                bool,
                Option(
                    f"--no-{one}",
                    help=f"Tell the agency as such nothing by {one.label.en} any more. "
                    f"= 기관 앞으로는 더 알리지 않습니다({one.label.ko}).",
                ),
            ],
        )
        for one in Channel
    ]
    return Signature([*own[:2], *said, *ended, *own[2:]])


def _add_people(app: typer.Typer) -> None:
    @gives(app, "appoint")
    def appoint(agency_id: AgencyId, subject: SubjectOption, post: PostOption) -> Command:
        """Put a person into a post (담당자·기관장 지정).

        = 담당자나 기관장을 지정합니다.
        """
        return agency.Appoint(agency=agency_id, subject=subject, post=post)

    @gives(app, "release")
    def release(agency_id: AgencyId, subject: SubjectOption, post: PostOption) -> Command:
        """Release a person from a post (담당자·기관장 해제).

        = 담당자나 기관장을 해제합니다.
        """
        return agency.Release(agency=agency_id, subject=subject, post=post)

    @gives(app, "appoint-substitute", also=("ref",))
    def appoint_substitute(
        agency_id: AgencyId,
        absent: SubjectOption,
        substitute: SubjectOption,
        starts: From,
        until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day. = 종료일.")],
    ) -> Command:
        """Let one person stand in for another (직무대리). The ticker ends it after the last day.

        = 직무대리를 지정합니다. 종료일이 지나면 자동으로 끝납니다.
        """
        return agency.AppointSubstitute(
            agency=agency_id,
            absent=absent,
            substitute=substitute,
            starts=starts.date(),
            ends=until.date(),
        )

    @gives(app, "delegate-decision", also=("ref",))
    def delegate_decision(
        agency_id: AgencyId,
        form: Annotated[
            Literal["standing", "proxy"],
            typer.Option(
                parser=values.choice(standing="전결", proxy="대결"),
                help="전결 standing, 대결 proxy (needs --until). = 전결 standing, 대결 proxy(--until 필요).",
            ),
        ],
        decision: Annotated[
            str,
            typer.Option(
                metavar="COMMAND", help="E.g. task.submit_final_report. = 예: task.submit_final_report"
            ),
        ],
        holder: SubjectOption,
        delegate: SubjectOption,
        starts: From,
        until: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help="Last day, if it has one. = 종료일(있으면)."),
        ] = None,
    ) -> Command:
        """Let another take a decision (전결, 대결). The ticker ends it after the last day.

        = 다른 사람이 결재하게 합니다(전결, 대결). 종료일이 지나면 자동으로 끝납니다.
        """
        return agency.DelegateDecision(
            agency=agency_id,
            form=form,
            decision=decision,
            holder=holder,
            delegate=delegate,
            starts=starts.date(),
            ends=None if until is None else until.date(),
        )

    @gives(app, "end-substitution", also=("ref",))
    def end_substitution(agency_id: AgencyId, number: Number) -> Command:
        """End a substitution before its day (직무대리 종료).

        = 직무대리를 기간 전에 종료합니다.
        """
        return agency.EndSubstitution(agency=agency_id, number=number)

    @gives(app, "end-delegation", also=("ref",))
    def end_delegation(agency_id: AgencyId, number: Number) -> Command:
        """End a delegation (결재 위임 종료).

        = 결재 위임을 종료합니다.
        """
        return agency.EndDelegation(agency=agency_id, number=number)
