"""`agency …`: the register of agencies, and what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer
from rich.console import Console

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.errors import Refusal
from domain.values import LocalText
from projections.reading import agency_inbox
from scripts.cli.notice import say_gone, say_undelivered, undelivered, undelivered_document
from scripts.cli.run import EffectiveAt, Ref, Run, command
from scripts.cli.shown import history_lines, say_agencies, say_inbox
from scripts.cli.slicing import AsOf, Effective
from scripts.cli.task_commands import give
from workers.post.webhooks import checked, secret_of
from workflows.gone_webhooks import gone_webhooks
from workflows.reading import agencies_known, agency_history

AgencyId = Annotated[str, typer.Argument(metavar="AGENCY", help="The agency's id, e.g. gto.")]
Name = Annotated[str, typer.Option(help="The name in Korean.")]
NameEn = Annotated[str | None, typer.Option(help="The name in English.")]
PostOption = Annotated[Literal["officer", "head"], typer.Option(help="담당자 officer, 기관장 head.")]
SubjectOption = Annotated[str, typer.Option(metavar="ID", help="The person's id in the vault.")]
From = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")]
Number = Annotated[int, typer.Argument(help="Its number, as `agency history` shows it.")]


class NoSuchAgency(Refusal):
    """Nobody registered it."""

    ko = "기관 {agency}은(는) 등록되지 않았습니다. `donghaeng agency list`로 기관을 확인하십시오."
    en = "The agency {agency} is not registered. See the agencies with `donghaeng agency list`."


class OneContact(Refusal):
    """Each address is a command of its own."""

    ko = "--mail, --webhook, --no-mail, --no-webhook 가운데 하나만 주십시오."
    en = "Give one of --mail, --webhook, --no-mail and --no-webhook."


def add(app: typer.Typer) -> None:
    _add_reading(app)
    _add_changes(app)
    _add_contacts(app)
    _add_people(app)


def _add_reading(app: typer.Typer) -> None:
    @command(app, "list")
    def list_agencies(run: Run, as_of: AsOf = None, effective: Effective = None) -> None:
        """List the agencies with their names, and what became of them."""
        with run.engine() as engine:
            run.may_read(engine, "agency.list")
            known = agencies_known(engine.store, run.slice(engine.store, as_of, effective))
        rows = [
            {
                "agency": identity,
                "name": one.name,
                "formerly": one.formerly,
                "successor": one.successor,
                "closed": one.closed,
            }
            for identity, one in known.items()
        ]
        run.show({"agencies": rows}, lambda out: say_agencies(out, known, run.lang))

    @command(app, "inbox")
    def inbox(
        run: Run,
        agency_id: Annotated[
            str | None, typer.Argument(metavar="[AGENCY]", help="Only this agency's.")
        ] = None,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """Show what waits for each agency, or for one, and since when (기관 할 일)."""
        with run.engine() as engine:
            run.may_read(engine, "agency.inbox", (agency_id,))
            at = run.slice(engine.store, as_of, effective)
            found = agency_inbox(engine.store, agency_id, at)
            lost = undelivered(engine.store, agency_id, at)
            gone = gone_webhooks(engine.store, run.today(engine.store), agency_id, at)
        rows = [{"agency": identity, "waiting": waiting} for identity, waiting in found.items()]
        shown = [row for waiting in found.values() for row in waiting]

        def text(out: Console) -> None:
            say_inbox(out, shown, run.lang)
            say_undelivered(run, lost, out)
            say_gone(run, gone, out)

        document = {"inboxes": rows, "undelivered": undelivered_document(run, lost), "webhooks_gone": gone}
        run.show(document, text)

    @command(app, "history")
    def history(run: Run, agency_id: AgencyId, as_of: AsOf = None, effective: Effective = None) -> None:
        """Tell an agency's history in sentences, with what others transferred to it or merged into it."""
        with run.engine() as engine:
            run.may_read(engine, "agency.history", (agency_id,))
            at = run.slice(engine.store, as_of, effective)
            lines = agency_history(engine.store, agency_id, run.lang, at)
        if not lines:
            raise NoSuchAgency(agency=agency_id)
        run.show({"agency": agency_id, "history": lines}, lambda out: history_lines(out, lines, run.lang))


def _add_changes(app: typer.Typer) -> None:
    @command(app, "register")
    def register(
        run: Run,
        agency_id: AgencyId,
        name: Name,
        name_en: NameEn = None,
        formerly: Annotated[
            list[str] | None, typer.Option(help="A name it bore before; repeat for each.")
        ] = None,
        ref: Ref = None,
    ) -> None:
        """Register a public agency (기관 등록)."""
        former = tuple(LocalText(ko=one) for one in formerly or ())
        named = LocalText(ko=name, en=name_en)
        give(run, lambda _: agency.Register(agency=agency_id, name=named, formerly=former), ref, None)

    @command(app, "rename")
    def rename(
        run: Run,
        agency_id: AgencyId,
        name: Name,
        name_en: NameEn = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Give an agency a new name (기관명 변경); the old one is kept."""
        named = LocalText(ko=name, en=name_en)
        give(run, lambda _: agency.Rename(agency=agency_id, name=named), ref, effective_at)

    @command(app, "merge")
    def merge(
        run: Run,
        agency_id: AgencyId,
        into: Annotated[str, typer.Option(help="The agency that answers for its tasks from then on.")],
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Merge an agency into another (기관 통합)."""
        give(run, lambda _: agency.Merge(agency=agency_id, into=into), ref, effective_at)

    @command(app, "transfer")
    def transfer(
        run: Run,
        agency_id: AgencyId,
        what: Annotated[Literal["function", "facility"], typer.Option(help="기능 function, 시설 facility.")],
        name: Name,
        to: Annotated[str, typer.Option(help="The agency that receives it.")],
        name_en: NameEn = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Transfer a function or facility to another agency (기능·시설 이관)."""

        def make(_: object) -> Command:
            return agency.Transfer(agency=agency_id, what=what, name=LocalText(ko=name, en=name_en), to=to)

        give(run, make, ref, effective_at)

    @command(app, "close")
    def close(run: Run, agency_id: AgencyId, ref: Ref = None, effective_at: EffectiveAt = None) -> None:
        """Close an agency that nobody takes the place of (기관 폐지)."""
        give(run, lambda _: agency.Close(agency=agency_id), ref, effective_at)


def _add_contacts(app: typer.Typer) -> None:
    @command(app, "set-contact")
    def set_contact(
        run: Run,
        agency_id: AgencyId,
        mail: Annotated[str | None, typer.Option("--mail", help="The agency's mail address.")] = None,
        webhook: Annotated[
            str | None, typer.Option("--webhook", help="Where its own system takes reminders.")
        ] = None,
        no_mail: Annotated[
            bool, typer.Option("--no-mail", help="Write no more mail to the agency as such.")
        ] = False,
        no_webhook: Annotated[bool, typer.Option("--no-webhook", help="Call the webhook no more.")] = False,
        ref: Ref = None,
    ) -> None:
        """Say where an agency gets its reminders, by mail or webhook: one of them at a time (연락처)."""
        if [mail is not None, webhook is not None, no_mail, no_webhook].count(True) != 1:
            raise OneContact

        def make() -> Command:
            channel: Literal["mail", "webhook"] = "mail" if mail is not None or no_mail else "webhook"
            command = agency.SetContact(
                agency=agency_id, channel=channel, address=webhook if mail is None else mail
            )
            if webhook is not None:
                checked(webhook, run.settings.allowed_networks)
            return command

        with run.engine() as engine:
            run.show_outcome(run.give(engine, make, ref=ref))

    @command(app, "webhook-secret")
    def webhook_secret(run: Run, agency_id: AgencyId) -> None:
        """Show the secret with which the agency's webhooks are signed, by Standard Webhooks."""
        with run.engine() as engine:
            run.may_read(engine, "agency.secret", (agency_id,))
            secret = secret_of(engine.store.signing_key, agency_id)
        run.show({"agency": agency_id, "secret": secret}, lambda out: out.print(secret))


def _add_people(app: typer.Typer) -> None:
    @command(app, "appoint")
    def appoint(
        run: Run,
        agency_id: AgencyId,
        subject: SubjectOption,
        post: PostOption,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Put a person into a post (담당자·기관장 지정)."""
        give(run, lambda _: agency.Appoint(agency=agency_id, subject=subject, post=post), ref, effective_at)

    @command(app, "release")
    def release(
        run: Run,
        agency_id: AgencyId,
        subject: SubjectOption,
        post: PostOption,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Release a person from a post (담당자·기관장 해제)."""
        give(run, lambda _: agency.Release(agency=agency_id, subject=subject, post=post), ref, effective_at)

    @command(app, "appoint-substitute")
    def appoint_substitute(
        run: Run,
        agency_id: AgencyId,
        absent: SubjectOption,
        substitute: SubjectOption,
        starts: From,
        until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
        ref: Ref = None,
    ) -> None:
        """Let one person stand in for another (직무대리). The ticker ends it after the last day."""

        def make(_: object) -> Command:
            return agency.AppointSubstitute(
                agency=agency_id,
                absent=absent,
                substitute=substitute,
                starts=starts.date(),
                ends=until.date(),
            )

        give(run, make, ref, None)

    @command(app, "delegate-decision")
    def delegate_decision(
        run: Run,
        agency_id: AgencyId,
        form: Annotated[
            Literal["standing", "proxy"], typer.Option(help="전결 standing, 대결 proxy (needs --until).")
        ],
        decision: Annotated[str, typer.Option(metavar="COMMAND", help="E.g. task.submit_final_report.")],
        holder: SubjectOption,
        delegate: SubjectOption,
        starts: From,
        until: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, if it has one.")
        ] = None,
        ref: Ref = None,
    ) -> None:
        """Let another take a decision (전결, 대결). The ticker ends it after the last day."""

        def make(_: object) -> Command:
            return agency.DelegateDecision(
                agency=agency_id,
                form=form,
                decision=decision,
                holder=holder,
                delegate=delegate,
                starts=starts.date(),
                ends=None if until is None else until.date(),
            )

        give(run, make, ref, None)

    @command(app, "end-substitution")
    def end_substitution(run: Run, agency_id: AgencyId, number: Number, ref: Ref = None) -> None:
        """End a substitution before its day (직무대리 종료)."""
        give(run, lambda _: agency.EndSubstitution(agency=agency_id, number=number), ref, None)

    @command(app, "end-delegation")
    def end_delegation(run: Run, agency_id: AgencyId, number: Number, ref: Ref = None) -> None:
        """End a delegation (결재 위임 종료)."""
        give(run, lambda _: agency.EndDelegation(agency=agency_id, number=number), ref, None)
