"""The drawn hand: open, and pinching each of the five grips, for the right and the left hand.

It is seen as in a mirror, palm forward: the thumb of a right hand is on the left. The glove is
slate, so that there is no skin to match; each finger wears a cap in the colour of its lane. All
positions are in a box of :data:`BOX` units and are set by eye.

The key grip is drawn as people make it: a loose fist with the thumb laid on the side of the index.
An open hand with the thumb beside the index was tried first and read as "index".
"""

import itertools
from functools import lru_cache

import pygame

from game.core.grips import Grip
from game.stage import paint, palettes
from game.stage.palettes import Palette
from game.stage.theme import (
    CARD,
    GLOVE,
    GLOVE_CREASE,
    GLOVE_FRONT,
    GLOVE_LINE,
    IVORY,
    LAMP,
    RAISED,
    RGB,
    mix,
)

#: Width and height of the box that the hand is drawn in.
BOX = (400.0, 520.0)
#: Pictures from open (0) to touching (the last).
BLEND_STEPS = 6
BLEND_US = 140_000

#: Base, two joints and tip of a finger.
Chain = tuple[paint.Point, paint.Point, paint.Point, paint.Point]

#: Base, two joints, tip of each finger, spread and relaxed.
OPEN: dict[Grip, Chain] = {
    Grip.INDEX: ((143, 262), (129, 186), (120, 132), (115, 84)),
    Grip.MIDDLE: ((196, 250), (195, 166), (194, 106), (193, 54)),
    Grip.RING: ((248, 258), (258, 180), (265, 124), (270, 76)),
    Grip.LITTLE: ((294, 286), (315, 226), (329, 186), (341, 150)),
}
OPEN_THUMB: Chain = ((170, 410), (112, 352), (70, 300), (42, 254))

#: The asked finger bent forward to meet the thumb, and the thumb that meets it.
_BENT: dict[Grip, Chain] = {
    Grip.INDEX: ((143, 262), (152, 150), (98, 132), (76, 208)),
    Grip.MIDDLE: ((196, 256), (206, 138), (146, 124), (112, 208)),
    Grip.RING: ((248, 262), (262, 142), (198, 122), (158, 212)),
    Grip.LITTLE: ((294, 288), (314, 184), (250, 152), (206, 230)),
}
_BENT_THUMB: dict[Grip, Chain] = {
    Grip.INDEX: ((172, 412), (108, 356), (72, 300), (73, 222)),
    Grip.MIDDLE: ((172, 412), (114, 354), (88, 296), (107, 228)),
    Grip.RING: ((174, 414), (122, 356), (108, 298), (152, 232)),
    Grip.LITTLE: ((176, 416), (130, 362), (132, 306), (199, 250)),
}

#: The fist of the key grip: each finger goes up to its knuckle and comes back to the palm.
FOLDED: dict[Grip, Chain] = {
    Grip.INDEX: ((150, 268), (146, 176), (149, 204), (153, 288)),
    Grip.MIDDLE: ((200, 262), (200, 168), (202, 198), (204, 292)),
    Grip.RING: ((249, 268), (253, 180), (253, 206), (253, 296)),
    Grip.LITTLE: ((293, 292), (301, 210), (299, 232), (296, 306)),
}
_KEY_THUMB: Chain = ((172, 412), (96, 362), (70, 290), (110, 204))

#: Where thumb and finger meet.
TOUCH: dict[Grip, paint.Point] = {
    Grip.INDEX: (74, 216),
    Grip.MIDDLE: (109, 220),
    Grip.RING: (155, 223),
    Grip.LITTLE: (202, 241),
    Grip.KEY: (122, 206),
}

_BASE_RADIUS = {Grip.INDEX: 27.0, Grip.MIDDLE: 28.0, Grip.RING: 27.0, Grip.LITTLE: 23.5}
_TIP_RADIUS = {Grip.INDEX: 22.0, Grip.MIDDLE: 23.0, Grip.RING: 22.0, Grip.LITTLE: 19.0}
_FOLDED_RADIUS = {Grip.INDEX: 26.0, Grip.MIDDLE: 26.5, Grip.RING: 26.0, Grip.LITTLE: 23.0}
_THUMB_RADIUS = (36.0, 24.0)
_PALM: tuple[paint.Point, ...] = (
    (150, 274),
    (198, 262),
    (250, 268),
    (292, 294),
    (290, 350),
    (268, 420),
    (250, 462),
    (174, 462),
    (158, 420),
    (136, 350),
)
_PALM_ROUNDING = 26.0
_LINE = 4.5
#: In the order in which they are drawn.
FINGERS = (Grip.LITTLE, Grip.RING, Grip.MIDDLE, Grip.INDEX)


def frame(
    grip: Grip | None,
    step: int,
    height: int,
    hand: str = "right",
    palette: Palette | None = None,
) -> pygame.Surface:
    """The hand ``height`` pixels high, ``step`` of :data:`BLEND_STEPS` − 1 on the way to ``grip``.

    Step 0, or no grip, is the open hand. Without a ``palette`` it wears the one in use. Made once
    per value.
    """
    if grip is None:
        step = 0
    return _frame(grip if step else None, step, height, hand, palette or palettes.in_use())


def frame_size(height: int) -> tuple[int, int]:
    """Width and height in pixels of every picture that is ``height`` high."""
    return round(height * BOX[0] / BOX[1]), height


def touch_point(grip: Grip, height: int, hand: str = "right") -> tuple[int, int]:
    """Where thumb and finger meet in a picture ``height`` pixels high."""
    unit = height / BOX[1]
    x, y = TOUCH[grip]
    if hand == "left":
        x = BOX[0] - x
    return round(x * unit), round(y * unit)


def resting_tip(grip: Grip, asked: Grip | None, height: int, hand: str) -> tuple[int, int]:
    """Where the cap of ``grip`` is while the hand shows ``asked``: for a contact not asked for."""
    unit = height / BOX[1]
    if grip == Grip.KEY:
        x, y = _patch(_chain(Grip.INDEX, asked, 1.0))[1]
    else:
        x, y = _chain(grip, asked, 1.0)[3]
    if hand == "left":
        x = BOX[0] - x
    return round(x * unit), round(y * unit)


def contact_light(
    grip: Grip, height: int, rings: bool = True, palette: Palette | None = None
) -> pygame.Surface:
    """The glow and two rings that are shown only while the glove feels ``grip``."""
    return _contact_light((palette or palettes.in_use())[grip], height, rings)


@lru_cache(maxsize=32)
def _contact_light(colour: RGB, height: int, rings: bool) -> pygame.Surface:
    unit = height / BOX[1]
    reach = round(88 * unit)
    light = paint.glow(reach, colour, 0.75).copy()
    middle = light.get_width() / 2

    def draw(surface: pygame.Surface, times: float) -> None:
        at = (middle * times, middle * times)
        for radius, width in ((40, 5.0), (62, 3.5)) if rings else ():
            pygame.draw.circle(
                surface, colour, at, radius * unit * times, max(1, round(width * unit * times))
            )
        pygame.draw.circle(surface, (16, 20, 24), at, 17 * unit * times)
        pygame.draw.circle(surface, colour, at, 12.5 * unit * times)
        pygame.draw.circle(surface, (255, 255, 255), at, 5.5 * unit * times)

    light.blit(paint.smooth(*light.get_size(), draw), (0, 0))
    return light


def ease_out(share: float) -> float:
    """0 to 1, quick at first."""
    return 1 - (1 - share) ** 2


@lru_cache(maxsize=128)
def _frame(
    grip: Grip | None, step: int, height: int, hand: str, palette: Palette
) -> pygame.Surface:
    width, _ = frame_size(height)
    unit = height / BOX[1]

    def draw(surface: pygame.Surface, times: float) -> None:
        share = ease_out(step / (BLEND_STEPS - 1))
        Drawing(surface, unit * times, grip, share, palette).draw()

    picture = paint.smooth(width, height, draw, 3)
    return pygame.transform.flip(picture, True, False) if hand == "left" else picture


def between(a: Chain, b: Chain, share: float) -> Chain:
    """The finger ``share`` of the way from ``a`` to ``b``."""
    p, q, r, s = (
        (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
        for (x0, y0), (x1, y1) in zip(a, b, strict=True)
    )
    return p, q, r, s


def _chain(finger: Grip, grip: Grip | None, share: float) -> Chain:
    """The finger on its way from open to what ``grip`` asks of it."""
    if grip == Grip.KEY:
        return between(OPEN[finger], FOLDED[finger], share)
    if grip == finger:
        return between(OPEN[finger], _BENT[finger], share)
    return OPEN[finger]


def _curve(chain: Chain) -> list[paint.Point]:
    """The chain with its corners cut twice (Chaikin), ends kept."""
    points: list[paint.Point] = list(chain)
    for _ in range(3):
        cut: list[paint.Point] = [points[0]]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            cut.append((x0 + (x1 - x0) * 0.25, y0 + (y1 - y0) * 0.25))
            cut.append((x0 + (x1 - x0) * 0.75, y0 + (y1 - y0) * 0.75))
        points = [*cut, points[-1]]
    return points


def _patch(chain: Chain) -> tuple[paint.Point, paint.Point]:
    """The electrode on the thumb side of the index: two ends of a short bar."""
    (x0, y0), (x1, y1) = chain[1], chain[2]
    return (x0 - 20, y0 - 4), (x1 - 18, y1 + 12)


class Drawing:
    """One picture of the hand while it is being drawn; a subclass may put its fingers elsewhere."""

    def __init__(
        self,
        surface: pygame.Surface,
        unit: float,
        grip: Grip | None,
        share: float,
        palette: Palette,
    ):
        self.surface, self.unit, self.grip, self.share = surface, unit, grip, share
        self.palette = palette
        self.chains = {finger: _chain(finger, grip, share) for finger in FINGERS}
        thumb_goal = _KEY_THUMB if grip == Grip.KEY else _BENT_THUMB.get(grip or Grip.KEY)
        self.thumb = (
            OPEN_THUMB
            if grip is None or thumb_goal is None
            else between(OPEN_THUMB, thumb_goal, share)
        )

    def draw(self) -> None:
        """The whole hand, from the back to the front."""
        fist = self.grip == Grip.KEY and self.share > 0.4
        for finger in FINGERS:
            if not fist and finger != self.grip:
                self._finger(finger)
        self._palm()
        self._cuff()
        if fist:
            for finger in FINGERS:
                self._folded(finger)
        elif self.grip in self.chains:
            self._finger(self.grip)
        self._thumb()

    def _at(self, point: paint.Point) -> paint.Point:
        return point[0] * self.unit, point[1] * self.unit

    def _tube(
        self,
        points: list[paint.Point],
        radii: tuple[float, float],
        line: RGB,
        fill: RGB,
        line_width: float = _LINE,
        open_base: int = 0,
    ) -> None:
        """A tapering tube: wide in the line's colour, then narrow in the fill's.

        ``open_base`` points at the base get no line and begin in the palm's colour, so that the
        tube grows out of the palm.
        """
        count = len(points)
        at = [self._at(p) for p in points]
        size = [
            (radii[0] + (radii[1] - radii[0]) * i / (count - 1)) * self.unit for i in range(count)
        ]
        for colour, more, first in ((line, line_width / 2, open_base), (fill, -line_width / 2, 0)):
            grow = more * self.unit
            for i in range(first, count - 1):
                shade = colour
                if colour is fill and i < 2 * open_base:
                    shade = mix(GLOVE, fill, i / (2 * open_base))
                paint.capsule(
                    self.surface, shade, at[i], at[i + 1], size[i] + grow, size[i + 1] + grow
                )

    def _finger(self, finger: Grip) -> None:
        asked = finger == self.grip
        points = _curve(self.chains[finger])
        fill = mix(GLOVE, GLOVE_FRONT, self.share) if asked else GLOVE
        line = mix(GLOVE_LINE, IVORY, self.share) if asked else GLOVE_LINE
        radii = _BASE_RADIUS[finger], _TIP_RADIUS[finger]
        self._tube(points, radii, line, fill, _LINE + (1.5 if asked else 0), 6 if asked else 2)
        self._shine(points[5:] if asked else points, radii, fill)
        for joint in (0.42, 0.66):
            self._crease(points, joint, radii, fill)
        self._cap(points, radii[1], self.palette[finger], asked)
        if finger == Grip.INDEX:
            self._side_patch(self.chains[finger], self.grip is None)

    def _folded(self, finger: Grip) -> None:
        """A finger bent into the palm: its middle part faces us, the tip rests on the palm."""
        chain = self.chains[finger]
        radius = _FOLDED_RADIUS[finger]
        points = [chain[1], chain[2], chain[3]]
        self._tube(points, (radius, radius - 3), GLOVE_LINE, mix(GLOVE, GLOVE_FRONT, 0.45))
        self._shine(points, (radius, radius - 3), mix(GLOVE, GLOVE_FRONT, 0.45))
        x, y = chain[2]
        for dy in (10.0, 16.0):
            self._arc((x - radius * 0.45, y + dy), (x + radius * 0.45, y + dy), 3.0)
        self._cap(points, radius - 3, self.palette[finger], False, length=0.36)
        if finger == Grip.INDEX:
            self._side_patch(chain, True)

    def _shine(self, points: list[paint.Point], radii: tuple[float, float], fill: RGB) -> None:
        """A soft lighter band along the lit side gives the tube its roundness."""
        shade = mix(fill, (255, 255, 255), 0.07)
        last = len(points) - 1
        at = [self._at((x - 6, y)) for x, y in points]
        for i in range(1, last):
            part = radii[0] + (radii[1] - radii[0]) * i / last
            size = part * 0.40 * self.unit
            paint.capsule(self.surface, shade, at[i], at[i + 1], size, size)

    def _crease(
        self, points: list[paint.Point], along: float, radii: tuple[float, float], fill: RGB
    ) -> None:
        i = round(along * (len(points) - 1))
        (x0, y0), (x1, y1) = points[i - 1], points[i + 1]
        length = max(1e-6, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
        nx, ny = -(y1 - y0) / length, (x1 - x0) / length
        half = (radii[0] + (radii[1] - radii[0]) * along) * 0.55
        x, y = points[i]
        self._arc((x - nx * half, y - ny * half), (x + nx * half, y + ny * half), 3.0)

    def _arc(self, a: paint.Point, b: paint.Point, width: float) -> None:
        paint.stroke(self.surface, GLOVE_CREASE, [self._at(a), self._at(b)], width * self.unit)

    def _cap(
        self,
        points: list[paint.Point],
        radius: float,
        colour: RGB,
        bright: bool,
        length: float = 0.30,
    ) -> None:
        """The thimble at the tip: bright when asked for or when the hand is open."""
        if self.grip is not None and not bright:
            colour = mix(colour, CARD, 0.42 * self.share)
        total = len(points) - 1
        start = round((1 - length) * total) if total > 4 else total - 1
        ends = points[start:]
        if total <= 4:
            (x0, y0), (x1, y1) = points[-2], points[-1]
            ends = [(x0 + (x1 - x0) * (1 - length), y0 + (y1 - y0) * (1 - length)), points[-1]]
        grow = (radius - _LINE / 2 + 0.3) * self.unit
        at = [self._at(p) for p in ends]
        for a, b in itertools.pairwise(at):
            paint.capsule(self.surface, colour, a, b, grow, grow)
        pad = mix(colour, (255, 255, 255), 0.38)
        if len(at) > 2:
            at = at[1:]
        for a, b in itertools.pairwise(at):
            paint.capsule(self.surface, pad, a, b, grow * 0.5, grow * 0.5)

    def _side_patch(self, chain: Chain, bright: bool) -> None:
        colour = self.palette[Grip.KEY]
        if self.grip not in (None, Grip.KEY) or not bright:
            if self.grip == Grip.INDEX:
                return
            colour = mix(colour, CARD, 0.42 * self.share)
        if self.grip == Grip.KEY and self.share > 0.4:
            (x0, y0), (x1, y1) = (chain[2][0] - 21, chain[2][1] - 26), (chain[3][0] - 24, 262.0)
            width = 15.0
        else:
            (x0, y0), (x1, y1) = _patch(chain)
            width = 12.0
        paint.stroke(
            self.surface, colour, [self._at((x0, y0)), self._at((x1, y1))], width * self.unit
        )

    def _palm(self) -> None:
        at = [self._at(p) for p in _PALM]
        rounding = _PALM_ROUNDING * self.unit
        line = _LINE / 2 * self.unit
        paint.blob(self.surface, GLOVE_LINE, at, rounding + line)
        paint.blob(self.surface, GLOVE, at, rounding - line)
        # The palm runs into the fingers: fill over the line where they begin.
        for finger in FINGERS:
            if not self._runs_into_the_palm(finger):
                continue
            chain = self.chains[finger]
            radius = (_BASE_RADIUS[finger] - _LINE / 2) * self.unit
            base, up = self._at(chain[0]), self._at(_towards(chain[0], chain[1], 0.42))
            paint.capsule(self.surface, GLOVE, base, up, radius, radius)
        self._lines_of_the_palm()

    def _runs_into_the_palm(self, finger: Grip) -> bool:
        return finger != self.grip and not (self.grip == Grip.KEY and self.share > 0.4)

    def _lines_of_the_palm(self) -> None:
        for crease in (
            ((136.0, 318.0), (176.0, 332.0), (214.0, 366.0), (222.0, 424.0)),
            ((176.0, 312.0), (212.0, 330.0), (250.0, 332.0), (286.0, 318.0)),
        ):
            points = [self._at(p) for p in _curve(crease)]
            paint.stroke(self.surface, mix(GLOVE, GLOVE_CREASE, 0.55), points, 3.0 * self.unit)

    def _thumb(self) -> None:
        points = _curve(self.thumb)
        asked = self.grip is not None
        fill = mix(GLOVE, GLOVE_FRONT, self.share) if asked else GLOVE
        line = mix(GLOVE_LINE, IVORY, self.share) if asked else GLOVE_LINE
        self._tube(points, _THUMB_RADIUS, line, fill, _LINE + (1.5 if asked else 0), 7)
        self._shine(points[8:], (28.0, _THUMB_RADIUS[1]), fill)
        self._crease(points, 0.62, _THUMB_RADIUS, fill)
        self._cap(points, _THUMB_RADIUS[1], mix(IVORY, (0xFF, 0xE0, 0xC0), 0.4), True, 0.26)

    def _cuff(self) -> None:
        unit = self.unit
        box = pygame.Rect(0, 0, round(146 * unit), round(58 * unit))
        x, y = self._at((212, 456))
        box.midtop = (round(x), round(y))
        line = round(_LINE * unit)
        pygame.draw.rect(self.surface, GLOVE_LINE, box, border_radius=round(16 * unit))
        inner = box.inflate(-2 * line, -2 * line)
        pygame.draw.rect(self.surface, RAISED, inner, border_radius=round(12 * unit))
        y = box.centery
        ends = [(box.left + 30 * unit, y), (box.right - 30 * unit, y)]
        paint.stroke(self.surface, LAMP, ends, 5 * unit)


def _towards(a: paint.Point, b: paint.Point, share: float) -> paint.Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
