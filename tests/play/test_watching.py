"""A play that is watched again comes out as it did, however often it is drawn."""

import numpy as np
import pytest

from game.core.data import EDGE, Window
from game.core.judge import judge
from game.play.clock import HostSongClock, ManualClock
from game.play.watching import Spectator, watched
from tests.play.charts import chart, pinches

WINDOW = Window()
SECOND_US = 1_000_000


def presses(seed: int) -> np.ndarray:
    """A hand that mostly hits, sometimes nears, and presses extras."""
    rng = np.random.default_rng(seed)
    made = [
        (int(t["time_us"]) + int(rng.normal(-20_000, 150_000)), int(t["grip"]))
        for t in chart().targets
        if rng.random() < 0.9
    ]
    made += [(int(rng.integers(0, 60 * SECOND_US)), int(rng.integers(0, 5))) for _ in range(20)]
    return pinches(*sorted(made))


def watch(edges: np.ndarray, frame_us: int) -> Spectator:
    now = ManualClock(5_000)
    _, performance = watched(chart(), edges, WINDOW, 3 * SECOND_US)
    spectator = Spectator(performance, edges, HostSongClock(), now)
    spectator.begin(now(), -3 * SECOND_US)
    while not spectator.finished:
        now.advance(frame_us)
        spectator.step()
    return spectator


@pytest.mark.parametrize("frame_us", [4_167, 16_667, 33_333, 1_000_000])
def test_what_is_watched_is_judged_as_it_was_at_any_frame_rate(frame_us):
    edges = presses(3)
    was = judge(chart().targets, edges, WINDOW)
    spectator = watch(edges, frame_us)
    assert spectator.performance.edges.tobytes() == edges.tobytes()
    targets, judgements = spectator.performance.asked()
    assert targets.tobytes() == chart().targets.tobytes()
    assert judgements.targets.tobytes() == was.targets.tobytes()
    assert judgements.presses.tobytes() == was.presses.tobytes()


def test_the_contacts_shown_are_those_of_the_moment():
    edges = pinches((2 * SECOND_US, 0), (4 * SECOND_US, 3))
    now = ManualClock()
    _, performance = watched(chart(), edges, WINDOW, 3 * SECOND_US)
    spectator = Spectator(performance, edges, HostSongClock(), now)
    spectator.begin(0, 0)
    seen = []
    for at_us in (1_900_000, 2_010_000, 3_900_000, 4_010_000):
        now.advance_to(at_us)
        spectator.step()
        seen.append(spectator.contacts)
    assert seen == [0, 1 << 0, 0, 1 << 3]


def test_a_pause_shows_nothing_and_going_back_shows_nothing_twice():
    edges = presses(4)
    now = ManualClock()
    _, performance = watched(chart(), edges, WINDOW, 3 * SECOND_US)
    spectator = Spectator(performance, edges, HostSongClock(), now)
    spectator.begin(0, 0)
    now.advance_to(20 * SECOND_US)
    spectator.step()
    spectator.pause(now())
    shown = len(performance.edges)
    now.advance_to(30 * SECOND_US)
    assert spectator.step() == []
    assert len(performance.edges) == shown
    spectator.resume(now(), 16 * SECOND_US)
    while not spectator.finished:
        now.advance(10_000)
        spectator.step()
    assert performance.edges.tobytes() == edges.tobytes()


def test_a_play_in_which_nobody_pressed_can_be_watched():
    spectator = watch(np.zeros(0, EDGE), 50_000)
    assert not spectator.performance.asked()[1].targets["hit"].any()
