"""Sentences for people, before they are put into anybody's language.

Pure code speaks no language. Where it has something to say it returns English that can be
translated later: :func:`mark` for a sentence that is always the same, :class:`Say` for one with
figures in it. ``game.words`` finds both in the source and translates them where they are shown.
"""

from typing import Any, Protocol


class Say(str):
    """An English sentence that remembers the template and the values it was made of.

    It is an ordinary string to whoever prints or keeps it. ``template`` is written out where the
    sentence is made, as ``str.format`` takes it: ``Say("{port} is gone.", port=path)``.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> "Say":
        """``template`` filled with ``values``."""
        sentence = super().__new__(cls, template.format(**values) if values else template)
        sentence.template = template
        sentence.values = values
        return sentence


def mark(sentence: str) -> str:
    """``sentence`` as it is; says that it will be shown, and so has to be in every catalogue."""
    return sentence


class Language(Protocol):
    """What pure code needs of a language to write a whole page in it.

    ``game.words.Words`` is one.
    """

    language: str

    def tr(self, message: str, /, **values: Any) -> str:
        """``message`` in this language, its ``{names}`` filled."""

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """``one`` or ``many``, whichever is right for ``n``."""

    def number(self, value: int) -> str:
        """A whole number."""

    def decimal(self, value: float, digits: int = 1) -> str:
        """A number with so many decimals."""

    def percent(self, share: float) -> str:
        """A share, 0 to 1, in whole per cent."""
