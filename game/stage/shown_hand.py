"""The drawn hand on a page: the grip it shows, and the contacts that the glove feels on it."""

import pygame

from game.core.grips import GRIPS, Grip
from game.stage import hand
from game.stage.page import Box, Page

#: A hand shows a pinch for so long, then opens for so long: it can be seen how it is made.
_CLOSED_US, _OPEN_US = 1_100_000, 700_000


def pose_at(since_us: int, reduced_motion: bool) -> int:
    """Which picture on the way from open (0) to touching, ``since_us`` after it was first shown.

    The hand closes, stays, opens and begins again; with reduced motion it is closed and stays so.
    """
    last = hand.BLEND_STEPS - 1
    if reduced_motion:
        return last
    at_us = max(0, since_us) % (_CLOSED_US + _OPEN_US)
    closing = at_us * last // hand.BLEND_US
    opening = max(0, at_us - _CLOSED_US) * last // hand.BLEND_US
    return int(max(0, min(last, closing) - opening))


def draw_hand(
    page: Page,
    box: Box,
    grip: Grip | None,
    step: int,
    contacts: int,
    side: str,
    *,
    rings: bool = True,
) -> pygame.Rect:
    """Draws the hand as large as ``box`` has room for; returns where, in pixels.

    ``contacts`` is the mask of closed contacts: each gets its light.
    """
    height = page.scale.px(min(box.h, box.w * hand.BOX[1] / hand.BOX[0]))
    place = page.centre(hand.frame(grip, step, height, side), *box.middle)
    touching = step == hand.BLEND_STEPS - 1
    for felt in GRIPS:
        if not contacts >> felt & 1:
            continue
        met = felt is grip and touching
        shown = grip if touching and felt is not grip else None
        at = (
            hand.touch_point(felt, height, side)
            if met
            else hand.resting_tip(felt, shown, height, side)
        )
        light = hand.contact_light(felt, height, rings and met)
        page.surface.blit(light, light.get_rect(center=(place.x + at[0], place.y + at[1])))
    return place
