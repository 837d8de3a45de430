"""The judge beside its pure-Python twin, in batch and as it runs in a play."""

from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Figure, percentiles, rate
from game.core import EDGE, TARGET, Judge, Window, judge
from tests.core.twin import judge_slowly

_LIVE_FRAMES = 6_000


def _play(targets: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Targets twice a second and presses scattered about them, some of the wrong grip."""
    rng = np.random.default_rng(seed)
    asked = np.zeros(targets, TARGET)
    asked["time_us"] = np.arange(targets) * 500_000
    asked["grip"] = rng.integers(0, 5, targets)
    edges = np.zeros(2 * targets, EDGE)
    at = asked["time_us"] + rng.normal(0, 120_000, targets).astype(np.int64)
    grip = np.where(rng.random(targets) < 0.9, asked["grip"], rng.integers(0, 5, targets))
    edges["time_us"] = np.concatenate([at, at + 120_000])
    edges["grip"] = np.concatenate([grip, grip])
    edges["down"] = np.repeat([True, False], targets)
    return asked, edges[np.argsort(edges["time_us"], kind="stable")]


def figures() -> Iterator[Figure]:
    window = Window()
    asked, edges = _play(100_000)
    fast = rate(lambda: judge(asked, edges, window), len(edges) / 2)
    few, some = _play(400)
    slow = rate(lambda: judge_slowly(few, some, window), len(some) / 2, runs=2)
    yield Figure("judge, batch", fast, "presses/s")
    yield Figure("judge, pure-Python twin", slow, "presses/s")
    yield Figure("judge over twin", fast / slow, "times")

    # A play as it runs: 60 frames a second, a press or none in each.
    import time

    asked, edges = _play(200)
    live = Judge(asked, window)
    took, given = [], 0
    for frame in range(_LIVE_FRAMES):
        now_us = frame * 1_000_000 // 60
        upto = given + int(np.searchsorted(edges["time_us"][given:], now_us))
        began = time.perf_counter()
        live.feed(edges[given:upto])
        live.advance(now_us)
        took.append((time.perf_counter() - began) * 1e6)
        given = upto
    median, worst = percentiles(took, 50, 99)
    yield Figure("judge, live frame, p50", median, "µs", False)
    yield Figure("judge, live frame, p99", worst, "µs", False)
