"""From choosing a song to its first sound, in the real game."""

import os
import time

import numpy as np
import pytest

from benchmarks.evening import Evening
from benchmarks.sound import Chooses

SONGS = ("ode-to-joy", "the-entertainer")

#: The figure is 300 ms, and the benchmark shows it; shared machines stall, so the test's own limit
#: is wider unless a quiet one is asked for.
LIMIT_S = 0.3 if os.environ.get("GRIPTUNE_SOAK") else 0.9

#: The quickest of so many counts: other programs on the machine are not what is measured.
TIMES = 4


def share_of_the_machine():
    """How much of a processor this process gets beside whatever else runs: 1 is all of one."""
    began, spent = time.perf_counter(), time.process_time()
    while time.process_time() - spent < 0.1:
        pass
    return 0.1 / (time.perf_counter() - began)


@pytest.fixture
def evening(tmp_path):
    made = Evening(tmp_path, (960, 540))
    yield made
    made.close()


@pytest.mark.parametrize("look_s", [0.0, 0.6], ids=["at once", "after a look"])
def test_a_kept_song_is_heard_soon_after_choosing_it(evening, look_s):
    person = Chooses(SONGS, TIMES, look_s)
    person.keep(evening)
    share = share_of_the_machine()
    evening.run(person)
    share = min(share, share_of_the_machine())
    for song, waits in person.waits.items():
        assert len(waits) == TIMES
        assert 0.030 < min(waits) <= LIMIT_S / share, (song, np.round(waits, 3), share)
