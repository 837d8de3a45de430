"""Who is playing: up to four nicknames with their pictures, and Guest."""

from dataclasses import dataclass

from game.stage import emblems, icons
from game.stage.page import Box, Page
from game.stage.screens.base import Screen, strings_behind
from game.stage.theme import LABEL, SOFT_TEXT, TITLE
from game.stage.widgets import Choice, Key, Tile, corner_key, heading

_TILES = 4


@dataclass(frozen=True)
class Person:
    """A patient as the screen knows one: code, nickname and the name of a picture."""

    code: str
    nickname: str
    picture: str = ""


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
            picture = emblems.emblem(emblems.emblem_for(person.nickname, person.picture), side)
            action = f"person:{person.code}"
            self.choices.append(Tile(action, _tile(i), person.nickname, picture))
        if more:
            self.choices.append(
                Tile(
                    "more",
                    _tile(_TILES - 1),
                    "More people",
                    icons.icon("people", side, (198, 192, 180)),
                )
            )
        guest = Box(64, 832, 1792, 168) if people else Box(360, 560, 1200, 176)
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
        """Only the question; a first start greets."""
        strings_behind(page, 860 if self.view.people else 800)
        if self.view.people:
            heading(page, "Who is playing?")
            return
        page.write("Griptune", Box(64, 236, 1792, 130), TITLE, bold=True, align="centre")
        page.write(
            "Pinch in time to a song.",
            Box(64, 372, 1792, 80),
            LABEL,
            SOFT_TEXT,
            align="centre",
        )


def _tile(i: int) -> Box:
    return Box(64 + i * 456, 200, 424, 576)
