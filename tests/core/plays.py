"""Targets, edges and windows to judge: written out for tables, generated for properties."""

import os

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from game.core import EDGE, TARGET, Window


def sample(examples):
    """Settings for a property; GRIPTUNE_SOAK=1 draws fifty times as many examples."""
    if os.environ.get("GRIPTUNE_SOAK") == "1":
        examples *= 50
    return settings(max_examples=examples, deadline=None)


def targets_at(*rows):
    """(time, grip) each."""
    targets = np.zeros(len(rows), TARGET)
    for i, (time, grip) in enumerate(rows):
        targets[i] = (time, grip, 100_000, 60, 1, 0)
    return targets


def edges_at(*rows):
    """(time, grip) for a press, (time, grip, "up") for a release, in feed order."""
    return np.array([(row[0], row[1], len(row) == 2) for row in rows], EDGE)


# A unit of one microsecond and windows of a few: every interval end, every tie and every
# off-by-one comes up in most examples.

widths = st.sampled_from([0, 1, 2, 3, 5])
windows = st.builds(Window, early_us=widths, late_us=widths, near_us=st.sampled_from([0, 2, 4, 7]))
grips = st.one_of(st.integers(0, 1), st.integers(0, 4))


@st.composite
def target_rows(draw, until=40):
    rows = draw(st.lists(st.tuples(st.integers(-5, until), grips), max_size=14))
    return targets_at(*sorted(rows, key=lambda row: row[0]))


@st.composite
def edge_rows(draw, targets, window, until=40):
    """Presses in order of time, many of them at an interval end of a target, with releases that
    come after their press but as late as they like, never, or without a press."""
    ends = [0, window.early_us, window.late_us, window.near_us, window.reach_us]
    edges_of_intervals = [
        int(time) + sign * end + off
        for time in targets["time_us"]
        for end in ends
        for sign in (-1, 1)
        for off in (-1, 0, 0, 1)
    ]
    anywhere = st.integers(-10, until + 10)
    press_times = (
        st.one_of(st.sampled_from(edges_of_intervals), anywhere) if edges_of_intervals else anywhere
    )
    presses = sorted(
        draw(st.lists(st.tuples(press_times, grips), max_size=16)), key=lambda row: row[0]
    )
    feed = list(presses)
    for time, grip in presses:
        held = draw(st.sampled_from([None, 0, 1, 2, 6]))
        if held is not None:
            own = feed.index((time, grip))
            late = draw(st.integers(0, 4))
            feed.insert(min(own + 1 + late, len(feed)), (time + held, grip, "up"))
    if draw(st.booleans()):
        stray = (draw(anywhere), draw(grips), "up")
        feed.insert(draw(st.integers(0, len(feed))), stray)
    return edges_at(*feed)


@st.composite
def plays(draw):
    """(targets, edges, window)."""
    window = draw(windows)
    targets = draw(target_rows())
    return targets, draw(edge_rows(targets, window)), window
