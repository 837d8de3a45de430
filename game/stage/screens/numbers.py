"""Numbers for the helper: per grip what was asked and hit, the share with its interval, timing."""

import math
from dataclasses import dataclass

from game.core.grips import ACROSS_THE_HAND
from game.records.lately import GripNumbers
from game.stage.grip_words import grip_label
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import BODY, EDGE_LINE, LABEL, SOFT_TEXT, TEXT
from game.stage.widgets import Choice, Key, below_heading, beside_corner, corner_key, heading
from game.words import percent, tr

#: From this width on all columns stand beside each other; below it there are pages.
_ALL_FROM = 1700.0

#: Columns and their widths, as shares of the whole: all of them, and three pages of a few.
_Columns = tuple[tuple[int, float], ...]
_ALL: tuple[_Columns, ...] = (((0, 0.19), (1, 0.18), (2, 0.12), (3, 0.21), (4, 0.30)),)
_APART: tuple[_Columns, ...] = (
    ((0, 0.34), (1, 0.42), (2, 0.24)),
    ((0, 0.34), (3, 0.66)),
    ((0, 0.34), (4, 0.66)),
)


@dataclass(frozen=True)
class NumbersView:
    """Whose numbers, and those of each grip in code order."""

    nickname: str
    numbers: tuple[GripNumbers, ...]


class NumbersScreen(Screen):
    """Actions: ``numbers``, which is back, and ``write-report``. Where there is no room for all
    columns a key turns to the next ones instead, and the report is written from elsewhere."""

    back = "numbers"

    def __init__(self, canvas: Canvas, view: NumbersView):
        super().__init__(canvas)
        self.view = view
        self._page = 0
        self._wide = self.scale.wide >= _ALL_FROM
        self._pages = _ALL if self._wide else _APART
        self._fill()

    def _fill(self) -> None:
        self.choices: list[Choice] = []
        if len(self._pages) > 1:
            following = self._pages[(self._page + 1) % len(self._pages)]
            title = _titles()[following[1][0]]
            self.choices.append(Key("more", beside_corner(self.scale), title, "again"))
        else:
            place = beside_corner(self.scale)
            self.choices.append(Key("write-report", place, tr("Report"), "lists"))
        self.choices.append(corner_key(self.scale, "numbers", tr("Back"), "back"))
        self.stale = True

    def choose(self, choice: Choice) -> str | None:
        """The next columns, or back."""
        if choice.action != "more":
            return choice.action
        self._page = (self._page + 1) % len(self._pages)
        self._fill()
        return None

    def draw_page(self, page: Page) -> None:
        """A table: a row per grip, across the hand."""
        area, weeks = below_heading(self.scale), tr("Last 4 weeks")
        if self._wide:
            heading(page, f"{self.view.nickname}: {weeks}", keys=2)
        else:
            heading(page, weeks, keys=2)
        if not any(numbers.asked for numbers in self.view.numbers):
            words = tr("Nothing was played in the last 4 weeks.")
            page.write(words, area, LABEL, SOFT_TEXT, lines=2)
            return
        rows = [_titles()] if self._wide else []
        rows += [_row(self.view.numbers[grip]) for grip in ACROSS_THE_HAND]
        high = area.h / len(rows)
        for i, cells in enumerate(rows):
            x, y = area.x, area.y + i * high
            of_titles = self._wide and i == 0
            if i:
                page.line(area.x, y, area.right, y + 2, EDGE_LINE, 2)
            for column, share in self._pages[self._page]:
                box = Box(x, y + 4, share * area.w - 16, high - 8)
                x += share * area.w
                if cells[column]:
                    size = BODY if of_titles or not self._wide else LABEL
                    colour = SOFT_TEXT if of_titles else TEXT
                    page.write(cells[column], box, size, colour, bold=column == 0)


def _titles() -> list[str]:
    return [tr("Grip"), tr("Hits"), tr("Share"), tr("Range"), tr("Timing")]


def _row(numbers: GripNumbers) -> list[str]:
    label, share = grip_label(numbers.grip), numbers.share
    if share is None:
        return [label, tr("Not asked"), "", "", ""]
    return [
        label,
        tr("{hits} of {asked}", hits=numbers.hits, asked=numbers.asked),
        percent(share),
        tr("{low} to {high}", low=f"{numbers.low * 100:.0f}", high=percent(numbers.high)),
        timing_words(numbers),
    ]


def timing_words(numbers: GripNumbers) -> str:
    """When the hits came, and how far they lie apart; nothing where there are none."""
    timing = numbers.timing
    if math.isnan(timing.median_us):
        return ""
    median, spread = round(timing.median_us / 1000), round(timing.spread_us / 1000)
    if median < 0:
        return tr("{n} ms early, ±{spread}", n=-median, spread=spread)
    return tr("{n} ms late, ±{spread}", n=median, spread=spread)
