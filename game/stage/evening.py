"""One evening at the game: who plays, the song chosen last, and everything that was opened.

Rooms are handed it. It knows no room itself; :attr:`Evening.go` enters one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from firmware_bridge.glove import Glove
from game.music.library import Entry
from game.music.library.lists import Listener, Order, ordered
from game.play.clock import Delay, Delays
from game.play.markers import Markers
from game.play.setup import PlayOptions
from game.records.boards import BoardSource, Week
from game.records.plays import PlaySummary
from game.records.said_and_done import Activity
from game.stage import cards
from game.stage.ahead import Ahead, Making
from game.stage.desk import Services
from game.stage.inputs import Inputs
from game.stage.menu_grip import MenuRules
from game.stage.play_screens import PlayScreens
from game.stage.rooms.base import Room
from game.stage.screens import SongCard
from game.stage.task import Task
from game.stage.theme import Scale
from game.stage.view import Options
from game.stage.voice import Voice


@dataclass(frozen=True)
class TeamFill:
    """How far a team is, 0 to 1, and whose plays are counted."""

    fill: float
    source: BoardSource = BoardSource.HERE


@dataclass
class Evening:
    """``go`` enters a room; ``leave`` ends the game; ``now`` is the host clock, microseconds.

    ``scale`` is the window's; ``screens`` and ``ahead`` are what was made before it is asked for.

    ``who`` is None until somebody is playing; ``sitting`` is their session, None before it begins
    (:class:`game.stage.session_flow.Sitting`). ``present``: a therapist sits beside whoever plays,
    and sessions begin with songs. ``one_song`` are the options of the one song that
    the game was opened for; None where songs are chosen. ``order`` is that of their list.

    ``team_fill`` is how far the team was before this person's last play, where patients take turns
    and this one is on the boards.

    ``menu_rules`` say what a pinch means in menus. ``show_full`` makes the window as large as the
    screen, or no longer.
    """

    services: Services
    inputs: Inputs
    go: Callable[[Room], None]
    leave: Callable[[], None]
    now: Callable[[], int]
    options: Options
    scale: Callable[[], Scale]
    markers: Markers | None = None
    voice: Voice | None = None
    who: Any = None
    sitting: Any = None
    present: bool = False
    team_fill: TeamFill | None = None
    entry: Entry | None = None
    one_song: PlayOptions | None = None
    order: Order = Order.FOR_YOU
    menu_rules: MenuRules = field(default_factory=MenuRules)
    show_full: Callable[[bool], None] = field(default=lambda full: None)
    screens: PlayScreens = field(default_factory=PlayScreens)
    ahead: Ahead = field(default_factory=Ahead)

    @property
    def hand(self) -> str:
        """The hand that plays: ``left`` or ``right``."""
        return "right" if self.who is None else str(self.who.hand)

    def make_ready(self, entry: Entry) -> Making:
        """Makes a play of ``entry`` ready, as it is played if it is chosen now."""
        desk = self.services.desk
        asked = self.within_session(desk.options())
        return self.ahead.song(desk, entry, self.who, self.inputs.kind, asked)

    def within_session(self, asked: PlayOptions) -> PlayOptions:
        """``asked`` as the session has it, if there is one."""
        return asked if self.sitting is None else self.sitting.options(asked)

    def draw_ahead(self) -> Task:
        """Draws the play screen in a thread, or has drawn it already."""
        letters = self.inputs.letters(self.hand)
        return self.screens.ahead(self.scale(), self.hand, self.options, letters)

    @property
    def delays(self) -> Delays:
        """The settings' delays; where they say nothing of the audio, what the device tells."""
        delays, latency_us = self.services.desk.delays, self.services.audio.latency_us
        if delays.audio.measured or not latency_us:
            return delays
        return replace(delays, audio=Delay(latency_us, "the sound device's buffer"))

    def use_glove(self, glove: Glove) -> None:
        """Another glove from now on, between plays: one that was found later."""
        before = self.services.glove
        self.services.glove, self.services.notice = glove, ""
        self.inputs.use(glove)
        before.close()

    def did(self, done: Activity) -> None:
        """Keep something done beside the songs, in the session if there is one."""
        if self.sitting is not None:
            done = self.sitting.within(done)
        self.services.desk.sessions.did(self.who, done)

    def plays(self) -> Sequence[PlaySummary]:
        """The person's plays, the latest first."""
        return self.services.desk.plays(self.who)

    def plays_this_week(self) -> Sequence[PlaySummary]:
        """Those of the present week."""
        return self.services.desk.plays_since(self.who, Week.of(today()).first_day)

    def listener(self) -> Listener:
        """What lists of songs know of the person."""
        return self.services.desk.listener(self.who, self.inputs.kind)

    def card(self, entry: Entry) -> SongCard:
        """``entry`` as the person sees it."""
        return cards.song_card(entry, self.listener())

    def suggested(self) -> Entry:
        """The song chosen last, else the first of those for this person.

        Who has never played begins with a tune that everybody knows.
        """
        if self.entry is not None:
            return self.entry
        songs, who = self.services.desk.library.songs, self.listener()
        playable = [entry for entry in ordered(songs, Order.FOR_YOU, who, here()) if entry.ok]
        known = next((entry for entry in playable if entry.key == "ode-to-joy"), playable[0])
        return playable[0] if who.played else known


def here() -> datetime:
    """The present, aware, in the local time zone."""
    return datetime.now().astimezone()


def today() -> date:
    """The day it is here."""
    return here().date()
