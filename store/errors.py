"""What the store refuses, and how it says that it cannot be had."""

from __future__ import annotations

from domain.errors import DonghaengError, Refusal, ServerUnreachable


class StreamConflict(Refusal):
    """`stream` is at version `actual`, not at `expected`, which the decision was made on."""

    ko = "{stream}이(가) 그 사이 바뀌었습니다(예상 {expected}판, 현재 {actual}판)."
    en = "{stream} changed meanwhile: version {expected} was expected, {actual} is there."


class CommandsInterleaved(Refusal):
    """Of several commands given at once, somebody else has just carried out some."""

    ko = "함께 내린 명령 가운데 일부가 방금 따로 처리되었습니다. 다시 실행하면 남은 것만 처리됩니다."
    en = "Some of the commands given together were just carried out elsewhere. Run it again: only the others are done."


class CommandIdReused(Refusal):
    """The command id was used before for another command."""

    ko = "명령 번호 {command_id}은(는) 이미 다른 명령에 쓰였습니다. 새 번호를 쓰거나 --command-id를 빼고 실행하십시오."
    en = "The command id {command_id} was used for another command. Use a new one, or leave --command-id out."


class BatchTooLarge(Refusal):
    """More bytes in one command than the store takes at once."""

    ko = "한 번에 기록할 수 있는 크기를 넘었습니다({size}바이트, 최대 {most}바이트). 나누어 실행하십시오."
    en = "The command writes {size} bytes at once; the most is {most}. Divide it."


class Unstorable(Refusal):
    """A value that PostgreSQL or UTF-8 cannot hold, such as NUL or half of a surrogate pair in a text."""

    ko = "저장할 수 없는 값이 있습니다: {problem}. 아무것도 기록하지 않았습니다."
    en = "A value cannot be stored: {problem}. Nothing was written."


class NotSimulated(Refusal):
    """Only a simulated store's clock can be moved."""

    ko = "이 저장소는 모의 저장소가 아니므로 시계를 옮길 수 없습니다."
    en = "This is not a simulated store; its clock is the real one and cannot be moved."


class ClockBackwards(Refusal):
    """A simulated clock only moves on."""

    ko = "모의 시계는 뒤로 돌릴 수 없습니다(현재 {now}, 요청 {to})."
    en = "The simulated clock stands at {now} and cannot be moved back to {to}."


class TwoTimes(Refusal):
    """In a store that is not simulated a fact is known when it is recorded; the row of the head says otherwise."""

    ko = "기록하지 않았습니다: 모의 저장소가 아닌데 저장소의 시계(donghaeng.head)가 실제 시각과 다르게 바뀌어, 알려진 시각이 {known_at}, 적히는 시각이 {recorded_at}이(가) 됩니다. 누가 바꾸었는지 알아보고 `donghaeng doctor`가 말하는 대로 되돌리십시오."
    en = "Nothing was recorded: this is no simulated store, and the row of its clock (donghaeng.head) was changed, so that the fact would be known at {known_at} and recorded at {recorded_at}. Find out who changed it, and put it right as `donghaeng doctor` says."


class StoreIsReal(Refusal):
    """A store that is not simulated never becomes so."""

    ko = "이 저장소는 실제 저장소이며 모의 저장소로 바꿀 수 없습니다. --simulated에는 새 데이터베이스를 쓰십시오."
    en = "This store is a real one and never becomes a simulated one. Use a new database for --simulated."


class ReadingsKept(Refusal):
    """What was read is kept for two years, by the database itself."""

    ko = "열람 기록은 2년 동안 보존합니다. 아무것도 지우지 않았습니다."
    en = "What was read is kept for two years. Nothing was taken out."


class ReadingsMiscounted(Refusal):
    """There are not as many as the fact would have said."""

    ko = "지울 열람 기록의 수가 그 사이 달라졌습니다. 다시 실행하십시오."
    en = "There are other readings to take out than were counted. Run it again."


class NotImportable(Refusal):
    """Lines that do not continue this log."""

    ko = "가져올 기록의 {line}번째 줄이 이 저장소에 이어지지 않습니다: {problem}. 아무것도 기록하지 않았습니다."
    en = "Line {line} of what is to be imported does not continue this log: {problem}. Nothing was written."


class UnreadableFact(DonghaengError):
    """A stored fact is not as its kind says."""

    ko = "저장된 기록 {kind}을(를) 읽을 수 없습니다: {problem}"
    en = "A stored fact of kind {kind} cannot be read: {problem}"


class NewerFact(UnreadableFact):
    """A fact was written by a newer program. `needed`: its schema version; `known`: the highest one known here."""

    ko = "기록 {kind}(판 {needed})은(는) 더 새로운 프로그램이 썼습니다(이 프로그램은 {known}판까지). 동행을 올린 뒤 다시 실행하십시오."
    en = "A fact of kind {kind}, schema version {needed}, was written by a newer program (this one knows up to {known}). Install the newer Donghaeng."


class StoreUnreachable(ServerUnreachable):
    """PostgreSQL does not answer. `problem`: its words, without passwords."""

    ko = "저장소(PostgreSQL)에 연결할 수 없습니다: {problem}. 서버와 DATABASE_URL을 확인하십시오."
    en = "The store (PostgreSQL) cannot be reached: {problem}. Check the server and DATABASE_URL."


class StoreFault(ServerUnreachable):
    """PostgreSQL answered that it could not do it, e.g. because its disk is full; nothing was written."""

    ko = "저장소(PostgreSQL)가 처리하지 못했습니다: {problem}. 아무것도 기록하지 않았습니다."
    en = "The store (PostgreSQL) could not do it: {problem}. Nothing was written."


class StoreTooOld(ServerUnreachable):
    """PostgreSQL 15 is the oldest that serves."""

    ko = "PostgreSQL {found}은(는) 너무 오래되었습니다. {needed} 이상이 필요합니다."
    en = "PostgreSQL {found} is too old; {needed} or newer is needed."


class NotUnicode(ServerUnreachable):
    """The database keeps text in another encoding than UTF-8, which not all of ours can be put into."""

    ko = "이 데이터베이스의 문자 인코딩은 {found}입니다. 인코딩이 UTF8인 데이터베이스를 새로 만들어 쓰십시오(CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)."
    en = "This database's encoding is {found}. Use one whose encoding is UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)."


class NotMigrated(ServerUnreachable):
    """The database has no schema of ours, or an older one."""

    ko = "저장소가 준비되지 않았습니다(스키마 {found}, 필요 {needed}). `donghaeng migrate`를 먼저 실행하십시오."
    en = "The store is not ready (schema {found}, needed {needed}). Run `donghaeng migrate` first."


class MayNotMigrate(ServerUnreachable):
    """The login lacks the rights to make roles and schemas."""

    ko = (
        "이 계정으로는 저장소를 준비할 수 없습니다: {problem}. "
        "데이터베이스 소유자(CREATEROLE 권한)나 관리자 계정을 쓰십시오."
    )
    en = (
        "This login may not prepare the store: {problem}. "
        "Use a superuser, or the database's owner with the right CREATEROLE."
    )


class SchemaOfNewerProgram(ServerUnreachable):
    """The schema is of a newer program."""

    ko = "저장소의 스키마({found})가 이 프로그램({known})보다 새롭습니다. 동행을 올리십시오."
    en = "The store's schema ({found}) is newer than this program ({known}). Install the newer Donghaeng."
