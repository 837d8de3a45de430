"""A beat to tap along with, and what time it is on it: heard, or only seen."""

from collections.abc import Callable

from game.music.sound import SAMPLE_RATE
from game.play.calibration import BEAT_US, PARTS
from game.play.clock import AudioSongClock, HostSongClock
from game.play.loopback import APART_US, CHIRPS, chirp
from game.stage.audio import AudioOut
from game.stage.mixer import Mixer
from game.stage.sounds import clicks

#: As many beats as the slowest measurement takes, and some that are let go by.
_BEATS = 60

#: The parts between the beats are this much softer.
_PART_GAIN = 0.3

#: Chirps begin a second after the sound does: a device that slept is awake by then.
_FIRST_CHIRP_US = 1_000_000


class Metronome:
    """Beat k is at k seconds of :meth:`time_us`; it begins a second before the first.

    With ``audio`` the beats click, each divided into four, and the time is that of the frames that
    were handed over; without it is the host's. Times asked about and given are µs.
    """

    def __init__(self, now: Callable[[], int], audio: AudioOut | None = None) -> None:
        self._now = now
        self._audio = audio
        self._clock = HostSongClock() if audio is None else AudioSongClock(SAMPLE_RATE)

    def begin(self) -> None:
        """Begin to click."""
        if self._audio is not None:
            mixer = self._mixer
            mixer.load(None)
            for part in range(_BEATS * PARTS):
                whole = part % PARTS == 0
                sound = clicks().strong if whole else clicks().weak
                mixer.schedule(part * BEAT_US // PARTS, sound, 1.0 if whole else _PART_GAIN)
        self._start()

    def begin_chirps(self) -> tuple[int, ...]:
        """Play chirps in place of clicks; returns the times at which they are handed over."""
        sound = chirp(SAMPLE_RATE).repeat(2).reshape(-1, 2)
        times_us = tuple(_FIRST_CHIRP_US + k * APART_US for k in range(CHIRPS))
        self._mixer.load(None)
        for at_us in times_us:
            self._mixer.schedule(at_us, sound)
        self._start()
        return times_us

    def _start(self) -> None:
        if self._audio is not None:
            self._mixer.play(-BEAT_US)
        self._clock.start(self._now(), -BEAT_US)

    @property
    def _mixer(self) -> Mixer:
        assert self._audio is not None
        return self._audio.mixer

    def step(self) -> None:
        """Follow the sound; often."""
        if self._audio is not None and isinstance(self._clock, AudioSongClock):
            for host_us, frames in self._audio.observations():
                self._clock.observe(host_us, frames)

    def time_us(self, host_us: int) -> int:
        """The time on the beat at ``host_us``."""
        return self._clock.song_us(host_us)

    def host_us(self, time_us: int) -> int:
        """When it is, was or will be ``time_us`` on the beat."""
        return self._clock.host_us(time_us)

    def stop(self) -> None:
        """Silence."""
        if self._audio is not None:
            self._mixer.clear_schedule()
            self._mixer.pause()
