"""Catalogues: messages, plurals and numbers of one language, and the one that is in use.

The catalogues are read from their ``.po`` files with polib, one small pure module, rather than
compiled beforehand: nothing generated has to be kept in step, and reading one takes a few
milliseconds (figures in docs/developers.md). Plural forms are evaluated by Python's own gettext.
"""

import gettext
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from game.core.say import Say
from game.words.pseudo import PseudoTranslations

_FOLDER = Path(__file__).parent

#: What each language calls itself, in the order in which they are offered.
LANGUAGES = {"en": "English", "es": "Español", "de": "Deutsch"}

#: A made-up language for tests: longer than English, with an accent on every vowel.
PSEUDO = "pseudo"

#: A space that is narrow and does not break: between thousands (ISO 80000-1), before a percent.
_NARROW = "\u202f"

_DECIMAL_MARKS = {"en": ".", "es": ",", "de": ","}


def po_file(language: str) -> Path:
    """Where the catalogue of ``language`` lies."""
    return _FOLDER / f"{language}.po"


@cache
def _translations(language: str) -> gettext.NullTranslations:
    if language == PSEUDO:
        return PseudoTranslations()
    if language == "en" or language not in LANGUAGES:
        return gettext.NullTranslations()
    import polib  # only whoever needs another language waits for it

    return gettext.GNUTranslations(io.BytesIO(polib.pofile(po_file(language)).to_binary()))


class Words:
    """Everything that is said in one language; English for a language that nobody knows."""

    def __init__(self, language: str) -> None:
        self.language = language if language in (*LANGUAGES, PSEUDO) else "en"
        self._translations = _translations(self.language)

    def tr(self, message: str, /, **values: Any) -> str:
        """``message`` in this language, with ``values`` put in for its ``{names}``.

        A :class:`~game.core.say.Say` brings its own values. Whole numbers among the values are
        written as :meth:`number` does; sentences made with Say are translated as well.
        """
        if isinstance(message, Say):
            template, values = message.template, message.values
        else:
            template = message
        if not template:
            return ""  # gettext answers "" with the header of the catalogue
        return self._filled(self._translations.gettext(template), values)

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """``one`` or ``many``, whichever this language uses for ``n``, which is ``{n}`` in it."""
        return self._filled(self._translations.ngettext(one, many, n), {"n": n, **values})

    def number(self, value: int) -> str:
        """``8940`` as ``8 940``, with a narrow space that does not break."""
        return f"{value:,}".replace(",", _NARROW)

    def decimal(self, value: float, digits: int = 1) -> str:
        """``value`` with so many ``digits`` after the decimal mark of this language."""
        mark = _DECIMAL_MARKS.get(self.language, ".")
        return f"{value:,.{digits}f}".replace(",", _NARROW).replace(".", mark)

    def percent(self, share: float) -> str:
        """``0.8`` as ``80%``, or ``80 %`` where a space belongs there."""
        space = "" if self.language in ("en", PSEUDO) else _NARROW
        return f"{share * 100:.0f}{space}%"

    def _filled(self, template: str, values: dict[str, Any]) -> str:
        if not values:
            return template
        return template.format(**{name: self._value(value) for name, value in values.items()})

    def _value(self, value: Any) -> Any:
        if isinstance(value, Say):
            return self.tr(value)
        return self.number(value) if type(value) is int else value


_in_use = Words("en")


def use(language: str) -> None:
    """Everything is said in ``language`` from now on; English for one that nobody knows."""
    global _in_use
    _in_use = Words(language)


def language() -> str:
    """The language in use."""
    return _in_use.language


def tr(message: str, /, **values: Any) -> str:
    """:meth:`Words.tr` in the language in use."""
    return _in_use.tr(message, **values)


def plural(one: str, many: str, n: int, /, **values: Any) -> str:
    """:meth:`Words.plural` in the language in use."""
    return _in_use.plural(one, many, n, **values)


def number(value: int) -> str:
    """:meth:`Words.number` in the language in use."""
    return _in_use.number(value)


def decimal(value: float, digits: int = 1) -> str:
    """:meth:`Words.decimal` in the language in use."""
    return _in_use.decimal(value, digits)


def percent(share: float) -> str:
    """:meth:`Words.percent` in the language in use."""
    return _in_use.percent(share)


def best_language(wanted: Iterable[str]) -> str:
    """The first of ``wanted`` (``de_AT.UTF-8``, ``es-MX``, ``en``) that there is; else English."""
    for tag in wanted:
        primary = tag.replace("-", "_").partition("_")[0].partition(".")[0].lower()
        if primary in LANGUAGES or primary == PSEUDO:
            return primary
    return "en"


def names() -> str:
    """The languages there are, for a sentence."""
    return ", ".join(LANGUAGES)
