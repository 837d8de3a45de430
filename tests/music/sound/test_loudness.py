"""Loudness and peaks against what the standard says they are."""

import numpy as np
import pytest

from game.music.sound.loudness import k_weighting, loudness_lufs, momentary_lufs, true_peak
from game.music.sound.mastering import (
    CEILING_DBTP,
    LIFT,
    MOST_BALANCE_DB,
    TARGET_LUFS,
    master,
)

RATE = 44_100


def sine(hertz, seconds, level=1.0, rate=RATE, sides=(1, 1)):
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return (wave[:, None] * np.array(sides)).astype(np.float32)


def test_at_48_khz_the_filters_are_those_of_the_standards_tables():
    shelf, high_pass = k_weighting(48_000)
    assert shelf == pytest.approx(
        [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            -1.69065929318241,
            0.73248077421585,
        ],
        abs=1e-6,
    )
    assert high_pass == pytest.approx([1, -2, 1, -1.99004745483398, 0.99007225036621], abs=1e-6)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_a_997_hz_tone_at_full_scale_on_one_side_is_3_01_below_nought(rate):
    assert loudness_lufs(sine(997, 5, rate=rate, sides=(1, 0)), rate) == pytest.approx(
        -3.01, abs=0.03
    )


def test_the_ebu_tone_of_minus_23_reads_minus_23():
    # EBU Tech 3341, case 1: stereo 1 kHz, −23 dBFS, 20 s.
    assert loudness_lufs(sine(1_000, 20, 10 ** (-23 / 20)), RATE) == pytest.approx(-23, abs=0.1)


def test_quiet_stretches_are_gated_out():
    # EBU Tech 3341, case 3: −36, −23, −36 dBFS for 10, 60, 10 s.
    parts = [(10, -36), (60, -23), (10, -36)]
    sound = np.concatenate([sine(1_000, s, 10 ** (db / 20)) for s, db in parts])
    assert loudness_lufs(sound, RATE) == pytest.approx(-23, abs=0.1)


def test_the_loudness_of_a_sum_is_that_of_its_sum():
    a, b = sine(440, 3, 0.1), sine(557, 3, 0.2)
    assert loudness_lufs(a, RATE, b) == pytest.approx(loudness_lufs(a + b, RATE), abs=1e-4)


def test_silence_and_snippets_have_no_loudness():
    assert loudness_lufs(np.zeros((RATE, 2), np.float32), RATE) == -np.inf
    assert loudness_lufs(sine(440, 0.2), RATE) == -np.inf
    assert momentary_lufs(sine(997, 2.0), RATE) == pytest.approx(0.0, abs=0.05)


def test_a_true_peak_between_samples_is_found():
    # A quarter of the sample rate at 45°: samples at 0.707 of the wave's height.
    wave = 0.5 * np.sin(np.pi / 2 * np.arange(2_000) + np.pi / 4)
    wave *= np.minimum(1, np.minimum(np.arange(2_000), np.arange(2_000)[::-1]) / 200)
    sound = np.repeat(wave[:, None], 2, axis=1).astype(np.float32)
    assert np.abs(sound).max() < 0.36
    assert true_peak(sound) == pytest.approx(0.5, rel=0.02)


def mastered(melody, backing):
    how = master(melody, backing, RATE)
    gains = how.gains[:, None]
    return melody * np.float32(how.melody_gain) * gains, backing * gains, how


@pytest.mark.parametrize("level", [0.001, 0.05, 0.9])
def test_a_song_comes_to_its_loudness_from_wherever_it_is(level):
    melody, backing = sine(440, 10, level), sine(220, 10, level / 2)
    melody, backing, _ = mastered(melody, backing)
    assert loudness_lufs(melody, RATE, backing) == pytest.approx(TARGET_LUFS, abs=0.3)


def drummed(level):
    """A soft tone with hard knocks: what a limiter is for."""
    sound = sine(300, 10, level)
    for start in range(0, len(sound), RATE // 2):
        sound[start : start + 60] += 1.0
    return sound


@pytest.mark.parametrize("level", [0.05, 0.1])
def test_peaks_stay_under_the_ceiling_also_with_the_melody_lifted(level):
    melody, backing, how = mastered(sine(440, 10, 0.05), drummed(level))
    ceiling = 10 ** (CEILING_DBTP / 20)
    assert true_peak(melody, backing) <= ceiling
    assert true_peak(melody, backing, LIFT) <= ceiling
    assert loudness_lufs(melody, RATE, backing) == pytest.approx(TARGET_LUFS, abs=1)
    assert how.gains.min() < how.gains.max()
    assert np.abs(np.diff(how.gains / how.gains.max())).max() < 0.02  # it glides


def test_a_buried_melody_is_raised_to_its_backing_but_not_by_more_than_6_db():
    backing = sine(220, 10, 0.2)
    assert master(sine(440, 10, 0.1), backing, RATE).melody_gain == pytest.approx(2, rel=0.06)
    most = 10 ** (MOST_BALANCE_DB / 20)
    assert master(sine(440, 10, 0.01), backing, RATE).melody_gain == pytest.approx(most)
    assert master(sine(440, 10, 0.4), backing, RATE).melody_gain == 1


def test_silence_is_left_alone():
    nothing = np.zeros((RATE, 2), np.float32)
    assert (master(nothing, nothing, RATE).gains == 1).all()
