"""Why a history is not exported or taken in."""

from __future__ import annotations

from domain.errors import Refusal


class ExportFolderNotEmpty(Refusal):
    """An export is never written over something else."""

    ko = "{path}에 이미 다른 것이 있습니다. 비어 있거나 아직 없는 폴더를 --out으로 지정하십시오."
    en = "There is something at {path} already. Give with --out a folder that is empty or not there yet."


class ExportNotWritable(Refusal):
    """The disk is full, or the folder above cannot be written to."""

    ko = "{path}에 쓸 수 없습니다: {problem}. 아무것도 남기지 않았습니다. 공간을 확보하거나 다른 곳을 --out으로 지정하십시오."
    en = "{path} cannot be written: {problem}. Nothing was left there. Make room, or give another place with --out."


class NothingToExport(Refusal):
    """The log holds no fact."""

    ko = "저장소에 기록이 없어 내보낼 것이 없습니다."
    en = "The store holds no fact: there is nothing to export."


class NotAnExport(Refusal):
    """`problem`: what is missing or wrong."""

    ko = "{path}은(는) `donghaeng export`가 만든 이력이 아닙니다: {problem}. 아무것도 기록하지 않았습니다."
    en = "{path} is not a history that `donghaeng export` made: {problem}. Nothing was written."


class ExportOfOtherVersion(Refusal):
    """`found`: the version of the export's form; `known`: the one that this program reads."""

    ko = "{path}은(는) 내보내기 버전 {found}입니다(이 프로그램은 버전 {known}). 그것을 만든 버전의 동행으로 다시 내보내거나 동행을 업그레이드하십시오."
    en = "{path} is an export of version {found}; this program reads version {known}. Install the Donghaeng that made it, or export again with this one."


class NotLines(Refusal):
    """Parquet is for analysis; it does not hold the stored bytes."""

    ko = "{path}은(는) {format} 형식이라 가져올 수 없습니다. 저장된 바이트는 --format jsonl로 내보낸 이력에만 있습니다."
    en = "{path} is in {format}, which cannot be imported: only a history exported with --format jsonl holds the stored bytes."


class ExportDamaged(Refusal):
    """A file is not as the manifest says."""

    ko = "{path}이(가) 목록(manifest.json)과 다릅니다: {problem}. 아무것도 기록하지 않았습니다. 원본을 다시 받으십시오."
    en = "{path} is not as its manifest.json says: {problem}. Nothing was written. Get the original again."


class StoreNotEmpty(Refusal):
    """`origin`: the store whose history it is; `store`: the one that is to take it."""

    ko = "이 저장소({store})에는 이미 기록 {position}건이 있습니다. 저장소 {origin}의 이력은 빈 저장소에만 가져올 수 있습니다."
    en = "This store ({store}) holds {position} fact(s) already. The history of store {origin} can only be taken into an empty one."


class OtherClock(Refusal):
    """`origin`, `store`: "simulated" or "real"."""

    ko = "{origin} 저장소의 이력은 {store} 저장소에 가져올 수 없습니다. 같은 종류의 빈 저장소를 쓰십시오(`donghaeng migrate`, 모의는 --simulated)."
    en = "The history of a {origin} store cannot be taken into a {store} one. Use an empty store of its kind (`donghaeng migrate`, for a simulated one --simulated)."
