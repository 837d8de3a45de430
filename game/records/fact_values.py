"""Rows as plain JSON values and back, by the types of the columns; what comes in is checked."""

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Row, Table, Text
from sqlalchemy.types import Double, Float

from game.records.types import Flag, Json, UtcTime, to_json

_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

#: No text that is kept is longer: a note of a million letters is a mistake.
_MOST_LETTERS = 1_000_000


def plain_row(table: Table, row: Mapping[str, Any] | Row[Any]) -> dict[str, Any]:
    """The row (of ``select(table)``, or a mapping) as JSON values, in the order of the columns."""
    columns = _plain_columns(table)
    values = [row.get(name) for name, _ in columns] if isinstance(row, Mapping) else row
    return {
        name: value if value is None or plain is None else plain(value)
        for (name, plain), value in zip(columns, values, strict=True)
    }


def checked_row(table: Table, document: Mapping[str, Any]) -> dict[str, Any]:
    """The row that :func:`plain_row` wrote, every value checked.

    A column that is missing gets its default if it has one, for an older program may have written
    it. Raises ValueError, saying which column is wrong, and for columns that are not known here.
    """
    unknown = set(document) - {c.name for c in table.columns}
    if unknown:
        raise ValueError(f"“{min(unknown)}” is not known here: update Griptune")
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name not in document and column.server_default is not None:
            row[column.name] = str(column.server_default.arg)  # type: ignore[attr-defined]
            continue
        value = document.get(column.name)
        if value is None:
            if not column.nullable:
                raise ValueError(f"{column.name} is missing")
            row[column.name] = None
        else:
            row[column.name] = _checked(column, value)
    return row


@cache
def _plain_columns(table: Table) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Each column with what makes its values plain; None where they are. (An export asks often.)"""
    return tuple((column.name, _plain(column)) for column in table.columns)


def _plain(column: Column[Any]) -> Callable[[Any], Any] | None:
    kind = column.type
    if isinstance(kind, UtcTime):
        return _time_text
    if isinstance(kind, LargeBinary):
        return lambda block: base64.b64encode(block).decode("ascii")
    # A database may give a whole number back as one; in the form it is always a float.
    return float if isinstance(kind, Double | Float) else None


def _time_text(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _checked(column: Column[Any], value: Any) -> Any:
    kind, name = column.type, column.name
    if isinstance(kind, UtcTime):
        return _time(name, value)
    if isinstance(kind, Flag):
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false, not {value!r}")
        return value
    if isinstance(kind, Json):
        to_json(value).encode("utf-8")
        return value
    if isinstance(kind, LargeBinary):
        return _bytes(name, value)
    if isinstance(kind, Text):
        return _text(column, value)
    if isinstance(kind, Integer):
        return _whole(name, value, 63 if isinstance(kind, BigInteger) else 31)
    return _number(name, value)


def _time(name: str, value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError(f"{name} is a time, not {value!r}")
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"{name} needs a time zone")
    return at.astimezone(UTC)


def _text(column: Column[Any], value: Any) -> str:
    name = column.name
    if not isinstance(value, str) or len(value) > _MOST_LETTERS:
        raise ValueError(f"{name} is text, not {str(value)[:40]!r}")
    _printable(name, value)
    if name == "id" and not _IDENTIFIER.fullmatch(value):
        raise ValueError(f"“{value[:40]}” is no identifier")
    if name == "local_date":
        datetime.strptime(value, "%Y-%m-%d")
    return value


def _printable(name: str, text: str) -> None:
    """Refuse what one of the databases cannot keep: a NUL, half a character."""
    if "\0" in text:
        raise ValueError(f"{name} holds a NUL")
    text.encode("utf-8")


def _bytes(name: str, value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError(f"{name} is Base64")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{name} is no Base64 ({error})") from None


def _whole(name: str, value: Any, bits: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**bits) <= value < 2**bits:
        raise ValueError(f"{name} is a whole number, not {str(value)[:40]}")
    return value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is a number, not {str(value)[:40]!r}")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name} is a number, not {value}")
    return number
