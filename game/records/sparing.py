"""Files that nothing else may take the place of: the records, and what was backed up of them."""

from pathlib import Path

from game.records.errors import RecordsError

#: How every SQLite file begins (https://www.sqlite.org/fileformat.html, 1.3).
_BEGINNING = b"SQLite format 3\x00"


def spare_records(path: Path) -> None:
    """Refuse to write something else over records or a backup.

    An export, a report or a replay is easily made again; what it would take the place of is not.
    Raises RecordsError if ``path`` is such a file. Whatever cannot be read is left to the writing.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(len(_BEGINNING))
    except OSError:
        return
    if begins == _BEGINNING:
        raise RecordsError(f"{path} holds records, which must not be lost: choose another name")
