"""Icons and the small pictures of nicknames. Every icon stands beside its word, never alone.

Each is a function of a brush that draws in a box of 100 × 100; they are drawn large and shrunk.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import pygame

from game.core.grips import Grip
from game.stage import paint
from game.stage.shapes import finger_picture
from game.stage.theme import IVORY, LAMP, MARK, RGB, mix


class _Brush:
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
        paint.stroke(
            self.surface, colour or self.colour, self._points(points), width * self.unit, closed
        )

    def fill(
        self, points: Sequence[paint.Point], rounding: float = 4, colour: RGB | None = None
    ) -> None:
        paint.blob(
            self.surface, colour or self.colour, self._points(points), rounding * self.unit
        )

    def dot(self, x: float, y: float, radius: float, colour: RGB | None = None) -> None:
        pygame.draw.circle(
            self.surface,
            colour or self.colour,
            (x * self.unit, y * self.unit),
            radius * self.unit,
        )

    def hole(self, x: float, y: float, radius: float) -> None:
        pygame.draw.circle(
            self.surface, (0, 0, 0, 0), (x * self.unit, y * self.unit), radius * self.unit
        )

    def box(self, x: float, y: float, w: float, h: float, corner: float = 6) -> None:
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


def _play(b: _Brush) -> None:
    b.fill([(30, 20), (78, 50), (30, 80)], 8)


def _pause(b: _Brush) -> None:
    b.box(26, 16, 18, 68, 7)
    b.box(57, 16, 18, 68, 7)


def _stop(b: _Brush) -> None:
    b.box(22, 22, 56, 56, 9)


def _back(b: _Brush) -> None:
    b.line([(62, 18), (34, 50), (62, 82)], 13)


def _onward(b: _Brush) -> None:
    b.line([(38, 18), (66, 50), (38, 82)], 13)


def _note(b: _Brush) -> None:
    b.line([(58, 74), (58, 16), (84, 30)], 10)
    b.dot(46, 76, 17)


def _again(b: _Brush) -> None:
    b.arc(50, 54, 31, -30, 250, 11)
    b.fill([(68, 14), (88, 40), (58, 44)], 3)


def _people(b: _Brush) -> None:
    for x, y, r in ((20, 36, 11), (80, 36, 11), (50, 28, 14)):
        b.dot(x, y, r)
    b.box(2, 54, 36, 22, 10)
    b.box(62, 54, 36, 22, 10)
    b.box(26, 50, 48, 32, 14)


def _person(b: _Brush) -> None:
    b.dot(50, 30, 19)
    b.fill([(28, 84), (30, 70), (40, 62), (60, 62), (70, 70), (72, 84)], 7)


def _hand(b: _Brush) -> None:
    picture = finger_picture(Grip.MIDDLE, b.surface.get_width(), "right", b.colour, 1.0)
    b.surface.blit(picture, (0, 0))


def _more(b: _Brush) -> None:
    for x in (18, 50, 82):
        b.dot(x, 50, 9)


def _check(b: _Brush) -> None:
    b.line([(18, 54), (42, 78), (84, 24)], 13)


def _sound(b: _Brush) -> None:
    b.fill([(12, 38), (28, 38), (48, 20), (48, 80), (28, 62), (12, 62)], 4)
    b.arc(50, 50, 20, -45, 45, 8)
    b.arc(50, 50, 38, -48, 48, 8)


def _attention(b: _Brush) -> None:
    b.arc(50, 50, 40, 0, 360, 9)
    b.line([(50, 28), (50, 54)], 10)
    b.dot(50, 72, 7)


def _plug(b: _Brush) -> None:
    b.line([(36, 10), (36, 30)], 10)
    b.line([(64, 10), (64, 30)], 10)
    b.fill([(26, 36), (74, 36), (74, 50), (62, 64), (38, 64), (26, 50)], 6)
    b.line([(50, 66), (50, 92)], 10)


def _keyboard(b: _Brush) -> None:
    b.line([(8, 24), (92, 24), (92, 78), (8, 78)], 8, closed=True)
    for y, xs in ((40, (24, 41, 58, 75)), (54, (24, 41, 58, 75))):
        for x in xs:
            b.dot(x, y, 5)
    b.line([(34, 67), (66, 67)], 7)


def _lamp(b: _Brush) -> None:
    b.line([(50, 4), (50, 16)], 8)
    b.box(36, 14, 28, 12, 4)
    b.fill([(28, 34), (72, 34), (66, 78), (34, 78)], 6)
    b.box(38, 84, 24, 9, 4)


def _door(b: _Brush) -> None:
    b.line([(56, 14), (20, 14), (20, 86), (56, 86)], 10)
    b.line([(44, 50), (88, 50)], 10)
    b.line([(70, 32), (88, 50), (70, 68)], 10)


def _step(b: _Brush) -> None:
    b.line([(10, 84), (36, 84), (36, 58), (62, 58), (62, 32), (90, 32)], 11)


def _heart_beat(b: _Brush) -> None:
    b.line([(6, 54), (28, 54), (40, 22), (56, 82), (68, 54), (94, 54)], 10)


_ICONS: dict[str, Callable[[_Brush], None]] = {
    "play": _play,
    "pause": _pause,
    "stop": _stop,
    "back": _back,
    "onward": _onward,
    "note": _note,
    "again": _again,
    "people": _people,
    "person": _person,
    "hand": _hand,
    "more": _more,
    "check": _check,
    "sound": _sound,
    "attention": _attention,
    "plug": _plug,
    "keyboard": _keyboard,
    "lamp": _lamp,
    "door": _door,
    "step": _step,
    "beat": _heart_beat,
}


@lru_cache(maxsize=512)
def icon(name: str, side: int, colour: RGB) -> pygame.Surface:
    """The icon ``name``, ``side`` pixels square."""

    def draw(surface: pygame.Surface, times: float) -> None:
        _ICONS[name](_Brush(surface, colour))

    return paint.smooth(side, side, draw)


def _moon(b: "_Emblem") -> None:
    b.dot(48, 50, 27)
    b.dot(60, 42, 23, b.back)


def _boat(b: "_Emblem") -> None:
    b.fill([(26, 64), (76, 64), (66, 76), (36, 76)], 3)
    b.fill([(49, 22), (49, 56), (28, 56)], 2)
    b.fill([(56, 30), (56, 56), (74, 56)], 2)


def _leaf(b: "_Emblem") -> None:
    b.fill([(50, 20), (66, 36), (66, 54), (50, 70), (34, 54), (34, 36)], 6)
    b.line([(50, 40), (50, 84)], 5, b.back)
    b.line([(50, 70), (50, 84)], 5)
    b.line([(50, 56), (61, 46)], 4, b.back)
    b.line([(50, 56), (39, 46)], 4, b.back)


def _bell(b: "_Emblem") -> None:
    b.fill([(40, 32), (60, 32), (68, 64), (32, 64)], 7)
    b.line([(28, 70), (72, 70)], 7)
    b.dot(50, 79, 6)
    b.dot(50, 24, 5)


def _stones(b: "_Emblem") -> None:
    for y, half in ((34, 8), (50, 15), (67, 23)):
        b.line([(50 - half, y), (50 + half, y)], 14)


def _hills(b: "_Emblem") -> None:
    b.fill([(20, 70), (42, 36), (60, 70)], 3)
    b.fill([(46, 70), (64, 46), (80, 70)], 3, mix(b.colour, b.back, 0.35))
    b.dot(68, 28, 7)


def _owl(b: "_Emblem") -> None:
    b.fill([(34, 34), (66, 34), (66, 62), (58, 74), (42, 74), (34, 62)], 6)
    b.fill([(30, 24), (40, 30), (32, 38)], 2)
    b.fill([(70, 24), (60, 30), (68, 38)], 2)
    for x in (41, 59):
        b.dot(x, 43, 7.5, b.back)
        b.dot(x, 43, 3.5, LAMP)
    b.fill([(47, 52), (53, 52), (50, 58)], 1.5, LAMP)


def _heron(b: "_Emblem") -> None:
    b.fill([(50, 24), (78, 28), (50, 31)], 1, LAMP)
    b.dot(46, 27, 7)
    b.line([(44, 30), (36, 40), (42, 52)], 7)
    b.fill([(38, 52), (56, 44), (64, 58), (52, 70), (40, 66)], 4)
    b.line([(48, 70), (48, 88)], 3.5)
    b.line([(56, 68), (56, 88)], 3.5)


def _tree(b: "_Emblem") -> None:
    for x, y, r in ((50, 34, 17), (37, 48, 14), (63, 48, 14)):
        b.dot(x, y, r)
    b.line([(50, 50), (50, 82)], 8)


def _cello(b: "_Emblem") -> None:
    b.line([(50, 16), (50, 50)], 5)
    b.dot(50, 48, 11)
    b.dot(50, 68, 15)
    b.dot(38, 57, 4.5, b.back)
    b.dot(62, 57, 4.5, b.back)
    b.line([(50, 52), (50, 76)], 2.5, b.back)


_EMBLEMS: dict[str, tuple[RGB, Callable[["_Emblem"], None]]] = {
    "heron": ((0x2B, 0x5B, 0x80), _heron),
    "leaf": ((0x86, 0x3C, 0x2C), _leaf),
    "owl": ((0x4A, 0x40, 0x78), _owl),
    "bell": ((0x7A, 0x62, 0x24), _bell),
    "stones": ((0x4A, 0x5A, 0x5C), _stones),
    "boat": ((0x1F, 0x66, 0x62), _boat),
    "moon": ((0x3A, 0x4A, 0x6E), _moon),
    "hills": ((0x4C, 0x62, 0x36), _hills),
    "tree": ((0x2E, 0x60, 0x44), _tree),
    "cello": ((0x7C, 0x4A, 0x30), _cello),
}

EMBLEMS: tuple[str, ...] = tuple(_EMBLEMS)


def emblem_for(nickname: str) -> str:
    """The picture of a nickname: the same name always gets the same picture.

    A name that says what it shows ("Blue Heron") gets that; any other one by its letters.
    """
    said = nickname.casefold().split()
    for name in EMBLEMS:
        if name in said or name.rstrip("s") in said:
            return name
    return EMBLEMS[sum(i * ord(c) for i, c in enumerate(nickname, 1)) % len(EMBLEMS)]


@lru_cache(maxsize=64)
def emblem(name: str, side: int) -> pygame.Surface:
    """The round picture ``name``, ``side`` pixels across."""
    back, sketch = _EMBLEMS[name]

    def draw(surface: pygame.Surface, times: float) -> None:
        brush = _Emblem(surface, IVORY, back)
        brush.dot(50, 50, 49, mix(MARK, IVORY, 0.3))
        brush.dot(50, 50, 46.5, back)
        sketch(brush)

    return paint.smooth(side, side, draw)


class _Emblem(_Brush):
    """A brush that also knows the disc it draws on."""

    def __init__(self, surface: pygame.Surface, colour: RGB, back: RGB):
        super().__init__(surface, colour)
        self.back = back
