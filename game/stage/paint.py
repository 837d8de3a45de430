"""Brushes: smooth edges, rounded panels, shadows, glows and the evening ground.

pygame draws edges without smoothing, so pictures are drawn at four times their size and shrunk.
Everything here is made once per value; none of it is meant to run inside a frame.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pygame

from game.stage.theme import GROUND_BOTTOM, GROUND_TOP, LAMP, RGB, Scale

OVERSAMPLING = 4
Point = tuple[float, float]


def clear(width: int, height: int) -> pygame.Surface:
    """An empty picture with transparency."""
    return pygame.Surface((max(1, width), max(1, height)), pygame.SRCALPHA, 32)


def smooth(
    width: int,
    height: int,
    draw: Callable[[pygame.Surface, float], None],
    times: int = OVERSAMPLING,
) -> pygame.Surface:
    """What ``draw(surface, times)`` draws on a surface ``times`` as large, shrunk."""
    large = clear(width * times, height * times)
    draw(large, times)
    return shrink(large, (width, height))


def shrink(picture: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """``picture`` at ``size``, averaged by how much each pixel covers.

    Averaging colours that have not been multiplied by their alpha darkens every edge, so they are
    multiplied before and divided after.
    """
    small = pygame.transform.smoothscale(picture.premul_alpha(), (max(1, size[0]), max(1, size[1])))
    alpha = pygame.surfarray.pixels_alpha(small)
    # The averaging rounds down: what is wholly covered must stay opaque.
    alpha[alpha > 250] = 255
    colour = pygame.surfarray.pixels3d(small)
    share = np.maximum(alpha, 1).astype(np.float32)[:, :, None] / 255
    colour[:] = np.minimum(255, colour / share + 0.5).astype(np.uint8)
    return small


def from_arrays(colour: RGB, alpha: np.ndarray[Any, Any]) -> pygame.Surface:
    """A picture of one ``colour`` with ``alpha`` (width × height, 0 to 1)."""
    picture = clear(*alpha.shape)
    picture.fill((*colour, 0))
    pygame.surfarray.pixels_alpha(picture)[:] = np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)
    return picture


def faded(picture: pygame.Surface, share: float) -> pygame.Surface:
    """A copy with its opacity multiplied by ``share``."""
    copy = picture.copy()
    copy.fill((255, 255, 255, max(0, min(255, round(255 * share)))), None, pygame.BLEND_RGBA_MULT)
    return copy


def tinted(picture: pygame.Surface, colour: RGB) -> pygame.Surface:
    """The same outline in one ``colour``."""
    copy = picture.copy()
    copy.fill((0, 0, 0, 255), None, pygame.BLEND_RGBA_MULT)
    copy.fill((*colour, 0), None, pygame.BLEND_RGBA_ADD)
    return copy


def cut(picture: pygame.Surface, mask: pygame.Surface) -> None:
    """Keeps of ``picture`` only what ``mask`` covers."""
    picture.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MIN)


def capsule(
    surface: pygame.Surface, colour: Sequence[int], a: Point, b: Point, ra: float, rb: float
) -> None:
    """A filled shape from a circle of radius ``ra`` at ``a`` to one of ``rb`` at ``b``."""
    pygame.draw.circle(surface, colour, a, ra)
    pygame.draw.circle(surface, colour, b, rb)
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = (dx * dx + dy * dy) ** 0.5
    if length < 1e-6:
        return
    nx, ny = -dy / length, dx / length
    pygame.draw.polygon(
        surface,
        colour,
        [
            (a[0] + nx * ra, a[1] + ny * ra),
            (b[0] + nx * rb, b[1] + ny * rb),
            (b[0] - nx * rb, b[1] - ny * rb),
            (a[0] - nx * ra, a[1] - ny * ra),
        ],
    )


def stroke(
    surface: pygame.Surface,
    colour: Sequence[int],
    points: Sequence[Point],
    width: float,
    closed: bool = False,
) -> None:
    """A line through ``points`` with round ends and corners."""
    ends = [*points, points[0]] if closed else list(points)
    for a, b in itertools.pairwise(ends):
        capsule(surface, colour, a, b, width / 2, width / 2)


def blob(
    surface: pygame.Surface, colour: Sequence[int], points: Sequence[Point], radius: float
) -> None:
    """A filled polygon grown by ``radius``, which rounds its outer corners."""
    pygame.draw.polygon(surface, colour, points)
    if radius > 0:
        stroke(surface, colour, points, 2 * radius, closed=True)


@lru_cache(maxsize=256)
def rounded(
    width: int,
    height: int,
    radius: int,
    fill: tuple[int, ...] | None,
    edge: tuple[int, ...] | None = None,
    edge_width: int = 0,
) -> pygame.Surface:
    """A panel with round corners; ``fill`` None leaves only the edge.

    Only a small tile is drawn smoothly; its middle is stretched, so a panel of any size is cheap.
    """
    radius = min(radius, width // 2, height // 2)
    corner = max(radius, edge_width) + 1
    tile_w, tile_h = min(width, 2 * corner + 1), min(height, 2 * corner + 1)

    def draw(surface: pygame.Surface, times: float) -> None:
        whole = surface.get_rect()
        rim = round(edge_width * times)
        r = round(radius * times)
        if edge is not None and edge_width:
            pygame.draw.rect(surface, edge, whole, border_radius=r)
            inside = whole.inflate(-2 * rim, -2 * rim)
            pygame.draw.rect(surface, fill or (*edge[:3], 0), inside, border_radius=max(0, r - rim))
        elif fill is not None:
            pygame.draw.rect(surface, fill, whole, border_radius=r)

    tile = smooth(tile_w, tile_h, draw)
    if (tile_w, tile_h) == (width, height):
        return tile
    panel = clear(width, height)
    xs = _stretch(tile_w, width, corner)
    ys = _stretch(tile_h, height, corner)
    for from_x, size_x, to_x, wide in xs:
        for from_y, size_y, to_y, high in ys:
            piece = tile.subsurface((from_x, from_y, size_x, size_y))
            if (wide, high) != (size_x, size_y):
                piece = pygame.transform.scale(piece, (wide, high))
            panel.blit(piece, (to_x, to_y), special_flags=pygame.BLEND_RGBA_ADD)
    return panel


def _stretch(tile: int, whole: int, corner: int) -> list[tuple[int, int, int, int]]:
    """Pieces of one axis as (from, length, to, stretched length)."""
    if tile == whole:
        return [(0, tile, 0, whole)]
    return [
        (0, corner, 0, corner),
        (corner, 1, corner, whole - 2 * corner),
        (tile - corner, corner, whole - corner, corner),
    ]


@lru_cache(maxsize=64)
def shadow(width: int, height: int, radius: int, spread: int) -> pygame.Surface:
    """A soft dark rim ``spread`` pixels wide around a panel of ``width`` × ``height``.

    Drawn at a quarter of the size and enlarged: nobody sees the difference in something blurred.
    """
    w, h = width + 2 * spread, height + 2 * spread
    small = clear(w // 4 + 1, h // 4 + 1)
    box = pygame.Rect(spread // 4, spread // 4 + 1, width // 4, height // 4)
    pygame.draw.rect(small, (0, 0, 0, 120), box, border_radius=radius // 4)
    return pygame.transform.smoothscale(
        pygame.transform.gaussian_blur(small, max(1, spread // 6)), (w, h)
    )


@lru_cache(maxsize=64)
def glow(radius: int, colour: RGB, strength: float) -> pygame.Surface:
    """A round light, ``strength`` (0 to 1) in the middle and nothing at ``radius``."""
    axis = np.arange(2 * radius + 1) - radius
    distance = np.hypot(axis[:, None], axis[None, :]) / max(1, radius)
    return from_arrays(colour, strength * np.clip(1 - distance, 0, 1) ** 2)


@lru_cache(maxsize=4)
def ground(width: int, height: int, plain: bool = False) -> pygame.Surface:
    """The evening stage: a gradient, one amber glow from below, one blue from above.

    A little fixed noise hides the steps that a dark gradient has on an eight-bit screen. ``plain``
    (high contrast) is black.
    """
    picture = pygame.Surface((width, height), 0, 32)
    if plain:
        return picture
    y = np.linspace(0, 1, height, dtype=np.float32)[None, :, None]
    top, bottom = np.array(GROUND_TOP, np.float32), np.array(GROUND_BOTTOM, np.float32)
    light = np.broadcast_to(top + (bottom - top) * y, (width, height, 3)).copy()
    for at_x, at_y, reach_x, reach_y, colour, strength in (
        (0.32, 1.08, 0.42, 0.52, LAMP, 0.15),
        (0.45, -0.10, 0.55, 0.50, (0x5A, 0x90, 0xC0), 0.12),
    ):
        dx = (np.linspace(0, 1, width, dtype=np.float32) - at_x) / reach_x
        dy = (np.linspace(0, 1, height, dtype=np.float32) - at_y) / reach_y
        share = np.clip(1 - np.hypot(dx[:, None], dy[None, :]), 0, 1) ** 2 * strength
        light += share[:, :, None] * (np.array(colour, np.float32) - light)
    grain = np.random.default_rng(5).random((width, height, 1), dtype=np.float32)
    pygame.surfarray.pixels3d(picture)[:] = (light + grain).astype(np.uint8)
    return picture


def scale_of(surface: pygame.Surface) -> Scale:
    """The scale of the design on ``surface``."""
    return Scale(*surface.get_size())


def sector(picture: pygame.Surface, share: float) -> pygame.Surface:
    """The part of ``picture`` that a hand of a clock has passed after ``share`` of a turn."""
    share = max(0.0, min(1.0, share))
    width, height = picture.get_size()
    mask = clear(width, height)
    reach = float(np.hypot(width, height))
    turns = np.linspace(0, 2 * np.pi * share, 48)
    points = [(width / 2, height / 2)] + [
        (width / 2 + np.sin(a) * reach, height / 2 - np.cos(a) * reach) for a in turns
    ]
    pygame.draw.polygon(mask, (255, 255, 255, 255), points)
    out = picture.copy()
    out.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MIN)
    return out
