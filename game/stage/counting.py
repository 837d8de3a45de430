"""The beats before the music: a bar counted in, and beats that lead up to it."""

from dataclasses import dataclass

import numpy as np

from game.music.chart import Chart


@dataclass(frozen=True)
class Beat:
    """A beat that is counted. ``number`` counts the bar, 1 first; 0 is a beat before that bar.

    ``strong`` is the first beat of a bar as the music has it.
    """

    song_us: int
    number: int
    strong: bool


@dataclass(frozen=True)
class CountIn:
    """How ``chart`` is counted in: ``beat_us`` a beat, ``beats`` of them to a bar.

    ``pickup`` is how many beats the music has before its first whole bar: the count goes on from
    where that bar would have begun, so that the strong beats are the music's.

    ``to_us`` is what is counted to: 0, where the music begins, or a place inside it.
    """

    beat_us: int
    beats: int
    pickup: int = 0
    to_us: int = 0

    @classmethod
    def of(cls, chart: Chart) -> "CountIn":
        """The count of ``chart``; of four half seconds if it has no beats or bars."""
        return cls.of_beats(chart.beats_us, chart.bars_us)

    @classmethod
    def of_beats(cls, beats_us: np.ndarray, bars_us: np.ndarray) -> "CountIn":
        """The count of a song with these beats and bars, at the tempo that is played."""
        if len(beats_us) < 2 or len(bars_us) < 2:
            return cls(500_000, 4)
        beat_us = max(1, int(beats_us[1] - beats_us[0]))
        first, second = (
            max(1, round((int(bars_us[k + 1]) - int(bars_us[k])) / beat_us))
            for k in (0, min(1, len(bars_us) - 2))
        )
        return cls(beat_us, second, first) if first < second else cls(beat_us, first)

    @classmethod
    def inside(cls, chart: Chart, from_us: int) -> "CountIn":
        """The count of the bar of ``chart`` that begins at ``from_us``, while it is heard."""
        later = chart.bars_us[chart.bars_us > from_us]
        to_us = int(later[0]) if len(later) else chart.length_us
        inside = (chart.beats_us >= from_us) & (chart.beats_us < to_us)
        beats = max(1, int(np.count_nonzero(inside)))
        return cls(max(1, (to_us - from_us) // beats), beats, to_us=to_us)

    def lead_us(self, least_us: int) -> int:
        """How long before the music the count begins: whole beats, a bar and ``least_us`` or more.

        A beat sounds at once then: whoever chose the song hears that it was understood.
        """
        least = max(least_us, self.beats * self.beat_us)
        return -(-least // self.beat_us) * self.beat_us

    def lasting(self, from_us: int) -> list[Beat]:
        """The beats from ``from_us`` to what is counted to, in order; none after it."""
        return [self._beat(back) for back in range((self.to_us - from_us) // self.beat_us, 0, -1)]

    def at(self, song_us: int) -> int:
        """Which beat of the counted bar it is, 0 for none."""
        since_us = song_us - self.to_us
        return self._beat(-(since_us // self.beat_us)).number if since_us < 0 else 0

    def _beat(self, back: int) -> Beat:
        """The beat that is the ``back``-th before what is counted to."""
        number = self.beats - back + 1 if back <= self.beats else 0
        return Beat(
            self.to_us - back * self.beat_us, number, (back + self.pickup) % self.beats == 0
        )
