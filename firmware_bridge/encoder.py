"""Samples in, STATE frames out: what a glove does with its masks, many frames at once."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def encode_states(
    newest: NDArray[np.int64],
    stamps: NDArray[np.int64],
    first_sequence: int,
    flags: int,
    masks: NDArray[np.uint8],
    history: int,
    table: NDArray[np.uint16],
    out: NDArray[np.uint8],
    ends: NDArray[np.int64],
) -> int:
    """STATE frames, complete with CRC, COBS and zero, into ``out``; returns the bytes written.

    Frame i has its newest mask at ``masks[newest[i]]`` and ``history`` − 1 older ones before it,
    and the device time ``stamps[i]``; ``ends[i]`` becomes the index just after it.
    """
    size = history + 10
    frame = np.empty(size, np.uint8)
    position = 0
    for i in range(newest.size):
        sequence = (first_sequence + i) & 0xFFFF
        stamp = stamps[i] & 0xFFFFFFFF
        frame[0] = 1
        frame[1] = sequence & 0xFF
        frame[2] = sequence >> 8
        for k in range(4):
            frame[3 + k] = (stamp >> (8 * k)) & 0xFF
        frame[7] = flags
        for k in range(history):
            frame[8 + k] = masks[newest[i] - k]
        crc = 0xFFFF
        for k in range(size - 2):
            crc = ((crc << 8) & 0xFFFF) ^ table[(crc >> 8) ^ frame[k]]
        frame[size - 2] = crc & 0xFF
        frame[size - 1] = crc >> 8
        code = position
        position += 1
        for k in range(size):
            if frame[k] == 0:
                out[code] = position - code
                code = position
            else:
                out[position] = frame[k]
            position += 1
        out[code] = position - code
        out[position] = 0
        position += 1
        ends[i] = position
    return position
