"""The export that can be taken in again: every fact of some patients in one JSON document.

One line per fact, so that it is written and read with few of them in memory; any JSON reader takes
it as well. ``facts`` are in an order in which they can be put into empty records
(:mod:`game.records.facts`); a line with ``"fact": "present"`` is no fact but the difficulty as it
stands and the songs that are marked.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from game.records.errors import RecordsError
from game.records.export.people import Counter, Progress, chosen
from game.records.export.sink import whole_file
from game.records.facts import count_facts, facts_of, present, put_fact, put_present
from game.records.identifiers import tombstone
from game.records.schema import erased
from game.records.store_base import StoreBase
from game.records.types import to_json

FORMAT = 1

#: What the first line says the document is.
_WHAT = "griptune records"

#: The longest line that is read: a play of an hour is some hundred kilobytes.
_LONGEST_LINE = 512 * 1024 * 1024

_PRESENT = "present"


def write_json(
    store: StoreBase,
    path: Path,
    codes: Sequence[str] | None = None,
    *,
    software: str = "",
    progress: Progress | None = None,
) -> int:
    """Write the records of ``codes``, or of everybody, to ``path``; returns how many facts.

    Raises RecordsError for an unknown code and for a file that cannot be written.
    """
    with store.reading() as connection, whole_file(path) as out:
        people = chosen(connection, codes)
        counter = Counter(sum(count_facts(connection, p.id) for p in people), progress)
        head = {"what": _WHAT, "format": FORMAT, "software": software}
        out.write(b"{" + to_json(head)[1:-1].encode() + b',"facts":[')
        separator = b"\n"
        for patient in people:
            for document in facts_of(connection, patient.id):
                out.write(separator + to_json(document).encode())
                separator = b",\n"
                counter.one_more()
            now = {"fact": _PRESENT, "patient_id": patient.id, **present(connection, patient.id)}
            out.write(separator + to_json(now).encode())
        out.write(b"\n]}\n")
    return counter.done


def read_json(store: StoreBase, path: Path, *, progress: Progress | None = None) -> tuple[int, int]:
    """Take in the facts of an export: all of them, or none if one cannot be kept.

    Returns how many facts were new and how many there are in the file. Raises RecordsError, a
    sentence that names the line, for a file that is no such export, for another patient's code,
    and for somebody who was erased here.
    """
    new = every = 0
    try:
        size = max(1, path.stat().st_size)
        with path.open("rb") as file, store.writing() as connection:
            for number, document in _documents(file, path):
                if not isinstance(document, dict) or "fact" not in document:
                    raise RecordsError(f"{path.name}, line {number}: this is no fact")
                kind = document["fact"]
                try:
                    if kind == _PRESENT:
                        patient_id = _known(connection, document)
                        put_present(connection, patient_id, document)
                        continue
                    every += 1
                    new += put_fact(connection, kind, document)
                except RecordsError as error:
                    raise type(error)(f"{path.name}, line {number}: {error}") from error
                if progress is not None and number % 50 == 0:
                    progress(min(1.0, file.tell() / size))
    except OSError as error:
        raise RecordsError(f"{path} cannot be read: {error.strerror}") from error
    return new, every


def _known(connection: Any, document: dict[str, Any]) -> str:
    patient_id = document.get("patient_id")
    query = erased.select().where(erased.c.digest == tombstone(str(patient_id)))
    if not isinstance(patient_id, str) or connection.execute(query).first() is not None:
        raise RecordsError("this is of somebody who was erased here, and stays erased")
    return patient_id


def _documents(file: IO[bytes], path: Path) -> Iterator[tuple[int, Any]]:
    """Line numbers and documents: a fact a line, as written; or, if some program wrote the
    document anew, all of it at once."""
    first = file.readline(_LONGEST_LINE)
    try:
        head = json.loads(first + b"]}")
    except ValueError:
        file.seek(0)
        yield from _all_at_once(file, path)
        return
    _check_head(head, path)
    number = 1
    for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
        number += 1
        text = line.strip()
        if text == b"]}":
            if file.read(64).strip():
                raise RecordsError(f"{path.name}, line {number}: something follows the end")
            return
        try:
            yield number, json.loads(text.removesuffix(b","))
        except (ValueError, RecursionError) as error:
            raise RecordsError(f"{path.name}, line {number} is no JSON ({error})") from error
    raise RecordsError(f"{path.name} ends in the middle: export it again")


def _all_at_once(file: IO[bytes], path: Path) -> Iterator[tuple[int, Any]]:
    try:
        document = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise RecordsError(f"{path.name} is no JSON ({error})") from error
    _check_head(document, path)
    facts = document.get("facts")
    if not isinstance(facts, list):
        raise RecordsError(f"{path.name} has no list of facts")
    yield from enumerate(facts, start=1)


def _check_head(head: Any, path: Path) -> None:
    if not isinstance(head, dict) or head.get("what") != _WHAT:
        raise RecordsError(
            f"{path.name} is no export of Griptune: choose a file of griptune patient export"
        )
    if head.get("format") != FORMAT:
        raise RecordsError(
            f"{path.name} has format {head.get('format')}, and this Griptune reads {FORMAT}: "
            "update Griptune"
        )
