"""A play from choosing a song to its result: prepare, render, begin, pause, go on, end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from game.core.data import EDGE
from game.core.grips import Grip
from game.core.say import mark
from game.music.errors import MusicError
from game.music.library import Entry
from game.music.song import Song
from game.music.sound import SAMPLE_RATE, RenderJob, Stems
from game.play.clock import AudioSongClock
from game.play.conductor import GloveLike
from game.play.markers import MarkedGlove
from game.play.outcome import PlayOutcome
from game.play.plan import AdaptivePlan
from game.play.practice import AnyFinger
from game.play.setup import PlayOptions, PreparedPlay, outcome_of
from game.play.watching import Spectator, imagined
from game.records.said_and_done import Activity
from game.stage.ahead import Making, WithItsMusic
from game.stage.course import Course, Loaded, Manner
from game.stage.early_count import EarlyCount
from game.stage.evening import Evening
from game.stage.grip_words import grip_label
from game.stage.live_play import LivePlay
from game.stage.rooms.message import tell_of_song
from game.stage.rooms.pause import PauseRoom
from game.stage.rooms.playing import PlayingRoom
from game.stage.rooms.result import ResultRoom
from game.stage.rooms.today import go_home
from game.stage.rooms.waiting import WaitingRoom
from game.stage.screens import ResultView
from game.stage.sounds import PlaySounds
from game.stage.task import Slow, Task, Together
from game.stage.whole_song import WholeSong
from game.therapy.session import Who
from game.therapy.totals import Flag
from game.words import tr

#: How much of the waiting is over when the music begins to be rendered.
_READ_SHARE = 0.3

_READING = mark("Reading the song")


class PlayFlow:
    """The plays of an ``evening``, one at a time.

    ``live`` is the play that runs or is paused, None between plays; ``last_outcome`` and
    ``last_play_id`` tell of the one that was kept last. ``course`` is what it is a part of.
    """

    def __init__(self, evening: Evening) -> None:
        self.live: LivePlay | None = None
        self.last_outcome: PlayOutcome | None = None
        self.last_play_id = ""
        self.course: Course | None = None
        self._evening = evening
        self._screens = evening.screens
        self._room: PlayingRoom | None = None
        self._conductor: Any = None
        self._recording: Any = None
        self._prepared_kind = ""
        self._imagined: Spectator | None = None
        self._left_out: frozenset[Grip] = frozenset()

    @property
    def playing(self) -> bool:
        """Whether a play runs: pinches are judged, and keys are grips."""
        return self.live is not None and not self.live.paused and self._imagined is None

    # ------------------------------------------------------------------ making ready

    def prepare(
        self, entry: Entry, options: PlayOptions | None = None, manner: Manner | None = None
    ) -> None:
        """Read and arrange ``entry``, then render and begin it, played in this ``manner``."""
        WholeSong(self, self._evening, entry, options, manner or Manner()).start()

    def load(
        self,
        entry: Entry,
        asked: PlayOptions,
        then: Callable[[Loaded], None],
        *,
        counts: bool = False,
    ) -> None:
        """Read, arrange and render ``entry``; then goes on with ``then``.

        With ``counts`` it is played from its beginning, once: if its music is kept it is counted
        in while it is arranged.
        """
        if not self.may_play():
            return
        evening = self._evening
        services, who = evening.services, evening.who
        evening.entry = entry
        asked = evening.within_session(asked)
        kind = evening.inputs.kind
        making = evening.ahead.take(services.desk, entry, who, kind, asked)
        tempo = asked.tempo or 1.0

        def count(song: Song, stems: Stems) -> EarlyCount | None:
            if not (counts and evening.draw_ahead().done):
                return None
            audio, look_ahead_us = services.audio, asked.look_ahead_us
            return EarlyCount(audio, song, stems, tempo, look_ahead_us, evening.now)

        work = WithItsMusic(making, services.renderer, tempo, count)

        def loaded(prepared: PreparedPlay, stems: Stems, sounds: PlaySounds) -> None:
            then(Loaded(prepared, stems, sounds, kind, work.counted))

        self.wait(
            entry.title,
            work,
            lambda prepared: self._render(entry, prepared, work.music(prepared), making, loaded),
            lambda: _READING,
            (0.0, _READ_SHARE),
        )

    def may_play(self) -> bool:
        """Whether the session allows a play now; if not, it goes on with what comes first."""
        sitting = self._evening.sitting
        if sitting is None or sitting.session.may_play:
            return True
        self.course = None
        sitting.go()
        return False

    def _render(
        self,
        entry: Entry,
        prepared: PreparedPlay,
        music: RenderJob,
        making: Making,
        then: Callable[[PreparedPlay, Stems, PlaySounds], None],
    ) -> None:
        evening = self._evening
        self.wait(
            entry.title,
            # The screen as well: drawn when it is shown, it would hold up the count.
            Together(music, evening.draw_ahead()),
            lambda made: then(prepared, made[0], making.sounds),
            lambda: mark("Playing the music in"),
            (_READ_SHARE, 1.0),
        )

    def wait(
        self,
        title: str,
        work: Slow,
        then: Callable[[Any], None],
        words: Callable[[], str],
        part: tuple[float, float],
    ) -> None:
        """Show how far ``work`` is, then go on with ``then`` and its answer."""
        evening = self._evening
        room = WaitingRoom(
            work,
            then,
            title=title,
            words=words,
            part=part,
            expected=(MusicError,),
            failed=lambda error: tell_of_song(evening, str(error)),
        )
        evening.go(room)
        room.go_on()  # what is there already is not waited for with a picture

    # ------------------------------------------------------------------ playing

    def begin(self, ready: Loaded, course: Course) -> None:
        """Begin what is ``ready`` as a part of ``course``, once the music it begins with is there.

        A song that was rendered before is still being read from the disk, from its start.
        """
        stems, title = ready.stems, ready.prepared.song.title
        if ready.prepared.lead_us >= 0 or stems.whole.is_set():
            self._begin(ready, course)
            return
        whole = Task(lambda report: stems.whole.wait())
        self.wait(title, whole, lambda done: self._begin(ready, course), lambda: _READING, (1, 1))

    def _begin(self, ready: Loaded, course: Course) -> None:
        if not self.may_play():
            if ready.counted is not None:
                ready.counted.stop()
            return
        evening, prepared, manner = self._evening, ready.prepared, course.manner
        sitting = evening.sitting
        if sitting is not None:  # a passage is played again and again: less is left every time
            prepared.performance.most_presses = sitting.session.left_repetitions
        services, inputs = evening.services, evening.inputs
        self.course = course
        plan = prepared.plan
        if isinstance(plan, AdaptivePlan):  # what was left out in one song is in the next
            plan.leave_out(frozenset(int(grip) for grip in self._left_out))
        self._prepared_kind = ready.input_kind
        delays = evening.delays
        clock = AudioSongClock(SAMPLE_RATE)
        self._imagined = None
        if manner.imagined:
            self._imagine(ready, clock)
            return
        glove: GloveLike = inputs
        if evening.markers is not None:
            glove = MarkedGlove(glove, evening.markers)
        self._conductor, self._recording = services.desk.conduct(
            prepared,
            evening.who,
            glove,
            clock,
            input_kind=self._prepared_kind,
            input_description=inputs.expected(self._prepared_kind).description,
            delays=delays,
            silent=services.audio.silent_reason is not None,
            mode=manner.mode,
            session_id="" if sitting is None else sitting.id,
            hand=manner.hand or evening.hand,
            taken_as=AnyFinger(prepared.options.window) if manner.any_finger else None,
            silent_since=inputs.silent_since,
        )
        self.live = LivePlay(
            prepared,
            self._conductor,
            clock,
            services.audio,
            ready.stems,
            ready.sounds,
            delays,
            evening.now,
            feels=inputs.feels,
            wait=manner.wait,
        )
        self._room = PlayingRoom(evening, self.live, self._screens, self.pause)
        # The count is heard while the words of the song are drawn.
        self.live.begin(ready.counted)
        evening.go(self._room)

    def _imagine(self, ready: Loaded, clock: AudioSongClock) -> None:
        """Nobody plays: the drawn hand does what the song asks, and nothing is judged."""
        evening, prepared = self._evening, ready.prepared
        delays = evening.delays
        spectator = self._imagined = imagined(
            prepared, clock, lambda: evening.now() - delays.audio_us
        )
        live = self.live = LivePlay(
            prepared,
            spectator,
            clock,
            evening.services.audio,
            ready.stems,
            ready.sounds,
            delays,
            evening.now,
            feels=mark("Imagine: {what}"),
        )
        self._room = PlayingRoom(
            evening, live, self._screens, self.pause, lambda: spectator.contacts
        )
        live.begin()
        evening.go(self._room)

    def step(self) -> np.ndarray:
        """Lets the play go on; returns the edges (EDGE, host time) that no play has use for."""
        live, inputs = self.live, self._evening.inputs
        if live is None:
            edges, _ = inputs.poll()
            return edges
        running = not live.paused
        live.step()
        if self._imagined is not None:
            if live.finished:
                self.end(interrupted=False)
            edges, _ = inputs.poll()
            return edges
        if not running:
            return inputs.poll_aside()
        if live.finished:
            self.end(interrupted=False)
        return np.zeros(0, EDGE)

    def pause(self, reason: str = "") -> None:
        """The song waits; ``reason`` says why, where it was not the player."""
        live, room = self.live, self._room
        if live is None or room is None:
            return
        live.pause()
        if self._imagined is None:
            self._recording.flush()
        self._evening.go(PauseRoom(self._evening, live, reason, room.still()))

    def go_on(self) -> None:
        """Goes on from two bars before the pause."""
        live, room = self.live, self._room
        if live is None or room is None:
            return
        self._evening.go(room)
        live.resume()

    def again(self) -> None:
        """The same from its beginning; what was played of it is kept."""
        course, entry = self.course, self._evening.entry
        outcome = self.close(interrupted=True)
        if course is not None:
            course.again(outcome)
        elif entry is not None:
            self.prepare(entry, self._evening.one_song)

    def slower(self) -> None:
        """Slower from where the song stands, what was played is kept; or why that cannot be."""
        live, course = self.live, self.course
        if live is None or course is None:
            return
        why_not = course.why_not_slower(live.prepared)
        if why_not:
            self.pause(why_not)
        else:
            prepared, song_us = live.prepared, live.song_us
            course.slower(prepared, song_us, self.close(interrupted=True))

    def end(self, *, interrupted: bool) -> None:
        """Ends the play and shows what it came to, if anything happened in it."""
        course = self.course
        if self.live is not None and course is not None:
            course.over(self.close(interrupted=interrupted), interrupted=interrupted)

    def tell(self, view: ResultView | None) -> None:
        """What was played is over: show what it came to, or where one comes back to."""
        self.course = None
        evening = self._evening
        if view is None:
            go_home(evening)
            return
        if evening.sitting is not None:
            view = evening.sitting.result(view)
        evening.go(ResultRoom(view, evening))

    def close(self, *, interrupted: bool) -> PlayOutcome | None:
        """Ends and keeps the play, if there is one; returns what it came to.

        A play in which nothing happened is not kept, and nothing is told of it.
        """
        live, evening = self.live, self._evening
        if live is None:
            return None
        if interrupted:
            live.stop()
        self.live = None
        evening.ahead.forget()  # the play to come depends on this one
        evening.inputs.let_go_of_keys()
        evening.services.audio.mixer.load(None)
        if self._imagined is not None:
            self._keep_imagined(live)
            return None
        played = evening.inputs.play_ended()
        outcome = outcome_of(
            live.prepared,
            self._conductor,
            input_kind=played.kind,
            input_description=played.description,
        )
        if played.kind != self._prepared_kind:
            # Adapted from another kind's level: it is no level of this one.
            outcome = replace(outcome, difficulty=None)
        if not len(outcome.targets) and not len(outcome.edges):
            self._recording.discard()
            return None
        self.last_play_id = evening.services.desk.close_play(self._recording, outcome, evening.who)
        self.last_outcome = outcome
        if evening.sitting is not None and self.course is not None:
            evening.sitting.played(outcome, self.course.manner.mode)
        return outcome

    def _keep_imagined(self, live: LivePlay) -> None:
        """The minutes are kept, and nothing else: there was nothing to judge."""
        evening, self._imagined = self._evening, None
        performance = live.conductor.performance
        seconds = max(0, min(performance.settled_us, performance.end_us)) / 1e6
        done = Activity(kind="mental", name=live.prepared.song_key, seconds=round(seconds, 1))
        if seconds:
            evening.did(done)

    # ------------------------------------------------------------------ the therapist beside

    def therapist_asks(self, what: str) -> bool:
        """Does what a key of the therapist's asks for; False where nobody may ask now."""
        live, sitting = self.live, self._evening.sitting
        if live is None or live.paused or sitting is None:
            return False
        if sitting.session.who is not Who.THERAPIST:
            return False
        if what == "end":
            self.end(interrupted=True)
            return True
        plan = live.prepared.plan
        if isinstance(plan, AdaptivePlan):
            live.told = self._asked_of(plan, what)
        else:
            live.told = tr("This song keeps its pace and grips.")
        return True

    def _asked_of(self, plan: AdaptivePlan, what: str) -> str:
        """Asks it of ``plan``; returns what is said of it on the screen."""
        if what in ("slower", "quicker"):
            plan.nudge(1 if what == "quicker" else -1)
            return tr("Quicker from here on.") if what == "quicker" else tr("Slower from here on.")
        if what == "assisted":
            plan.flag(Flag.ASSISTED)
            return tr("Assisted from here on.")
        grip = Grip.from_label(what.partition(":")[2])
        self._left_out = self._left_out ^ {grip}
        plan.leave_out(frozenset(int(one) for one in self._left_out))
        name = grip_label(grip)
        if grip in self._left_out:
            return tr("{grip} is left out.", grip=name)
        return tr("{grip} is asked again.", grip=name)
