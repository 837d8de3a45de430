"""A byte stream in, samples out: the streaming decoder of GLV1.

Bytes may come in any chunks; what comes out does not depend on how they were cut. No byte
sequence raises. What is refused is counted, and the stream finds its way back at the next zero.

One call of the kernel sees whole runs (the bytes between two zeros); the few bytes of a run that
is not finished are carried to the next call by :class:`Decoder`. Decoding byte by byte with the
state kept in between was simpler to chunk and half as fast.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from firmware_bridge.protocol import (
    BY_TYPE,
    FIRST_COMMAND,
    FLAG_EPOCH_SHIFT,
    FLAGS_RESERVED,
    MASK_RESERVED,
    MAX_HISTORY,
    MAX_RUN,
    PROTOCOL,
    STATE_HEAD,
    State,
    crc_table,
)

# The decoder's memory, by index.
_FIRST_RUN = 0  # no zero has been seen yet
_SKIPPING = 1  # inside a run that is too long
_KNOWN = 2  # a HELLO has been seen
_EPOCH = 3
_HISTORY = 4
_SCAN_HZ = 5
_NONCE = 6
_RUNNING = 7  # a STATE has been taken since the last (re)start
_SEQUENCE = 8
_TIME_US = 9  # unwrapped device time of the newest sample
_STATE_SIZE = 10

# Parameters of the wire, by index (passed in: a cached kernel would not notice them change).
_PARAMETERS = np.array(
    [MAX_RUN, STATE_HEAD, MAX_HISTORY, MASK_RESERVED, FLAGS_RESERVED, FLAG_EPOCH_SHIFT, PROTOCOL],
    np.int64,
)

# Payload lengths with CRC by type; 0 unknown, -1 the variable STATE.
_LENGTHS = np.zeros(256, np.int64)
for _layout in BY_TYPE.values():
    if _layout.code < FIRST_COMMAND:
        _LENGTHS[_layout.code] = -1 if _layout.message is State else _layout.length + 2

_CRC_TABLE = crc_table()


class Counters(NamedTuple):
    """What the decoder has seen since it was made."""

    frames: int  #: STATE frames taken
    messages: int  #: HELLO, PONG, ACK and DIAG taken
    bad_crc: int  #: refused: wrong CRC
    bad_length: int  #: refused: too long, too short, or not the length its type has
    bad_value: int  #: refused: a reserved bit set, or a HELLO with settings that cannot be
    unknown: int  #: good CRC, unknown type: ignored
    unmatched: int  #: STATE without a HELLO of its epoch: ignored
    gaps: int  #: places where sequence numbers are missing
    missing: int  #: frames missing there
    repaired: int  #: gaps that the history of the next frame covered

    @property
    def refused(self) -> int:
        """Frames refused, for whatever reason."""
        return self.bad_crc + self.bad_length + self.bad_value

    @property
    def good(self) -> int:
        """Frames that arrived whole, whether they could be used or not."""
        return self.frames + self.messages + self.unknown + self.unmatched


_FRAMES, _MESSAGES, _BAD_CRC, _BAD_LENGTH, _BAD_VALUE = 0, 1, 2, 3, 4
_UNKNOWN, _UNMATCHED, _GAPS, _MISSING, _REPAIRED = 5, 6, 7, 8, 9


class Decoded(NamedTuple):
    """What one chunk brought.

    Samples (n,): ``device_us`` int64 unwrapped, ``mask`` uint8, ``unbroken`` uint8 (0 where a
    frame is missing between this sample and the one before it).
    Within a run of the device the times never step back, and each scan comes once.
    Frames (m,): ``frame_us`` int64, device time of the newest sample; ``frame_sample`` int64
    (m + 1,), where its samples begin; ``frame_end`` int64, the index in the chunk just after its
    closing zero; ``frame_restart`` uint8, 1 if the device started anew before it.
    ``messages``: payloads of HELLO, PONG, ACK and DIAG, each with its ``end`` in the chunk.
    """

    device_us: NDArray[np.int64]
    mask: NDArray[np.uint8]
    unbroken: NDArray[np.uint8]
    frame_us: NDArray[np.int64]
    frame_sample: NDArray[np.int64]
    frame_end: NDArray[np.int64]
    frame_restart: NDArray[np.uint8]
    messages: list[tuple[bytes, int]]


@njit(cache=True)
def _decode_runs(
    data: NDArray[np.uint8],
    carried: int,
    memory: NDArray[np.int64],
    offsets: NDArray[np.int64],
    counters: NDArray[np.int64],
    parameters: NDArray[np.int64],
    lengths: NDArray[np.int64],
    table: NDArray[np.uint16],
    times: NDArray[np.int64],
    masks: NDArray[np.uint8],
    links: NDArray[np.uint8],
    frame_us: NDArray[np.int64],
    frame_sample: NDArray[np.int64],
    frame_end: NDArray[np.int64],
    frame_restart: NDArray[np.uint8],
    message_bytes: NDArray[np.uint8],
    message_bounds: NDArray[np.int64],
) -> tuple[int, int, int, int]:
    """Decode every whole run in ``data``, whose first ``carried`` bytes came with earlier chunks.

    Returns (bytes used, samples, frames, messages); outputs are filled from their beginning.
    """
    max_run, head, max_history = parameters[0], parameters[1], parameters[2]
    mask_reserved, flags_reserved = parameters[3], parameters[4]
    epoch_shift, protocol = parameters[5], parameters[6]
    payload = np.empty(max_run + 1, np.uint8)
    size = data.size
    samples = 0
    frames = 0
    messages = 0
    stored = 0
    start = 0
    end = 0
    while True:
        while end < size and data[end] != 0:
            end += 1
        if end == size:
            break
        run_start, run_length = start, end - start
        end += 1
        start = end
        counted = 1 - memory[_FIRST_RUN]  # bytes before the first zero are no error
        memory[_FIRST_RUN] = 0
        if memory[_SKIPPING] != 0:
            memory[_SKIPPING] = 0
            continue
        if run_length == 0:
            continue
        if run_length > max_run:
            counters[_BAD_LENGTH] += counted
            continue

        # COBS, undone into payload[:length].
        length = 0
        i = run_start
        run_end = run_start + run_length
        whole = True
        while i < run_end:
            block_end = i + data[i]
            if block_end > run_end:
                whole = False
                break
            i += 1
            while i < block_end:
                payload[length] = data[i]
                length += 1
                i += 1
            if i < run_end:
                payload[length] = 0
                length += 1
        if not whole or length < 3:
            counters[_BAD_LENGTH] += counted
            continue

        crc = 0xFFFF
        for i in range(length - 2):
            crc = ((crc << 8) & 0xFFFF) ^ table[(crc >> 8) ^ payload[i]]
        if crc != payload[length - 2] + 256 * payload[length - 1]:
            counters[_BAD_CRC] += counted
            continue

        kind = payload[0]
        expected = lengths[kind]
        if expected == 0:
            counters[_UNKNOWN] += 1
            continue
        if expected > 0:
            if length != expected:
                counters[_BAD_LENGTH] += counted
                continue
            if kind == 2:  # HELLO; offsets as in protocol.Hello
                history, hop, epoch = payload[5], payload[6], payload[7]
                scan_hz = payload[10] + 256 * payload[11]
                nonce = payload[12] + 256 * payload[13]
                if history < 1 or history > max_history or hop < 1 or epoch > 3 or scan_hz < 1:
                    counters[_BAD_VALUE] += counted
                    continue
                if payload[1] == protocol:
                    if memory[_KNOWN] != 0 and memory[_NONCE] != nonce:
                        memory[_RUNNING] = 0
                    if memory[_SCAN_HZ] != scan_hz:
                        for k in range(max_history + 1):
                            offsets[k] = (k * 1_000_000 + scan_hz // 2) // scan_hz
                    memory[_KNOWN] = 1
                    memory[_EPOCH] = epoch
                    memory[_HISTORY] = history
                    memory[_SCAN_HZ] = scan_hz
                    memory[_NONCE] = nonce
                else:
                    memory[_KNOWN] = 0
            counters[_MESSAGES] += 1
            message_bounds[messages, 0] = stored
            for i in range(length - 2):
                message_bytes[stored] = payload[i]
                stored += 1
            message_bounds[messages, 1] = stored
            message_bounds[messages, 2] = end - carried
            messages += 1
            continue

        # STATE.
        history = length - head - 2
        if history < 1 or (length - 2) > (head + max_history):
            counters[_BAD_LENGTH] += counted
            continue
        flags = payload[7]
        reserved = flags & flags_reserved
        for i in range(history):
            reserved |= payload[head + i] & mask_reserved
        if reserved != 0:
            counters[_BAD_VALUE] += counted
            continue
        if memory[_KNOWN] == 0 or memory[_EPOCH] != ((flags >> epoch_shift) & 3):
            counters[_UNMATCHED] += 1
            continue
        if history != memory[_HISTORY]:
            counters[_BAD_LENGTH] += counted
            continue
        sequence = payload[1] + 256 * payload[2]
        stamp = payload[3] + 256 * (payload[4] + 256 * (payload[5] + 256 * payload[6]))
        last = memory[_TIME_US]
        step = (stamp - last) & 0xFFFFFFFF
        if step >= 0x80000000:  # time runs back: the device started anew
            memory[_RUNNING] = 0
        fresh = memory[_RUNNING] == 0
        counters[_FRAMES] += 1
        if not fresh and step == 0:
            continue  # the same frame again
        time = stamp if fresh else last + step
        unbroken = 0
        if not fresh:
            lost = (sequence - memory[_SEQUENCE] - 1) & 0xFFFF
            if lost == 0:
                unbroken = 1
            else:
                counters[_GAPS] += 1
                counters[_MISSING] += lost
                # Covered if the oldest mask is at most one scan after the newest we had.
                if 2 * (time - offsets[history - 1] - last) <= 3 * offsets[1]:
                    counters[_REPAIRED] += 1
                    unbroken = 1
        frame_us[frames] = time
        frame_sample[frames] = samples
        frame_end[frames] = end - carried
        frame_restart[frames] = 1 if fresh else 0
        frames += 1
        for k in range(history - 1, -1, -1):
            sampled = time - offsets[k]
            # Half a period of tolerance: a scan that was seen already may be stamped a few
            # microseconds apart in two frames.
            if fresh or 2 * (sampled - last) > offsets[1]:
                times[samples] = sampled
                masks[samples] = payload[head + k]
                links[samples] = unbroken
                unbroken = 1
                samples += 1
        memory[_RUNNING] = 1
        memory[_SEQUENCE] = sequence
        memory[_TIME_US] = time

    if memory[_SKIPPING] != 0:
        start = size
    elif size - start > max_run:
        counters[_BAD_LENGTH] += 1 - memory[_FIRST_RUN]
        memory[_SKIPPING] = 1
        start = size
    frame_sample[frames] = samples
    return start, samples, frames, messages


class Decoder:
    """Bytes in any chunks -> samples, frames and messages. See the module's text."""

    def __init__(self) -> None:
        self._counters = np.zeros(len(Counters._fields), np.int64)
        self.reconnect()

    def reconnect(self) -> None:
        """The line was interrupted: begin anew with the next byte. The counters go on."""
        self._memory = np.zeros(_STATE_SIZE, np.int64)
        self._memory[_FIRST_RUN] = 1
        self._offsets = np.zeros(MAX_HISTORY + 1, np.int64)
        self._carry = b""

    def feed(self, chunk: bytes) -> Decoded:
        """Decode what ``chunk`` completes. Never raises, whatever the bytes."""
        carried = len(self._carry)
        data = self._carry + chunk if carried else chunk
        size = len(data)
        # One mask is one payload byte, so there are never more samples than bytes.
        times = np.empty(size, np.int64)
        masks = np.empty(size, np.uint8)
        links = np.empty(size, np.uint8)
        most = size // (STATE_HEAD + 4) + 1
        frame_us = np.empty(most, np.int64)
        frame_sample = np.empty(most + 1, np.int64)
        frame_end = np.empty(most, np.int64)
        frame_restart = np.empty(most, np.uint8)
        message_bytes = np.empty(size, np.uint8)
        message_bounds = np.empty((size // 5 + 1, 3), np.int64)
        used, samples, frames, messages = _decode_runs(
            np.frombuffer(data, np.uint8),
            carried,
            self._memory,
            self._offsets,
            self._counters,
            _PARAMETERS,
            _LENGTHS,
            _CRC_TABLE,
            times,
            masks,
            links,
            frame_us,
            frame_sample,
            frame_end,
            frame_restart,
            message_bytes,
            message_bounds,
        )
        self._carry = data[used:]
        return Decoded(
            times[:samples],
            masks[:samples],
            links[:samples],
            frame_us[:frames],
            frame_sample[: frames + 1],
            frame_end[:frames],
            frame_restart[:frames],
            [
                (message_bytes[first:last].tobytes(), int(end))
                for first, last, end in message_bounds[:messages].tolist()
            ],
        )

    @property
    def counters(self) -> Counters:
        """What has been seen so far."""
        return Counters(*self._counters.tolist())

    @property
    def history(self) -> int:
        """Masks per frame as the last HELLO said; 0 before the first."""
        return int(self._memory[_HISTORY])

    def unwrap(self, stamp: int) -> int:
        """A 32-bit device time near the newest sample (before or after it), unwrapped."""
        last = int(self._memory[_TIME_US])
        step = (stamp - last) & 0xFFFFFFFF
        return last + step - (1 << 32 if step >= 1 << 31 else 0)
