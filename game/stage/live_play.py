"""A play on the stage: audio drives the song clock, the conductor judges, the view is drawn."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

import numpy as np

from game.core.grips import Grip
from game.music.sound import Stems
from game.play.clock import AudioSongClock, Delays
from game.play.performance import Event, EventKind, Performance
from game.play.plan import WAITING
from game.play.practice import waits
from game.play.setup import PreparedPlay
from game.stage.audio import AudioOut
from game.stage.counting import CountIn
from game.stage.early_count import EarlyCount
from game.stage.lyrics import lyric_lines
from game.stage.sounds import PlaySounds, PressSounds
from game.stage.view import EFFECT_US, Effect, EffectKind, HighwayView

_EFFECT_KIND: dict[EventKind, EffectKind] = {
    EventKind.HIT: "hit",
    EventKind.NEAR: "near",
    EventKind.WRONG_GRIP: "wrong",
    EventKind.MISSED: "miss",
}

#: Resuming goes back so many bars, which count the player in.
_REWIND_BARS = 2

_LONGEST_EFFECT_US = max(EFFECT_US.values())

#: So many of the latest hits are shown on the hit-error bar.
_ERRORS_SHOWN = 12


#: Music that goes on where a play ends fades for so long.
_FADE_US = 2_500_000


class Conducted(Protocol):
    """Who steps a play: a conductor, or a spectator of one that is over."""

    performance: Performance

    @property
    def finished(self) -> bool:
        """Whether the song is over and its last press settled."""

    def begin(self, host_us: int, song_us: int) -> None:
        """Start at ``song_us`` at ``host_us``."""

    def step(self) -> list[Event]:
        """What became known since the last step."""

    def pause(self, host_us: int) -> None:
        """The song stands still."""

    def resume(self, host_us: int, song_us: int) -> None:
        """Go on at ``host_us`` from ``song_us``."""

    def stop(self) -> None:
        """End here."""


class LivePlay:
    """One play with sound. Call :meth:`step` a few hundred times a second, draw :meth:`view`.

    With ``wait`` the song stands still at a target that is due until the right pinch comes.
    """

    def __init__(
        self,
        prepared: PreparedPlay,
        conductor: Conducted,
        clock: AudioSongClock,
        audio: AudioOut,
        stems: Stems,
        sounds: PlaySounds,
        delays: Delays,
        now: Callable[[], int],
        *,
        feels: str,
        wait: bool = False,
    ) -> None:
        self.prepared = prepared
        self.conductor = conductor
        self.paused = False
        self.standing = False
        self._clock = clock
        self._audio = audio
        self._stems = stems
        self._delays = delays
        self._now = now
        self._wait = wait
        self._stood_us = 0
        self._faded = 1.0
        self._silent = audio.silent_reason is not None
        self._effects: deque[Effect] = deque()
        self._errors_us: deque[int] = deque(maxlen=_ERRORS_SHOWN)
        self.counted = 0
        #: What a therapist beside asked for last, to be shown for a while.
        self.told = ""
        self._contacts = 0
        self._closed_since = [0] * len(Grip)
        chart = prepared.chart
        if prepared.lead_us >= 0:
            self._count_in = CountIn.of(chart)
            self._from_us = -self._count_in.lead_us(prepared.lead_us)
        else:  # a passage: the bar before it is heard and counted
            self._from_us = -prepared.lead_us
            self._count_in = CountIn.inside(chart, self._from_us)
        self._first_count = self._count_in
        look_ahead_us = prepared.options.look_ahead_us
        self._presses = PressSounds(audio.mixer, sounds, chart, self._count_in, look_ahead_us)
        tempo = prepared.tempo
        self._view = HighwayView(
            look_ahead_us=look_ahead_us,
            length_us=chart.length_us,
            beats_us=chart.beats_us,
            bars_us=chart.bars_us,
            lyrics=lyric_lines(
                [(round(at / tempo), words) for at, words in prepared.song.lyrics],
                chart.length_us,
            ),
            sections=[(round(at / tempo), words) for at, words in prepared.song.sections],
            title=prepared.song.title,
            feels=feels,
            window_us=(prepared.options.window.early_us, prepared.options.window.late_us),
        )

    @property
    def finished(self) -> bool:
        """Whether the song is over and its last press settled."""
        return self.conductor.finished

    @property
    def song_us(self) -> int:
        """Where the song stands now."""
        return self._clock.song_us(self._now())

    def first_view(self) -> HighwayView:
        """The view before the play begins: everything that can be drawn beforehand is in it."""
        return self._view

    def begin(self, counted: EarlyCount | None = None) -> None:
        """Count in and play; ``counted`` is the count that is heard already, if it is that of this
        play."""
        mixer = self._audio.mixer
        from_us = self._from_us
        if counted is not None and counted.joins(self.prepared):
            self.conductor.begin(counted.begun_us, from_us)
            return
        if counted is not None:
            counted.stop()
        mixer.load(self._stems)
        self._presses.count_in(from_us)
        mixer.play(from_us)
        self.conductor.begin(self._now(), from_us)

    def step(self) -> None:
        """Follow the sound, judge what came, sound it."""
        self._follow_sound()
        if self.paused:
            return
        events = self.conductor.step()
        self._presses.hear(events, self.conductor.performance.targets)
        for event in events:
            self._show(event)
        if self._wait:
            self._stand_or_go()
        self._fade()

    def _fade(self) -> None:
        """Where the play ends before the music does, that grows quiet."""
        performance = self.conductor.performance
        if not (self.prepared.is_cut or performance.ends_early):
            return
        left_us = performance.end_us - self.song_us
        share = max(0.0, min(1.0, left_us / _FADE_US))
        if round(share, 2) != self._faded:
            self._faded = round(share, 2)
            self._audio.mixer.fade(self._faded)

    def pause(self) -> None:
        """Stand still; nothing asked is forgotten."""
        if not self.paused and not self.finished:
            self.paused = True
            self._audio.mixer.pause()
            self.conductor.pause(self._now())

    def resume(self) -> None:
        """Go back two bars, count the second of them, and go on."""
        if not self.paused:
            return
        stood_us = self._clock.song_us(self._now())
        from_us = self._rewound_us(stood_us)
        self._count_in = self._counted_again(stood_us, from_us)
        self._audio.mixer.clear_schedule()
        self._presses.count_in(from_us, self._count_in)
        self._audio.mixer.play(from_us)
        self.conductor.resume(self._now(), from_us)
        self.paused = self.standing = False

    def stop(self) -> None:
        """End the play here; what it counted is kept."""
        self._audio.mixer.pause()
        self.conductor.stop()

    def view(self, contacts: int, notice: str = "") -> HighwayView:
        """The moment to draw now; ``contacts`` is the mask of closed contacts."""
        now = self._now()
        view = self._view
        performance = self.conductor.performance
        view.song_us = self._delays.drawn_us(self._clock.song_us(now), silent=self._silent)
        while self._effects and view.song_us - self._effects[0].at_us > _LONGEST_EFFECT_US:
            self._effects.popleft()
        view.effects = tuple(self._effects)
        view.errors_us = tuple(self._errors_us)
        view.targets = performance.targets
        view.states = performance.states
        view.count = self.counted
        view.notice = notice
        view.paused = self.paused
        self._ask(view)
        self._note_contacts(view, contacts, now)
        view.count_in = self._count_in.at(view.song_us)
        return view

    def _follow_sound(self) -> None:
        for host_us, frames in self._audio.observations():
            self._clock.observe(host_us, frames)

    def _stand_or_go(self) -> None:
        """Let the song wait for a pinch that is due, or go on once it has come.

        Song time stands still with it, so that the pinch is judged at the time it was asked for.
        """
        now, mixer, performance = self._now(), self._audio.mixer, self.conductor.performance
        heard_us = self._delays.judged_us(self._clock.song_us(now), silent=self._silent)
        stands = waits(performance.targets, performance.states, heard_us)
        if stands and not self.standing and not self.finished:
            mixer.pause()
            self._clock.pause(now)
            self._stood_us = self._clock.song_us(now)
            self.standing = True
        elif self.standing and not stands:
            mixer.play(self._stood_us)
            self._clock.resume(now, self._stood_us)
            self.standing = False

    def _rewound_us(self, stood_us: int) -> int:
        bars_us = self.prepared.chart.bars_us
        bar = int(np.searchsorted(bars_us, stood_us, side="right")) - 1 - _REWIND_BARS
        # Never before the beginning of a passage: what lies there is not asked.
        return max(int(bars_us[bar]), self._from_us) if bar >= 0 else self._from_us

    def _counted_again(self, stood_us: int, from_us: int) -> CountIn:
        """What is counted when the song goes on: the bar before the one it stood in, while it is
        heard; or what was counted at the start, if it goes back as far as that."""
        if from_us <= self._from_us:
            return self._first_count
        bars_us = self.prepared.chart.bars_us
        bar = int(np.searchsorted(bars_us, stood_us, side="right")) - 1
        return CountIn.inside(self.prepared.chart, int(bars_us[bar - 1]))

    def _show(self, event: Event) -> None:
        if event.kind in (EventKind.HIT, EventKind.NEAR):
            self.counted += 1
        if event.kind is EventKind.HIT:
            self._errors_us.append(event.asynchrony_us)
        kind = _EFFECT_KIND.get(event.kind)
        if kind is None:
            return
        at_us = self._delays.drawn_us(self._clock.song_us(self._now()), silent=self._silent)
        grip = Grip(event.grip)
        if event.kind is EventKind.WRONG_GRIP:
            asked = Grip(int(self.conductor.performance.targets["grip"][event.target]))
            self._effects.append(Effect(kind, at_us, asked, grip))
        else:
            self._effects.append(Effect(kind, at_us, grip, off_us=event.asynchrony_us))

    def _ask(self, view: HighwayView) -> None:
        """The grip asked for now: that of the first target still open; and the one after it."""
        waiting = np.flatnonzero(view.states == WAITING)[:2]
        view.asked = Grip(int(view.targets["grip"][waiting[0]])) if len(waiting) else None
        view.asked_index = int(waiting[0]) if len(waiting) else -1
        view.following = Grip(int(view.targets["grip"][waiting[1]])) if len(waiting) > 1 else None

    def _note_contacts(self, view: HighwayView, contacts: int, now_us: int) -> None:
        for grip in Grip:
            bit = 1 << grip
            if contacts & bit and not self._contacts & bit:
                self._closed_since[grip] = now_us
        self._contacts = contacts
        view.contacts = contacts
        held = [now_us - self._closed_since[grip] for grip in Grip if contacts & (1 << grip)]
        view.contact_held_us = max(held, default=0)
