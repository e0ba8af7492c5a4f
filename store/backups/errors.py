"""What backup and restore refuse."""

from __future__ import annotations

from domain.errors import Refusal


class NotABackup(Refusal):
    """The file does not begin as our backups do."""

    ko = "{file}은(는) 동행의 백업 파일이 아닙니다. `donghaeng backup`으로 만든 파일을 지정하십시오."
    en = "{file} is not a backup of Donghaeng. Give a file that `donghaeng backup` has made."


class BackupDamaged(Refusal):
    """The file was cut short, changed, or put in another order. `problem`: where."""

    ko = "백업 파일 {file}이(가) 잘렸거나 바뀌었습니다: {problem}. 아무것도 복원하지 않았습니다. 다른 사본을 쓰십시오."
    en = (
        "The backup {file} was cut short or changed: {problem}. Nothing was restored. Use another copy of it."
    )


class WrongPassphrase(Refusal):
    """The passphrase is not the one that the file was sealed under."""

    ko = "백업 파일 {file}의 암호가 맞지 않습니다. 만들 때 쓴 암호를 지정하십시오."
    en = "The passphrase does not open the backup {file}. Give the one that it was made with."


class BackupOfNewerFormat(Refusal):
    """The file's format is newer than this program."""

    ko = "백업 파일 {file}의 형식({found})이 이 프로그램({known})보다 새롭습니다. 동행을 업그레이드한 뒤 복원하십시오."
    en = (
        "The backup {file} has format {found}; this program knows up to {known}. Install the newer Donghaeng."
    )


class BackupOfNewerSchema(Refusal):
    """The store in the file has a newer schema than this program."""

    ko = "백업 파일 {file}의 스키마({found})가 이 프로그램({known})보다 새롭습니다. 동행을 업그레이드한 뒤 복원하십시오."
    en = (
        "The backup {file} has schema {found}; this program knows up to {known}. Install the newer Donghaeng."
    )


class TableUnknown(Refusal):
    """The file holds a table that its own schema does not have: somebody has added it by hand."""

    ko = "백업 파일에 스키마 {schema}에 없는 표 {table}이(가) 있습니다. 아무것도 복원하지 않았습니다."
    en = "The backup holds a table {table} that schema {schema} does not have. Nothing was restored."


class BackupUnreadable(Refusal):
    """The file, or its folder, cannot be read or written. `problem`: the system's words."""

    ko = "백업 파일 {file}을(를) 읽거나 쓸 수 없습니다: {problem}. 경로와 권한, 남은 공간을 확인하십시오."
    en = "The backup {file} cannot be read or written: {problem}. Check its path, rights and the space left."


class BackupExists(Refusal):
    """A backup never writes over a file."""

    ko = "{file}이(가) 이미 있습니다. 백업은 있는 파일을 덮어쓰지 않습니다. 다른 이름을 지정하십시오."
    en = "{file} exists. A backup is never written over another file. Give another name."


class BackupUnderWay(Refusal):
    """Somebody else writes a backup under the same name right now."""

    ko = "{file}에 쓰는 백업이 이미 진행 중입니다. 끝나기를 기다리거나 다른 이름을 지정하십시오."
    en = "A backup to {file} is under way already. Wait for it, or give another name."


class PlaceNotEmpty(Refusal):
    """There is a store where the backup is to be restored to. `store`: its id; `head`: its last position."""

    ko = (
        "복원할 곳에 이미 저장소 {store}(기록 {head}건)이(가) 있습니다. 있는 저장소 위에는 복원하지 않습니다. "
        "빈 데이터베이스나 새 자료 폴더(--data)를 쓰십시오."
    )
    en = (
        "There is a store already: {store}, with {head} fact(s). A backup is never restored over a store. "
        "Use an empty database, or a new data folder (--data)."
    )


class KeysDiffer(Refusal):
    """Another key lies where the backup's key is to go."""

    ko = "{path}에 백업의 것과 다른 키가 있습니다. 덮어쓰지 않았습니다. 그 파일을 옮기거나 새 자료 폴더를 쓰십시오."
    en = "At {path} lies another key than the backup's. It was not replaced. Move it away, or use a new data folder."


class KeysChanged(Refusal):
    """The key files changed while the backup was made."""

    ko = "백업하는 동안 키 파일이 바뀌었습니다. 백업을 남기지 않았습니다. 다시 실행하십시오."
    en = "The key files changed while the backup was made. No backup was left. Run it again."


class VaultKeyNotHere(Refusal):
    """The vault holds persons' details that no key file of this machine opens."""

    ko = (
        "개인정보 금고를 여는 키가 {path}에 없어, 백업해도 개인정보를 되살릴 수 없습니다. 백업을 남기지 않았습니다. "
        "키 파일이 있는 컴퓨터에서 백업하십시오."
    )
    en = (
        "The key that opens the vault is not at {path}; no person's details could be restored from such a backup. "
        "No backup was left. Make it on the machine that has the key file."
    )


class PassphraseTooShort(Refusal):
    """A backup holds everything; its passphrase is not short."""

    ko = "암호가 너무 짧습니다. {least}자 이상으로 하십시오."
    en = "The passphrase is too short. It needs {least} character(s) or more."


class PassphrasesDiffer(Refusal):
    """The passphrase was typed twice, not alike."""

    ko = "두 번 입력한 암호가 서로 다릅니다. 다시 실행하십시오."
    en = "The two passphrases are not alike. Run it again."


class PassphraseFileTooOpen(Refusal):
    """Others can read the file with the passphrase."""

    ko = "암호 파일 {path}을(를) 다른 사용자가 읽을 수 있습니다(권한 {mode}). `chmod 600 {path}`(으)로 닫으십시오."
    en = "Others can read the passphrase file {path} (mode {mode}). Close it with `chmod 600 {path}`."


class NoPassphrase(Refusal):
    """No passphrase was given, and nobody is there to ask."""

    ko = "암호가 필요합니다. --passphrase-file로 암호 파일(권한 0600)을 지정하십시오."
    en = "A passphrase is needed. Give a file of mode 0600 that holds it with --passphrase-file."
