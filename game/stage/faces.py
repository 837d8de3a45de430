"""Six faces for pain, 0 to 10: one tone for all, 0 is neutral. What differs is only the look.

After the Faces Pain Scale – Revised (Hicks 2001), which does without a smile and without tears.
"""

from functools import lru_cache

import pygame

from game.stage import paint
from game.stage.theme import GLOVE_LINE, LAMP_INK, RGB, mix

#: The numbers that have a face.
FACES = (0, 2, 4, 6, 8, 10)

_SKIN: RGB = (0xC9, 0xC6, 0xBE)


@lru_cache(maxsize=64)
def face(number: int, side: int) -> pygame.Surface:
    """The face of ``number``, ``side`` pixels square; an odd number has that of the one below."""
    worse = min(10, number - number % 2) / 10

    def draw(surface: pygame.Surface, times: float) -> None:
        unit = side * times / 100
        middle = (50 * unit, 50 * unit)
        pygame.draw.circle(surface, mix(GLOVE_LINE, LAMP_INK, 0.45), middle, 48 * unit)
        pygame.draw.circle(surface, _SKIN, middle, 45.5 * unit)
        _eyes(surface, unit, worse)
        _mouth(surface, unit, worse)

    return paint.smooth(side, side, draw)


def _line(surface: pygame.Surface, unit: float, points: list[paint.Point], width: float) -> None:
    at = [(x * unit, y * unit) for x, y in points]
    paint.stroke(surface, LAMP_INK, at, width * unit)


def _eyes(surface: pygame.Surface, unit: float, worse: float) -> None:
    """Brows come down towards the nose and go up outside; the eyes narrow and are shut at 10."""
    for sign in (-1, 1):
        x = 50 + sign * 17
        inner, outer = 31 + 3 * worse - 8 * worse, 31 + 5 * worse
        _line(surface, unit, [(x - sign * 8, inner), (x + sign * 8, outer)], 3.6)
        if worse > 0.9:
            for dy in (-5, 5):
                _line(surface, unit, [(x + sign * 7, 44 + dy), (x - sign * 5, 44)], 3.6)
        else:
            high = 5.2 * (1 - 0.75 * worse)
            box = pygame.Rect(0, 0, round(10.4 * unit), max(2, round(2 * high * unit)))
            box.center = (round(x * unit), round(44 * unit))
            pygame.draw.ellipse(surface, LAMP_INK, box)
    if worse > 0.5:  # the fold beside the nose
        for sign in (-1, 1):
            dx = 12 + 3 * worse
            _line(surface, unit, [(50 + sign * 9, 53), (50 + sign * dx, 61)], 2.4)


def _mouth(surface: pygame.Surface, unit: float, worse: float) -> None:
    """Straight at 0; its corners sink, and from 8 on it opens."""
    y, drop, half = 68 - 2 * worse, 13 * worse, 16 + 2 * worse
    points = []
    for i in range(13):
        along = i / 6 - 1
        points.append((50 + half * along, y + drop * along * along))
    if worse < 0.75:
        _line(surface, unit, points, 4.0)
        return
    lower = [(x, y + 13 * (worse - 0.55) + 0.55 * (py - y)) for x, py in reversed(points)]
    at = [(x * unit, py * unit) for x, py in [*points, *lower]]
    paint.blob(surface, LAMP_INK, at, 2.0 * unit)
