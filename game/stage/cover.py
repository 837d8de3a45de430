"""The cover of a song: the beginning of its melody on five strings, so that no two look alike."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pygame

from game.core.grips import ACROSS_THE_HAND, Grip
from game.stage import paint, palettes
from game.stage.palettes import Palette
from game.stage.shapes import shape
from game.stage.theme import RGB, TEXT, mix

#: So many melody notes make a cover.
COVER_NOTES = 15

_TINTS: tuple[tuple[RGB, RGB], ...] = (
    ((0x5A, 0x3A, 0x22), (0x24, 0x1C, 0x2E)),
    ((0x1F, 0x4B, 0x47), (0x18, 0x28, 0x38)),
    ((0x2C, 0x3A, 0x66), (0x1C, 0x1A, 0x38)),
    ((0x5A, 0x26, 0x38), (0x26, 0x18, 0x2C)),
    ((0x3E, 0x4A, 0x24), (0x1A, 0x28, 0x24)),
)


def tint_of(name: str) -> int:
    """The number of a colour of ground for a song; the same name gives the same one."""
    return sum(i * ord(c) for i, c in enumerate(name, 1)) % len(_TINTS)


def heights(pitches: Sequence[int]) -> list[Grip]:
    """The string of each note: the range of the notes in five parts, higher nearer *little*."""
    if not pitches:
        return []
    low, high = min(pitches), max(pitches)
    span = max(1, high - low)
    return [ACROSS_THE_HAND[min(4, (p - low) * 5 // (span + 1))] for p in pitches]


def cover(
    pitches: tuple[int, ...], width: int, height: int, tint: int, corner: int
) -> pygame.Surface:
    """The cover, ``width`` × ``height`` pixels, made once per value. A small one shows fewer."""
    return _cover(pitches, width, height, tint, corner, palettes.in_use())


@lru_cache(maxsize=64)
def _cover(
    pitches: tuple[int, ...], width: int, height: int, tint: int, corner: int, palette: Palette
) -> pygame.Surface:
    wide = width > 1.6 * height
    strings = heights(pitches[: COVER_NOTES if wide else 4])
    top, bottom = _TINTS[tint % len(_TINTS)]
    picture = _ground(width, height, top, bottom)

    def level(string: int, x: float) -> float:
        """Row of a string (0 lowest) at ``x`` from 0 to 1: gently waving."""
        wave = math.sin(2.2 + x * 4.4) * 0.045 + math.sin(x * 9 + 1) * 0.012
        return height * (0.80 - 0.145 * string + wave)

    for string in range(5):
        points = [(x / 40 * width, level(string, x / 40)) for x in range(41)]
        for shift in (0.0, 0.7):
            pygame.draw.aalines(
                picture, mix(top, TEXT, 0.42), False, [(x, y + shift) for x, y in points]
            )
    radius = max(4, round(height * (0.068 if wide else 0.105)))
    for i, grip in enumerate(strings):
        x = (i + 0.75) / (len(strings) + 0.5)
        string = ACROSS_THE_HAND.index(grip)
        face = shape(grip, radius, "plain", palette=palette)
        picture.blit(face, face.get_rect(center=(round(x * width), round(level(string, x)))))
    paint.cut(picture, paint.rounded(width, height, corner, (255, 255, 255)))
    return picture


def _ground(width: int, height: int, top: RGB, bottom: RGB) -> pygame.Surface:
    picture = paint.clear(width, height)
    picture.fill((0, 0, 0, 255))
    y = np.linspace(0, 1, height, dtype=np.float32)[None, :, None]
    x = np.linspace(0, 1, width, dtype=np.float32)[:, None, None]
    share = np.clip(0.75 * y + 0.25 * x, 0, 1)
    light = np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share
    grain = np.random.default_rng(5).random((width, height, 1), dtype=np.float32)
    pygame.surfarray.pixels3d(picture)[:] = np.clip(light + grain, 0, 255).astype(np.uint8)
    return picture
