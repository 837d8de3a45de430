"""One data folder at work: the library, the records, and plays on their way into them."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from game.cli.at_station import AtStation
from game.cli.boards import Boards, ClinicBoards
from game.cli.common import UserError, own_songs_folder, records_url
from game.cli.daily_backup import DailyBackup
from game.cli.helping import FIRST_TRY, Helping
from game.cli.library import Report, open_library
from game.cli.listening import listener_of
from game.cli.own_songs import take_in
from game.cli.recording import Recording, play_start
from game.cli.settings import Settings, read_settings
from game.cli.settings_file import Value, change
from game.cli.sitting import Sittings
from game.cli.standing import prescribed, standing
from game.core.data import Window
from game.core.grips import Grip
from game.music.library import Entry
from game.music.library.lists import Listener
from game.music.reading import read_song
from game.music.song import Song
from game.play.clock import Delays, SongClock
from game.play.conductor import Conductor, GloveLike
from game.play.outcome import PlayOutcome
from game.play.setup import Player, PlayOptions, PreparedPlay, prepare
from game.records.boards import (
    Board,
    BoardKind,
    WeekGoal,
)
from game.records.errors import RecordsError
from game.records.interrupted import close_interrupted
from game.records.patients import Patient
from game.records.plays import PlaySummary
from game.records.store import Store
from game.records.writer import Writer
from game.stage.menu_grip import MenuRules
from game.stage.view import Options
from game.therapy.difficulty import Change, DifficultyState, Limits

#: A disk that takes longer than this to keep the last play does not hold up the next one.
_WAIT_FOR_THE_LAST_PLAY_S = 3.0


def now_here() -> datetime:
    """The present, aware, in the station's own time zone."""
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Person:
    """Who plays: a patient, or a guest whose difficulty lives as long as the program."""

    patient: Patient | None
    hand: str = "right"


class Keeper:
    """The library and the records of one data folder, and the plays made with them."""

    def __init__(
        self, data: Path, store: Store, settings: Settings, report: Report | None = None
    ) -> None:
        self.data = data
        self.store = store
        self.settings = settings
        self.library = open_library(data, settings, report)
        self.writer = Writer(store)
        self._daily_backup = DailyBackup(store)
        self.helper = Helping(data, store, self._daily_backup)
        self.clinic_boards = ClinicBoards()
        self._boards = Boards(store, self.clinic_boards, lambda: now_here().date())
        self.station = AtStation(
            data, store, lambda: self.settings.clinic, self._settle, self.clinic_boards
        )
        self.sessions = Sittings(store, now_here, _facts, self._settle)
        # A guest's difficulty, by hand and kind of input, and the songs they marked: kept while
        # the program runs.
        self._guest_states: dict[tuple[str, str], DifficultyState] = {}
        self._guest_favourites: set[str] = set()

    @classmethod
    def open(cls, data: Path, report: Report | None = None) -> "Keeper":
        """Open ``data``, made if need be; plays that a crash left open are closed first.

        ``report`` is told how many files of how many the library has read, when that takes a
        while; see :func:`game.cli.library.open_library`.
        """
        settings = read_settings(data)
        store = Store.open(data, url=records_url(data))
        try:
            own_songs_folder(data).mkdir(exist_ok=True)
            close_interrupted(store)
            return cls(data, store, settings, report)
        except BaseException:
            store.close()
            raise

    def __enter__(self) -> "Keeper":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left and let go of the files."""
        self._daily_backup.close()
        self.library.close()
        self.writer.close()
        self.store.close()

    def _settle(self) -> None:
        """Wait, not long, until every play that was closed can be read."""
        self.writer.wait_until_written(3.0)

    def begin_backup(self) -> None:
        """Make today's backup in the background, if there is none yet.

        Not of a database that others share: the clinic's server does that, and nobody's records
        are copied to every station.
        """
        if self.store.place.url is None:
            self._daily_backup.begin(now_here().date())

    @property
    def trouble(self) -> str | None:
        """Why something is not kept yet, as a sentence; None if all is well."""
        return self.writer.trouble or self.sessions.trouble

    def take_in(self, path: Path) -> Path:
        """Copy a MIDI file into the user's own songs; returns where it is then.

        Raises MusicError if it cannot be played.
        """
        return take_in(self.data, path)

    # Who plays

    def person(self, code: str | None) -> Person:
        """The patient of this code, or the guest. Raises RecordsError for an unknown code."""
        if code is None:
            return Person(None)
        patient = self.store.patient(code)
        return Person(patient, patient.hand)

    def people(self) -> list[Patient]:
        """Every patient, by code."""
        return self.store.patients()

    def grips(self, who: Person) -> tuple[Grip, ...]:
        """The grips that are prescribed for this person; all five where nothing is."""
        limits, _ = self._prescribed(who)
        return limits.grips

    def grips_made(self, who: Person, made: Sequence[Grip]) -> None:
        """The grips that came in the very first try become those that are asked, as the first
        version of a plan; a plan that somebody wrote, and a person who has played, stay as they
        are."""
        patient = who.patient
        if patient is None or not made or len(made) == len(self.grips(who)):
            return
        with contextlib.suppress(
            RecordsError
        ):  # a disk that takes nothing keeps nobody from playing
            if not self.store.prescription(patient.code) and not self.store.count_plays(
                patient.code
            ):
                self.helper.ask_grips(patient.code, made, 0, author=FIRST_TRY)

    def plays(self, who: Person) -> Sequence[PlaySummary]:
        """The person's plays, the latest first; a guest has none."""
        return [] if who.patient is None else self.store.plays(who.patient.code)

    def plays_since(self, who: Person, day: date) -> Sequence[PlaySummary]:
        """The person's plays from this local day on, the latest first; a guest has none."""
        return [] if who.patient is None else self.store.plays(who.patient.code, since=day)

    def listener(self, who: Person, input_kind: str) -> Listener:
        """What lists of songs know of this person: the level of their hand on this kind of input,
        what they played, and what they marked."""
        if who.patient is None:
            state = self._guest_states.get((who.hand, input_kind))
            level = None if state is None else state.rate
            return Listener(level=level, favourites=frozenset(self._guest_favourites))
        return listener_of(
            self.store,
            self.library.songs,
            who.patient,
            who.hand,
            input_kind,
            now_here().date(),
        )

    def set_favourite(self, who: Person, entry: Entry, wanted: bool) -> None:
        """Mark a song for this person, or take the mark away; a guest's goes with the program."""
        if who.patient is not None:
            key, content = entry.key, entry.content_hash
            self.store.set_favourite(who.patient.code, key, content, wanted)
        elif wanted:
            self._guest_favourites.add(entry.key)
        else:
            self._guest_favourites.discard(entry.key)

    def count_plays(self, who: Person) -> int:
        """How many plays of this person are kept."""
        return 0 if who.patient is None else self.store.count_plays(who.patient.code)

    # One play

    def options(self) -> PlayOptions:
        """How a play from the chooser is played."""
        return play_options(self.settings)

    @property
    def delays(self) -> Delays:
        """The devices' delays as the settings have them."""
        return self.settings.delays.known()

    def change_settings(self, changes: Mapping[str, Value]) -> str:
        """Change ``settings.toml`` by the paths of settings, all or none.

        Returns why that could not be, as a sentence; empty if it was done.
        """
        try:
            self.settings = change(self.data, changes)
        except UserError as error:
            return str(error)
        return ""

    def setting(self, path: str) -> Any:
        """The setting of this path (``sound.music``) as it is now."""
        value: Any = self.settings
        for name in path.split("."):
            value = getattr(value, name)
        return value

    def look(self) -> Options:
        """How the screens are drawn, as the settings have it."""
        return self.settings.look()

    def menu_rules(self) -> MenuRules:
        """What a pinch means in menus, as the settings have it."""
        return self.settings.input.rules()

    def prepare(
        self,
        entry: Entry,
        who: Person,
        input_kind: str,
        options: PlayOptions,
        song: Song | None = None,
    ) -> PreparedPlay:
        """Read and arrange a song for this person, within what is prescribed; ``song`` is what was
        read of ``entry``, if it was already.

        Waits a moment for the disk: the play before this one decides how hard it is, and a first
        song must not be a ramp twice. Raises MusicError if the file is no song.
        """
        self.writer.wait_until_written(_WAIT_FOR_THE_LAST_PLAY_S)
        limits, window = self._prescribed(who)
        if window is not None and not options.window_fixed:
            options = replace(options, window=window)
        state, session_start, plays = self._state(who, input_kind, limits)
        player = Player(
            code=None if who.patient is None else who.patient.code,
            hand=who.hand,
            limits=limits,
            state=state,
            # A guest begins at once and gently; the ramp is for a hand that is here to stay.
            first_song=who.patient is not None and state is None,
            previous_tempo=plays[0].tempo if plays else 1.0,
        )
        return prepare(song or read_song(entry.path), entry.key, player, options, session_start)

    def player(self, who: Person) -> Player:
        """Who plays, as a test needs to know: hand and limits, and no level."""
        limits, _ = self._prescribed(who)
        code = None if who.patient is None else who.patient.code
        return Player(code=code, hand=who.hand, limits=limits)

    def allows(self, who: Person, mode: str) -> bool:
        """Whether the person may play in this mode: without a plan, in any."""
        kept = None if who.patient is None else self.store.prescription(who.patient.code)
        return kept is None or mode in kept.prescription.modes

    def week_goal(self, who: Person) -> WeekGoal | None:
        """What the person means to do this week, as the boards have it; None for a guest."""
        if who.patient is None:
            return None
        return self.store.week_goal(who.patient.code, now_here().date())

    def _prescribed(self, who: Person) -> tuple[Limits, Window | None]:
        return prescribed(self.store, who.patient, now_here().date())

    def _state(
        self, who: Person, input_kind: str, limits: Limits
    ) -> tuple[DifficultyState | None, Change | None, Sequence[PlaySummary]]:
        if who.patient is None:
            return self._guest_states.get((who.hand, input_kind)), None, []
        return standing(self.store, who.patient, who.hand, input_kind, limits, now_here())

    def conduct(
        self, prepared: PreparedPlay, who: Person, glove: GloveLike, clock: SongClock, **about: Any
    ) -> tuple[Conductor, Recording]:
        """A conductor for ``prepared`` whose facts go into the records from the first moment.

        ``about`` is ``input_kind``, ``input_description``, ``delays`` and ``silent``; ``mode`` if
        it is no ordinary play, ``hand`` if it is not the person's, ``session_id`` if it belongs to
        a session, and ``taken_as`` and ``silent_since`` as the conductor has them.
        """
        patient_id = None if who.patient is None else who.patient.id
        start = play_start(prepared, now_here(), patient_id, who.hand, about)
        recording = Recording(self.writer.open_play(start), start)
        conductor = Conductor(
            prepared.performance,
            glove,
            clock,
            about["delays"],
            recording,
            silent=about["silent"],
            taken_as=about.get("taken_as"),
            silent_since=about.get("silent_since"),
        )
        return conductor, recording

    def close_play(self, recording: Recording, outcome: PlayOutcome, who: Person) -> str:
        """Keep a finished play; a guest's difficulty is remembered until the program ends."""
        if who.patient is None and outcome.difficulty is not None:
            state = DifficultyState.from_dict(outcome.difficulty)
            self._guest_states[who.hand, outcome.input_kind] = state
        return recording.close(outcome)

    def wait_until_kept(self) -> None:
        """Wait for the disk. Raises RecordsError if it would not take the play in ten seconds.

        To be called last: the program is about to end, and what is in memory goes with it.
        """
        if not self.writer.wait_until_written(10.0) or self.writer.trouble:
            trouble = self.writer.trouble or "the records could not be written in time"
            _, _, why = trouble.partition("kept in memory: ")
            raise RecordsError(f"the play could not be kept: {why or trouble}")

    # Boards

    def board(self, kind: BoardKind, me: Patient | None = None) -> Board:
        """A board of this week, as ``me`` may see it."""
        return self._boards.board(kind, me)

    def hide_on_boards(self, who: Person, hidden: bool) -> Person:
        """Take a patient off the boards or show them again; a guest is on none."""
        if who.patient is None:
            return who
        return replace(who, patient=self._boards.hide(who.patient, hidden))


def _facts(play: PlaySummary) -> Any:
    from game.stage.results import facts_of_summary  # brings the window's library along

    return facts_of_summary(play)


def open_records(data: Path) -> Store:
    """The records, with plays that a crash left open closed first."""
    store = Store.open(data, url=records_url(data))
    try:
        close_interrupted(store)
    except BaseException:
        store.close()
        raise
    return store


def play_options(
    settings: Settings,
    *,
    rate: float | None = None,
    tempo: float | None = None,
    window_ms: float | None = None,
    seed: int | None = None,
) -> PlayOptions:
    """What was asked for a play; a ``window_ms`` reaches as far early as late.

    Without one it is ±200 ms, or what is prescribed.
    """
    half_us = round((200.0 if window_ms is None else window_ms) * 1000)
    window = Window(early_us=half_us, late_us=half_us)
    # A target has to be in view before a press can be meant for it.
    look_ahead_us = max(round(settings.stage.look_ahead_s * 1e6), window.reach_us + 250_000)
    return PlayOptions(
        rate=rate,
        tempo=tempo,
        window=window,
        look_ahead_us=look_ahead_us,
        seed=seed,
        window_fixed=window_ms is not None,
    )
