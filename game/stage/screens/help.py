"""Help: how to play, what is the matter with the glove, and the delays of the devices."""

from dataclasses import dataclass

from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import LABEL
from game.stage.widgets import Choice, Key, Row, below_heading, corner_key, heading
from game.words import tr

#: Rows stand in one column if they can be this high, else two keys stand side by side.
_LOWEST_ROW = 136.0
_MOST = 5


@dataclass(frozen=True)
class HelpRow:
    """Something that helps: its action, its name, a line about it, an icon."""

    action: str
    words: str
    below: str = ""
    icon: str = "onward"


@dataclass(frozen=True)
class HelpView:
    """``title`` of the page, its rows (at most five), and what Back does."""

    title: str
    rows: tuple[HelpRow, ...]
    back: str = "today"


class HelpScreen(Screen):
    """Actions: those of the rows, and the view's ``back``."""

    def __init__(self, canvas: Canvas, view: HelpView):
        super().__init__(canvas)
        self.view = view
        self.back = view.back
        area = below_heading(self.scale)
        gap = 24.0 if self.scale.zoom < 1.3 else 16.0
        columns = 1 if area.h / _MOST - gap >= _LOWEST_ROW else 2
        lines = _MOST if columns == 1 else -(-len(view.rows) // columns)
        high = min(220.0, (area.h + gap) / lines - gap)
        wide = (area.w + gap) / columns - gap
        self.choices: list[Choice] = []
        for i, row in enumerate(view.rows):
            x = area.x + i % columns * (wide + gap)
            place = Box(x, area.y + i // columns * (high + gap), wide, high)
            self.choices.append(
                Row(row.action, place, row.words, row.below, left_icon=row.icon)
                if columns == 1
                else Key(row.action, place, row.words, row.icon, size=LABEL)
            )
        self.choices.append(corner_key(self.scale, view.back, tr("Back"), "back"))

    def draw_page(self, page: Page) -> None:
        """The rows say everything."""
        heading(page, self.view.title)
