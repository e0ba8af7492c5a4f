"""`witness …`: a witness of logs, for an office that watches one. It needs neither a store nor a data folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.text import Text

from scripts.cli.documents import EvidenceShown, LogTrusted, WitnessMade, WitnessServed
from scripts.cli.run import Run, command
from trail.logs import log_to_stderr

Folder = Annotated[Path, typer.Option("--folder", metavar="DIR", help="The witness's folder. = 증인의 폴더.")]


def add(app: typer.Typer) -> None:
    @command(app, None)
    def serve(
        run: Run,
        folder: Annotated[
            Path | None, typer.Option("--folder", metavar="DIR", help="The witness's folder. = 증인의 폴더.")
        ] = None,
        name: Annotated[
            str | None,
            typer.Option(
                "--name", help="The name that the witness there must have. = 그곳의 증인이 가져야 하는 이름."
            ),
        ] = None,
        listen: Annotated[
            str,
            typer.Option(
                "--listen",
                metavar="HOST:PORT",
                help="Where it takes checkpoints; port 0: any. = 체크포인트을 받는 곳. 포트 0은 아무 포트나.",
            ),
        ] = "127.0.0.1:8470",
    ) -> None:
        """Run the witness until Ctrl-C: it cosigns what goes on from what it has seen.

        = 증인을 Ctrl-C까지 실행합니다. 본 것에서 이어지는 것에 공동 서명합니다.
        """
        from trail.witness.saying import say_served  # noqa: PLC0415 - ciphers take a tenth of a second
        from trail.witness.serving import listening  # noqa: PLC0415
        from trail.witness.state import the_key  # noqa: PLC0415

        log_to_stderr(run.settings.log, run.settings.log_level)
        folder, key = the_key(folder, name)
        with listening(folder, key, listen) as (url, serve_until_told):
            _show(run, WitnessServed, say_served(folder, key, url, run.lang))
            sys.stdout.flush()  # whoever started us reads the address
            serve_until_told()

    @command(app, "init")
    def init(
        run: Run,
        folder: Folder,
        name: Annotated[
            str,
            typer.Option(
                "--name",
                help="Its name, e.g. audit.example.kr/witness; no blanks, no plus. "
                "= 이름. 예: audit.example.kr/witness. 빈칸과 더하기표는 쓸 수 없습니다.",
            ),
        ],
    ) -> None:
        """Make a witness's key and print the public one, to be given to the log's operator and to verifiers.

        = 증인의 키를 만들고, 기록 운영자와 검증자에게 줄 공개 키를 출력합니다.
        """
        from trail.witness.saying import say_made  # noqa: PLC0415 - as above
        from trail.witness.state import make_witness  # noqa: PLC0415

        _show(run, WitnessMade, say_made(make_witness(folder, name)))

    @command(app, "trust")
    def trust_log(
        run: Run,
        folder: Folder,
        vkey: Annotated[str, typer.Argument(help="The log's public key (vkey). = 기록의 공개 키(vkey).")],
    ) -> None:
        """Cosign this log from now on. A log that changes its key may have several.

        = 지금부터 이 기록에 공동 서명합니다. 키를 바꾸는 기록은 여러 개를 가질 수 있습니다.
        """
        from trail.witness.saying import say_trusted  # noqa: PLC0415 - as above
        from trail.witness.state import trust  # noqa: PLC0415

        _show(run, LogTrusted, say_trusted(trust(folder, vkey), run.lang))

    @command(app, "evidence")
    def evidence(run: Run, folder: Folder) -> None:
        """Show what logs signed and this witness refused, and what it proves; ends with 1 where there is something.

        = 기록이 서명했으나 이 증인이 거부한 것과 그것이 증명하는 바를 보여 줍니다. 있으면 종료 코드는 1입니다.
        """
        from trail.witness.saying import say_evidence  # noqa: PLC0415 - as above

        said = say_evidence(folder, run.lang)
        _show(run, EvidenceShown, said)
        if said[0]["evidence"]:
            raise typer.Exit(1)


def _show(run: Run, kind: type[msgspec.Struct], said: tuple[dict[str, Any], str]) -> None:
    document, words = said
    run.show(
        msgspec.convert(msgspec.to_builtins(document), kind),
        lambda out: out.print(Text(words), soft_wrap=True),
    )
