"""Whether what is set can work on this machine, before its parts are started: files that are needed, and who is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from domain.channels import Channel
from domain.errors import Bilingual, DonghaengError
from trail.files import problem_of
from workers.delivery.channels import plugin_of
from workers.environment import BadSettings
from workers.setting_forms import check_http_url
from workers.settings import Settings
from workers.trail_folder import has_trail

_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def check_startable(settings: Settings) -> None:
    """Raises BadSettings with all that would fail again and again once it runs."""
    found = [*_faults_of_channels(), *_faults_of_authority(settings), *_faults_of_witnesses(settings.data)]
    if settings.vault_key is not None and settings.vault_key.is_dir():
        found.append(
            Bilingual(
                f"DONGHAENG_VAULT_KEY = ‘{settings.vault_key}’: 파일이 아니라 폴더입니다.",
                f"DONGHAENG_VAULT_KEY = “{settings.vault_key}” is a folder, not a file.",
            )
        )
    if found:
        raise BadSettings(found)


def _faults_of_channels() -> Iterator[Bilingual]:
    """Of the settings that channels bring along."""
    for channel in Channel:
        own = plugin_of(channel).settings
        if own is not None:
            try:
                own()
            except BadSettings as error:
                yield from error.faults


def _faults_of_authority(settings: Settings) -> Iterator[Bilingual]:
    """Timestamps need both who gives them and what they are checked with."""
    path = settings.tsa_certificates
    if settings.tsa_url is not None and path is None:
        yield Bilingual(
            "DONGHAENG_TSA_URL이 있으면 DONGHAENG_TSA_CERTIFICATES에 인증서 파일(PEM)도 정해야 합니다.",
            "With DONGHAENG_TSA_URL, DONGHAENG_TSA_CERTIFICATES has to name a file with certificates (PEM).",
        )
    if path is None:
        return
    try:
        if _CERTIFICATE in path.read_bytes():
            return
        problem = Bilingual("인증서(PEM)가 들어 있지 않습니다", "there is no certificate (PEM) in it")
    except OSError as error:
        problem = problem_of(error)
    yield Bilingual(
        f"DONGHAENG_TSA_CERTIFICATES = ‘{path}’: {problem.ko}.",
        f"DONGHAENG_TSA_CERTIFICATES = “{path}” cannot be used: {problem.en}.",
    )


def _faults_of_witnesses(data: Path) -> Iterator[Bilingual]:
    """Of the policy that is in force here: set before addresses were looked at, or written by hand."""
    if not has_trail(data):
        return
    from workers.sealing.folder import TrailFolder  # noqa: PLC0415 - only who seals needs it

    try:
        policy = TrailFolder(data).policy()
    except DonghaengError as error:
        yield Bilingual(error.say("ko"), error.say("en"))
        return
    for one in policy.witnesses:
        try:
            if one.url is not None:
                check_http_url(one.url)
        except ValueError:
            yield Bilingual(
                f"증인 {one.name}의 주소 ‘{one.url}’에는 서명을 요청할 수 없습니다. 정책 파일에서 고치고 `donghaeng trail policy`로 다시 정하십시오.",
                f"The witness {one.name} cannot be asked at “{one.url}”. Correct the policy and set it again with `donghaeng trail policy`.",
            )
