"""The result: effort first, then the song as it was played, one good thing, one next step."""

from dataclasses import dataclass, field

import pygame

from game.core.grips import Grip, lanes
from game.stage import paint
from game.stage.page import Box, Page
from game.stage.screens.base import Screen
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
    TITLE,
    mix,
)
from game.stage.widgets import Key


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

    def __init__(self, size: tuple[int, int], view: ResultView):
        super().__init__(size)
        self.view = view
        self.choices = [
            Key("again", Box(64, 908, 704, 120), "Play again", "again", primary=True, size=LABEL),
            Key("songs", Box(808, 908, 504, 120), "Songs", "note", size=LABEL),
            Key("stop", Box(1352, 908, 504, 120), "Stop", "stop", size=LABEL),
        ]

    def draw_page(self, page: Page) -> None:
        """Number, counts, record, three cards."""
        view = self.view
        number = f"{view.pinches:,}".replace(",", " ")
        wrote = page.write(number, Box(60, 24, 660, 280), EFFORT, LAMP, bold=True)
        left = wrote.right + 40
        room = 1110 - left
        page.write(view.song, Box(left, 36, room, 116), BODY, SOFT_TEXT, lines=2, valign="bottom")
        words = "pinch" if view.pinches == 1 else "pinches"
        page.write(words, Box(left, 152, room, 120), TITLE, bold=True)
        self._draw_counts(page)
        if view.marks:
            self._draw_record(page, Box(64, 336, 1792, 264))
            self._draw_cards(page, 632, 240)
        else:
            self._draw_cards(page, 416, 360)

    def _draw_counts(self, page: Page) -> None:
        for i, grip in enumerate(lanes(self.view.hand)):
            x = 1184 + i * 150
            radius = page.scale.px(50)
            page.centre(shape(grip, radius, "solid", self.view.hand), x, 108)
            count = str(self.view.counts.get(grip, 0))
            page.write(count, Box(x - 72, 176, 144, 76), HEADING, bold=True, align="centre")
            word = {Grip.KEY: "Key", Grip.INDEX: "Index", Grip.MIDDLE: "Middle"}.get(
                grip, grip.label.capitalize()
            )
            page.write(word, Box(x - 74, 246, 148, 56), BODY, SOFT_TEXT, align="centre")

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
        view = self.view
        score = f"{view.score:,}".replace(",", " ")
        cards = (
            ("lamp", "Your score", score, view.score_words),
            ("check", "One good thing", view.good, view.good_words),
            ("step", "Next step", view.step, view.step_words),
        )
        wide = (1792 - 2 * 32) / 3
        for i, (icon, label, words, below) in enumerate(cards):
            box = Box(64 + i * (wide + 32), y, wide, height)
            page.panel(box)
            inner = box.inset(36, 16)
            page.icon(icon, inner.x + 22, inner.y + 36, 44, LAMP)
            page.write(label, Box(inner.x + 60, inner.y + 6, inner.w - 60, 60), BODY, LAMP)
            middle = (height - 32 - 66) * 0.56
            page.write(
                words,
                Box(inner.x, inner.y + 64, inner.w, middle),
                HEADING if i == 0 else LABEL,
                bold=True,
                lines=1 if height < 300 else 2,
            )
            page.write(
                below,
                Box(inner.x, inner.y + 64 + middle, inner.w, inner.h - 64 - middle),
                BODY,
                SOFT_TEXT,
                lines=1 if height < 300 else 2,
                valign="middle",
            )
