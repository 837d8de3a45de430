"""The loops of the judge, compiled. :mod:`game.core.judge` owns the arrays and checks the input.

Per grip, the targets that have not been hit form a doubly linked list in order of time, with a
place in it that only moves forward, as presses come in order of time. The two neighbours of a
press in that list are all that can be nearest to it, before and after, in any window: a press
costs a few steps however many targets there are, and a target that was hit is unlinked and never
looked at again. A scan over all targets within reach gives the same answers, but slows down with
the square of the density.

The state is three structured arrays rather than one array per field: numba counts references to
every array handed from function to function, which with sixteen of them took most of the time.

Everything a kernel needs comes as an argument, the codes of outcomes as well: numba's cache on
disk does not notice when a constant in another file changes.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class Rules(NamedTuple):
    """The window, and the codes of what can become of a press."""

    early_us: int
    late_us: int
    reach_us: int
    hit: int
    near: int
    wrong_grip: int
    extra: int


#: A row per target. ``before`` and ``after`` are its unhit neighbours of the same grip (−1: none),
#: the rest is as in ``JUDGED``.
TARGET_STATE = np.dtype(
    [
        ("time_us", "i8"),
        ("asynchrony_us", "i8"),
        ("press_index", "i4"),
        ("before", "i4"),
        ("after", "i4"),
        ("grip", "u1"),
        ("hit", "?"),
        ("wrong_grip", "i1"),
    ],
    align=True,
)

#: A row per press. ``earlier`` is the press of the same grip before this one (−1: none),
#: ``dwell_us`` −1 until it is released, the rest is as in ``PRESS``.
PRESS_STATE = np.dtype(
    [
        ("time_us", "i8"),
        ("dwell_us", "i8"),
        ("edge_index", "i4"),
        ("target_index", "i4"),
        ("earlier", "i4"),
        ("outcome", "u1"),
    ],
    align=True,
)

#: A row per grip, −1 for none: both ends of its list of unhit targets, the last of them at or
#: before the time last asked about, and the latest press.
GRIP_STATE = np.dtype(
    [("first", "i4"), ("last", "i4"), ("passed", "i4"), ("latest_press", "i4")], align=True
)

# Fields of a structured row have no static type.
_State = NDArray[Any]


@njit(cache=True, nogil=True)
def link_targets(targets: _State, grips: _State, start: int, stop: int) -> None:
    """Append targets ``start`` to ``stop``, whose time and grip are set, to the unhit lists."""
    for i in range(start, stop):
        target = targets[i]
        grip = grips[target.grip]
        target.before = grip.last
        target.after = -1
        if grip.last < 0:
            grip.first = i
        else:
            targets[grip.last].after = i
        grip.last = i
        target.hit = False
        target.asynchrony_us = 0
        target.press_index = -1
        target.wrong_grip = -1


@njit(cache=True, nogil=True)
def unlink(targets: _State, grips: _State, index: int) -> None:
    """Take a target that was hit out of the unhit list of its grip."""
    target = targets[index]
    grip = grips[target.grip]
    if target.before < 0:
        grip.first = target.after
    else:
        targets[target.before].after = target.after
    if target.after < 0:
        grip.last = target.before
    else:
        targets[target.after].before = target.before
    if grip.passed == index:
        grip.passed = target.before


@njit(cache=True, nogil=True)
def nearest(
    targets: _State, grips: _State, grip: int, time_us: int, early_us: int, late_us: int
) -> int:
    """The unhit target t of ``grip`` nearest to ``time_us``, if t − early ≤ time ≤ t + late.

    −1 if there is none; of two equally near, the earlier. Calls come in order of time. Whether a
    target has expired needs no look: its window is over then, so it cannot hold ``time_us``.
    """
    passed = grips[grip].passed
    coming = grips[grip].first if passed < 0 else targets[passed].after
    while coming >= 0 and targets[coming].time_us <= time_us:
        passed = coming
        coming = targets[coming].after
    grips[grip].passed = passed

    found = -1
    behind_us = 0
    if passed >= 0:
        behind_us = time_us - targets[passed].time_us
        if behind_us <= late_us:
            found = passed
            before = targets[found].before
            while before >= 0 and targets[before].time_us == targets[found].time_us:
                found = before
                before = targets[found].before
    if coming >= 0:
        ahead_us = targets[coming].time_us - time_us
        if ahead_us <= early_us and (found < 0 or ahead_us < behind_us):
            found = coming
    return found


@njit(cache=True, nogil=True)
def nearest_of_other_grips(
    targets: _State, grips: _State, grip: int, time_us: int, early_us: int, late_us: int
) -> int:
    """As :func:`nearest`, among the targets of all grips but ``grip``."""
    found = -1
    found_us = 0
    for other in range(len(grips)):
        if other == grip:
            continue
        index = nearest(targets, grips, other, time_us, early_us, late_us)
        if index < 0:
            continue
        distance_us = abs(targets[index].time_us - time_us)
        # Targets are sorted by time, so the lower index is the earlier.
        if found < 0 or distance_us < found_us or (distance_us == found_us and index < found):
            found = index
            found_us = distance_us
    return found


@njit(cache=True, nogil=True)
def judge_press(
    targets: _State, presses: _State, grips: _State, rules: Rules, press_index: int, grip: int
) -> None:
    """Judge a press whose time is set: the four rules in their order."""
    press = presses[press_index]

    index = nearest(targets, grips, grip, press.time_us, rules.early_us, rules.late_us)
    if index >= 0:
        target = targets[index]
        target.hit = True
        target.asynchrony_us = press.time_us - target.time_us
        target.press_index = press_index
        unlink(targets, grips, index)
        press.outcome = rules.hit
        press.target_index = index
        return

    index = nearest(targets, grips, grip, press.time_us, rules.reach_us, rules.reach_us)
    if index >= 0:
        target = targets[index]
        asynchrony_us = press.time_us - target.time_us
        if target.press_index < 0 or abs(asynchrony_us) < abs(target.asynchrony_us):
            target.asynchrony_us = asynchrony_us
            target.press_index = press_index
        press.outcome = rules.near
        press.target_index = index
        return

    index = nearest_of_other_grips(
        targets, grips, grip, press.time_us, rules.early_us, rules.late_us
    )
    press.target_index = index
    if index >= 0:
        targets[index].wrong_grip = grip
        press.outcome = rules.wrong_grip
    else:
        press.outcome = rules.extra


@njit(cache=True, nogil=True)
def release(presses: _State, grips: _State, grip: int, time_us: int) -> None:
    """Give a release to the latest press of its grip at or before it, unless that one has its own.

    A contact opens before it can close again, so a late release is looked for one or two presses
    back, never through the whole play.
    """
    index = grips[grip].latest_press
    while index >= 0 and presses[index].time_us > time_us:
        index = presses[index].earlier
    if index >= 0 and presses[index].dwell_us < 0:
        presses[index].dwell_us = time_us - presses[index].time_us


@njit(cache=True, nogil=True)
def judge_edges(
    targets: _State,
    presses: _State,
    grips: _State,
    rules: Rules,
    edge_time_us: NDArray[np.int64],
    edge_grip: NDArray[np.uint8],
    edge_down: NDArray[np.bool_],
    first_edge: int,
    press_count: int,
) -> int:
    """Judge edges in feed order; the first of them is edge number ``first_edge`` of the play.

    ``press_count`` presses are known already, and there is room for the new ones. Returns how
    many there are afterwards.
    """
    for i in range(len(edge_time_us)):
        grip = edge_grip[i]
        if not edge_down[i]:
            release(presses, grips, grip, edge_time_us[i])
            continue
        press = presses[press_count]
        press.time_us = edge_time_us[i]
        press.edge_index = first_edge + i
        press.earlier = grips[grip].latest_press
        press.dwell_us = -1
        grips[grip].latest_press = press_count
        judge_press(targets, presses, grips, rules, press_count, grip)
        press_count += 1
    return press_count
