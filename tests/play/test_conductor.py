"""The conductor: host time to song time, what a pause and a rewind leave out, cues, the journal."""

import numpy as np

from game.core import EDGE, Window
from game.play.clock import Delay, Delays, HostSongClock, ManualClock
from game.play.conductor import Conductor
from game.play.performance import EventKind, Performance
from game.play.plan import FixedPlan
from tests.play.charts import SECOND_US, chart

LOOK_AHEAD_US = 3 * SECOND_US


class HandGlove:
    """A glove worked by the test: what is put in is polled once, 3 ms after it happened."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.waiting: list[tuple[int, int, bool]] = []
        self.cues: list[tuple[int, int]] = []
        self.began_us: int | None = None

    def pinch(self, host_us: int, grip: int = 0) -> None:
        self.waiting += [(host_us, grip, True), (host_us + 50_000, grip, False)]

    def begin(self, host_us: int) -> None:
        self.began_us = host_us

    def poll(self):
        settled_us = self.clock() - 3_000
        ready = [edge for edge in self.waiting if edge[0] < settled_us]
        self.waiting = [edge for edge in self.waiting if edge[0] >= settled_us]
        return np.array(ready, EDGE), settled_us

    def cue(self, host_us: int, grip: int) -> None:
        self.cues.append((host_us, grip))

    def cancel_cues(self) -> None:
        self.cues = [cue for cue in self.cues if cue[0] <= self.clock()]


class NotedJournal:
    def __init__(self) -> None:
        self.noted: dict[str, list] = {}

    def __getattr__(self, name):
        return lambda *what: self.noted.setdefault(name, []).append(what)


def conducted(delays=None, journal=None):
    clock = ManualClock(5 * SECOND_US)
    glove = HandGlove(clock)
    plan = FixedPlan(chart(seconds=30), 20, LOOK_AHEAD_US)
    performance = Performance(plan, Window(), 32 * SECOND_US)
    conductor = Conductor(performance, glove, HostSongClock(), delays or Delays(), journal)
    conductor.begin(clock(), -3 * SECOND_US)
    return clock, glove, conductor


def run(clock, conductor, until_us: int, step_us: int = 20_000):
    events = []
    while clock() < until_us:
        clock.advance(step_us)
        events += conductor.step()
    return events


def test_a_press_is_judged_in_song_time():
    clock, glove, conductor = conducted()
    first = conductor.performance.plan.targets[0]
    due_host_us = conductor.host_us(int(first["time_us"]))
    assert glove.began_us == conductor.host_us(0) == 8 * SECOND_US
    glove.pinch(due_host_us + 25_000, int(first["grip"]))
    events = run(clock, conductor, due_host_us + 200_000)
    [hit] = [e for e in events if e.kind is EventKind.HIT]
    assert hit.asynchrony_us == 25_000


def test_device_delays_are_taken_off_and_cues_come_by_so_much_later():
    delays = Delays(audio=Delay(40_000), link=Delay(5_000))
    clock, glove, conductor = conducted(delays)
    first = conductor.performance.plan.targets[0]
    heard_us = 8 * SECOND_US + int(first["time_us"]) + 45_000
    glove.pinch(heard_us, int(first["grip"]))
    run(clock, conductor, heard_us - SECOND_US)
    assert glove.cues[0] == (heard_us, int(first["grip"]))
    [hit] = [e for e in run(clock, conductor, heard_us + 300_000) if e.kind is EventKind.HIT]
    assert hit.asynchrony_us == 0


def test_what_was_pinched_before_the_play_and_in_the_pause_is_no_repetition_but_kept_raw():
    journal = NotedJournal()
    clock, glove, conductor = conducted(journal=journal)
    glove.pinch(clock() - SECOND_US)
    run(clock, conductor, clock() + SECOND_US)
    conductor.pause(clock())
    glove.pinch(clock() + 100_000)
    clock.advance(SECOND_US)
    conductor.step()
    conductor.resume(clock(), conductor.clock.song_us(clock()))
    run(clock, conductor, clock() + SECOND_US)
    assert len(conductor.performance.edges) == 0
    assert sum(len(edges) for edges in conductor.raw_edges) == 2
    assert sum(len(edges) for (edges,) in journal.noted["edges"]) == 2


def test_song_time_stands_still_in_a_pause_and_nothing_expires():
    clock, _, conductor = conducted()
    run(clock, conductor, 10 * SECOND_US)
    before = conductor.performance.settled_us
    conductor.pause(clock())
    events = run(clock, conductor, clock() + 60 * SECOND_US, SECOND_US)
    assert [e for e in events if e.kind is EventKind.MISSED] == []
    assert conductor.performance.settled_us - before < 10_000


def test_after_a_rewind_what_was_judged_is_not_judged_again():
    clock, glove, conductor = conducted()
    first = conductor.performance.plan.targets[0]
    grip, due_us = int(first["grip"]), int(first["time_us"])
    run(clock, conductor, conductor.host_us(due_us) + SECOND_US)
    missed = np.count_nonzero(conductor.performance.states == 2)
    assert missed >= 1
    conductor.pause(clock())
    clock.advance(5 * SECOND_US)
    conductor.resume(clock(), due_us - 500_000)
    again_us = clock() + 500_000
    run(clock, conductor, again_us + 10_000)
    glove.pinch(again_us, grip)  # in time, had it not been judged already
    events = run(clock, conductor, again_us + 300_000)
    assert events == []
    assert np.count_nonzero(conductor.performance.states == 2) == missed


def test_targets_in_view_are_cued_again_after_a_pause():
    clock, glove, conductor = conducted()
    run(clock, conductor, 9 * SECOND_US)
    conductor.pause(clock())
    waiting = [
        (int(t["time_us"]), int(t["grip"]))
        for t, s in zip(conductor.performance.targets, conductor.performance.states, strict=True)
        if s == 0
    ]
    assert waiting
    assert all(host_us <= clock() for host_us, _ in glove.cues)
    clock.advance(2 * SECOND_US)
    glove.cues.clear()
    conductor.resume(clock(), conductor.clock.song_us(clock()))
    assert glove.cues == [(conductor.host_us(time_us), grip) for time_us, grip in waiting]


def test_the_journal_hears_targets_edges_and_how_far_all_is_settled():
    journal = NotedJournal()
    clock, glove, conductor = conducted(journal=journal)
    first = conductor.performance.plan.targets[0]
    due_host_us = conductor.host_us(int(first["time_us"]))
    run(clock, conductor, due_host_us)
    glove.pinch(due_host_us, int(first["grip"]))
    run(clock, conductor, due_host_us + 2 * SECOND_US)
    told = sum(len(targets) for (targets,) in journal.noted["targets"])
    assert told == len(conductor.performance.targets)
    assert sum(len(edges) for edges, _ in journal.noted["judged"]) == 2
    reached = [reached_us for _, reached_us in journal.noted["judged"]]
    assert reached == sorted(reached)
    assert max(np.diff(reached)) <= 600_000
    assert journal.noted["segments"][0] == ([conductor.clock.segments[0]],)
