"""Song time: what instant of the song a host time is, and the other way round.

The master is the monotonic host clock. In a silent or headless play the song simply runs with it
(:class:`HostSongClock`). With sound, the song is where the sound card is, and all that is known of
that is how many frames had been handed over at each callback: times that come in steps of a buffer
and up to some milliseconds late. :class:`AudioSongClock` follows them with a filter of two states
(offset and rate).

Both keep what they have said as segments: from ``host_us`` on the song is at ``song_us`` and moves
by ``rate`` song microseconds a host microsecond. A segment only ever begins at or after the latest
host time that was asked about, so that no answer is ever taken back: an edge that is converted
once, a replay that converts it again from the kept segments, and the picture all agree.

Rejected: reading the audio position directly (steps of a buffer, steps back at an underrun), a low
pass on the position (lags by its own time constant at 200 ppm), slewing towards every observation
(follows the jitter).
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

#: An output further than this behind the sound snaps forward; see :meth:`AudioSongClock.observe`.
SNAP_US = 100_000


class ManualClock:
    """A host clock whose time is set by hand; never goes backwards.

    Calling it gives host_us, like every host clock.
    """

    def __init__(self, start_us: int = 0) -> None:
        self.now_us = start_us

    def __call__(self) -> int:
        """The present host time, µs."""
        return self.now_us

    def advance_to(self, host_us: int) -> None:
        """Set the time; an earlier one than it has reached leaves it as it is."""
        self.now_us = max(self.now_us, host_us)

    set = advance_to

    def advance(self, us: int) -> None:
        """Let ``us`` microseconds pass; ValueError if negative."""
        if us < 0:
            raise ValueError(f"a clock does not go back ({us} µs)")
        self.now_us += us


class Segment(NamedTuple):
    """From ``host_us`` on the song is at ``song_us`` and moves by ``rate``; 0 is paused."""

    host_us: int
    song_us: int
    rate: float

    def at(self, host_us: int) -> int:
        """Song time at ``host_us``, which may lie before the segment."""
        return self.song_us + int((host_us - self.host_us) * self.rate // 1)


class SongClock(Protocol):
    """What a conductor needs of a song clock."""

    segments: list[Segment]

    @property
    def running(self) -> bool:
        """Whether the song has been started and is not paused."""

    def start(self, host_us: int, song_us: int) -> None:
        """At ``host_us`` the song is at ``song_us`` and begins to move."""

    def song_us(self, host_us: int) -> int:
        """The song time at a host time."""

    def host_us(self, song_us: int) -> int:
        """The host time at which the song is, was or will be at a song time."""

    def pause(self, host_us: int) -> None:
        """The song stands still from ``host_us`` on."""

    def resume(self, host_us: int, song_us: int | None = None) -> None:
        """The song goes on, where it stood or at ``song_us`` (a rewind)."""


class HostSongClock:
    """The song runs with the host clock: silent, headless and fast plays.

    ``segments`` are kept with the play. Before the first start the song stands at 0.
    """

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        #: Index of the segment the present run began with; song time may repeat before it.
        self._run = 0
        self._running = False
        self._asked_us: int | None = None

    @property
    def running(self) -> bool:
        """Whether the song has been started and is not paused."""
        return self._running

    def start(self, host_us: int, song_us: int = 0) -> None:
        """At ``host_us`` the song is at ``song_us`` and begins to move at the host's rate."""
        self._run = len(self.segments)
        self._running = True
        self._append(host_us, song_us, 1.0)

    def pause(self, host_us: int) -> None:
        """The song stands still from ``host_us`` on; nothing happens if it does already."""
        if self._running:
            self._running = False
            host_us = self._not_before(host_us)
            self._append(host_us, self.segments[-1].at(host_us), 0.0)

    def resume(self, host_us: int, song_us: int | None = None) -> None:
        """The song goes on from ``host_us``, where it stood or at ``song_us`` (a rewind)."""
        if song_us is None:
            song_us = self.song_us(host_us)
        self.start(host_us, song_us)

    def song_us(self, host_us: int) -> int:
        """The song time at ``host_us``; for a time long past, what it was then."""
        if not self.segments:
            return 0
        if self._asked_us is None or host_us > self._asked_us:
            self._asked_us = host_us
        return self._segment(host_us).at(host_us)

    def host_us(self, song_us: int) -> int:
        """The first host time of the present run at which the song is at ``song_us`` or past it.

        For a time still to come, as the clock runs now; a paused clock answers as if it went on
        at once. Raises ValueError before the first start.
        """
        if not self.segments:
            raise ValueError("the clock has not been started")
        rows = self.segments[self._run :]
        for row, following in pairwise(rows):
            if row.at(following.host_us) >= song_us or following.song_us >= song_us:
                return min(_reached(row, song_us), following.host_us)
        return _reached(rows[-1], song_us)

    def _segment(self, host_us: int) -> Segment:
        place = bisect_right(self.segments, host_us, key=lambda row: row.host_us) - 1
        return self.segments[max(0, place)]

    def _not_before(self, host_us: int) -> int:
        """``host_us``, or the latest time that was answered for or began a segment."""
        latest = host_us if self._asked_us is None else max(host_us, self._asked_us)
        return max(latest, self.segments[-1].host_us) if self.segments else latest

    def _append(self, host_us: int, song_us: int, rate: float) -> None:
        host_us = max(host_us, self.segments[-1].host_us) if self.segments else host_us
        self.segments.append(Segment(host_us, song_us, rate))


def _reached(row: Segment, song_us: int) -> int:
    """The first host time at which ``row`` says ``song_us`` or more (rate 0 counts as 1)."""
    rate = row.rate if row.rate > 0 else 1.0
    host_us = row.host_us + int((song_us - row.song_us) / rate // 1)
    if row.rate > 0:
        while row.at(host_us) < song_us:
            host_us += 1
    return host_us


class AudioSongClock(HostSongClock):
    """The song is where the sound card is, followed through observations of frames handed over.

    ``start`` begins a run at the host's rate; each :meth:`observe` corrects it. ``sample_rate``
    is that of the frames. The filter is a Kalman filter with constant rate: offset and rate of
    the card against the host, a little process noise so that it keeps following (its memory is
    about half a minute), observations with :data:`JITTER_US` of noise. A prior of
    :data:`RATE_PRIOR` on the rate keeps the first seconds calm. One observation that is far off
    counts for little; eight on one side in a row mean that the card really moved (an underrun),
    and the filter begins anew.
    """

    #: Assumed standard deviation of an observation, µs.
    JITTER_US = 2_000.0
    #: Assumed standard deviation of a card's rate before anything is known (300 ppm).
    RATE_PRIOR = 300e-6
    #: Random walk of the offset, µs²/s, and of the rate, 1/s: temperature, not more.
    OFFSET_WALK = 20.0
    RATE_WALK = (1e-6) ** 2
    #: An observation further off than this many deviations is cut to it.
    CUT = 3.0
    #: So many observations in a row beyond the cut, on one side: the card really moved.
    MOVED_AFTER = 8

    #: The output is brought to the filter's estimate over this time, in segments no shorter than
    #: SEGMENT_US unless there is a snap or a wait; so 3 minutes of play keep some hundred segments.
    CATCH_UP_US = 400_000.0
    SEGMENT_US = 200_000
    #: Fastest the song moves while it catches up. More than 100 ms ahead it waits.
    FASTEST = 1.10

    def __init__(self, sample_rate: int = 44_100) -> None:
        super().__init__()
        self._us_per_frame = 1e6 / sample_rate
        self._known = False
        self._origin: tuple[int, int] = (0, 0)
        self._last_us = 0.0
        self._offset_us = 0.0
        self._drift = 0.0
        self._p00 = self._p01 = self._p11 = 0.0
        self._beyond = 0

    @property
    def rate(self) -> float:
        """The card's rate as the filter has it: song microseconds a host microsecond."""
        return 1.0 + self._drift

    def start(self, host_us: int, song_us: int = 0) -> None:
        """At ``host_us`` the song is at ``song_us``; frames are counted from 0 from there.

        The rate learned before a pause is kept: it is the same card.
        """
        super().start(host_us, song_us)
        self._origin = (self.segments[-1].host_us, song_us)
        self._known = False

    def observe(self, host_us: int, frames: int) -> None:
        """At ``host_us`` the card had taken ``frames`` frames since the start of this run.

        In the order they happened; ignored while paused. If the song is more than 100 ms behind
        the sound it snaps forward; if it is ahead it slows down, and from 100 ms on waits.
        """
        if not self._running:
            return
        elapsed = float(host_us - self._origin[0])
        seen = frames * self._us_per_frame - elapsed  # the offset of song against host, µs
        if not self._known:
            self._begin(elapsed, seen)
        else:
            self._update(elapsed, seen)
        self._steer(self._not_before(host_us))

    def estimate_us(self, host_us: int) -> float:
        """Where the filter has the song at ``host_us``, before the output is kept from stepping."""
        elapsed = host_us - self._origin[0]
        ahead = self._offset_us + self._drift * (elapsed - self._last_us)
        return self._origin[1] + elapsed + ahead

    def _begin(self, elapsed: float, seen: float) -> None:
        self._known = True
        self._last_us = elapsed
        self._offset_us = seen
        self._p00, self._p01 = self.JITTER_US**2, 0.0
        if self._p11 == 0.0:
            self._p11 = self.RATE_PRIOR**2
        self._beyond = 0

    def _update(self, elapsed: float, seen: float) -> None:
        step = elapsed - self._last_us
        if step <= 0:
            return
        self._last_us = elapsed
        self._offset_us += self._drift * step
        seconds = step / 1e6
        self._p00 += 2 * step * self._p01 + step * step * self._p11 + self.OFFSET_WALK * seconds
        self._p01 += step * self._p11
        self._p11 += self.RATE_WALK * seconds

        surprise = seen - self._offset_us
        spread = self._p00 + self.JITTER_US**2
        limit = self.CUT * spread**0.5
        if abs(surprise) > limit:
            same_side = self._beyond * surprise > 0
            self._beyond = (self._beyond if same_side else 0) + (1 if surprise > 0 else -1)
            if abs(self._beyond) >= self.MOVED_AFTER:
                self._begin(elapsed, seen)
                return
            surprise = limit if surprise > 0 else -limit
        else:
            self._beyond = 0
        gain_offset, gain_drift = self._p00 / spread, self._p01 / spread
        self._offset_us += gain_offset * surprise
        self._drift += gain_drift * surprise
        self._p11 -= gain_drift * self._p01
        self._p01 *= 1 - gain_offset
        self._p00 *= 1 - gain_offset

    def _steer(self, host_us: int) -> None:
        """Begin a segment at ``host_us`` that leads the output to the estimate."""
        row = self.segments[-1]
        said = row.at(host_us)
        behind = self.estimate_us(host_us) - said
        if behind > SNAP_US:
            self._append(host_us, said + int(behind), 1.0 + self._drift)
            return
        far_ahead = behind < -SNAP_US
        if far_ahead != (row.rate == 0.0) or host_us - row.host_us >= self.SEGMENT_US:
            rate = 1.0 + self._drift + behind / self.CATCH_UP_US
            self._append(host_us, said, 0.0 if far_ahead else min(self.FASTEST, rate))


@dataclass(frozen=True)
class Delay:
    """A delay of a device, µs, and where the figure comes from."""

    us: int = 0
    source: str = "not measured"

    @property
    def measured(self) -> bool:
        """Whether anybody has said what it is; 0 may have been measured."""
        return bool(self.us) or self.source != Delay().source


@dataclass(frozen=True)
class Delays:
    """The four delays, kept apart.

    ``audio``: from a frame handed over to its sound; ``display``: from a frame drawn to light;
    ``link``: from a contact to the host time an edge is stamped with; ``motor``: the patient's
    own lag, an outcome, which is kept here to be shown and is never taken off anything.
    """

    audio: Delay = Delay()
    display: Delay = Delay()
    link: Delay = Delay()
    motor: Delay = Delay(0, "an outcome, never calibrated away")

    @property
    def audio_us(self) -> int:
        """The audio delay in µs."""
        return self.audio.us

    @property
    def display_us(self) -> int:
        """The display delay in µs."""
        return self.display.us

    @property
    def link_us(self) -> int:
        """The link delay in µs."""
        return self.link.us

    @property
    def motor_us(self) -> int:
        """The patient's own lag in µs."""
        return self.motor.us

    def judged_us(self, song_us: int, *, silent: bool = False) -> int:
        """The song time a press is judged at, from the song clock's time of its edge.

        The edge is stamped ``link`` late, and answered a sound that was heard ``audio`` late, or
        in silent play a picture that was seen ``display`` late. Worked example: audio 40 ms, link
        5 ms; a press in time with what is heard comes 45 ms after the clock passed its target,
        and is judged 0 ms off.
        """
        return song_us - self.link.us - (self.display.us if silent else self.audio.us)

    def drawn_us(self, song_us: int, *, silent: bool = False) -> int:
        """The song time to draw when the song clock says ``song_us``.

        What is drawn now is seen ``display`` later, and should then lie where the sound being
        heard is. In silent play the picture is the reference and is drawn as it is.
        """
        return song_us if silent else song_us + self.display.us - self.audio.us
