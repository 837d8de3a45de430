"""Keys for a therapist at the table while a song plays: pace, grips, help, the end.

They are none that a grip lies on, on any keyboard.
"""

import pygame

from game.core.grips import lanes

_KEYS = {
    pygame.K_F2: "slower",
    pygame.K_F3: "quicker",
    pygame.K_F4: "assisted",
    pygame.K_END: "end",
}
_GRIPS = (pygame.K_F5, pygame.K_F6, pygame.K_F7, pygame.K_F8, pygame.K_F9)


def therapist_key(event: pygame.event.Event, hand: str) -> str:
    """What is asked: ``slower``, ``quicker``, ``assisted``, ``end``, or ``grip:LABEL`` (F5 to F9,
    as the lanes of ``hand`` stand from left to right); empty for every other event."""
    if event.type != pygame.KEYDOWN:
        return ""
    if event.key in _GRIPS:
        return f"grip:{lanes(hand)[_GRIPS.index(event.key)].label}"
    return _KEYS.get(event.key, "")
