"""The drawn hand in poses of exercises: fist, spread, turned, tilted, from the side, with a thing.

It is the hand of :mod:`game.stage.hand`, with its forearm. A pose is a handful of numbers, so that
everything between two poses is a pose too. Turning palm up and down narrows the hand to its edge
and shows the back; bending the wrist is drawn from the side, where it can be seen.
"""

import math
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import pygame

from game.core.grips import Grip
from game.stage import hand, paint, palettes
from game.stage.hand_things import draw_thing
from game.stage.palettes import Palette
from game.stage.theme import (
    CARD,
    EDGE_LINE,
    GLOVE,
    GLOVE_FRONT,
    GLOVE_LINE,
    IVORY,
    LAMP,
    RAISED,
    RGB,
    mix,
)

#: Width and height of the box that a pose is drawn in: the hand, room to move, and the forearm.
BOX = (640.0, 760.0)

#: Where the wrist is in it: what a tilt turns about.
_WRIST = (320.0, 596.0)

#: From the hand's own box to this one: its wrist lies on ours.
_SHIFT = (_WRIST[0] - 212.0, _WRIST[1] - 470.0)

#: The thumb laid across a fist.
_ACROSS: hand.Chain = ((172, 412), (102, 366), (104, 306), (206, 290))

#: How far each finger turns out when the hand is spread, and in when the fingers lie together.
_FAN = {Grip.INDEX: -13.0, Grip.MIDDLE: -3.0, Grip.RING: 8.0, Grip.LITTLE: 16.0}
_SHUT = {Grip.INDEX: 8.0, Grip.MIDDLE: 1.0, Grip.RING: -6.0, Grip.LITTLE: -15.0}

#: The edge of the hand is so wide, as a share of the palm.
_EDGE = 0.36


@dataclass(frozen=True)
class Pose:
    """One pose. ``curl`` of all fingers and ``index`` to ``little`` of one more, 0 straight to
    1 in the palm; ``spread`` −1 together, 0 relaxed, 1 fanned out; ``thumb`` 0 open to 1 across
    the fist. ``grip`` with ``pinch`` (0 to 1) is a pinch. ``turn`` is 0 palm up to 1 palm down,
    ``tilt`` degrees to the thumb's side (negative: the other). ``side`` draws it from the side,
    where ``bend`` is degrees upward. ``thing`` is held, ``at`` (0 to 1) where it is.
    ``lean`` −1 to 1 tips the hand away from or towards whoever looks.
    """

    curl: float = 0.0
    index: float = 0.0
    middle: float = 0.0
    ring: float = 0.0
    little: float = 0.0
    spread: float = 0.0
    thumb: float = 0.0
    grip: Grip | None = None
    pinch: float = 0.0
    turn: float = 0.0
    tilt: float = 0.0
    side: bool = False
    bend: float = 0.0
    thing: str = ""
    at: float = 0.0
    lean: float = 0.0

    def of(self, finger: Grip) -> float:
        """How far ``finger`` is curled."""
        return min(1.0, self.curl + float(getattr(self, finger.label)))


#: What of a pose is a number.
_NUMBERS = tuple(field.name for field in fields(Pose) if isinstance(field.default, float))


def between(one: Pose, other: Pose, share: float) -> Pose:
    """The pose ``share`` (0 to 1) of the way. What is no number is that of the nearer one; between
    two pinches the hand opens."""
    near = one if share < 0.5 else other
    ways = {
        name: round(getattr(one, name) + (getattr(other, name) - getattr(one, name)) * share, 3)
        for name in _NUMBERS
    }
    grip = other.grip if one.pinch == 0 else one.grip
    if one.pinch and other.pinch and one.grip is not other.grip:
        grip = near.grip
        ways["pinch"] = round(abs(1 - 2 * share), 3)
    return replace(near, grip=grip, **ways)


def picture(pose: Pose, height: int, side: str = "right") -> pygame.Surface:
    """``pose`` of the right or left hand, ``height`` pixels high. Made once per value."""
    return _picture(pose, height, side, palettes.in_use())


def picture_size(height: int) -> tuple[int, int]:
    """Width and height in pixels of every picture that is ``height`` high."""
    return round(height * BOX[0] / BOX[1]), height


@lru_cache(maxsize=72)
def _picture(pose: Pose, height: int, side: str, palette: Palette) -> pygame.Surface:
    width, _ = picture_size(height)
    unit = height / BOX[1]

    def draw(surface: pygame.Surface, times: float) -> None:
        if pose.side:
            _FromTheSide(surface, unit * times, pose, palette).draw()
        else:
            _draw_front(surface, unit * times, pose, palette)

    made = paint.smooth(width, height, draw, 2)
    return pygame.transform.flip(made, True, False) if side == "left" else made


def _draw_front(surface: pygame.Surface, unit: float, pose: Pose, palette: Palette) -> None:
    """Forearm first, then the hand turned, tilted and put on it."""
    _forearm(surface, unit)
    if pose.thing != "helping hand":
        draw_thing(surface, unit, pose.thing, pose.at, behind=True)
    size = surface.get_size()
    own = paint.clear(*size)
    _PosedHand(own, unit, pose, palette).draw()
    draw_thing(own, unit, pose.thing, pose.at, behind=False)
    wrist = (_WRIST[0] * unit, _WRIST[1] * unit)
    across = math.cos(pose.turn * math.pi)
    if pose.turn:
        wide = max(_EDGE, abs(across))
        turned = pygame.transform.smoothscale(own, (max(1, round(size[0] * wide)), size[1]))
        if across < 0:
            turned = pygame.transform.flip(turned, True, False)
        own = paint.clear(*size)
        own.blit(turned, (round(wrist[0] - turned.get_width() / 2), 0))
    if pose.lean:
        high = 1 - 0.24 * abs(pose.lean)
        top = round(wrist[1])
        part = own.subsurface((0, 0, size[0], top))
        leaned = pygame.transform.smoothscale(part, (size[0], max(1, round(top * high))))
        low = own.subsurface((0, top, size[0], size[1] - top)).copy()
        own = paint.clear(*size)
        own.blit(leaned, (0, top - leaned.get_height()))
        own.blit(low, (0, top))
    if pose.tilt:
        turned = pygame.transform.rotozoom(own, pose.tilt, 1.0)
        middle = pygame.math.Vector2(size[0] / 2, size[1] / 2)
        off = (middle - pygame.math.Vector2(wrist)).rotate(-pose.tilt)
        at = pygame.math.Vector2(wrist) + off
        surface.blit(turned, turned.get_rect(center=(round(at.x), round(at.y))))
    else:
        surface.blit(own, (0, 0))
    if pose.thing == "helping hand":
        draw_thing(surface, unit, pose.thing, pose.at, behind=True)


def _forearm(surface: pygame.Surface, unit: float) -> None:
    """A sleeve up to the wrist; it keeps still while the hand moves."""
    x, y = _WRIST
    at = [(x - 62, y + 2), (x + 62, y + 2), (x + 84, BOX[1] + 60), (x - 84, BOX[1] + 60)]
    points = [(px * unit, py * unit) for px, py in at]
    paint.blob(surface, GLOVE_LINE, points, 15 * unit)
    paint.blob(surface, RAISED, points, 11 * unit)


class _PosedHand(hand.Drawing):
    """The hand of the play screen with its fingers where the pose has them."""

    def __init__(self, surface: pygame.Surface, unit: float, pose: Pose, palette: Palette):
        grip = pose.grip if pose.pinch > 0 else None
        super().__init__(surface, unit, grip, pose.pinch, palette)
        self.pose = pose
        self.back = pose.turn > 0.5
        for finger in hand.FINGERS:
            if finger == grip:
                continue
            chain = hand.between(hand.OPEN[finger], hand.FOLDED[finger], pose.of(finger))
            self.chains[finger] = _fanned(chain, finger, pose.spread)
        if grip is None:
            self.thumb = hand.between(hand.OPEN_THUMB, _ACROSS, pose.thumb)
        self._folds = {finger: pose.of(finger) > 0.4 for finger in hand.FINGERS}

    def draw(self) -> None:
        """Straight fingers behind the palm, curled ones and the thumb before it."""
        before = [f for f in hand.FINGERS if self._folds[f] and f != self.grip and not self.back]
        for finger in hand.FINGERS:
            if finger not in before and finger != self.grip:
                self._finger(finger)
        if self.back:
            self._thumb()
        for finger in before:
            self._up_to_the_knuckle(finger)
        self._palm()
        self._cuff()
        for finger in before:
            self._folded(finger)
        if self.grip in self.chains:
            self._finger(self.grip)
        if not self.back:
            self._thumb()
        else:
            self._knuckles()

    def _up_to_the_knuckle(self, finger: Grip) -> None:
        """What of a curled finger stands behind the palm."""
        base, knuckle = (self._at(point) for point in self.chains[finger][:2])
        for grow, colour in ((2.2, GLOVE_LINE), (-2.2, GLOVE)):
            sizes = [(radius + grow) * self.unit for radius in (26.0, 25.0)]
            paint.capsule(self.surface, colour, base, knuckle, *sizes)

    def _at(self, point: paint.Point) -> paint.Point:
        return (point[0] + _SHIFT[0]) * self.unit, (point[1] + _SHIFT[1]) * self.unit

    def _runs_into_the_palm(self, finger: Grip) -> bool:
        return finger != self.grip and (self.back or not self._folds[finger])

    def _lines_of_the_palm(self) -> None:
        if not self.back:
            super()._lines_of_the_palm()

    def _knuckles(self) -> None:
        for finger in hand.FINGERS:
            x, y = hand.OPEN[finger][0]
            self._arc((x - 13, y + 6), (x + 13, y + 6), 4.0)


def _fanned(chain: hand.Chain, finger: Grip, spread: float) -> hand.Chain:
    """``chain`` turned about its base."""
    if not spread:
        return chain
    degrees = _FAN[finger] * spread if spread > 0 else _SHUT[finger] * -spread
    turn = math.radians(degrees)
    (x0, y0) = chain[0]
    points = []
    for x, y in chain:
        dx, dy = x - x0, y - y0
        points.append(
            (
                x0 + dx * math.cos(turn) - dy * math.sin(turn),
                y0 + dx * math.sin(turn) + dy * math.cos(turn),
            )
        )
    p, q, r, s = points
    return p, q, r, s


class _FromTheSide:
    """The forearm on a table and the hand beyond its edge, seen from the thumb's side."""

    def __init__(self, surface: pygame.Surface, unit: float, pose: Pose, palette: Palette):
        self.surface, self.unit, self.pose, self.palette = surface, unit, pose, palette
        self.wrist = (236.0, 430.0)
        self.lift = math.radians(pose.bend)

    def draw(self) -> None:
        """Table, forearm, fingers, palm, thumb."""
        self._table()
        self._bar((-60.0, 452.0), self.wrist, 78, 58, RAISED)
        curl = self.pose.curl
        knuckle = self._on(150)
        first = self._on(150, 92, -math.radians(14 + 88 * curl))
        tip = self._from(first, 92, self.lift - math.radians(26 + 176 * curl))
        for (a, b), (ra, rb) in (((knuckle, first), (38, 31)), ((first, tip), (31, 25))):
            self._bar(a, b, ra, rb, GLOVE)
        cap = self._from(first, 58, self.lift - math.radians(26 + 176 * curl))
        self._flat(cap, tip, 24, 23, self.palette[Grip.INDEX])
        self._bar(self.wrist, knuckle, 58, 50, GLOVE)
        self._flat(self.wrist, knuckle, 54, 46, GLOVE)
        root = self._on(52, 20, -math.pi / 2)
        joint = self._from(root, 76, self.lift - math.radians(36 + 8 * curl))
        last = self.lift - math.radians(4 + 30 * curl)
        end = self._from(joint, 64, last)
        self._bar(root, joint, 36, 29, GLOVE_FRONT)
        self._bar(joint, end, 29, 22, GLOVE_FRONT)
        self._flat(root, joint, 32, 26, GLOVE_FRONT)
        thumb_cap = mix(IVORY, (0xFF, 0xE0, 0xC0), 0.4)
        self._flat(self._from(joint, 34, last), end, 22, 20, thumb_cap)
        self._cuff()
        self._thing(knuckle, first)

    def _thing(self, knuckle: paint.Point, first: paint.Point) -> None:
        """What it holds in the fist, or the fingers of the other hand that draw at its own."""
        thing, at = self.pose.thing, self.pose.at
        held = first
        if thing == "weight":
            held = self._from(knuckle, 30, self.lift - math.radians(80))
        draw_thing(self.surface, self.unit, thing, at, behind=False, middle=held)

    def _table(self) -> None:
        y, unit = 532.0, self.unit
        top = [self._px((0, y)), self._px((240, y))]
        leg = [self._px((204, y + 12)), self._px((204, 800))]
        paint.stroke(self.surface, mix(CARD, EDGE_LINE, 0.5), leg, 20 * unit)
        paint.stroke(self.surface, EDGE_LINE, top, 16 * unit)

    def _cuff(self) -> None:
        a, b = self._on(-18, 46, math.pi / 2), self._on(-18, 46, -math.pi / 2)
        paint.stroke(self.surface, GLOVE_LINE, [self._px(a), self._px(b)], 34 * self.unit)
        paint.stroke(self.surface, RAISED, [self._px(a), self._px(b)], 26 * self.unit)
        paint.stroke(self.surface, LAMP, [self._px(a), self._px(b)], 6 * self.unit)

    def _on(self, along: float, off: float = 0.0, angle: float = 0.0) -> paint.Point:
        """A point ``along`` the lifted hand, then ``off`` at an ``angle`` to it."""
        point = self._from(self.wrist, along, self.lift)
        return self._from(point, off, self.lift + angle) if off else point

    @staticmethod
    def _from(point: paint.Point, far: float, angle: float) -> paint.Point:
        return point[0] + far * math.cos(angle), point[1] - far * math.sin(angle)

    def _px(self, point: paint.Point) -> paint.Point:
        return point[0] * self.unit, point[1] * self.unit

    def _bar(self, a: paint.Point, b: paint.Point, ra: float, rb: float, fill: RGB) -> None:
        """A tube with its outline."""
        self._flat(a, b, ra + 2.5, rb + 2.5, GLOVE_LINE)
        self._flat(a, b, ra - 2.0, rb - 2.0, fill)

    def _flat(self, a: paint.Point, b: paint.Point, ra: float, rb: float, fill: RGB) -> None:
        """A tube without one."""
        unit = self.unit
        paint.capsule(self.surface, fill, self._px(a), self._px(b), ra * unit, rb * unit)
