"""`backup` and `restore`: a whole store as one sealed file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import Bilingual
from scripts.cli.documents import BackedUp
from scripts.cli.epoch import note_of_restored
from scripts.cli.passphrase import passphrase
from scripts.cli.progress import progress
from scripts.cli.run import Run, command
from store.errors import NotMigrated
from workers.bootstrap import back_up_store, restore_store, servers
from workers.servers import Addresses

if TYPE_CHECKING:
    from store.backups.header import Header

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="A file of mode 0600 that holds the passphrase; else it is asked for. "
        "= 암호문이 든 권한 0600의 파일. 없으면 물어봅니다.",
    ),
]


def add(app: typer.Typer) -> None:
    @command(app)
    def backup(
        run: Run,
        out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to make. = 만들 파일.")],
        passphrase_file: PassphraseFile = None,
    ) -> None:
        with servers(run.settings, with_redis=False) as addresses:
            _begin(run, addresses)
            words = passphrase(run, passphrase_file, new=True)
            with progress(run, "백업", "Backing up") as told:
                header = back_up_store(addresses, run.settings, out, words, told)
        _say(run, header, out, Bilingual("백업했습니다", "Backed up"))


def add_restore(app: typer.Typer) -> None:
    @command(app, by_token=False)
    def restore(
        run: Run,
        file: Annotated[
            Path,
            typer.Argument(
                help="A file that `donghaeng backup` has made. = `donghaeng backup`으로 만든 파일."
            ),
        ],
        passphrase_file: PassphraseFile = None,
    ) -> None:
        """It sends and seals nothing until `donghaeng epoch accept`.

        = `donghaeng epoch accept` 전에는 발송하지도 봉인하지도 않습니다.
        """
        words = passphrase(run, passphrase_file, new=False)
        with servers(run.settings, with_redis=False) as addresses, progress(run, "복원", "Restoring") as told:
            header = restore_store(addresses, run.settings.data, file, words, told)
        _say(run, header, file, Bilingual("복원했습니다", "Restored"))
        run.err.print(note_of_restored(run.lang), style="yellow", soft_wrap=True)


def _begin(run: Run, addresses: Addresses) -> None:
    """Before an upgrade the store is of an older program: it can be neither asked who may nor told who did."""
    try:
        run.may_act_at(addresses, "backup")
    except NotMigrated:
        if run.is_named:
            raise


def _say(run: Run, header: Header, file: Path, done: Bilingual) -> None:
    run.show(
        BackedUp(str(file), header.schema, header.store, header.head),
        lambda out: out.print(
            run.words(
                f"{done.ko}: 저장소 {header.store}, 기록 {header.head}건, {file}",
                f"{done.en}: store {header.store}, {header.head} fact(s), {file}",
            ),
            soft_wrap=True,
        ),
    )
