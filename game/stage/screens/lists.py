"""Other lists: which songs to choose from, and the way to marking favourites."""

from dataclasses import dataclass

from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import LABEL
from game.stage.widgets import Choice, Key, Row, below_heading, corner_key, heading
from game.words import tr

#: Rows stand in one column if they can be this high, else two keys stand side by side.
_LOWEST_ROW = 136.0


@dataclass(frozen=True)
class SongList:
    """A list that can be chosen: its name for the program, its name, a line about it, an icon."""

    name: str
    words: str
    below: str = ""
    icon: str = "note"


@dataclass(frozen=True)
class ListsView:
    """The lists besides the present one, at most four; ``markable`` whether there are songs to
    mark."""

    lists: tuple[SongList, ...] = ()
    markable: bool = False


class ListsScreen(Screen):
    """Actions: ``list:NAME``, ``mark`` and ``songs``, which is back."""

    back = "songs"

    def __init__(self, canvas: Canvas, view: ListsView):
        super().__init__(canvas)
        self.view = view
        self._fill()

    def _fill(self) -> None:
        view, area = self.view, below_heading(self.scale)
        rows = [(f"list:{one.name}", one.words, one.below, one.icon) for one in view.lists]
        if view.markable:
            rows.append(("mark", tr("Mark favourites"), tr("Among the songs just seen"), "heart"))
        gap = 24.0 if self.scale.zoom < 1.3 else 16.0
        columns = 1 if area.h / 5 - gap >= _LOWEST_ROW else 2
        lines = -(-5 // columns)
        high = (area.h + gap) / lines - gap
        wide = (area.w + gap) / columns - gap
        self.choices = []
        for i, (action, words, below, icon) in enumerate(rows):
            place = Box(
                area.x + i % columns * (wide + gap),
                area.y + i // columns * (high + gap),
                wide,
                high,
            )
            choice: Choice
            if columns == 1:
                choice = Row(action, place, words, below, left_icon=icon)
            else:
                choice = Key(action, place, words, icon, size=LABEL)
            self.choices.append(choice)
        self.choices.append(corner_key(self.scale, "songs", tr("Back"), "back"))

    def draw_page(self, page: Page) -> None:
        """The choices say everything."""
        heading(page, tr("Other lists"))
