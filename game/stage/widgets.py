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
    KEY_HEIGHT,
    LABEL,
    LAMP,
    LAMP_INK,
    LAMP_TINT,
    MARK,
    RAISED,
    SOFT_TEXT,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    TEXT,
    Scale,
)

#: A row of this height has room for a title and a line below it.
_TWO_LINES_FROM = 128.0


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
        size, icon = self.size, self.icon
        lines = 2
        picture, gap = (float(size), float(SPACE_2)) if icon else (0.0, 0.0)
        room = box.w - 2 * (SPACE_3 if icon else SPACE_2) - picture - gap
        if page.fits(self.words, Box(0, 0, room, box.h), size, bold=True):
            lines = 1
        elif icon and not page.fits(self.words, Box(0, 0, room, box.h), size, bold=True, lines=2):
            # The word says it all; its icon has to make way for it.
            icon, picture, gap = "", 0.0, 0.0
            room = box.w - 2 * SPACE_2
        wide = min(room, page.width(self.words, size, True))
        left = box.x + (box.w - picture - gap - wide) / 2
        if icon:
            colour = LAMP if self.lit and not self.primary else ink
            page.icon(icon, left + picture / 2, box.middle[1], picture, colour)
        words = Box(left + picture + gap, box.y, min(room, wide + 4), box.h)
        align = "left" if icon else "centre"
        page.write(self.words, words, size, ink, bold=True, lines=lines, align=align)


@dataclass
class Row(Choice):
    """A wide row: a picture, a title, a line below, and a sign of what choosing does.

    A row too low for two lines has the title alone.

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
        wide = box.right - 100 - left
        colour = TEXT if self.usable else SOFT_TEXT
        if box.h < _TWO_LINES_FROM or not self.below:
            words = Box(left, box.y + 8, wide, box.h - 16)
            page.write(self.words, words, LABEL, colour, bold=True, lines=2)
        else:
            # In a high row a long title takes two lines, and a short one stays near its line below.
            low = min(box.h / 2 - 12, box.h * 0.36)
            words = Box(left, box.y + 10, wide, box.h - low - 24)
            page.write(self.words, words, LABEL, colour, bold=True, lines=2, valign="bottom")
            below = Box(left, words.bottom + 4, wide, low)
            page.write(self.below, below, BODY, SOFT_TEXT, valign="top")
        if self.icon:
            lit = focused and self.usable
            page.icon(
                self.focused_icon if lit and self.focused_icon else self.icon,
                box.right - 56,
                box.middle[1],
                58,
                LAMP if lit else MARK,
            )


#: A tile of this height has room for a word below the name.
_BELOW_FROM = 400.0


@dataclass
class Tile(Choice):
    """A tall tile: a round picture and a name, and a word below them where there is room."""

    picture: pygame.Surface | None = None
    below: str = ""

    def draw(self, page: Page, focused: bool) -> None:
        """Picture above, name below in at most two lines."""
        box = self.box
        page.panel(box, RAISED if focused else CARD, EDGE_LINE, edge_width=EDGE_WIDTH)
        name = max(104.0, box.h * 0.26)
        below = 56.0 if self.below and box.h >= _BELOW_FROM else 0.0
        if self.picture is not None:
            page.centre(self.picture, box.middle[0], box.y + (box.h - name - below) * 0.54)
        page.write(
            self.words,
            Box(
                box.x + SPACE_2,
                box.bottom - name - 8 - (below and below + 6),
                box.w - 2 * SPACE_2,
                name,
            ),
            LABEL,
            bold=True,
            align="centre",
            lines=2,
        )
        if below:
            line = Box(box.x + SPACE_2, box.bottom - below - 18, box.w - 2 * SPACE_2, below)
            page.write(self.below, line, BODY, SOFT_TEXT, align="centre")


_CORNER_WIDTH = 288.0


def corner_key(scale: Scale, action: str, words: str, icon: str) -> Key:
    """The key at the top right of every screen: always there, last in the order."""
    left = scale.wide - scale.margin - _CORNER_WIDTH
    return Key(action, Box(left, scale.margin * 0.75, _CORNER_WIDTH, KEY_HEIGHT), words, icon)


def beside_corner(scale: Scale) -> Box:
    """The place left of the corner key, for a second key up there."""
    left = scale.wide - scale.margin - 2 * _CORNER_WIDTH - SPACE_2
    return Box(left, scale.margin * 0.75, _CORNER_WIDTH, KEY_HEIGHT)


def below_heading(scale: Scale) -> Box:
    """What is left of a page below its heading and corner key, within the margins."""
    top = scale.margin * 0.75 + KEY_HEIGHT + SPACE_4 / scale.zoom
    return Box(scale.margin, top, scale.wide - 2 * scale.margin, scale.high - scale.margin - top)


def heading(page: Page, words: str, left: float = 0.0, keys: int = 1) -> None:
    """The title of a screen, ``left`` design pixels from its usual place, beside so many keys."""
    scale = page.scale
    x = scale.margin + left
    width = scale.wide - scale.margin - keys * (_CORNER_WIDTH + SPACE_2) - SPACE_1 - x
    # As high as the key beside it, and a little more for two lines.
    box = Box(x, scale.margin * 0.75 - 8, width, KEY_HEIGHT + 16)
    page.write(words, box, HEADING, bold=True, lines=2)
