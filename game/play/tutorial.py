"""Learning to play in less than a minute and a half: each grip without a clock, then four in time.

Pure: the lesson is told what was pinched and what time it is, and says what to show. None of it is
kept or counted: it is no play.
"""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Final

import numpy as np

from game.core.data import TARGET, Window
from game.core.grips import Grip
from game.music.chart import Chart
from game.music.song import CONTROL, NOTE, TEMPO, Song
from game.play.performance import Performance
from game.play.plan import FixedPlan
from game.play.setup import LOOK_AHEAD_US, Player, PlayOptions, PreparedPlay

#: So many pinches of each grip.
PINCHES: Final = 2

#: A grip that has not come by then is passed over; five of them take 45 s at most, so that with the
#: four in time (11 s) all is over well before a minute and a half.
PATIENCE_US: Final = 8_000_000

#: Time to see that it came, or that it is all right that it did not.
PAUSE_US: Final = 1_000_000

#: A slow walk, and every other beat a target: far enough apart for any hand.
BEAT_US: Final = 750_000
_BEATS_TO_A_BAR, _BEATS = 4, 10
_TARGETS = 4


class Step(Enum):
    """What became of a grip of the lesson, or becomes of it."""

    COMING = "coming"
    ASKED = "asked"
    CAME = "came"  #: it came, at least once
    PASSED = "passed"  #: it did not come in time


class Lesson:
    """Asks for each grip of ``grips`` in turn, from ``now_us`` (host time) on.

    :attr:`grip` is the grip to show (None once all are over) and :attr:`felt` how often it came.
    """

    def __init__(self, grips: Sequence[Grip], now_us: int) -> None:
        self.grips = tuple(grips)
        self.steps = dict.fromkeys(self.grips, Step.COMING)
        self.felt = 0
        self.shown_us = now_us
        self._index = -1
        self._ended_us: int | None = None
        self._ask(now_us)

    @property
    def grip(self) -> Grip | None:
        """The grip that is shown."""
        return None if self.over else self.grips[self._index]

    @property
    def over(self) -> bool:
        """Whether every grip had its turn."""
        return self._index >= len(self.grips)

    @property
    def came(self) -> tuple[Grip, ...]:
        """The grips that came at least once."""
        return tuple(grip for grip, step in self.steps.items() if step is Step.CAME)

    def press(self, grip: Grip, time_us: int) -> None:
        """``grip`` was pinched. Only the one that is asked counts; another is no mistake."""
        if grip is not self.grip or self._ended_us is not None or time_us < self.shown_us:
            return
        self.felt += 1
        if self.felt >= PINCHES:
            self._end(time_us)

    def step(self, now_us: int) -> None:
        """Let time pass, up to ``now_us``."""
        if self.over:
            return
        if self._ended_us is None and now_us - self.shown_us >= PATIENCE_US:
            self._end(now_us)
        if self._ended_us is not None and now_us - self._ended_us >= PAUSE_US:
            self._ask(now_us)

    def _end(self, at_us: int) -> None:
        self._ended_us = at_us
        # Once is enough to have shown it.
        self.steps[self.grips[self._index]] = Step.CAME if self.felt else Step.PASSED

    def _ask(self, now_us: int) -> None:
        self._index += 1
        self.felt, self.shown_us, self._ended_us = 0, now_us, None
        if not self.over:
            self.steps[self.grips[self._index]] = Step.ASKED


def first_beat(grips: Sequence[Grip], hand: str) -> PreparedPlay:
    """Four targets to a beat of 80 a minute, of ``grips`` in turn: a play like any other.

    Raises ValueError without a grip.
    """
    if not grips:
        raise ValueError("a play needs a grip")
    beats_us = np.arange(_BEATS + 1, dtype=np.int64) * BEAT_US
    bars_us = np.append(beats_us[:-1:_BEATS_TO_A_BAR], beats_us[-1])
    targets = np.zeros(_TARGETS, TARGET)
    targets["time_us"] = beats_us[2 : 2 + 2 * _TARGETS : 2]
    targets["duration_us"] = BEAT_US // 2
    targets["grip"] = [grips[i % len(grips)] for i in range(_TARGETS)]
    targets["tier"] = 1
    length_us = int(beats_us[-1])
    rate = _TARGETS / (length_us / 1e6)
    chart = Chart(
        targets=targets,
        rates=(rate,),
        phrases=np.array([[0, length_us]], np.int64),
        tempo=1.0,
        length_us=length_us,
        beats_us=beats_us,
        bars_us=bars_us,
    )
    options, window = PlayOptions(), Window()
    plan = FixedPlan(chart, 1, LOOK_AHEAD_US)
    return PreparedPlay(
        song=_no_song(beats_us, length_us),
        song_key="",
        player=Player(hand=hand),
        options=options,
        chart=chart,
        plan=plan,
        performance=Performance(plan, window, length_us),
        tempo=1.0,
        rate=rate,
        lead_us=_BEATS_TO_A_BAR * BEAT_US,
    )


def _no_song(beats_us: np.ndarray, length_us: int) -> Song:
    """A beat and nothing else."""
    return Song(
        path=Path(),
        title="",
        notes=np.zeros(0, NOTE),
        controls=np.zeros(0, CONTROL),
        tempo_map=np.array([(0, BEAT_US)], TEMPO),
        beats_us=beats_us,
        bar_beats=np.arange(0, _BEATS, _BEATS_TO_A_BAR),
        melody=np.zeros(0, np.int64),
        melody_track=-1,
        melody_reason="",
        length_us=length_us,
        content_hash="",
    )
