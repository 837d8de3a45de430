"""Device time to host time: slope, offset, late frames, PING, and what must never happen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.device_clock import BROKEN, CLOSED, RESTARTED, DeviceClock

WIRE_US = 400


class Line:
    """A device whose clock is off, and a line whose frames are late by what is asked."""

    def __init__(self, skew_ppm: float, *, start_us: int = 5_000_000, device_us: int = 1_000):
        self.rate = 1 - skew_ppm / 1e6  # device µs in a host µs
        self.start_us, self.device_us = start_us, device_us

    def true_host(self, device_us: int) -> float:
        return self.start_us + (device_us - self.device_us) / self.rate

    def frames(self, seconds: float) -> np.ndarray:
        return self.device_us + np.arange(1, int(seconds * 1000) + 1) * 1_000

    def arrivals(self, frames: np.ndarray, late_us: np.ndarray | float) -> np.ndarray:
        true = self.start_us + (frames - self.device_us) / self.rate
        # A line keeps its order: nothing arrives before what was sent before it.
        return np.maximum.accumulate(np.rint(true + WIRE_US + late_us).astype(np.int64))


def run(clock: DeviceClock, frames: np.ndarray, arrivals: np.ndarray, chunk: int = 10) -> int:
    """Offer frames in chunks; returns how often everything had to start anew."""
    broken = 0
    for begin in range(0, frames.size, chunk):
        part, when = frames[begin : begin + chunk], arrivals[begin : begin + chunk]
        ends = np.arange(1, part.size + 1) * 20
        first = 0
        while first < part.size:
            first, why = clock.gather(
                part, ends, np.zeros(part.size, np.uint8), first, ends, when, WIRE_US
            )
            if why == BROKEN or (why == CLOSED and not clock.close_bucket()):
                broken += 1
                clock.reset()
    return broken


@pytest.mark.parametrize("skew_ppm", [-5_000, -2_500, 0, 40, 2_500, 5_000])
def test_a_clock_that_is_off_is_followed_to_a_fraction_of_a_millisecond(skew_ppm: float) -> None:
    line, clock = Line(skew_ppm), DeviceClock()
    frames = line.frames(40)
    late = np.random.default_rng(1).exponential(1_500, frames.size)
    assert run(clock, frames, line.arrivals(frames, late)) == 0
    assert clock.skew_ppm == pytest.approx(skew_ppm, abs=30)
    assert clock.host_us(int(frames[-1])) == pytest.approx(line.true_host(frames[-1]), abs=250)


def errors_of(clock: DeviceClock, line: Line, frames: np.ndarray, late: np.ndarray) -> np.ndarray:
    """How far off each newest frame is mapped, from the first that is."""
    arrivals = line.arrivals(frames, late)
    errors = []
    for begin in range(0, frames.size, 10):
        run(clock, frames[begin : begin + 10], arrivals[begin : begin + 10])
        if clock.ready:
            newest = int(frames[begin + 9])
            errors.append(clock.host_us(newest) - line.true_host(newest))
    return np.array(errors)


@pytest.mark.parametrize("skew_ppm", [-5_000, 0, 5_000])
@pytest.mark.parametrize(("late_us", "worst_us", "sd_us"), [(300, 150, 50), (1_000, 400, 120)])
def test_even_the_first_times_are_true(
    skew_ppm: float, late_us: int, worst_us: float, sd_us: float
) -> None:
    for seed in range(8):
        line, clock = Line(skew_ppm), DeviceClock()
        frames = line.frames(3)
        late = np.random.default_rng(seed).exponential(late_us, frames.size)
        errors = errors_of(clock, line, frames, late)
        assert errors.size >= 270, "ready after a quarter of a second"
        assert np.abs(errors).max() < worst_us
        assert errors.std() < sd_us


@pytest.mark.parametrize("skew_ppm", [-5_000, 5_000])
def test_the_slope_of_a_glove_is_remembered_when_it_starts_anew(skew_ppm: float) -> None:
    line, clock = Line(skew_ppm), DeviceClock()
    frames = line.frames(4)
    errors_of(clock, line, frames, np.random.default_rng(5).exponential(300, frames.size))
    clock.reset(same_glove=True)
    again = Line(skew_ppm, start_us=20_000_000, device_us=77)
    frames = again.frames(1)
    errors = errors_of(clock, again, frames, np.random.default_rng(6).exponential(300, 1_000))
    assert errors.size >= 96, "ready after 25 ms"
    assert np.abs(errors).max() < 200
    clock.reset()
    assert clock.skew_ppm == 0, "another glove has a resonator of its own"


@pytest.mark.parametrize("arrive", ["at once", "in two heaps", "little by little"])
def test_frames_that_had_to_wait_after_a_silence_make_no_line(arrive: str) -> None:
    line, clock = Line(2_000), DeviceClock()
    frames = line.frames(8)
    arrivals = line.arrivals(frames, np.random.default_rng(5).exponential(300, frames.size))
    run(clock, frames[:5_000], arrivals[:5_000])
    clock.reset(same_glove=True, same_time=True)  # 600 ms of silence: the link is lost
    waited = arrivals[5_000:5_600]
    if arrive == "at once":
        waited[:] = waited[-1]
    elif arrive == "in two heaps":
        waited[:250] = waited[-1] - 200_000
        waited[250:] = waited[-1]
    else:
        waited[:] = np.linspace(waited[-1] - 100_000, waited[-1], waited.size).astype(np.int64)
    for begin in range(5_000, 8_000, 10):
        assert run(clock, frames[begin : begin + 10], arrivals[begin : begin + 10]) == 0
        if clock.ready:
            newest = int(frames[begin + 9])
            assert clock.host_us(newest) == pytest.approx(line.true_host(newest), abs=1_000)
        else:
            assert begin < 5_660, "known within 60 ms of the first frames that came at once"


def test_a_device_whose_clock_stood_still_is_followed_after_a_quarter_of_a_second() -> None:
    line, clock = Line(2_000), DeviceClock()
    frames = line.frames(8)
    arrivals = line.arrivals(frames, np.random.default_rng(5).exponential(300, frames.size))
    run(clock, frames[:5_000], arrivals[:5_000])
    clock.reset(same_glove=True, same_time=True)
    slept = 3_000_000
    run(clock, frames[5_000:5_240], arrivals[5_000:5_240] + slept)
    assert not clock.ready
    run(clock, frames[5_240:], arrivals[5_240:] + slept)
    assert clock.host_us(int(frames[-1])) - slept == pytest.approx(
        line.true_host(frames[-1]), abs=250
    )


def test_a_silence_before_the_clock_is_known_again_is_mapped_as_before() -> None:
    line, clock = Line(2_000), DeviceClock()
    frames = line.frames(6)
    arrivals = line.arrivals(frames, 0)
    run(clock, frames[:5_000], arrivals[:5_000])
    clock.reset(same_glove=True, same_time=True)
    run(clock, frames[5_000:5_050], arrivals[5_000:5_050] + 400_000)
    assert not clock.ready
    clock.conclude()
    assert clock.host_us(int(frames[5_040])) == pytest.approx(
        line.true_host(frames[5_040]), abs=500
    )


def test_what_was_heard_too_shortly_is_mapped_by_what_there_is() -> None:
    line, clock = Line(3_000), DeviceClock()
    clock.conclude()
    assert not clock.ready, "nothing was heard"
    frames = line.frames(0.1)
    run(clock, frames, line.arrivals(frames, 0))
    assert not clock.ready
    clock.conclude()
    assert clock.host_us(int(frames[50])) == pytest.approx(line.true_host(frames[50]), abs=400)


def test_batches_of_16_ms_as_usb_adapters_make_them_do_little_harm() -> None:
    line, clock = Line(1_000), DeviceClock()
    frames = line.frames(30)
    true = line.arrivals(frames, 0)
    batched = (true // 16_000 + 1) * 16_000
    assert run(clock, frames, batched) == 0
    assert clock.host_us(int(frames[-1])) == pytest.approx(line.true_host(frames[-1]), abs=1_000)


def test_a_host_that_stalls_for_three_seconds_moves_nothing() -> None:
    line, clock = Line(300), DeviceClock()
    frames = line.frames(25)
    late = np.random.default_rng(3).exponential(500, frames.size)
    arrivals = line.arrivals(frames, late)
    stalled = (frames > 15_000_000) & (frames < 18_000_000)
    arrivals[stalled] = arrivals[stalled][-1]
    assert run(clock, frames, arrivals) == 0
    assert clock.host_us(int(frames[-1])) == pytest.approx(line.true_host(frames[-1]), abs=250)


def test_seconds_in_which_every_frame_is_late_move_nothing() -> None:
    line, clock = Line(300), DeviceClock()
    frames = line.frames(25)
    late = np.random.default_rng(3).exponential(500, frames.size)
    late += 40_000.0 * ((frames > 12_000_000) & (frames < 16_000_000))
    assert run(clock, frames, line.arrivals(frames, late)) == 0
    assert clock.host_us(int(frames[-1])) == pytest.approx(line.true_host(frames[-1]), abs=250)


def test_a_busy_start_is_steered_away_within_two_seconds() -> None:
    line, clock = Line(300), DeviceClock()
    frames = line.frames(4)
    late = 60_000.0 * (frames < 400_000)
    assert run(clock, frames[:2_500], line.arrivals(frames, late)[:2_500]) == 0
    assert clock.host_us(2_500_000) == pytest.approx(line.true_host(2_500_000), abs=2_000)


def test_a_ping_bounds_the_offset_when_every_frame_is_late() -> None:
    line, clock = Line(0), DeviceClock()
    frames = line.frames(10)
    arrivals = line.arrivals(frames, 12_000.0)
    for second in range(1, 11):
        device = 1_000 + second * 980_000
        true = round(line.true_host(device))
        run(
            clock,
            frames[(second - 1) * 1_000 : second * 1_000],
            arrivals[(second - 1) * 1_000 : second * 1_000],
        )
        clock.bound(device, true - 300, true + 700)
    assert clock.host_us(int(frames[-1])) == pytest.approx(
        line.true_host(frames[-1]) + 700, abs=300
    )


def test_nothing_can_be_mapped_before_the_clock_is_known() -> None:
    clock = DeviceClock()
    assert not clock.ready
    with pytest.raises(ValueError, match="not known"):
        clock.host_us(1)


def test_a_frame_that_arrives_before_it_was_sampled_breaks_the_clock() -> None:
    line, clock = Line(0), DeviceClock()
    frames = line.frames(3)
    arrivals = line.arrivals(frames, 0)
    assert run(clock, frames, arrivals) == 0
    jumped = frames + 1_000_000
    _, why = clock.gather(
        jumped[-1:],
        np.array([20]),
        np.zeros(1, np.uint8),
        0,
        np.array([20]),
        arrivals[-1:] + 1_000,
        WIRE_US,
    )
    assert why == BROKEN


def test_a_restart_stops_the_taking() -> None:
    clock = DeviceClock()
    ends = np.array([20, 40, 60])
    stop, why = clock.gather(
        np.array([1_000, 2_000, 10]),
        ends,
        np.array([1, 0, 1], np.uint8),
        0,
        ends,
        np.array([5_000, 6_000, 7_000]),
        WIRE_US,
    )
    assert (stop, why) == (2, RESTARTED)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(-5_000, 5_000),
    st.integers(0, 2**32),
    st.lists(st.integers(1, 700), min_size=1, max_size=8),
)
def test_mapping_is_increasing_and_does_not_depend_on_the_chunks(
    skew_ppm: int, seed: int, chunks: list[int]
) -> None:
    line = Line(skew_ppm, start_us=-3_000_000)
    frames = line.frames(6)
    random = np.random.default_rng(seed)
    late = random.exponential(2_000, frames.size) + 30_000 * (random.random(frames.size) < 0.01)
    arrivals = line.arrivals(frames, late)
    one, other = DeviceClock(), DeviceClock()
    run(one, frames, arrivals, chunk=frames.size)
    position = n = 0
    before = None
    while position < frames.size:
        size = chunks[n % len(chunks)]
        run(other, frames[position : position + size], arrivals[position : position + size], size)
        position, n = position + size, n + 1
        if other.ready:
            newest = int(frames[min(position, frames.size) - 1])
            mapped = [other.host_us(newest - back) for back in (600_000, 30_000, 1_000, 1, 0)]
            assert mapped == sorted(mapped)
            assert before is None or mapped[-1] > before
            before = mapped[-1]
    probes = range(int(frames[0]), int(frames[-1]), 37_000)
    assert [one.host_us(p) for p in probes] == [other.host_us(p) for p in probes]
