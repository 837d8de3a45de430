"""The five shapes that stand for the five grips, each with a small picture of the finger.

Colour, outline, place and picture each tell the grips apart without the others.
"""

import math
from functools import lru_cache
from typing import Literal

import pygame

from game.core.grips import Grip
from game.stage import paint, palettes
from game.stage.palettes import Palette
from game.stage.theme import GROUND, IVORY, LAMP_INK, RGB, SOFT_MISS, mix

Style = Literal["solid", "plain", "hollow", "lit", "slate", "outline"]

#: How much of the outline's radius is rounding, and how far the picture of the finger lies below
#: the middle (a triangle has its room low down).
_ROUNDING = 0.13
_PICTURE: dict[Grip, tuple[float, float]] = {
    # Height of the picture as a share of the outline's radius, and its shift downwards.
    Grip.KEY: (1.30, 0.0),
    Grip.INDEX: (1.04, 0.20),
    Grip.MIDDLE: (1.24, 0.0),
    Grip.RING: (1.10, 0.0),
    Grip.LITTLE: (0.98, 0.07),
}


def _star(points: int, inner: float, radius: float) -> list[paint.Point]:
    return [
        (
            math.sin(i * math.pi / points) * (radius if i % 2 == 0 else inner),
            -math.cos(i * math.pi / points) * (radius if i % 2 == 0 else inner),
        )
        for i in range(2 * points)
    ]


def _circle(radius: float) -> list[paint.Point]:
    return [
        (math.cos(a * math.pi / 60) * radius, math.sin(a * math.pi / 60) * radius)
        for a in range(120)
    ]


#: Corners in units of the shape's radius, y down; the rounding is added around them. The sizes
#: were set by eye so that the five weigh the same.
OUTLINE: dict[Grip, list[paint.Point]] = {
    Grip.KEY: [(-0.71, -0.71), (0.71, -0.71), (0.71, 0.71), (-0.71, 0.71)],
    Grip.INDEX: [(0.0, -0.85), (0.90, 0.66), (-0.90, 0.66)],
    Grip.MIDDLE: _circle(0.80),
    Grip.RING: [(0.0, -1.0), (0.94, 0.0), (0.0, 1.0), (-0.94, 0.0)],
    Grip.LITTLE: [(x, y + 0.06) for x, y in _star(5, 0.54, 0.98)],
}


def shape(
    grip: Grip,
    radius: int,
    style: Style = "solid",
    hand: str = "right",
    bold_rim: bool = False,
    palette: Palette | None = None,
) -> pygame.Surface:
    """The shape of ``grip`` about ``2 × radius`` pixels large, centred in a square picture.

    ``solid`` a target; ``plain`` without the finger (lists, covers); ``hollow`` waiting at the
    strike line; ``lit`` just hit; ``slate`` missed; ``outline`` only the line that opens on a hit.
    ``bold_rim`` adds an ivory rim (high contrast). Without a ``palette`` it is the one in use.
    """
    return _shape(grip, radius, style, hand, bold_rim, palette or palettes.in_use())


@lru_cache(maxsize=2048)
def _shape(
    grip: Grip, radius: int, style: Style, hand: str, bold_rim: bool, palette: Palette
) -> pygame.Surface:
    side = shape_side(radius)
    colour = SOFT_MISS if style == "slate" else palette[grip]

    def draw(surface: pygame.Surface, times: float) -> None:
        _draw(surface, grip, radius * times, style, hand, bold_rim, colour)

    return paint.smooth(side, side, draw)


def shape_side(radius: int) -> int:
    """Width and height of the pictures that :func:`shape` makes: always odd, so centred."""
    return 2 * math.ceil(radius * 1.22) + 1


def _draw(
    surface: pygame.Surface,
    grip: Grip,
    r: float,
    style: Style,
    hand: str,
    bold_rim: bool,
    colour: RGB,
) -> None:
    middle = surface.get_width() / 2

    def layer(shade: RGB, grow: float, down: float = 0.0) -> pygame.Surface:
        picture = paint.clear(*surface.get_size())
        points = [(middle + x * r, middle + (y + down) * r) for x, y in OUTLINE[grip]]
        radius = (_ROUNDING + grow) * r
        if radius > 0:
            paint.blob(picture, shade, points, radius)
        else:
            pygame.draw.polygon(picture, shade, points)
        return picture

    if style == "outline":
        ring = layer(colour, 0.0)
        _carve(ring, layer((255, 255, 255), -0.085))
        surface.blit(ring, (0, 0))
        return
    if style == "hollow":
        surface.blit(paint.faded(layer(GROUND, 0.07), 0.9), (0, 0))
        surface.blit(layer(colour, 0.0), (0, 0))
        surface.blit(layer(mix(GROUND, colour, 0.05), -0.085), (0, 0))
        _finger(surface, grip, r, hand, colour, 0.36)
        return

    if bold_rim:
        surface.blit(layer(GROUND, 0.10), (0, 0))
        surface.blit(layer(IVORY, 0.06), (0, 0))
    surface.blit(layer(mix(colour, (0, 0, 0), 0.42), 0.0), (0, 0))
    face = layer(mix(colour, (255, 255, 255), 0.30), -0.05)
    body = mix(colour, (255, 255, 255), 0.22) if style == "lit" else colour
    lower = layer(body, -0.05, 0.05)
    paint.cut(lower, paint.tinted(face, (255, 255, 255)))
    surface.blit(face, (0, 0))
    surface.blit(lower, (0, 0))
    if style != "plain":
        _finger(surface, grip, r, hand, LAMP_INK, 0.34)


def _carve(picture: pygame.Surface, hole: pygame.Surface) -> None:
    negative = paint.tinted(hole, (0, 0, 0))
    picture.blit(negative, (0, 0), special_flags=pygame.BLEND_RGBA_SUB)


def _finger(
    surface: pygame.Surface, grip: Grip, r: float, hand: str, colour: RGB, rest: float
) -> None:
    height, down = _PICTURE[grip]
    side = round(height * r)
    picture = finger_picture(grip, side, hand, colour, rest)
    middle = surface.get_width() / 2
    surface.blit(picture, (round(middle - side / 2), round(middle + down * r - side / 2)))


# The little hand in a box of 100 × 100: fingers as (x of the base, y of the tip), thumb left.
_SPREAD = {Grip.INDEX: (33, 9), Grip.MIDDLE: (49.5, 4), Grip.RING: (66, 10), Grip.LITTLE: (82, 21)}
_FOLDED = {Grip.INDEX: (39, 36), Grip.MIDDLE: (54, 34), Grip.RING: (69, 37), Grip.LITTLE: (84, 43)}


def finger_picture(grip: Grip, side: int, hand: str, colour: RGB, rest: float) -> pygame.Surface:
    """A small hand with the asked finger solid and everything else at ``rest`` of the opacity.

    For the key grip the fingers are folded and the thumb lies solid along the index. ``side`` is
    in (already enlarged) pixels.
    """
    unit = side / 100
    resting, asked = paint.clear(side, side), paint.clear(side, side)

    def bar(surface: pygame.Surface, a: paint.Point, b: paint.Point, width: float) -> None:
        start, end = (a[0] * unit, a[1] * unit), (b[0] * unit, b[1] * unit)
        paint.capsule(surface, colour, start, end, width * unit / 2, width * unit / 2)

    fingers = _FOLDED if grip == Grip.KEY else _SPREAD
    palm = [(33.0, 62.0), (82.0, 62.0), (80.0, 84.0), (66.0, 91.0), (44.0, 91.0)]
    paint.blob(resting, colour, [(x * unit, y * unit) for x, y in palm], 6.5 * unit)
    for finger, (x, tip) in fingers.items():
        wide = finger == grip
        bar(asked if wide else resting, (x, 60), (x, tip + 6), 14.5 if wide else 12)
    if grip == Grip.KEY:
        # A gap between thumb and hand keeps the two apart when the picture is small.
        for a, b in (((19.0, 84.0), (15.0, 58.0)), ((15.0, 58.0), (24.0, 24.0))):
            bar(asked, a, b, 17)
    else:
        for a, b in (((38.0, 86.0), (18.0, 70.0)), ((18.0, 70.0), (9.0, 50.0))):
            bar(resting, a, b, 13)
    picture = paint.faded(resting, rest)
    picture.blit(asked, (0, 0))
    return pygame.transform.flip(picture, True, False) if hand == "left" else picture
