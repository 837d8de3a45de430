"""The judge: targets and edges in, what became of each out. Pure, deterministic, batch and live.

The rules for a press of grip *g* at *u*, in this order:

1. The targets of *g*, not hit and not expired, with *u* in the closed interval
   [t − early, t + late] are its candidates; the nearest is **hit**, of two equally near the
   earlier.
2. Without one, if a target of *g* that is not hit (expired or not) lies within reach, the press
   is **near** and noted against the nearest such target; it does not use it up.
3. Otherwise, if targets of other grips, not hit and not expired, have *u* in their interval, the
   press is a **wrong grip**, noted against the nearest; it does not use it up either.
4. Otherwise the press is **extra**.

Why batch and live agree for any chunking and frame rate: presses come in order of time, and each is
judged at its own instant, from targets alone, never from the frame it arrived in. A target expires
at the first instant after t + late, when its interval is over, so *when* the judge is told that
time has passed changes nothing for a press. The one thing that could is a target unknown when a
press within reach of it was judged, and :meth:`Judge.extend` refuses that.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from game.core.data import (
    EDGE,
    EXTRA,
    HIT,
    JUDGED,
    MISS_EARLY,
    MISS_LATE,
    MISS_NONE,
    MISS_OMISSION,
    MISS_WRONG_GRIP,
    NEAR,
    PRESS,
    TARGET,
    WRONG_GRIP,
    Judgements,
    Mask,
    Rows,
    Window,
)
from game.core.grips import GRIPS

# numba is imported when the first judge is made, not with this file: it takes the better part of a
# second, which the opening screen hides (see warm_up) and `griptune --help` should not pay.

#: Times are accepted up to here either way (36 000 years), so that no difference can overflow.
FARTHEST_US = 2**60

_SMALLEST_CAPACITY = 64


class Judge:
    """Judges a play while it goes on.

    ``targets`` is a :data:`TARGET` array sorted by time (equal times are allowed), which is
    copied; more can follow by :meth:`extend`. Raises ValueError if it is anything else. ``window``
    is used as given.
    """

    def __init__(self, targets: ArrayLike, window: Window) -> None:
        from game.core.judge_kernel import GRIP_STATE, PRESS_STATE, TARGET_STATE, Rules

        self.window = window
        self._rules = Rules(
            window.early_us, window.late_us, window.reach_us, HIT, NEAR, WRONG_GRIP, EXTRA
        )
        self._rows = np.empty(_SMALLEST_CAPACITY, TARGET)
        self._target_state = np.empty(_SMALLEST_CAPACITY, TARGET_STATE)
        self._press_state = np.empty(_SMALLEST_CAPACITY, PRESS_STATE)
        self._grip_state = np.empty(len(GRIPS), GRIP_STATE)
        for name in GRIP_STATE.fields or ():
            self._grip_state[name] = -1
        self._target_count = 0
        self._press_count = 0
        self._edge_count = 0
        self._expired_count = 0
        self._reached_us = -FARTHEST_US
        self._append(_checked_targets(targets))

    @property
    def targets(self) -> Rows:
        """All targets so far, a read-only :data:`TARGET` array."""
        rows = self._rows[: self._target_count]
        rows.flags.writeable = False
        return rows

    @property
    def reached_us(self) -> int:
        """The time advanced to or of the last press, whichever is later: no press before it may
        follow. ``-FARTHEST_US`` before there was either."""
        return self._reached_us

    @property
    def decided(self) -> Mask:
        """Per target: whether it was hit or has expired, so that nothing more can become of it
        but a near press noted against a miss."""
        decided = self._target_state["hit"][: self._target_count].copy()
        decided[: self._count_expired()] = True
        return decided

    def feed(self, edges: ArrayLike) -> Rows:
        """Judge ``edges``, an :data:`EDGE` array; returns the :data:`PRESS` rows of its presses.

        Presses come in order of time, within one call and from call to call, and none before the
        time advanced to; at equal times feed order counts. A release concerns only its own grip
        and its time is free: it belongs to the latest press of its grip, fed before it, at or
        before its time, and is passed over if that press already has one.

        Raises ValueError, and takes in nothing, if that is not so.
        """
        from game.core.judge_kernel import judge_edges

        rows = _checked_rows(edges, EDGE, "edges")
        # Copies are contiguous and writable whatever the caller's array is like, so that the
        # kernel is compiled for one kind of array only.
        time_us = np.array(rows["time_us"], order="C")
        grip = np.array(rows["grip"], order="C")
        down = np.array(rows["down"], order="C")
        press_us = time_us[down]
        self._check_presses(press_us, down)

        first = self._press_count
        self._press_state = _with_room(self._press_state, first + len(press_us))
        self._press_count = judge_edges(
            self._target_state,
            self._press_state,
            self._grip_state,
            self._rules,
            time_us,
            grip,
            down,
            self._edge_count,
            first,
        )
        self._edge_count += len(rows)
        if len(press_us):
            self._reached_us = int(press_us[-1])
        return self._press_rows(first)

    def advance(self, song_us: int) -> NDArray[np.int64]:
        """Promise that no press before ``song_us`` follows (one *at* it may).

        Returns the indices of the targets that have expired unhit since the last call. A time
        already passed promises nothing new.
        """
        self._reached_us = max(self._reached_us, min(int(song_us), FARTHEST_US))
        start, stop = self._expired_count, self._count_expired()
        self._expired_count = stop
        return start + np.flatnonzero(~self._target_state["hit"][start:stop])

    def extend(self, targets: ArrayLike) -> None:
        """Append targets that come into view.

        Raises ValueError, and takes in nothing, unless they are a sorted :data:`TARGET` array that
        starts no earlier than the last target known, and more than the reach of the window after
        :attr:`reached_us`: no press judged so far could have concerned them.
        """
        rows = _checked_targets(targets)
        if not len(rows):
            return
        first_us = int(rows["time_us"][0])
        if self._target_count:
            last_us = int(self._rows["time_us"][self._target_count - 1])
            if first_us < last_us:
                raise ValueError(
                    f"targets are appended in order of time: the new ones begin at {first_us} µs, "
                    f"before the last one known, at {last_us} µs"
                )
        if first_us - self._reached_us <= self.window.reach_us:
            raise ValueError(
                f"the new targets begin at {first_us} µs, but the judge has reached "
                f"{self._reached_us} µs and a press reaches {self.window.reach_us} µs: extend "
                f"before the first of them comes within reach"
            )
        self._append(rows)

    @property
    def judgements(self) -> Judgements:
        """What became of everything so far, **as if the play ended here**: a target that is not
        hit counts as a miss even if its window is still open (see :attr:`decided`), so that hits
        and misses always add up to the targets known."""
        state = self._target_state[: self._target_count]
        targets = np.empty(len(state), JUDGED)
        for name in ("hit", "asynchrony_us", "press_index", "wrong_grip"):
            targets[name] = state[name]
        hit = state["hit"]
        # A near press is never at asynchrony 0: there it would have been a hit.
        targets["miss"] = np.select(
            [hit, state["press_index"] >= 0, state["wrong_grip"] >= 0],
            [
                MISS_NONE,
                np.where(state["asynchrony_us"] < 0, MISS_EARLY, MISS_LATE),
                MISS_WRONG_GRIP,
            ],
            MISS_OMISSION,
        )
        targets["dwell_us"] = -1
        targets["dwell_us"][hit] = self._press_state["dwell_us"][state["press_index"][hit]]
        return Judgements(targets, self._press_rows(0))

    def _append(self, rows: Rows) -> None:
        from game.core.judge_kernel import link_targets

        start, stop = self._target_count, self._target_count + len(rows)
        self._rows = _with_room(self._rows, stop)
        self._rows[start:stop] = rows
        self._target_state = _with_room(self._target_state, stop)
        self._target_state["time_us"][start:stop] = rows["time_us"]
        self._target_state["grip"][start:stop] = rows["grip"]
        link_targets(self._target_state, self._grip_state, start, stop)
        self._target_count = stop

    def _check_presses(self, press_us: NDArray[np.int64], down: Mask) -> None:
        if not len(press_us):
            return
        previous_us = np.concatenate(([self._reached_us], press_us[:-1]))
        back = np.flatnonzero(press_us < previous_us)
        if len(back):
            first = back[0]
            edge = self._edge_count + int(np.flatnonzero(down)[first])
            raise ValueError(
                f"edge {edge} is a press at {press_us[first]} µs, but the judge had reached "
                f"{previous_us[first]} µs: feed presses in order of time"
            )

    def _count_expired(self) -> int:
        times = self._target_state["time_us"][: self._target_count]
        return int(np.searchsorted(times, self._reached_us - self.window.late_us, side="left"))

    def _press_rows(self, start: int) -> Rows:
        rows = np.empty(self._press_count - start, PRESS)
        for name in ("edge_index", "outcome", "target_index"):
            rows[name] = self._press_state[name][start : self._press_count]
        return rows


def judge(targets: ArrayLike, edges: ArrayLike, window: Window) -> Judgements:
    """What becomes of ``targets`` (:data:`TARGET`) and of the presses in ``edges`` (:data:`EDGE`).

    The same as a :class:`Judge` that was fed the edges in any pieces; see there for what is
    accepted and the ValueErrors raised.
    """
    live = Judge(targets, window)
    live.feed(edges)
    return live.judgements


def warm_up() -> None:
    """Import numba and compile the kernels, or load them from the cache, before sound starts."""
    live = Judge(np.zeros(1, TARGET), Window())
    live.feed(np.array([(0, 0, True), (0, 0, False)], EDGE))
    live.advance(FARTHEST_US)


def _checked_rows(rows: ArrayLike, dtype: np.dtype[np.void], what: str) -> Rows:
    array = np.asarray(rows)
    if array.dtype != dtype or array.ndim != 1:
        raise ValueError(
            f"{what} must be a one-dimensional array of {dtype.names}, "
            f"not {array.ndim}-dimensional of {array.dtype.names or array.dtype}"
        )
    bad = np.flatnonzero(array["grip"] >= len(GRIPS))
    if len(bad):
        raise ValueError(
            f"row {bad[0]} of the {what} has grip {array['grip'][bad[0]]}; "
            f"grips are 0 to {len(GRIPS) - 1}"
        )
    bad = np.flatnonzero((array["time_us"] < -FARTHEST_US) | (array["time_us"] > FARTHEST_US))
    if len(bad):
        raise ValueError(
            f"row {bad[0]} of the {what} has time {array['time_us'][bad[0]]} µs, "
            f"which is no time in a song"
        )
    return array


def _checked_targets(targets: ArrayLike) -> Rows:
    rows = _checked_rows(targets, TARGET, "targets")
    times = rows["time_us"]
    back = np.flatnonzero(times[1:] < times[:-1])
    if len(back):
        raise ValueError(
            f"targets must be sorted by time, but target {back[0] + 1} is at "
            f"{times[back[0] + 1]} µs, after one at {times[back[0]]} µs"
        )
    return rows


def _with_room(rows: Rows, count: int) -> Rows:
    """``rows``, at least ``count`` long: half as much again when they grow, so that growing row by
    row costs a constant number of copies a row."""
    if count <= len(rows):
        return rows
    grown = np.empty(count + count // 2, rows.dtype)
    grown[: len(rows)] = rows
    return grown
