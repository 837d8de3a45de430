"""Column types that mean the same on SQLite's STRICT tables and on PostgreSQL.

A STRICT table knows INTEGER, REAL, TEXT and BLOB only, so times, flags and JSON become these.
The migrations use this module too: a type here is never changed, a new one is added.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import REAL, BigInteger, Double, Integer, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine


class CodePointText(Text):
    """Text that PostgreSQL orders by code points as SQLite does, whatever the server's language."""


#: Text of any length; identifiers and words too.
TEXT = CodePointText()
#: A small whole number.
INTEGER = Integer()
#: 64 bits: microseconds, seeds. (INTEGER holds 64 bits on SQLite, 32 on PostgreSQL.)
INTEGER_64 = BigInteger().with_variant(Integer(), "sqlite")
#: A double.
NUMBER: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")
#: Bytes.
BLOB = LargeBinary()


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware in Python; ``2025-01-31T12:00:00.000000Z`` in the database.

    The width is fixed, so text order is time order.
    """

    impl = CodePointText
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Instant to text; raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time that is kept needs a time zone: {value}")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Text to an instant in UTC."""
        return None if value is None else datetime.fromisoformat(value)


# The order belongs to the column alone: a collation in the type would be written into every
# comparison, where PostgreSQL does not take it.
@compiles(CodePointText, "postgresql")
@compiles(UtcTime, "postgresql")
def _ordered_by_code_points(element: Any, compiler: Any, **how: Any) -> str:
    return 'TEXT COLLATE "C"'


class Flag(TypeDecorator[bool]):
    """Yes or no, kept as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Bool to 1 or 0."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """1 or 0 to bool."""
        return None if value is None else bool(value)


class Json(TypeDecorator[Any]):
    """A JSON document as text, keys sorted, so that equal documents are equal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Document to text."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Text to document."""
        return None if value is None else json.loads(value)


def to_json(document: Any) -> str:
    """``document`` as compact JSON with sorted keys.

    Raises TypeError for what JSON does not know, ValueError for NaN and infinities.
    """
    return json.dumps(
        document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
