"""What all tables are made with."""

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Table
from sqlalchemy.schema import SchemaItem

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def table(name: str, *items: SchemaItem) -> Table:
    """A table that keeps to its types."""
    return Table(name, METADATA, *items, sqlite_strict=True)


def is_(name: str, type_: Any, *items: SchemaItem) -> Column[Any]:
    """A column that always has a value."""
    return Column(name, type_, *items, nullable=False)


def may(name: str, type_: Any, *items: SchemaItem) -> Column[Any]:
    """A column that may have a value."""
    return Column(name, type_, *items, nullable=True)


def to(target: str) -> ForeignKey:
    """Erasing what is referred to erases the row: a patient leaves nothing behind."""
    return ForeignKey(target, ondelete="CASCADE")


def link(target: str) -> ForeignKey:
    """Erasing what is referred to leaves the row, which then says nothing of it."""
    return ForeignKey(target, ondelete="SET NULL")
