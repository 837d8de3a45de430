"""The game: one window, one loop, one room at a time.

The loop draws 60 times a second and looks at input, sound and glove every few milliseconds in
between, so that a key is stamped well within a frame. Everything slow (opening, arranging,
rendering) happens in a thread or another process while a loading screen shows.
"""

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pygame

from firmware_bridge.glove import host_clock
from game.core.say import mark
from game.music.errors import MusicError
from game.music.song import Song
from game.play.markers import Markers
from game.play.outcome import PlayOutcome
from game.play.setup import PlayOptions
from game.records.replays import Replay
from game.stage import keys
from game.stage.bindings import DEFAULT, Bindings
from game.stage.commands import Command, Pointer, Typed
from game.stage.desk import Services
from game.stage.evening import Evening
from game.stage.inputs import Inputs
from game.stage.menu_grip import MenuGrip, MenuRules
from game.stage.navigation import first_room, follow
from game.stage.pad_menu import PadMenu
from game.stage.play_flow import PlayFlow
from game.stage.reading_aloud import ReadingAloud
from game.stage.rooms.base import Room
from game.stage.rooms.message import tell_of_song
from game.stage.rooms.waiting import WaitingRoom
from game.stage.screens import Screen
from game.stage.steady import be_steady
from game.stage.task import Report, Task
from game.stage.theme import Scale
from game.stage.therapist_keys import therapist_key
from game.stage.view import Options
from game.stage.voice import Voice
from game.stage.watch_flow import WatchFlow
from game.stage.window import dropped_file, show_full_screen
from game.words import language

FRAME_S = 1 / 60

#: Input, glove and sound are looked at this often between frames.
_NAP_S = 0.003

#: The songs folder is looked at this often; a dropped file shows one or two looks later.
_LIBRARY_EVERY_S = 0.7


class App:
    """The game on ``surface``, the window's own.

    ``start`` opens everything the game needs; it runs in a thread while the loading screen shows,
    and what it raises is raised by :meth:`run`. ``ready`` is called once all is open, and ends the
    game there if it says so. ``bindings`` say which key, button or note is which grip, ``cues``
    whether a glove shows targets, ``markers`` who else is told of targets and presses, ``voice``
    what reads the screens aloud, ``menu_rules`` what a pinch means in menus,
    ``therapist`` that one sits beside whoever plays.
    """

    def __init__(
        self,
        surface: pygame.Surface,
        start: Callable[[Report], Services],
        options: Options,
        *,
        now: Callable[[], int] = host_clock,
        ready: Callable[[], bool] | None = None,
        bindings: Bindings = DEFAULT,
        cues: bool = True,
        markers: Markers | None = None,
        voice: Voice | None = None,
        menu_rules: MenuRules | None = None,
        therapist: bool = False,
    ) -> None:
        self._surface = surface
        self._start = start
        self._options = options
        self._now = now
        self._ready = ready
        self._bindings = bindings
        self._cues = cues
        self._markers = markers
        self._voice = voice
        self._reading = ReadingAloud()
        self._therapist = therapist
        self._done = False
        self._evening: Evening | None = None
        self._room = Room()  # nowhere yet
        self._screen = Screen(self._scale)
        self._flow: PlayFlow | None = None
        self._menu_rules = menu_rules or MenuRules()
        self._menu_grip = MenuGrip(self._menu_rules)
        self._pad = PadMenu()
        self._library_due_s = 0.0
        self._came: Path | None = None

    @property
    def _scale(self) -> Scale:
        options = self._options if self._evening is None else self._evening.options
        return Scale(*self._surface.get_size(), options.scale)

    @property
    def last_outcome(self) -> PlayOutcome | None:
        """What the play that was kept last came to."""
        return None if self._flow is None else self._flow.last_outcome

    @property
    def last_play_id(self) -> str:
        """Its identifier in the records."""
        return "" if self._flow is None else self._flow.last_play_id

    def run(
        self,
        one_song: tuple[str, str | None, PlayOptions] | None = None,
        watch: tuple[Replay, Song | None] | None = None,
    ) -> None:
        """Run until the person quits.

        With ``one_song`` (name, patient, options) run until it ends; with ``watch`` (a play that is
        over, and its song if the library has it) until it was shown.
        """
        opening = Task(self._start)
        self._go(
            WaitingRoom(
                opening,
                lambda services: self._opened(services, one_song, watch),
                title="Griptune",
                words=lambda: opening.words or mark("Getting ready"),
            )
        )
        try:
            while not self._done:
                self._frame()
        finally:
            self._keep_the_play()
            if self._evening is not None:
                self._evening.inputs.close()
                self._voice = self._evening.voice
            if self._voice is not None:
                self._voice.close()
            if opening.done and opening.answer is not None:
                opening.answer.close()

    def _keep_the_play(self) -> None:
        """End a play that still runs. After a fault of the game it may not be able to end.

        Then what was played lies in the journal, and is kept when the game is opened again.
        """
        failing = sys.exception() is not None
        with contextlib.suppress(Exception) if failing else contextlib.nullcontext():
            if self._flow is not None:
                self._flow.close(interrupted=True)

    def _opened(
        self,
        services: Services,
        one_song: tuple[str, str | None, PlayOptions] | None,
        watch: tuple[Replay, Song | None] | None,
    ) -> None:
        be_steady()
        evening = self._evening = Evening(
            services,
            # Here, and not with the rest: gamepads belong to the thread of the window.
            Inputs(services.glove, self._now, self._bindings, cues=self._cues),
            self._go,
            self._leave,
            self._now,
            self._options,
            lambda: self._scale,
            self._markers,
            self._voice,
            present=self._therapist,
            menu_rules=self._menu_rules,
            show_full=self._show_full,
        )
        if watch is not None:
            watching = self._flow = WatchFlow(evening, *watch)
            watching.watch()
            return
        flow = self._flow = PlayFlow(evening)
        if self._ready is not None and self._ready():
            self._done = True
        elif one_song is not None:
            name, patient, options = one_song
            entry = services.desk.library.find(name)
            evening.who, evening.one_song = services.desk.person(patient), options
            flow.prepare(entry, options)
        else:
            self._go(first_room(evening))

    # ------------------------------------------------------------------ the loop

    def _frame(self) -> None:
        began = time.perf_counter()
        if self._evening is not None:
            self._look_around(self._evening)
        self._room.step(self._screen)
        self._draw()
        while True:
            self._take_events()
            self._hear_pinches()
            left = began + FRAME_S - time.perf_counter()
            if left <= 0 or self._done:
                return
            time.sleep(min(_NAP_S, left))

    def _look_around(self, evening: Evening) -> None:
        """Look after the sound device and the songs folder."""
        evening.services.audio.poll()
        idle = self._flow is None or self._flow.live is None
        if idle and time.perf_counter() >= self._library_due_s:
            self._library_due_s = time.perf_counter() + _LIBRARY_EVERY_S
            library = evening.services.desk.library
            if library.poll():
                self._room.library_changed(self._screen)
            came = next((entry for entry in library.songs if entry.path == self._came), None)
            if came is not None:
                self._came = None
                self._room.song_came(came)

    def _draw(self) -> None:
        self._screen.holding = self._menu_grip.holding(self._now())
        if self._screen.stale:
            changed = self._screen.draw(self._surface)
            # Drawing and showing take the longest of all: keys pressed meanwhile are stamped here.
            self._take_events()
            pygame.display.update(changed)
            self._read_aloud()

    def _read_aloud(self) -> None:
        """Say what is new on the screen; while a song plays, nothing."""
        voice = None if self._evening is None else self._evening.voice
        if voice is None:
            return
        if self._screen.aloud:
            said = self._reading.says(self._screen)
            if said:
                voice.say(said, language())
        elif self._reading.begun:
            self._reading = ReadingAloud()
            voice.stop()

    def _hear_pinches(self) -> None:
        """The play takes its own, and so may a room; the others move and choose."""
        if self._room.takes_pinches:
            self._room.hear()
        elif self._flow is not None and self._evening is not None:
            self._menu_grip.use(self._evening.menu_rules)
            edges = self._flow.step()
            for command in self._menu_grip.commands(edges, self._now()):
                self._command(command)

    # ------------------------------------------------------------------ events

    def _take_events(self) -> None:
        for event in pygame.event.get():
            self._take(event)
        if self._evening is not None:
            self._evening.inputs.pumped()

    def _take(self, event: pygame.event.Event) -> None:
        if event.type == pygame.QUIT:
            self._done = True
            return
        if event.type == pygame.VIDEORESIZE:
            self._resized()
            return
        if event.type == pygame.VIDEOEXPOSE:
            # Another window lay over this one; a screen at rest is not drawn again by itself.
            pygame.display.flip()
            return
        if keys.turns_full_screen(event):
            self._turn_full_screen()
            return
        if self._evening is not None and self._flow is not None:
            path = dropped_file(event)
            if path is not None:
                self._dropped(path)
                return
            asked = therapist_key(event, self._evening.hand)
            if asked and self._flow.therapist_asks(asked):
                return
            inputs, hand = self._evening.inputs, self._evening.hand
            keys_play = self._flow.playing or self._room.keys_are_grips
            if inputs.take(event, hand, keys_play=keys_play):
                return
        command = keys.command_of(
            event,
            size=self._surface.get_size(),
            typing=self._screen.typing,
            any_key=self._screen.any_key,
        ) or self._steered(event)
        if command is not None:
            self._command(command)

    def _steered(self, event: pygame.event.Event) -> Command | None:
        """What a gamepad wants; while a song plays it only plays."""
        command = self._pad.command_of(event)
        playing = self._flow is not None and self._flow.playing
        return command if self._bindings.menus and not playing else None

    def _command(self, command: Command | Pointer | Typed) -> None:
        action = self._screen.handle(command)
        if action is not None and self._evening is not None and self._flow is not None:
            follow(action, self._room, self._evening, self._flow)

    def _dropped(self, path: Path) -> None:
        evening, flow = self._evening, self._flow
        if evening is None or flow is None:
            return
        try:
            self._came = evening.services.desk.take_in(path)
        except MusicError as error:
            if flow.live is None:
                tell_of_song(evening, str(error))

    # ------------------------------------------------------------------ from room to room

    def _go(self, room: Room) -> None:
        if room is not self._room:
            self._room.leave()
        self._room = room
        self._screen = room.screen(self._scale)
        self._menu_grip.rest(self._now())

    def _leave(self) -> None:
        self._done = True

    def _turn_full_screen(self) -> None:
        """Full screen or a window again; it is the same at the next start."""
        full = not pygame.display.is_fullscreen()
        self._show_full(full)
        if self._evening is not None:
            # If it cannot be kept there is nothing to say: it was done.
            self._evening.services.desk.change_settings({"stage.full_screen": full})

    def _show_full(self, full: bool) -> None:
        if full != pygame.display.is_fullscreen():
            show_full_screen(full)
            self._resized()

    def _resized(self) -> None:
        self._surface = pygame.display.get_surface() or self._surface
        room = self._room
        room.resized()
        if self._room is room:
            self._screen = room.screen(self._scale)
