"""The entries that a search finds, all of them, as a file: whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import msgspec

from domain.errors import Lang, Refusal
from projections.inspection.searching import Filters
from store.log import Store
from trail.files import problem_of
from workflows.trail.about import About, ExportPlace, Format
from workflows.trail.completeness import complete_by_facts
from workflows.trail.lines import Csv, Lines
from workflows.trail.reading import TrailEntry, compare_now, pages
from workflows.trail.workbook import Workbook

_A_PAGE = 500


class ExportExists(Refusal):
    ko = "{file}이(가) 이미 있습니다. 내보내기는 있는 파일을 덮어쓰지 않습니다. 다른 이름을 지정하십시오."
    en = "{file} exists. An export is never written over another file. Give another name."


class Exported(About, frozen=True, kw_only=True):
    """What an export is, as it stands beside it in a file of its own.

    `sha256`: of the file, in hex; `as_csv_sha256`: of the same entries as `--format csv` writes them, which a workbook's
    cells can be held against; None for what is no workbook.
    """

    sha256: str
    as_csv_sha256: str | None = None


class Writer(Protocol):
    """`as_csv`: the SHA-256 of the same as CSV, where the writer tells it, once all is written."""

    @property
    def as_csv(self) -> str | None: ...

    def write(self, entry: TrailEntry) -> None: ...

    def finish(self, about: About) -> None:
        """All is written; `about` says what."""

    def close(self) -> None:
        """Whether it is whole or not."""


def export(
    store: Store,
    filters: Filters,
    form: Format,
    out: Path,
    lang: Lang,
    progress: Callable[[int, int], None] = lambda done, of: None,
    checkpoint: str | None = None,
) -> Exported:
    """Write all entries found, the newest first, up to the log's end as it is now, and beside them what they are.

    All entries are compared with the facts first. `progress(done, of)`: positions passed, first so and then written.
    Memory stays flat. Raises ExportExists, ExportPlace, NotAllThere, EntriesDiffer.
    """
    about = out.with_name(f"{out.name}.about.json")
    for path in (out, about):
        if path.exists():
            raise ExportExists(file=path)
    head = store.head().position
    compared = compare_now(store, _counting(progress, head))
    head = compared.up_to
    with whole(out) as part:
        with closing(_WRITERS[form](part, lang)) as writer:
            count, first, last = 0, None, None
            for page in pages(store, filters, lang, head + 1, _A_PAGE):
                for entry in page:
                    writer.write(entry)
                count, first = count + len(page), page[-1].position
                last = last or page[0].position
                progress(2 * head - first, 2 * head)
            said = About(
                file=out.name,
                format=form,
                criteria=filters.asked,
                entries=count,
                first=first,
                last=last,
                complete=complete_by_facts(store, compared),
                made_at=store.now(),
                store=store.id,
                simulated=store.simulated,
                checkpoint=checkpoint,
            )
            writer.finish(said)
        with part.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    found = Exported(**msgspec.structs.asdict(said), sha256=sha256, as_csv_sha256=writer.as_csv)
    try:
        with whole(about) as part:
            part.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    except BaseException:
        out.unlink()  # whole or not at all
        raise
    return found


def _counting(progress: Callable[[int, int], None], head: int) -> Callable[[int], None]:
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        progress(done, 2 * head)

    return tick


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A file beside the one asked for, which takes its name once it is complete and on the disk."""
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.link(part, out)  # unlike a renaming, it never replaces what came there meanwhile
    except FileExistsError:
        raise ExportExists(file=out) from None
    except OSError as error:
        raise ExportPlace(file=out, problem=problem_of(error)) from None
    finally:
        with suppress(OSError):
            part.unlink()


_WRITERS: dict[Format, Callable[[Path, Lang], Writer]] = {"jsonl": Lines, "csv": Csv, "xlsx": Workbook}
