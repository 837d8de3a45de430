"""What the drawn hand of an exercise holds: a bottle, a pen, a coin, putty, a towel, a pin, a band.

Positions are those of the box of :mod:`game.stage.hand_pose`. Things are ivory and lamplight, so
that they are never taken for a finger.
"""

import math
from collections.abc import Callable

import pygame

from game.stage import paint
from game.stage.theme import CARD, GLOVE, GLOVE_LINE, IVORY, LAMP, QUIET_BLUE, RGB, mix

_LINE: RGB = (0x14, 0x18, 0x1E)


class _Brush:
    """Draws in the units of the box, moved by ``middle`` where a thing is held somewhere else."""

    def __init__(self, surface: pygame.Surface, unit: float, shift: paint.Point):
        self.surface, self.unit, self.shift = surface, unit, shift

    def px(self, point: paint.Point) -> paint.Point:
        return (point[0] + self.shift[0]) * self.unit, (point[1] + self.shift[1]) * self.unit

    def bar(self, a: paint.Point, b: paint.Point, width: float, fill: RGB) -> None:
        ends = [self.px(a), self.px(b)]
        paint.stroke(self.surface, _LINE, ends, (width + 7) * self.unit)
        paint.stroke(self.surface, fill, ends, width * self.unit)

    def tube(self, a: paint.Point, b: paint.Point, radius: float, fill: RGB, line: RGB) -> None:
        """A finger of another hand, with its outline."""
        ends = self.px(a), self.px(b)
        paint.capsule(self.surface, line, *ends, *[(radius + 2.5) * self.unit] * 2)
        paint.capsule(self.surface, fill, *ends, *[(radius - 2.0) * self.unit] * 2)

    def disc(self, x: float, y: float, rx: float, ry: float, fill: RGB) -> None:
        cx, cy = self.px((x, y))
        for grow, colour in ((3.5, _LINE), (0.0, fill)):
            wide, high = (round(2 * (r + grow) * self.unit) for r in (rx, ry))
            box = pygame.Rect(0, 0, wide, high)
            box.center = (round(cx), round(cy))
            pygame.draw.ellipse(self.surface, colour, box)


def draw_thing(
    surface: pygame.Surface,
    unit: float,
    thing: str,
    at: float,
    *,
    behind: bool,
    middle: paint.Point | None = None,
) -> None:
    """Draws ``thing`` where ``at`` (0 to 1) says, if it lies ``behind`` the hand or before it.

    ``middle`` is where it is held, if not where it usually is.
    """
    found = _THINGS.get(thing)
    if found is None or found[0] is not behind:
        return
    _, usual, draw = found
    shift = (0.0, 0.0) if middle is None else (middle[0] - usual[0], middle[1] - usual[1])
    draw(_Brush(surface, unit, shift), at)


def _bottle(b: _Brush, at: float) -> None:
    """Across the palm; it turns a little as it rolls."""
    y = 366 + 18 * at
    b.bar((150, y), (470, y), 92, mix(QUIET_BLUE, CARD, 0.35))
    b.bar((500, y), (540, y), 46, mix(QUIET_BLUE, CARD, 0.15))
    b.bar((232, y - 22 + 44 * at), (388, y - 22 + 44 * at), 12, IVORY)


def _pen(b: _Brush, at: float) -> None:
    """In the pinch of thumb, index and middle; ``at`` turns it."""
    turn = math.radians(-62 + 180 * at)
    dx, dy = math.cos(turn) * 128, math.sin(turn) * 128
    x, y = 196.0, 342.0
    b.bar((x - dx, y - dy), (x + dx, y + dy), 17, LAMP)
    b.bar((x + dx, y + dy), (x + dx * 1.13, y + dy * 1.13), 7, IVORY)


def _pen_in_the_fist(b: _Brush, at: float) -> None:
    """Upright in the hand; it drops away as ``at`` goes to 1."""
    y = 96.0 * at
    b.bar((338, 176 + y), (338, 420 + y), 18, LAMP)
    b.bar((338, 150 + y), (338, 162 + y), 7, IVORY)


def _coin(b: _Brush, at: float) -> None:
    """Falls from the fingertips."""
    b.disc(182, 342 + 330 * at * at, 30, 30, mix(LAMP, IVORY, 0.25))
    b.disc(182, 342 + 330 * at * at, 17, 17, LAMP)


def _flipped_coin(b: _Brush, at: float) -> None:
    """Before the fingertips, turning over."""
    high = max(4.0, 36 * abs(math.cos(at * math.pi)))
    b.disc(186, 330 - 46 * math.sin(at * math.pi), 36, high, mix(LAMP, IVORY, 0.25))


def _putty(b: _Brush, at: float) -> None:
    """A lump that is squeezed flat."""
    b.disc(320, 432, 104 + 26 * at, 66 - 26 * at, mix(QUIET_BLUE, IVORY, 0.25))


def _towel(b: _Brush, at: float) -> None:
    """A roll through the fist, wrung until its folds lean."""
    b.bar((96, 432), (548, 432), 84, mix(IVORY, CARD, 0.12))
    for x in (130, 168, 478, 516):
        b.bar((x - 26 * at, 404), (x + 26 * at, 460), 3, mix(IVORY, CARD, 0.4))


def _pin(b: _Brush, at: float) -> None:
    """A clothespin that opens as it is pinched: ``at`` is how far it is pressed."""
    open_by = 30 * at
    x, y = 182.0, 342.0
    for sign in (-1, 1):
        b.bar(
            (x - 40, y + sign * (30 - 20 * at)),
            (x - 170, y + sign * (4 + open_by)),
            17,
            mix(LAMP, IVORY, 0.45),
        )
    b.disc(x - 92, y, 13, 13, mix(IVORY, CARD, 0.3))


def _band(b: _Brush, at: float) -> None:
    """A rubber band around the fingers: wider as they open."""
    wide = 92 + 78 * at
    box = pygame.Rect(0, 0, round(2 * wide * b.unit), round(74 * b.unit))
    box.center = tuple(round(v) for v in b.px((316, 266 + 8 * at)))
    pygame.draw.ellipse(
        b.surface, _LINE, box.inflate(round(8 * b.unit), round(8 * b.unit)), round(24 * b.unit)
    )
    pygame.draw.ellipse(b.surface, LAMP, box, round(15 * b.unit))


def _weight(b: _Brush, at: float) -> None:
    """A small bottle in the hand seen from the side."""
    b.disc(320, 432, 44, 44, mix(QUIET_BLUE, CARD, 0.35))
    b.disc(320, 432, 20, 20, mix(QUIET_BLUE, IVORY, 0.3))


def _helping_hand(b: _Brush, at: float) -> None:
    """The other hand, around the forearm."""
    fill, line = mix(GLOVE, CARD, 0.25), GLOVE_LINE
    b.tube((640, 742), (452, 690), 58, fill, line)
    for i, y in enumerate((640, 672, 704, 734)):
        b.tube((440 - 6 * i, y + 8), (268 + 8 * i, y - 4), 17, fill, line)
    b.tube((470, 672), (420, 612), 20, fill, line)


def _helping_fingers(b: _Brush, at: float) -> None:
    """Fingers of the other hand, at those of this one."""
    fill, line = mix(GLOVE, CARD, 0.25), GLOVE_LINE
    for i in range(3):
        b.tube((472, 200 + 30 * i), (330, 262 + 22 * i), 17, fill, line)
    b.tube((480, 330), (360, 322), 18, fill, line)


#: Whether it lies behind the hand, where its middle usually is, and how it is drawn.
_THINGS: dict[str, tuple[bool, paint.Point, Callable[[_Brush, float], None]]] = {
    "bottle": (False, (320, 366), _bottle),
    "pen": (False, (196, 342), _pen),
    "held pen": (True, (320, 430), _pen_in_the_fist),
    "coin": (False, (182, 342), _coin),
    "flipped coin": (False, (186, 330), _flipped_coin),
    "putty": (True, (320, 432), _putty),
    "towel": (True, (320, 432), _towel),
    "pin": (True, (182, 342), _pin),
    "band": (True, (316, 266), _band),
    "helping hand": (True, (320, 690), _helping_hand),
    "helping fingers": (False, (330, 290), _helping_fingers),
    "weight": (False, (320, 432), _weight),
}
