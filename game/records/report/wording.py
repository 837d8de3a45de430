"""Numbers and days of a report, as its reader's language writes them."""

from datetime import date

from game.core.say import Language, mark

#: What stands where there is nothing to say.
NOTHING = "–"

#: A text somebody wrote is cut after so many letters, a name or a unit after so few.
MOST_LETTERS, MOST_LETTERS_OF_A_NAME = 104, 16

_DAYS = (
    mark("{day} Jan"),
    mark("{day} Feb"),
    mark("{day} Mar"),
    mark("{day} Apr"),
    mark("{day} May"),
    mark("{day} Jun"),
    mark("{day} Jul"),
    mark("{day} Aug"),
    mark("{day} Sep"),
    mark("{day} Oct"),
    mark("{day} Nov"),
    mark("{day} Dec"),
)


def day_words(words: Language, day: date, *, year: bool = False) -> str:
    """``7 Mar`` or ``7 Mar 2025``: the reader's language, whatever the computer's is."""
    told = words.tr(_DAYS[day.month - 1], day=day.day)
    return f"{told} {day.year}" if year else told


def number(
    words: Language, value: float | None, digits: int = 0, *, sign: bool = False, most: int = 0
) -> str:
    """``value`` with so many decimals and a real minus; a dash for None.

    With ``most`` decimals that are nothing are left out: 0.5 and not 0.50.
    """
    if value is None:
        return NOTHING
    while digits < most and round(value, digits) != round(value, most):
        digits += 1
    text = words.decimal(abs(value), digits)
    if not any(letter in "123456789" for letter in text):
        return text  # zero has no sign
    return ("−" if value < 0 else "+" if sign else "") + text


def percent(words: Language, share: float | None) -> str:
    """``share`` (0 to 1) in whole per cent; a dash for None."""
    return NOTHING if share is None else words.percent(share)


def cut(text: str, most: int = MOST_LETTERS) -> str:
    """``text``, or its beginning if it is too long for two pages: the export has all of it."""
    return text if len(text) <= most else text[: most - 1] + "…"


def capital(text: str) -> str:
    """``text`` with a capital at its beginning."""
    return text[:1].upper() + text[1:]
