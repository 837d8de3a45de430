"""A table of the report: plain strings that both renderers set."""

from dataclasses import dataclass

from game.core.say import Language


@dataclass(frozen=True)
class Table:
    """A table: its head, its rows, and how each column is set (``l`` or ``r``).

    ``total`` says that the last row sums up the others.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    set_as: str
    note: str = ""
    total: bool = False


def head(words: Language, *names: str) -> tuple[str, ...]:
    """The names of columns, in the reader's language."""
    return tuple(words.tr(name) for name in names)
