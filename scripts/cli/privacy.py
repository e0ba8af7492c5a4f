"""`subject …`, `text …`, `vault …`: persons' details, free texts, and what takes them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.aggregate import Command
from domain.limits import free_text, mail_address
from domain.subject.commands import subject_stream
from projections.persons import PersonState, in_words, person_read
from scripts.cli.run import Run, command
from store.details import DetailsRead
from workers.bootstrap import Engine, servers, vault_of
from workers.purging import purge
from workflows.order import Outcome
from workflows.privacy import change_person, erase_person, redact_text, register_person

SubjectId = Annotated[str, typer.Argument(metavar="ID", help="The person's id, 32 hex digits.")]
Mail = Annotated[str | None, typer.Option(help="Mail address.")]
Phone = Annotated[str | None, typer.Option(help="Phone number.")]


def add(subjects: typer.Typer, texts: typer.Typer, vaults: typer.Typer) -> None:
    _add_people(subjects)

    @command(subjects, "erase")
    def erase(run: Run, subject_id: SubjectId) -> None:
        """Erase a person's details for ever: their key is destroyed (개인정보 파기). Refused under a legal hold."""
        with run.engine() as engine:
            run.show_outcome(erase_person(engine.store, _giving(run, engine), subject_id))

    @command(texts, "redact")
    def redact(
        run: Run, text_id: Annotated[str, typer.Argument(metavar="ID", help="The text's id, 32 hex digits.")]
    ) -> None:
        """Take a free text away; the commitment in the fact stays (글 비공개 처리). Refused under a legal hold."""
        with run.engine() as engine:
            run.show_outcome(redact_text(engine.store, _giving(run, engine), text_id))

    @command(vaults, "purge")
    def purge_files(run: Run) -> None:
        """Sweep the database's files clean of what was erased or redacted before (docs/privacy.md)."""
        with servers(run.settings, with_redis=False) as addresses:
            purge(addresses)
        run.show(
            {"purged": True},
            lambda out: out.print(
                run.words(
                    "데이터베이스 파일을 정리했습니다. 그 전에 만든 백업은 따로 없애야 합니다.",
                    "The database's files are swept. Backups made before have to be destroyed as well.",
                )
            ),
        )

    @command(vaults, "rotate")
    def rotate(run: Run) -> None:
        """Wrap every person's key anew under a new key of the key file (키 교체)."""
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            count = vault.rotate()
        run.show(
            {"rewrapped": count},
            lambda out: out.print(
                run.words(f"{count}명의 키를 다시 감쌌습니다.", f"{count} keys were wrapped anew.")
            ),
        )


def _giving(run: Run, engine: Engine) -> Callable[[Command], Outcome]:
    return lambda command: run.give(engine, lambda: command)


def _details(name: str | None, mail: str | None, phone: str | None) -> dict[str, str]:
    given = {"name": name, "mail": mail, "phone": phone}
    if mail is not None:
        mail_address("mail", mail)
    return {field: free_text(field, value) for field, value in given.items() if value is not None}


def _add_people(app: typer.Typer) -> None:
    @command(app, "register")
    def register(
        run: Run,
        name: Annotated[str, typer.Option(help="The person's name.")],
        mail: Mail = None,
        phone: Phone = None,
    ) -> None:
        """Register a person; prints the random id by which facts speak of them (사람 등록)."""
        details = _details(name, mail, phone)
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            subject = register_person(vault, _giving(run, engine), details)
        run.show({"subject": subject}, lambda out: out.print(subject))

    @command(app, "change")
    def change(
        run: Run,
        subject_id: SubjectId,
        name: Annotated[str | None, typer.Option(help="The person's name.")] = None,
        mail: Mail = None,
        phone: Phone = None,
    ) -> None:
        """Change a person's details; what is not given stays (개인정보 변경)."""
        details = _details(name, mail, phone)
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            run.show_outcome(change_person(vault, _giving(run, engine), subject_id, details))

    @command(app, "show")
    def show(run: Run, subject_id: SubjectId) -> None:
        """Show a person's details."""
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            run.may_read(engine, "subject.show", subjects=(subject_id,))
            facts = engine.store.read(subject_stream(subject_id))
            person = person_read(facts, vault.read(subject_id) if facts else DetailsRead({}))
        document = {
            "subject": subject_id,
            "registered": person.state is not PersonState.UNKNOWN,
            "erased": person.state is PersonState.ERASED,
            "state": person.state,
            "fields": person.fields,
            "fact": person.fact,
            "details": person.details,
        }

        def say(out: Console) -> None:
            out.print(
                Text(f"{subject_id} {in_words(person, run.lang)}".strip(), style="bold"), soft_wrap=True
            )
            for field, value in person.details.items():
                out.print(f"  {field}: {value}", markup=False)

        run.show(document, say)
