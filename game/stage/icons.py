"""Icons. Every icon stands beside its word, never alone.

Each is a function of a brush that draws in a box of 100 × 100; they are drawn large and shrunk.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import pygame

from game.stage import paint
from game.stage.theme import RGB


class Brush:
    """Draws in a box of 100 × 100 on a larger surface, in one colour unless told otherwise."""

    def __init__(self, surface: pygame.Surface, colour: RGB):
        self.surface, self.colour = surface, colour
        self.unit = surface.get_width() / 100

    def _points(self, points: Sequence[paint.Point]) -> list[paint.Point]:
        return [(x * self.unit, y * self.unit) for x, y in points]

    def line(
        self,
        points: Sequence[paint.Point],
        width: float = 11,
        colour: RGB | None = None,
        closed: bool = False,
    ) -> None:
        """A line through the points, with round ends."""
        paint.stroke(
            self.surface, colour or self.colour, self._points(points), width * self.unit, closed
        )

    def fill(
        self, points: Sequence[paint.Point], rounding: float = 4, colour: RGB | None = None
    ) -> None:
        """A filled polygon with its corners rounded outwards."""
        paint.blob(self.surface, colour or self.colour, self._points(points), rounding * self.unit)

    def dot(self, x: float, y: float, radius: float, colour: RGB | None = None) -> None:
        """A filled circle."""
        pygame.draw.circle(
            self.surface,
            colour or self.colour,
            (x * self.unit, y * self.unit),
            radius * self.unit,
        )

    def box(self, x: float, y: float, w: float, h: float, corner: float = 6) -> None:
        """A filled rectangle with round corners."""
        self.fill(
            [
                (x + corner, y + corner),
                (x + w - corner, y + corner),
                (x + w - corner, y + h - corner),
                (x + corner, y + h - corner),
            ],
            corner,
        )

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        width: float = 10,
        colour: RGB | None = None,
    ) -> None:
        """From ``start`` to ``end`` degrees, clockwise, 0 pointing right."""
        turns = [math.radians(start + (end - start) * i / 36) for i in range(37)]
        self.line(
            [(x + math.cos(a) * radius, y + math.sin(a) * radius) for a in turns], width, colour
        )


def _play(b: Brush) -> None:
    b.fill([(30, 20), (78, 50), (30, 80)], 8)


def _pause(b: Brush) -> None:
    b.box(26, 16, 18, 68, 7)
    b.box(57, 16, 18, 68, 7)


def _stop(b: Brush) -> None:
    b.box(22, 22, 56, 56, 9)


def _back(b: Brush) -> None:
    b.line([(62, 18), (34, 50), (62, 82)], 13)


def _onward(b: Brush) -> None:
    b.line([(38, 18), (66, 50), (38, 82)], 13)


def _heart(b: Brush) -> None:
    b.dot(33, 38, 22)
    b.dot(67, 38, 22)
    b.fill([(17, 52), (83, 52), (50, 86)], 5)


def _lists(b: Brush) -> None:
    for y in (24, 50, 76):
        b.dot(16, y, 8)
        b.line([(38, y), (88, y)], 10)


def _note(b: Brush) -> None:
    b.line([(58, 74), (58, 16), (84, 30)], 10)
    b.dot(46, 76, 17)


def _again(b: Brush) -> None:
    b.arc(50, 54, 31, -30, 250, 11)
    b.fill([(68, 14), (88, 40), (58, 44)], 3)


def _people(b: Brush) -> None:
    for x, y, r in ((20, 36, 11), (80, 36, 11), (50, 28, 14)):
        b.dot(x, y, r)
    b.box(2, 54, 36, 22, 10)
    b.box(62, 54, 36, 22, 10)
    b.box(26, 50, 48, 32, 14)


def _person(b: Brush) -> None:
    b.dot(50, 30, 19)
    b.fill([(28, 84), (30, 70), (40, 62), (60, 62), (70, 70), (72, 84)], 7)


def _more(b: Brush) -> None:
    for x in (18, 50, 82):
        b.dot(x, 50, 9)


def _check(b: Brush) -> None:
    b.line([(18, 54), (42, 78), (84, 24)], 13)


def _sound(b: Brush) -> None:
    b.fill([(12, 38), (28, 38), (48, 20), (48, 80), (28, 62), (12, 62)], 4)
    b.arc(50, 50, 20, -45, 45, 8)
    b.arc(50, 50, 38, -48, 48, 8)


def _attention(b: Brush) -> None:
    b.arc(50, 50, 40, 0, 360, 9)
    b.line([(50, 28), (50, 54)], 10)
    b.dot(50, 72, 7)


def _plug(b: Brush) -> None:
    b.line([(36, 10), (36, 30)], 10)
    b.line([(64, 10), (64, 30)], 10)
    b.fill([(26, 36), (74, 36), (74, 50), (62, 64), (38, 64), (26, 50)], 6)
    b.line([(50, 66), (50, 92)], 10)


def _keyboard(b: Brush) -> None:
    b.line([(8, 24), (92, 24), (92, 78), (8, 78)], 8, closed=True)
    for y, xs in ((40, (24, 41, 58, 75)), (54, (24, 41, 58, 75))):
        for x in xs:
            b.dot(x, y, 5)
    b.line([(34, 67), (66, 67)], 7)


def _lamp(b: Brush) -> None:
    b.line([(50, 4), (50, 16)], 8)
    b.box(36, 14, 28, 12, 4)
    b.fill([(28, 34), (72, 34), (66, 78), (34, 78)], 6)
    b.box(38, 84, 24, 9, 4)


def _door(b: Brush) -> None:
    b.line([(56, 14), (20, 14), (20, 86), (56, 86)], 10)
    b.line([(44, 50), (88, 50)], 10)
    b.line([(70, 32), (88, 50), (70, 68)], 10)


def _step(b: Brush) -> None:
    b.line([(10, 84), (36, 84), (36, 58), (62, 58), (62, 32), (90, 32)], 11)


def _slower(b: Brush) -> None:
    b.line([(50, 20), (22, 50), (50, 80)], 12)
    b.line([(82, 20), (54, 50), (82, 80)], 12)


def _faster(b: Brush) -> None:
    b.line([(18, 20), (46, 50), (18, 80)], 12)
    b.line([(50, 20), (78, 50), (50, 80)], 12)


def _practice(b: Brush) -> None:
    """The sign that stands where music is repeated."""
    b.dot(20, 38, 8)
    b.dot(20, 62, 8)
    b.line([(44, 16), (44, 84)], 7)
    b.box(58, 12, 20, 76, 4)


def _phone(b: Brush) -> None:
    """A receiver, lying aslant."""
    b.line([(28, 22), (24, 40), (36, 62), (60, 76), (78, 72)], 12)
    b.line([(24, 20), (38, 34)], 17)
    b.line([(66, 62), (80, 76)], 17)


def _hand(b: Brush) -> None:
    """An open hand: exercises."""
    for x, top in ((34, 26), (48, 16), (62, 20), (76, 34)):
        b.line([(x, top), (x, 58)], 10)
    b.line([(14, 52), (30, 70)], 11)
    b.fill([(34, 54), (76, 54), (72, 76), (60, 88), (46, 88), (34, 74)], 5)


def _rest(b: Brush) -> None:
    """A cup: a rest is no pause of the song."""
    b.fill([(22, 44), (68, 44), (62, 78), (28, 78)], 6)
    b.arc(70, 56, 13, -90, 90, 8)
    for x in (34, 48):
        b.line([(x, 32), (x + 4, 24), (x, 14)], 6)


def _stretch(b: Brush) -> None:
    """Arrows that lead apart."""
    b.line([(50, 50), (14, 50)], 10)
    b.line([(30, 32), (12, 50), (30, 68)], 10)
    b.line([(50, 50), (86, 50)], 10)
    b.line([(70, 32), (88, 50), (70, 68)], 10)


def _question(b: Brush) -> None:
    """A face without a look: how is it?"""
    b.arc(50, 50, 36, 0, 360, 8)
    b.dot(38, 44, 5)
    b.dot(62, 44, 5)
    b.line([(36, 64), (64, 64)], 7)


def _mind(b: Brush) -> None:
    """A thought."""
    b.arc(54, 40, 26, 0, 360, 9)
    b.dot(28, 70, 8)
    b.dot(16, 86, 5)


def _mirror(b: Brush) -> None:
    """Two halves beside a line."""
    b.line([(50, 12), (50, 88)], 5)
    b.fill([(38, 26), (38, 74), (12, 74)], 3)
    b.line([(62, 26), (62, 74), (88, 74), (62, 26)], 6)


_ICONS: dict[str, Callable[[Brush], None]] = {
    "play": _play,
    "pause": _pause,
    "stop": _stop,
    "back": _back,
    "onward": _onward,
    "heart": _heart,
    "lists": _lists,
    "note": _note,
    "again": _again,
    "people": _people,
    "person": _person,
    "more": _more,
    "check": _check,
    "sound": _sound,
    "attention": _attention,
    "plug": _plug,
    "keyboard": _keyboard,
    "lamp": _lamp,
    "door": _door,
    "step": _step,
    "slower": _slower,
    "faster": _faster,
    "practice": _practice,
    "phone": _phone,
    "hand": _hand,
    "rest": _rest,
    "stretch": _stretch,
    "how": _question,
    "mind": _mind,
    "mirror": _mirror,
}


@lru_cache(maxsize=512)
def icon(name: str, side: int, colour: RGB) -> pygame.Surface:
    """The icon ``name``, ``side`` pixels square."""

    def draw(surface: pygame.Surface, times: float) -> None:
        _ICONS[name](Brush(surface, colour))

    return paint.smooth(side, side, draw)
