"""A hand in the glove: what it does, when that truly was, and whether the host found it."""

import time
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

import numpy as np

from firmware_bridge.edges import GRIP_COUNT
from firmware_bridge.glove import Glove
from firmware_bridge.host_clock import host_us
from tests.hil.simulator_process import Simulator

MS = 1_000
SECOND = 1_000_000

#: After an interruption an open hand has to be seen for 20 ms before a touch is a press.
SEEN_OPEN_US = 60 * MS

#: A poll as often as a screen is drawn, and a bit more.
POLL_S = 0.004


class Press(NamedTuple):
    """One press: its first touch, and its last opening."""

    start_us: int
    end_us: int
    grip: int


class Hand:
    """Presses of all five grips at once, with bounces, and spikes that are no presses."""

    def __init__(self, seed: int, begin_us: int, length_us: int) -> None:
        rng = Random(seed)
        self._presses: list[list[int]] = []  # indices of the changes that begin and end each
        self._grips: list[int] = []
        changes: list[tuple[int, int, bool, int]] = []  # time, grip, down, press (−1: none)

        def touch(grip: int, start: int, end: int, press: int) -> None:
            changes.append((start, grip, True, press))
            changes.append((end, grip, False, press))

        for grip in range(GRIP_COUNT):
            at = begin_us + rng.randrange(200 * MS)
            while True:
                dwell = rng.randrange(40 * MS, 250 * MS)
                if at + dwell > begin_us + length_us:
                    break
                press = len(self._grips)
                self._grips.append(grip)
                start = at
                if rng.random() < 0.3:  # the first touch bounces
                    touch(grip, at, at + rng.randrange(300, 800), press)
                    start = at + rng.randrange(1_200, 2_500)
                touch(grip, start, at + dwell, press)
                if rng.random() < 0.3:  # and so does letting go
                    again = at + dwell + rng.randrange(300, 2_000)
                    touch(grip, again, again + rng.randrange(300, 800), press)
                gap = rng.randrange(60 * MS, 200 * MS)
                if rng.random() < 0.3:
                    spike = at + dwell + gap // 2
                    touch(grip, spike, spike + rng.randrange(50, 600), -1)
                at += dwell + gap
        changes.sort()
        self.commands: list[tuple[int | None, str]] = []
        self._press_of = [press for _, _, _, press in changes]
        mask = 0
        for at, grip, down, _ in changes:
            mask = mask | 1 << grip if down else mask & ~(1 << grip)
            self.commands.append((at, f"mask {mask}"))

    def presses(self, simulator: Simulator, first: int = 0) -> list[Press]:
        """What was done in truth, from the ``first`` change of an electrode that was told."""
        times = [told.time_us for told in simulator.told("mask")[first:]]
        assert len(times) == len(self._press_of), "the hand has not finished"
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        for at, press in zip(times, self._press_of, strict=True):
            starts.setdefault(press, at)
            ends[press] = at
        return [Press(starts[k], ends[k], grip) for k, grip in enumerate(self._grips)]


@dataclass
class Outcome:
    """What came of a play."""

    presses: list[Press]
    found: list[tuple[int, int]] = field(default_factory=list)  # time, grip
    released: int = 0
    known_after_us: list[int] = field(default_factory=list)  # each found press: until it was polled
    missed: list[Press] = field(default_factory=list)
    false: list[tuple[int, int]] = field(default_factory=list)
    errors_us: list[int] = field(default_factory=list)  # each found press: stamp − truth

    starved: list[tuple[int, int]] = field(default_factory=list)  # the glove itself fell silent

    def match(self, within_us: int) -> None:
        """Pair presses found with presses made.

        A press that is not found is missed, unless the simulator was not given the processor
        for so long that the glove was silent, and rightly taken for lost.
        """
        left = list(self.found)
        for press in self.presses:
            near = [
                one
                for one in left
                if one[1] == press.grip and abs(one[0] - press.start_us) <= within_us
            ]
            if near:
                one = min(near, key=lambda found: abs(found[0] - press.start_us))
                left.remove(one)
                self.errors_us.append(one[0] - press.start_us)
            elif not any(
                begin - 5 * MS <= press.end_us and press.start_us <= end + SEEN_OPEN_US
                for begin, end in self.starved
            ):
                self.missed.append(press)
        self.false = left

    @property
    def figures(self) -> str:
        """One line for people."""
        errors = np.array(self.errors_us or [0])
        known = np.array(self.known_after_us or [0]) / 1000
        starved = f"; starved {len(self.starved)} times" if self.starved else ""
        return (
            f"{len(self.presses)} presses, {len(self.missed)} missed, {len(self.false)} false; "
            f"stamps: bias {errors.mean() / 1000:+.3f} ms, SD {errors.std() / 1000:.3f} ms, "
            f"worst {np.abs(errors).max() / 1000:.2f} ms; "
            f"polled after p50 {np.percentile(known, 50):.1f} ms, "
            f"p99 {np.percentile(known, 99):.1f} ms{starved}"
        )


def play(
    simulator: Simulator,
    glove: Glove,
    seed: int,
    seconds: float,
    *,
    faults: list[tuple[int, str]] | None = None,
    within_us: int = 20 * MS,
    poll_s: float = POLL_S,
) -> Outcome:
    """Let a hand play for some seconds, and look at what the glove says it did.

    ``faults`` are commands with their times since the beginning, in µs. What was found is paired
    with what was done within ``within_us``. Asserts what ``poll`` promises.
    """
    already, starved = len(simulator.told("mask")), len(simulator.told("starved"))
    begin = host_us() + 100 * MS
    hand = Hand(seed, begin, round(seconds * SECOND))
    made = already + len(hand.commands)
    simulator.commands([(begin + at, text) for at, text in faults or []])
    simulator.commands(hand.commands)
    until = begin + round(seconds * SECOND) + 400 * MS
    patience = until + 10 * SECOND  # on a machine that is too busy the glove comes later
    outcome = Outcome([])
    promised = newest = -(1 << 62)
    held = 0
    while host_us() < until or (
        host_us() < patience and (held or len(simulator.told("mask")) < made)
    ):
        edges, settled = glove.poll()
        now = host_us()
        for time_us, grip, down in edges.tolist():
            if down:
                assert promised <= time_us < settled
                assert time_us >= newest
                assert not held >> grip & 1, "a press of what is pressed"
                newest = time_us
                outcome.found.append((time_us, grip))
                outcome.known_after_us.append(now - time_us)
                held |= 1 << grip
            else:
                assert held >> grip & 1, "a release of what is not pressed"
                held &= ~(1 << grip)
                outcome.released += 1
        promised = settled
        time.sleep(poll_s)
    assert held == 0, "everything is let go in the end"
    outcome.presses = sorted(hand.presses(simulator, already))
    outcome.starved = [
        (int(told.rest[0]), told.time_us) for told in simulator.told("starved")[starved:]
    ]
    outcome.match(within_us)
    return outcome
