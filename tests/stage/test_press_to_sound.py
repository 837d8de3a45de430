"""A press in the counted bar is heard, each by itself.

How soon is a figure of the benchmark (60 ms from the key to the sound, the device's buffer
included); a soak, on a quiet machine, holds the game to it.
"""

import os

import numpy as np
import pytest

from benchmarks.evening import Evening
from benchmarks.sound import BUFFER_S, Presses

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

PRESSES = 40 if SOAK else 8


@pytest.fixture
def evening(tmp_path):
    made = Evening(tmp_path, (960, 540))
    yield made
    made.close()


def test_every_press_is_heard(evening):
    presses = Presses("ode-to-joy", PRESSES)
    presses.play(evening)
    assert len(presses.waits) == PRESSES
    assert min(presses.waits) > BUFFER_S
    # Other programs on the machine may hold up a few; the game itself holds up none.
    assert not SOAK or np.percentile(presses.waits, 75) <= 0.060, np.round(presses.waits, 3)
