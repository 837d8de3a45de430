"""Who is playing: up to four nicknames with their pictures, and Guest."""

from dataclasses import dataclass

from game.stage import emblems, icons
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen, strings_behind
from game.stage.theme import LABEL, SOFT_TEXT, SPACE_3, TITLE
from game.stage.widgets import (
    Choice,
    Key,
    Tile,
    below_heading,
    beside_corner,
    corner_key,
    heading,
)
from game.words import tr

#: Four tiles stand beside each other, three where everything is larger.
_FOUR_FROM = 1500.0


@dataclass(frozen=True)
class Person:
    """A patient as the screen knows one: code, nickname and the name of a picture; ``note`` is a
    word below them where there is room."""

    code: str
    nickname: str
    picture: str = ""
    note: str = ""


@dataclass(frozen=True)
class WhoView:
    """Everybody who plays at this station, most recent first."""

    people: tuple[Person, ...] = ()


class WhoScreen(Screen):
    """Actions: ``person:CODE``, ``guest``, ``help``, ``quit``."""

    back = "quit"

    def __init__(self, canvas: Canvas, view: WhoView):
        super().__init__(canvas)
        self.view = view
        self._first = 0
        self._tiles = 4 if self.scale.wide >= _FOUR_FROM else 3
        self._fill()

    @property
    def _people(self) -> tuple[Person, ...]:
        return self.view.people

    def _fill(self) -> None:
        people = self._people
        shown = people[self._first : self._first + self._tiles]
        more = len(people) > self._tiles
        if more:
            shown = people[self._first : self._first + self._tiles - 1]
        self.choices = []
        side = self.scale.px(min(232.0, (self._tile(0).h - 104) * 0.8))
        for i, person in enumerate(shown):
            picture = emblems.emblem(emblems.emblem_for(person.nickname, person.picture), side)
            action = f"person:{person.code}"
            tile = Tile(action, self._tile(i), person.nickname, picture, person.note)
            self.choices.append(tile)
        if more:
            picture = icons.icon("people", side, SOFT_TEXT)
            words = tr("More people")
            self.choices.append(Tile("more", self._tile(self._tiles - 1), words, picture))
        self.choices.append(
            Key(
                "guest",
                self._guest,
                tr("Play as guest"),
                "person",
                primary=not self.view.people,
                size=LABEL,
            )
        )
        self.choices.append(Key("help", beside_corner(self.scale), tr("Help"), "attention"))
        self.choices.append(corner_key(self.scale, "quit", tr("Quit"), "door"))

    @property
    def _guest(self) -> Box:
        area = below_heading(self.scale)
        if not self.view.people:
            wide = min(1200.0, area.w)
            return Box((self.scale.wide - wide) / 2, self.scale.high * 0.56, wide, 176)
        high = min(168.0, area.h * 0.3)
        return Box(area.x, area.bottom - high, area.w, high)

    def _tile(self, i: int) -> Box:
        area = below_heading(self.scale)
        gap = 32.0 / self.scale.zoom
        wide = (area.w - (self._tiles - 1) * gap) / self._tiles
        return Box(area.x + i * (wide + gap), area.y, wide, self._guest.y - gap - 8 - area.y)

    def choose(self, choice: Choice) -> str | None:
        """*More people* turns the page."""
        if choice.action != "more":
            return choice.action
        self._first += self._tiles - 1
        if self._first >= len(self._people):
            self._first = 0
        self.focus = 0
        self._fill()
        self.stale = True
        return None

    def draw_page(self, page: Page) -> None:
        """Only the question; a first start greets."""
        if self.view.people:
            strings_behind(page, 0.8)
            heading(page, tr("Who is playing?"), keys=2)
            return
        strings_behind(page)
        area = below_heading(page.scale)
        middle = Box(area.x, area.y, area.w, self._guest.y - area.y - SPACE_3)
        page.write(
            "Griptune",
            Box(area.x, area.y, area.w, middle.h * 0.6),
            TITLE,
            bold=True,
            align="centre",
            valign="bottom",
        )
        page.write(
            tr("Pinch in time to a song."),
            Box(area.x, area.y + middle.h * 0.6, area.w, middle.h * 0.4),
            LABEL,
            SOFT_TEXT,
            align="centre",
            lines=2,
        )
