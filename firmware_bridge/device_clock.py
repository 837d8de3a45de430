"""Device time to host time.

A glove's ceramic resonator is off by up to 5 000 ppm, so slope and offset are both fitted. In
each 250 ms the smallest (arrival − device time) is the least delayed frame; through those of the
last 30 s goes a robust line in which late points weigh little. PING bounds its offset: a glove
cannot have answered before it was asked. The time a frame is known to spend on the wire is taken
off.

At first the buckets are 25 ms long, so that the slope is known to some hundred ppm when the first
time is mapped, a quarter of a second after the first frame; after two seconds they become those of
250 ms. Where the same glove was heard before, its slope is known, and the first bucket is enough.

Where frames failed to come for a while and the device did not start anew, the line of before is
kept in mind: frames that waited in an adapter or in a busy computer arrive late by as long as that
took, and no line is drawn through them. It is drawn as soon as frames are as late as they used to
be, or when they have been equally late for a quarter of a second: the device's clock stood still.

What maps edges is not that line itself but a path that follows it: pieces joined end to end, each
fixed when a bucket closes and steered to meet the line half a second later (at first: a tenth). So
a later,
better estimate never moves an edge that was already mapped, and two presses never change their
order.

It is a pure function of the frames and their arrival: how they were cut into reads does not
matter.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from itertools import islice

import numpy as np
from numba import njit
from numpy.typing import NDArray

BUCKET_US = 250_000
WINDOW_US = 30_000_000

#: The short buckets of the beginning, for how long they last, and how much of it has to be seen
#: before a first line through them is drawn.
FIRST_BUCKET_US = 25_000
_FIRST_LASTS_US = 2_000_000
_FIRST_LINE_US = 200_000

MAX_SKEW_PPM = 6_000.0  # resonators are within 5 000; the rest is room for noise

#: After an interruption: this much later than the line of before is late. What had to wait comes
#: ever less late; so many buckets equally late are as late as they will always be.
_LATE_US = 5_000
_LATE_BUCKETS = 10
_LATE_FOR_US = 700_000  # of device time: then the line of before goes on

#: A path this far off its line, or a frame that arrives this long before it was sampled, means
#: that one of the two clocks jumped: everything starts anew, and presses are lost. Less than that
#: is steered away: a computer that was busy while the port was opened makes the first frames, and
#: with them the first line, some tens of milliseconds late.
BREAK_US = 100_000

_STEER_US = 500_000.0  # the path meets its line after this time
_FIRST_STEER_US = 100_000.0  # and while the buckets are short, after this
_STEEPEST = 0.2  # but never is steered more than 20 % faster or slower, so time never steps back
_PATH_PIECES = 40  # from 1 s at first to 10 s; edges are dated back by far less

# What is known of the slope beforehand, as (noise of a point / its spread)²: nothing but what a
# resonator can be (100 µs / 3 000 ppm); or what it was when the glove was last heard (100 / 200).
_PRIOR = 0.0011
_PRIOR_KNOWN = 0.25

# Why `_gather` stopped.
TAKEN, CLOSED, BROKEN, RESTARTED = 0, 1, 2, 3

# The bucket being filled, by index.
_ENDS = 0  # arrival at which it closes
_COUNT = 1
_BEST_X = 2  # device time of the least delayed frame
_BEST_Y = 3  # its arrival − wire time − device time
_LAST_X = 4  # device time of the newest frame
_LENGTH = 5  # in arrival time
_BUCKET_SIZE = 6
_NEVER = -(1 << 62)  # no bucket has begun


@njit(cache=True)
def _gather(
    frame_us: NDArray[np.int64],
    frame_end: NDArray[np.int64],
    frame_restart: NDArray[np.uint8],
    first: int,
    ends: NDArray[np.int64],
    arrivals: NDArray[np.int64],
    wire_us: int,
    break_us: int,
    bucket: NDArray[np.int64],
    path: NDArray[np.float64],
) -> tuple[int, int]:
    """Take frames into the bucket, from ``first`` until something has to be done about one.

    Byte ``k`` of the chunk arrived at ``arrivals[j]`` of the first ``ends[j] > k``. ``path`` is
    the piece in force: known (0 or 1), device time, host time, slope. Returns the first frame
    that was not taken, and why.
    """
    j = 0
    for i in range(first, frame_us.size):
        if i > first and frame_restart[i]:
            return i, RESTARTED
        while j < ends.size - 1 and ends[j] < frame_end[i]:
            j += 1
        arrival = arrivals[j]
        x = frame_us[i]
        if path[0] != 0 and path[2] + (x - path[1]) * path[3] > arrival + break_us:
            return i, BROKEN
        if bucket[_COUNT] > 0 and arrival >= bucket[_ENDS]:
            return i, CLOSED
        if bucket[_COUNT] == 0:
            if bucket[_ENDS] == _NEVER:
                bucket[_ENDS] = arrival + bucket[_LENGTH]
            elif arrival >= bucket[_ENDS]:
                over = (arrival - bucket[_ENDS]) % bucket[_LENGTH]
                bucket[_ENDS] = arrival - over + bucket[_LENGTH]
        y = arrival - wire_us - x
        if bucket[_COUNT] == 0 or y < bucket[_BEST_Y]:
            bucket[_BEST_X] = x
            bucket[_BEST_Y] = y
        bucket[_COUNT] += 1
        bucket[_LAST_X] = x
    return frame_us.size, TAKEN


@njit(cache=True)
def _fit_line(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    max_slope: float,
    start: float,
    expected: float,
    prior: float,
) -> tuple[float, float]:
    """A robust line y ≈ a + b x: ``x`` in s, ``y`` in µs, both (n,), n ≥ 1. Returns (a, b).

    Starts on the lowest point with the median slope of pairs half the data apart (if there are few
    points, with ``start``); then least squares, reweighted: full weight below the line,
    1 / (1 + (r / s)²) above it (Cauchy's weight), s shrinking from 4 ms to 0.3 ms. The slope is
    drawn to ``expected`` with the weight ``prior`` (in s², to be compared with Σ (x − mean)²),
    which only matters in the first second.
    """
    n = x.size
    slope = start
    half = n // 2
    if n >= 8:
        slopes = np.empty(n - half)
        for i in range(n - half):
            slopes[i] = (y[i + half] - y[i]) / max(x[i + half] - x[i], 1e-3)
        slope = min(max(np.median(slopes), -max_slope), max_slope)
    level = y[0] - slope * x[0]
    for i in range(n):
        level = min(level, y[i] - slope * x[i])
    scale = 4_000.0
    for _ in range(10):
        sum_w = 0.0
        sum_x = 0.0
        sum_y = 0.0
        for i in range(n):
            r = max(y[i] - level - slope * x[i], 0.0) / scale
            w = 1.0 / (1.0 + r * r)
            sum_w += w
            sum_x += w * x[i]
            sum_y += w * y[i]
        mean_x = sum_x / sum_w
        mean_y = sum_y / sum_w
        sum_xx = prior
        sum_xy = prior * expected
        for i in range(n):
            r = max(y[i] - level - slope * x[i], 0.0) / scale
            w = 1.0 / (1.0 + r * r)
            sum_xx += w * (x[i] - mean_x) * (x[i] - mean_x)
            sum_xy += w * (x[i] - mean_x) * (y[i] - mean_y)
        slope = min(max(sum_xy / sum_xx, -max_slope), max_slope)
        level = mean_y - slope * mean_x
        scale = max(scale * 0.7, 300.0)
    return level, slope


class DeviceClock:
    """Maps device time to host time, both int64 µs. See the module's text.

    Frames are offered with :meth:`gather`; when it answers CLOSED, :meth:`close_bucket` fixes the
    next piece of the path.
    """

    def __init__(self) -> None:
        self._skew = 0.0
        self._slope_known = False
        self._line_now: Callable[[int], float] | None = None
        self._before: Callable[[int], float] | None = None
        self.reset()

    def reset(self, *, same_glove: bool = False, same_time: bool = False) -> None:
        """Forget everything: the device, or one of the clocks, started anew.

        With ``same_glove`` the slope is remembered, if it was known: a resonator stays what it is.
        With ``same_time`` frames only failed to come, and device time probably goes on as it did.
        """
        #: The line of before, while frames may still be those that had to wait.
        self._before = (self._line_now or self._before) if same_time else None
        self._line_now = None
        self._slope_known = same_glove and self._slope_known
        self._skew = self._skew if self._slope_known else 0.0
        self._expected = self._skew * 1e6
        self._prior = _PRIOR_KNOWN if self._slope_known else _PRIOR
        self._bucket = np.zeros(_BUCKET_SIZE, np.int64)
        self._bucket[_ENDS] = _NEVER
        self._bucket[_LENGTH] = FIRST_BUCKET_US
        self._points: deque[tuple[int, int]] = deque()
        self._pings: deque[tuple[int, int, int]] = deque(maxlen=48)  # 30 s of them
        # The pieces of the path: where each begins in device time and in host time, its slope.
        self._begins: list[int] = []
        self._hosts: list[float] = []
        self._slopes: list[float] = []
        self._path = np.zeros(4)

    @property
    def ready(self) -> bool:
        """Whether times can be mapped: 200 ms of frames came, or 25 ms of a glove known before."""
        return bool(self._begins)

    @property
    def skew_ppm(self) -> float:
        """How much faster the host's clock runs than the device's, parts per million."""
        return self._skew * 1e6

    def gather(
        self,
        frame_us: NDArray[np.int64],
        frame_end: NDArray[np.int64],
        frame_restart: NDArray[np.uint8],
        first: int,
        ends: NDArray[np.int64],
        arrivals: NDArray[np.int64],
        wire_us: int,
    ) -> tuple[int, int]:
        """Take frames from ``first`` on; returns the first not taken, and why.

        Why is TAKEN (all were), CLOSED (call :meth:`close_bucket`, then go on), BROKEN (the frame
        came before it was sampled: start anew with it) or RESTARTED (the device started anew).
        Byte k of the chunk arrived at ``arrivals[j]`` of the first ``ends[j]`` > k.
        """
        stop, why = _gather(
            frame_us,
            frame_end,
            frame_restart,
            first,
            ends,
            arrivals,
            wire_us,
            BREAK_US,
            self._bucket,
            self._path,
        )
        return int(stop), int(why)

    def bound(self, device_us: int, not_before_us: int, not_after_us: int) -> None:
        """A PONG: the glove's clock showed ``device_us`` between these two host times."""
        self._pings.append((device_us, not_before_us, not_after_us))

    def close_bucket(self) -> bool:
        """The bucket is full: fit the line anew and fix the next piece of the path.

        Returns False if the path is too far off the line to be steered: start anew.
        """
        self._take_bucket()
        if self._is_late():
            return True
        seen = int(self._bucket[_LAST_X]) - self._points[0][0]
        if self._bucket[_LENGTH] == FIRST_BUCKET_US and seen >= _FIRST_LASTS_US:
            self._merge_first_buckets()
        while self._points[-1][0] - self._points[0][0] > WINDOW_US:
            self._points.popleft()
        if self.ready or self._slope_known or seen >= _FIRST_LINE_US:
            return self._go_on()
        return True

    def conclude(self) -> None:
        """No more frames will come: from here on times are mapped by what little there is."""
        if not self.ready and self._bucket[_COUNT]:
            self._take_bucket()
        if not self.ready and self._points:
            if self._before is not None:
                x, _ = self._points[-1]
                self._points = deque([(x, round(self._before(x)) - x)])
            self._go_on()

    def _is_late(self) -> bool:
        """Whether the frames so far had to wait, and better ones are still to come."""
        if self._before is None:
            return False
        x, y = self._points[-1]
        late_us = y - round(self._before(x) - x)
        latest = [late for _, late in islice(reversed(self._points), _LATE_BUCKETS)]
        steady = len(latest) == _LATE_BUCKETS and max(latest) - min(latest) < _LATE_US
        patient = x - self._points[0][0] < _LATE_FOR_US
        if late_us > _LATE_US and not steady and patient:
            return True
        self._before = None
        # As late as ever, or now early and now late because the computer is busy: the line of
        # before knows better than one bucket.
        self._points = deque([(x, y if steady or late_us < -_LATE_US else y - late_us)])
        return False

    def _take_bucket(self) -> None:
        bucket = self._bucket
        self._points.append((int(bucket[_BEST_X]), int(bucket[_BEST_Y])))
        bucket[_COUNT] = 0

    def _merge_first_buckets(self) -> None:
        """From now on buckets are long, and the short ones so far are put together to such."""
        lowest: dict[int, tuple[int, int]] = {}
        for x, y in self._points:
            place = (x - self._points[0][0]) // BUCKET_US
            if place not in lowest or y < lowest[place][1]:
                lowest[place] = (x, y)
        self._points = deque(lowest.values())
        self._bucket[_LENGTH] = BUCKET_US
        self._slope_known = True

    def _go_on(self) -> bool:
        """Fix the next piece of the path, from the newest frame on; False: it is too far off."""
        begin = int(self._bucket[_LAST_X])
        line = self._line_now = self._line()
        target = line(begin)
        slope = 1.0 + self._skew
        host = target
        if self._begins:
            host = self._hosts[-1] + (begin - self._begins[-1]) * self._slopes[-1]
            error = target - host
            if abs(error) > BREAK_US:
                return False
            young = self._bucket[_LENGTH] == FIRST_BUCKET_US
            steer = error / (_FIRST_STEER_US if young else _STEER_US)
            slope += min(max(steer, -_STEEPEST), _STEEPEST)
        self._begins.append(begin)
        self._hosts.append(host)
        self._slopes.append(slope)
        del self._begins[:-_PATH_PIECES], self._hosts[:-_PATH_PIECES], self._slopes[:-_PATH_PIECES]
        self._path[:] = (1.0, begin, host, slope)
        return True

    def _line(self) -> Callable[[int], float]:
        """The fitted line, as a function from device time to host time; sets the skew."""
        base_x, base_y = self._points[-1]
        points = np.array(self._points, np.int64)
        level, slope = _fit_line(
            (points[:, 0] - base_x) / 1e6,
            (points[:, 1] - base_y).astype(np.float64),
            MAX_SKEW_PPM,
            self._skew * 1e6,
            self._expected,
            self._prior,
        )
        self._skew = slope / 1e6

        def line(device_us: int) -> float:
            return device_us + base_y + level + (device_us - base_x) * self._skew

        if self._pings:
            lowest = max(not_before - line(device) for device, not_before, _ in self._pings)
            highest = min(not_after - line(device) for device, _, not_after in self._pings)
            if lowest <= highest:
                level += min(max(0.0, lowest), highest)
        return line

    def host_us(self, device_us: int) -> int:
        """The host time of a device time. Increasing; raises ValueError before :attr:`ready`."""
        if not self._begins:
            raise ValueError("the device clock is not known yet")
        piece = max(bisect_right(self._begins, device_us) - 1, 0)
        offset = (device_us - self._begins[piece]) * self._slopes[piece]
        return round(self._hosts[piece] + offset)
