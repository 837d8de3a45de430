"""What stands still on the play screen: ground, lanes, strings, the card and the Pause key."""

from functools import lru_cache

import numpy as np
import pygame

from game.core.grips import Grip, lanes
from game.stage import paint
from game.stage.highway import perspective
from game.stage.highway.perspective import FAR_Y, STRIKE_Y, Road
from game.stage.highway.places import Places
from game.stage.page import Box, Page, Written
from game.stage.theme import (
    BODY,
    CARD,
    EDGE_LINE,
    EDGE_WIDTH,
    FAINT_EDGE,
    GROUND,
    KEY_HEIGHT,
    LAMP,
    LANE,
    MARK,
    RAISED,
    RGB,
    TEXT,
    Scale,
    mix,
    standing_out,
)
from game.stage.view import Options
from game.words import tr

_LANE_GROUND: RGB = (0x1A, 0x22, 0x2B)


def still_pictures(
    scale: Scale, letters: Scale, hand_name: str, options: Options, places: Places
) -> tuple[pygame.Surface, pygame.Surface, list[Written]]:
    """Everything that never moves; the same without the strings; and what is written on it.

    ``scale`` is that of the road, ``letters`` that of words and keys.
    """
    size = (scale.width, scale.height)
    contrast = options.high_contrast
    still = paint.ground(*size, contrast).copy()
    centre = places.road.middle[0]
    page = Page(still, letters)
    still.blit(_road_picture(scale, centre, hand_name, contrast), (0, 0))
    bare = still.copy()
    still.blit(_string_picture(scale, centre, hand_name, contrast), (0, 0))
    page.panel(places.card, (0, 0, 0) if contrast else CARD, TEXT if contrast else FAINT_EDGE)
    if places.feels is not None:
        line_y = places.feels.y - 6
        left, right = places.card.x + 32, places.card.right - 32
        page.line(left, line_y, right, line_y, mix(GROUND, MARK, 0.45), 2)
    if places.beads is not None:
        page.icon("note", 88, 88, 60, LAMP)
    page.panel(places.pause, RAISED, EDGE_LINE, corner=KEY_HEIGHT / 2, edge_width=EDGE_WIDTH)
    words, box = tr("Pause"), places.pause
    wide = min(box.w - 74, page.width(words, BODY, True) + 4)
    left = box.x + (box.w - 56 - wide) / 2
    page.icon("pause", left + 20, box.middle[1], 40)
    page.write(words, Box(left + 56, box.y, wide, KEY_HEIGHT), BODY, bold=True)
    if options.anchor_bar:
        Page(still, scale).line(0, 0, 12, 1080, LAMP, 12)
    return still, bare, page.written


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
            shade = mix(_LANE_GROUND, LANE[grip], tint)
            if contrast:
                shade = mix((0, 0, 0), LANE[grip], tint)
            pygame.draw.polygon(large, (*shade, 225), corners)
    for edge in range(6):
        outer = edge in (0, 5)
        shade = mix(GROUND, TEXT, (0.75 if outer else 0.45) if contrast else 0.4 if outer else 0.2)
        ends = [at(road.column(edge - 2.5, y), y) for y in (FAR_Y, bottom)]
        paint.stroke(large, (*shade, 255), ends, (2.4 if outer else 1.6) * times * scale.factor)
    return _faded_rows(paint.shrink(large, (scale.width, scale.height)), scale, bottom)


def string_colour(grip: Grip, contrast: bool) -> RGB:
    """A string at rest: just bright enough to be seen on its lane (3:1, a little more here)."""
    lane = mix(_LANE_GROUND, LANE[grip], 0.12)
    return LANE[grip] if contrast else standing_out(LANE[grip], lane, 3.3)


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
        shade = string_colour(grip, contrast)
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
