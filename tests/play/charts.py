"""Charts and presses made by hand, for tests that need no MIDI file."""

import numpy as np

from game.core import EDGE, TARGET
from game.music.chart import Chart

SECOND_US = 1_000_000


def chart(seconds: int = 60, phrase_s: int = 8, per_second: int = 4) -> Chart:
    """Notes ``per_second`` apart over five grips, in nested tiers about 12 % apart.

    Notes are ranked by bit reversal (van der Corput), which keeps every tier nearly even.
    """
    count = seconds * per_second
    bits = count.bit_length()
    places = np.array([int(f"{i:0{bits}b}"[::-1], 2) for i in range(1 << bits)])
    order = places[places < count]
    sizes = [max(2, seconds // 10)]
    while sizes[-1] < count:
        sizes.append(min(count, max(sizes[-1] + 1, int(sizes[-1] * 1.12))))
    times_us = np.arange(count) * SECOND_US // per_second + SECOND_US // 2
    targets = np.zeros(count, TARGET)
    targets["time_us"] = times_us
    targets["grip"] = np.arange(count) % 5
    targets["duration_us"] = 200_000
    targets["pitch"] = 60 + targets["grip"]
    targets["phrase"] = np.minimum(times_us // (phrase_s * SECOND_US), (seconds - 1) // phrase_s)
    for tier, size in reversed(list(enumerate(sizes, start=1))):
        targets["tier"][order[:size]] = tier
    starts = np.arange(0, seconds, phrase_s) * SECOND_US
    ends = np.append(starts[1:], seconds * SECOND_US)
    return Chart(
        targets=targets,
        rates=tuple(size / seconds for size in sizes),
        phrases=np.stack([starts, ends], axis=1).astype(np.int64),
        tempo=1.0,
        length_us=seconds * SECOND_US,
        beats_us=np.arange(0, 2 * seconds + 1) * SECOND_US // 2,
        bars_us=np.arange(0, seconds + 1, 2) * SECOND_US,
    )


def pinches(*rows: tuple[int, int], dwell_us: int = 100_000) -> np.ndarray:
    """Press and release of each (time, grip), edges in the order a glove reports them."""
    edges = []
    for time_us, grip in rows:
        edges.append((time_us, grip, True))
        edges.append((time_us + dwell_us, grip, False))
    return np.array(sorted(edges, key=lambda edge: edge[0]), EDGE)
