"""Widgets that show a setting: a slider, a switch, and one of several values.

Choosing any of them takes the next value, so each is worked with one grip. With a mouse or a finger
a slider goes to where it is touched.
"""

from dataclasses import dataclass

from game.stage import paint
from game.stage.page import Box, Page
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_ROW,
    EDGE_LINE,
    EDGE_WIDTH,
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
from game.stage.widgets import Choice

#: A row of this width has its value beside its name, a narrower one below it.
_BESIDE_FROM = 1200.0

#: A row of this height has room for a line about it below its name.
_ABOUT_FROM = 128.0

_VALUE_WIDTH = 560.0


@dataclass
class SettingRow(Choice):
    """A setting: its name, a line about it, and its value in words.

    A subclass draws what shows the value besides words; on a narrow row only the words are shown.
    """

    value: str = ""
    about: str = ""

    @property
    def corner(self) -> float:
        """As a row's."""
        return CORNER_ROW

    @property
    def _value_box(self) -> Box:
        box = self.box
        return Box(box.right - _VALUE_WIDTH - SPACE_3, box.y, _VALUE_WIDTH, box.h)

    def draw(self, page: Page, focused: bool) -> None:
        """Name and line left, the value right; or one below the other."""
        box = self.box
        fill = RAISED if focused else CARD
        page.panel(box, fill, EDGE_LINE, corner=CORNER_ROW, edge_width=EDGE_WIDTH)
        if box.w < _BESIDE_FROM:
            self._draw_narrow(page)
            return
        left = box.x + 36
        wide = self._value_box.x - SPACE_3 - left
        if box.h < _ABOUT_FROM:
            page.write(self.words, Box(left, box.y, wide, box.h), LABEL, bold=True, lines=2)
        else:
            half = box.h * 0.48
            name = Box(left, box.y + 4, wide, half - 4)
            page.write(self.words, name, LABEL, bold=True, valign="bottom")
            about = Box(left, box.y + half + 2, wide, box.h - half - 8)
            page.write(self.about, about, BODY, SOFT_TEXT, valign="top")
        self.draw_value(page, self._value_box, focused)

    def _draw_narrow(self, page: Page) -> None:
        inner = self.box.inset(SPACE_2, 6)
        line = Box(0, 0, inner.w, 58)
        value = inner.h * 0.4
        if not page.fits(self.value, line, bold=True):
            value = 108.0
        elif not page.fits(self.words, line, LABEL, bold=True):
            value = 54.0
        name = Box(inner.x, inner.y, inner.w, inner.h - value)
        page.write(self.words, name, LABEL, bold=True, align="centre", lines=2)
        below = Box(inner.x, name.bottom, inner.w, value)
        page.write(self.value, below, BODY, LAMP, bold=True, align="centre", lines=2)

    def draw_value(self, page: Page, box: Box, focused: bool) -> None:
        """The value in ``box``, beside the name."""
        raise NotImplementedError


@dataclass
class Cycle(SettingRow):
    """One of several values."""

    def draw_value(self, page: Page, box: Box, focused: bool) -> None:
        """The words, and a sign that there is another."""
        page.icon("onward", box.right - 34, box.middle[1], 52, LAMP if focused else MARK)
        words = Box(box.x, box.y, box.w - 84, box.h)
        page.write(self.value, words, LABEL, LAMP, bold=True, align="right", lines=2)


@dataclass
class Toggle(SettingRow):
    """On or off."""

    on: bool = False

    def draw_value(self, page: Page, box: Box, focused: bool) -> None:
        """A switch, and the word for how it stands."""
        wide, high = 132.0, 68.0
        track = Box(box.right - wide, box.middle[1] - high / 2, wide, high)
        fill, edge = (LAMP, LAMP) if self.on else (CARD, EDGE_LINE)
        page.panel(track, fill, edge, corner=high / 2, edge_width=EDGE_WIDTH, shade=False)
        side = high - 20
        x = track.right - 10 - side / 2 if self.on else track.x + 10 + side / 2
        px = page.scale.px(side)
        colour = LAMP_INK if self.on else SOFT_TEXT
        page.centre(paint.rounded(px, px, px // 2, colour, None, 0), x, track.middle[1])
        words = Box(box.x, box.y, box.w - wide - SPACE_3, box.h)
        colour = LAMP if self.on else TEXT
        page.write(self.value, words, LABEL, colour, bold=True, align="right")


@dataclass
class Slider(SettingRow):
    """An amount. ``share`` is how much of the way from the least to the most it is, 0 to 1."""

    share: float = 0.0

    @property
    def track(self) -> Box | None:
        """Where a touch sets the amount; None on a narrow row, which has no track."""
        if self.box.w < _BESIDE_FROM:
            return None
        box = self._value_box
        return Box(box.x, box.y, box.w - 190, box.h)

    def share_at(self, x: float) -> float:
        """The share that a touch at design column ``x`` of the track means, 0 to 1."""
        track = self.track
        return 0.0 if track is None else min(1.0, max(0.0, (x - track.x) / track.w))

    def draw_value(self, page: Page, box: Box, focused: bool) -> None:
        """A track that is filled so far, a bead on it, and the words."""
        track = self.track
        assert track is not None, "a narrow row draws words only"
        middle, high = track.middle[1], 20.0
        bar = Box(track.x, middle - high / 2, track.w, high)
        page.panel(bar, LAMP_TINT, EDGE_LINE, corner=high / 2, edge_width=EDGE_WIDTH, shade=False)
        x = track.x + self.share * track.w
        if self.share > 0:
            rect = page.rect(Box(bar.x, bar.y, max(high, x - bar.x), high))
            picture = paint.rounded(rect.w, rect.h, rect.h // 2, LAMP, None, 0)
            page.surface.blit(picture, rect)
        px = page.scale.px(48)
        bead = paint.rounded(px, px, px // 2, LAMP, LAMP_INK, page.scale.px(EDGE_WIDTH))
        page.centre(bead, x, middle)
        words = Box(track.right + SPACE_2, box.y, box.right - track.right - SPACE_2, box.h)
        page.write(self.value, words, LABEL, LAMP, bold=True, align="right")
