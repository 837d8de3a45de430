"""What the stage needs of the rest of the program, handed in by the command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from firmware_bridge.glove import Glove
from game.core.grips import Grip
from game.music.library import Entry, Library
from game.music.library.lists import Listener
from game.music.song import Song
from game.music.sound import RenderWorker
from game.play.clock import Delays, SongClock
from game.play.conductor import Conductor, GloveLike, Journal
from game.play.outcome import PlayOutcome
from game.play.setup import Player, PlayOptions, PreparedPlay
from game.records.boards import Board, BoardKind, WeekGoal
from game.records.patients import Patient
from game.records.plays import PlaySummary
from game.stage.audio import AudioOut
from game.stage.helper_desk import HelperDesk
from game.stage.menu_grip import MenuRules
from game.stage.session_desk import SessionDesk
from game.stage.station_desk import StationDesk
from game.stage.view import Options


class PersonLike(Protocol):
    """Who plays: a patient, or a guest (``patient`` None)."""

    @property
    def patient(self) -> Patient | None:
        """The patient's row."""

    @property
    def hand(self) -> str:
        """``left`` or ``right``."""


class RecordingLike(Journal, Protocol):
    """A play on its way into the records."""

    def flush(self) -> None:
        """To the disk now."""

    def discard(self) -> None:
        """Nothing happened that is worth keeping."""


class Desk(Protocol):
    """The library and the records."""

    library: Library

    @property
    def helper(self) -> HelperDesk:
        """What the helper's page needs."""

    @property
    def station(self) -> StationDesk:
        """What patients who take turns need."""

    @property
    def sessions(self) -> SessionDesk:
        """What sessions need."""

    @property
    def delays(self) -> Delays:
        """The devices' delays as the settings have them."""

    @property
    def trouble(self) -> str | None:
        """Why something is not kept yet, as a sentence; None if all is well."""

    def people(self) -> list[Patient]:
        """Every patient."""

    def person(self, code: str | None) -> Any:
        """The patient of this code, or a guest."""

    def plays(self, who: Any) -> Sequence[PlaySummary]:
        """The person's plays, the latest first."""

    def plays_since(self, who: Any, day: date) -> Sequence[PlaySummary]:
        """The person's plays from this local day on, the latest first."""

    def allows(self, who: Any, mode: str) -> bool:
        """Whether the person may play in this mode: what is prescribed says so."""

    def week_goal(self, who: Any) -> WeekGoal | None:
        """What the person means to do this week; None for a guest."""

    def listener(self, who: Any, input_kind: str) -> Listener:
        """What lists of songs know of the person, with this kind of input."""

    def set_favourite(self, who: Any, entry: Entry, wanted: bool) -> None:
        """Mark a song for the person, or take the mark away."""

    def options(self) -> PlayOptions:
        """How a play from the chooser is played."""

    def prepare(
        self, entry: Entry, who: Any, input_kind: str, options: PlayOptions, song: Song
    ) -> PreparedPlay:
        """Arrange ``song``, which was read from the file of ``entry``."""

    def player(self, who: Any) -> Player:
        """Who plays, as a test needs to know: hand and limits."""

    def conduct(
        self, prepared: PreparedPlay, who: Any, glove: GloveLike, clock: SongClock, **about: Any
    ) -> tuple[Conductor, Any]:
        """A conductor and the recording it writes to."""

    def close_play(self, recording: Any, outcome: PlayOutcome, who: Any) -> str:
        """Keep a finished play; returns its identifier."""

    def board(self, kind: BoardKind, me: Patient | None = None) -> Board:
        """A board of this week."""

    def hide_on_boards(self, who: Any, hidden: bool) -> Any:
        """Take a patient off the boards or show them again; returns the person as they are now."""

    def grips(self, who: Any) -> tuple[Grip, ...]:
        """The grips that are prescribed; all five where nothing is."""

    def grips_made(self, who: Any, made: Sequence[Grip]) -> None:
        """What the very first try of every grip came to: those that came are asked from now on,
        unless somebody prescribed, or the person has played before."""

    def change_settings(self, changes: Mapping[str, Any]) -> str:
        """Change settings by their path (``{"delays.audio_ms": 40}``), all or none.

        Returns why that could not be, as a sentence; empty if it was done.
        """

    def setting(self, path: str) -> Any:
        """The setting of this path as it is now."""

    def look(self) -> Options:
        """How the screens are drawn, as the settings have it."""

    def menu_rules(self) -> MenuRules:
        """What a pinch means in menus, as the settings have it."""

    def take_in(self, path: Path) -> Path:
        """Copy a dropped MIDI file into the user's own songs; returns where. Raises MusicError."""


@dataclass
class Services:
    """Everything that was opened while the loading screen showed."""

    desk: Desk
    glove: Glove
    audio: AudioOut
    renderer: RenderWorker
    notice: str = ""
    #: Whether songs may be heard before they are chosen.
    previews: bool = True
    #: Looks for a glove that was not there at the start; takes some seconds, None if there is none.
    look_for_glove: Callable[[], Glove | None] | None = None

    def close(self) -> None:
        """Let go of devices and processes."""
        self.audio.close()
        self.renderer.close()
        self.glove.close()
