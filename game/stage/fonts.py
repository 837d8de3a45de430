"""The bundled fonts: which letters they hold, and text as pictures, made once per value."""

import struct
import threading
import unicodedata
from collections import OrderedDict
from functools import cache
from pathlib import Path

import pygame

from game.stage.errors import StageError
from game.stage.theme import RGB

_FOLDER = Path(__file__).parent / "fonts"
_FILES = {False: "NotoSans-Regular.ttf", True: "NotoSans-Bold.ttf"}

#: Letters that titles of music have and the font lacks, and what stands for them.
_STAND_INS = {"♭": "b", "♯": "#", "♮": "", "−": "–", "‑": "-"}

#: Where a long word may be broken, if it has to be. It is never drawn itself.
SOFT_HYPHEN = "\u00ad"

#: Spaces within a number, and before a percent sign.
_UNBREAKABLE = "\u00a0\u202f"

#: So many rendered texts are kept; the least recently used goes first. A play needs about 150.
TEXTS_KEPT = 600


def font_file(bold: bool) -> Path:
    """Where the bundled font lies; raises StageError when the installation lacks it."""
    path = _FOLDER / _FILES[bold]
    if not path.is_file():
        raise StageError(f"The font {path.name} is missing in {_FOLDER}: install Griptune again.")
    return path


@cache
def font(px: int, bold: bool) -> pygame.font.Font:
    """Noto Sans at ``px`` pixels to the em."""
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(str(font_file(bold)), px)


@cache
def characters(bold: bool) -> frozenset[int]:
    """Every code point the font has a picture for.

    Read from the font's ``cmap`` table (OpenType 1.9, formats 4 and 12): SDL gives the metrics of
    the empty box for a missing letter, so it cannot be asked.
    """
    data = font_file(bold).read_bytes()
    tables = {
        data[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", data, 20 + 16 * i)[0]
        for i in range(struct.unpack_from(">H", data, 4)[0])
    }
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for i in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)
        start = cmap + offset
        form = struct.unpack_from(">H", data, start)[0]
        if platform in (0, 3) and form == 4:
            found |= _segments(data, start)
        elif form == 12:
            for group in range(struct.unpack_from(">I", data, start + 12)[0]):
                first, last, _ = struct.unpack_from(">III", data, start + 16 + 12 * group)
                found.update(range(first, last + 1))
    return frozenset(found - {0xFFFF})


def _segments(data: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts = struct.unpack_from(f">{count}H", data, start + 16 + 2 * count)
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        found.update(range(first, last + 1))
    return found


@cache
def _drawable_characters() -> frozenset[int]:
    return characters(False) & characters(True)


def drawable(words: str, otherwise: str = "…") -> str:
    """``words`` with nothing in them that would be drawn as an empty box.

    Letters the font lacks become one "…" per run; if nothing but those is left, ``otherwise``
    stands for the whole. Line breaks and control characters become single spaces; spaces that do
    not break stay, and so do soft hyphens.
    """
    known = _drawable_characters()
    out: list[str] = []
    for letter in unicodedata.normalize("NFC", words):
        kind = unicodedata.category(letter)
        if kind in ("Mn", "Me", "Cf") and ord(letter) not in known:
            continue
        if letter in _UNBREAKABLE or letter == SOFT_HYPHEN:
            pass
        elif kind[0] in "CZ":
            letter = " "
        elif ord(letter) not in known:
            plain = _STAND_INS.get(letter, unicodedata.normalize("NFKC", letter))
            letter = plain if all(ord(c) in known for c in plain) else "…"
        if letter in (" ", "…") and out and out[-1] == letter:
            continue
        out.append(letter)
    text = "".join(out).strip()
    while "… …" in text:
        text = text.replace("… …", "…")
    return text if text.strip("… .-_()" + _UNBREAKABLE + SOFT_HYPHEN) else otherwise


_texts: OrderedDict[tuple[str, int, RGB, bool], pygame.Surface] = OrderedDict()
#: Screens are drawn ahead in a thread while another one shows.
_texts_lock = threading.Lock()


def text(words: str, px: int, colour: RGB, bold: bool = False) -> pygame.Surface:
    """``words`` drawn in one line; made once per value, so free to ask for again in every frame."""
    key = (words, px, colour, bold)
    with _texts_lock:
        picture = _texts.get(key)
        if picture is None:
            picture = passing(words, px, colour, bold)
            _texts[key] = picture
            while len(_texts) > TEXTS_KEPT:
                _texts.popitem(last=False)
        else:
            _texts.move_to_end(key)
    return picture


def passing(words: str, px: int, colour: RGB, bold: bool = False) -> pygame.Surface:
    """``words`` drawn in one line and not kept: for what is seen once, such as a count."""
    return font(px, bold).render(words, True, colour)


def width(words: str, px: int, bold: bool = False) -> int:
    """How many pixels wide ``words`` are in one line."""
    return font(px, bold).size(words)[0]


def line_height(px: int) -> int:
    """Pixels from one line to the next: 1.3 em, close enough to read as one paragraph."""
    return round(px * 1.3)
