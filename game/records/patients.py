"""Patients as the records know them: a code, a nickname, a picture, a hand. No names needed."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from game.records.errors import RecordsError
from game.records.plays import HANDS

MOST_LETTERS_IN_A_CODE = 32
MOST_LETTERS_IN_A_NICKNAME = 32

GLOVE_SIZES = ("S", "M", "L")

#: Shown beside the nickname, and in its place where there is none.
PICTURES = (
    "otter",
    "heron",
    "fox",
    "whale",
    "owl",
    "hare",
    "bear",
    "swan",
    "turtle",
    "lynx",
    "robin",
    "seal",
    "deer",
    "crane",
    "badger",
    "dolphin",
    "falcon",
    "koala",
    "beaver",
    "ibis",
)


@dataclass(frozen=True)
class Patient:
    """A patient. ``on_board`` is their choice, off until made; ``board_hidden`` the one tap."""

    id: str
    code: str
    nickname: str | None
    picture: str
    hand: str
    on_board: bool
    board_hidden: bool
    created_at: datetime
    glove_size: str | None = None

    @property
    def shown_name(self) -> str:
        """The nickname or, without one, the name of the picture: never the code."""
        return shown_name(self.nickname, self.picture)


def shown_name(nickname: str | None, picture: str) -> str:
    """The name on boards and screens for all."""
    return nickname or picture.capitalize()


def checked_code(text: str) -> str:
    """``text`` as a patient code: 1 to 32 letters, digits, ``-``, ``_`` and ``.``.

    It begins with a letter or digit, so that it is neither an option on the command line nor a
    step up in a path. Raises RecordsError otherwise.
    """
    code = unicodedata.normalize("NFC", text.strip())
    allowed = all(_letter_or_digit(c) or c in "-_." for c in code)
    if not 1 <= len(code) <= MOST_LETTERS_IN_A_CODE or not allowed or not _letter_or_digit(code[0]):
        raise RecordsError(
            f"“{text}” cannot be a patient code: use 1 to {MOST_LETTERS_IN_A_CODE} letters, "
            "digits, “-”, “_” and “.”, beginning with a letter or digit"
        )
    return code


def code_key(code: str) -> str:
    """``code`` as it is compared: capitals and small letters are the same."""
    return unicodedata.normalize("NFKC", code.strip()).casefold()


def checked_nickname(text: str | None) -> str | None:
    """``text`` as a nickname, or None if there is nothing in it.

    Raises RecordsError if it is too long or holds anything that does not print.
    """
    nickname = unicodedata.normalize("NFC", " ".join((text or "").split()))
    if len(nickname) > MOST_LETTERS_IN_A_NICKNAME or not nickname.isprintable():
        raise RecordsError(
            f"“{text}” cannot be a nickname: use at most {MOST_LETTERS_IN_A_NICKNAME} printable "
            "characters"
        )
    return nickname or None


def checked_hand(text: str) -> str:
    """``text`` as a hand. Raises RecordsError unless it is ``left`` or ``right``."""
    hand = text.strip().lower()
    if hand not in HANDS:
        raise RecordsError(f"a hand is “left” or “right”, not “{text}”")
    return hand


def checked_glove_size(text: str | None) -> str | None:
    """``text`` as the size of a glove, None if it is empty. Raises RecordsError unless it is S, M
    or L."""
    size = (text or "").strip().upper()
    if size and size not in GLOVE_SIZES:
        raise RecordsError(f"a glove is of size {', '.join(GLOVE_SIZES)}, not “{text}”")
    return size or None


def checked_picture(text: str) -> str:
    """``text`` as the name of a picture. Raises RecordsError naming those there are."""
    picture = text.strip().lower()
    if picture not in PICTURES:
        raise RecordsError(f"there is no picture “{text}”; the pictures are {', '.join(PICTURES)}")
    return picture


def picture_named(nickname: str | None) -> str | None:
    """The picture that a word of ``nickname`` names, if one does."""
    words = (nickname or "").casefold().split()
    return next((word for word in words if word in PICTURES), None)


def unknown_patient(text: str, codes: Iterable[str]) -> RecordsError:
    """What to say when nobody has the code ``text``, with the codes that come near."""
    by_key = {code_key(code): code for code in codes}
    near = difflib.get_close_matches(code_key(text), by_key, n=3, cutoff=0.5)
    if near:
        rest = f"did you mean {' or '.join(f'“{by_key[key]}”' for key in near)}?"
    elif by_key:
        rest = "see griptune patient list"
    else:
        rest = "add one with griptune patient add CODE"
    return RecordsError(f"there is no patient “{text}”; {rest}")


def _letter_or_digit(character: str) -> bool:
    # Combining marks belong to the letters before them in many scripts.
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd"
