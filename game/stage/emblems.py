"""The small round pictures that stand beside nicknames: twenty animals, flat and quiet."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import pygame

from game.stage import paint
from game.stage.icons import Brush
from game.stage.theme import IVORY, LAMP, MARK, RGB, mix


class _Emblem(Brush):
    """A brush that also knows the disc it draws on, and draws rounded outlines."""

    def __init__(self, surface: pygame.Surface, colour: RGB, back: RGB):
        super().__init__(surface, colour)
        self.back = back
        self.half = mix(colour, back, 0.45)

    def body(self, points: Sequence[paint.Point], colour: RGB | None = None) -> None:
        """A filled outline whose corners are cut three times (Chaikin)."""
        outline = list(points)
        for _ in range(3):
            cut: list[paint.Point] = []
            for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], outline[0]], strict=True):
                cut.append((x0 + (x1 - x0) * 0.25, y0 + (y1 - y0) * 0.25))
                cut.append((x0 + (x1 - x0) * 0.75, y0 + (y1 - y0) * 0.75))
            outline = cut
        self.fill(outline, 0.5, colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: RGB | None = None) -> None:
        """A filled oval."""
        rect = pygame.Rect(0, 0, round(2 * rx * self.unit), round(2 * ry * self.unit))
        rect.center = (round(x * self.unit), round(y * self.unit))
        pygame.draw.ellipse(self.surface, colour or self.colour, rect)

    def eyes(self, apart: float, y: float, radius: float = 3.2) -> None:
        """Two dark eyes around the middle."""
        for side in (-1, 1):
            self.dot(50 + side * apart, y, radius, self.back)

    def both(self, points: Sequence[paint.Point], colour: RGB | None = None) -> None:
        """A filled outline and its mirror image."""
        self.fill(points, 2, colour)
        self.fill([(100 - x, y) for x, y in points], 2, colour)


def _otter(b: _Emblem) -> None:
    for x in (29, 71):
        b.dot(x, 40, 6)
    b.oval(50, 52, 25, 22)
    b.oval(50, 61, 14, 10, b.half)
    b.oval(50, 56, 5, 3.5, b.back)
    b.eyes(13, 47)
    for side in (-1, 1):
        for y in (60, 65):
            b.line([(50 + side * 17, y), (50 + side * 29, y - 2)], 1.6, b.half)


def _long_legs(b: _Emblem, bill: Sequence[paint.Point], crest: bool) -> None:
    b.body([(34, 50), (40, 42), (60, 46), (70, 58), (56, 68), (40, 64)])
    b.line([(40, 52), (36, 40), (44, 28)], 6.5)
    b.dot(45, 26, 6.5)
    b.line([(50, 64), (50, 86)], 3)
    b.line([(57, 64), (57, 86)], 3)
    b.line(bill, 4, LAMP)
    if crest:
        b.line([(42, 22), (32, 20)], 3)


def _heron(b: _Emblem) -> None:
    _long_legs(b, [(51, 26), (72, 29)], True)


def _crane(b: _Emblem) -> None:
    _long_legs(b, [(51, 26), (63, 27)], False)
    b.dot(45, 21, 4, (0xC4, 0x5A, 0x3C))
    b.fill([(62, 52), (78, 66), (64, 66)], 2, b.half)


def _ibis(b: _Emblem) -> None:
    _long_legs(b, [(51, 25), (61, 28), (67, 35), (68, 42)], False)


def _fox(b: _Emblem) -> None:
    b.both([(25, 18), (45, 36), (27, 48)])
    b.fill([(27, 42), (50, 34), (73, 42), (66, 60), (50, 78), (34, 60)], 3)
    b.both([(28, 48), (42, 60), (47, 74), (34, 60)], b.half)
    b.eyes(11, 49)
    b.dot(50, 76, 4.5, b.back)


def _whale(b: _Emblem) -> None:
    b.body([(20, 50), (30, 38), (54, 38), (70, 52), (78, 46), (80, 60), (62, 68), (28, 68)])
    b.fill([(72, 50), (68, 36), (80, 40), (88, 34), (84, 50)], 2)
    b.dot(33, 52, 2.8, b.back)
    b.line([(24, 60), (42, 62)], 2.2, b.back)
    b.line([(40, 32), (40, 24)], 3)
    b.line([(40, 24), (33, 20)], 3)
    b.line([(40, 24), (47, 20)], 3)


def _owl(b: _Emblem) -> None:
    b.body([(30, 26), (50, 36), (70, 26), (70, 64), (60, 80), (40, 80), (30, 64)])
    b.both([(30, 24), (42, 32), (31, 40)])
    for x in (40, 60):
        b.dot(x, 45, 8.5, b.back)
        b.dot(x, 45, 4, LAMP)
    b.fill([(47, 54), (53, 54), (50, 61)], 1.5, LAMP)


def _hare(b: _Emblem) -> None:
    for side in (-1, 1):
        b.line([(50 + side * 8, 44), (50 + side * 14, 17)], 11)
        b.line([(50 + side * 9, 40), (50 + side * 13, 20)], 4, b.half)
    b.oval(50, 60, 19, 20)
    b.eyes(9, 56)
    b.oval(50, 66, 4, 3, b.back)
    b.line([(50, 68), (50, 73)], 1.8, b.back)


def _bear(b: _Emblem) -> None:
    for x in (30, 70):
        b.dot(x, 34, 10)
        b.dot(x, 34, 5, b.half)
    b.oval(50, 53, 26, 24)
    b.oval(50, 62, 12, 10, b.half)
    b.oval(50, 58, 5.5, 4, b.back)
    b.eyes(12, 48)


def _swan(b: _Emblem) -> None:
    b.body([(30, 56), (44, 58), (64, 44), (80, 46), (74, 66), (58, 74), (38, 72)])
    b.line([(38, 64), (32, 52), (40, 40), (40, 29), (33, 26)], 7)
    b.fill([(31, 24), (22, 29), (31, 30)], 1.5, LAMP)
    b.line([(48, 66), (66, 56)], 2.4, b.half)


def _turtle(b: _Emblem) -> None:
    b.oval(24, 56, 9, 7)
    for x in (38, 64):
        b.oval(x, 68, 7, 8)
    b.body([(28, 62), (32, 44), (50, 34), (68, 44), (78, 64), (52, 66)])
    b.fill([(76, 60), (86, 64), (76, 66)], 1)
    for points in (
        [(42, 62), (44, 48), (60, 48), (62, 62)],
        [(44, 48), (40, 40)],
        [(60, 48), (64, 41)],
    ):
        b.line(points, 2.4, b.back)
    b.dot(21, 54, 2, b.back)


def _lynx(b: _Emblem) -> None:
    b.both([(28, 22), (44, 36), (28, 46)])
    for side in (-1, 1):
        b.line([(50 + side * 22, 22), (50 + side * 24, 13)], 3)
    b.body([(26, 38), (50, 30), (74, 38), (80, 66), (60, 70), (50, 78), (40, 70), (20, 66)])
    b.eyes(11, 50, 3.6)
    b.fill([(46, 60), (54, 60), (50, 65)], 1, b.back)
    for side in (-1, 1):
        b.line([(50 + side * 11, 63), (50 + side * 22, 61)], 1.8, b.half)
        b.line([(50 + side * 11, 67), (50 + side * 21, 69)], 1.8, b.half)


def _robin(b: _Emblem) -> None:
    b.body([(32, 34), (46, 24), (60, 32), (66, 52), (84, 66), (62, 70), (44, 72), (32, 58)])
    b.body([(32, 40), (42, 38), (50, 54), (46, 68), (34, 60)], (0xD9, 0x82, 0x4A))
    b.fill([(34, 33), (24, 36), (34, 38)], 1, LAMP)
    b.dot(43, 34, 2.8, b.back)
    b.line([(50, 70), (48, 82)], 2.6)
    b.line([(58, 70), (57, 82)], 2.6)


def _seal(b: _Emblem) -> None:
    b.body(
        [(34, 24), (50, 22), (56, 38), (66, 56), (84, 66), (84, 74), (44, 76), (32, 66), (36, 44)]
    )
    b.fill([(80, 66), (90, 58), (86, 74)], 1.5)
    b.body([(38, 62), (28, 78), (44, 78), (50, 64)], b.half)
    b.dot(44, 33, 2.8, b.back)
    b.dot(34, 33, 3, b.back)
    b.line([(37, 38), (48, 42)], 1.6, b.half)


def _deer(b: _Emblem) -> None:
    for side in (-1, 1):
        b.line([(50 + side * 6, 40), (50 + side * 13, 28), (50 + side * 12, 14)], 3.4)
        b.line([(50 + side * 12, 30), (50 + side * 24, 20)], 3.4)
        b.oval(50 + side * 21, 44, 8, 4)
    b.fill([(39, 42), (61, 42), (58, 62), (54, 76), (46, 76), (42, 62)], 4)
    b.eyes(8, 51)
    b.oval(50, 76, 4.5, 3.4, b.back)


def _badger(b: _Emblem) -> None:
    for x in (30, 70):
        b.dot(x, 34, 6.5)
    b.body([(28, 28), (72, 28), (80, 54), (58, 80), (42, 80), (20, 54)])
    b.both([(34, 30), (44, 32), (44, 52), (43, 70), (34, 56)], b.back)
    for side in (39.5, 60.5):
        b.dot(side, 50, 2.8)
    b.oval(50, 77, 5, 3.6, b.back)


def _dolphin(b: _Emblem) -> None:
    b.body(
        [(16, 60), (28, 46), (46, 34), (66, 40), (78, 62), (72, 64), (60, 54), (40, 58), (26, 62)]
    )
    b.fill([(46, 36), (58, 22), (60, 40)], 2)
    b.fill([(72, 60), (66, 74), (76, 70), (88, 74), (80, 60)], 2)
    b.fill([(42, 56), (42, 70), (52, 56)], 1.5)
    b.dot(32, 51, 2.6, b.back)


def _falcon(b: _Emblem) -> None:
    b.fill([(50, 44), (30, 32), (12, 44), (30, 46), (44, 58)], 2.5)
    b.fill([(50, 44), (70, 32), (88, 44), (70, 46), (56, 58)], 2.5)
    b.body([(42, 30), (58, 30), (60, 56), (56, 80), (44, 80), (40, 56)])
    b.fill([(48, 28), (52, 28), (50, 21)], 1.5, LAMP)
    for side in (-1, 1):
        b.line([(50 + side * 14, 44), (50 + side * 30, 41)], 2, b.half)


def _koala(b: _Emblem) -> None:
    for x in (26, 74):
        b.dot(x, 40, 13)
        b.dot(x, 40, 7, b.half)
    b.oval(50, 54, 24, 22)
    b.oval(50, 58, 6, 9, b.back)
    b.eyes(13, 48)


def _beaver(b: _Emblem) -> None:
    for x in (32, 68):
        b.dot(x, 33, 6)
    b.oval(50, 49, 24, 20)
    b.oval(50, 60, 16, 11)
    b.oval(50, 53, 6, 4, b.back)
    b.eyes(12, 44)
    b.box(44.5, 66, 11, 13, 1.5)
    b.line([(36, 64), (50, 66), (64, 64)], 2, b.back)
    b.line([(50, 66), (50, 78)], 1.8, b.back)


_EMBLEMS: dict[str, tuple[RGB, Callable[[_Emblem], None]]] = {
    "otter": ((0x7C, 0x4A, 0x30), _otter),
    "heron": ((0x2B, 0x5B, 0x80), _heron),
    "fox": ((0x8E, 0x42, 0x24), _fox),
    "whale": ((0x26, 0x4E, 0x6E), _whale),
    "owl": ((0x4A, 0x40, 0x78), _owl),
    "hare": ((0x5E, 0x5A, 0x2E), _hare),
    "bear": ((0x5A, 0x3E, 0x34), _bear),
    "swan": ((0x1F, 0x5E, 0x66), _swan),
    "turtle": ((0x2E, 0x60, 0x44), _turtle),
    "lynx": ((0x7A, 0x5A, 0x24), _lynx),
    "robin": ((0x3E, 0x52, 0x5A), _robin),
    "seal": ((0x3A, 0x4A, 0x6E), _seal),
    "deer": ((0x4C, 0x5C, 0x30), _deer),
    "crane": ((0x6A, 0x34, 0x48), _crane),
    "badger": ((0x44, 0x4C, 0x54), _badger),
    "dolphin": ((0x1C, 0x5A, 0x7C), _dolphin),
    "falcon": ((0x56, 0x48, 0x66), _falcon),
    "koala": ((0x4A, 0x5E, 0x50), _koala),
    "beaver": ((0x6C, 0x40, 0x2C), _beaver),
    "ibis": ((0x6A, 0x3A, 0x62), _ibis),
}

EMBLEMS: tuple[str, ...] = tuple(_EMBLEMS)


def emblem_for(nickname: str, picture: str = "") -> str:
    """The emblem to draw: ``picture`` if there is one of that name, else by the nickname.

    A nickname that names an animal ("Blue Heron") gets it; any other one always gets the same.
    """
    for name in (picture, *nickname.casefold().split()):
        if name in _EMBLEMS:
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
