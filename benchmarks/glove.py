"""The decoder and the contact kernel, each beside its pure-Python twin."""

from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Figure, rate
from firmware_bridge.contacts import Contacts
from firmware_bridge.device import Device
from firmware_bridge.frames import Decoder
from firmware_bridge.virtual import SteadyActor
from tests.firmware_bridge.twins import decode_slowly, detect_slowly

_SECONDS = 60
_TWIN_FRAMES = 4_000
_TWIN_SAMPLES = 40_000


def _stream() -> bytes:
    """A minute of a virtual glove at the standard profile, a pinch twice a second."""
    actor = SteadyActor(1, 1.0, 0.0, 120_000)
    for beat in range(1, 2 * _SECONDS):
        actor.cue(beat * 500_000, beat % 5)
    return Device(actor, 0).advance(_SECONDS * 1_000_000).data


def figures() -> Iterator[Figure]:
    stream = _stream()
    decoded = Decoder().feed(stream)
    frames = len(decoded.frame_us)
    decode = rate(lambda: Decoder().feed(stream), frames)
    short = stream[: len(stream) * _TWIN_FRAMES // frames]
    count = len(Decoder().feed(short).frame_us)
    slow = rate(lambda: decode_slowly(short), count, runs=2)
    yield Figure("decoder", decode, "frames/s")
    yield Figure("decoder, throughput", decode * len(stream) / frames / 1e6, "MB/s")
    yield Figure("decoder, pure-Python twin", slow, "frames/s")
    yield Figure("decoder over twin", decode / slow, "times")

    # Random chatter on all electrodes: the contact rules take every branch.
    rng = np.random.default_rng(7)
    n = 2_000_000
    device_us = np.arange(n, dtype=np.int64) * 250
    mask = np.repeat(rng.integers(0, 32, n // 50 + 1, dtype=np.uint8), 50)[:n].copy()
    unbroken = np.ones(n, np.uint8)
    detect = rate(lambda: Contacts().feed(device_us, mask, unbroken), n)
    few = slice(0, _TWIN_SAMPLES)
    slow = rate(
        lambda: detect_slowly(device_us[few], mask[few], unbroken[few]), _TWIN_SAMPLES, runs=2
    )
    yield Figure("contact kernel", detect, "samples/s")
    yield Figure("contact kernel, pure-Python twin", slow, "samples/s")
    yield Figure("contact kernel over twin", detect / slow, "times")
