"""The six-line note of a session, for the therapist at the table."""

from dataclasses import dataclass

from game.stage.page import Box, Page
from game.stage.rows import row_of_keys
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import BODY, CARD, CORNER_ROW, FAINT_EDGE, SPACE_3
from game.stage.widgets import below_heading, corner_key, heading
from game.words import tr

#: Two columns stand side by side from this width on.
_TWO_COLUMNS_FROM = 1500.0


@dataclass(frozen=True)
class NoteView:
    """Whose session, and its lines."""

    title: str
    lines: tuple[str, ...]


class NoteScreen(Screen):
    """Actions: ``who`` (the next patient), ``today``; larger letters take two pages (``more``)."""

    back = "today"

    def __init__(self, canvas: Canvas, view: NoteView):
        super().__init__(canvas)
        self.view = view
        self._first = 0
        area = below_heading(self.scale)
        self._high = max(104.0, 120.0 / self.scale.zoom)
        room = area.h - self._high - SPACE_3
        self._columns = 2 if self.scale.wide >= _TWO_COLUMNS_FROM else 1
        rows = max(1, int(room / 210))
        self._shown = max(1, min(len(view.lines), rows * self._columns))
        self._fill()

    def _fill(self) -> None:
        area = below_heading(self.scale)
        keys = [("who", tr("Next patient"), "people")]
        if self._shown < len(self.view.lines):
            keys.append(("more", tr("More"), "more"))
        row = Box(area.x, area.bottom - self._high, area.w, self._high)
        self.choices = [*row_of_keys(self.scale, row, keys, 24 / self.scale.zoom)]
        self.choices.append(corner_key(self.scale, "today", tr("Back"), "back"))
        self.stale = True

    def choose(self, choice: object) -> str | None:
        """*More* turns the page."""
        action = str(getattr(choice, "action", ""))
        if action != "more":
            return action
        self._first += self._shown
        if self._first >= len(self.view.lines):
            self._first = 0
        self._fill()
        self.focus = 1
        return None

    def draw_page(self, page: Page) -> None:
        """The lines, one below the other."""
        heading(page, self.view.title)
        area = below_heading(page.scale)
        lines = self.view.lines[self._first : self._first + self._shown]
        rows = -(-self._shown // self._columns)
        high = (area.h - self._high - SPACE_3) / rows
        wide = area.w / self._columns
        for i, line in enumerate(lines):
            x, y = area.x + i // rows * wide, area.y + i % rows * high
            box = Box(x, y, wide - 24, high - 16)
            page.panel(box, CARD, FAINT_EDGE, corner=CORNER_ROW, shade=False)
            page.write(line, box.inset(32 / page.scale.zoom, 8), BODY, lines=4)
