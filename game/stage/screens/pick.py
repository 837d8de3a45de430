"""Picking one of several: pages of at most five rows, and a name that may be typed instead."""

from dataclasses import dataclass

from game.stage import emblems
from game.stage.commands import ERASE
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import BODY, LABEL, SOFT_TEXT
from game.stage.widgets import Choice, Key, Row, below_heading, corner_key, heading
from game.words import tr

#: Rows stand in one column if they can be this high, else two keys stand side by side.
_LOWEST_ROW = 136.0
_MOST = 5

#: A name has at most so many letters, as the records have it.
MOST_LETTERS = 32


@dataclass(frozen=True)
class PickRow:
    """One of several: its action, its name, a line about it, and an icon or an animal."""

    action: str
    words: str
    below: str = ""
    icon: str = "onward"
    animal: str = ""


@dataclass(frozen=True)
class PickView:
    """``title`` of the page and its rows; ``last`` stands at the end of every page. ``note`` takes
    the title's place where rows have no room for the lines about them. ``hint`` is said below the
    rows where there is room, and ``leave`` stands on the key in the corner."""

    title: str
    rows: tuple[PickRow, ...]
    back: str = "helper"
    last: PickRow | None = None
    note: str = ""
    hint: str = ""
    leave: str = ""


class PickScreen(Screen):
    """Actions: those of the rows, and the view's ``back``. *More* turns the page."""

    def __init__(self, canvas: Canvas, view: PickView):
        super().__init__(canvas)
        self.view = view
        self.back = view.back
        self._first = 0
        self._fill()

    @property
    def _rows(self) -> tuple[PickRow, ...]:
        return self.view.rows

    def _fill(self) -> None:
        room = _MOST - (self.view.last is not None)
        rows = list(self._rows)
        if len(rows) > room:
            rows = [
                *rows[self._first : self._first + room - 1],
                PickRow("more", tr("More"), tr("The next ones"), "more"),
            ]
        if self.view.last is not None:
            rows.append(self.view.last)
        area = below_heading(self.scale)
        gap = 24.0 if self.scale.zoom < 1.3 else 16.0
        columns = 1 if area.h / _MOST - gap >= _LOWEST_ROW else 2
        self._title = self.view.note if columns > 1 and self.view.note else self.view.title
        lines = _MOST if columns == 1 else -(-_MOST // columns)
        high = (area.h + gap) / lines - gap
        wide = (area.w + gap) / columns - gap
        self.choices = []
        for i, row in enumerate(rows):
            x = area.x + i % columns * (wide + gap)
            box = Box(x, area.y + i // columns * (high + gap), wide, high)
            self.choices.append(self._choice(row, box, columns == 1))
        leave = self.view.leave or tr("Back")
        icon = "onward" if self.view.leave else "back"
        self.choices.append(corner_key(self.scale, self.view.back, leave, icon))
        self.stale = True

    def _choice(self, row: PickRow, box: Box, roomy: bool) -> Choice:
        if not roomy:
            return Key(row.action, box, row.words, "" if row.animal else row.icon, size=LABEL)
        picture = None
        if row.animal:
            picture = emblems.emblem(row.animal, self.scale.px(box.h * 0.72))
        return Row(row.action, box, row.words, row.below, picture, left_icon=row.icon)

    def choose(self, choice: Choice) -> str | None:
        """*More* turns the page."""
        if choice.action != "more":
            return choice.action
        self._first += _MOST - (self.view.last is not None) - 1
        if self._first >= len(self._rows):
            self._first = 0
        self.focus = 0
        self._fill()
        return None

    def draw_page(self, page: Page) -> None:
        """The rows say everything, but for the hint."""
        heading(page, self._title)
        area, rows = below_heading(page.scale), self.choices[:-1]
        bottom = max(row.box.bottom for row in rows) if rows else area.y
        if self.view.hint and area.bottom - bottom >= 80:
            at = Box(area.x, bottom + 12, area.w, 60)
            page.write(self.view.hint, at, BODY, SOFT_TEXT)


class NameScreen(PickScreen):
    """Names that are offered, or another that is typed. Actions: ``name:WORDS``, ``back``.

    While something is typed it stands there alone, to be chosen; Escape takes it away again.
    """

    most_letters = MOST_LETTERS

    def __init__(self, canvas: Canvas, view: PickView, text: str = ""):
        self.text = text
        super().__init__(canvas, view)

    @property
    def _rows(self) -> tuple[PickRow, ...]:
        if not self.text:
            return self.view.rows
        return (PickRow(f"name:{self.text.strip()}", self.text, tr("Take this one"), "keyboard"),)

    @property
    def typing(self) -> bool:
        """Space and Backspace belong to the name once it is begun."""
        return bool(self.text)

    def typed(self, letter: str) -> str | None:
        """Shows the name as it is typed."""
        text = self.text[:-1] if letter == ERASE else self.text + letter
        self._write(text[: self.most_letters])
        return None

    def go_back(self) -> str | None:
        """What is typed is taken away first."""
        if not self.text:
            return self.back
        self._write("")
        return None

    def _write(self, text: str) -> None:
        self.text = text if text.strip() else ""
        self._first = self.focus = 0
        self._fill()
