"""After a silence three beats lead to the next target: known in time, drawn, and softly tapped."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import Grip
from game.music.sound import SAMPLE_RATE, Stems
from game.play.performance import Event, EventKind
from game.stage.highway.upcoming import Upcoming
from game.stage.mixer import Mixer
from game.stage.pickups import PICKUP_GAP_US, pickup_times
from game.stage.sounds import PlaySounds, PressSounds
from tests.play.charts import chart
from tests.stage.scenes import still_view, targets

BEATS = np.arange(0, 60_000_000, 500_000)
SECOND_US = 1_000_000


@pytest.mark.parametrize(
    ("before_us", "time_us", "beat_us", "look_ahead_us", "expected"),
    [
        (8_000_000, 10_000_000, 500_000, 3_000_000, ()),  # exactly 2 s: no silence
        (7_999_999, 10_000_000, 500_000, 3_000_000, (8_500_000, 9_000_000, 9_500_000)),
        (None, 10_000_000, 500_000, 3_000_000, (8_500_000, 9_000_000, 9_500_000)),
        (0, 10_000_000, 1_000_000, 3_000_000, (8_500_000, 9_000_000, 9_500_000)),
        (0, 10_000_000, 1_000_000, 4_000_000, (7_000_000, 8_000_000, 9_000_000)),
        (0, 10_000_000, 500_000, 1_000_000, (9_250_000, 9_500_000, 9_750_000)),
    ],
)
def test_three_beats_or_parts_of_beats_that_can_be_seen_coming(
    before_us, time_us, beat_us, look_ahead_us, expected
) -> None:
    beats = np.arange(0, 60_000_000, beat_us)
    assert pickup_times(before_us, time_us, beats, look_ahead_us) == expected


@given(
    st.integers(0, 50_000_000),
    st.integers(PICKUP_GAP_US + 1, 20_000_000),
    st.integers(150_000, 2_000_000),
    st.integers(1_000_000, 6_000_000),
)
def test_every_beat_is_known_before_it_comes(before_us, gap_us, beat_us, look_ahead_us) -> None:
    beats = np.arange(0, 70_000_000, beat_us)
    time_us = before_us + gap_us
    times = pickup_times(before_us, time_us, beats, look_ahead_us)
    assert len(times) == 3
    assert sorted(times) == list(times)
    assert all(time_us - look_ahead_us < at < time_us for at in times)
    assert times[0] > before_us or gap_us < look_ahead_us


def test_what_is_tapped_is_what_is_drawn() -> None:
    rows = targets((1_000_000, Grip.KEY, 0), (6_000_000, Grip.RING, 0))
    known = Upcoming()
    known.follow(still_view(targets=rows))
    assert known.pickups[1] == pickup_times(1_000_000, 6_000_000, BEATS, 3_000_000)
    other = still_view(targets=rows, look_ahead_us=1_000_000)
    known.follow(other)
    assert known.pickups[1] == pickup_times(1_000_000, 6_000_000, BEATS, 1_000_000)


class _Heard:
    """A mixer without music, and the presses of a song with targets at 1 s and 6 s."""

    def __init__(self) -> None:
        made = chart(seconds=12, per_second=1)
        self.targets = made.targets[:2].copy()
        self.targets["time_us"] = (1_000_000, 6_000_000)
        self.chart = replace(made, targets=self.targets, beats_us=BEATS, bars_us=BEATS[::4])
        self.mixer = Mixer()
        nothing = np.zeros((12 * SAMPLE_RATE, 2), np.float32)
        self.mixer.load(Stems(nothing, nothing, nothing))
        self.presses = PressSounds(self.mixer, PlaySounds({}), self.chart)
        self.heard = np.zeros((0, 2), np.float32)

    def run(self, until_s: float) -> None:
        while len(self.heard) < until_s * SAMPLE_RATE:
            part = np.zeros((441, 2), np.float32)
            self.mixer.fill(part)
            self.heard = np.concatenate([self.heard, part])

    def tell(self, kind: EventKind, target: int) -> None:
        self.presses.hear([Event(kind, 0, 0, target)], self.targets[: target + 1])

    def taps_s(self) -> list[float]:
        """When something begins to sound."""
        loud = np.abs(self.heard).max(axis=1) > 1e-4
        begins = np.flatnonzero(loud & ~np.concatenate([[False], loud[:-1]]))
        apart = [b for i, b in enumerate(begins) if i == 0 or b - begins[i - 1] > 4_410]
        return [b / SAMPLE_RATE for b in apart]


def test_three_soft_taps_are_heard_at_their_beats() -> None:
    play = _Heard()
    play.mixer.play(0)
    play.tell(EventKind.IN_VIEW, 0)
    play.run(3.1)
    before = play.taps_s()
    play.tell(EventKind.IN_VIEW, 1)
    play.run(6.5)
    # The first target of a song has its beats as well, as far as they lie in the music.
    assert before == pytest.approx([0.0, 0.5], abs=0.005)
    assert play.taps_s()[2:] == pytest.approx([4.5, 5.0, 5.5], abs=0.005)
    assert 0.01 < np.abs(play.heard).max() < 0.2, "softly"


def test_after_going_back_they_are_tapped_again_but_not_for_what_was_judged() -> None:
    play = _Heard()
    play.mixer.play(0)
    play.tell(EventKind.IN_VIEW, 0)
    play.tell(EventKind.HIT, 0)
    play.tell(EventKind.IN_VIEW, 1)
    play.run(4.8)
    play.mixer.clear_schedule()
    play.presses.count_in(0)
    play.mixer.play(0)
    play.heard = np.zeros((0, 2), np.float32)
    play.run(6.5)
    assert [at for at in play.taps_s() if at > 0.2] == pytest.approx([4.5, 5.0, 5.5], abs=0.03)
