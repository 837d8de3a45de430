"""Cells of a CSV file that no spreadsheet takes for a formula, and rows of them.

A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a return would be calculated by a
spreadsheet, and a nickname could so read a file or call an address. Such a text gets an apostrophe
in front (OWASP, "CSV injection"). Numbers are written as numbers, −3 as ``-3``.
"""

import csv
from collections.abc import Iterable, Sequence
from typing import IO, Any

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

#: So that a spreadsheet reads the file as UTF-8; readers of CSV skip it.
BYTE_ORDER_MARK = "\ufeff"


def cell(value: Any) -> str:
    """``value`` as it stands in the file; nothing for None, ``1`` and ``0`` for flags."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    return "'" + text if text.startswith(_BEGINS_A_FORMULA) else text


class Rows:
    """Rows written to a binary file as UTF-8, comma-separated, one line each."""

    def __init__(self, out: IO[bytes], head: Sequence[str], *, mark: bool = True) -> None:
        self._out = out
        if mark:
            out.write(BYTE_ORDER_MARK.encode())
        self._lines = csv.writer(self, lineterminator="\r\n")
        if head:
            self.row(head)

    def row(self, values: Iterable[Any]) -> None:
        """One row."""
        # What :func:`cell` would leave alone is most of what there is, in millions of rows.
        self._lines.writerow([v if _as_it_is(v) else cell(v) for v in values])

    def write(self, line: str) -> None:
        """A line that the CSV writer made."""
        self._out.write(line.encode("utf-8", "replace"))


def _as_it_is(value: Any) -> bool:
    kind = type(value)
    return kind in _PLAIN or (kind is str and value[:1] not in _BEGIN_A_FORMULA)


_PLAIN = frozenset({int, float, type(None)})
_BEGIN_A_FORMULA = frozenset(_BEGINS_A_FORMULA)
