"""One evening at the game: who plays, the song chosen last, and everything that was opened.

Rooms are handed it. It knows no room itself; :attr:`Evening.go` enters one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from game.music.library import Entry
from game.play.markers import Markers
from game.play.setup import PlayOptions
from game.records.plays import PlaySummary
from game.stage import cards
from game.stage.ahead import Ahead, Making
from game.stage.desk import Services
from game.stage.inputs import Inputs
from game.stage.play_screens import PlayScreens
from game.stage.rooms.base import Room
from game.stage.screens import SongCard
from game.stage.task import Task
from game.stage.theme import Scale
from game.stage.view import Options


@dataclass
class Evening:
    """``go`` enters a room; ``leave`` ends the game; ``now`` is the host clock, microseconds.

    ``scale`` is the window's; ``screens`` and ``ahead`` are what was made before it is asked for.

    ``who`` is None until somebody is playing. ``one_song`` are the options of the one song that
    the game was opened for; None where songs are chosen.
    """

    services: Services
    inputs: Inputs
    go: Callable[[Room], None]
    leave: Callable[[], None]
    now: Callable[[], int]
    options: Options
    scale: Callable[[], Scale]
    markers: Markers | None = None
    who: Any = None
    entry: Entry | None = None
    one_song: PlayOptions | None = None
    screens: PlayScreens = field(default_factory=PlayScreens)
    ahead: Ahead = field(default_factory=Ahead)

    @property
    def hand(self) -> str:
        """The hand that plays: ``left`` or ``right``."""
        return "right" if self.who is None else str(self.who.hand)

    def make_ready(self, entry: Entry) -> Making:
        """Makes a play of ``entry`` ready, as it is played if it is chosen now."""
        desk = self.services.desk
        return self.ahead.song(desk, entry, self.who, self.inputs.kind, desk.options())

    def draw_ahead(self) -> Task:
        """Draws the play screen in a thread, or has drawn it already."""
        letters = self.inputs.letters(self.hand)
        return self.screens.ahead(self.scale(), self.hand, self.options, letters)

    def plays(self) -> Sequence[PlaySummary]:
        """The person's plays, the latest first."""
        return self.services.desk.plays(self.who)

    def card(self, entry: Entry) -> SongCard:
        """``entry`` as the person sees it."""
        return cards.song_card(entry, self.plays(), today())

    def suggested(self) -> Entry:
        """The song played last, else the first of the library that can be played."""
        if self.entry is not None:
            return self.entry
        playable = [entry for entry in self.services.desk.library.songs if entry.ok]
        by_key = {entry.key: entry for entry in playable}
        for play in self.plays():
            if play.song_key in by_key:
                return by_key[play.song_key]
        return by_key.get("ode-to-joy") or playable[0]


def today() -> date:
    """The day it is here."""
    return datetime.now().astimezone().date()
