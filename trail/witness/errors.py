"""What can be wrong with a witness's folder, its keys or its address."""

from __future__ import annotations

from trail.bilingual import Refusal, ServerUnreachable


class NoWitnessHere(Refusal):
    ko = "{folder}에 증인의 키가 없습니다. `witness init --folder {folder} --name 이름`으로 먼저 만드십시오."
    en = (
        "There is no witness's key in {folder}. Make one first: `witness init --folder {folder} --name NAME`."
    )


class WitnessIsHere(Refusal):
    ko = "{folder}에는 이미 증인 {name}의 키가 있습니다. 키는 덮어쓰지 않습니다. 다른 폴더를 지정하십시오."
    en = "{folder} already has the key of the witness {name}, and a key is never overwritten. Name another folder."


class OtherWitness(Refusal):
    ko = "{folder}의 증인은 {name}입니다. --name을 고치거나 다른 폴더를 지정하십시오."
    en = "The witness in {folder} is {name}. Correct --name, or name another folder."


class NotAKeyForThis(Refusal):
    """A log's key where a witness's is needed, or the other way round."""

    ko = "{where}의 키는 이 일에 쓸 수 없습니다: {problem}."
    en = "The key {where} is not for this: {problem}."


class BadListen(Refusal):
    ko = "‘{given}’에서 들을 수 없습니다: {problem}. 예: --listen 127.0.0.1:8470"
    en = "It cannot listen on “{given}”: {problem}. Example: --listen 127.0.0.1:8470"


class FolderNeeded(Refusal):
    exit_code = 2
    ko = "증인의 폴더를 --folder로 지정하십시오."
    en = "Name the witness's folder with --folder."


class NotRemembered(ServerUnreachable):
    """What the witness has seen, or whom it trusts, cannot be read or written: it signs nothing then."""

    ko = "증인의 파일 {path}을(를) 쓸 수 없어 아무것도 서명하지 않습니다({problem}). 디스크와 권한을 확인하고, 내용이 손상되었다면 새 키로 새 증인을 만드십시오."
    en = "The witness's file {path} cannot be used ({problem}), so nothing is signed. Look at the disk and its rights; if the content is spoiled, make a new witness with a new key."
