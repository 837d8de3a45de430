"""Marking favourites: the songs of one page, each a key that is lit while it is marked."""

from dataclasses import dataclass

from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import LABEL
from game.stage.widgets import Key, below_heading, corner_key, heading
from game.words import tr

_HIGHEST_KEY = 168.0


@dataclass(frozen=True)
class MarkedSong:
    """A song that can be marked: its key, its title, and whether it is marked now."""

    key: str
    title: str
    marked: bool = False


class MarksScreen(Screen):
    """Actions: ``favourite:KEY`` and ``songs``, which is back."""

    back = "songs"

    def __init__(self, canvas: Canvas, songs: tuple[MarkedSong, ...]):
        super().__init__(canvas)
        self.songs = songs
        self._fill()

    def show(self, songs: tuple[MarkedSong, ...]) -> None:
        """The same songs, marked otherwise; the focus stays."""
        self.songs = songs
        self._fill()
        self.stale = True

    def _fill(self) -> None:
        area = below_heading(self.scale)
        gap = 24.0 / self.scale.zoom
        high = min(_HIGHEST_KEY, (area.h + gap) / max(1, len(self.songs)) - gap)
        self.choices = []
        for i, song in enumerate(self.songs):
            place = Box(area.x, area.y + i * (high + gap), area.w, high)
            action = f"favourite:{song.key}"
            key = Key(action, place, song.title, "heart", lit=song.marked, size=LABEL)
            self.choices.append(key)
        self.choices.append(corner_key(self.scale, "songs", tr("Back"), "back"))

    def draw_page(self, page: Page) -> None:
        """The keys say everything."""
        heading(page, tr("Your favourites"))
