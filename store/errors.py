"""What the store refuses, and how it says that it cannot be had."""

from __future__ import annotations

from domain.errors import DonghaengError, Refusal, ServerUnreachable


class StreamConflict(Refusal):
    """`stream` is at version `actual`, not at `expected`, which the decision was made on."""

    ko = "{stream}이(가) 그 사이 바뀌었습니다(예상 버전 {expected}, 현재 버전 {actual})."
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
    en = "The command writes {size} byte(s) at once; the most is {most}. Divide it."


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

    ko = "기록하지 않았습니다: 모의 저장소가 아닌데 저장소의 시계(donghaeng.head)가 실제 시각과 다르게 바뀌어, 인지 시각이 {known_at}, 기록 시각이 {recorded_at}이(가) 됩니다. 누가 바꾸었는지 알아보고 `donghaeng doctor`가 말하는 대로 되돌리십시오."
    en = "Nothing was recorded: this is no simulated store, and the row of its clock (donghaeng.head) was changed, so that the fact would be known at {known_at} and recorded at {recorded_at}. Find out who changed it, and put it right as `donghaeng doctor` says."


class StoreWentBack(Refusal):
    """The store ends at `position`; `before`, worded: up to where it was acted on or sealed. A person has to decide."""

    ko = "기록하지 않았습니다: 저장소가 되돌아갔습니다(잃은 기록을 남긴 장애 조치이거나 백업). 기록이 {position}번에서 끝납니다{before}. 사람이 결정할 때까지 명령을 받지 않습니다: `donghaeng epoch show`로 확인하고, 잃은 기록을 되찾거나 `donghaeng epoch accept`로 그대로 계속 사용하십시오."
    en = "Nothing was recorded: the store went back (a failover that lost its last facts, or a backup in its place). It ends at fact {position}{before}. It takes no commands until a person decides: look with `donghaeng epoch show`, and bring back what is lost, or let it go on as it is with `donghaeng epoch accept`."


class LogWentBack(Refusal):
    """The fact at `position` was followed up to, and is not there any more or is another one."""

    ko = "{position}번까지 따라간 기록이 저장소에 그대로 있지 않습니다. 저장소가 되돌아갔거나 다른 저장소입니다. 받은 것 가운데 되돌아간 뒤의 것은 사실이 아닐 수 있습니다: `donghaeng epoch show`로 확인하고, 그대로 있는 번호부터 다시 따라가십시오."
    en = "The log was followed up to fact {position}, which is not there any more or is another one: the store went back, or it is another store. What was received after the point it went back to may not be so. Look with `donghaeng epoch show`, and follow again from a position that still stands."


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

    ko = "삭제할 열람 기록의 수가 그 사이 달라졌습니다. 다시 실행하십시오."
    en = "There are other readings to take out than were counted. Run it again."


class GapTooLarge(Refusal):
    """An acknowledgement leaves at most a million positions empty."""

    ko = "확인하려는 빈자리가 기록의 끝을 백만 건 넘게 지나칩니다. `donghaeng access review`가 말하는 번호를 지정하십시오."
    en = "The gap that is to be acknowledged goes more than a million positions past the end of the log. Give the positions that `donghaeng access review` names."


class RemovalNotNamed(Refusal):
    """`kind`: of the facts of the append that do not name just what it would take away."""

    ko = "이 명령이 남기는 기록({kind})이 말하는 것과 다른 것을 삭제하려 하여 거부했습니다. 아무것도 삭제하거나 기록하지 않았습니다. 동행의 명령이 아닌 것으로 저장소에 쓴 것이 아닌지 확인하십시오."
    en = "It was refused, since what it would take away is not what its own facts ({kind}) name. Nothing was taken away or written. Find out whether something other than Donghaeng's commands writes to the store."


class RemovalHeld(Refusal):
    """`stream`: on legal hold, and it speaks of what would go."""

    ko = "{stream}이(가) 기록물로 보존 중이어서 여기에 나오는 것은 삭제할 수 없습니다. 보존을 해제한 뒤(`donghaeng task lift-hold`) 다시 실행하십시오."
    en = "{stream} is on legal hold, so that nothing it speaks of may go. Have the hold lifted (`donghaeng task lift-hold`) and try again."


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

    ko = "기록 {kind}(버전 {needed})은(는) 더 새로운 프로그램이 썼습니다(이 프로그램은 버전 {known}까지). 동행을 업그레이드한 뒤 다시 실행하십시오."
    en = "A fact of kind {kind}, schema version {needed}, was written by a newer program (this one knows up to {known}). Install the newer Donghaeng."


class StoreUnreachable(ServerUnreachable):
    """PostgreSQL does not answer. `problem`: its words, without passwords."""

    ko = "저장소(PostgreSQL)에 연결할 수 없습니다: {problem}. 서버와 DATABASE_URL을 확인하십시오."
    en = "The store (PostgreSQL) cannot be reached: {problem}. Check the server and DATABASE_URL."


class StoreFault(ServerUnreachable):
    """PostgreSQL answered that it could not do it, e.g. because its disk is full; nothing was written."""

    ko = "저장소(PostgreSQL)가 처리하지 못했습니다: {problem}. 아무것도 기록하지 않았습니다."
    en = "The store (PostgreSQL) could not do it: {problem}. Nothing was written."


class StoreSilent(StoreUnreachable):
    """PostgreSQL was asked and gave no answer in time: it is stopped or overloaded, or the way to it swallows everything."""

    ko = "저장소(PostgreSQL)가 {seconds}초 동안 응답하지 않아 연결을 끊었습니다. 서버가 멈추었거나 사이의 네트워크가 끊겼는지 확인하고 다시 실행하십시오."
    en = "The store (PostgreSQL) gave no answer for {seconds} second(s), so the connection was closed. See whether the server or the network to it is stopped, and try again."


class StoreBusy(StoreFault):
    """PostgreSQL gave it up in time: it took too long, or somebody holds what it needs. `holders`: who, where that is known."""

    ko = "저장소(PostgreSQL)가 제때 처리하지 못했습니다: {problem}{holders}. 아무것도 기록하지 않았습니다. 잠시 뒤 다시 실행하십시오. 계속되면 `donghaeng doctor`로 확인하십시오."
    en = "The store (PostgreSQL) could not do it in time: {problem}{holders}. Nothing was written. Try again in a moment; if it goes on, see `donghaeng doctor`."


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

    ko = "저장소의 스키마({found})가 이 프로그램({known})보다 새롭습니다. 동행을 업그레이드하십시오."
    en = "The store's schema ({found}) is newer than this program ({known}). Install the newer Donghaeng."
