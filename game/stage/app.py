"""The game: one window, one loop, one screen at a time.

The loop draws 60 times a second and looks at input, sound and glove every few milliseconds in
between, so that a key is stamped well within a frame. Everything slow (opening, arranging,
rendering) happens in a thread or another process while a loading screen shows.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pygame

from firmware_bridge.glove import host_clock
from game.music.errors import MusicError
from game.music.library import Entry, bundled_folder
from game.music.sound import SAMPLE_RATE, RenderJob
from game.play.clock import AudioSongClock, Delay, Delays
from game.play.conductor import GloveLike
from game.play.markers import MarkedGlove, Markers
from game.play.outcome import PlayOutcome
from game.play.setup import PlayOptions, PreparedPlay, outcome_of
from game.records.boards import BoardKind
from game.stage import cards, keys
from game.stage.bindings import DEFAULT, Bindings
from game.stage.commands import Command, Pointer
from game.stage.desk import Services
from game.stage.inputs import Inputs
from game.stage.live_play import LivePlay
from game.stage.menu_grip import MenuGrip
from game.stage.screens import (
    BoardScreen,
    ChooseScreen,
    ChooseView,
    LoadingScreen,
    LoadingView,
    MessageKey,
    MessageScreen,
    MessageView,
    PauseScreen,
    PauseView,
    Person,
    PlayScreen,
    ResultScreen,
    Screen,
    TodayScreen,
    WhoScreen,
    WhoView,
)
from game.stage.sounds import PlaySounds
from game.stage.view import Options
from game.stage.window import dropped_file

FRAME_S = 1 / 60

#: Input, glove and sound are looked at this often between frames.
_NAP_S = 0.003

#: The songs folder is looked at this often; a dropped file shows one or two looks later.
_LIBRARY_EVERY_S = 0.7

_UNPLUGGED = "The glove is unplugged. Plug it in."
_BACK_AGAIN = "The glove is back. Continue when you like."


class Task:
    """Something slow, done in a thread while a loading screen shows."""

    def __init__(self, work: Callable[[Callable[[float, str], None]], Any]) -> None:
        self.progress = 0.0
        self.words = ""
        self.answer: Any = None
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Callable[[float, str], None]], Any]) -> None:
        try:
            self.answer = work(self._report)
        except BaseException as error:
            self.error = error

    def _report(self, progress: float, words: str = "") -> None:
        self.progress = progress
        self.words = words or self.words

    @property
    def done(self) -> bool:
        """Whether there is an answer or an error."""
        return not self._thread.is_alive()


class App:
    """The game on ``surface``, the window's own.

    ``start`` opens everything the game needs; it runs in a thread while the loading screen shows,
    and what it raises is raised by :meth:`run`. ``bindings`` say which key, button or note is which
    grip, ``cues`` whether a glove shows targets, ``markers`` who else is told of targets and
    presses.
    """

    def __init__(
        self,
        surface: pygame.Surface,
        start: Callable[[Callable[[float, str], None]], Services],
        options: Options,
        *,
        now: Callable[[], int] = host_clock,
        ready: Callable[[], bool] | None = None,
        bindings: Bindings = DEFAULT,
        cues: bool = True,
        markers: Markers | None = None,
    ) -> None:
        self.surface = surface
        self.services: Services
        self.inputs: Inputs
        self.screen: Screen
        self.live: LivePlay | None = None
        self.last_outcome: PlayOutcome | None = None
        self.last_play_id = ""
        self._start = start
        self._options = options
        self._now = now
        self._ready = ready
        self._bindings = bindings
        self._cues = cues
        self._markers = markers
        self._done = False
        self._who: Any = None
        self._entry: Entry | None = None
        self._recording: Any = None
        self._prepared_kind = ""
        self._play_screens: dict[tuple[tuple[int, int], str, bool], PlayScreen] = {}
        self._waiting: Callable[[], None] | None = None
        self._menu_grip = MenuGrip()
        self._behind: pygame.Surface | None = None
        self._pause_reason = ""
        self._library_due_s = 0.0
        self._remake: Callable[[], Screen] | None = None
        self._one_song: tuple[Entry, Any, PlayOptions] | None = None

    # ------------------------------------------------------------------ the loop

    def run(self, one_song: tuple[str, str | None, PlayOptions] | None = None) -> None:
        """Run until the person quits; with ``one_song`` (name, patient, options) until it ends."""
        opening = Task(self._start)
        loading = LoadingScreen(self.surface.get_size(), LoadingView())
        self.screen = loading
        self._await(opening, loading, lambda services: self._opened(services, one_song))
        try:
            while not self._done:
                self._frame()
        finally:
            if self.live is not None:
                self._end_play(interrupted=True)
            if hasattr(self, "inputs"):
                self.inputs.close()
            if opening.done and opening.answer is not None:
                opening.answer.close()

    def _frame(self) -> None:
        began = time.perf_counter()
        if self._waiting is not None:
            self._waiting()
        if hasattr(self, "services"):
            self._look_around()
        self._draw()
        while True:
            self._pump()
            left = began + FRAME_S - time.perf_counter()
            if left <= 0 or self._done:
                return
            time.sleep(min(_NAP_S, left))

    def _pump(self) -> None:
        """Take in what has come: events, pinches, sound."""
        self._take_events()
        if self.live is not None and not self.live.paused:
            self.live.step()
            if self.live.finished:
                self._end_play(interrupted=False)
        elif hasattr(self, "inputs"):
            if self.live is not None:
                self.live.step()
                edges = self.inputs.poll_aside()
            else:
                edges, _ = self.inputs.poll()
            for command in self._menu_grip.commands(edges, self._now()):
                self._command(command)

    def _take_events(self) -> None:
        for event in pygame.event.get():
            self._take(event)
        if hasattr(self, "inputs"):
            self.inputs.pumped()

    def _take(self, event: pygame.event.Event) -> None:
        if event.type == pygame.QUIT:
            self._done = True
            return
        if event.type == pygame.VIDEORESIZE:
            self._resized()
            return
        path = dropped_file(event)
        if path is not None and hasattr(self, "services"):
            self._dropped(path)
            return
        if hasattr(self, "inputs"):
            playing = self.live is not None and not self.live.paused
            hand = "right" if self._who is None else self._who.hand
            if self.inputs.take(event, hand, keys_play=playing):
                return
        command = keys.command_of(event)
        if command is not None:
            self._command(command)

    def _command(self, command: Command | Pointer) -> None:
        action = self.screen.handle(command)
        if action is not None:
            self._act(action)

    def _draw(self) -> None:
        if self.live is not None and isinstance(self.screen, PlayScreen):
            self.screen.view = self.live.view(self.inputs.contacts, self._notice())
            changed = self.screen.draw(self.surface)
            # Drawing and showing take the longest of all: keys pressed meanwhile are stamped here.
            self._take_events()
            pygame.display.update(changed)
            return
        self.screen.holding = self._menu_grip.holding(self._now())
        if self.screen.stale:
            self.screen.draw(self.surface)
            pygame.display.flip()

    def _look_around(self) -> None:
        """Look after the devices and the songs folder."""
        services = self.services
        services.audio.poll()
        lost = services.glove.health.link == "lost"
        if lost and self.live is not None and not self.live.paused:
            self._pause(_UNPLUGGED)
        elif not lost and self._pause_reason == _UNPLUGGED and isinstance(self.screen, PauseScreen):
            self._show_pause(_BACK_AGAIN)
        if self.live is None and time.perf_counter() >= self._library_due_s:
            self._library_due_s = time.perf_counter() + _LIBRARY_EVERY_S
            changes = services.desk.library.poll()
            if changes and isinstance(self.screen, ChooseScreen):
                self.screen.show(self._choose_view())

    # ------------------------------------------------------------------ waiting

    def _await(
        self, task: Task, screen: LoadingScreen, then: Callable[[Any], None], title: str = ""
    ) -> None:
        """Show ``screen`` until ``task`` is done, then go on with its answer."""
        self._go(lambda: screen)

        def look() -> None:
            if isinstance(self.screen, LoadingScreen):
                words = task.words or "Getting ready"
                self.screen.show(LoadingView(title or "Griptune", words, task.progress))
            if not task.done:
                return
            self._waiting = None
            if isinstance(task.error, MusicError):
                self._tell_of_song(str(task.error))
            elif task.error is not None:
                raise task.error
            else:
                then(task.answer)

        self._waiting = look

    def _opened(
        self, services: Services, one_song: tuple[str, str | None, PlayOptions] | None
    ) -> None:
        self.services = services
        # Here, and not with the rest: gamepads belong to the thread of the window.
        self.inputs = Inputs(services.glove, self._now, self._bindings, cues=self._cues)
        if self._ready is not None and self._ready():
            self._done = True
            return
        if one_song is not None:
            name, patient, options = one_song
            entry, who = services.desk.library.find(name), services.desk.person(patient)
            self._who = who
            self._one_song = (entry, who, options)
            self._play(entry, options)
            return
        if services.desk.people():
            self._go(self._make_who)
        else:
            self._who = services.desk.person(None)
            self._go(self._make_today)

    # ------------------------------------------------------------------ going from screen to screen

    def _go(self, make: Callable[[], Screen]) -> None:
        self._remake = make
        self.screen = make()
        self._menu_grip.rest(self._now())
        if isinstance(self.screen, PlayScreen):
            self.screen.highway.forget()

    def _resized(self) -> None:
        self.surface = pygame.display.get_surface() or self.surface
        if isinstance(self.screen, LoadingScreen):
            showing = LoadingScreen(self.size, self.screen.view)
            self.screen = showing
        elif self.live is not None:
            self._pause("")
        elif self._remake is not None:
            self.screen = self._remake()

    @property
    def size(self) -> tuple[int, int]:
        """The window's size in pixels."""
        return self.surface.get_size()

    def _act(self, action: str) -> None:
        name, _, what = action.partition(":")
        if name == "quit" or (name == "stop" and self.live is None):
            self._stop_or_quit(name)
        elif name in ("guest", "person"):
            self._who = self.services.desk.person(what or None)
            self._go(self._make_today)
        elif name == "who":
            self._go(self._make_who)
        elif name == "songs":
            self._go(self._make_choose)
        elif name == "board":
            self._go(self._make_board)
        elif name in ("back", "ok"):
            self._go(self._make_today)
        elif name == "play":
            key = what or (self._entry.key if self._entry is not None else "")
            self._play(self.services.desk.library.find(key or self._suggested().key))
        else:
            self._act_in_play(name)

    def _act_in_play(self, name: str) -> None:
        if name == "pause":
            self._pause("")
        elif name == "continue" and self.live is not None:
            live = self.live
            self._go(self._make_play)
            live.resume()
        elif name == "again":
            if self.live is not None:
                self._end_play(interrupted=True)
            if self._entry is not None:
                options = self._one_song[2] if self._one_song is not None else None
                self._play(self._entry, options)
        elif name == "end":
            self._end_play(interrupted=True)

    def _stop_or_quit(self, name: str) -> None:
        if name == "quit" or self._one_song is not None:
            self._done = True
        else:
            self._go(self._make_today)

    # ------------------------------------------------------------------ the screens

    def _make_who(self) -> Screen:
        people = tuple(Person(p.code, p.shown_name, p.picture) for p in self.services.desk.people())
        return WhoScreen(self.size, WhoView(people))

    def _make_today(self) -> Screen:
        view = cards.today_view(
            patient=self._who.patient,
            song=self._card(self._suggested()),
            plays=self.services.desk.plays(self._who),
            today=_today(),
            notice=self._notice(),
        )
        return TodayScreen(self.size, view)

    def _make_choose(self) -> Screen:
        first = self._entry.key if self._entry is not None else ""
        return ChooseScreen(self.size, self._choose_view(), first)

    def _make_board(self) -> Screen:
        desk, me = self.services.desk, self._who.patient
        view = cards.board_view(desk.board(BoardKind.TEAM, me), desk.board(BoardKind.EFFORT, me))
        return BoardScreen(self.size, view)

    def _make_play(self) -> Screen:
        hand = self._who.hand
        letters = self.inputs.letters(hand)
        screen = self._play_screens.get((self.size, hand, letters is not None))
        if screen is None:
            options = Options(
                reduced_motion=self._options.reduced_motion,
                high_contrast=self._options.high_contrast,
                letters=letters,
            )
            screen = PlayScreen(self.size, hand, options)
            self._play_screens[self.size, hand, letters is not None] = screen
        if self.live is not None:
            screen.prepare(self.live.first_view())
        return screen

    def _choose_view(self) -> ChooseView:
        plays = self.services.desk.plays(self._who)
        # Whoever drops a file wants to see it: their own songs come before the bundled ones.
        bundled = bundled_folder()
        entries = sorted(
            self.services.desk.library.songs, key=lambda e: e.path.is_relative_to(bundled)
        )
        return ChooseView(tuple(cards.song_card(e, plays, _today()) for e in entries))

    def _card(self, entry: Entry) -> Any:
        return cards.song_card(entry, self.services.desk.plays(self._who), _today())

    def _suggested(self) -> Entry:
        """The song played last, else the first of the library that can be played."""
        library = self.services.desk.library
        if self._entry is not None:
            return self._entry
        playable = [entry for entry in library.songs if entry.ok]
        by_key = {entry.key: entry for entry in playable}
        for play in self.services.desk.plays(self._who):
            if play.song_key in by_key:
                return by_key[play.song_key]
        return by_key.get("ode-to-joy") or playable[0]

    def _tell_of_song(self, sentence: str) -> None:
        view = MessageView(
            title="This song cannot be played",
            sentence=sentence,
            to_do="Please choose another one.",
            keys=(MessageKey("songs", "Songs", "note"),),
        )
        if self._one_song is not None:
            raise MusicError(sentence)
        self._go(lambda: MessageScreen(self.size, view))

    # ------------------------------------------------------------------ a play

    def _play(self, entry: Entry, options: PlayOptions | None = None) -> None:
        """Make ``entry`` ready and begin."""
        services, who = self.services, self._who
        self._entry = entry
        asked = options or services.desk.options()
        self._prepared_kind = self.inputs.kind
        rendering: list[RenderJob] = []

        def work(report: Callable[[float, str], None]) -> tuple[PreparedPlay, PlaySounds]:
            report(0.05, "Reading the song")
            prepared = services.desk.prepare(entry, who, self._prepared_kind, asked)
            report(0.2, "Tuning the instruments")
            sounds = PlaySounds.of(prepared.song, prepared.chart)
            report(0.3, "Playing the music in")
            return prepared, sounds

        def render(answer: tuple[PreparedPlay, PlaySounds]) -> None:
            prepared, sounds = answer
            rendering.append(services.renderer.request(prepared.song, prepared.tempo))
            job = rendering[0]

            def look() -> None:
                if isinstance(self.screen, LoadingScreen):
                    share = 0.3 + 0.7 * job.progress
                    self.screen.show(LoadingView(entry.title, "Playing the music in", share))
                if job.done:
                    self._waiting = None
                    try:
                        stems = job.result()
                    except MusicError as error:
                        self._tell_of_song(str(error))
                        return
                    self._begin(prepared, sounds, stems)

            self._waiting = look

        loading = LoadingScreen(self.size, LoadingView(entry.title, "Reading the song", 0.0))
        self._await(Task(work), loading, render, entry.title)

    def _begin(self, prepared: PreparedPlay, sounds: PlaySounds, stems: Any) -> None:
        services = self.services
        silent = services.audio.silent_reason is not None
        delays = self._delays()
        clock = AudioSongClock(SAMPLE_RATE)
        glove: GloveLike = self.inputs
        if self._markers is not None:
            glove = MarkedGlove(glove, self._markers)
        conductor, self._recording = services.desk.conduct(
            prepared,
            self._who,
            glove,
            clock,
            input_kind=self._prepared_kind,
            input_description=self.inputs.expected(self._prepared_kind).description,
            delays=delays,
            silent=silent,
        )
        self.live = LivePlay(
            prepared,
            conductor,
            clock,
            services.audio,
            stems,
            sounds,
            delays,
            self._now,
            feels=self.inputs.feels,
        )
        self._go(self._make_play)
        self.live.begin()

    def _delays(self) -> Delays:
        """The settings' delays; where they say nothing of the audio, what the device tells."""
        delays = self.services.desk.delays
        latency_us = self.services.audio.latency_us
        if delays.audio.us or not latency_us:
            return delays
        audio = Delay(latency_us, "the sound device's buffer")
        return Delays(audio, delays.display, delays.link, delays.motor)

    def _pause(self, reason: str) -> None:
        live = self.live
        if live is None:
            return
        live.pause()
        self._recording.flush()
        play = self.screen if isinstance(self.screen, PlayScreen) else None
        behind = None
        if play is not None and play.size == self.size:
            # Drawn anew: what is on the surface may be an older pause, or a page before the play.
            play.highway.forget()
            play.view = live.view(0)
            play.draw(self.surface)
            behind = self.surface.copy()
        self._behind = behind
        self._show_pause(reason)

    def _show_pause(self, reason: str) -> None:
        live, behind = self.live, self._behind
        if live is None:
            return
        self._pause_reason = reason
        view = PauseView(live.prepared.song.title, live.counted, reason)
        self._go(lambda: PauseScreen(self.size, view, behind))

    def _end_play(self, interrupted: bool) -> None:
        live, services = self.live, self.services
        if live is None:
            return
        if interrupted:
            live.stop()
        self.live = None
        self.inputs.let_go_of_keys()
        played = self.inputs.play_ended()
        services.audio.mixer.load(None)
        earlier = services.desk.plays(self._who)
        outcome = outcome_of(
            live.prepared,
            live.conductor,
            input_kind=played.kind,
            input_description=played.description,
        )
        if played.kind != self._prepared_kind:
            # Adapted from another kind's level: it is no level of this one.
            outcome = replace(outcome, difficulty=None)
        if not len(outcome.targets) and not len(outcome.edges):
            self._recording.discard()
            self._stop_or_quit("stop")
            return
        self.last_play_id = services.desk.close_play(self._recording, outcome, self._who)
        self.last_outcome = outcome
        view = cards.result_view(outcome, earlier, _today())
        self._go(lambda: ResultScreen(self.size, view))

    # ------------------------------------------------------------------ what is seen of the input

    def _notice(self) -> str:
        services = self.services
        silent = services.audio.silent_reason or ""
        # The place for it holds one sentence; what to do about it is said by glove check.
        glove = (services.glove.health.sentence or "").partition(". ")[0]
        return services.desk.trouble or glove or self._trouble() or services.notice or silent

    def _trouble(self) -> str:
        """What is wrong with another way in or with the markers."""
        markers = None if self._markers is None else self._markers.trouble
        return markers or self.inputs.notice

    def _dropped(self, path: Any) -> None:
        try:
            self.services.desk.take_in(path)
        except MusicError as error:
            if self.live is None:
                self._tell_of_song(str(error))


def _today() -> Any:
    return datetime.now().astimezone().date()
