"""`witness …`: a witness of logs, for an office that watches one. It needs neither a store nor a data folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.particles import settled
from scripts.cli.run import Run, command
from workers.logs import log_to_stderr

Folder = Annotated[Path, typer.Option("--folder", metavar="DIR", help="The witness's folder.")]


def add(app: typer.Typer) -> None:
    @command(app, None)
    def serve(
        run: Run,
        folder: Annotated[
            Path | None, typer.Option("--folder", metavar="DIR", help="The witness's folder.")
        ] = None,
        name: Annotated[
            str | None, typer.Option("--name", help="The name that the witness there must have.")
        ] = None,
        listen: Annotated[
            str,
            typer.Option("--listen", metavar="HOST:PORT", help="Where it takes checkpoints; port 0: any."),
        ] = "127.0.0.1:8470",
    ) -> None:
        """Run the witness until Ctrl-C: it cosigns what goes on from what it has seen."""
        from workers.witness.errors import FolderNeeded, OtherWitness  # noqa: PLC0415 - as below
        from workers.witness.serving import listening  # noqa: PLC0415 - ciphers take a tenth of a second
        from workers.witness.state import key_of, trusted  # noqa: PLC0415

        if folder is None:
            raise FolderNeeded
        log_to_stderr(run.settings.log, run.settings.log_level)
        key = key_of(folder)
        if name not in (None, key.name):
            raise OtherWitness(folder=folder, name=key.name)
        origins = sorted(trusted(folder))
        with listening(folder, key, listen) as (url, serve_until_told):
            document = {"witness": key.name, "vkey": str(key.verifier), "url": url, "logs": origins}
            none = run.words("없음: `donghaeng witness trust`", "none: `donghaeng witness trust`")
            lines = (
                f"{run.words('증인', 'Witness')} {key.name}  {url}",
                f"  {key.verifier}",
                f"  {run.words('확인하는 기록', 'logs')}: {', '.join(origins) or none}",
                run.words("끝내려면 Ctrl-C를 누르십시오.", "Press Ctrl-C to stop."),
            )
            run.show(document, lambda out: _plain(out, "\n".join(lines)))
            sys.stdout.flush()  # whoever started us reads the address
            serve_until_told()

    @command(app, "init")
    def init(
        run: Run,
        folder: Folder,
        name: Annotated[
            str, typer.Option("--name", help="Its name, e.g. audit.example.kr/witness; no blanks, no plus.")
        ],
    ) -> None:
        """Make a witness's key and print the public one, to be given to the log's operator and to verifiers."""
        from workers.witness.state import make_witness  # noqa: PLC0415

        vkey = str(make_witness(folder, name).verifier)
        run.show({"witness": name, "vkey": vkey}, lambda out: _plain(out, vkey))

    @command(app, "trust")
    def trust_log(
        run: Run, folder: Folder, vkey: Annotated[str, typer.Argument(help="The log's public key (vkey).")]
    ) -> None:
        """Cosign this log from now on. A log that changes its key may have several."""
        from workers.witness.state import trust  # noqa: PLC0415

        key = trust(folder, vkey)
        words = run.words(
            settled(f"기록 {key.name}을(를) 확인합니다."), f"The log {key.name} is cosigned from now on."
        )
        run.show({"origin": key.name, "vkey": str(key)}, lambda out: _plain(out, words))

    @command(app, "evidence")
    def evidence(run: Run, folder: Folder) -> None:
        """Show what logs signed and this witness refused, and what it proves; ends with 1 where there is something."""
        from workers.witness.evidence import kept_evidence, told  # noqa: PLC0415
        from workers.witness.state import key_of  # noqa: PLC0415

        key_of(folder)
        found = kept_evidence(folder)
        shown = [
            {"file": str(path), "words": None if one is None else told(one).say(run.lang), "evidence": one}
            for path, one in found
        ]

        def text(out: Console) -> None:
            if not shown:
                _plain(out, run.words("보관한 증거가 없습니다.", "There is no evidence."))
            for line in shown:
                said = line["words"] or run.words("읽을 수 없는 파일입니다.", "The file cannot be read.")
                _plain(out, f"{said}\n  {line['file']}")

        run.show({"evidence": shown}, text)
        if found:
            raise typer.Exit(1)


def _plain(out: Console, words: str) -> None:
    out.print(Text(words), soft_wrap=True)
