"""Every picture that moves on the road, made beforehand: nothing is scaled inside a frame."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pygame

from game.core.grips import GRIPS, Grip
from game.stage import fonts, hand, paint
from game.stage.highway.perspective import LANE_WIDTH, Road
from game.stage.palettes import Palette
from game.stage.shapes import Style, shape, shape_side
from game.stage.theme import (
    BODY,
    CORNER_CHIP,
    EDGE_LINE,
    EDGE_WIDTH,
    GROUND,
    LAMP,
    RAISED,
    TEXT,
    Scale,
    mix,
)
from game.stage.view import Options

#: Radius of a shape at the strike line.
RADIUS = 68.0
#: The middle of a key's letter lies this far beyond the strike line.
CHIP = 94.0
#: Pictures per shape between the far end and the strike line.
DEPTHS = 40
#: Pictures per effect, and per beat of what breathes with it.
STEPS, PULSE_STEPS = 8, 5
#: Pictures of a light that grows with the beat.
BEAT_STEPS = 10
#: Shades between nothing and wholly there.
LEVELS = 20


def depth_index(ahead: float) -> int:
    """Which of the pictures of a shape stands for this depth."""
    return max(0, min(DEPTHS - 1, round(ahead * (DEPTHS - 1))))


def fade_at(ahead: float) -> float:
    """Opacity: things come out of the dark over the first fifth of the way."""
    return max(0.0, min(1.0, (1.0 - ahead) / 0.2)) * 0.88 + 0.12


def level_at(ahead: float) -> int:
    """Which of the :data:`LEVELS` of opacity things have at this depth."""
    return round(fade_at(ahead) * LEVELS)


class Pictures:
    """Everything that moves on the road, at every size, shade and step it is seen in."""

    def __init__(
        self, scale: Scale, hand_name: str, options: Options, road: Road, palette: Palette
    ):
        self.scale, self.hand, self.options = scale, hand_name, options
        self.road, self.palette = road, palette
        self._made: dict[Any, pygame.Surface] = {}
        depths = [depth / (DEPTHS - 1) for depth in range(DEPTHS)]
        # Of each depth the radius of its shapes and their opacity: seen from above many are alike.
        self._target_at = [
            (self._radius(road.size_at(ahead) * 0.94), level_at(ahead)) for ahead in depths
        ]
        self._dot_radius_at = [
            max(3, round(17 * road.size_at(ahead) * scale.factor)) for ahead in depths
        ]

    def _get(self, key: Any, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        picture = self._made.get(key)
        if picture is None:
            picture = self._made[key] = make()
        return picture

    def make_all(self) -> None:
        """Makes them all now rather than when they are first seen."""
        for grip in GRIPS:
            for depth in range(DEPTHS):
                self.target(grip, depth)
            for step in range(STEPS):
                self.lit(grip, step)
                self.opening(grip, step)
                self.missed(grip, step)
                self.wrong(grip, step)
            for pressed in (False, True):
                self.waiting(grip, pressed)
        for step in range(STEPS):
            self.near(step)
        for pulse in range(PULSE_STEPS):
            self.strike_glow(pulse)
            self.bead(pulse)
        for depth in range(DEPTHS):
            for level in range(1, LEVELS + 1):
                self.dot(True, depth, level)
                self.dot(False, depth, level)
        for late in (False, True):
            for step in range(STEPS):
                self.timing(late, step)
        for strong in (False, True):
            for step in range(BEAT_STEPS):
                self.beat_light(strong, step)
        for kind in (0, 1):
            for level in range(11):
                self.beat_line(kind, level / 10)

    def _radius(self, size: float) -> int:
        return max(4, round(RADIUS * size * self.scale.factor))

    def target(self, grip: Grip, depth: int) -> pygame.Surface:
        """A coming target with its shadow, faded in at the far end."""
        radius, level = self._target_at[depth]
        return self._get(
            ("target", grip, radius, level), lambda: self._make_target(grip, radius, level)
        )

    def _shape(self, grip: Grip, radius: int, style: Style, rim: bool = False) -> pygame.Surface:
        return shape(grip, radius, style, self.hand, rim, self.palette)

    def _make_target(self, grip: Grip, radius: int, level: int) -> pygame.Surface:
        face = self._shape(grip, radius, "solid", self.options.high_contrast)
        side = shape_side(radius)
        # Room for the shadow below, and as much above: the picture stays centred on the shape.
        room = radius // 2
        picture = paint.clear(side, side + 2 * room)
        dark = paint.glow(radius, (0, 0, 0), 0.9)
        dark = pygame.transform.smoothscale(dark, (round(radius * 2.1), round(radius * 0.8)))
        low = room + side // 2 + round(radius * 0.86)
        picture.blit(dark, dark.get_rect(center=(side // 2, low)))
        picture.blit(face, (0, room))
        return paint.faded(picture, level / LEVELS)

    def waiting(self, grip: Grip, pressed: bool) -> pygame.Surface:
        """The hollow shape at the strike line; filled softly while its contact is closed."""
        return self._get(("waiting", grip, pressed), lambda: self._make_waiting(grip, pressed))

    def _make_waiting(self, grip: Grip, pressed: bool) -> pygame.Surface:
        radius = self._radius(1)
        base = self._shape(grip, radius, "hollow")
        letters = self.options.letters
        cap = self.scale.px(58)
        room = cap if letters else 0
        picture = paint.clear(base.get_width(), base.get_height() + 2 * room)
        picture.blit(base, (0, room))
        if pressed:
            veil = paint.faded(self._shape(grip, radius, "plain"), 0.34)
            picture.blit(veil, (0, room))
        if letters:
            middle = picture.get_width() // 2
            chip = paint.rounded(
                cap, cap, self.scale.px(CORNER_CHIP), RAISED, EDGE_LINE, self.scale.px(EDGE_WIDTH)
            )
            # On the side that targets do not come from.
            away = self.road.onward * self.scale.px(CHIP)
            place = chip.get_rect(center=(middle, room + base.get_height() // 2 + away))
            picture.blit(chip, place)
            word = fonts.text(letters[grip], self.scale.px(BODY), TEXT, True)
            picture.blit(word, word.get_rect(center=place.center))
        return picture

    def lit(self, grip: Grip, step: int) -> pygame.Surface:
        """The shape just hit, with its glow, dying away."""

        def make() -> pygame.Surface:
            share = 1 - (step / STEPS) ** 2
            radius = self._radius(1)
            light = paint.glow(self.scale.px(110), self.palette[grip], 0.42).copy()
            face = self._shape(grip, radius, "lit")
            light.blit(face, face.get_rect(center=light.get_rect().center))
            return paint.faded(light, share)

        return self._get(("lit", grip, step), make)

    def opening(self, grip: Grip, step: int) -> pygame.Surface:
        """The outline that opens from 72 to 94 on a hit."""

        def make() -> pygame.Surface:
            share = step / (STEPS - 1)
            radius = self._radius((72 + 22 * hand.ease_out(share)) / RADIUS)
            return paint.faded(self._shape(grip, radius, "outline"), 1 - 0.8 * share)

        return self._get(("opening", grip, step), make)

    def missed(self, grip: Grip, step: int) -> pygame.Surface:
        """The slate shape of a target that went by, smaller and fainter."""

        def make() -> pygame.Surface:
            share = step / STEPS
            size = 0.94 if self.options.reduced_motion else 0.94 - 0.34 * share
            slate = self._shape(grip, self._radius(size), "slate")
            return paint.faded(slate, 0.9 * (1 - share))

        return self._get(("missed", grip, step), make)

    def near(self, step: int) -> pygame.Surface:
        """One soft ivory circle: the right pinch, at another time."""

        def make() -> pygame.Surface:
            radius, width = self.scale.px(84), self.scale.px(6)
            side = 2 * radius + 2 * width

            def draw(surface: pygame.Surface, times: float) -> None:
                middle = side * times / 2
                pygame.draw.circle(
                    surface, TEXT, (middle, middle), radius * times, round(width * times)
                )

            return paint.faded(paint.smooth(side, side, draw), 0.85 * (1 - (step / STEPS) ** 2))

        return self._get(("near", step), make)

    def wrong(self, grip: Grip, step: int) -> pygame.Surface:
        """The pinched shape, small, in a ring, to stand beside the asked one."""

        def make() -> pygame.Surface:
            ring = self.scale.px(46)
            side = 2 * ring + 2

            def draw(surface: pygame.Surface, times: float) -> None:
                at = (side * times / 2, side * times / 2)
                pygame.draw.circle(surface, mix(GROUND, TEXT, 0.6), at, ring * times)
                pygame.draw.circle(surface, GROUND, at, (ring - self.scale.px(4)) * times)

            picture = paint.smooth(side, side, draw)
            face = self._shape(grip, self.scale.px(28), "plain")
            picture.blit(face, face.get_rect(center=picture.get_rect().center))
            return paint.faded(picture, 1 - (step / STEPS) ** 3)

        return self._get(("wrong", grip, step), make)

    def dot(self, filled: bool, depth: int, level: int) -> pygame.Surface:
        """A pickup dot; the last before the target is filled. ``level`` is its opacity."""
        radius = self._dot_radius_at[depth]

        def make() -> pygame.Surface:
            side = 2 * radius + 3

            def draw(surface: pygame.Surface, times: float) -> None:
                at = (side * times / 2, side * times / 2)
                pygame.draw.circle(surface, TEXT, at, radius * times)
                if not filled:
                    pygame.draw.circle(surface, GROUND, at, radius * times * 0.66)

            return paint.faded(paint.smooth(side, side, draw), level / LEVELS)

        return self._get(("dot", filled, radius, level), make)

    def timing(self, late: bool, step: int) -> pygame.Surface:
        """A soft angle that points at the strike line: a pinch before it, or ``late`` after it."""

        def make() -> pygame.Surface:
            wide, high, width = self.scale.px(56), self.scale.px(24), self.scale.px(8)
            size = (wide + 2 * width, high + 2 * width)
            # Early comes from where targets come from.
            down = (self.road.onward > 0) != late

            def draw(surface: pygame.Surface, times: float) -> None:
                middle, edge, tip = size[0] / 2, width, size[1] - width
                if not down:
                    edge, tip = tip, edge
                points = [(width, edge), (middle, tip), (size[0] - width, edge)]
                paint.stroke(
                    surface, TEXT, [(x * times, y * times) for x, y in points], width * times
                )

            return paint.faded(paint.smooth(*size, draw), 0.9 * (1 - (step / STEPS) ** 3))

        return self._get(("timing", late, step), make)

    def beat_light(self, strong: bool, step: int) -> pygame.Surface:
        """A light that stands at the end of the strike line: tallest at ``step`` 0, on the beat.

        The first beat of a bar is lamplight and taller. In reduced motion it does not grow; it is
        lit or not.
        """

        def make() -> pygame.Surface:
            left = (1 - step / (BEAT_STEPS - 1)) ** 1.5
            if self.options.reduced_motion:
                left = 0.5
            tall = 34 + (128 if strong else 84) * left
            wide, high = self.scale.px(20), self.scale.px(tall)
            shade = mix(LAMP, (255, 255, 255), 0.25) if strong else TEXT
            if self.options.reduced_motion and step >= BEAT_STEPS // 2:
                shade = mix(GROUND, shade, 0.35)
            return paint.rounded(wide, high, wide // 2, shade)

        return self._get(("beat light", strong, step), make)

    def beat_line(self, kind: int, fade: float) -> pygame.Surface:
        """A strip as wide as the road: beats (0) 26 % ivory, bars (1) 59 %."""
        level = round(fade * 10)

        def make() -> pygame.Surface:
            strong = self.options.high_contrast
            share = ((0.26, 0.59), (0.45, 0.85))[strong][kind] * level / 10
            strip = paint.clear(self.scale.px(5 * LANE_WIDTH + 4), self.scale.px((2, 3)[kind]))
            strip.fill((*TEXT, round(255 * share)))
            return strip

        return self._get(("beat", kind, level), make)

    def strike_glow(self, pulse: int) -> pygame.Surface:
        """The lamp bar with a glow that breathes by ±5 % with the beat."""

        def make() -> pygame.Surface:
            width, height = self.scale.px(5 * LANE_WIDTH + 76), self.scale.px(96)
            strength = 0.30 + 0.05 * pulse / (PULSE_STEPS - 1)
            x = np.abs(np.linspace(-1, 1, width))[:, None]
            y = np.abs(np.linspace(-1, 1, height))[None, :]
            alpha = strength * (1 - y) ** 2.2 * np.clip((1 - x) * 6, 0, 1)
            picture = paint.from_arrays(LAMP, alpha)
            bar = paint.rounded(
                self.scale.px(5 * LANE_WIDTH + 44),
                self.scale.px(7),
                self.scale.px(4),
                mix(LAMP, (255, 255, 255), 0.45),
            )
            picture.blit(bar, bar.get_rect(center=picture.get_rect().center))
            return picture

        return self._get(("strike", pulse), make)

    def bead(self, pulse: int) -> pygame.Surface:
        """The white bead that travels along the song, ±6 % with the beat."""

        def make() -> pygame.Surface:
            reach = self.scale.px(42)
            picture = paint.glow(reach, LAMP, 0.55).copy()
            radius = 17 * (0.97 + 0.06 * pulse / (PULSE_STEPS - 1)) * self.scale.factor

            def draw(surface: pygame.Surface, times: float) -> None:
                at = (surface.get_width() / 2, surface.get_height() / 2)
                pygame.draw.circle(surface, GROUND, at, (radius + 3 * self.scale.factor) * times)
                pygame.draw.circle(surface, (255, 255, 255), at, radius * times)

            picture.blit(paint.smooth(*picture.get_size(), draw), (0, 0))
            return picture

        return self._get(("bead", pulse), make)
