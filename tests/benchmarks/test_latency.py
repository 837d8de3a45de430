"""From pinch to edge while the game draws 1080p at 60 frames a second, over a real terminal.

The figures aimed for, 3 ms at the median and 5 ms at the 99th percentile, are the benchmark's, on
a quiet machine. Shared machines stall, so the limit here is 15 ms, at the median.
"""

import os

import pytest

from benchmarks.latency import figures
from tests.hil import toolchain

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(os.name == "nt", reason="needs pseudo-terminals"),
]


def test_a_pinch_is_known_soon_while_the_game_draws():
    found = {figure.name: figure for figure in figures(*(() if SOAK else (2.0, 1.2)))}
    print(*(f"{f.name}: {f.value:.2f} {f.unit}" for f in found.values()), sep="\n")
    known = [f for name, f in found.items() if "known" in name and "p50" in name]
    # The virtual glove, and the real firmware where it can be built.
    assert len(known) == (1 if toolchain.missing() else 2)
    for figure in known:
        assert figure.unit == "ms"
        assert 0 < figure.value <= 15
