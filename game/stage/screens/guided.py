"""Something the hand is guided through: an exercise, a rest, practice in the mind.

The drawn hand moves on the left; on the right stands what to do, how far it is, and what comes
next. Only the hand is drawn anew while nothing else changes.
"""

from dataclasses import dataclass, replace

import pygame

from game.stage import paint
from game.stage.hand_pose import BOX, Pose, picture
from game.stage.motions import RESTING
from game.stage.page import Box, Page
from game.stage.rows import row_of_keys
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    BODY,
    CARD,
    EDGE_LINE,
    FAINT_EDGE,
    HEADING,
    LABEL,
    LAMP,
    RAISED,
    RGB,
    SOFT_TEXT,
    TEXT,
    TITLE,
    mix,
)
from game.stage.widgets import below_heading, corner_key, heading
from game.words import tr

#: A page this high has room for everything that can be told.
_ROOMY = 700.0


@dataclass(frozen=True)
class GuidedKey:
    """A key below: its action, words and icon; ``primary`` is lamplight."""

    action: str
    words: str
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True)
class GuidedView:
    """``where`` one is heads the page, ``title`` is what to do and ``line`` a word about it.

    ``figure`` is how far it is in words; ``done`` of ``count`` beads are lit, or ``share`` of the
    ring is over. ``then`` is what comes next. ``pose`` is the hand now, ``side`` which hand it is.
    """

    where: str
    title: str
    line: str = ""
    figure: str = ""
    done: int = 0
    count: int = 0
    share: float | None = None
    then: str = ""
    pose: Pose = RESTING
    side: str = "right"
    keys: tuple[GuidedKey, ...] = ()


@dataclass(frozen=True)
class _Line:
    """Words of the right side: in one line, or in as many as they need."""

    words: str
    size: int
    colour: RGB
    bold: bool
    most: int = 2

    def high(self, page: Page, wide: float) -> float:
        """How high they are in a column so ``wide``; nothing if there are none."""
        if not self.words:
            return 0.0
        for lines in range(1, self.most):
            high = self._of(lines)
            if page.fits(self.words, Box(0, 0, wide, high), self.size, bold=self.bold, lines=lines):
                return high
        return self._of(self.most)

    def _of(self, lines: int) -> float:
        return (1.45 + 1.36 * (lines - 1)) * self.size

    def write(self, page: Page, box: Box) -> None:
        """In ``box``."""
        page.write(self.words, box, self.size, self.colour, bold=self.bold, lines=self.most)


class GuidedScreen(Screen):
    """Actions: those of the view's keys, and ``stop``, which is Escape's."""

    back = "stop"

    def __init__(self, canvas: Canvas, view: GuidedView):
        super().__init__(canvas)
        self.view = view
        self._behind: pygame.Surface | None = None
        self._whole = True
        self._fill()

    def show(self, view: GuidedView) -> None:
        """Another moment of the same; what did not change is not drawn again."""
        before, self.view = self.view, view
        if view.keys != before.keys:
            self._fill()
        moved = view.pose != before.pose
        same = replace(view, pose=before.pose)
        if view.share is not None and before.share is not None:
            same = replace(same, share=before.share)
            moved = moved or round(view.share * 240) != round(before.share * 240)
        if same != before:
            self._whole = self.stale = True
        elif moved:
            self.stale = True

    # ------------------------------------------------------------------ where things are

    @property
    def _card(self) -> Box:
        area = below_heading(self.scale)
        wide = min(area.w * 0.42, area.h * BOX[0] / BOX[1] + 40)
        high = self._keys_top - 16 - area.y if self._keys_across else area.h
        return Box(area.x, area.y, wide, high)

    @property
    def _keys_across(self) -> bool:
        """Several keys need the whole width where letters are large."""
        return len(self.view.keys) > 1 and below_heading(self.scale).h < _ROOMY

    @property
    def _words(self) -> Box:
        area, card = below_heading(self.scale), self._card
        gap = 48.0 / self.scale.zoom
        x = card.right + gap
        return Box(x, area.y, area.right - x, self._keys_top - area.y - 12)

    @property
    def _keys_top(self) -> float:
        area = below_heading(self.scale)
        return area.bottom - (128.0 if area.h >= _ROOMY else 104.0)

    def _fill(self) -> None:
        area, card = below_heading(self.scale), self._card
        gap = 24.0 / self.scale.zoom
        x = area.x if self._keys_across else card.right + 48.0 / self.scale.zoom
        row = Box(x, self._keys_top, area.right - x, area.bottom - self._keys_top)
        keys = self.view.keys
        self.choices = []
        if keys:
            made = row_of_keys(self.scale, row, [(k.action, k.words, k.icon) for k in keys], gap)
            for key, asked in zip(made, keys, strict=True):
                key.primary = asked.primary
            self.choices += made
        stop = corner_key(self.scale, "stop", tr("Stop"), "stop")
        self.choices.append(stop)
        self.focus = min(self.focus, len(self.choices) - 1)

    # ------------------------------------------------------------------ what is seen

    def draw(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """All of it, or the card with the hand where only that moved."""
        behind = self._behind
        if self._whole or behind is None or self.holding is not None or self._moved_focus():
            self._whole = False
            return super().draw(surface)
        surface.set_clip(None)
        page = Page(surface, self.scale)
        place = surface.blit(behind, page.rect(self._card))
        self._draw_hand(page)
        self.stale = False
        return [place]

    def _moved_focus(self) -> bool:
        moved = getattr(self, "_drawn_focus", None) != (self.focus, self.holding)
        self._drawn_focus = (self.focus, self.holding)
        return moved

    def draw_page(self, page: Page) -> None:
        """The card with the hand, and the words beside it."""
        heading(page, self.view.where)
        card = self._card
        page.panel(card, CARD, FAINT_EDGE)
        self._behind = page.surface.subsurface(page.rect(card)).copy()
        self._draw_hand(page)
        self._draw_words(page)

    def _draw_hand(self, page: Page) -> None:
        view, card = self.view, self._card
        edge = 20.0 / page.scale.zoom
        room = card.inset(edge / 2)
        if view.share is not None:
            self._draw_ring(page, card)
            room = card.inset(card.w * 0.17)
        high = min(room.h, room.w * BOX[1] / BOX[0])
        if view.share is None:  # what is left free above the hand is cut off
            high *= 1.12
            page.surface.set_clip(page.rect(card.inset(4)))
        drawn = picture(view.pose, page.scale.px(high), view.side)
        y = room.middle[1] if view.share is not None else card.bottom - high / 2
        page.centre(drawn, room.middle[0], y)
        page.surface.set_clip(None)

    def _draw_ring(self, page: Page, card: Box) -> None:
        """A ring that fills with lamplight as the time goes by."""
        side = page.scale.px(min(card.w, card.h) * 0.94)
        thick = page.scale.px(14)
        page.centre(
            paint.rounded(side, side, side // 2, None, mix(RAISED, EDGE_LINE, 0.4), thick),
            *card.middle,
        )
        lit = paint.rounded(side, side, side // 2, None, LAMP, thick)
        page.centre(paint.sector(lit, self.view.share or 0.0), *card.middle)

    def _draw_words(self, page: Page) -> None:
        view, box = self.view, self._words
        roomy = box.h >= 500
        beads = 60.0 if view.count and roomy else 0.0
        large, figures = (TITLE, TITLE) if roomy else (LABEL, HEADING)
        parts = self._parts(large, figures)
        high = [part.high(page, box.w) for part in parts]
        if sum(high) + beads > box.h:  # what to do is seen as well
            high[1] = 0.0
        if sum(high) + beads > box.h:
            parts = self._parts(BODY, LABEL)
            high = [part.high(page, box.w) * (i != 1) for i, part in enumerate(parts)]
        if sum(high) + beads > box.h:
            high[3] = 0.0
        spare = max(0.0, box.h - sum(high) - beads)
        y = box.y
        for i, (part, needed) in enumerate(zip(parts, high, strict=True)):
            # What there is room for stands between the words and the figures.
            room = needed + (spare * (0.2, 0.8, 0.0, 0.0)[i])
            if needed:
                part.write(page, Box(box.x, y, box.w, room))
            y += room
            if i == 2 and beads:
                self._draw_beads(page, Box(box.x, y, box.w, beads))
                y += beads

    def _parts(self, large: int, figures: int) -> list["_Line"]:
        view = self.view
        about = LABEL if large == TITLE else BODY
        return [
            _Line(view.title, large, TEXT, True, 3),
            _Line(view.line, about, SOFT_TEXT, False, 4),
            _Line(view.figure, figures, LAMP, True, 1),
            _Line(view.then, BODY, SOFT_TEXT, False),
        ]

    def _draw_beads(self, page: Page, box: Box) -> None:
        """One bead on the string for each repetition."""
        view = self.view
        count = min(view.count, 20)
        wide = min(box.w, count * 64.0)
        step = wide / max(1, count)
        y = box.middle[1]
        page.line(box.x + step / 2, y - 2, box.x + wide - step / 2, y + 2, EDGE_LINE, 4)
        for i in range(count):
            side = page.scale.px(min(40.0, step - 8))
            lit = i < view.done * count / max(1, view.count)
            fill = LAMP if lit else RAISED
            picture = paint.rounded(
                side, side, side // 2, fill, LAMP if lit else EDGE_LINE, page.scale.px(3)
            )
            page.centre(picture, box.x + (i + 0.5) * step, y)
