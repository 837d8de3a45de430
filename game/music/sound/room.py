"""The room that every voice stands in: a small, dark one, by a feedback delay network."""

from typing import Final

import numpy as np
from numba import njit

#: Delays that share no factor (frames at 44.1 kHz), a tail of 1.3 s, quiet and dark.
_DELAYS: Final = (1_153, 1_399, 1_693, 1_987, 2_281, 2_591, 2_917, 3_271)
_SECONDS: Final = 1.3
_LEVEL: Final = 0.22
_DAMPING: Final = 0.35
_PRE_DELAY: Final = 600

#: Frames worked on at once: no more than the shortest delay, so that none feeds back within.
CHUNK = 1_024


def room(out: np.ndarray, sample_rate: int) -> None:
    """Add the room to ``out`` (left, right, send × frames; float32), in place."""
    delays = np.array(_DELAYS, np.int64)
    feedback = (10 ** (-3 * delays / (_SECONDS * sample_rate))).astype(np.float32)
    add_room(out, delays, feedback, _DAMPING, _PRE_DELAY, _LEVEL)


@njit(cache=True, nogil=True)
def _copy(source, into):
    # Numba's own assignment of slices is four times as slow as this loop.
    for i in range(len(source)):
        into[i] = source[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def add_room(stem, delays, feedback, damping, pre_delay, level):
    """Add a small room to ``stem`` (left, right, send × frames), in place.

    A feedback delay network of as many lines as ``delays`` has (frames; lines come in fours),
    mixed by a Householder reflection (J.-M. Jot 1991); ``feedback`` is each line's gain,
    ``damping`` 0 … 1 takes the treble out of the tail, odd lines go left and even ones right.
    """
    lines = len(delays)
    frames = stem.shape[1]
    longest = 0
    for k in range(lines):
        longest = max(longest, delays[k])
    memory = np.zeros((lines, longest), np.float32)
    heard = np.empty((lines, CHUNK), np.float32)
    total = np.empty(CHUNK, np.float32)
    low = np.zeros(lines, np.float32)
    share = np.float32(2.0 / lines)
    keep = np.float32(damping)
    new = np.float32(1.0 - damping)
    loud = np.float32(level)
    for begun in range(0, frames, CHUNK):
        count = min(CHUNK, frames - begun)
        for k in range(lines):
            place = begun % delays[k]
            first = min(count, delays[k] - place)
            _copy(memory[k, place : place + first], heard[k, :first])
            _copy(memory[k, : count - first], heard[k, first:count])
        for k in range(0, lines, 4):
            # Four at a time: each is a chain of its own, and the processor runs them side by side.
            h0, h1, h2, h3 = heard[k], heard[k + 1], heard[k + 2], heard[k + 3]
            y0, y1, y2, y3 = low[k], low[k + 1], low[k + 2], low[k + 3]
            f0, f1, f2, f3 = feedback[k], feedback[k + 1], feedback[k + 2], feedback[k + 3]
            for i in range(count):
                y0 = y0 * keep + h0[i] * new
                y1 = y1 * keep + h1[i] * new
                y2 = y2 * keep + h2[i] * new
                y3 = y3 * keep + h3[i] * new
                h0[i] = y0 * f0
                h1[i] = y1 * f1
                h2[i] = y2 * f2
                h3[i] = y3 * f3
            low[k], low[k + 1], low[k + 2], low[k + 3] = y0, y1, y2, y3
        total[:] = np.float32(0.0)
        for k in range(lines):
            line = heard[k]
            into = stem[0 if k & 1 else 1, begun : begun + count]
            for i in range(count):
                total[i] += line[i]
                into[i] += line[i] * loud
        for i in range(count):
            # The tiny constant keeps the tail out of denormal numbers, which are slow.
            total[i] = np.float32(1e-18) - total[i] * share
        late = min(count, max(0, pre_delay - begun))
        sent = stem[2, begun + late - pre_delay : begun + count - pre_delay]
        for i in range(count - late):
            total[late + i] += sent[i]
        for k in range(lines):
            line = heard[k]
            for i in range(count):
                line[i] += total[i]
            place = begun % delays[k]
            first = min(count, delays[k] - place)
            _copy(line[:first], memory[k, place : place + first])
            _copy(line[first:count], memory[k, : count - first])
