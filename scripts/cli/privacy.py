"""`subject …`, `text …`, `vault …`: persons' details, free texts, and what takes them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.agency.facts import POSTS
from domain.aggregate import Command
from domain.errors import Bilingual, Lang
from domain.limits import free_text, mail_address
from domain.subject.commands import ChooseLanguage
from scripts.cli.documents import KeysRewrapped, PersonRegistered, VaultPurged
from scripts.cli.giving import gives
from scripts.cli.options import Yes
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_lines, say_table
from workers.bootstrap import servers, vault_of
from workers.engine import Engine
from workers.purging import purge
from workflows.beginnings import SUBJECT, TEXT
from workflows.command_envelope import Outcome
from workflows.privacy import change_person, erase_person, redact_text, register_person
from workflows.queries.persons import PersonListed, list_people, show_person

SubjectId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="The person's id, 32 hex digits, or its beginning. = 사람의 식별자(16진수 32자리)나 그 앞부분.",
    ),
    SUBJECT,
]
Mail = Annotated[str | None, typer.Option(help="Mail address. = 메일 주소.")]
Phone = Annotated[str | None, typer.Option(help="Phone number. = 전화번호.")]


def add(app: typer.Typer) -> None:
    _add_people(app)

    @command(app, "erase")
    def erase(run: Run, subject_id: SubjectId, yes: Yes = False) -> None:
        """Erase a person's details for ever; needs --reason (개인정보 파기). Their key is destroyed. Refused under a legal hold.

        = 개인정보를 영구히 파기하고 해당 키를 없앱니다. --reason이 필요합니다. 기록물 보존 중에는 거부됩니다.
        """
        run.yes = yes
        with run.engine() as engine:
            run.show_outcome(erase_person(engine.store, _giving(run, engine), subject_id))


def add_texts(app: typer.Typer) -> None:
    @command(app, "redact")
    def redact(
        run: Run,
        text_id: Annotated[
            str,
            typer.Argument(
                metavar="ID",
                help="The text's id, 32 hex digits, or its beginning. "
                "= 글의 식별자(16진수 32자리)나 그 앞부분.",
            ),
            TEXT,
        ],
        yes: Yes = False,
    ) -> None:
        """Take a free text away; needs --reason (글 비공개 처리). The commitment in the fact stays. Refused under a legal hold.

        = 글을 비공개 처리합니다. --reason이 필요합니다. 기록 속의 확인값은 남으며, 기록물 보존 중에는 거부됩니다.
        """
        run.yes = yes
        with run.engine() as engine:
            run.show_outcome(redact_text(engine.store, _giving(run, engine), text_id))


def add_vault(app: typer.Typer) -> None:
    @command(app, "purge")
    def purge_files(run: Run) -> None:
        """Sweep the database's files clean of what was erased or redacted before (docs/privacy.md).

        = 파기하거나 비공개 처리한 것을 데이터베이스 파일에서 말끔히 지웁니다(docs/privacy.md).
        """
        with servers(run.settings, with_redis=False) as addresses:
            run.may_act_at(addresses, "vault.keep")
            purge(addresses)
        run.show(
            VaultPurged(),
            lambda out: out.print(
                run.words(
                    "데이터베이스 파일을 정리했습니다. 그 전에 만든 백업은 따로 없애야 합니다.",
                    "The database's files are swept. Backups made before have to be destroyed as well.",
                )
            ),
        )

    @command(app, "rotate")
    def rotate(run: Run) -> None:
        """Wrap every person's key anew under a new key of the key file (키 교체).

        = 모든 사람의 키를 키 파일의 새 키로 다시 감쌉니다.
        """
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            run.may_act(engine.store, "vault.keep")
            count = vault.rotate()
        run.show(
            KeysRewrapped(count),
            lambda out: out.print(
                run.words(f"{count}명의 키를 다시 감쌌습니다.", f"{count} key(s) was(were) wrapped anew.")
            ),
        )


def _giving(run: Run, engine: Engine) -> Callable[[Command], Outcome]:
    return lambda command: run.give(engine, lambda: command)


def _name_label(run: Run, one: PersonListed) -> str:
    return one.name or (run.words("(파기됨)", "(erased)") if one.erased else "–")


def _posts(run: Run, one: PersonListed) -> str:
    return ", ".join(f"{held.agency} {POSTS[held.post].say(run.lang)}" for held in one.posts)


def _details(name: str | None, mail: str | None, phone: str | None) -> dict[str, str]:
    given = {"name": name, "mail": mail, "phone": phone}
    if mail is not None:
        mail_address("mail", mail)
    return {field: free_text(field, value) for field, value in given.items() if value is not None}


def _add_people(app: typer.Typer) -> None:
    @command(app, "register")
    def register(
        run: Run,
        name: Annotated[str, typer.Option(help="The person's name. = 사람의 이름.")],
        mail: Mail = None,
        phone: Phone = None,
    ) -> None:
        """Register a person; prints the random id by which facts speak of them (사람 등록).

        = 사람을 등록하고, 기록에 쓰일 무작위 식별자를 출력합니다.
        """
        details = _details(name, mail, phone)
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            subject = register_person(vault, _giving(run, engine), details)
        run.show(PersonRegistered(subject), lambda out: out.print(subject))

    @command(app, "list")
    def list_registered(
        run: Run,
        name: Annotated[
            str | None,
            typer.Option("--name", help="Only whose name holds this. = 이름에 이 글자가 있는 것만."),
        ] = None,
    ) -> None:
        """List the persons by name, with their ids and posts (사람 목록).

        = 사람을 이름순으로, 식별자와 직위를 함께 보여 줍니다.
        """
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            found = list_people(run.inquiry(engine.store), vault.read_all, name)
        columns = (
            Column("이름", "name", "text"),
            Column("번호", "id"),
            Column("직위", "posts", "text"),
        )
        rows = [(_name_label(run, one), one.subject, _posts(run, one)) for one in found.people]
        nothing = Bilingual("등록된 사람이 없습니다.", "Nobody is registered so.")
        run.show(found, lambda out: say_table(out, run.lang, columns, rows, nothing))

    @command(app, "change")
    def change(
        run: Run,
        subject_id: SubjectId,
        name: Annotated[str | None, typer.Option(help="The person's name. = 사람의 이름.")] = None,
        mail: Mail = None,
        phone: Phone = None,
    ) -> None:
        """Change a person's details; what is not given stays (개인정보 변경).

        = 개인정보를 변경합니다. 적지 않은 항목은 그대로 둡니다.
        """
        details = _details(name, mail, phone)
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            run.show_outcome(change_person(vault, _giving(run, engine), subject_id, details))

    @gives(app, "choose-language", also=())
    def choose_language(
        subject_id: SubjectId,
        language: Annotated[Lang, typer.Argument(help="ko or en. = ko(한국어) 또는 en(영어).")],
    ) -> Command:
        """Say in which language a person is written to; else in their agency's (알림 언어).

        = 개인에게 보내는 알림의 언어를 정합니다. 정하지 않으면 소속 기관의 언어로 보냅니다.
        """
        return ChooseLanguage(subject=subject_id, lang=language)

    @command(app, "show")
    def show(run: Run, subject_id: SubjectId) -> None:
        """Show a person's details.

        = 개인정보를 보여 줍니다.
        """
        with run.engine() as engine, vault_of(run.settings, engine) as vault:
            found = show_person(run.inquiry(engine.store), subject_id, vault.read)

        def say(out: Console) -> None:
            out.print(Text(f"{subject_id} {found.remark}".strip(), style="bold"), soft_wrap=True)
            say_lines(out, run.lang, (f"  {field}: {value}" for field, value in found.details.items()))

        run.show(found, say)
