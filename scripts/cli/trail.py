"""`trail init|policy|rotate|seal|status|acknowledge`: the keys of the audit trail, and sealing it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from domain.errors import Refusal
from domain.positions import position_label
from domain.seoul import SEOUL
from domain.trail.commands import AddKey, OnKeys, RetireKey
from scripts.cli.documents import Acknowledged, DisagreementSeen, LogKeys
from scripts.cli.printing import say_alarms
from scripts.cli.run import Run, command
from trail.english import many
from trail.files import read_text
from workers.bootstrap import authority_of
from workers.engine import Engine
from workers.queries.machine import show_trail
from workflows.trail.alarms import filter_unexamined

if TYPE_CHECKING:
    from trail.policy import Policy
    from workers.sealing.standing import AccessLogStatus, TrailStatus

PolicyFile = Annotated[
    Path,
    typer.Argument(
        help="A policy as C2SP tlog-policy: witnesses, groups, the quorum. "
        "= C2SP tlog-policy 형식의 정책: 증인, 묶음, 정족수.",
        exists=False,
    ),
]


class NoAuthority(Refusal):
    ko = "시점확인기관이 설정되지 않았습니다. DONGHAENG_TSA_URL과 DONGHAENG_TSA_CERTIFICATES를 지정하십시오."
    en = "No timestamping authority is set. Set DONGHAENG_TSA_URL and DONGHAENG_TSA_CERTIFICATES."


def add(app: typer.Typer) -> None:
    _add_keys(app)
    _add_sealing(app)
    _add_acknowledge(app)


def _add_keys(app: typer.Typer) -> None:
    @command(app, "init")
    def init(
        run: Run,
        policy: Annotated[
            Path | None,
            typer.Option(
                help="A policy with the witnesses; without it none is asked. "
                "= 증인을 적은 정책. 없으면 아무에게도 묻지 않습니다."
            ),
        ] = None,
        new_log: Annotated[
            bool,
            typer.Option(
                "--new-log",
                help="Begin another log after a restored store was let go on. "
                "= 복구한 저장소를 재개한 뒤 새 기록을 시작합니다.",
            ),
        ] = False,
    ) -> None:
        """Begin the trail on this machine: make the log's key, and print what goes to inspectors on paper.

        = 이 서버에서 감사 이력을 시작합니다. 기록의 키를 만들고, 감사관에게 종이로 줄 내용을 출력합니다.
        """
        from workers.sealing.keeping import begin  # noqa: PLC0415 - ciphers take a tenth of a second to load

        text = None if policy is None else read_text(policy)
        with run.engine() as engine:
            run.may_give(engine, AddKey)
            found = begin(engine, _give(run, engine), text, new_log=new_log)
        _show_keys(run, found)

    @command(app, "policy")
    def policy(run: Run, file: PolicyFile) -> None:
        """Put another policy in force: who is asked for cosignatures, and how many are needed.

        = 공동 서명을 누구에게 몇 개 받을지 정한 정책을 바꿉니다.
        """
        from workers.sealing.folder import TrailFolder  # noqa: PLC0415 - as above
        from workers.sealing.keeping import set_policy  # noqa: PLC0415
        from workers.sealing.keys import read_keys  # noqa: PLC0415

        text = read_text(file)
        with run.engine() as engine:
            run.may_act(engine.store, "trail.keep")
            folder = TrailFolder(engine.data)
            with folder.alone():
                found = set_policy(folder, text, read_keys(engine.data))
        _show_keys(run, found)

    @command(app, "rotate")
    def rotate(
        run: Run,
        finish: Annotated[
            bool,
            typer.Option(
                "--finish",
                help="End it: the older key signs no more and is gone. "
                "= 교체를 마칩니다. 옛 키는 더 서명하지 않고 없어집니다.",
            ),
        ] = False,
    ) -> None:
        """Have a second key sign beside the first; with --finish retire the older one.

        = 두 번째 키가 함께 서명하게 합니다. --finish를 붙이면 옛 키를 거둡니다.
        """
        from workers.sealing.folder import TrailFolder  # noqa: PLC0415 - as above
        from workers.sealing.keeping import finish_rotation  # noqa: PLC0415
        from workers.sealing.keeping import rotate as run_rotate  # noqa: PLC0415

        with run.engine() as engine:
            run.may_give(engine, RetireKey if finish else AddKey)
            (finish_rotation if finish else run_rotate)(engine, _give(run, engine))
            found = TrailFolder(engine.data).policy()
        _show_keys(run, found)


def _add_sealing(app: typer.Typer) -> None:
    @command(app, "seal")
    def seal(
        run: Run,
        timestamp: Annotated[
            bool,
            typer.Option(
                "--timestamp",
                help="Have it timestamped too, also where that was done today. "
                "= 오늘 이미 했더라도 시점확인을 받습니다.",
            ),
        ] = False,
    ) -> None:
        """Seal what is new now; the ticker has it done twice a minute.

        = 새 기록을 지금 봉인합니다. 평소에는 1분에 두 번 자동으로 합니다.
        """
        from workers.sealing.sealer import seal as run_seal  # noqa: PLC0415 - as above
        from workers.sealing.stamping import stamp_daily  # noqa: PLC0415
        from workers.sealing.standing import status_of_trail  # noqa: PLC0415

        with run.engine() as engine:
            run.may_act(engine.store, "trail.keep")
            authority = authority_of(run.settings)
            if timestamp and authority is None:
                raise NoAuthority
            found = run_seal(engine, own_too=True)
            if timestamp and authority is not None:
                stamp_daily(engine, authority, now_too=True)
            status = status_of_trail(engine)

        def text(out: Console) -> None:
            for one in found.missing:
                out.print(one.words.say(run.lang), style="yellow", soft_wrap=True)
            _show_status(run, out, status)

        run.show(status, text)

    @command(app, "status")
    def status(run: Run) -> None:
        """Show how far the log is sealed, by whom, and what is wrong with it.

        = 기록이 어디까지 누구에 의해 봉인되었고 무엇이 잘못되었는지 보여 줍니다.
        """
        with run.engine() as engine:
            found = show_trail(run.inquiry(engine.store), engine)
        run.show(found, lambda out: _show_status(run, out, found))


def _add_acknowledge(app: typer.Typer) -> None:
    @command(app, "acknowledge")
    def acknowledge(
        run: Run, witness: Annotated[str, typer.Argument(help="Its name in the policy. = 정책에 적힌 이름.")]
    ) -> None:
        """Say that what a witness said of another log was looked into; until then `doctor` and `status` tell it.

        = 증인이 다른 기록에 대해 알린 것을 확인했다고 적습니다. 그때까지 `doctor`와 `status`가 알립니다.
        """
        from workers.sealing.keeping import acknowledge as looked_into  # noqa: PLC0415 - as above

        with run.engine() as engine:
            run.may_act(engine.store, "trail.keep")
            found = looked_into(engine.data, witness)

        def text(out: Console) -> None:
            for one in found:
                said = run.words(
                    f"확인함: {one.witness}({one.at}): {one.ko}",
                    f"acknowledged: {one.witness} ({one.at}): {one.en}",
                )
                out.print(said, soft_wrap=True)

        seen = [
            DisagreementSeen(one.witness, datetime.fromisoformat(one.at), one.ko, one.en) for one in found
        ]
        run.show(Acknowledged(seen), text)


def _give(run: Run, engine: Engine) -> Any:
    def give(key: OnKeys) -> object:
        return run.give(engine, lambda: key)

    return give


def _show_keys(run: Run, policy: Policy) -> None:
    from projections.inspection.watched import own_policy  # noqa: PLC0415 - as above

    readings = [str(key) for key in own_policy(policy).log_keys]

    def text(out: Console) -> None:
        said = run.words(
            "감사관에게 종이로 전달할 내용: 이 기록의 공개키와 정책. 받은 사람은 이것과 비교하여 확인합니다.",
            "To hand to inspectors on paper: the log's public key and the policy. They check against these.",
        )
        out.print(said, soft_wrap=True)
        print(policy.text, end="")
        beside = run.words(
            "증인은 열람·거부 기록의 키도 믿어야 합니다(`donghaeng witness trust`). 같은 키의 다른 이름이며 정책에는 적지 않습니다:",
            "Witnesses have to trust the key of the log of readings and refusals too (`donghaeng witness trust`). It is the "
            "same key under another name, and stands in no policy:",
        )
        out.print(beside, soft_wrap=True)
        for key in readings:
            print(key)

    keys = [str(key) for key in policy.log_keys]
    run.show(LogKeys(keys, policy.text, readings), text)


def _show_readings(run: Run, out: Console, found: AccessLogStatus) -> None:
    by = ", ".join(found.witnesses) or run.words("없음", "none")
    said = run.words(
        f"열람·거부 기록 {found.sealed}건 봉인됨, 그 뒤 {found.behind}건, 증인: {by}",
        f"readings and refusals: {found.sealed} sealed, {found.behind} after them, witnesses: {by}",
    )
    out.print(said, soft_wrap=True)
    if found.unknown_to:
        names = ", ".join(found.unknown_to)
        unknown = run.words(
            f"이 기록을 모르는 증인: {names}. `donghaeng witness trust {found.keys[0]}`",
            f"not known to: {names}. `donghaeng witness trust {found.keys[0]}`",
        )
        out.print(unknown, style="yellow", soft_wrap=True)
    for one in (*found.disagreements, *filter(None, [found.alarm])):
        said = one["ko" if run.lang == "ko" else "en"]
        out.print(f"{one['at']} {one.get('witness', '')} {said}", style="bold red", soft_wrap=True)


def _show_status(run: Run, out: Console, found: TrailStatus) -> None:
    out.print(f"{found.origin}", style="bold")
    if found.root is None:
        out.print(run.words("아직 봉인한 것이 없습니다.", "Nothing is sealed yet."))
    else:
        said = run.words(
            f"기록 {found.sealed}건 봉인됨, 그 뒤 {found.behind}건, 루트 해시 {found.root}",
            f"{many(found.sealed, 'fact')} sealed, {found.behind} after them, root {found.root}",
        )
        out.print(said, soft_wrap=True)
        by = ", ".join(found.witnesses) or run.words("없음", "none")
        of = run.words(
            f"증인 {len(found.asked)}곳 가운데 {len(found.witnesses)}곳 공동서명({by}), 필요 {found.needed}곳",
            f"cosigned by {len(found.witnesses)} of {len(found.asked)} witness(es) ({by}), {found.needed} needed",
        )
        out.print(of, soft_wrap=True)
        if not found.quorum:
            short = run.words(
                "정족수 미달: 믿을 수 있는 봉인이 아닙니다.",
                "SHORT OF THE QUORUM: not a seal to be relied on.",
            )
            out.print(short, style="red")
        if not found.asked:
            alone = run.words(
                "증인이 없습니다: 서명만으로는 아무것도 증명되지 않습니다(docs/trust.md).",
                "There are no witnesses: a signature alone proves nothing (docs/trust.md).",
            )
            out.print(alone, style="yellow", soft_wrap=True)
    if found.timestamped is not None:
        out.print(
            run.words("최근 시점확인", "last timestamp")
            + f" {found.timestamped['at']} ({position_label(found.timestamped['size']).say(run.lang)})"
        )
    for one in found.disagreements:
        out.print(
            f"{one['at']} {one['witness']}: {one['ko' if run.lang == 'ko' else 'en']}",
            style="bold red",
            soft_wrap=True,
        )
    say_alarms(out, filter_unexamined(found.differences), run.lang)
    if found.compared is not None:
        at = f"{found.compared.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        out.print(
            run.words(
                f"데이터베이스 전체를 봉인과 대조한 때 {at}",
                f"the whole database was compared with the seal {at}",
            )
        )
    if found.alarm is not None:
        out.print(
            f"{found.alarm['at']} {found.alarm['ko' if run.lang == 'ko' else 'en']}",
            style="red",
            soft_wrap=True,
        )
    _show_readings(run, out, found.readings)
