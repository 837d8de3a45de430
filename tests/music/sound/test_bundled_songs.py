"""The bundled songs as they are heard. Nobody listens in a test: what can be measured is.

How fast they are rendered the benchmark "sound" shows.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from game.music.reading import read_song
from game.music.sound import SAMPLE_RATE, render
from game.music.sound.loudness import loudness_lufs, true_peak
from game.music.sound.mastering import LIFT

ALL = sorted((Path(__file__).parents[3] / "songs").glob("*.mid"))

#: All of them where there is time; else every eleventh.
SONGS = ALL if os.environ.get("GRIPTUNE_SOAK") else ALL[::11]


@pytest.fixture(scope="module", params=SONGS, ids=lambda path: path.stem)
def heard(request):
    return render(read_song(request.param))


def db(value):
    return 20 * np.log10(value + 1e-12)


def test_it_is_as_loud_as_every_other_and_never_clips(heard):
    assert loudness_lufs(heard.melody, SAMPLE_RATE, heard.backing) == pytest.approx(-16, abs=1)
    for lift in (1.0, LIFT):
        assert db(true_peak(heard.melody, heard.backing, lift)) <= -1.0
    # With everything good playing adds there is still the mixer's soft ceiling above.
    assert np.abs(heard.melody * LIFT + heard.backing + heard.layer).max() < 1.2


def test_its_melody_can_be_followed_and_its_layer_stays_behind(heard):
    melody, backing, layer = (
        loudness_lufs(stem, SAMPLE_RATE) for stem in (heard.melody, heard.backing, heard.layer)
    )
    assert melody - backing > -1
    assert -12 < layer - melody < -6


def test_it_is_balanced_clear_and_lively(heard):
    mix = (heard.melody + heard.backing).astype(float)
    rms = np.sqrt(np.mean(mix**2))
    left, right = np.sqrt(np.mean(mix**2, axis=0))
    assert abs(db(left / right)) < 5
    assert db(np.abs(mix.mean(axis=0)).max() / rms) < -24, "there is no direct current in it"
    assert 12 < db(np.abs(mix).max() / rms) < 20, "it is neither squashed nor spiky"
    size = 1 << 15
    parts = mix.mean(axis=1)[: len(mix) // size * size].reshape(-1, size) * np.hanning(size)
    power = np.square(np.abs(np.fft.rfft(parts, axis=1))).mean(axis=0)
    hertz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    octaves = [
        db(np.sqrt(power[(hertz >= low) & (hertz < 2 * low)].sum()))
        for low in (177, 354, 707, 1_414, 2_828, 5_657)
    ]
    slope = np.polyfit(range(len(octaves)), octaves, 1)[0]
    assert -11 < slope < -1, "it falls towards the treble as music does"


def test_it_begins_with_sound_and_ends_in_silence(heard):
    mix = heard.melody + heard.backing
    level = np.abs(mix).max(axis=1)
    assert np.argmax(level > 0.01) < SAMPLE_RATE
    assert level[-10:].max() < 1e-4
    # The last notes ring out: the end is not cut off where they are loud.
    assert db(level[-SAMPLE_RATE // 10 :].max() / level.max()) < -30
