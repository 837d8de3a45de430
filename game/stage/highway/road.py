"""The road in motion: beats, tails, targets, effects and plucked strings."""

from math import atan2, cos, pi, sin

import numpy as np
import pygame

from game.core.grips import GRIPS, Grip, lanes
from game.play.plan import WAITING, WAS_HIT, WAS_MISSED
from game.stage import fonts, hand
from game.stage.highway.perspective import LANE_WIDTH, OVERSHOOT, Road
from game.stage.highway.pictures import (
    BEAT_STEPS,
    PULSE_STEPS,
    STEPS,
    Pictures,
    depth_index,
    fade_at,
    level_at,
)
from game.stage.highway.places import Places
from game.stage.highway.still import string_colour
from game.stage.highway.upcoming import Upcoming
from game.stage.palettes import Palette
from game.stage.theme import EFFORT, GROUND, RGB, SOFT_MISS, TEXT, Scale, mix
from game.stage.view import EFFECT_US, Effect, HighwayView, Options

TAIL_WIDTH = 50.0

_SWING, _SWING_US, _SWING_PERIOD_US = 26.0, 400_000, 110_000
#: So many of the string's pieces are dim at the far end.
_FAR_PIECES = 4
_OPENING_US, _LIT_US = 180_000, 260_000

#: A pinch less than this off is neither early nor late.
_IN_TIME_US = 40_000
_TIMING_US = 400_000
_TIMING_AWAY = 110.0

#: A missed target sinks so far beyond where it was last seen: not to the words.
_SINKING = 14.0

#: The lights of the beat stand this far from the middle of the road.
_BEAT_LIGHT = 2.5 * LANE_WIDTH + 28


class MovingRoad:
    """Draws what moves on the road of one size, hand and set of options."""

    def __init__(
        self,
        scale: Scale,
        hand_name: str,
        options: Options,
        places: Places,
        pictures: Pictures,
        road: Road,
        palette: Palette,
    ):
        self.scale, self.options = scale, options
        self.road, self.palette = road, palette
        self.lane_of = {grip: i - 2 for i, grip in enumerate(lanes(hand_name))}
        self._pictures = pictures
        self._known = Upcoming()
        x, y = scale.x(places.road.x), scale.y(places.road.y)
        right, bottom = scale.x(places.road.right), scale.y(places.road.bottom)
        self._clip = pygame.Rect(x, y, right - x, bottom - y)
        self._changed: list[pygame.Rect] = []

    def draw(
        self, surface: pygame.Surface, view: HighwayView, bare: pygame.Surface
    ) -> list[pygame.Rect]:
        """Draws what moves; ``bare`` is the still picture without strings. Returns where."""
        self._changed = []
        self._known.follow(view)
        surface.set_clip(self._clip)
        self._draw_all(surface, view, bare)
        surface.set_clip(None)
        return self._changed

    def _draw_all(self, surface: pygame.Surface, view: HighwayView, bare: pygame.Surface) -> None:
        self._draw_strings(surface, view, bare)
        self._draw_beats(surface, view)
        first, last = self._known.in_view(view)
        for i in range(last - 1, first - 1, -1):
            self._draw_tail(surface, view, i)
        self._draw_strike_line(surface, view)
        for i in range(last - 1, first - 1, -1):
            self._draw_pickup(surface, view, i)
        for effect in view.effects_seen:
            if effect.kind == "miss":
                self._draw_effect(surface, view, effect)
        for i in range(last - 1, first - 1, -1):
            if view.states[i] == WAITING:
                self._draw_target(surface, view, i)
        for effect in view.effects_seen:
            if effect.kind != "miss":
                self._draw_effect(surface, view, effect)
        if view.count_in:
            number = fonts.text(str(view.count_in), self.scale.px(EFFORT), TEXT, True)
            middle = (self.road.strike_y + self.road.far_y) / 2
            self._blit(surface, number, self.road.centre, middle)

    def _ahead(self, view: HighwayView, time_us: int) -> float:
        return float(time_us - view.song_us) / view.look_ahead_us

    def _draw_strings(
        self, surface: pygame.Surface, view: HighwayView, bare: pygame.Surface
    ) -> None:
        for grip in GRIPS:
            ages = [
                view.song_us - e.at_us
                for e in view.effects_seen
                if e.kind == "hit" and e.grip == grip
            ]
            ages = [age for age in ages if 0 <= age < _SWING_US]
            if ages:
                self._draw_swing(surface, bare, grip, min(ages))

    def _draw_swing(
        self, surface: pygame.Surface, bare: pygame.Surface, grip: Grip, age: int
    ) -> None:
        """A plucked string: a standing wave between far end and strike line that dies away."""
        lane = self.lane_of[grip]
        left = 1 - age / _SWING_US
        reach = 0.0 if self.options.reduced_motion else _SWING * left**1.6
        now = cos(2 * pi * age / _SWING_PERIOD_US)
        rows = 30
        points: list[list[tuple[float, float]]] = [[], []]
        road = self.road
        step = (road.strike_y - road.far_y) / rows
        for i in range(rows + 1):
            y = road.far_y + step * i
            bend = reach * road.width_at_row(y) * sin(pi * 3 * i / rows)
            x = road.column(lane, y)
            at_y = self.scale.y(y)
            for line, part in zip(points, (now, -0.55 * now), strict=True):
                line.append((self.scale.left + (x + bend * part) * self.scale.factor, at_y))
        # Take the resting string away in short pieces, so that its neighbours are not touched.
        margin = self.scale.px(_SWING + 6)
        pieces = 10
        for k in range(pieces):
            first, last = k * rows // pieces, (k + 1) * rows // pieces
            x0 = self.scale.x(road.column(lane, road.far_y + step * first))
            x1 = self.scale.x(road.column(lane, road.far_y + step * last))
            top, bottom = sorted((int(points[0][first][1]), int(points[0][last][1])))
            rect = pygame.Rect(min(x0, x1) - margin, top, abs(x1 - x0) + 2 * margin, bottom - top)
            rect.h += 1
            surface.blit(bare, rect, rect)
            self._note(rect)
        colour = self.palette[grip]
        rest = string_colour(colour, self.options.high_contrast)
        if reach:
            pygame.draw.aalines(surface, mix(GROUND, colour, 0.2 + 0.2 * left), False, points[1])
        shade = mix(rest, mix(colour, (255, 255, 255), 0.35), left)
        shifts = (-1.0, 0.0, 1.0) if self.scale.factor > 0.8 else (-0.5, 0.5)
        if self.options.high_contrast:
            shifts = (*shifts, -1.5, 1.5)
        for shift in shifts:
            path = [(x + shift, y) for x, y in points[0]]
            # Like the resting string it comes out of the dark.
            for k in range(_FAR_PIECES):
                dim = mix(GROUND, shade, (k + 0.5) / _FAR_PIECES)
                pygame.draw.aaline(surface, dim, path[k], path[k + 1])
            pygame.draw.aalines(surface, shade, False, path[_FAR_PIECES:])

    def _draw_beats(self, surface: pygame.Surface, view: HighwayView) -> None:
        start, end = view.song_us, view.song_us + view.look_ahead_us
        bars = view.bars_us
        for times, kind in ((view.beats_us, 0), (bars, 1)):
            first, last = np.searchsorted(times, (start, end))
            for time_us in times[first:last]:
                if kind == 0:
                    at = np.searchsorted(bars, time_us)
                    if at < len(bars) and bars[at] == time_us:
                        continue
                ahead = self._ahead(view, int(time_us))
                y = self.road.row(ahead)
                half = 2.5 * LANE_WIDTH * self.road.width_at_row(y)
                strip = self._pictures.beat_line(kind, fade_at(ahead))
                left = self.scale.x(self.road.centre - half)
                wide = self.scale.x(self.road.centre + half) - left
                high = strip.get_height()
                place = (left, self.scale.y(y) - high // 2)
                self._changed.append(surface.blit(strip, place, (0, 0, wide, high)))

    def _draw_strike_line(self, surface: pygame.Surface, view: HighwayView) -> None:
        pulse = 0 if self.options.reduced_motion else int(view.pulse * (PULSE_STEPS - 0.01))
        strike_y = self.road.strike_y
        self._blit(surface, self._pictures.strike_glow(pulse), self.road.centre, strike_y)
        if self.options.visual_beat and not view.paused:
            over, strong = view.beat
            light = self._pictures.beat_light(strong, min(BEAT_STEPS - 1, int(over * BEAT_STEPS)))
            for x in (self.road.centre - _BEAT_LIGHT, self.road.centre + _BEAT_LIGHT):
                self._blit(surface, light, x, strike_y)
        for grip, lane in self.lane_of.items():
            pressed = bool(view.contacts >> grip & 1)
            x = self.road.centre + lane * LANE_WIDTH
            self._blit(surface, self._pictures.waiting(grip, pressed), x, strike_y)

    def _draw_target(self, surface: pygame.Surface, view: HighwayView, i: int) -> None:
        known = self._known
        ahead = self._ahead(view, known.times[i])
        if ahead > 1:
            return
        grip = known.grips[i]
        y = self.road.row(ahead)
        x = self.road.column(self.lane_of[grip], y)
        self._blit(surface, self._pictures.target(grip, depth_index(ahead)), x, y)

    def _draw_tail(self, surface: pygame.Surface, view: HighwayView, i: int) -> None:
        known = self._known
        end_us = known.tail_ends[i]
        if not end_us or end_us <= view.song_us:
            return
        state = int(view.states[i])
        grip = known.grips[i]
        begin = max(0.0, self._ahead(view, known.times[i]))
        end = min(1.0, self._ahead(view, end_us))
        if begin >= end or (state == WAITING and self._ahead(view, known.times[i]) < 0):
            return
        held = state == WAS_HIT and bool(view.contacts >> grip & 1)
        colour = SOFT_MISS if state == WAS_MISSED else self.palette[grip]
        fill = mix(GROUND, colour, 0.28 if state == WAS_MISSED else 0.46)
        edge = mix(GROUND, colour, 0.5 if state == WAS_MISSED else 0.9)
        self._ribbon(surface, grip, begin, end, fill, edge)
        if held:
            share = (view.song_us - known.times[i]) / (end_us - known.times[i])
            self._ribbon(surface, grip, begin, begin + (end - begin) * share, colour, None)

    def _ribbon(
        self,
        surface: pygame.Surface,
        grip: Grip,
        begin: float,
        end: float,
        fill: RGB,
        edge: RGB | None,
    ) -> None:
        lane, scale = self.lane_of[grip], self.scale
        sides: list[tuple[float, float, float]] = []
        for ahead in (begin, end):
            y = self.road.row(ahead)
            half = TAIL_WIDTH / 2 * self.road.width_at_row(y)
            sides.append((self.road.column(lane, y), y, half))
        (x0, y0, h0), (x1, y1, h1) = sides
        # Round at the far end: half a circle square to the way the ribbon runs.
        turn = atan2(y1 - y0, x1 - x0)
        outline = [(x0 - h0 * self.road.onward, y0)]
        for k in range(13):
            angle = turn - pi / 2 + pi * k / 12
            outline.append((x1 + cos(angle) * h1, y1 + sin(angle) * h1))
        outline.append((x0 + h0 * self.road.onward, y0))
        corners = [
            (scale.left + x * scale.factor, scale.top + y * scale.factor) for x, y in outline
        ]
        changed = pygame.draw.polygon(surface, fill, corners)
        line = fill if edge is None else edge
        changed.union_ip(pygame.draw.aalines(surface, line, False, corners))
        if edge is not None:
            inner = [(x + (1 if x < corners[7][0] else -1), y) for x, y in corners]
            changed.union_ip(pygame.draw.aalines(surface, line, False, inner))
        self._note(changed.inflate(4, 4))

    def _draw_pickup(self, surface: pygame.Surface, view: HighwayView, i: int) -> None:
        if view.states[i] != WAITING:
            return
        dots = self._known.pickups.get(i)
        if not dots:
            return
        lane = self.lane_of[self._known.grips[i]]
        # They come into view with their target, which may not have been known before.
        known = level_at(max(0.0, self._ahead(view, self._known.times[i])))
        for number, time_us in enumerate(dots):
            ahead = self._ahead(view, time_us)
            if 0 <= ahead <= 1:
                y = self.road.row(ahead)
                filled, level = number == len(dots) - 1, min(known, level_at(ahead))
                picture = self._pictures.dot(filled, depth_index(ahead), level)
                self._blit(surface, picture, self.road.column(lane, y), y)

    def _draw_effect(self, surface: pygame.Surface, view: HighwayView, effect: Effect) -> None:
        age = view.song_us - effect.at_us
        if self.options.early_late and effect.kind in ("hit", "near"):
            self._draw_timing(surface, effect, age)
        if not 0 <= age < EFFECT_US[effect.kind]:
            return
        share = age / EFFECT_US[effect.kind]
        step = int(share * STEPS)
        x = self.road.centre + self.lane_of[effect.grip] * LANE_WIDTH
        pictures, quiet = self._pictures, self.options.reduced_motion
        strike_y = self.road.strike_y
        if effect.kind == "hit":
            if age < _LIT_US:
                lit = int(age / _LIT_US * STEPS)
                self._blit(surface, pictures.lit(effect.grip, 0 if quiet else lit), x, strike_y)
            if age < _OPENING_US and not quiet:
                wide = int(age / _OPENING_US * STEPS)
                self._blit(surface, pictures.opening(effect.grip, wide), x, strike_y)
        elif effect.kind == "near":
            self._blit(surface, pictures.near(0 if quiet else step), x, strike_y)
        elif effect.kind == "wrong" and effect.pinched is not None:
            side = -1 if self.lane_of[effect.grip] == 2 else 1
            picture = pictures.wrong(effect.pinched, 0 if quiet else step)
            self._blit(surface, picture, x + side * 74, self.road.past(-84))
        elif effect.kind == "miss":
            sunk = 0 if quiet else _SINKING * hand.ease_out(share)
            y = self.road.past(OVERSHOOT + sunk)
            self._blit(surface, pictures.missed(effect.grip, step), x, y)

    def _draw_timing(self, surface: pygame.Surface, effect: Effect, age: int) -> None:
        """On which side of the strike line the pinch was, unless it was on the line."""
        if abs(effect.off_us) < _IN_TIME_US or not 0 <= age < _TIMING_US:
            return
        late = effect.off_us > 0
        step = 0 if self.options.reduced_motion else int(age / _TIMING_US * STEPS)
        x = self.road.centre + self.lane_of[effect.grip] * LANE_WIDTH
        y = self.road.past(_TIMING_AWAY if late else -_TIMING_AWAY)
        self._blit(surface, self._pictures.timing(late, step), x, y)

    def _blit(self, surface: pygame.Surface, picture: pygame.Surface, x: float, y: float) -> None:
        """Puts ``picture`` with its middle at a design position and notes where."""
        width, height = picture.get_size()
        place = (self.scale.x(x) - width // 2, self.scale.y(y) - height // 2)
        self._changed.append(surface.blit(picture, place))

    def _note(self, rect: pygame.Rect) -> None:
        rect = rect.clip(self._clip)
        if rect.w and rect.h:
            self._changed.append(rect)
