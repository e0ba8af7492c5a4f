"""`completion`: what a shell needs to complete words."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from scripts.cli.contents import VARIABLE
from scripts.cli.documents import Completion
from scripts.cli.run import Run, command


def add(app: typer.Typer) -> None:
    @command(app)
    def completion(
        run: Run, shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="The shell. = 셸.")]
    ) -> None:
        """E.g. `donghaeng completion bash >> ~/.bashrc`; it helps in shells that are opened from then on.

        = 예: `donghaeng completion bash >> ~/.bashrc`. 그 뒤에 여는 셸에서 쓸 수 있습니다.
        """
        from typer._completion_shared import get_completion_script  # noqa: PLC0415 - few need it

        script = get_completion_script(prog_name="donghaeng", complete_var=VARIABLE, shell=shell)
        run.show(Completion(shell, script), lambda out: print(script))
