"""One play as a pure machine: edges and a promise go in, events come out.

It knows no clock, glove, file or screen. Everything that happens between two steps happens at its
own instant of song time: a plan acts with exactly the presses before its instant judged. So one
frame a second and a thousand give the same targets, the same judgements and the same difficulty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from game.core.data import (
    EDGE,
    EXTRA,
    HIT,
    NEAR,
    TARGET,
    WRONG_GRIP,
    Judgements,
    Window,
)
from game.core.judge import Judge, judge
from game.core.statistics import outside_faults, totals
from game.play.plan import WAITING, WAS_HIT, WAS_MISSED, GripCounts, Plan

#: The end of a fault that is not over.
OPEN_END_US = 1 << 60


class EventKind(Enum):
    """What the stage shows and sounds."""

    IN_VIEW = "in view"
    HIT = "hit"
    NEAR = "near"
    WRONG_GRIP = "wrong grip"
    EXTRA = "extra"
    MISSED = "missed"
    RELEASED = "released"


_KIND_OF_OUTCOME = {
    HIT: EventKind.HIT,
    NEAR: EventKind.NEAR,
    WRONG_GRIP: EventKind.WRONG_GRIP,
    EXTRA: EventKind.EXTRA,
}


@dataclass(frozen=True)
class Event:
    """Something that just became known.

    ``song_us`` is when it happened (for a miss, when the window closed), ``target`` the index of
    the target concerned or −1, ``asynchrony_us`` press − target for a press noted against one.
    """

    kind: EventKind
    song_us: int
    grip: int
    target: int = -1
    asynchrony_us: int = 0


class _Rows:
    """A structured array that grows by doubling, so that appending all song long stays cheap."""

    def __init__(self, dtype: np.dtype) -> None:
        self._rows = np.zeros(256, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> np.ndarray:
        return self._rows[: self._count]

    def append(self, rows: np.ndarray) -> None:
        needed = self._count + len(rows)
        if needed > len(self._rows):
            grown = np.zeros(max(needed, 2 * len(self._rows)), self._rows.dtype)
            grown[: self._count] = self.rows
            self._rows = grown
        self._rows[self._count : needed] = rows
        self._count = needed


class Performance:
    """Plan, judge and what is known so far, from the first instant to the last.

    ``end_us`` is when the song is over; the play then stays open until every press up to that
    time is settled. With ``most_presses`` it is over sooner: once so many were made, or would be
    with the targets in view, no further target comes, and none of the presses beyond it is judged.
    Raises ValueError when the look-ahead is so short that a target could come
    into view within reach of a press already judged.
    """

    def __init__(
        self, plan: Plan, window: Window, end_us: int, most_presses: int | None = None
    ) -> None:
        if plan.look_ahead_us <= window.reach_us:
            raise ValueError(
                f"the look-ahead ({plan.look_ahead_us} µs) must be longer than a press can reach "
                f"({window.reach_us} µs)"
            )
        self.plan = plan
        self.window = window
        self.end_us = end_us
        self.settled_us = -(1 << 62)
        self._judge = Judge(np.zeros(0, TARGET), window)
        self._targets = _Rows(TARGET)
        self._states = _Rows(np.dtype("u1"))
        self._edges = _Rows(EDGE)
        self._closed = False
        #: When the glove was at fault, song time, start and end included; the last may be open.
        self.faults_us: list[tuple[int, int]] = []
        self.most_presses = most_presses
        self._presses = 0
        self.ends_early = False

    # What a plan, the stage and the records may look at.

    @property
    def targets(self) -> np.ndarray:
        """Every target let into view so far, TARGET, in time order."""
        return self._targets.rows

    @property
    def states(self) -> np.ndarray:
        """``u1`` per target: WAITING, WAS_HIT or WAS_MISSED."""
        return self._states.rows

    @property
    def edges(self) -> np.ndarray:
        """Every edge judged so far, EDGE in song time, in the order it came."""
        return self._edges.rows

    @property
    def finished(self) -> bool:
        """Whether the song is over and its last press is settled."""
        return self._closed

    def totals(self, from_us: int, until_us: int) -> GripCounts:
        """Totals per grip over targets and presses with ``from_us`` <= time < ``until_us``.

        A target whose window is still open is not counted as asked yet.
        """
        times_us = self.targets["time_us"]
        full = totals(
            self.targets,
            self._judge.judgements,
            self.edges,
            asked=(times_us >= from_us)
            & (times_us < until_us)
            & (self.states != WAITING)
            & ~self.left_out(),
            during=(from_us, until_us),
        )
        return GripCounts(
            asked=full.asked,
            hits=full.hits,
            presses=full.repetitions,
            fist_hits=full.fist_hits,
            trailing_hits=full.trailing_hits,
        )

    def left_out(self) -> np.ndarray:
        """Which of :attr:`targets` fell into a fault of the glove (bool), and so do not count."""
        if not self.faults_us:
            return np.zeros(len(self.targets), np.bool_)
        judged = self._judge.judgements
        return ~outside_faults(self.targets, judged, self.window, self.faults_us)

    def faulty(self, from_us: int, until_us: int) -> bool:
        """Whether the glove was at fault at some time ``from_us`` <= time < ``until_us``."""
        return any(start < until_us and end >= from_us for start, end in self.faults_us)

    def fault(self, start_us: int, end_us: int | None = None) -> None:
        """The glove is at fault from ``start_us`` on (song time), or was until ``end_us``.

        The same fault is named by its start again when it is over.
        """
        if self.faults_us and self.faults_us[-1][0] == start_us:
            del self.faults_us[-1]
        self.faults_us.append((start_us, OPEN_END_US if end_us is None else end_us))

    def end_at(self, song_us: int) -> None:
        """The play is over at ``song_us``; what is still open then was never asked."""
        self.end_us = min(self.end_us, max(song_us, self._judge.reached_us))

    def step(self, edges: np.ndarray, settled_us: int) -> list[Event]:
        """Take in ``edges`` (EDGE, song time, presses in order) and time up to ``settled_us``.

        ``settled_us`` promises that no press before it is still to come; it never goes back.
        """
        if self._closed:
            return []
        until_us = min(settled_us, self.end_us)
        events: list[Event] = []
        rest = edges
        for instant_us in self._instants(until_us):
            rest = self._feed_before(rest, instant_us, events)
            if self._is_enough():
                break
            self._advance(instant_us, events)
            in_view = self.plan.act(instant_us, self)
            if len(in_view):
                self._extend(in_view, instant_us, events)
        self._feed_before(rest, self.end_us, events)
        until_us = min(until_us, self.end_us)  # a plan may have ended the play
        if until_us > self.settled_us:
            self.settled_us = until_us
            self._advance(until_us, events)
        if settled_us >= self.end_us:
            self._closed = True
            self.plan.close(self, self.end_us)
        return events

    def stop(self) -> None:
        """End the play here: what was judged counts, what was still open was never asked."""
        if not self._closed:
            self._closed = True
            self.plan.close(self, max(0, self.settled_us))

    def asked(self) -> tuple[np.ndarray, Judgements]:
        """The targets that were asked and how they and the presses were judged.

        After :meth:`stop` a target whose window had not closed and that was not hit is left out.
        """
        known = self.states != WAITING
        kept = self.targets[known].copy()
        return kept, judge(kept, self.edges, self.window)

    def _is_enough(self) -> bool:
        """Whether the presses that may be made are used up, with the targets in view; then the
        play ends once these can no longer be hit."""
        if self.most_presses is None or self.ends_early:
            return self.ends_early
        waiting = self.states == WAITING
        if self._presses + int(waiting.sum()) < self.most_presses:
            return False
        self.ends_early = True
        last_us = int(self.targets["time_us"][waiting].max()) if waiting.any() else self.settled_us
        self.end_us = min(self.end_us, max(self._judge.reached_us, last_us) + self.window.reach_us)
        return True

    def _instants(self, until_us: int) -> Iterator[int]:
        while not self.ends_early:
            instant_us = self.plan.next_instant_us()
            if instant_us is None or instant_us > until_us:
                return
            # A target due before the play began comes into view at once.
            yield max(instant_us, self._judge.reached_us)

    def _feed_before(self, edges: np.ndarray, time_us: int, events: list[Event]) -> np.ndarray:
        """Judge the edges that come before the first press at or after ``time_us``."""
        if not len(edges):
            return edges
        late = np.flatnonzero(edges["down"] & (edges["time_us"] >= time_us))
        count = int(late[0]) if len(late) else len(edges)
        now, rest = edges[:count], edges[count:]
        if self.most_presses is not None:
            presses = np.flatnonzero(now["down"])
            left = max(0, self.most_presses - self._presses)
            if len(presses) > left:  # the last one that counts ends the play
                now, rest = now[: presses[left]], edges[:0]
            self._presses += min(len(presses), left)
            if len(presses) >= left > 0 or len(presses) > left:
                last_us = int(edges["time_us"][presses[max(0, left - 1)]])
                self.ends_early, self.end_us = True, min(self.end_us, last_us + 1)
        if len(now):
            self._feed(now, events)
        return rest

    def _feed(self, edges: np.ndarray, events: list[Event]) -> None:
        presses = self._judge.feed(edges)
        self._edges.append(edges)
        downs = edges[edges["down"]]
        for press, edge in zip(presses, downs, strict=True):
            target = int(press["target_index"])
            time_us = int(edge["time_us"])
            asynchrony_us = time_us - int(self.targets["time_us"][target]) if target >= 0 else 0
            kind = _KIND_OF_OUTCOME[int(press["outcome"])]
            if kind is EventKind.HIT:
                self.states[target] = WAS_HIT
            events.append(Event(kind, time_us, int(edge["grip"]), target, asynchrony_us))
        events += [
            Event(EventKind.RELEASED, int(edge["time_us"]), int(edge["grip"]))
            for edge in edges[~edges["down"]]
        ]

    def _advance(self, time_us: int, events: list[Event]) -> None:
        for index in self._judge.advance(time_us):
            self.states[index] = WAS_MISSED
            target = self.targets[index]
            events.append(
                Event(
                    EventKind.MISSED,
                    int(target["time_us"]) + self.window.late_us,
                    int(target["grip"]),
                    int(index),
                )
            )

    def _extend(self, rows: np.ndarray, instant_us: int, events: list[Event]) -> None:
        first = len(self._targets)
        self._judge.extend(rows)
        self._targets.append(rows)
        self._states.append(np.zeros(len(rows), "u1"))
        for offset, row in enumerate(rows):
            events.append(Event(EventKind.IN_VIEW, instant_us, int(row["grip"]), first + offset))
