"""The beats before the music."""

from dataclasses import replace

import numpy as np
import pytest

from game.stage.counting import CountIn
from tests.play.charts import SECOND_US, chart


def in_metre(beat_us=500_000, bar=4, pickup=0):
    """A chart of two minutes in this metre, with so many beats before its first whole bar."""
    beats_us = np.arange(0, 120 * SECOND_US, beat_us)
    starts = np.arange(pickup, len(beats_us), bar)
    bars = np.unique(np.concatenate([[0], starts, [len(beats_us) - 1]]))
    return replace(chart(), beats_us=beats_us, bars_us=beats_us[bars])


@pytest.mark.parametrize("bar", [2, 3, 4, 6])
def test_one_bar_is_counted_and_its_first_beat_is_strong(bar):
    count = CountIn.of(in_metre(bar=bar))
    beats = count.lasting(-bar * 500_000)
    assert [beat.number for beat in beats] == list(range(1, bar + 1))
    assert [beat.strong for beat in beats] == [True] + [False] * (bar - 1)
    assert [beat.song_us for beat in beats] == [-500_000 * k for k in range(bar, 0, -1)]


@pytest.mark.parametrize(
    ("bar", "pickup", "strong"),
    [
        (4, 1, 2),  # · 1 2 3 | and the pickup is 4
        (4, 2, 3),  # · · 1 2 | 3 4
        (4, 3, 4),  # · · · 1 | 2 3 4
        (3, 1, 2),
        (3, 2, 3),
        (2, 1, 2),
    ],
)
def test_a_pickup_goes_on_from_the_count(bar, pickup, strong):
    beats = CountIn.of(in_metre(bar=bar, pickup=pickup)).lasting(-bar * 500_000)
    assert [k for k, beat in enumerate(beats, start=1) if beat.strong] == [strong]


@pytest.mark.parametrize("beat_us", [300_000, 461_538, 500_000, 1_333_333])
@pytest.mark.parametrize("least_us", [0, 1_500_000, 3_000_000, 3_000_001])
def test_the_count_begins_with_a_beat_and_is_long_enough(beat_us, least_us):
    count = CountIn.of(in_metre(beat_us))
    lead_us = count.lead_us(least_us)
    assert lead_us >= max(least_us, 4 * beat_us)
    assert lead_us < max(least_us, 4 * beat_us) + beat_us
    assert count.lasting(-lead_us)[0].song_us == -lead_us


def test_beats_before_the_counted_bar_have_no_number():
    count = CountIn.of(in_metre())
    assert [beat.number for beat in count.lasting(-3 * SECOND_US)] == [0, 0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("song_us", "number"),
    [
        (-2_000_001, 0),
        (-2_000_000, 1),
        (-1_500_001, 1),
        (-1_500_000, 2),
        (-1, 4),
        (0, 0),
        (700_000, 0),
    ],
)
def test_what_is_shown_is_the_beat_that_sounded_last(song_us, number):
    assert CountIn.of(in_metre()).at(song_us) == number


def test_a_song_with_no_beats_is_counted_in_all_the_same():
    bare = replace(chart(), beats_us=np.zeros(1, np.int64), bars_us=np.zeros(1, np.int64))
    assert len(CountIn.of(bare).lasting(-2 * SECOND_US)) == 4


def test_going_on_within_the_music_is_not_counted():
    assert CountIn.of(in_metre()).lasting(5 * SECOND_US) == []


@pytest.mark.parametrize("bar", [2, 3, 4])
@pytest.mark.parametrize("beat_us", [400_000, 750_000])
def test_inside_the_music_the_bar_that_is_heard_is_counted(bar, beat_us):
    made = in_metre(beat_us, bar)
    from_us, to_us = (int(made.bars_us[k]) for k in (5, 6))
    count = CountIn.inside(made, from_us)
    beats = count.lasting(from_us)
    assert [beat.number for beat in beats] == list(range(1, bar + 1))
    assert [beat.song_us for beat in beats] == list(range(from_us, to_us, beat_us))
    assert [beat.strong for beat in beats] == [True] + [False] * (bar - 1)
    shown = [count.at(us) for us in (from_us, from_us + beat_us, to_us - 1, to_us, to_us + 9)]
    assert shown == [1, 2, bar, 0, 0]
    assert count.lasting(to_us) == []
