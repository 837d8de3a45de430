"""The tutorial: every prescribed grip without a clock, then four targets to a beat, then a song."""

from dataclasses import replace

import numpy as np

from game.core.data import EDGE
from game.core.grips import Grip
from game.music.sound import SAMPLE_RATE, Stems
from game.play.clock import AudioSongClock
from game.play.conductor import Conductor
from game.play.tutorial import Lesson, Step, first_beat
from game.stage.commands import HoldToChoose
from game.stage.evening import Evening
from game.stage.live_play import LivePlay
from game.stage.notices import glove_is_lost
from game.stage.rooms.base import Room
from game.stage.rooms.choosing import ChoosingRoom
from game.stage.screens.base import Screen
from game.stage.screens.message import MessageKey, MessageScreen, MessageView
from game.stage.screens.tutorial import FirstBeatScreen, LessonScreen, LessonView
from game.stage.shown_hand import pose_at
from game.stage.sounds import PlaySounds, clicks
from game.stage.task import Task
from game.stage.theme import Scale
from game.stage.view import HighwayView
from game.words import tr

#: A pinch held this long skips. Longer than in the menus: here pinches are tried, and some hands
#: take their time to open.
SKIP_US = 3_000_000

#: A glove shows by its lamp or vibration which finger is meant, so long after the picture does.
_CUES_US = (900_000, 2_500_000)


class TutorialOffer(Room):
    """Asked before somebody's first play."""

    def __init__(self, evening: Evening) -> None:
        self._side = evening.hand

    def screen(self, scale: Scale) -> MessageScreen:
        """The large key leads to the tutorial, the other past it."""
        return MessageScreen(scale, offer_view(self._side))


def offer_view(side: str) -> MessageView:
    """What is asked, for a hand."""
    return MessageView(
        tr("Welcome"),
        tr("Shall we try the grips together? It takes a minute."),
        tr("You can stop at any moment."),
        "hand",
        (
            MessageKey("tutorial", tr("Show me"), "play"),
            MessageKey("today", tr("Not now"), "onward"),
        ),
        side,
    )


class _Skipping:
    """A pinch of any grip that is held for three seconds."""

    def __init__(self) -> None:
        self._hold = HoldToChoose(SKIP_US)
        self._grip: int | None = None

    def take(self, edges: np.ndarray, host_us: int) -> bool:
        """Takes in ``edges``; whether a pinch has now been held long enough."""
        for edge in edges:
            grip = int(edge["grip"])
            if edge["down"] and self._grip is None:
                self._grip = grip
                self._hold.press(int(edge["time_us"]))
            elif not edge["down"] and grip == self._grip:
                self._grip = None
                self._hold.release()
        return self._hold.chosen(host_us)

    def share(self, host_us: int) -> float | None:
        """How far it is; None before it can be told from a pinch."""
        share = self._hold.progress(host_us)
        return None if share is None or share < 0.3 else round(share * 50) / 50


class TutorialRoom(Room):
    """The grips, each shown and made."""

    actions = frozenset({"skip"})
    takes_pinches = keys_are_grips = True

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._grips = evening.services.desk.grips(evening.who)
        self._lesson: Lesson | None = None
        self._shown: Grip | None = None
        self._skipping = _Skipping()
        self._play_screen: Task | None = None

    def screen(self, scale: Scale) -> LessonScreen:
        """The lesson begins with it."""
        evening = self._evening
        if self._lesson is None:
            evening.inputs.poll()  # what was pinched to get here is no part of it
            self._lesson = Lesson(self._grips, evening.now())
        self._play_screen = Task(lambda report: _first_beat_screen(evening, scale))
        return LessonScreen(scale, self._view(self._lesson))

    def act(self, name: str, what: str) -> None:
        """To the songs, at any moment."""
        self._evening.inputs.let_go_of_keys()
        choose_song(self._evening)

    def hear(self) -> None:
        """Takes what is pinched; goes on from grip to grip."""
        lesson, evening = self._lesson, self._evening
        if lesson is None:
            return
        edges, _ = evening.inputs.poll()
        for edge in edges[edges["down"]]:
            lesson.press(Grip(int(edge["grip"])), int(edge["time_us"]))
        lesson.step(evening.now())
        if self._skipping.take(edges, evening.now()):
            self.act("skip", "")
            return
        if lesson.grip is not self._shown:
            self._show(lesson.grip)
        if lesson.over:
            self._go_on(lesson)

    def step(self, screen: Screen) -> None:
        """The moment to draw now."""
        if isinstance(screen, LessonScreen) and self._lesson is not None:
            screen.show(self._view(self._lesson))

    def leave(self) -> None:
        """Asks for nothing any more."""
        self._evening.inputs.cancel_cues()

    def _show(self, grip: Grip | None) -> None:
        self._shown = grip
        inputs = self._evening.inputs
        inputs.cancel_cues()
        if grip is not None:
            for after_us in _CUES_US:
                inputs.cue(self._evening.now() + after_us, int(grip))

    def _go_on(self, lesson: Lesson) -> None:
        evening, felt = self._evening, self._evening.inputs.kind != "keyboard"
        if lesson.came and felt:
            evening.services.desk.grips_made(evening.who, lesson.came)
        if not lesson.came and felt:
            # Nothing at all was felt: a beat would help nobody.
            evening.go(_NothingFelt())
        elif self._play_screen is not None:
            evening.go(FirstBeatRoom(evening, lesson.came or self._grips, self._play_screen))

    def _view(self, lesson: Lesson) -> LessonView:
        evening, grip = self._evening, lesson.grip
        now_us = evening.now()
        step = Step.COMING if grip is None else lesson.steps[grip]
        words = {
            Step.CAME: tr("Good, that is it."),
            Step.PASSED: tr("That is all right. On to the next."),
        }.get(step, tr("Pinch twice. Take your time."))
        letters = evening.inputs.letters(evening.hand) or {}
        asking = step is Step.ASKED
        pose = pose_at(now_us - lesson.shown_us, evening.options.reduced_motion) if asking else 0
        return LessonView(
            side=evening.hand,
            grip=grip,
            pose=pose,
            felt=lesson.felt,
            words=words,
            steps=tuple(lesson.steps.items()),
            letter="" if grip is None else letters.get(grip, ""),
            contacts=evening.inputs.contacts,
            skipping=self._skipping.share(now_us),
        )


class FirstBeatRoom(Room):
    """Four targets of ``grips`` come down the highway; nothing of it is kept."""

    actions = frozenset({"skip"})
    takes_pinches = keys_are_grips = True

    def __init__(self, evening: Evening, grips: tuple[Grip, ...], screen: Task) -> None:
        self._evening = evening
        self._made = screen
        self._skipping = _Skipping()
        prepared = first_beat(grips, evening.hand)
        services, clock = evening.services, AudioSongClock(SAMPLE_RATE)
        delays = evening.delays
        silent = services.audio.silent_reason is not None
        self._conductor = Conductor(
            prepared.performance, evening.inputs, clock, delays, silent=silent
        )
        self._taken = 0
        self._live = LivePlay(
            replace(prepared, song=replace(prepared.song, title=tr("Now to a beat"))),
            self._conductor,
            clock,
            services.audio,
            _taps(prepared.chart.beats_us),
            PlaySounds({}),
            delays,
            evening.now,
            feels=evening.inputs.feels,
        )
        self._begun = False

    def screen(self, scale: Scale) -> FirstBeatScreen:
        """The highway; the count begins with it."""
        if self._begun:  # the window has another size
            self._made = Task(lambda report: _first_beat_screen(self._evening, scale))
        screen: FirstBeatScreen = self._made.wait()
        screen.prepare(self._live.first_view())
        screen.highway.forget()
        if not self._begun:
            self._begun = True
            self._live.begin()
        return screen

    def act(self, name: str, what: str) -> None:
        """To the songs, at any moment."""
        choose_song(self._evening)

    def hear(self) -> None:
        """Judges what is pinched as in any play."""
        live, evening = self._live, self._evening
        live.step()
        new = self._conductor.raw_edges[self._taken :]
        self._taken += len(new)
        skipped = self._skipping.take(np.concatenate([np.zeros(0, EDGE), *new]), evening.now())
        if skipped or live.finished or glove_is_lost(evening):
            choose_song(evening)

    def step(self, screen: Screen) -> None:
        """The moment to draw now."""
        if isinstance(screen, FirstBeatScreen):
            screen.view = self._live.view(self._evening.inputs.contacts)

    def leave(self) -> None:
        """Silence, and nothing is kept."""
        evening = self._evening
        self._live.stop()
        evening.inputs.let_go_of_keys()
        evening.inputs.play_ended()
        evening.services.audio.mixer.load(None)


class _NothingFelt(Room):
    """No grip came: perhaps it is the glove."""

    def screen(self, scale: Scale) -> MessageScreen:
        """Glove help, or on to the songs."""
        return MessageScreen(scale, nothing_felt_view())


def nothing_felt_view() -> MessageView:
    """What is said when no grip came."""
    return MessageView(
        tr("No pinch was felt"),
        tr("That may be the glove. Glove help looks at every finger."),
        tr("The keyboard plays too."),
        "hand",
        (MessageKey("glove", tr("Glove help"), "plug"), MessageKey("songs", tr("Songs"), "note")),
    )


def choose_song(evening: Evening) -> None:
    """Where the tutorial ends."""
    evening.go(ChoosingRoom(evening))


def _first_beat_screen(evening: Evening, scale: Scale) -> FirstBeatScreen:
    """The highway with all its pictures: they take a second, in a thread."""
    letters = evening.inputs.letters(evening.hand)
    options = replace(evening.options, letters=letters)
    screen = FirstBeatScreen(scale, evening.hand, options)
    screen.prepare(HighwayView())
    return screen


def _taps(beats_us: np.ndarray) -> Stems:
    """A soft tap on every beat, and nothing else."""
    tap = clicks().lead
    last = round(int(beats_us[-1]) * SAMPLE_RATE / 1e6)
    backing = np.zeros((last + len(tap), 2), np.float32)
    for at_us in beats_us[:-1]:
        frame = round(int(at_us) * SAMPLE_RATE / 1e6)
        backing[frame : frame + len(tap)] += tap
    return Stems(np.zeros_like(backing), backing, np.zeros_like(backing))
