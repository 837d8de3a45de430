"""Things that can be chosen: keys, rows and tiles. Large, with a word, and lit when focused."""

from dataclasses import dataclass

import pygame

from game.stage.page import Box, Page
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_PANEL,
    CORNER_ROW,
    EDGE_LINE,
    EDGE_WIDTH,
    HEADING,
    LABEL,
    LAMP,
    LAMP_INK,
    LAMP_TINT,
    MARK,
    RAISED,
    SOFT_TEXT,
    SPACE_2,
    SPACE_3,
    TEXT,
)


@dataclass
class Choice:
    """Something that can be chosen: where it is and the name of what then happens."""

    action: str
    box: Box
    words: str

    @property
    def corner(self) -> float:
        """Radius of its corners, for the focus ring."""
        return CORNER_PANEL

    def draw(self, page: Page, focused: bool) -> None:
        """Draws it, without the focus ring."""
        raise NotImplementedError


@dataclass
class Key(Choice):
    """A key with an icon and a word. ``primary`` is lamplight; at most one on a screen.

    ``lit`` marks the one of several keys that is chosen now (a tab).
    """

    icon: str = ""
    primary: bool = False
    lit: bool = False
    size: int = BODY

    @property
    def corner(self) -> float:
        """Keys are round at both ends."""
        return min(self.box.h / 2, CORNER_PANEL + 20)

    def draw(self, page: Page, focused: bool) -> None:
        """Icon and word stand together in the middle."""
        box = self.box
        fill, edge, ink = RAISED, EDGE_LINE, TEXT
        if self.primary:
            fill, edge, ink = LAMP, LAMP, LAMP_INK
        elif self.lit:
            fill, edge = LAMP_TINT, LAMP
        page.panel(box, fill, edge, corner=self.corner, edge_width=EDGE_WIDTH)
        size = self.size
        picture = size * 1.0 if self.icon else 0.0
        gap = SPACE_2 if self.icon else 0.0
        room = box.w - 2 * SPACE_3 - picture - gap
        wide = min(room, page.width(self.words, size, True))
        left = box.x + (box.w - picture - gap - wide) / 2
        if self.icon:
            colour = LAMP if self.lit and not self.primary else ink
            page.icon(self.icon, left + picture / 2, box.middle[1], picture, colour)
        words = Box(left + picture + gap, box.y, min(room, wide + 4), box.h)
        page.write(self.words, words, size, ink, bold=True, lines=2)


@dataclass
class Row(Choice):
    """A wide row: a picture, a title, a line below, and a sign of what choosing does.

    ``focused_icon`` takes the place of ``icon`` while the row is focused.
    """

    below: str = ""
    picture: pygame.Surface | None = None
    icon: str = "onward"
    focused_icon: str = ""
    left_icon: str = ""
    usable: bool = True

    @property
    def corner(self) -> float:
        """Rows have smaller corners than cards."""
        return CORNER_ROW

    def draw(self, page: Page, focused: bool) -> None:
        """The focused row is raised and shows its action in lamplight."""
        box = self.box
        page.panel(
            box,
            RAISED if focused else CARD,
            EDGE_LINE,
            corner=CORNER_ROW,
            edge_width=EDGE_WIDTH,
        )
        side = box.h - 2 * SPACE_2
        at = box.x + SPACE_2 + side / 2
        if self.picture is not None:
            page.centre(self.picture, at, box.middle[1])
        elif self.left_icon:
            page.icon(self.left_icon, at, box.middle[1], side * 0.5, TEXT if focused else SOFT_TEXT)
        left = box.x + side + 2 * SPACE_2 + 8
        words = Box(left, box.y + 12, box.right - 100 - left, box.h / 2 - 4)
        colour = TEXT if self.usable else SOFT_TEXT
        page.write(self.words, words, LABEL, colour, bold=True)
        page.write(
            self.below,
            Box(left, box.y + box.h / 2 + 2, words.w, box.h / 2 - 14),
            BODY,
            SOFT_TEXT,
        )
        if self.icon:
            lit = focused and self.usable
            page.icon(
                self.focused_icon if lit and self.focused_icon else self.icon,
                box.right - 56,
                box.middle[1],
                58,
                LAMP if lit else MARK,
            )


@dataclass
class Tile(Choice):
    """A tall tile: a round picture and a name."""

    picture: pygame.Surface | None = None

    def draw(self, page: Page, focused: bool) -> None:
        """Picture above, name below in at most two lines."""
        box = self.box
        page.panel(box, RAISED if focused else CARD, EDGE_LINE, edge_width=EDGE_WIDTH)
        if self.picture is not None:
            page.centre(self.picture, box.middle[0], box.y + box.h * 0.40)
        page.write(
            self.words,
            Box(box.x + SPACE_3, box.y + box.h * 0.70, box.w - 2 * SPACE_3, box.h * 0.26),
            LABEL,
            bold=True,
            align="centre",
            lines=2,
        )


def corner_key(action: str, words: str, icon: str) -> Key:
    """The key at the top right of every screen: always there, last in the order."""
    return Key(action, Box(1856 - 272, 48, 272, 96), words, icon)


def heading(page: Page, words: str, x: float = 64, width: float = 1400) -> None:
    """The title of a screen."""
    page.write(words, Box(x, 40, width, 112), HEADING, bold=True)
