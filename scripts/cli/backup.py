"""`backup` and `restore`: a whole store as one sealed file, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from scripts.cli.epoch import restored_note
from scripts.cli.passphrase import passphrase
from scripts.cli.run import Run, command
from workers.bootstrap import back_up_store, restore_store, servers

if TYPE_CHECKING:
    from store.backups.dumping import Progress as Told
    from store.backups.header import Header

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="A file of mode 0600 that holds the passphrase; else it is asked for."
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "backup")
    def backup(
        run: Run,
        out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to make.")],
        passphrase_file: PassphraseFile = None,
    ) -> None:
        """Write facts, texts, vault and keys to one sealed file, while everything runs."""
        words = passphrase(run, passphrase_file, new=True)
        with servers(run.settings, with_redis=False) as addresses, _shown(run, "백업", "Backing up") as bar:
            header = back_up_store(addresses, run.settings, out, words, bar)
        _say(run, header, out, ("백업했습니다", "Backed up"))

    @command(app, "restore")
    def restore(
        run: Run,
        file: Annotated[Path, typer.Argument(help="A file that `donghaeng backup` has made.")],
        passphrase_file: PassphraseFile = None,
    ) -> None:
        """Make the store of a backup again, in an empty database or a new data folder.

        It sends and seals nothing until `donghaeng epoch accept`.
        """
        words = passphrase(run, passphrase_file, new=False)
        with servers(run.settings, with_redis=False) as addresses, _shown(run, "복원", "Restoring") as bar:
            header = restore_store(addresses, run.settings.data, file, words, bar)
        _say(run, header, file, ("복원했습니다", "Restored"))
        run.err.print(restored_note(run.lang), style="yellow", soft_wrap=True)


@contextmanager
def _shown(run: Run, ko: str, en: str) -> Iterator[Told]:
    """A bar on the screen, where one is looked at."""
    with Progress(console=run.err, transient=True, disable=run.as_json) as bar:
        task = bar.add_task(run.words(ko, en), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _say(run: Run, header: Header, file: Path, done: tuple[str, str]) -> None:
    shown = {name: getattr(header, name) for name in ("schema", "store", "head")}
    run.show(
        {"file": str(file), **shown},
        lambda out: out.print(
            run.words(
                f"{done[0]}: 저장소 {header.store}, 기록 {header.head}건, {file}",
                f"{done[1]}: store {header.store}, {header.head} facts, {file}",
            ),
            soft_wrap=True,
        ),
    )
