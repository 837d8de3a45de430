"""What is heard of a play beyond the song itself: presses, misses, the counted bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from game.music.chart import Chart
from game.music.song import Song
from game.music.sound import SOFT_GAIN, count_in_click, pluck, tick, voice_bank, wood_tap
from game.play.performance import Event, EventKind
from game.play.setup import LOOK_AHEAD_US
from game.stage.counting import CountIn
from game.stage.mixer import Mixer
from game.stage.pickups import pickup_times

#: So many hits in a row bring in another layer of the backing.
LAYER_AFTER = 8

#: Pickup beats are softer than the taps that lead to the count.
PICKUP_GAIN = 0.6

#: The pitch of a target that stands for no note.
UNPITCHED = 0


@dataclass(frozen=True)
class Clicks:
    """The sounds that are the same in every play."""

    tick: np.ndarray
    lead: np.ndarray
    strong: np.ndarray
    weak: np.ndarray
    pluck: np.ndarray


@cache
def clicks() -> Clicks:
    """They are made once in a program: a few milliseconds that no play has to wait for."""
    return Clicks(tick(), wood_tap(), count_in_click(True), count_in_click(False), pluck())


@dataclass(frozen=True)
class PlaySounds:
    """The voices of one play by their pitch. What has none is plucked."""

    voices: dict[int, np.ndarray]

    @classmethod
    def of(cls, song: Song, chart: Chart) -> "PlaySounds":
        """The voices of every pitch the chart can ask for."""
        sounds = cls({})
        sounds.tune(song, chart)
        return sounds

    def tune(self, song: Song, chart: Chart) -> None:
        """Make the voices of every pitch that ``chart`` can ask for, one after the other.

        May run in a thread while the song is counted in.
        """
        for pitch in dict.fromkeys(chart.targets["pitch"].tolist()):  # the first ones first
            if pitch != UNPITCHED:
                self.voices.update(voice_bank(song, [pitch]))


def schedule_count(mixer: Mixer, count: CountIn, from_us: int) -> None:
    """Have ``mixer`` click the bar that is counted, and tap what leads up to it from ``from_us``
    on, unless that is music."""
    begin_us = from_us
    if count.to_us > 0:
        begin_us = max(from_us, count.to_us - count.beats * count.beat_us)
    for beat in count.lasting(begin_us):
        sound = clicks().weak if beat.number else clicks().lead
        if beat.number and beat.strong:
            sound = clicks().strong
        mixer.schedule(beat.song_us, sound)


class PressSounds:
    """Turns events into sound: every press sounds, a hit lifts the melody, a miss dips it.

    ``count_in`` is what is counted, unless it is the bar before the music. ``look_ahead_us`` is how
    long before its time a target is in view.
    """

    def __init__(
        self,
        mixer: Mixer,
        sounds: PlaySounds,
        chart: Chart,
        count_in: CountIn | None = None,
        look_ahead_us: int = LOOK_AHEAD_US,
    ) -> None:
        self._mixer = mixer
        self._sounds = sounds
        self._chart = chart
        self._count_in = count_in or CountIn.of(chart)
        self._look_ahead_us = look_ahead_us
        self._hits_in_a_row = 0
        #: Index of the latest target hit, and when.
        self._hit = -1
        self._hit_us = 0
        #: The pickup beats of the targets in view that were not judged yet.
        self._pickups: dict[int, tuple[int, ...]] = {}

    def hear(self, events: Iterable[Event], targets: np.ndarray) -> None:
        """Sound what just became known; ``targets`` (TARGET) are those in view so far."""
        for event in events:
            if event.kind in (EventKind.HIT, EventKind.MISSED):
                self._pickups.pop(event.target, None)
            elif event.kind is EventKind.IN_VIEW:
                self._lead_to(event.target, targets)
            if event.kind is EventKind.HIT:
                self._sing(int(targets["pitch"][event.target]), 1.0)
                self._hit, self._hit_us = event.target, event.song_us
                self._lift(targets)
                self._count(hit=True)
            elif event.kind is EventKind.NEAR:
                self._sing(int(targets["pitch"][event.target]), SOFT_GAIN)
            elif event.kind in (EventKind.WRONG_GRIP, EventKind.EXTRA):
                self._mixer.sound(clicks().tick)
            elif event.kind is EventKind.MISSED:
                # A miss that is known only after a later hit does not take its lift away.
                if event.target > self._hit:
                    self._hit = -1
                    self._mixer.miss(event.song_us, self._beat_us(event.song_us))
                self._count(hit=False)
            elif event.kind is EventKind.IN_VIEW and event.target == self._hit + 1 > 0:
                # The next target was too far ahead to be known when this one was hit.
                self._lift(targets)

    def count_in(self, from_us: int, count_in: CountIn | None = None) -> None:
        """Click the beats that are counted, from ``from_us`` on: the last bar of them is counted,
        what leads up to it is tapped, unless it is music. ``count_in`` is what is counted from now
        on."""
        self._count_in = count_in or self._count_in
        schedule_count(self._mixer, self._count_in, from_us)
        # What was still to be tapped was forgotten when the song went back.
        for times in self._pickups.values():
            self._tap(times, from_us)

    def _lead_to(self, target: int, targets: np.ndarray) -> None:
        """Tap softly what is drawn on the lane: three beats before a target after a silence."""
        before_us = int(targets["time_us"][target - 1]) if target else None
        time_us = int(targets["time_us"][target])
        times = pickup_times(before_us, time_us, self._chart.beats_us, self._look_ahead_us)
        if times:
            self._pickups[target] = times
            self._tap(times)

    def _tap(self, times: tuple[int, ...], from_us: int = 0) -> None:
        for time_us in times:
            if time_us >= max(from_us, self._count_in.to_us):  # before, the count is heard
                self._mixer.schedule(time_us, clicks().lead, PICKUP_GAIN)

    def _lift(self, targets: np.ndarray) -> None:
        """Lift the melody from the latest hit to the target after it."""
        later = targets["time_us"][self._hit + 1 :]
        following_us = int(later[0]) if len(later) else None
        self._mixer.hit(self._hit_us, following_us, self._beat_us(self._hit_us))

    def _sing(self, pitch: int, gain: float) -> None:
        self._mixer.sound(self._sounds.voices.get(pitch, clicks().pluck), gain)

    def _count(self, hit: bool) -> None:
        self._hits_in_a_row = self._hits_in_a_row + 1 if hit else 0
        if self._hits_in_a_row in (0, LAYER_AFTER):
            self._mixer.layer(self._hits_in_a_row >= LAYER_AFTER)

    def _beat_us(self, song_us: int) -> int:
        beats_us = self._chart.beats_us
        place = int(np.searchsorted(beats_us, song_us, side="right"))
        place = min(max(place, 1), len(beats_us) - 1)
        return max(1, int(beats_us[place] - beats_us[place - 1]))
