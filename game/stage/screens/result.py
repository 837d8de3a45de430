"""The result: effort first, then the song as it was played, one good thing, one next step."""

from dataclasses import dataclass, field

import pygame

from game.core.grips import Grip, lanes
from game.stage import paint
from game.stage.grip_words import grip_label
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.shapes import shape
from game.stage.theme import (
    BODY,
    EFFORT,
    FAINT_EDGE,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    LANE,
    MARK,
    SOFT_TEXT,
    SPACE_2,
    SPACE_3,
    TITLE,
    mix,
)
from game.stage.widgets import Key
from game.words import number, plural, tr

#: Counts and the song as played are shown on a page of this height.
_ALL_FROM = 1000.0

#: From one grip's count to the next.
_COUNT_PITCH = 200.0


@dataclass(frozen=True)
class Mark:
    """One target of the song as played: when (0 to 1 of the song), which grip, and if hit."""

    at: float
    grip: Grip
    hit: bool


@dataclass(frozen=True)
class ResultView:
    """What to tell after a song. ``counts`` counted pinches per grip; ``score`` 0 to 10 000.

    ``marks`` is the song as played; without any the record is left out and the cards grow.
    """

    pinches: int = 0
    song: str = ""
    counts: dict[Grip, int] = field(default_factory=dict)
    hand: str = "right"
    marks: tuple[Mark, ...] = ()
    score: int = 0
    score_words: str = ""
    good: str = ""
    good_words: str = ""
    step: str = ""
    step_words: str = ""


class ResultScreen(Screen):
    """Actions: ``again``, ``songs``, ``stop``."""

    back = "stop"

    def __init__(self, canvas: Canvas, view: ResultView):
        super().__init__(canvas)
        self.view = view
        scale = self.scale
        gap = 40.0 / scale.zoom
        high = 120.0 if scale.high >= _ALL_FROM else 108.0
        y = scale.high - min(52.0, scale.margin) - high
        across = scale.wide - 2 * scale.margin - 2 * gap
        first = across * 0.41
        other = (across - first) / 2
        x = scale.margin
        self._keys_top = y
        self.choices = [
            Key(
                "again", Box(x, y, first, high), tr("Play again"), "again", primary=True, size=LABEL
            ),
            Key("songs", Box(x + first + gap, y, other, high), tr("Songs"), "note", size=LABEL),
            Key(
                "stop",
                Box(x + first + other + 2 * gap, y, other, high),
                tr("Stop"),
                "stop",
                size=LABEL,
            ),
        ]

    def draw_page(self, page: Page) -> None:
        """Number, counts, record, three cards; larger letters leave the number and the words."""
        view, scale = self.view, page.scale
        everything = scale.high >= _ALL_FROM
        number_high = 280.0 if everything else min(200.0, scale.high * 0.24)
        counts_left = scale.wide - scale.margin - 5 * _COUNT_PITCH if everything else scale.wide
        top = scale.margin * 0.4
        size = EFFORT if everything and view.pinches < 1000 else TITLE * 2
        size = min(size, int(number_high * 0.85))
        words = number(view.pinches)
        wide = page.width(words, size, True) + 8
        x = scale.margin - 4
        wrote = page.write(words, Box(x, top, wide, number_high), size, LAMP, bold=True)
        left = wrote.right + 40
        room = counts_left - left - (24 if everything else scale.margin)
        song = Box(left, top, room, number_high * (0.47 if everything else 0.38))
        page.write(view.song, song, BODY, SOFT_TEXT, lines=2, valign="bottom")
        words = plural("pinch", "pinches", view.pinches)
        page.write(
            words,
            Box(left, song.bottom, room, number_high * (0.43 if everything else 0.6)),
            TITLE,
            bold=True,
        )
        y = top + number_high + 16
        if not everything:
            self._draw_lines(page, Box(scale.margin, y, scale.wide - 2 * scale.margin, 0))
            return
        self._draw_counts(page, counts_left)
        y = max(y, 352.0)
        across = scale.wide - 2 * scale.margin
        room = self._keys_top - 40 - y
        if view.marks:
            self._draw_record(page, Box(scale.margin, y, across, room - 288))
            self._draw_cards(page, self._keys_top - 32 - 264, 264)
        else:
            self._draw_cards(page, y + 64, room - 104)

    def _draw_counts(self, page: Page, left: float) -> None:
        for i, grip in enumerate(lanes(self.view.hand)):
            x = left + (i + 0.5) * _COUNT_PITCH
            radius = page.scale.px(50)
            page.centre(shape(grip, radius, "solid", self.view.hand), x, 92)
            count = str(self.view.counts.get(grip, 0))
            wide = _COUNT_PITCH - 2
            page.write(count, Box(x - wide / 2, 156, wide, 76), HEADING, bold=True, align="centre")
            page.write(
                grip_label(grip),
                Box(x - wide / 2, 228, wide, 104),
                BODY,
                SOFT_TEXT,
                align="centre",
                valign="top",
                lines=2,
            )

    def _cards(self) -> tuple[tuple[str, str, str, str], ...]:
        """Icon, label, words, and the line below of each card."""
        view = self.view
        return (
            ("lamp", tr("Your score"), number(view.score), view.score_words),
            ("check", tr("One good thing"), view.good, view.good_words),
            ("step", tr("Next step"), view.step, view.step_words),
        )

    def _draw_lines(self, page: Page, box: Box) -> None:
        """The cards as lines: one good thing, one next step, and the score if there is room."""
        room = self._keys_top - SPACE_3 - box.y
        _, good, step = self._cards()
        lines = [good, step]
        row = room / len(lines)
        for i, (icon, label, words, _) in enumerate(lines):
            y = box.y + i * row
            panel = Box(box.x, y, box.w, row - SPACE_2)
            page.panel(panel)
            page.icon(icon, panel.x + 52, panel.middle[1], 56, LAMP)
            left, wide = panel.x + 104, panel.w - 128
            if panel.h >= 160:
                half = panel.h / 2 - 4
                page.write(label, Box(left, panel.y + 4, wide, half), BODY, LAMP)
                page.write(
                    words, Box(left, panel.y + 4 + half, wide, half), LABEL, bold=True, lines=2
                )
            else:
                page.write(words, Box(left, panel.y, wide, panel.h), LABEL, bold=True, lines=2)

    def _draw_record(self, page: Page, box: Box) -> None:
        """Five strings, *little* on top as on the cover; a stroke for each hit."""
        page.panel(box)
        scale = page.scale
        left, right = box.x + 128, box.right - 56
        order = lanes("right")[::-1]
        for i in range(11):
            x = left + (right - left) * i / 10
            page.line(x, box.y + 24, x, box.bottom - 24, FAINT_EDGE, 2)
        rows: dict[Grip, float] = {}
        for i, grip in enumerate(order):
            y = rows[grip] = box.y + 44 + i * (box.h - 88) / 4
            page.line(left, y - 1, right, y - 1, mix(GROUND, LANE[grip], 0.45), 3)
            page.centre(shape(grip, scale.px(20), "plain"), box.x + 70, y)
        # Strokes thin out in a long song, so that neighbours can still be told apart.
        width = 8 if len(self.view.marks) < 350 else 5
        dot = paint.rounded(scale.px(7), scale.px(7), scale.px(4), MARK)
        for mark in self.view.marks:
            if not mark.hit:
                page.centre(dot, left + (right - left) * mark.at, rows[mark.grip])
        strokes: dict[Grip, pygame.Surface] = {
            grip: paint.rounded(scale.px(width), scale.px(34), scale.px(width / 2), LANE[grip])
            for grip in order
        }
        for mark in self.view.marks:
            if mark.hit:
                page.centre(strokes[mark.grip], left + (right - left) * mark.at, rows[mark.grip])

    def _draw_cards(self, page: Page, y: float, height: float) -> None:
        scale = page.scale
        gap = 32.0 / scale.zoom
        wide = (scale.wide - 2 * scale.margin - 2 * gap) / 3
        lines = 1 if height < 300 else 3
        for i, (icon, label, words, below) in enumerate(self._cards()):
            box = Box(scale.margin + i * (wide + gap), y, wide, height)
            page.panel(box)
            inner = box.inset(32, 10)
            page.icon(icon, inner.x + 22, inner.y + 30, 44, LAMP)
            page.write(label, Box(inner.x + 60, inner.y, inner.w - 60, 60), BODY, LAMP)
            top = inner.y + 58
            room = inner.bottom - top
            one_line = page.fits(words, Box(0, 0, inner.w, 80), bold=True)
            middle = room * (0.44 if one_line else 0.56)
            rest = room - middle
            page.write(
                words,
                Box(inner.x, top, inner.w, middle),
                HEADING if i == 0 else LABEL,
                bold=True,
                lines=max(2, lines),
            )
            page.write(below, Box(inner.x, top + middle, inner.w, rest), BODY, SOFT_TEXT, lines=3)
