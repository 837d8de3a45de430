"""Glove.open and what every kind of glove promises; virtual gloves in lockstep."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.edges import EDGE
from firmware_bridge.errors import GloveError
from firmware_bridge.glove import PUSH_MARGIN_US, Glove, parse_spec, steady_actor
from firmware_bridge.health import Health
from firmware_bridge.reception import HostEdge
from firmware_bridge.virtual import Contact, SteadyActor
from game.core import EDGE as GAME_EDGE

SECOND = 1_000_000


class ManualClock:
    def __init__(self, now_us: int = 50 * SECOND) -> None:
        self.now_us = now_us

    def __call__(self) -> int:
        return self.now_us


Told = list[tuple[int, int, bool]]


def play(glove: Glove, clock: ManualClock, seconds: float, steps: list[int]) -> Told:
    """Poll in these steps of µs; holds every promise that poll makes."""
    told: Told = []
    until = clock.now_us + round(seconds * SECOND)
    promise = newest_press = -(10**18)
    n = 0
    while clock.now_us < until:
        clock.now_us = min(clock.now_us + steps[n % len(steps)], until)
        n += 1
        edges, settled = glove.poll()
        assert promise <= settled <= clock.now_us
        for time_us, grip, down in edges.tolist():
            if down:
                assert promise <= time_us < settled
                assert time_us >= newest_press
                newest_press = time_us
            else:
                assert sum(1 if d else -1 for _, g, d in told if g == grip) == 1
            told.append((time_us, grip, down))
        promise = settled
    return told


def presses(told: Told) -> list[tuple[int, int]]:
    return [(time_us, grip) for time_us, grip, down in told if down]


def test_an_edge_is_the_same_here_and_in_the_game() -> None:
    assert EDGE == GAME_EDGE


# -- virtual gloves in lockstep -------------------------------------------------------------------


def steady(
    steps: list[int], spec: str = "virtual:steady?seed=3&jitter_ms=40", seconds: float = 12.0
) -> Told:
    clock = ManualClock()
    with Glove.open(spec, clock=clock, lockstep=True) as glove:
        for k in range(18):
            glove.cue(clock.now_us + SECOND + k * 500_000, k % 5)
        return play(glove, clock, seconds, steps)


def test_a_steady_hand_is_found_press_for_press() -> None:
    actor = SteadyActor(5, success=0.7, jitter_us=50_000)
    clock = ManualClock()
    made: list[Contact] = []

    class Noted:
        def cue(self, at_us: int, grip: int) -> None:
            actor.cue(at_us, grip)

        def contacts(self, until_us: int) -> list[Contact]:
            told = actor.contacts(until_us)
            made.extend(told)
            return told

    with Glove.open("virtual:patient?severity=mild", Noted(), clock=clock, lockstep=True) as glove:
        assert glove.kind == "virtual"
        for k in range(60):
            glove.cue(clock.now_us + SECOND + k * 450_000, k % 5)
        found = presses(play(glove, clock, 30, [10_000]))
        assert glove.health.link == "ok"
        assert glove.health.refused == 0
        assert glove.health.skew_ppm == pytest.approx(-500, abs=5)
    assert 30 < len(made) < 55
    assert [grip for _, grip in found] == [c.grip for c in made]
    assert [us for us, _ in found] == pytest.approx([c.start_us for c in made], abs=1_000)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(3_000, 2_000_000), min_size=1, max_size=20))
def test_edges_do_not_depend_on_when_they_are_polled(steps: list[int]) -> None:
    told = steady(steps)
    assert sorted(told) == sorted(steady([10_000]))
    assert presses(told) == presses(steady([SECOND]))
    assert len(presses(told)) > 8


def test_another_seed_is_another_play() -> None:
    assert steady([10_000]) == steady([10_000])
    assert steady([10_000]) != steady([10_000], "virtual:steady?seed=4&jitter_ms=40")


def test_success_and_jitter_are_heeded() -> None:
    assert steady([10_000], "virtual:steady?success=0") == []
    perfect = presses(steady([10_000], "virtual:steady?success=1&jitter_ms=0"))
    assert [us for us, _ in perfect] == pytest.approx(
        [51 * SECOND + k * 500_000 for k in range(18)], abs=1_000
    )


def test_dwell_is_heeded() -> None:
    told = steady([10_000], "virtual:steady?success=1&jitter_ms=0&dwell_ms=200")
    down = {grip: us for us, grip, is_down in told if is_down}
    up = {grip: us for us, grip, is_down in told if not is_down}
    assert [up[g] - down[g] for g in range(5)] == pytest.approx([200_000] * 5, abs=1_000)


def test_cancelled_cues_are_not_pressed() -> None:
    clock = ManualClock()
    with Glove.open("virtual:steady?success=1", clock=clock, lockstep=True) as glove:
        glove.cue(clock.now_us + SECOND, 0)
        glove.cue(clock.now_us + 5 * SECOND, 1)
        assert [grip for _, grip in presses(play(glove, clock, 3, [10_000]))] == [0]
        glove.cancel_cues()
        assert play(glove, clock, 5, [10_000]) == []


def test_a_long_play_goes_through_the_wrap_of_the_device_clock() -> None:
    clock = ManualClock()
    with Glove.open("virtual:steady?success=1&jitter_ms=0", clock=clock, lockstep=True) as glove:
        cues = [clock.now_us + SECOND + k * SECOND for k in range(75)]
        for k, at in enumerate(cues):
            glove.cue(at, k % 5)
        found = presses(play(glove, clock, 80, [SECOND]))
    assert [us for us, _ in found] == pytest.approx(cues, abs=1_000)


def test_an_actor_may_chatter() -> None:
    class Chattering:
        def __init__(self) -> None:
            self.waiting = [
                Contact(52 * SECOND + k * 2_000, 52 * SECOND + k * 2_000 + 1_000, 2)
                for k in range(30)
            ]

        def cue(self, at_us: int, grip: int) -> None:
            pass

        def contacts(self, until_us: int) -> list[Contact]:
            told = [c for c in self.waiting if c.start_us < until_us]
            self.waiting = [c for c in self.waiting if c.start_us >= until_us]
            return told

    clock = ManualClock()
    with Glove.open("virtual:patient", Chattering(), clock=clock, lockstep=True) as glove:
        told = play(glove, clock, 4, [10_000])
    assert [(grip, down) for _, grip, down in told] == [(2, True), (2, False)]
    assert told[0][0] == pytest.approx(52 * SECOND, abs=1_000)
    assert told[1][0] == pytest.approx(52 * SECOND + 59_000, abs=1_000)


def test_health_shows_the_contacts_closed_now() -> None:
    clock = ManualClock()
    with Glove.open("virtual:steady?success=1&jitter_ms=0", clock=clock, lockstep=True) as glove:
        glove.cue(clock.now_us + SECOND, 3)
        play(glove, clock, 1.05, [10_000])
        assert glove.health.contacts == 0b01000
        clock.now_us += 500_000
        assert glove.health.contacts == 0, "what is older than 100 ms is not shown as live"
        glove.poll()
        assert glove.health.contacts == 0
        assert glove.health.serial_number == "VIRTUAL1"


# -- scripts --------------------------------------------------------------------------------------


def test_a_script_plays_from_the_beginning_of_the_song(tmp_path: Path) -> None:
    path = tmp_path / "presses.txt"
    path.write_text("1000 0x01\n1200 0x00\n2000 0x12\n2100 0x02\n2300 0\n")
    clock = ManualClock()
    with Glove.open(f"script:{path}", clock=clock, lockstep=True) as glove:
        assert (glove.kind, glove.description) == ("script", "script presses.txt")
        assert play(glove, clock, 2, [10_000]) == []
        begin = clock.now_us + 300_000
        glove.begin(begin)
        told = play(glove, clock, 4, [10_000])
    assert [(g, d) for _, g, d in sorted(told)] == [
        (0, True),
        (0, False),
        (1, True),
        (4, True),
        (4, False),
        (1, False),
    ]
    assert [us - begin for us, _, _ in sorted(told)] == pytest.approx(
        [1_000_000, 1_200_000, 2_000_000, 2_000_000, 2_100_000, 2_300_000], abs=1_000
    )


# -- what is pushed -------------------------------------------------------------------------------


def test_a_keyboard_is_what_is_pushed_and_trails_by_a_few_milliseconds() -> None:
    clock = ManualClock()
    with Glove.open("keyboard", clock=clock) as glove:
        assert (glove.kind, glove.description, glove.health.link) == (
            "keyboard",
            "keyboard",
            "none",
        )
        edges, settled = glove.poll()
        assert edges.dtype == EDGE
        assert (edges.size, settled) == (0, clock.now_us - PUSH_MARGIN_US)
        glove.push((clock.now_us, 2, True))
        assert glove.poll()[0].size == 0
        clock.now_us += 10_000
        glove.push(np.array([(clock.now_us - 1_000, 2, False)], EDGE))
        assert glove.poll()[0].tolist() == [(50 * SECOND, 2, True)]
        clock.now_us += 10_000
        assert glove.poll()[0].tolist() == [(50 * SECOND + 9_000, 2, False)]


def test_what_is_pushed_too_late_is_moved_up_to_the_promise() -> None:
    clock = ManualClock()
    glove = Glove.open("keyboard", clock=clock)
    _, settled = glove.poll()
    glove.push((settled - 5_000, 1, True))
    glove.push((settled - 4_000, 1, False))
    clock.now_us += 10_000
    assert glove.poll()[0].tolist() == [(settled, 1, True), (settled, 1, False)]


@pytest.mark.parametrize("grip", [-1, 5])
def test_a_grip_that_does_not_exist_cannot_be_pushed(grip: int) -> None:
    with pytest.raises(ValueError, match="no grip"):
        Glove.open("keyboard").push((0, grip, True))


def test_a_keyboard_can_be_used_beside_a_glove_and_all_presses_keep_their_order() -> None:
    clock = ManualClock()
    with Glove.open("virtual:steady?success=1&jitter_ms=0", clock=clock, lockstep=True) as glove:
        told: Told = []
        for k in range(6):
            glove.cue(clock.now_us + SECOND + k * 400_000, 0)
        for _ in range(400):
            clock.now_us += 10_000
            if clock.now_us % 350_000 == 0:
                glove.push((clock.now_us, 3, True))
                glove.push((clock.now_us + 5_000, 3, False))
            told += glove.poll()[0].tolist()
    times = [us for us, _ in presses(told)]
    assert times == sorted(times)
    assert {grip for _, grip in presses(told)} == {0, 3}


@given(
    st.lists(
        st.tuples(
            st.integers(-20_000, 5_000), st.integers(0, 4), st.booleans(), st.integers(1, 30_000)
        ),
        max_size=30,
    )
)
def test_pushes_of_any_stamp_come_out_in_order_and_after_the_promise(
    pushes: list[tuple[int, int, bool, int]],
) -> None:
    clock = ManualClock()
    glove = Glove.open("keyboard", clock=clock)
    promise, newest, seen = glove.poll()[1], -1, 0
    for offset, grip, down, step in [*pushes, (0, 0, True, 50_000), (0, 0, True, 50_000)]:
        glove.push((clock.now_us + offset, grip, down))
        clock.now_us += step
        edges, settled = glove.poll()
        for time_us, _, is_down in edges.tolist():
            if is_down:
                assert promise <= time_us < settled
                assert time_us >= newest
                newest = time_us
        seen += edges.size
        promise = settled
    clock.now_us += 50_000
    assert seen + glove.poll()[0].size == len(pushes) + 2


class Scripted:
    """A source that tells what it is given, poll by poll."""

    def __init__(self, *answers: tuple[list[HostEdge], int | None]) -> None:
        self.answers = list(answers)

    def take(self) -> tuple[list[HostEdge], int | None]:
        return self.answers.pop(0)

    def health(self) -> Health:
        return Health("ok")

    def begin(self, host_us: int) -> None: ...

    def cue(self, host_us: int, grip: int) -> None: ...

    def cancel_cues(self) -> None: ...

    def close(self) -> None: ...


def test_while_the_link_is_lost_time_goes_on_and_what_comes_after_all_is_not_told() -> None:
    clock = ManualClock(1_000_000)
    source = Scripted(
        ([], 900_000),
        ([HostEdge(850_000, 4, False)], None),
        ([HostEdge(950_000, 1, True), HostEdge(980_000, 1, False)], 990_000),
        ([HostEdge(1_010_000, 1, True), HostEdge(1_015_000, 1, False)], 1_020_000),
    )
    glove = Glove(source, "glove", "glove", clock, lockstep=False)
    assert glove.poll()[1] == 900_000
    edges, settled = glove.poll()
    assert (edges.tolist(), settled) == ([(850_000, 4, False)], 1_000_000 - PUSH_MARGIN_US)
    assert glove.poll()[0].size == 0
    clock.now_us = 1_030_000
    assert glove.poll()[0].tolist() == [(1_010_000, 1, True), (1_015_000, 1, False)]


def test_a_press_is_held_back_until_an_earlier_one_can_no_longer_come() -> None:
    clock = ManualClock(1_000_000)
    source = Scripted(
        ([HostEdge(500_500, 1, True)], 500_000),
        ([HostEdge(500_000, 0, True), HostEdge(501_000, 1, False)], 502_000),
    )
    glove = Glove(source, "glove", "glove", clock, lockstep=False)
    assert glove.poll()[0].size == 0
    assert glove.poll()[0].tolist() == [
        (500_000, 0, True),
        (500_500, 1, True),
        (501_000, 1, False),
    ]


# -- what cannot be opened ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ("banana", "unknown glove “banana”"),
        ("virtual:patient?severity=mild", "needs the model of a patient"),
        ("virtual:steady?success=2", "success=2: expected a number from 0 to 1"),
        ("virtual:steady?seed=1.5", "seed=1.5: expected a whole number"),
        ("virtual:steady?jitter_ms=wide", "jitter_ms=wide: expected a number"),
        ("script:/nowhere/presses.txt", "there is no script file /nowhere/presses.txt"),
        ("serial:/dev/nowhere", "there is no serial port /dev/nowhere"),
        ("serial:/dev/null?baud=x", "baud=x: expected a whole number"),
    ],
)
def test_one_line_says_what_cannot_be_opened(spec: str, why: str) -> None:
    with pytest.raises(GloveError) as caught:
        Glove.open(spec)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("spec", ["serial:/dev/nowhere", "auto", "keyboard"])
def test_fast_is_for_virtual_and_recorded_gloves(spec: str) -> None:
    with pytest.raises(GloveError, match="--fast works with virtual and recorded gloves"):
        Glove.open(spec, lockstep=True)


def test_bad_numbers_are_told_even_when_an_actor_is_given() -> None:
    with pytest.raises(GloveError, match="success=x"):
        Glove.open("virtual:steady?success=x", SteadyActor(), lockstep=True)


def test_a_steady_actor_can_be_built_with_another_seed() -> None:
    spec = parse_spec("virtual:steady?seed=7&success=1&jitter_ms=50")
    actors = [steady_actor(spec), steady_actor(spec, 7), steady_actor(spec, [7, 1])]
    for actor in actors:
        actor.cue(SECOND, 0)
    one, same, other = (actor.contacts(10 * SECOND) for actor in actors)
    assert one == same
    assert one != other
