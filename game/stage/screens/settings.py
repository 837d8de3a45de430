"""One page of settings: each a row that shows its value and takes the next one when chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from game.stage.commands import Command, Pointer, Typed
from game.stage.page import Box, Page
from game.stage.preferences import Preference, PreferencePage
from game.stage.screens.base import Canvas, Screen
from game.stage.screens.message import MessageScreen, MessageView
from game.stage.setting_widgets import Cycle, SettingRow, Slider, Toggle
from game.stage.theme import LABEL
from game.stage.widgets import Choice, Key, below_heading, corner_key, heading
from game.words import tr

#: Rows stand in one column if they can be this high, else in two.
_LOWEST_ROW = 136.0
_IN_ONE_COLUMN = 5
_IN_TWO_COLUMNS = 4


@dataclass(frozen=True)
class SettingsView:
    """A page and the values its settings have now. ``trouble`` is why one could not be kept;
    ``reset`` adds the key that puts everything back."""

    page: PreferencePage
    value_of: Callable[[str], Any]
    trouble: str = ""
    reset: bool = False


class SettingsScreen(Screen):
    """Actions: ``set:PATH`` (the next value), ``set:PATH=SHARE`` (an amount at this share of its
    way), ``reset``, ``settings``. What does not fit is on a further page, behind *More*."""

    back = "settings"

    def __init__(self, canvas: Canvas, view: SettingsView):
        super().__init__(canvas)
        self.view = view
        self._first = 0
        self._fill()

    def focus_on(self, action: str) -> None:
        """Turns to the page of the list that has this choice, and focuses it, if it is there."""
        for _ in range(1 + len(self.view.page.preferences)):
            for i, choice in enumerate(self.choices):
                if choice.action == action:
                    self.focus = i
                    return
            self._turn()

    def _turn(self) -> None:
        self._first += _IN_TWO_COLUMNS - 1
        self._fill()

    def _fill(self) -> None:
        view, area = self.view, below_heading(self.scale)
        gap = 24.0 if self.scale.zoom < 1.3 else 16.0
        columns = 1 if area.h / _IN_ONE_COLUMN - gap >= _LOWEST_ROW else 2
        most = _IN_ONE_COLUMN if columns == 1 else _IN_TWO_COLUMNS
        rows: list[Preference | str] = [*view.page.shown(view.value_of)]
        if view.reset:
            rows.append("reset")
        if len(rows) > most:
            self._first = 0 if self._first >= len(rows) else self._first
            rows = [*rows[self._first : self._first + most - 1], "more"]
        else:
            self._first = 0
        lines = most // columns
        high = min(220.0, (area.h + gap) / lines - gap)
        wide = (area.w + gap) / columns - gap
        self.choices = []
        for i, row in enumerate(rows):
            x, y = area.x + i % columns * (wide + gap), area.y + i // columns * (high + gap)
            self.choices.append(self._choice(row, Box(x, y, wide, high)))
        self.choices.append(corner_key(self.scale, "settings", tr("Back"), "back"))

    def _choice(self, row: Preference | str, box: Box) -> Choice:
        if row == "reset":
            return Key("reset", box, tr("Put all settings back"), "again", size=LABEL)
        if isinstance(row, str):
            return Key("more", box, tr("More"), "onward", size=LABEL)
        return setting_row(row, self.view.value_of(row.path), box)

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """A touch on the track of a slider sets it there."""
        if isinstance(command, Pointer) and command.pressed:
            x, y = self.scale.design(command.x, command.y)
            for i, choice in enumerate(self.choices):
                track = choice.track if isinstance(choice, Slider) else None
                if isinstance(choice, Slider) and track is not None and track.contains(x, y):
                    self._move_to(i)
                    return f"{choice.action}={choice.share_at(x):.3f}"
        return super().handle(command)

    def choose(self, choice: Choice) -> str | None:
        """*More* turns the page of the list."""
        if choice.action != "more":
            return choice.action
        self._turn()
        self.focus = 0
        self.stale = True
        return None

    def draw_page(self, page: Page) -> None:
        """The subject, or what went wrong."""
        heading(page, self.view.trouble or tr(self.view.page.title))


def setting_row(preference: Preference, value: Any, box: Box) -> SettingRow:
    """The widget that shows ``preference`` with this value."""
    action, title = f"set:{preference.path}", tr(preference.title)
    words, about = preference.words(value), tr(preference.about)
    if preference.kind == "switch":
        return Toggle(action, box, title, words, about, on=bool(value))
    if preference.kind == "amount":
        return Slider(action, box, title, words, about, share=preference.share(value))
    return Cycle(action, box, title, words, about)


class QuestionScreen(MessageScreen):
    """A question with two answers: the first changes nothing, and Escape takes it as well."""

    def __init__(self, canvas: Canvas, view: MessageView):
        super().__init__(canvas, view)
        self.back = self.choices[0].action
