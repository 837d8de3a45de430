"""A song is counted in while its targets are still being chosen."""

from dataclasses import replace

import numpy as np
import pytest

from game.music.library import bundled_folder
from game.music.reading import read_song
from game.music.sound import SAMPLE_RATE, Stems
from game.play.clock import ManualClock
from game.play.setup import LOOK_AHEAD_US, Player, PlayOptions, prepare
from game.stage.audio import AudioOut
from game.stage.early_count import JOINS_WITHIN_US, EarlyCount

SONGS = sorted(bundled_folder().glob("*.mid"))


def silence(seconds):
    part = np.zeros((seconds * SAMPLE_RATE, 2), np.float32)
    return Stems(part, part, part)


@pytest.fixture
def now():
    return ManualClock(5_000_000)


@pytest.fixture
def audio():
    return AudioOut()  # never opened: the test pulls


def counted(audio, song, now, tempo=1.0):
    return EarlyCount(audio, song, silence(20), tempo, LOOK_AHEAD_US, now)


def hear(audio, seconds):
    out = np.zeros((round(seconds * SAMPLE_RATE), 2), np.float32)
    for start in range(0, len(out), 441):
        audio.mixer.fill(out[start : start + 441])
    return out


def clicks(sound):
    """When something begins to be heard after silence, in seconds."""
    loud = np.abs(sound).max(axis=1) > 0.01
    starts = np.flatnonzero(loud)
    return starts[np.diff(starts, prepend=-SAMPLE_RATE) > 0.1 * SAMPLE_RATE] / SAMPLE_RATE


def test_the_first_beat_is_heard_at_once_and_then_every_beat(audio, now):
    song = read_song(bundled_folder() / "ode-to-joy.mid")
    count = counted(audio, song, now)
    beat_s = np.diff(song.beats_us)[0] / 1e6
    heard = clicks(hear(audio, -count.from_us / 1e6))
    assert heard[0] < 0.02
    np.testing.assert_allclose(np.diff(heard), beat_s, atol=0.02)


@pytest.mark.parametrize("path", SONGS[::6], ids=lambda path: path.stem)
def test_the_play_goes_on_with_the_count(audio, now, path):
    song = read_song(path)
    for tempo in (1.0, 0.8):
        count = counted(audio, song, now, tempo)
        play = prepare(song, path.stem, Player(), PlayOptions(rate=1.0, tempo=tempo))
        assert count.joins(play)
        assert count.from_us <= -play.lead_us


def test_another_play_or_a_late_one_does_not(audio, now):
    song = read_song(SONGS[0])
    count = counted(audio, song, now)
    play = prepare(song, "song", Player(), PlayOptions(rate=1.0, tempo=1.0))
    assert count.joins(play)
    assert not count.joins(prepare(song, "song", Player(), PlayOptions(rate=1.0, tempo=0.9)))
    assert not count.joins(replace(play, lead_us=play.lead_us + 10_000_000))
    assert not count.joins(replace(play, lead_us=-3_000_000)), "a passage is counted inside"
    now.advance(JOINS_WITHIN_US + 1)
    assert not count.joins(play)


def test_a_count_that_is_stopped_is_silent_for_good(audio, now):
    count = counted(audio, read_song(SONGS[0]), now)
    hear(audio, 0.3)
    count.stop()
    hear(audio, 0.2)
    assert not hear(audio, 4.0).any()
