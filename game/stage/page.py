"""A page to draw on in design pixels: text that fits, panels, icons, keys' edges.

A page remembers what was written where. The voice reads it from there, and tests hold it to the
rules: sizes, contrast, nothing outside its box.
"""

from dataclasses import dataclass

import pygame

from game.stage import fonts, icons, paint
from game.stage.fit import Fitted, fit, unbroken
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_PANEL,
    FAINT_EDGE,
    FOCUS_GAP,
    FOCUS_WIDTH,
    LAMP,
    RGB,
    TEXT,
    Scale,
    mix,
)


@dataclass(frozen=True)
class Box:
    """A rectangle in design pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The first column past the box."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The first row past the box."""
        return self.y + self.h

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return self.x + self.w / 2, self.y + self.h / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies in the box (left and top edges included)."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, dx: float, dy: float | None = None) -> "Box":
        """The box made smaller by ``dx`` left and right and ``dy`` above and below."""
        dy = dx if dy is None else dy
        return Box(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)


@dataclass(frozen=True)
class Written:
    """One text on a page: what was meant, what is shown, and how large in design pixels.

    ``area`` is the ink of each line and ``box`` the room it was given, in pixels; ``whole`` is
    False when something had to be left out.
    """

    words: str
    shown: tuple[str, ...]
    size: int
    colour: RGB
    area: tuple[pygame.Rect, ...]
    box: pygame.Rect
    whole: bool


class Page:
    """Draws on ``surface`` in design pixels; without a ``scale`` in those of 100 %."""

    def __init__(self, surface: pygame.Surface, scale: Scale | None = None):
        self.surface = surface
        self.scale = scale or Scale(*surface.get_size())
        self.written: list[Written] = []

    def rect(self, box: Box) -> pygame.Rect:
        """``box`` in pixels of the surface."""
        x, y = self.scale.x(box.x), self.scale.y(box.y)
        return pygame.Rect(
            x, y, max(1, self.scale.x(box.right) - x), max(1, self.scale.y(box.bottom) - y)
        )

    def write(
        self,
        words: str,
        box: Box,
        size: int = BODY,
        colour: RGB = TEXT,
        *,
        bold: bool = False,
        align: str = "left",
        valign: str = "middle",
        lines: int = 1,
        kept: bool = True,
    ) -> Box:
        """Writes ``words`` inside ``box`` and returns the box that their ink fills.

        Too long a text becomes smaller (not below the body size), then takes more of the ``lines``
        allowed, then ends in "…". ``align`` is left, centre or right; ``valign`` top, middle or
        bottom. With ``kept`` its pictures are there for the next time; not so what is seen once.
        """
        scale = self.scale
        fitted = self._fitted(words, box, size, bold, lines)
        px = scale.px(fitted.size)
        step = fonts.line_height(px)
        area = self.rect(box)
        draw = fonts.text if kept else fonts.passing
        pictures = [draw(line, px, colour, bold) for line in fitted.lines]
        # A line's picture is higher than the letters; the block is placed by its line boxes.
        high = step * (len(pictures) - 1) + pictures[0].get_height()
        top = {
            "top": area.top,
            "middle": area.centery - high // 2,
            "bottom": area.bottom - high,
        }[valign]
        places: list[pygame.Rect] = []
        for i, picture in enumerate(pictures):
            wide = picture.get_width()
            left = {
                "left": area.left,
                "centre": area.centerx - wide // 2,
                "right": area.right - wide,
            }[align]
            self.surface.blit(picture, (left, top + i * step))
            places.append(picture.get_bounding_rect().move(left, top + i * step))
        self.written.append(
            Written(words, fitted.lines, fitted.size, colour, tuple(places), area, fitted.whole)
        )
        whole = places[0].unionall(places[1:])
        x, y = scale.design(whole.x, whole.y)
        return Box(x, y, whole.w / scale.factor, whole.h / scale.factor)

    def fits(
        self, words: str, box: Box, size: int = BODY, *, bold: bool = False, lines: int = 1
    ) -> bool:
        """Whether all of ``words`` could be written inside ``box``, if need be smaller."""
        return self._fitted(words, box, size, bold, lines).whole

    def _fitted(self, words: str, box: Box, size: int, bold: bool, lines: int) -> Fitted:
        scale = self.scale
        # As many of the lines allowed as the box is high enough for, at the smallest size.
        high = scale.px(box.h) - round(scale.px(BODY) * 1.2)
        most = min(lines, 1 + max(0, high // fonts.line_height(scale.px(BODY))))
        fitted = fit(words, box.w, size, scale, bold=bold, lines=most)
        while fitted.size > BODY and self._too_high(fitted, box):
            fitted = fit(words, box.w, fitted.size - 4, scale, bold=bold, lines=most)
        return fitted

    def _too_high(self, fitted: Fitted, box: Box) -> bool:
        px = self.scale.px(fitted.size)
        lines = fonts.line_height(px) * (len(fitted.lines) - 1) + round(px * 1.2)
        return lines > self.scale.px(box.h)

    def width(self, words: str, size: int, bold: bool = False) -> float:
        """How wide ``words`` would be, in design pixels."""
        return fonts.width(unbroken(words), self.scale.px(size), bold) / self.scale.factor

    def panel(
        self,
        box: Box,
        fill: RGB | None = CARD,
        edge: RGB | None = FAINT_EDGE,
        *,
        corner: float = CORNER_PANEL,
        edge_width: float = 2,
        shade: bool = True,
    ) -> None:
        """A card or key: round corners, an edge, a soft shadow below."""
        rect, scale = self.rect(box), self.scale
        radius = scale.px(corner)
        if shade:
            spread = scale.px(20)
            self.surface.blit(
                paint.shadow(rect.w, rect.h, radius, spread),
                (rect.x - spread, rect.y - spread + scale.px(4)),
            )
        self.surface.blit(
            paint.rounded(rect.w, rect.h, radius, fill, edge, scale.px(edge_width)), rect
        )

    def focus_ring(self, box: Box, corner: float, held: float | None = None) -> None:
        """The lamp ring around what is focused; ``held`` (0 to 1) is how far holding filled it."""
        grow = FOCUS_GAP + FOCUS_WIDTH
        rect = self.rect(box.inset(-grow))
        radius = self.scale.px(corner + grow)
        width = self.scale.px(FOCUS_WIDTH)
        if held is None:
            self.surface.blit(paint.rounded(rect.w, rect.h, radius, None, LAMP, width), rect)
            return
        dim = mix(CARD, LAMP, 0.35)
        self.surface.blit(paint.rounded(rect.w, rect.h, radius, None, dim, width), rect)
        lit = paint.rounded(rect.w, rect.h, radius, None, LAMP, self.scale.px(FOCUS_WIDTH + 3))
        self.surface.blit(paint.sector(lit, held), rect)

    def icon(self, name: str, x: float, y: float, side: float, colour: RGB = TEXT) -> None:
        """The icon ``name`` centred at (``x``, ``y``)."""
        self.centre(icons.icon(name, self.scale.px(side), colour), x, y)

    def centre(self, picture: pygame.Surface, x: float, y: float) -> pygame.Rect:
        """Puts ``picture`` with its middle at (``x``, ``y``)."""
        place = picture.get_rect(center=(self.scale.x(x), self.scale.y(y)))
        return self.surface.blit(picture, place)

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: RGB, width: float) -> None:
        """A straight upright or level line."""
        thick = self.scale.px(width)
        rect = pygame.Rect(self.scale.x(x0), self.scale.y(y0), 0, 0)
        rect.w = max(thick, self.scale.x(x1) - rect.x)
        rect.h = max(thick, self.scale.y(y1) - rect.y)
        self.surface.fill(colour, rect)
