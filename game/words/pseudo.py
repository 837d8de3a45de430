"""A language that does not exist, to see what a screen does with longer words.

Every vowel carries an accent, so that a word that was never translated shows; every message grows
by 40 %, as German and Spanish do, and stands in brackets, so that one that is cut short shows too.
"""

import gettext
import re

_ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
_VOWELS = "áéíóúÁÉÍÓÚ"
_GROWTH = 0.4
_FIELD = re.compile(r"(\{[^{}]*\})")


def pseudo(message: str) -> str:
    """``message`` in the language that does not exist; its ``{names}`` stay as they are.

    >>> pseudo("Play {name} again")
    '[Plááy {name} áágááíín]'
    """
    pieces = _FIELD.split(message.replace("{{", "").replace("}}", ""))
    words = sum(len(piece) for piece in pieces[::2])
    more = round(words * _GROWTH)
    longer = []
    for i, piece in enumerate(pieces):
        if i % 2:
            longer.append(piece)
            continue
        grown = ""
        for letter in piece.translate(_ACCENTED):
            again = letter in _VOWELS and more > 0
            grown += letter + letter.lower() if again else letter
            more -= again
        longer.append(grown)
    return f"[{''.join(longer)}{' ~' * (more // 2)}]"


class PseudoTranslations(gettext.NullTranslations):
    """Makes every message up as it is asked for."""

    def gettext(self, message: str) -> str:
        """The made-up message."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The made-up message, by English rules."""
        return pseudo(msgid1 if n == 1 else msgid2)
