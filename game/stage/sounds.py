"""What is heard of a play beyond the song itself: presses, misses, the counted bar."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from game.music.chart import Chart
from game.music.song import Song
from game.music.sound import SOFT_GAIN, count_in_click, pluck, tick, voice_bank, wood_tap
from game.play.performance import Event, EventKind
from game.stage.mixer import Mixer

#: So many hits in a row bring in another layer of the backing.
LAYER_AFTER = 8

#: The pitch of a target that stands for no note.
UNPITCHED = 0


@dataclass(frozen=True)
class PlaySounds:
    """The single sounds of one play, made before it begins."""

    voices: dict[int, np.ndarray]
    tick: np.ndarray
    wood_tap: np.ndarray
    strong_click: np.ndarray
    weak_click: np.ndarray

    @classmethod
    def of(cls, song: Song, chart: Chart) -> "PlaySounds":
        """The voices of every pitch the chart can ask for, and the taps and clicks.

        A target without a pitch (0) is plucked.
        """
        pitches = {int(pitch) for pitch in chart.targets["pitch"]}
        return cls(
            voices=voice_bank(song, pitches - {UNPITCHED}) | {UNPITCHED: pluck()},
            tick=tick(),
            wood_tap=wood_tap(),
            strong_click=count_in_click(True),
            weak_click=count_in_click(False),
        )


class PressSounds:
    """Turns events into sound: every press sounds, a miss dips the melody."""

    def __init__(self, mixer: Mixer, sounds: PlaySounds, chart: Chart) -> None:
        self._mixer = mixer
        self._sounds = sounds
        self._chart = chart
        self._hits_in_a_row = 0

    def hear(self, events: Iterable[Event], targets: np.ndarray) -> None:
        """Sound what just became known; ``targets`` (TARGET) are those in view so far."""
        for event in events:
            if event.kind is EventKind.HIT:
                self._sing(int(targets["pitch"][event.target]), 1.0)
                later = targets["time_us"][event.target + 1 :]
                following_us = int(later[0]) if len(later) else None
                self._mixer.hit(event.song_us, following_us, self._beat_us(event.song_us))
                self._count(hit=True)
            elif event.kind is EventKind.NEAR:
                self._sing(int(targets["pitch"][event.target]), SOFT_GAIN)
            elif event.kind is EventKind.WRONG_GRIP:
                self._mixer.sound(self._sounds.wood_tap)
            elif event.kind is EventKind.EXTRA:
                self._mixer.sound(self._sounds.tick)
            elif event.kind is EventKind.MISSED:
                self._mixer.miss(event.song_us, self._beat_us(event.song_us))
                self._count(hit=False)

    def count_in(self, from_us: int) -> None:
        """Click the beats of the bar that lies before the music, from ``from_us`` on."""
        bars_us, beats_us = self._chart.bars_us, self._chart.beats_us
        if len(beats_us) < 2 or len(bars_us) < 2:
            return
        beat_us = int(beats_us[1] - beats_us[0])
        beats = max(1, round((int(bars_us[1]) - int(bars_us[0])) / beat_us))
        for back in range(beats, 0, -1):
            click_us = int(beats_us[0]) - back * beat_us
            if click_us >= from_us:
                strong = back == beats
                sound = self._sounds.strong_click if strong else self._sounds.weak_click
                self._mixer.schedule(click_us, sound)

    def _sing(self, pitch: int, gain: float) -> None:
        voice = self._sounds.voices.get(pitch)
        if voice is not None:
            self._mixer.sound(voice, gain)

    def _count(self, hit: bool) -> None:
        self._hits_in_a_row = self._hits_in_a_row + 1 if hit else 0
        if self._hits_in_a_row in (0, LAYER_AFTER):
            self._mixer.layer(self._hits_in_a_row >= LAYER_AFTER)

    def _beat_us(self, song_us: int) -> int:
        beats_us = self._chart.beats_us
        place = int(np.searchsorted(beats_us, song_us, side="right"))
        place = min(max(place, 1), len(beats_us) - 1)
        return max(1, int(beats_us[place] - beats_us[place - 1]))
