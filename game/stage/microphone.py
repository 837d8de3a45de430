"""What a microphone hears, and when each frame of it came."""

import contextlib
import threading
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from game.core.say import mark
from game.play.clock import AudioSongClock
from game.stage.audio import host_clock

SAMPLE_RATE = 44_100
_PERIOD_MS = 10
_PERIODS = 3

NO_MICROPHONE = mark("No microphone was found. Plug one in, or measure by ear.")


class Microphone:
    """Records from the moment it is made until :meth:`close`. Never raises for a missing device.

    ``trouble`` says, in a sentence, that there is none. With ``null`` it is a device that hears
    silence in real time.
    """

    def __init__(self, now: Callable[[], int] = host_clock, *, null: bool = False) -> None:
        self.trouble = ""
        self._now = now
        self._heard: list[tuple[int, np.ndarray]] = []
        self._device: Any = None
        try:
            import miniaudio

            device = miniaudio.CaptureDevice(
                input_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=1,
                sample_rate=SAMPLE_RATE,
                buffersize_msec=_PERIOD_MS,
                callback_periods=_PERIODS,
                backends=[miniaudio.Backend.NULL] if null else None,
                app_name="Griptune",
            )
            if not null and device.backend.lower() == "null":
                device.close()
                raise OSError("no device but the one that hears nothing")
            take = self._take()
            next(take)
            device.start(take)
            self._device = device
        except Exception:  # a driver may fail in any way; all of them mean: not with this one
            self.trouble = NO_MICROPHONE

    def _take(self) -> Generator[None, bytes, None]:
        """What miniaudio pushes into, in the driver's thread: only a stamp and a copy."""
        while True:
            data = yield
            self._heard.append((self._now(), np.frombuffer(data, np.float32).copy()))

    def heard(self) -> tuple[np.ndarray, Callable[[int], int]]:
        """All that was heard so far (float32, mono), and when (host µs) a frame of it came.

        A block comes when its last frame has: that is the moment frames are dated by, so that
        waiting for a block to fill is no delay.
        """
        heard = list(self._heard)
        clock = AudioSongClock(SAMPLE_RATE)
        frames = 0
        for host_us, block in heard:
            frames += len(block)
            if frames == len(block):
                clock.start(host_us, round(frames * 1e6 / SAMPLE_RATE))
                begun = frames
                continue
            clock.observe(host_us, frames - begun)
        if not heard:
            return np.zeros(0, np.float32), lambda frame: 0
        return (
            np.concatenate([block for _, block in heard]),
            lambda frame: _before_the_start(clock, round(frame * 1e6 / SAMPLE_RATE)),
        )

    def close(self) -> None:
        """Listen no more."""
        device, self._device = self._device, None
        if device is not None:
            # Closing a device whose system is stuck can take for ever.
            threading.Thread(target=_close_quietly, args=(device,), daemon=True).start()


def _before_the_start(clock: AudioSongClock, time_us: int) -> int:
    """The host time of ``time_us``; before the first block the clock ran at the host's rate."""
    first = clock.segments[0]
    if time_us < first.song_us:
        return first.host_us - (first.song_us - time_us)
    return clock.host_us(time_us)


def _close_quietly(device: Any) -> None:
    with contextlib.suppress(Exception):
        device.close()
