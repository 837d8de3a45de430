"""What stands still on the play screen: ground, lanes, strings, the card, the corner key."""

from functools import lru_cache

import numpy as np
import pygame

from game.core.grips import lanes
from game.stage import paint
from game.stage.highway.perspective import Road
from game.stage.highway.places import Places
from game.stage.page import Box, Page, Written
from game.stage.palettes import Palette
from game.stage.theme import (
    BODY,
    CARD,
    EDGE_LINE,
    EDGE_WIDTH,
    FAINT_EDGE,
    GROUND,
    KEY_HEIGHT,
    LAMP,
    MARK,
    RAISED,
    RGB,
    TEXT,
    Scale,
    mix,
    standing_out,
)
from game.stage.view import Options

_LANE_GROUND: RGB = (0x1A, 0x22, 0x2B)


def still_pictures(
    scale: Scale,
    letters: Scale,
    hand_name: str,
    options: Options,
    places: Places,
    corner: tuple[str, str],
    road: Road,
    palette: Palette,
) -> tuple[pygame.Surface, pygame.Surface, list[Written]]:
    """Everything that never moves; the same without the strings; and what is written on it.

    ``scale`` is that of the road, ``letters`` that of words and keys; ``corner`` are word and icon
    of the key in the corner.
    """
    size = (scale.width, scale.height)
    contrast = options.high_contrast
    still = paint.ground(*size, contrast).copy()
    page = Page(still, letters)
    still.blit(_road_picture(scale, road, hand_name, contrast, palette), (0, 0))
    bare = still.copy()
    still.blit(_string_picture(scale, road, hand_name, contrast, palette), (0, 0))
    page.panel(places.card, (0, 0, 0) if contrast else CARD, TEXT if contrast else FAINT_EDGE)
    if places.feels is not None:
        line_y = places.feels.y - 6
        left, right = places.card.x + 32, places.card.right - 32
        page.line(left, line_y, right, line_y, mix(GROUND, MARK, 0.45), 2)
    if places.beads is not None:
        page.icon("note", 88, 88, 60, LAMP)
    page.panel(places.pause, RAISED, EDGE_LINE, corner=KEY_HEIGHT / 2, edge_width=EDGE_WIDTH)
    (words, icon), box = corner, places.pause
    wide = min(box.w - 74, page.width(words, BODY, True) + 4)
    left = box.x + (box.w - 56 - wide) / 2
    page.icon(icon, left + 20, box.middle[1], 40)
    page.write(words, Box(left + 56, box.y, wide, KEY_HEIGHT), BODY, bold=True)
    if options.anchor_bar:
        Page(still, scale).line(0, 0, 12, 1080, LAMP, 12)
    return still, bare, page.written


@lru_cache(maxsize=4)
def _road_picture(
    scale: Scale, road: Road, hand_name: str, contrast: bool, palette: Palette
) -> pygame.Surface:
    """Tinted lanes and their edges, coming out of the dark, running out below the strike line."""
    times = 2
    large = paint.clear(scale.width * times, scale.height * times)
    far, end = road.far_y, road.end_y

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
            y0 = far + (end - far) * band / bands
            y1 = far + (end - far) * (band + 1) / bands
            share = (band + 0.5) / bands
            tint = (0.04 + 0.13 * share) * (0.5 if contrast else 1.0)
            corners = [
                at(road.column(lane + side, y), y)
                for side, y in ((-0.5, y0), (0.5, y0), (0.5, y1), (-0.5, y1))
            ]
            corners[2] = (corners[2][0], corners[2][1] + road.onward)
            corners[3] = (corners[3][0], corners[3][1] + road.onward)
            shade = mix(_LANE_GROUND, palette[grip], tint)
            if contrast:
                shade = mix((0, 0, 0), palette[grip], tint)
            pygame.draw.polygon(large, (*shade, 225), corners)
    for edge in range(6):
        outer = edge in (0, 5)
        shade = mix(GROUND, TEXT, (0.75 if outer else 0.45) if contrast else 0.4 if outer else 0.2)
        ends = [at(road.column(edge - 2.5, y), y) for y in (far, end)]
        paint.stroke(large, (*shade, 255), ends, (2.4 if outer else 1.6) * times * scale.factor)
    return _faded_rows(paint.shrink(large, (scale.width, scale.height)), scale, road, past=True)


def string_colour(colour: RGB, contrast: bool) -> RGB:
    """A string at rest: just bright enough to be seen on its lane (3:1, a little more here)."""
    return colour if contrast else standing_out(colour, mix(_LANE_GROUND, colour, 0.12), 3.3)


@lru_cache(maxsize=4)
def _string_picture(
    scale: Scale, road: Road, hand_name: str, contrast: bool, palette: Palette
) -> pygame.Surface:
    """The five strings at rest."""
    times = 2
    large = paint.clear(scale.width * times, scale.height * times)
    for i, grip in enumerate(lanes(hand_name)):
        ends = []
        for y in (road.far_y, road.strike_y):
            x = road.column(i - 2, y)
            ends.append(
                (
                    (scale.left + x * scale.factor) * times,
                    (scale.top + y * scale.factor) * times,
                )
            )
        shade = string_colour(palette[grip], contrast)
        paint.stroke(large, shade, ends, (4.0 if contrast else 3.0) * times * scale.factor)
    return _faded_rows(paint.shrink(large, (scale.width, scale.height)), scale, road, past=False)


def _faded_rows(picture: pygame.Surface, scale: Scale, road: Road, *, past: bool) -> pygame.Surface:
    """Fades the first fifth of the road in and, with ``past``, what is past the strike line out."""
    rows = (np.arange(scale.height) - scale.top) / scale.factor
    ahead = np.array([road.ahead_at_row(y) for y in rows])
    share = np.clip((1 - ahead) / 0.2, 0, 1)
    if past:
        share *= np.clip((road.end_y - rows) / (road.end_y - road.strike_y), 0, 1)
    alpha = pygame.surfarray.pixels_alpha(picture)
    alpha[:] = (alpha * share[None, :]).astype(np.uint8)
    return picture
