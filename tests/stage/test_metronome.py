"""The beat to tap along with, sample by sample; a microphone that hears nothing."""

import time

import numpy as np
import pytest

from game.play.calibration import BEAT_US
from game.play.clock import ManualClock
from game.play.loopback import APART_US, CHIRPS, round_trip
from game.stage.audio import AudioOut
from game.stage.metronome import Metronome
from game.stage.microphone import SAMPLE_RATE, Microphone

RATE = 44_100


def heard(audio: AudioOut, seconds: float) -> np.ndarray:
    """What comes out of the mixer from now on, mono."""
    out = np.zeros((round(seconds * RATE) // 441 * 441, 2), np.float32)
    for at in range(0, len(out), 441):
        audio.mixer.fill(out[at : at + 441])
    return out[:, 0]


def onsets(sound: np.ndarray, least: float = 0.01) -> list[float]:
    """When something begins after silence, seconds."""
    loud = np.flatnonzero(np.abs(sound) > least)
    starts = loud[np.concatenate(([True], np.diff(loud) > RATE // 50))]
    return [start / RATE for start in starts]


def test_every_beat_clicks_and_is_divided_into_four_softer_ones():
    audio = AudioOut(backend="thread")
    Metronome(ManualClock(), audio).begin()
    sound = heard(audio, 4.2)
    times = onsets(sound)
    assert np.allclose(times, 1 + np.arange(13) / 4, atol=0.003)
    peaks = [np.abs(sound[round(t * RATE) : round(t * RATE) + 4_000]).max() for t in times]
    assert min(peaks[::4]) > 2 * max(peaks[1:4])


def test_the_beat_is_where_the_sound_is():
    """A card that takes 20 ms at a time, on a clock of its own."""
    now = ManualClock(7_000_000)
    audio = AudioOut(backend="thread", clock=now)
    beat = Metronome(now, audio)
    beat.begin()
    for _ in range(300):
        audio._pull(882)
        now.advance(20_000)
        beat.step()
    # Song time 0 was handed over a second after the first frame.
    assert beat.time_us(now()) == pytest.approx(5_000_000, abs=2_000)
    assert beat.host_us(3_000_000) == pytest.approx(11_000_000, abs=2_000)


def test_a_beat_that_is_only_seen_goes_by_the_host():
    now = ManualClock(500)
    beat = Metronome(now)
    beat.begin()
    now.advance(3 * BEAT_US)
    assert beat.time_us(now()) == 2 * BEAT_US


def test_what_was_loaded_is_not_heard_and_stopping_is_silence():
    audio = AudioOut(backend="thread")
    beat = Metronome(ManualClock(), audio)
    beat.begin()
    heard(audio, 1.1)
    beat.stop()
    heard(audio, 0.3)
    assert np.abs(heard(audio, 1.5)).max() == 0


def test_chirps_that_are_played_are_found_where_they_were_handed_over():
    audio = AudioOut(backend="thread")
    beat = Metronome(ManualClock(), audio)
    times_us = beat.begin_chirps()
    assert len(times_us) == CHIRPS
    sound = heard(audio, 1 + (times_us[-1] + APART_US) / 1e6)
    late = np.concatenate((np.zeros(round(0.035 * RATE), np.float32), sound * 0.2))
    found = round_trip(late, RATE, times_us, lambda frame: round(frame * 1e6 / RATE) - BEAT_US)
    assert found.trouble == ""
    assert found.offset_us == pytest.approx(35_000, abs=1_000)


def test_a_microphone_that_hears_nothing_dates_what_it_hears():
    microphone = Microphone(null=True)
    assert microphone.trouble == ""
    time.sleep(0.5)
    asked_us = time.perf_counter_ns() // 1_000
    sound, came_us = microphone.heard()
    now_us = time.perf_counter_ns() // 1_000
    microphone.close()
    assert len(sound) > 0.1 * SAMPLE_RATE
    assert not sound.any()
    assert asked_us - 400_000 < came_us(len(sound)) < now_us + 30_000
    times = [came_us(frame) for frame in range(0, len(sound), 500)]
    assert np.allclose(np.diff(times), 500e6 / SAMPLE_RATE, atol=2_000)


def test_without_a_microphone_a_sentence_says_so(monkeypatch):
    import miniaudio

    def none(**_: object) -> None:
        raise miniaudio.MiniaudioError("failed to init device")

    monkeypatch.setattr(miniaudio, "CaptureDevice", none)
    microphone = Microphone()
    assert "No microphone" in microphone.trouble
    assert len(microphone.heard()[0]) == 0
    microphone.close()
