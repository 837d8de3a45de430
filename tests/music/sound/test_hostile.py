"""Songs and fonts that ask for too much."""

import numpy as np
import pytest

from game.music.song import BEND, PEDAL
from game.music.sound import render
from game.music.sound.sharing import play_voices
from game.music.sound.soundfont import soundfont
from game.music.sound.voices import POLYPHONY, SAMPLE_RATE, score
from tests.music.sound.songs import controls, notes, song


def test_a_pedal_that_never_comes_up_holds_only_so_many_notes():
    rows = [(k / 20, 0.04, 36 + k * 7 % 60, 100, k % 9, 19, False) for k in range(500)]
    pedals = controls(*((0, channel, PEDAL, 127) for channel in range(9)))
    whole = score(notes(*rows), pedals, 25_000_000, 1.0, soundfont())
    start, off = whole.voices["start_frame"], whole.voices["off_frame"]
    layers = len(whole.voices) / len(rows)
    for moment in range(0, 25 * SAMPLE_RATE, SAMPLE_RATE // 2):
        sounding = ((start <= moment) & (off > moment)).sum()
        assert sounding <= 9 * layers * (POLYPHONY + 1)
    stems = render(song(notes(*rows[:100]), 5, pedals))
    assert np.isfinite(stems.backing).all()


def test_channels_keys_and_controls_out_of_range_are_survived():
    sounding = notes((0, 0.5, 255, 255, 255, 200, False), (0.2, 0.5, 200, 128, 77, 127, True))
    wild = controls((0, 255, 7, 32_000), (0, 15, BEND, -32_768), (0.1, 15, 10, -5), (0, 15, 6, 99))
    stems = render(song(sounding, 1, wild, melody_channel=255))
    assert np.isfinite(stems.melody).all()
    assert np.abs(stems.melody).max() <= 1


@pytest.mark.parametrize("cents", [-1e9, -20_000.0, 20_000.0, 1e9, np.inf])
def test_no_pitch_reads_outside_the_samples(cents):
    font = soundfont()
    whole = score(notes((0, 0.5, 60, 100, 0, 73, False)), controls(), 500_000, 1.0, font)
    whole.voices["pitch_cents"] = cents
    out = np.zeros((3, whole.frames), np.float32)
    play_voices(whole.voices, font.samples, whole.curves, float(SAMPLE_RATE), 1e-4, out)
    assert np.isfinite(out).all()
    assert np.abs(out).max() < 2


def test_the_same_moment_for_everything_is_survived():
    stems = render(song(notes(*((0, 0, p, 100, 0, 0, False) for p in range(128))), 1))
    assert np.abs(stems.melody + stems.backing).max() <= 1
