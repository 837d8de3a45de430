"""The sounds of presses."""

import numpy as np
import pytest

from game.music.sound import (
    SAMPLE_RATE,
    SOFT_GAIN,
    count_in_click,
    pluck,
    tick,
    voice_bank,
    wood_tap,
)
from game.music.sound.loudness import momentary_lufs
from tests.music.sound.songs import band, notes, song
from tests.music.sound.test_notes import pitch_cents

SHORT = {
    "tick": tick,
    "tap": wood_tap,
    "pluck": pluck,
    "strong": lambda: count_in_click(True),
    "weak": lambda: count_in_click(False),
}


@pytest.mark.parametrize("program", [0, 24, 40, 48, 56, 68, 73, 89])
def test_a_hit_sounds_in_the_melodys_voice_at_once_and_in_tune(program):
    made = song(notes(*((k, 0.9, 60 + k, 90, 0, program, False) for k in range(8))), 8)
    bank = voice_bank(made, [60, 67, 72, 67])
    assert sorted(bank) == [60, 67, 72]
    for pitch, sound in bank.items():
        assert sound.dtype == np.float32
        assert 0.6 <= len(sound) / SAMPLE_RATE <= 1.5
        peak = np.abs(sound).max()
        assert 0.05 < peak <= 0.71
        early = np.abs(sound[: round(0.02 * SAMPLE_RATE)]).max()
        assert early > 0.15 * peak, "a press must be heard at once"
        assert np.abs(sound[0]).max() < 0.01
        assert np.abs(sound[-1]).max() < 1e-3
        if program not in (48, 89):  # choirs of strings have no one pitch
            assert abs(pitch_cents(sound, pitch, 0.05, 0.4)) < 12  # attacks scoop


def test_all_pitches_are_equally_loud():
    bank = voice_bank(band(4), range(55, 85, 3))
    louds = [momentary_lufs(sound, SAMPLE_RATE) for sound in bank.values()]
    assert max(louds) - min(louds) < 3


def test_no_melody_or_a_drummed_one_is_played_on_the_piano():
    drums = song(notes((0, 0.1, 38, 90, 9, 0, True)), 2)
    piano = song(notes((0, 1, 60, 90, 0, 0, False)), 2)
    assert np.array_equal(voice_bank(drums, [60])[60], voice_bank(piano, [60])[60])


def test_every_pitch_and_program_makes_a_sound():
    for program in range(0, 128, 9):
        made = song(notes((0, 1, 60, 90, 0, program, False)), 2)
        for pitch, sound in voice_bank(made, [0, 21, 108, 127]).items():
            assert np.isfinite(sound).all(), (program, pitch)
            assert np.abs(sound).max() > 0.01, (program, pitch)


@pytest.mark.parametrize("name", SHORT)
def test_short_sounds_start_and_end_in_silence(name):
    sound = SHORT[name]()
    assert sound.dtype == np.float32
    assert sound.shape[1] == 2
    assert len(sound) / SAMPLE_RATE < 0.25
    assert np.abs(sound[0]).max() < 1e-3
    assert np.abs(sound[-1]).max() < 1e-3
    assert np.argmax(np.abs(sound[:, 0])) < 0.01 * SAMPLE_RATE
    assert np.array_equal(sound, SHORT[name]())


@pytest.mark.parametrize("hit", [lambda: voice_bank(band(4), [67])[67], pluck])
def test_they_rank_as_they_should(hit):
    louds = [momentary_lufs(sound, SAMPLE_RATE) for sound in (tick(), hit() * SOFT_GAIN, hit())]
    assert louds == sorted(louds)
    assert np.abs(count_in_click(True)).max() > np.abs(count_in_click(False)).max()
