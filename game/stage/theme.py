"""Colours, type sizes and spacing of the stage, as data, and how they scale to a screen.

Every length is in *design pixels*: pixels on a screen of 1920×1080. :class:`Scale` turns them into
pixels of the screen at hand. For whoever wants larger words it makes everything larger: there are
fewer design pixels to a screen then. The contrast figures that the rules ask for are computed here,
from the formulas of WCAG 2.2, so that tests can hold the colours to them.
"""

from dataclasses import dataclass

from game.core.grips import Grip

RGB = tuple[int, int, int]

DESIGN_WIDTH, DESIGN_HEIGHT = 1920, 1080

# Surfaces, from the back to the front.
GROUND: RGB = (0x10, 0x14, 0x18)
GROUND_TOP: RGB = (0x14, 0x1A, 0x21)
GROUND_BOTTOM: RGB = (0x0D, 0x11, 0x15)
CARD: RGB = (0x1A, 0x21, 0x29)
RAISED: RGB = (0x23, 0x2C, 0x36)
#: Only ever decoration: too faint (1.7:1) to carry meaning.
FAINT_EDGE: RGB = (0x33, 0x40, 0x4C)
#: The edge of everything that can be chosen.
EDGE_LINE: RGB = (0x6A, 0x78, 0x86)

TEXT: RGB = (0xF6, 0xF0, 0xE4)
SOFT_TEXT: RGB = (0xC6, 0xC0, 0xB4)

#: Lamplight marks what is chosen and what was done, and nothing else.
LAMP: RGB = (0xFF, 0xC4, 0x6B)
LAMP_INK: RGB = (0x14, 0x10, 0x0A)
LAMP_TINT: RGB = (0x3A, 0x2C, 0x17)

GOOD: RGB = (0x7F, 0xD1, 0xAE)
SOFT_MISS: RGB = (0x83, 0x90, 0xA0)
MARK: RGB = (0x7C, 0x8A, 0x97)
#: Bars and dots of other people on a board.
QUIET_BLUE: RGB = (0x8F, 0xB8, 0xDC)
IVORY = TEXT

#: Okabe and Ito's palette (jfly.uni-koeln.de/color): told apart with every kind of colour vision.
LANE: dict[Grip, RGB] = {
    Grip.KEY: (0xD5, 0x5E, 0x00),
    Grip.INDEX: (0x56, 0xB4, 0xE9),
    Grip.MIDDLE: (0xFF, 0xFF, 0xFF),
    Grip.RING: (0xCC, 0x79, 0xA7),
    Grip.LITTLE: (0xF0, 0xE4, 0x42),
}

# The glove of the drawn hand: slate, so that there is no skin to match or to miss.
GLOVE: RGB = (0x44, 0x51, 0x5F)
GLOVE_FRONT: RGB = (0x54, 0x63, 0x73)
GLOVE_LINE: RGB = (0xA9, 0xB6, 0xC2)
GLOVE_CREASE: RGB = (0x6B, 0x7A, 0x89)

# Type sizes: the body is the smallest there is.
BODY, LABEL, HEADING, TITLE, EFFORT = 40, 52, 64, 88, 240

# Space between things.
SPACE_1, SPACE_2, SPACE_3, SPACE_4, MARGIN = 8, 16, 24, 40, 64

CORNER_CHIP, CORNER_ROW, CORNER_PANEL = 12, 24, 40
KEY_HEIGHT = 96
EDGE_WIDTH = 3
FOCUS_WIDTH = FOCUS_GAP = 6


@dataclass(frozen=True)
class Scale:
    """How design pixels become pixels on a surface of ``width`` × ``height``.

    ``zoom`` is 1 to 2: at 2 everything is twice as large, and the design is 960×540. The design
    keeps its proportions: a screen that is not 16:9 gets empty ground at two sides.
    """

    width: int
    height: int
    zoom: float = 1.0

    @property
    def wide(self) -> float:
        """The width of the design: 1920 design pixels, fewer when everything is larger."""
        return DESIGN_WIDTH / self.zoom

    @property
    def high(self) -> float:
        """The height of the design: 1080 design pixels, fewer when everything is larger."""
        return DESIGN_HEIGHT / self.zoom

    @property
    def margin(self) -> float:
        """The empty edge of the design: space does not grow with the letters."""
        return MARGIN / self.zoom

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the surface, in pixels."""
        return self.width, self.height

    @property
    def factor(self) -> float:
        """Pixels per design pixel: 1 at 1920×1080, ⅔ at 1280×720."""
        return min(self.width / self.wide, self.height / self.high)

    @property
    def left(self) -> float:
        """Where the design begins, in pixels from the left of the surface."""
        return (self.width - self.wide * self.factor) / 2

    @property
    def top(self) -> float:
        """Where the design begins, in pixels from the top of the surface."""
        return (self.height - self.high * self.factor) / 2

    def px(self, length: float) -> int:
        """``length`` design pixels in whole pixels; a length that is not 0 is at least 1."""
        return max(1, round(length * self.factor)) if length > 0 else round(length * self.factor)

    def x(self, design: float) -> int:
        """Pixel column of the design's ``x``."""
        return round(self.left + design * self.factor)

    def y(self, design: float) -> int:
        """Pixel row of the design's ``y``."""
        return round(self.top + design * self.factor)

    def design(self, x: float, y: float) -> tuple[float, float]:
        """The design position of the pixel (``x``, ``y``): where a mouse points."""
        return (x - self.left) / self.factor, (y - self.top) / self.factor


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance; sRGB)."""

    def linear(channel: int) -> float:
        c = channel / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """``one`` with ``share`` (0 to 1) of ``other`` in it."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return (r, g, b)


def standing_out(colour: RGB, ground: RGB, ratio: float) -> RGB:
    """``colour`` darkened towards ``ground`` only so far that it keeps ``ratio`` against it.

    A colour that does not reach the ratio at all is returned as it is.
    """
    for share in range(80, 0, -5):
        shade = mix(colour, ground, share / 100)
        if contrast(shade, ground) >= ratio:
            return shade
    return colour
