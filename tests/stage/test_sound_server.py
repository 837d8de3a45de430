"""Sound through a real sound server: heard without a gap, and gone without harm."""

import time

import numpy as np
import pytest

from game.music.sound import SAMPLE_RATE
from game.play.clock import AudioSongClock
from game.stage import audio
from game.stage.audio import AudioOut
from tests import sound_server
from tests.stage.test_audio import SECOND, follow, go_on, song

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(bool(sound_server.missing()), reason=sound_server.missing()),
]


def awake(out: AudioOut) -> None:
    """Until the device asks steadily. This server's takes up to 2 s for that, and is not gone."""
    until = time.perf_counter() + 20
    while out.callbacks < 20:
        assert not out.poll(), "a device that is still waking up is taken for gone"
        assert time.perf_counter() < until, "the device never asks"
        time.sleep(0.01)


def test_a_song_is_taken_by_the_server_at_the_speed_of_its_device() -> None:
    with sound_server.sound_server() as server, AudioOut() as out:
        assert (out.kind, out.system, out.silent_reason) == ("device", "PulseAudio", None)
        assert out.latency_us == audio.PERIODS * audio.PERIOD_MS * 1_000
        awake(out)
        out.mixer.load(song(10.0))
        clock = AudioSongClock(SAMPLE_RATE)
        began = time.perf_counter()
        _, said = follow(out, clock, 2.0, 0)
        elapsed = time.perf_counter() - began
        print(f"{out.callbacks} callbacks, the server ran dry {server.ran_dry()} times")
    assert (np.diff(said) >= 0).all()
    assert said[-1] / SECOND == pytest.approx(elapsed, abs=0.4)


def test_when_the_server_vanishes_the_song_goes_on_in_silence_and_says_so() -> None:
    with sound_server.sound_server() as server, AudioOut() as out:
        awake(out)
        out.mixer.load(song(20.0))
        clock = AudioSongClock(SAMPLE_RATE)
        before = follow(out, clock, 0.5, 0)[1][-1]
        assert out.silent_reason is None
        server.kill()
        _, said = go_on(out, clock, 3.0)
        assert out.silent_reason == audio.DEVICE_LOST
        assert out.kind == "null"
        assert (np.diff(said) >= 0).all()
        # The song stands still until it is noticed that nobody asks any more, then it goes on.
        assert said[-1] - before > 3.0 * SECOND - audio.GONE_US - 0.4 * SECOND


def test_where_the_server_is_gone_before_the_game_there_is_silence_with_a_word() -> None:
    with sound_server.sound_server() as server:
        server.kill()
        with AudioOut() as out:
            assert out.silent_reason == audio.NO_DEVICE
            before = out.mixer.frames_handed
            time.sleep(0.3)
            assert out.mixer.frames_handed > before
