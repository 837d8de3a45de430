"""The sound card: a callback that pulls frames from the mixer and says exactly how many it took.

``miniaudio`` asks for frames when its buffer has room. At each such moment the host time and the
frames of the present run handed over so far are kept for the song clock. Where there is no sound
card, or it vanishes, the same callback is paced by miniaudio's null device or, failing that, by a
thread, and :attr:`AudioOut.silent_reason` says so in a sentence: the game goes on without sound.
"""

import contextlib
import ctypes
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Any, Final

import numpy as np

from game.core.say import mark
from game.stage.mixer import Mixer

#: The device is asked for this; three periods are its buffer. Press to sound is at most the wait
#: for a period and the buffer, 40 ms; callbacks come at most 4 ms late (measured at 20 ms).
PERIOD_MS: Final = 10
PERIODS: Final = 3

#: A sound card that has not asked for anything for so long is gone.
GONE_US: Final = 1_500_000

#: But one that was just opened may still be waking up: a sound server took 1.8 s, and what plays
#: over Bluetooth takes longer.
AWAKE_WITHIN_US: Final = 8_000_000
_AWAKE_AFTER: Final = 10  # callbacks; the first few fill its buffer

#: Observations kept for a game that is busy: ten seconds of them.
_KEPT: Final = 1_024

_LARGEST_BUFFER: Final = 1 << 15

NO_DEVICE: Final = mark("No sound device was found: the song plays in silence.")
DEVICE_LOST: Final = mark("The sound device is gone: the song goes on in silence.")


def host_clock() -> int:
    """Host time, µs."""
    return time.perf_counter_ns() // 1_000


class AudioOut:
    """Sound out. Never raises for a missing or broken device.

    ``mixer`` is what plays; ask it for songs and sounds. ``backend`` is ``"auto"``, or ``"null"``
    for a device that takes frames in real time and drops them, or ``"thread"`` for pacing without
    miniaudio. ``clock`` stamps the observations.
    """

    def __init__(
        self,
        mixer: Mixer | None = None,
        *,
        backend: str = "auto",
        clock: Callable[[], int] = host_clock,
        period_ms: int = PERIOD_MS,
    ) -> None:
        if backend not in ("auto", "null", "thread"):
            raise ValueError(f"a backend is auto, null or thread, not “{backend}”")
        self.mixer = Mixer() if mixer is None else mixer
        #: Why nothing is heard, for the patient to read; None if sound comes out.
        self.silent_reason: str | None = None
        #: What takes the frames: ``"none"``, ``"device"``, ``"null"`` or ``"thread"``.
        self.kind = "none"
        #: What the device is called by its system (``ALSA``, ``WASAPI``, …).
        self.system = ""
        #: Callbacks so far, the longest one in µs, and the last one's host time.
        self.callbacks = 0
        self.longest_us = 0
        self._last_us = 0
        self._callbacks_before = 0  # when the device was opened
        self._wanted = backend
        self._clock = clock
        self._period_ms = period_ms
        self._device: Any = None
        self._pacer: threading.Thread | None = None
        self._stop = threading.Event()
        self._lost = False
        self._observed: deque[tuple[int, int, int]] = deque(maxlen=_KEPT)
        self._buffer = np.zeros((_LARGEST_BUFFER, 2), np.float32)

    def __enter__(self) -> "AudioOut":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Warm the kernels, then start the device, or what stands in for it."""
        if self.kind != "none":
            return
        self.mixer.warm()
        self._lost = False
        self.silent_reason = None
        if self._wanted == "auto" and self._open_device(null=False):
            return
        if self._wanted == "auto":
            self.silent_reason = NO_DEVICE
        self._open_silent()

    def close(self) -> None:
        """Stop; nothing is asked of the mixer afterwards."""
        self._stop.set()
        if self._pacer is not None:
            self._pacer.join(2.0)
            self._pacer = None
        device, self._device = self._device, None
        if device is not None:
            device.close()
        self.kind = "none"

    def poll(self) -> bool:
        """Look after the device, a few times a second; True if it was lost just now.

        A lost device is replaced by silence that keeps the time going.
        """
        if self.kind != "device":
            return False
        awake = self.callbacks - self._callbacks_before >= _AWAKE_AFTER
        silent_us = self._clock() - self._last_us
        if not self._lost and silent_us < (GONE_US if awake else AWAKE_WITHIN_US):
            return False
        device, self._device = self._device, None
        # Closing a device whose system is stuck can take for ever.
        threading.Thread(target=_close_quietly, args=(device,), daemon=True).start()
        self.kind = "none"
        self.silent_reason = DEVICE_LOST
        self._open_silent()
        return True

    def observations(self) -> list[tuple[int, int]]:
        """(host µs, frames of the present run handed over by then) since the last call.

        In order; for :meth:`game.play.clock.AudioSongClock.observe`. A run is what began with the
        last ``play`` or ``resume``; observations of earlier ones are left out.
        """
        run = self.mixer.run_asked
        rows = []
        while self._observed:
            host_us, number, frames = self._observed.popleft()
            if number == run:
                rows.append((host_us, frames))
        return rows

    @property
    def latency_us(self) -> int:
        """From a frame handed over to its sound, as the device's buffer tells; 0 if silent.

        What lies behind the device (a television, Bluetooth) is not in it: calibration finds it.
        """
        if self.kind != "device":
            return 0
        with contextlib.suppress(AttributeError, ZeroDivisionError):
            side = self._device._device.playback
            frames = side.internalPeriodSizeInFrames * side.internalPeriods
            return int(frames * 1_000_000 // side.internalSampleRate)
        return PERIODS * self._period_ms * 1_000

    def _open_device(self, null: bool) -> bool:
        try:
            import miniaudio

            with _quiet_alsa():
                device = miniaudio.PlaybackDevice(
                    output_format=miniaudio.SampleFormat.FLOAT32,
                    nchannels=2,
                    sample_rate=self.mixer.sample_rate,
                    buffersize_msec=self._period_ms,
                    callback_periods=PERIODS,
                    backends=[miniaudio.Backend.NULL] if null else None,
                    app_name="Griptune",
                )
        except Exception:  # a driver may fail in any way; silence is the answer to all of them
            return False
        if not null and device.backend.lower() == "null":
            device.close()
            return False
        try:
            feed = self._frames()
            next(feed)
            device.stop_callback = self._stopped
            self._callbacks_before = self.callbacks
            self._last_us = self._clock()
            device.start(feed)
        except Exception:
            _close_quietly(device)
            return False
        self._device = device
        self.kind = "null" if null else "device"
        self.system = device.backend
        return True

    def _open_silent(self) -> None:
        if self._wanted != "thread" and self._open_device(null=True):
            return
        self._stop.clear()
        self.kind = "thread"
        self._pacer = threading.Thread(target=self._pace, name="griptune-silence", daemon=True)
        self._pacer.start()

    def _stopped(self) -> None:
        self._lost = True

    def _frames(self) -> Generator[np.ndarray, int, None]:
        """What miniaudio pulls from: it sends a number of frames and gets as many."""
        count = yield self._buffer[:0]
        while True:
            count = yield self._pull(count)

    def _pull(self, count: int) -> np.ndarray:
        now = self._clock()
        out = self._buffer[:count]
        try:
            self.mixer.settle()
            if self.mixer.playing:
                self._observed.append((now, self.mixer.run, self.mixer.run_frames))
            self.mixer.fill(out)
        except Exception:
            # An exception here would end the sound for good, silently: a dropout is better.
            out[:] = 0.0
        self.callbacks += 1
        self._last_us = now
        self.longest_us = max(self.longest_us, self._clock() - now)
        return out

    def _pace(self) -> None:
        """Take frames at the sample rate of the host clock, a period at a time."""
        period = self.mixer.sample_rate * self._period_ms // 1_000
        due = time.perf_counter()
        while not self._stop.is_set():
            self._pull(period)
            due += period / self.mixer.sample_rate
            self._stop.wait(max(0.0, due - time.perf_counter()))


@contextlib.contextmanager
def _quiet_alsa() -> Iterator[None]:
    """Keep ALSA from writing thirty lines to standard error when there is no sound card."""
    if not sys.platform.startswith("linux"):
        yield
        return
    try:
        alsa = ctypes.CDLL("libasound.so.2")
        set_handler = alsa.snd_lib_error_set_handler
    except (OSError, AttributeError):
        yield
        return
    handler = ctypes.CFUNCTYPE(
        *(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
    )(lambda *_: None)
    set_handler(handler)
    try:
        yield
    finally:
        set_handler(None)


def _close_quietly(device: Any) -> None:
    with contextlib.suppress(Exception):
        device.close()
