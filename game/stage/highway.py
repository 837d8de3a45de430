"""The play screen: five strings, targets that come down them, the hand, and what was felt.

How a frame is made cheap: everything that stands still lies in one picture per size. A frame puts
that picture back where the last frame drew, and draws what moves from pictures made beforehand:
one per shape and depth, with size, shade and fade already in them. Text comes from a cache by
value. Parts that change rarely (count, words, hand) are *zones* outside the road: redrawn only
when what they show changes. Nothing is scaled inside a frame.

Every picture depends on the view alone and on the views before it, never on a clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, pi, sin
from typing import Any

import numpy as np
import pygame

from game.core.grips import GRIPS, Grip, lanes
from game.stage import fonts, hand, paint, perspective
from game.stage.fit import fit
from game.stage.page import Box, Page
from game.stage.perspective import FAR_Y, LANE_WIDTH, STRIKE_Y, Road
from game.stage.shapes import shape, shape_side
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_CHIP,
    EDGE_LINE,
    EDGE_WIDTH,
    EFFORT,
    FAINT_EDGE,
    GOOD,
    GRIP_WORD,
    GROUND,
    HEADING,
    KEY_HEIGHT,
    LABEL,
    LAMP,
    LANE,
    MARGIN,
    MARK,
    RAISED,
    RGB,
    SOFT_MISS,
    SOFT_TEXT,
    SPACE_3,
    TEXT,
    TITLE,
    Scale,
    mix,
)
from game.stage.view import EFFECT_US, WAITING, WAS_HIT, WAS_MISSED, Effect, HighwayView, Options

#: Radius of a shape at the strike line.
RADIUS = 68.0
#: Pictures per shape between the far end and the strike line.
DEPTHS = 40
#: Notes at least this long get a tail.
TAIL_FROM_US = 700_000
TAIL_WIDTH = 50.0
#: After a silence longer than this, three beats are drawn before the next target.
PICKUP_GAP_US = 2_000_000
HELD_TOO_LONG_US = 1_000_000

_SWING, _SWING_US, _SWING_PERIOD_US = 26.0, 400_000, 110_000
_FAR_PIECES = 4
_OPENING_US, _LIT_US = 180_000, 260_000
_STEPS = 8
_PULSE_STEPS = 5
_ROAD_TOP, _ROAD_BOTTOM = 142.0, 926.0
_COUNT_WIDTH, _ROAD_WIDTH, _CARD_WIDTH = 236.0, 1028.0, 480.0
_HAND_HEIGHT = 410.0


@dataclass(frozen=True)
class Places:
    """Where the parts of the play screen stand, in design pixels."""

    road: Box
    count: Box
    following: Box
    card: Box
    title: Box
    beads: Box
    pause: Box
    notice: Box
    lyrics: Box

    @property
    def hand(self) -> Box:
        """Where the hand is drawn on its card."""
        return Box(self.card.x + 20, self.card.y + 128, self.card.w - 40, 436)

    @property
    def asked(self) -> Box:
        """Where the card names the pinch."""
        return Box(self.card.x + 20, self.card.y + 14, self.card.w - 40, 112)

    @property
    def feels(self) -> Box:
        """Where the card says what is felt."""
        return Box(self.card.x + 24, self.card.y + 566, self.card.w - 48, 64)


def places(hand_name: str, place: str = "centre") -> Places:
    """The layout for a hand and a place of the group.

    The hand stands beside the strike line on the little finger's side of a right hand; a left hand
    mirrors it. ``place`` left or right puts the road at that side.
    """
    order = {
        "centre": ("count", "road", "card"),
        "left": ("road", "card", "count"),
        "right": ("count", "card", "road"),
    }[place]
    if hand_name == "left":
        order = {
            "centre": ("card", "road", "count"),
            "left": ("road", "card", "count"),
            "right": ("count", "card", "road"),
        }[place]
    widths = {"count": _COUNT_WIDTH, "road": _ROAD_WIDTH, "card": _CARD_WIDTH}
    x, at = float(MARGIN), {}
    for name in order:
        at[name] = x
        x += widths[name] + SPACE_3
    return Places(
        road=Box(at["road"], _ROAD_TOP, _ROAD_WIDTH, _ROAD_BOTTOM - _ROAD_TOP),
        count=Box(at["count"], 486, _COUNT_WIDTH, 164),
        following=Box(at["count"], 706, _COUNT_WIDTH, 200),
        card=Box(at["card"], 376, _CARD_WIDTH, 640),
        title=Box(132, 22, 540, 118),
        beads=Box(700, 40, 830, 92),
        pause=Box(1856 - 280, 40, 280, KEY_HEIGHT),
        notice=Box(at["card"], 176, _CARD_WIDTH, 176),
        lyrics=Box(at["road"], 930, _ROAD_WIDTH, 130),
    )


def depth_index(ahead: float) -> int:
    """Which of the pictures of a shape stands for this depth."""
    return max(0, min(DEPTHS - 1, round(ahead * (DEPTHS - 1))))


def fade_at(ahead: float) -> float:
    """Opacity: things come out of the dark over the first fifth of the way."""
    return max(0.0, min(1.0, (1.0 - ahead) / 0.2)) * 0.88 + 0.12


class Highway:
    """Draws a play on surfaces of one size. Make one per play; :meth:`draw` once per frame."""

    def __init__(self, size: tuple[int, int], hand_name: str, options: Options | None = None):
        self.scale = Scale(*size)
        self.hand = hand_name
        self.options = options or Options()
        self.places = places(hand_name, self.options.place)
        self.road = Road(self.places.road.x + self.places.road.w / 2)
        self.lane_of = {grip: i - 2 for i, grip in enumerate(lanes(hand_name))}
        self._pictures = _Pictures(self.scale, hand_name, self.options)
        self._clip = self._rect(self.places.road)
        self._still, self._bare_road = self._draw_still()
        self._dirty: list[pygame.Rect] = []
        self._zones: dict[str, Any] = {}
        self._known = _Prepared()
        self._surface: pygame.Surface | None = None
        self._pose: tuple[Grip | None, int] = (None, -1)
        self._pose_from = 0
        self._pose_since = 0
        self._beads: tuple[Any, pygame.Surface, pygame.Surface] | None = None

    # ------------------------------------------------------------------ the frame

    def draw(
        self, surface: pygame.Surface, view: HighwayView, whole: bool = False
    ) -> list[pygame.Rect]:
        """Draws the moment ``view`` and returns the parts of ``surface`` that changed.

        The surface must be the one of the last call, untouched since; otherwise, and with
        ``whole``, everything is drawn again.
        """
        if whole or surface is not self._surface:
            surface.blit(self._still, (0, 0))
            changed = [surface.get_rect()]
            self._zones.clear()
            self._surface = surface
        else:
            changed = self._dirty
            for rect in changed:
                surface.blit(self._still, rect, rect)
        self._known.follow(view)
        self._dirty = []
        surface.set_clip(self._clip)
        self._draw_road(surface, view)
        surface.set_clip(None)
        changed = changed + self._dirty
        self._draw_zones(surface, view, changed)
        return changed

    def forget(self) -> None:
        """Something else was drawn on the surface: the next frame draws everything."""
        self._surface = None

    def prepare(self, view: HighwayView) -> None:
        """Makes beforehand every picture and text that this play can need (about a second)."""
        self._pictures.make_all()
        for grip in (None, *GRIPS):
            for step in range(hand.BLEND_STEPS):
                hand.frame(grip, step, self._hand_height, self.hand)
        for grip in GRIPS:
            hand.contact_light(grip, self._hand_height, not self.options.reduced_motion)
        off_screen = pygame.Surface((self.scale.width, self.scale.height), 0, 32)
        for line in view.lyrics:
            self._draw_lyrics(off_screen, (line, len(line.words) - 1, None))
            self._draw_lyrics(off_screen, (line, -1, line))

    # ------------------------------------------------------------------ small helpers

    def _rect(self, box: Box) -> pygame.Rect:
        x, y = self.scale.x(box.x), self.scale.y(box.y)
        return pygame.Rect(x, y, self.scale.x(box.right) - x, self.scale.y(box.bottom) - y)

    @property
    def _hand_height(self) -> int:
        return self.scale.px(_HAND_HEIGHT)

    def _blit(self, surface: pygame.Surface, picture: pygame.Surface, x: float, y: float) -> None:
        """Puts ``picture`` with its middle at a design position and notes where."""
        width, height = picture.get_size()
        place = (self.scale.x(x) - width // 2, self.scale.y(y) - height // 2)
        self._dirty.append(surface.blit(picture, place))

    def _note(self, rect: pygame.Rect) -> None:
        rect = rect.clip(self._clip)
        if rect.w and rect.h:
            self._dirty.append(rect)

    # ------------------------------------------------------------------ what stands still

    def _draw_still(self) -> tuple[pygame.Surface, pygame.Surface]:
        """The picture of everything that never moves, and the road without its strings."""
        size = (self.scale.width, self.scale.height)
        contrast = self.options.high_contrast
        still = paint.ground(*size, contrast).copy()
        page = Page(still)
        still.blit(_road_picture(self.scale, self.road.centre, self.hand, contrast), (0, 0))
        bare = still.copy()
        still.blit(_string_picture(self.scale, self.road.centre, self.hand, contrast), (0, 0))
        places = self.places
        page.panel(places.card, (0, 0, 0) if contrast else CARD, TEXT if contrast else FAINT_EDGE)
        line_y = places.feels.y - 6
        page.line(
            places.card.x + 32, line_y, places.card.right - 32, line_y, mix(GROUND, MARK, 0.45), 2
        )
        page.icon("note", 88, 88, 60, LAMP)
        page.panel(
            places.pause, RAISED, EDGE_LINE, corner=KEY_HEIGHT / 2, edge_width=EDGE_WIDTH
        )
        page.icon("pause", places.pause.x + 70, places.pause.middle[1], 40)
        page.write(
            "Pause",
            Box(places.pause.x + 108, places.pause.y, 150, KEY_HEIGHT),
            BODY,
            bold=True,
        )
        if self.options.anchor_bar:
            page.line(0, 0, 12, 1080, LAMP, 12)
        return still, bare

    # ------------------------------------------------------------------ the road

    def _draw_road(self, surface: pygame.Surface, view: HighwayView) -> None:
        self._draw_strings(surface, view)
        self._draw_beats(surface, view)
        first, last = self._known.in_view(view)
        for i in range(last - 1, first - 1, -1):
            self._draw_tail(surface, view, i)
        self._draw_strike_line(surface, view)
        for i in range(last - 1, first - 1, -1):
            self._draw_pickup(surface, view, i)
        for effect in view.effects:
            if effect.kind == "miss":
                self._draw_effect(surface, view, effect)
        for i in range(last - 1, first - 1, -1):
            if view.states[i] == WAITING:
                self._draw_target(surface, view, i)
        for effect in view.effects:
            if effect.kind != "miss":
                self._draw_effect(surface, view, effect)
        if view.count_in:
            number = fonts.text(str(view.count_in), self.scale.px(EFFORT), TEXT, True)
            self._blit(surface, number, self.road.centre, 470)

    def _ahead(self, view: HighwayView, time_us: int) -> float:
        return float(time_us - view.song_us) / view.look_ahead_us

    def _draw_strings(self, surface: pygame.Surface, view: HighwayView) -> None:
        for grip in GRIPS:
            ages = [
                view.song_us - e.at_us for e in view.effects if e.kind == "hit" and e.grip == grip
            ]
            ages = [age for age in ages if 0 <= age < _SWING_US]
            if ages:
                self._draw_swing(surface, grip, min(ages))

    def _draw_swing(self, surface: pygame.Surface, grip: Grip, age: int) -> None:
        """A plucked string: a standing wave between far end and strike line that dies away."""
        lane = self.lane_of[grip]
        left = 1 - age / _SWING_US
        reach = 0.0 if self.options.reduced_motion else _SWING * left**1.6
        now = cos(2 * pi * age / _SWING_PERIOD_US)
        rows = 30
        points: list[list[tuple[float, float]]] = [[], []]
        step = (STRIKE_Y - FAR_Y) / rows
        for i in range(rows + 1):
            y = FAR_Y + step * i
            bend = reach * perspective.width_at_row(y) * sin(pi * 3 * i / rows)
            x = self.road.column(lane, y)
            at_y = self.scale.y(y)
            for line, part in zip(points, (now, -0.55 * now), strict=True):
                line.append((self.scale.left + (x + bend * part) * self.scale.factor, at_y))
        # Take the resting string away in short pieces, so that its neighbours are not touched.
        margin = self.scale.px(_SWING + 6)
        pieces = 10
        for k in range(pieces):
            a, b = points[0][k * rows // pieces], points[0][(k + 1) * rows // pieces]
            y0, y1 = (FAR_Y + step * (k * rows // pieces), FAR_Y + step * ((k + 1) * rows // pieces))
            x0 = self.scale.x(self.road.column(lane, y0))
            x1 = self.scale.x(self.road.column(lane, y1))
            top, bottom = int(a[1]), int(b[1])
            rect = pygame.Rect(min(x0, x1) - margin, top, abs(x1 - x0) + 2 * margin, bottom - top)
            rect.h += 1 if k == pieces - 1 else 0
            surface.blit(self._bare_road, rect, rect)
            self._note(rect)
        colour = LANE[grip]
        rest = mix(GROUND, colour, 0.5)
        if reach:
            pygame.draw.aalines(surface, mix(GROUND, colour, 0.2 + 0.2 * left), False, points[1])
        shade = mix(rest, mix(colour, (255, 255, 255), 0.35), left)
        shifts = (-1.0, 0.0, 1.0) if self.scale.factor > 0.8 else (-0.5, 0.5)
        for shift in shifts:
            line = [(x + shift, y) for x, y in points[0]]
            # Like the resting string it comes out of the dark.
            for k in range(_FAR_PIECES):
                part = mix(GROUND, shade, (k + 0.5) / _FAR_PIECES)
                pygame.draw.aaline(surface, part, line[k], line[k + 1])
            pygame.draw.aalines(surface, shade, False, line[_FAR_PIECES:])

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
                y = perspective.row(ahead)
                half = 2.5 * LANE_WIDTH * perspective.width_at_row(y)
                strip = self._pictures.beat_line(kind, fade_at(ahead))
                left = self.scale.x(self.road.centre - half)
                wide = self.scale.x(self.road.centre + half) - left
                high = strip.get_height()
                place = (left, self.scale.y(y) - high // 2)
                self._dirty.append(surface.blit(strip, place, (0, 0, wide, high)))

    def _draw_strike_line(self, surface: pygame.Surface, view: HighwayView) -> None:
        pulse = 0 if self.options.reduced_motion else self._pulse(view)
        self._blit(surface, self._pictures.strike_glow(pulse), self.road.centre, STRIKE_Y)
        for grip, lane in self.lane_of.items():
            pressed = bool(view.contacts >> grip & 1)
            x = self.road.centre + lane * LANE_WIDTH
            self._blit(surface, self._pictures.waiting(grip, pressed), x, STRIKE_Y)

    def _pulse(self, view: HighwayView) -> int:
        """0 between beats, up to :data:`_PULSE_STEPS` − 1 on a beat, falling after it."""
        beats = view.beats_us
        i = int(np.searchsorted(beats, view.song_us, side="right")) - 1
        if i < 0 or i + 1 >= len(beats):
            return 0
        into = (view.song_us - int(beats[i])) / max(1, int(beats[i + 1]) - int(beats[i]))
        return int((1 - min(1.0, into)) ** 2 * (_PULSE_STEPS - 0.01))

    def _draw_target(self, surface: pygame.Surface, view: HighwayView, i: int) -> None:
        known = self._known
        ahead = self._ahead(view, known.times[i])
        if ahead > 1:
            return
        grip = known.grips[i]
        y = perspective.row(ahead)
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
        colour = SOFT_MISS if state == WAS_MISSED else LANE[grip]
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
            y = perspective.row(ahead)
            half = TAIL_WIDTH / 2 * perspective.width_at_row(y)
            sides.append((self.road.column(lane, y), y, half))
        (x0, y0, h0), (x1, y1, h1) = sides
        # Round at the far end: half a circle square to the way the ribbon runs.
        turn = atan2(y1 - y0, x1 - x0)
        outline = [(x0 - h0, y0)]
        for k in range(13):
            angle = turn - pi / 2 + pi * k / 12
            outline.append((x1 + cos(angle) * h1, y1 + sin(angle) * h1))
        outline.append((x0 + h0, y0))
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
        for number, time_us in enumerate(dots):
            ahead = self._ahead(view, time_us)
            if 0 <= ahead <= 1:
                y = perspective.row(ahead)
                picture = self._pictures.dot(number == len(dots) - 1, depth_index(ahead))
                self._blit(surface, picture, self.road.column(lane, y), y)

    def _draw_effect(self, surface: pygame.Surface, view: HighwayView, effect: Effect) -> None:
        age = view.song_us - effect.at_us
        if not 0 <= age < EFFECT_US[effect.kind]:
            return
        share = age / EFFECT_US[effect.kind]
        step = int(share * _STEPS)
        x = self.road.centre + self.lane_of[effect.grip] * LANE_WIDTH
        pictures, quiet = self._pictures, self.options.reduced_motion
        if effect.kind == "hit":
            if age < _LIT_US:
                lit = int(age / _LIT_US * _STEPS)
                self._blit(surface, pictures.lit(effect.grip, 0 if quiet else lit), x, STRIKE_Y)
            if age < _OPENING_US and not quiet:
                wide = int(age / _OPENING_US * _STEPS)
                self._blit(surface, pictures.opening(effect.grip, wide), x, STRIKE_Y)
        elif effect.kind == "near":
            self._blit(surface, pictures.near(0 if quiet else step), x, STRIKE_Y)
        elif effect.kind == "wrong" and effect.pinched is not None:
            side = -1 if self.lane_of[effect.grip] == 2 else 1
            picture = pictures.wrong(effect.pinched, 0 if quiet else step)
            self._blit(surface, picture, x + side * 74, STRIKE_Y - 84)
        elif effect.kind == "miss":
            y = STRIKE_Y + perspective.OVERSHOOT + (0 if quiet else 48 * hand.ease_out(share))
            self._blit(surface, pictures.missed(effect.grip, step), x, y)

    # ------------------------------------------------------------------ zones

    def _draw_zones(
        self, surface: pygame.Surface, view: HighwayView, changed: list[pygame.Rect]
    ) -> None:
        places = self.places

        def zone(name: str, box: Box, key: Any, draw: Callable[[pygame.Surface, Any], None]) -> None:
            if name in self._zones and self._zones[name] == key:
                return
            self._zones[name] = key
            rect = self._rect(box)
            surface.blit(self._still, rect, rect)
            surface.set_clip(rect)
            draw(surface, key)
            surface.set_clip(None)
            changed.append(rect)

        zone("count", places.count, view.count, self._draw_count)
        zone("following", places.following, view.following, self._draw_following)
        zone("asked", places.asked, view.asked, self._draw_asked)
        zone("feels", places.feels, (view.feels, view.contacts), self._draw_feels)
        zone("hand", places.hand, self._hand_key(view), self._draw_hand)
        section = ""
        for start_us, name in view.sections:
            if start_us <= view.song_us:
                section = name
        zone("title", places.title, (view.title, section), self._draw_title)
        zone("notice", places.notice, view.notice, self._draw_notice)
        zone("beads", places.beads, self._beads_key(view), self._draw_beads)
        zone("lyrics", places.lyrics, self._lyrics_key(view), self._draw_lyrics)

    def _draw_count(self, surface: pygame.Surface, count: int) -> None:
        page, box = Page(surface), self.places.count
        align = self._count_align
        page.write(
            _grouped(count), Box(box.x, box.y, box.w, 104), TITLE, bold=True, align=align
        )
        page.write(
            "pinch" if count == 1 else "pinches",
            Box(box.x, box.y + 104, box.w, 56),
            BODY,
            SOFT_TEXT,
            align=align,
        )

    @property
    def _count_align(self) -> str:
        return "right" if self.places.count.x > 960 else "left"

    def _draw_following(self, surface: pygame.Surface, grip: Grip | None) -> None:
        if grip is None:
            return
        page, box = Page(surface), self.places.following
        align = self._count_align
        page.write("Next", Box(box.x, box.y, box.w, 56), BODY, SOFT_TEXT, align=align)
        picture = shape(grip, self.scale.px(40), "plain", self.hand)
        x = box.x + 44 if align == "left" else box.right - 44
        page.centre(picture, x, box.y + 106)
        words = Box(box.x + 96 if align == "left" else box.x, box.y + 66, box.w - 96, 80)
        page.write(GRIP_WORD[grip], words, BODY, bold=True, align=align)

    def _draw_asked(self, surface: pygame.Surface, grip: Grip | None) -> None:
        page, box = Page(surface), self.places.asked
        if grip is None:
            page.write("Rest", box.inset(32, 0), HEADING, bold=True)
            return
        page.centre(shape(grip, self.scale.px(46), "plain", self.hand), box.x + 70, box.middle[1])
        page.write(
            GRIP_WORD[grip], Box(box.x + 136, box.y, box.w - 150, box.h), HEADING, bold=True
        )

    def _draw_feels(self, surface: pygame.Surface, key: tuple[str, int]) -> None:
        feels, contacts = key
        page, box = Page(surface), self.places.feels
        closed = [grip for grip in GRIPS if contacts >> grip & 1]
        light = clear_dot(self.scale.px(15), GOOD if closed else MARK, bool(closed))
        page.centre(light, box.x + 22, box.middle[1])
        what = {0: "nothing", 1: GRIP_WORD[closed[0]].lower() if closed else ""}.get(
            len(closed), f"{len(closed)} pinches"
        )
        page.write(
            f"{feels} {what}",
            Box(box.x + 52, box.y, box.w - 52, box.h),
            BODY,
            TEXT if closed else SOFT_TEXT,
        )

    def _hand_key(self, view: HighwayView) -> tuple[Grip | None, int, int]:
        """Which picture of the hand, and the contacts shown on it."""
        asked = view.asked if view.contact_held_us < HELD_TOO_LONG_US else None
        pose = (asked, view.asked_index if asked is not None else -1)
        if pose != self._pose:
            # The same pinch again only opens half-way: the hand should not flap in a fast song.
            self._pose_from = 3 if asked is not None and asked == self._pose[0] else 0
            self._pose = pose
            self._pose_since = view.song_us
        age = max(0, view.song_us - self._pose_since)
        step = hand.BLEND_STEPS - 1
        if not self.options.reduced_motion:
            moved = age * (hand.BLEND_STEPS - 1) // hand.BLEND_US
            step = min(step, self._pose_from + int(moved))
        return (asked, step if asked is not None else 0, view.contacts)

    def _draw_hand(self, surface: pygame.Surface, key: tuple[Grip | None, int, int]) -> None:
        asked, step, contacts = key
        box = self.places.hand
        height = self._hand_height
        width, _ = hand.frame_size(height)
        left = self.scale.x(box.x + box.w / 2) - width // 2
        top = self.scale.y(box.y + 14)
        surface.blit(hand.frame(asked, step, height, self.hand), (left, top))
        rings = not self.options.reduced_motion
        for grip in GRIPS:
            if not contacts >> grip & 1:
                continue
            if grip == asked:
                at = hand.touch_point(grip, height, self.hand)
            else:
                at = hand.resting_tip(grip, asked, height, self.hand)
            light = hand.contact_light(grip, height, rings and grip == asked)
            surface.blit(
                light,
                (left + at[0] - light.get_width() // 2, top + at[1] - light.get_height() // 2),
            )

    def _draw_title(self, surface: pygame.Surface, key: tuple[str, str]) -> None:
        title, section = key
        page, box = Page(surface), self.places.title
        if section:
            page.write(title, Box(box.x, box.y, box.w, 72), LABEL, bold=True)
            page.write(section, Box(box.x, box.y + 62, box.w, 56), BODY, SOFT_TEXT)
        else:
            page.write(title, Box(box.x, 38, box.w, 100), LABEL, bold=True)

    def _draw_notice(self, surface: pygame.Surface, notice: str) -> None:
        if not notice:
            return
        page, box = Page(surface), self.places.notice
        page.icon("attention", box.x + 30, box.y + 34, 48, SOFT_TEXT)
        words = Box(box.x + 72, box.y + 4, box.w - 72, box.h - 4)
        page.write(notice, words, BODY, SOFT_TEXT, valign="top", lines=3)

    # -- progress

    def _beads_key(self, view: HighwayView) -> tuple[int, int, Any]:
        box = self._bead_track
        share = min(1.0, max(0.0, view.song_us / max(1, view.length_us)))
        x = self.scale.x(box.x + share * box.w)
        pulse = 0 if self.options.reduced_motion else self._pulse(view)
        return (x, pulse, (tuple(view.sections), view.length_us))

    @property
    def _bead_track(self) -> Box:
        return self.places.beads.inset(40, 0)

    def _draw_beads(self, surface: pygame.Surface, key: tuple[int, int, Any]) -> None:
        x, pulse, song = key
        rect = self._rect(self.places.beads)
        if self._beads is None or self._beads[0] != song:
            sections, length = song
            track = self._bead_track
            at = [start / max(1, length) for start, _ in sections if 0 < start < length]
            spots = at if at else [i / 8 for i in range(1, 8)]
            pair = [
                _bead_strip(self.scale, self.places.beads, track, tuple(spots), lit)
                for lit in (False, True)
            ]
            self._beads = (song, pair[0], pair[1])
        _, dark, lit = self._beads
        split = x - rect.x
        surface.blit(dark, (x, rect.y), (split, 0, rect.w - split, rect.h))
        surface.blit(lit, rect, (0, 0, split, rect.h))
        bead = self._pictures.bead(pulse)
        surface.blit(
            bead, (x - bead.get_width() // 2, rect.centery - bead.get_height() // 2)
        )

    # -- lyrics

    def _lyrics_key(
        self, view: HighwayView
    ) -> tuple[Any, int, Any]:
        """The line being sung, the number of its word, and the line after it."""
        lines = view.lyrics
        current = -1
        for i, line in enumerate(lines):
            if line.start_us - 1_500_000 > view.song_us:
                break
            current = i
        if current < 0:
            upcoming = lines[0] if lines and lines[0].start_us - view.song_us < 8_000_000 else None
            return (None, -1, upcoming)
        line = lines[current]
        after = lines[current + 1] if current + 1 < len(lines) else None
        if view.song_us >= line.end_us:
            soon = after is not None and after.start_us - view.song_us < 8_000_000
            return (None, -1, after if soon else None)
        word = -1
        for i, time_us in enumerate(line.times_us):
            if time_us <= view.song_us:
                word = i
        return (line, word, after)

    def _draw_lyrics(self, surface: pygame.Surface, key: tuple[Any, int, Any]) -> None:
        line, word, after = key
        page, box = Page(surface), self.places.lyrics
        if line is not None:
            self._draw_sung(surface, line, word)
        if after is not None:
            page.write(
                after.text,
                Box(box.x, box.y + 72, box.w, 56),
                BODY,
                SOFT_TEXT,
                align="centre",
            )

    def _draw_sung(self, surface: pygame.Surface, line: Any, word: int) -> None:
        """The line with the word being sung in lamplight, underlined."""
        box = self.places.lyrics
        # The longest lines get smaller letters, the same for all words of the line.
        fitted = fit(line.text, box.w, LABEL, self.scale, bold=True)
        px = self.scale.px(fitted.size)
        if not fitted.whole:
            shown = fonts.text(fitted.lines[0], px, TEXT, True)
            surface.blit(shown, (self.scale.x(box.x), self.scale.y(box.y)))
            return
        words = fitted.lines[0].split(" ")
        gap = fonts.width(" ", px, True)
        pictures = [
            fonts.text(w, px, LAMP if i == word else SOFT_TEXT if i < word else TEXT, True)
            for i, w in enumerate(words)
        ]
        total = sum(p.get_width() for p in pictures) + gap * (len(words) - 1)
        x = self.scale.x(box.x + box.w / 2) - total // 2
        y = self.scale.y(box.y)
        for i, picture in enumerate(pictures):
            surface.blit(picture, (x, y))
            if i == word:
                under = pygame.Rect(
                    x, y + picture.get_height() - self.scale.px(4), picture.get_width(), 0
                )
                under.h = self.scale.px(5)
                pygame.draw.rect(surface, LAMP, under, border_radius=under.h // 2)
            x += picture.get_width() + gap


# ---------------------------------------------------------------------- what a song prepares


class _Prepared:
    """What can be known of the targets before they come into view; follows a growing chart."""

    def __init__(self) -> None:
        self._source: Any = None
        self._count = -1
        self.times: list[int] = []
        self.grips: list[Grip] = []
        self.tail_ends: list[int] = []
        self.pickups: dict[int, tuple[int, ...]] = {}
        self._longest = 0
        self._times_array = np.zeros(0, np.int64)

    def follow(self, view: HighwayView) -> None:
        """Takes note of targets that are new. Costs nothing while the chart is the same."""
        if view.targets is self._source and len(view.targets) == self._count:
            return
        targets = view.targets
        self._source, self._count = targets, len(targets)
        self._times_array = np.ascontiguousarray(targets["time_us"])
        self.times = self._times_array.tolist()
        self.grips = [Grip(g) for g in targets["grip"].tolist()]
        durations = targets["duration_us"].tolist()
        self.tail_ends = [0] * len(self.times)
        self.pickups = {}
        beats = view.beats_us
        following: dict[Grip, int] = {}
        for i in range(len(self.times) - 1, -1, -1):
            time_us, grip = self.times[i], self.grips[i]
            if durations[i] >= TAIL_FROM_US:
                # A tail ends well before the next target of its lane.
                room = following.get(grip, 2**62) - 250_000
                end = min(time_us + durations[i], room)
                self.tail_ends[i] = end if end - time_us >= TAIL_FROM_US // 2 else 0
            following[grip] = time_us
            before = self.times[i - 1] if i else None
            gap = time_us - before if before is not None else PICKUP_GAP_US + 1
            if gap > PICKUP_GAP_US:
                at = int(np.searchsorted(beats, time_us))
                period = 500_000
                if len(beats) > 1:
                    k = min(max(1, at), len(beats) - 1)
                    period = int(beats[k] - beats[k - 1])
                self.pickups[i] = tuple(time_us - n * period for n in (3, 2, 1))
        ends = [end - start for end, start in zip(self.tail_ends, self.times, strict=True) if end]
        self._longest = max([600_000, *ends])

    def in_view(self, view: HighwayView) -> tuple[int, int]:
        """First and past-the-last target of which anything can be seen."""
        start = view.song_us - self._longest
        end = view.song_us + view.look_ahead_us
        first, last = np.searchsorted(self._times_array, (start, end))
        # A pickup can be seen before its target.
        last = int(last)
        if last < len(self.times) and last in self.pickups:
            last += 1
        return int(first), last


# ---------------------------------------------------------------------- pictures made beforehand


class _Pictures:
    """Everything that moves on the road, at every size, shade and step it is seen in."""

    def __init__(self, scale: Scale, hand_name: str, options: Options):
        self.scale, self.hand, self.options = scale, hand_name, options
        self._made: dict[Any, pygame.Surface] = {}

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
            for step in range(_STEPS):
                self.lit(grip, step)
                self.opening(grip, step)
                self.missed(grip, step)
                self.wrong(grip, step)
            for pressed in (False, True):
                self.waiting(grip, pressed)
        for step in range(_STEPS):
            self.near(step)
        for pulse in range(_PULSE_STEPS):
            self.strike_glow(pulse)
            self.bead(pulse)
        for depth in range(DEPTHS):
            self.dot(True, depth)
            self.dot(False, depth)
        for kind in (0, 1):
            for level in range(11):
                self.beat_line(kind, level / 10)

    def _radius(self, size: float) -> int:
        return max(4, round(RADIUS * size * self.scale.factor))

    def target(self, grip: Grip, depth: int) -> pygame.Surface:
        """A coming target with its shadow, faded in at the far end."""
        return self._get(("target", grip, depth), lambda: self._make_target(grip, depth))

    def _make_target(self, grip: Grip, depth: int) -> pygame.Surface:
        ahead = depth / (DEPTHS - 1)
        radius = self._radius(perspective.size_at(ahead) * 0.94)
        face = shape(grip, radius, "solid", self.hand, self.options.high_contrast)
        side = shape_side(radius)
        # Room for the shadow below, and as much above: the picture stays centred on the shape.
        room = radius // 2
        picture = paint.clear(side, side + 2 * room)
        dark = paint.glow(radius, (0, 0, 0), 0.9)
        dark = pygame.transform.smoothscale(dark, (round(radius * 2.1), round(radius * 0.8)))
        low = room + side // 2 + round(radius * 0.86)
        picture.blit(dark, dark.get_rect(center=(side // 2, low)))
        picture.blit(face, (0, room))
        return paint.faded(picture, fade_at(ahead))

    def waiting(self, grip: Grip, pressed: bool) -> pygame.Surface:
        """The hollow shape at the strike line; filled softly while its contact is closed."""
        return self._get(("waiting", grip, pressed), lambda: self._make_waiting(grip, pressed))

    def _make_waiting(self, grip: Grip, pressed: bool) -> pygame.Surface:
        radius = self._radius(1)
        base = shape(grip, radius, "hollow", self.hand)
        letters = self.options.letters
        cap = self.scale.px(54)
        room = cap if letters else 0
        picture = paint.clear(base.get_width(), base.get_height() + 2 * room)
        picture.blit(base, (0, room))
        if pressed:
            veil = paint.faded(shape(grip, radius, "plain", self.hand), 0.34)
            picture.blit(veil, (0, room))
        if letters:
            middle = picture.get_width() // 2
            chip = paint.rounded(
                cap, cap, self.scale.px(CORNER_CHIP), RAISED, EDGE_LINE, self.scale.px(EDGE_WIDTH)
            )
            place = chip.get_rect(
                center=(middle, room + base.get_height() // 2 + self.scale.px(96))
            )
            picture.blit(chip, place)
            word = fonts.text(letters[grip], self.scale.px(BODY), TEXT, True)
            picture.blit(word, word.get_rect(center=place.center))
        return picture

    def lit(self, grip: Grip, step: int) -> pygame.Surface:
        """The shape just hit, with its glow, dying away."""

        def make() -> pygame.Surface:
            share = 1 - (step / _STEPS) ** 2
            radius = self._radius(1)
            light = paint.glow(self.scale.px(110), LANE[grip], 0.42).copy()
            face = shape(grip, radius, "lit", self.hand)
            light.blit(face, face.get_rect(center=light.get_rect().center))
            return paint.faded(light, share)

        return self._get(("lit", grip, step), make)

    def opening(self, grip: Grip, step: int) -> pygame.Surface:
        """The outline that opens from 72 to 94 on a hit."""

        def make() -> pygame.Surface:
            share = step / (_STEPS - 1)
            radius = self._radius((72 + 22 * hand.ease_out(share)) / RADIUS)
            return paint.faded(shape(grip, radius, "outline", self.hand), 1 - 0.8 * share)

        return self._get(("opening", grip, step), make)

    def missed(self, grip: Grip, step: int) -> pygame.Surface:
        """The slate shape of a target that went by, smaller and fainter."""

        def make() -> pygame.Surface:
            share = step / _STEPS
            size = 0.94 if self.options.reduced_motion else 0.94 - 0.34 * share
            slate = shape(grip, self._radius(size), "slate", self.hand)
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

            return paint.faded(paint.smooth(side, side, draw), 0.85 * (1 - (step / _STEPS) ** 2))

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
            face = shape(grip, self.scale.px(28), "plain", self.hand)
            picture.blit(face, face.get_rect(center=picture.get_rect().center))
            return paint.faded(picture, 1 - (step / _STEPS) ** 3)

        return self._get(("wrong", grip, step), make)

    def dot(self, filled: bool, depth: int) -> pygame.Surface:
        """A pickup dot; the last before the target is filled."""

        def make() -> pygame.Surface:
            ahead = depth / (DEPTHS - 1)
            radius = max(3, round(17 * perspective.size_at(ahead) * self.scale.factor))
            side = 2 * radius + 3

            def draw(surface: pygame.Surface, times: float) -> None:
                at = (side * times / 2, side * times / 2)
                pygame.draw.circle(surface, TEXT, at, radius * times)
                if not filled:
                    pygame.draw.circle(surface, GROUND, at, radius * times * 0.66)

            return paint.faded(paint.smooth(side, side, draw), fade_at(ahead))

        return self._get(("dot", filled, depth), make)

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
            strength = 0.30 + 0.05 * pulse / (_PULSE_STEPS - 1)
            x = np.abs(np.linspace(-1, 1, width))[:, None]
            y = np.abs(np.linspace(-1, 1, height))[None, :]
            alpha = strength * (1 - y) ** 2.2 * np.clip((1 - x) * 6, 0, 1)
            picture = paint.from_arrays(LAMP, alpha)
            bar = paint.rounded(
                self.scale.px(5 * LANE_WIDTH + 44), self.scale.px(7), self.scale.px(4),
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
            radius = 17 * (0.97 + 0.06 * pulse / (_PULSE_STEPS - 1)) * self.scale.factor

            def draw(surface: pygame.Surface, times: float) -> None:
                at = (surface.get_width() / 2, surface.get_height() / 2)
                pygame.draw.circle(surface, GROUND, at, (radius + 3 * self.scale.factor) * times)
                pygame.draw.circle(surface, (255, 255, 255), at, radius * times)

            picture.blit(paint.smooth(*picture.get_size(), draw), (0, 0))
            return picture

        return self._get(("bead", pulse), make)


# ---------------------------------------------------------------------- the road at rest


@lru_cache(maxsize=4)
def _road_picture(scale: Scale, centre: float, hand_name: str, contrast: bool) -> pygame.Surface:
    """Tinted lanes and their edges, coming out of the dark, running out below the strike line."""
    times = 2
    large = paint.clear(scale.width * times, scale.height * times)
    road = Road(centre)
    bottom = STRIKE_Y + 104

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            (scale.left + x * scale.factor) * times,
            (scale.top + y * scale.factor) * times,
        )

    order = lanes(hand_name)
    bands = 60
    for i, grip in enumerate(order):
        lane = i - 2
        for band in range(bands):
            y0 = FAR_Y + (bottom - FAR_Y) * band / bands
            y1 = FAR_Y + (bottom - FAR_Y) * (band + 1) / bands
            share = (band + 0.5) / bands
            tint = (0.04 + 0.13 * share) * (0.5 if contrast else 1.0)
            corners = [
                at(road.column(lane + side, y), y)
                for side, y in ((-0.5, y0), (0.5, y0), (0.5, y1), (-0.5, y1))
            ]
            corners[2] = (corners[2][0], corners[2][1] + 1)
            corners[3] = (corners[3][0], corners[3][1] + 1)
            shade = mix((0x1A, 0x22, 0x2B), LANE[grip], tint)
            if contrast:
                shade = mix((0, 0, 0), LANE[grip], tint)
            pygame.draw.polygon(large, (*shade, 225), corners)
    for edge in range(6):
        outer = edge in (0, 5)
        shade = mix(GROUND, TEXT, (0.75 if outer else 0.45) if contrast else 0.4 if outer else 0.2)
        ends = [at(road.column(edge - 2.5, y), y) for y in (FAR_Y, bottom)]
        paint.stroke(large, (*shade, 255), ends, (2.4 if outer else 1.6) * times * scale.factor)
    return _faded_rows(paint.shrink(large, (scale.width, scale.height)), scale, bottom)


@lru_cache(maxsize=4)
def _string_picture(scale: Scale, centre: float, hand_name: str, contrast: bool) -> pygame.Surface:
    """The five strings at rest."""
    times = 2
    large = paint.clear(scale.width * times, scale.height * times)
    road = Road(centre)
    for i, grip in enumerate(lanes(hand_name)):
        ends = []
        for y in (FAR_Y, STRIKE_Y):
            x = road.column(i - 2, y)
            ends.append(
                (
                    (scale.left + x * scale.factor) * times,
                    (scale.top + y * scale.factor) * times,
                )
            )
        shade = LANE[grip] if contrast else mix(GROUND, LANE[grip], 0.62)
        paint.stroke(large, shade, ends, (4.0 if contrast else 3.0) * times * scale.factor)
    return _faded_rows(paint.shrink(large, (scale.width, scale.height)), scale, None)


def _faded_rows(picture: pygame.Surface, scale: Scale, bottom: float | None) -> pygame.Surface:
    """Fades the first fifth of the road in and, below the strike line, the rest of it out."""
    rows = (np.arange(scale.height) - scale.top) / scale.factor
    scales = np.maximum(0.1, [perspective.width_at_row(y) for y in rows])
    ahead = (1 / scales - 1) / perspective.DEPTH
    share = np.clip((1 - ahead) / 0.2, 0, 1)
    if bottom is not None:
        share *= np.clip((bottom - rows) / (bottom - STRIKE_Y), 0, 1)
    alpha = pygame.surfarray.pixels_alpha(picture)
    alpha[:] = (alpha * share[None, :]).astype(np.uint8)
    return picture


def _bead_strip(
    scale: Scale, box: Box, track: Box, spots: tuple[float, ...], lit: bool
) -> pygame.Surface:
    """The whole way of the song, done (lamplight) or still to come (slate)."""
    width = scale.x(box.right) - scale.x(box.x)
    height = scale.y(box.bottom) - scale.y(box.y)
    colour = LAMP if lit else mix(GROUND, MARK, 0.62)
    dots = LAMP if lit else MARK

    def draw(surface: pygame.Surface, times: float) -> None:
        unit = scale.factor * times
        y = height * times / 2
        x0, x1 = (track.x - box.x) * unit, (track.right - box.x) * unit
        paint.stroke(surface, colour, [(x0, y), (x1, y)], 6 * unit)
        for spot in spots:
            pygame.draw.circle(surface, dots, (x0 + (x1 - x0) * spot, y), 9 * unit)
        for x in (x0, x1):
            pygame.draw.circle(surface, dots, (x, y), 13 * unit)

    return paint.smooth(width, height, draw)


@lru_cache(maxsize=16)
def clear_dot(radius: int, colour: RGB, filled: bool) -> pygame.Surface:
    """A small round light, filled when something is felt."""
    side = 2 * radius + 3

    def draw(surface: pygame.Surface, times: float) -> None:
        at = (side * times / 2, side * times / 2)
        pygame.draw.circle(
            surface, colour, at, radius * times, 0 if filled else round(radius * times * 0.35)
        )

    return paint.smooth(side, side, draw)


def _grouped(number: int) -> str:
    """1234 as "1 234", whatever the locale."""
    return f"{number:,}".replace(",", " ")
