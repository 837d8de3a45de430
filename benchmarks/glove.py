"""The decoder and the contact kernel, beside the same loops in C and their pure-Python twins."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.c_twins import NoCompilerError, Twins, compiled
from benchmarks.measure import Figure, rate
from firmware_bridge import contacts, frames
from firmware_bridge.contacts import Contacts
from firmware_bridge.device import Device
from firmware_bridge.frames import Decoder
from firmware_bridge.virtual import SteadyActor
from tests.firmware_bridge.twins import decode_slowly, detect_slowly

_SECONDS = 60
_TWIN_FRAMES = 4_000
_TWIN_SAMPLES = 40_000
_SAMPLES = 2_000_000
_RUNS = 9

Kernel = Callable[..., Any]
Samples = tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint8]]


def _stream() -> bytes:
    """A minute of a virtual glove at the standard profile, a pinch twice a second."""
    actor = SteadyActor(1, 1.0, 0.0, 120_000)
    for beat in range(1, 2 * _SECONDS):
        actor.cue(beat * 500_000, beat % 5)
    return Device(actor, 0).advance(_SECONDS * 1_000_000).data


def _noise_bytes(size: int) -> bytes:
    return np.random.default_rng(11).integers(0, 256, size, np.uint8).tobytes()


def _masks() -> Iterator[tuple[str, Samples]]:
    """What the contact kernel is given, 250 µs apart: quiet, busy, and absurd."""
    rng = np.random.default_rng(7)
    device_us = np.arange(_SAMPLES, dtype=np.int64) * 250
    unbroken = np.ones(_SAMPLES, np.uint8)
    play = np.zeros(_SAMPLES, np.uint8)
    for n, start in enumerate(range(2_000, _SAMPLES - 2_000, 2_000)):  # two pinches a second
        bit = 1 << n % 5
        play[start : start + 480] = bit
        # A contact bounces as it closes and opens.
        for edge in (start, start + 480):
            bounces = rng.random(12) < 0.5
            play[edge : edge + 12] = np.where(bounces, bit, 0)
    yield "ordinary play", (device_us, play, unbroken)
    chatter = np.repeat(rng.integers(0, 32, _SAMPLES // 50 + 1, dtype=np.uint8), 50)
    yield "chatter, all new each 12.5 ms", (device_us, chatter[:_SAMPLES].copy(), unbroken)
    noise = rng.integers(0, 32, _SAMPLES, dtype=np.uint8)
    yield "noise, all new each sample", (device_us, noise, unbroken)


def _arguments(module: Any, name: str, work: Callable[[], object]) -> tuple[Any, ...]:
    """What ``work`` hands to the kernel ``module.name``."""
    kernel = getattr(module, name)
    seen: list[tuple[Any, ...]] = []

    def note(*arguments: Any) -> Any:
        seen.append(_own(arguments))
        return kernel(*arguments)

    setattr(module, name, note)
    try:
        work()
    finally:
        setattr(module, name, kernel)
    return seen[0]


def _own(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in arguments)


def _race(kernel: Kernel, twin: Kernel, arguments: tuple[Any, ...]) -> tuple[float, float]:
    """Seconds of the quickest run of each on the same arguments, in turns.

    Raises AssertionError unless both leave the same answer and the same arrays behind.
    """
    ours, theirs = _own(arguments), _own(arguments)
    assert kernel(*ours) == twin(*theirs), "the C twin answers otherwise"
    for a, b in zip(ours, theirs, strict=True):
        assert not isinstance(a, np.ndarray) or np.array_equal(a, b), "the C twin writes otherwise"
    best = [float("inf"), float("inf")]
    for _ in range(_RUNS):
        for place, one in enumerate((kernel, twin)):
            # The memory between calls is small and changes; the large arrays are only filled.
            fresh = tuple(
                a.copy() if isinstance(a, np.ndarray) and a.nbytes < 10_000 else a
                for a in arguments
            )
            began = time.perf_counter()
            one(*fresh)
            best[place] = min(best[place], time.perf_counter() - began)
    return best[0], best[1]


def _beside_c(
    twins: Twins | None,
    name: str,
    module: Any,
    kernel: str,
    twin: str,
    work: Callable[[], object],
    amount: float,
    unit: str,
) -> Iterator[Figure]:
    """The kernel alone, without the arrays that are made for it, and how it compares with C."""
    if twins is None:
        return
    mine, theirs = _race(
        getattr(module, kernel), getattr(twins, twin), _arguments(module, kernel, work)
    )
    yield Figure(f"{name}, kernel alone", amount / mine, unit)
    yield Figure(f"{name}, the same in C -O3", amount / theirs, unit)
    yield Figure(f"{name}, time over C's", mine / theirs, "times", False)


def figures() -> Iterator[Figure]:
    try:
        with compiled() as twins:
            yield from _figures(twins)
    except NoCompilerError as missing:
        print(f"  {missing}")
        yield from _figures(None)


def _figures(twins: Twins | None) -> Iterator[Figure]:
    stream = _stream()
    decoded = Decoder().feed(stream)
    count = len(decoded.frame_us)
    decode = rate(lambda: Decoder().feed(stream), count)
    yield Figure("decoder", decode, "frames/s")
    for name, data in (("ordinary play", stream), ("random bytes", _noise_bytes(len(stream)))):
        megabytes = len(data) / 1e6

        def feed(data: bytes = data) -> object:
            return Decoder().feed(data)

        yield Figure(f"decoder, {name}", rate(feed, megabytes), "MB/s")
        yield from _beside_c(
            twins, f"decoder, {name}", frames, "_decode_runs", "decode", feed, megabytes, "MB/s"
        )
    short = stream[: len(stream) * _TWIN_FRAMES // count]
    few_frames = len(Decoder().feed(short).frame_us)
    slow = rate(lambda: decode_slowly(short), few_frames, runs=2)
    yield Figure("decoder, pure-Python twin", slow, "frames/s")
    yield Figure("decoder over twin", decode / slow, "times")

    for name, samples in _masks():
        millions = _SAMPLES / 1e6

        def detect(samples: Samples = samples) -> object:
            return Contacts().feed(*samples)

        yield Figure(f"contacts, {name}", rate(detect, millions), "M samples/s")
        yield from _beside_c(
            twins, f"contacts, {name}", contacts, "_detect", "detect", detect, millions,
            "M samples/s",
        )  # fmt: skip
    device_us, mask, unbroken = samples
    device_us, mask = device_us[:_TWIN_SAMPLES], mask[:_TWIN_SAMPLES]
    unbroken = unbroken[:_TWIN_SAMPLES]
    slow = rate(lambda: detect_slowly(device_us, mask, unbroken), _TWIN_SAMPLES / 1e6, runs=2)
    yield Figure("contacts, pure-Python twin", slow, "M samples/s")
