"""Delays found from taps along a beat, with people and devices that are modelled."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.play.calibration import (
    BEAT_US,
    BY_EAR,
    BY_EYE,
    LONGEST_US,
    Measured,
    Rules,
    Source,
    Taps,
    link_delay,
    measure,
)

SOAK = bool(os.environ.get("GRIPTUNE_SOAK"))
PEOPLE = 2_000 if SOAK else 200

ms = 1_000


def person(
    seed: int,
    *,
    delay_us: int,
    habit_us: int = 0,
    spread_us: int = 25 * ms,
    lapses: float = 0.0,
    left_out: float = 0.0,
    taps: int = 60,
) -> list[int]:
    """Taps of somebody who hears beat k ``delay_us`` late and taps to it ``habit_us`` beside it.

    A lapse is a tap anywhere in the beat; what is left out is not tapped at all.
    """
    rng = np.random.default_rng(seed)
    times = []
    for beat in range(1, taps + 1):
        if rng.random() < left_out:
            continue
        off = rng.normal(delay_us + habit_us, spread_us)
        if rng.random() < lapses:
            off = rng.uniform(-300 * ms, 700 * ms)
        times.append(round(beat * BEAT_US + off))
    return times


def tapped(times: list[int], rules: Rules = BY_EAR) -> tuple[Measured, int]:
    """What comes of tapping until it is enough, and how many taps that took."""
    taps = Taps(rules)
    for count, time_us in enumerate(times, start=1):
        taps.tap(time_us)
        if taps.enough:
            return taps.measured(), count
    return taps.measured(), len(times)


@pytest.mark.parametrize("delay_ms", [0, 5, 40, 120, 180, 300, 450])
def test_the_delay_is_found_to_what_it_says_it_is_sure_of(delay_ms):
    """19 of 20 people find it within the interval that is told, as 95 % means."""
    inside = 0
    for seed in range(PEOPLE):
        found, count = tapped(person(seed, delay_us=delay_ms * ms))
        assert found.trouble == ""
        assert count <= BY_EAR.leading + BY_EAR.most
        assert abs(found.offset_us - delay_ms * ms) <= 30 * ms
        inside += abs(found.offset_us - delay_ms * ms) <= found.sure_us
    # Stopping when it looks sure makes it look a little surer than it is.
    assert inside / PEOPLE >= 0.88


def test_it_takes_half_a_minute_at_most_and_less_for_steady_hands():
    steady = [tapped(person(seed, delay_us=60 * ms, spread_us=12 * ms))[1] for seed in range(50)]
    usual = [tapped(person(seed, delay_us=60 * ms, spread_us=28 * ms))[1] for seed in range(50)]
    assert max(steady) <= BY_EAR.leading + BY_EAR.fewest + 2
    assert np.median(usual) <= 30
    assert max(usual) <= BY_EAR.leading + BY_EAR.most


@pytest.mark.parametrize("lapses", [0.05, 0.1, 0.15])
def test_lapses_and_beats_left_out_move_nothing(lapses):
    held = 0
    for seed in range(100):
        found, _ = tapped(
            person(seed, delay_us=80 * ms, spread_us=22 * ms, lapses=lapses, left_out=0.1)
        )
        if not found.trouble:
            held += 1
            assert abs(found.offset_us - 80 * ms) <= 25 * ms
    assert held >= 90


def test_a_tap_that_is_far_off_is_told_apart():
    times = person(1, delay_us=50 * ms, spread_us=10 * ms, taps=20)
    usual = measure(np.array(times), BY_EAR)
    times[7] += 300 * ms
    times[12] -= 250 * ms
    found = measure(np.array(times), BY_EAR)
    assert found.aside == usual.aside + 2
    assert abs(found.offset_us - usual.offset_us) <= 6 * ms


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (person(3, delay_us=0, spread_us=110 * ms), "too far apart"),
        (sorted(np.random.default_rng(5).integers(0, 40 * BEAT_US, 40).tolist()), "too far apart"),
        ([k * BEAT_US // 4 for k in range(60)], "too far apart"),
        (person(3, delay_us=560 * ms, spread_us=15 * ms), "not lie on the beat"),
        (person(3, delay_us=-200 * ms, spread_us=15 * ms), "not lie on the beat"),
        (person(3, delay_us=20 * ms, taps=10), "too few"),
        ([], "too few"),
    ],
    ids=["unsteady", "any time", "every part", "late", "early", "ten taps", "none"],
)
def test_what_does_not_hold_says_why_and_what_to_do(times, words):
    found, _ = tapped(list(times))
    assert words in found.trouble
    assert "lease try once more" in found.trouble


def test_taps_to_what_is_seen_may_spread_more():
    times = person(11, delay_us=70 * ms, spread_us=50 * ms)
    assert tapped(times, BY_EAR)[0].trouble
    seen = [tapped(person(s, delay_us=70 * ms, spread_us=45 * ms), BY_EYE)[0] for s in range(40)]
    assert sum(not found.trouble for found in seen) >= 30


def test_whoever_taps_before_the_beat_has_no_delay_to_take_off():
    found, _ = tapped(person(2, delay_us=0, habit_us=-50 * ms))
    assert found.trouble == ""
    assert found.offset_us < 0
    assert found.delay_us() == 0


@given(st.integers(-600 * ms, 900 * ms), st.integers(0, 100 * ms))
def test_no_delay_is_negative_or_longer_than_the_settings_take(offset_us, known_us):
    delay_us = Measured(offset_us).delay_us(known_us)
    assert 0 <= delay_us <= LONGEST_US
    if known_us <= offset_us <= LONGEST_US:
        assert delay_us == offset_us - known_us


@given(st.lists(st.integers(-(10**9), 10**9), max_size=60))
def test_any_taps_whatever_come_to_something(times):
    found, _ = tapped(times)
    assert found.used + found.aside <= BY_EAR.most
    if not found.trouble:
        assert found.used >= BY_EAR.fewest * 2 // 3
        assert found.sure_us <= BY_EAR.accepted_us
        assert -150 * ms <= found.offset_us <= LONGEST_US


@given(st.lists(st.integers(0, 40 * BEAT_US), min_size=16, max_size=32), st.integers(-50, 50))
def test_which_second_a_tap_lies_in_means_nothing(times, beats):
    moved = [t + beats * BEAT_US for t in times]
    assert measure(np.array(times), BY_EAR) == measure(np.array(moved), BY_EAR)


# ---------------------------------------------------------------- the glove


def pair(seed: int, link_us: int, keyboard_us: int = 0, habit_us: int = -40 * ms):
    keys, _ = tapped(
        person(seed, delay_us=90 * ms + keyboard_us, habit_us=habit_us, spread_us=18 * ms)
    )
    pinches, _ = tapped(
        person(seed + 5_000, delay_us=90 * ms + link_us, habit_us=habit_us, spread_us=18 * ms)
    )
    return pinches, keys


@pytest.mark.parametrize("link_ms", [30, 80, 200])
def test_the_link_is_what_pinches_come_later_than_keys_whatever_the_habit(link_ms):
    for seed in range(60):
        found = link_delay(*pair(seed, link_ms * ms, keyboard_us=8 * ms), known_us=8 * ms)
        assert found.trouble == ""
        assert abs(found.delay_us() - link_ms * ms) <= 30 * ms


def test_a_link_too_quick_to_be_measured_by_hand_counts_as_none():
    """A glove on a cable takes 3 ms; taps tell 20."""
    found = [link_delay(*pair(seed, 3 * ms)).delay_us() for seed in range(PEOPLE)]
    assert np.mean([delay == 0 for delay in found]) >= 0.9


def test_what_the_keyboard_adds_is_no_part_of_what_the_glove_lacks():
    found = link_delay(Measured(120 * ms, 3 * ms), Measured(90 * ms, 4 * ms), known_us=8 * ms)
    assert found.offset_us == 38 * ms
    assert found.sure_us == 5 * ms


def test_trouble_of_either_is_trouble_of_both():
    pinches, keys = pair(1, 0)
    bad = Measured(trouble="no")
    assert link_delay(bad, keys).trouble == link_delay(pinches, bad).trouble == "no"


def test_where_a_figure_comes_from_is_said_in_a_line():
    about = Source.EAR.about(Measured(42_000, 14_400, 20_000, 16, 1), "2026-11-21")
    assert about == "by ear, 16 taps, sure to 14 ms, 2026-11-21"
    about = Source.LOOPBACK.about(Measured(42_000, 200, 100, 8, 0), "2026-11-21")
    assert about == ("by microphone, its own delay included, 8 clicks, sure to 1 ms, 2026-11-21")
