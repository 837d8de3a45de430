"""Who is playing: up to four nicknames with their pictures, and Guest."""

from dataclasses import dataclass

from game.stage import icons
from game.stage.page import Box, Page
from game.stage.screens.base import Screen
from game.stage.theme import LABEL
from game.stage.widgets import Choice, Key, Tile, corner_key, heading

_TILES = 4


@dataclass(frozen=True)
class Person:
    """A patient as the screen knows one: never more than code and nickname."""

    code: str
    nickname: str


@dataclass(frozen=True)
class WhoView:
    """Everybody who plays at this station, most recent first."""

    people: tuple[Person, ...] = ()


class WhoScreen(Screen):
    """Actions: ``person:CODE``, ``guest``, ``quit``."""

    back = "quit"

    def __init__(self, size: tuple[int, int], view: WhoView):
        super().__init__(size)
        self.view = view
        self._first = 0
        self._fill()

    def _fill(self) -> None:
        people = self.view.people
        shown = people[self._first : self._first + _TILES]
        more = len(people) > _TILES
        if more:
            shown = people[self._first : self._first + _TILES - 1]
        self.choices = []
        side = self.scale.px(232)
        for i, person in enumerate(shown):
            picture = icons.emblem(icons.emblem_for(person.nickname), side)
            action = f"person:{person.code}"
            self.choices.append(Tile(action, _tile(i), person.nickname, picture))
        if more:
            self.choices.append(
                Tile("more", _tile(_TILES - 1), "More people", icons.icon("people", side, (198, 192, 180)))
            )
        low = 800 if people else 420
        guest = Box(64, low, 1792, 160)
        self.choices.append(
            Key("guest", guest, "Play as guest", "person", primary=not people, size=LABEL)
        )
        self.choices.append(corner_key("quit", "Quit", "door"))

    def choose(self, choice: Choice) -> str | None:
        """*More people* turns the page."""
        if choice.action != "more":
            return choice.action
        self._first += _TILES - 1
        if self._first >= len(self.view.people):
            self._first = 0
        self.focus = 0
        self._fill()
        self.stale = True
        return None

    def draw_page(self, page: Page) -> None:
        """Only the question."""
        heading(page, "Who is playing?")


def _tile(i: int) -> Box:
    return Box(64 + i * 456, 208, 424, 528)
