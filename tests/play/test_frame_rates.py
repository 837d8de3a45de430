"""From wire bytes to judgements at fifty frame rates: the picture has no say in what was played."""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from game.cli.gloves import open_glove
from game.core import Window
from game.play.clock import Delays, HostSongClock, ManualClock
from game.play.conductor import Conductor
from game.play.performance import Performance
from game.play.plan import AdaptivePlan
from game.therapy.difficulty import DifficultyState, Limits
from tests.play.charts import SECOND_US, chart

LEAD_US = 3 * SECOND_US
SOAK = bool(os.environ.get("GRIPTUNE_SOAK"))
SONG_S = 180 if SOAK else 16

#: Frames a second: fifty rates from 1 to 240, evenly spread over the octaves.
RATES = np.geomspace(1, 240, 50)

STATE = DifficultyState.first(Limits(), 0.9)

GLOVES = ("script", "virtual:patient?severity=moderate&seed=4", "virtual:steady?seed=7&success=0.7")


@pytest.fixture(scope="module")
def script(tmp_path_factory) -> Path:
    """Presses near the notes of the chart, many at the very edge of the window, and some others."""
    random = np.random.default_rng(5)
    changes: list[tuple[int, int, bool]] = []
    for note in chart(seconds=SONG_S).targets:
        if random.random() < 0.6:
            lag_ms = int(random.choice([-201, -200, -199, 0, 199, 200, 201, 350]))
            at_ms = int(note["time_us"]) // 1000 + lag_ms
            grip = int(note["grip"]) if random.random() < 0.9 else int(random.integers(0, 5))
            changes += [(at_ms, grip, True), (at_ms + 60, grip, False)]
    closed = np.zeros(5, int)
    lines, mask = [], 0
    for at_ms, grip, down in sorted(changes):
        closed[grip] += 1 if down else -1
        now = sum(1 << g for g in range(5) if closed[g])
        if at_ms >= 0 and now != mask:
            lines.append(f"{at_ms} {now}\n")
            mask = now
    path = tmp_path_factory.mktemp("script") / "presses.txt"
    path.write_text("".join(lines))
    return path


def played(spec: str, frame_us: float, jitter_seed: int) -> tuple[bytes, ...]:
    """A whole play through a real glove object in lockstep, stepped at jittered frames."""
    random = np.random.default_rng(jitter_seed)
    clock = ManualClock()
    plan = AdaptivePlan(chart(seconds=SONG_S), STATE, Limits(), LEAD_US, Window().late_us)
    performance = Performance(plan, Window(), (SONG_S + 2) * SECOND_US)
    with open_glove(spec, seed=1, clock=clock, lockstep=True) as glove:
        clock.advance_to(100_000)
        conductor = Conductor(performance, glove, HostSongClock(), Delays(), silent=True)
        conductor.begin(clock(), -LEAD_US)
        while not conductor.finished:
            clock.advance(max(1, round(frame_us * random.uniform(0.5, 1.5))))
            conductor.step()
    targets, judgements = performance.asked()
    assert len(targets) > SONG_S / 4
    return (
        targets.tobytes(),
        performance.edges.tobytes(),
        judgements.targets.tobytes(),
        judgements.presses.tobytes(),
        repr(plan.changes).encode(),
    )


@cache
def at_60(spec: str) -> tuple[bytes, ...]:
    return played(spec, SECOND_US / 60, 0)


@pytest.mark.parametrize("kind", GLOVES)
def test_the_same_presses_give_the_same_bytes_at_any_frame_rate(kind, script):
    spec = f"script:{script}" if kind == "script" else kind
    for number, rate in enumerate(RATES if kind == "script" or SOAK else RATES[::6]):
        assert played(spec, SECOND_US / rate, number) == at_60(spec), f"{rate:.1f} frames/s"
