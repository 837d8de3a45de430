"""The colours of the five lanes: three palettes, one of them in use.

A lane is also told by its shape, its finger picture and its place. Which palette is in use is the
person's setting, as the language is; a song never changes it. Each palette keeps 3:1 against every
ground, five steps of luminance for whoever sees no colour, and its lanes apart as people with each
of the three colour-vision deficiencies see them (``tests/stage/test_colour_vision.py`` measures
it on drawn frames).
"""

from dataclasses import dataclass

from game.core.grips import GRIPS, Grip
from game.core.say import mark
from game.stage.theme import LANE, RGB


@dataclass(frozen=True)
class Palette:
    """``lanes`` are the colours by the code of the grip; ``title`` what the settings call it."""

    name: str
    title: str
    lanes: tuple[RGB, RGB, RGB, RGB, RGB]

    def __getitem__(self, grip: Grip) -> RGB:
        """The colour of a grip's lane."""
        return self.lanes[grip]


def _palette(name: str, title: str, lanes: dict[Grip, RGB]) -> Palette:
    index, middle, ring, little, key = (lanes[grip] for grip in GRIPS)
    return Palette(name, title, (index, middle, ring, little, key))


STANDARD = _palette("standard", mark("Standard"), LANE)

#: For weak blue-yellow vision (tritan), which confuses blue with green and yellow with pink: reds
#: and blue-greens, which it tells apart well, each in light and dark.
BLUE_YELLOW = _palette(
    "blue-yellow",
    mark("Red and blue-green"),
    {
        Grip.KEY: (0xC8, 0x54, 0x4E),
        Grip.INDEX: (0x67, 0xE4, 0xE0),
        Grip.MIDDLE: (0xFF, 0xFF, 0xFF),
        Grip.RING: (0x1A, 0x9F, 0xAE),
        Grip.LITTLE: (0xFF, 0x8C, 0x9C),
    },
)

#: The standard's hues in even steps of light, each at least 1.35:1 from the next: for whoever sees
#: little or no colour. Neighbours on the hand are never neighbours in light.
STEPS = _palette(
    "steps",
    mark("Light and dark"),
    {
        Grip.KEY: (0xFF, 0x93, 0x50),
        Grip.INDEX: (0x39, 0x95, 0xE5),
        Grip.MIDDLE: (0xFF, 0xFF, 0xFF),
        Grip.RING: (0xB6, 0x52, 0xA2),
        Grip.LITTLE: (0xF0, 0xD4, 0x24),
    },
)

#: All of them by name, the default first.
PALETTES: dict[str, Palette] = {p.name: p for p in (STANDARD, BLUE_YELLOW, STEPS)}

_in_use: list[Palette] = [STANDARD]


def in_use() -> Palette:
    """The palette that screens are drawn in from now on."""
    return _in_use[0]


def use(name: str) -> None:
    """Draw in the palette ``name``; raises KeyError if there is none of that name.

    Screens that are already made keep theirs.
    """
    _in_use[0] = PALETTES[name]
