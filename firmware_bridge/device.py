"""What a glove's firmware does, without the hardware: contacts in, wire bytes out.

It scans on its own clock, which runs at its own rate, sends the frames a glove would send, and
answers commands. The bytes then go the same way as those of a real glove.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from firmware_bridge import protocol
from firmware_bridge.faults import Faults
from firmware_bridge.protocol import STANDARD, Profile, wire_us
from firmware_bridge.virtual import Actor, Contact

#: How far a virtual glove's clock is off, and what it shows at first: it wraps after 50 s, so that
#: every song passes through a wrap.
SKEW_PPM = 500
BOOT_US = (1 << 32) - 50_000_000

#: A command that comes again with its tag within this time is answered again, but not carried out
#: again: three tries are 100 ms apart.
REPEAT_US = 350_000

_HELLO_EVERY_US = 1_000_000


class Burst(NamedTuple):
    """Frames in the order they leave: ``data``, and for each frame three int64 (n,).

    ``ends`` is the index just after it in ``data``, ``arrivals`` the host time at which its last
    byte has left, ``sampled_us`` the host time of its newest sample (−1: not a STATE).
    """

    data: bytes
    ends: NDArray[np.int64]
    arrivals: NDArray[np.int64]
    sampled_us: NDArray[np.int64]


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


_CRC_TABLE = protocol.crc_table()


class Device:
    """A glove's firmware on a clock of its own, worn by ``actor`` from host time ``start_us`` on.

    ``advance(until_us)`` gives the frames that have left by then. What leaves, and when, depends
    on the actor and the commands alone, not on the steps in which time advances.

    ``on_out(mask, host_us)`` is called when an OUT message shows a cue. ``faults`` are what is
    wrong with its electrodes.
    """

    def __init__(
        self,
        actor: Actor,
        start_us: int,
        profile: Profile = STANDARD,
        *,
        skew_ppm: int = SKEW_PPM,
        boot_us: int = BOOT_US,
        boot_nonce: int = 1,
        serial_number: bytes = b"VIRTUAL1",
        on_out: Callable[[int, int], None] | None = None,
        faults: Faults | None = None,
    ) -> None:
        self._actor = actor
        self._baud = profile.baud
        self._rate = 1 + skew_ppm / 1e6  # device µs in a host µs
        self._start_us = start_us
        self._boot_us = boot_us
        self._boot_nonce = boot_nonce
        self._serial_number = serial_number
        self._on_out = on_out
        self._faults = faults or Faults()
        self._scan_hz, self._hop, self._history = profile.scan_hz, profile.hop, profile.history
        self._mode = protocol.STREAM_ON
        self._epoch = 0
        self._origin_us = 0.0  # device time since boot of scan 0 at this setting
        self._slot = 0  # frame slots passed at this setting; a slot is `hop` scans
        self._sequence = 0
        self._dropped = False
        self._recent = np.zeros(protocol.MAX_HISTORY, np.uint8)  # the newest masks
        self._touching: list[Contact] = []
        self._silent_us = 0  # event mode: since the last frame
        self._hello_us = float(_HELLO_EVERY_US)  # device time since boot of the next HELLO
        self._diag_us = _HELLO_EVERY_US / 2
        self._line_free_us = start_us  # when the line has carried all that was sent
        self._replies: deque[bytes] = deque()
        self._commands = protocol.Splitter()
        self._bad_commands = 0
        self._queue_drops = 0
        self._done: dict[tuple[int, int], tuple[int, int]] = {}  # (type, tag) -> (time, status)
        self._replies.append(b"\0" + protocol.frame(protocol.encode(self._hello())))

    # -- frames out ---------------------------------------------------------------------------

    def advance(self, until_us: int) -> Burst:
        """All that has left by ``until_us`` (host time) and was not returned yet."""
        parts: list[bytes] = []
        ends: list[NDArray[np.int64]] = []
        arrivals: list[NDArray[np.int64]] = []
        sampled: list[NDArray[np.int64]] = []
        length = 0
        while True:
            if self._replies:
                # One message goes between two STATE frames, where the line is free.
                reply = self._replies[0]
                arrival = self._line_free_us + wire_us(len(reply), self._baud)
                if arrival > until_us:
                    break
                self._replies.popleft()
                parts.append(reply)
                length += len(reply)
                ends.append(np.array([length], np.int64))
                arrivals.append(np.array([arrival], np.int64))
                sampled.append(np.array([-1], np.int64))
            burst = self._states(until_us)
            if burst is None:
                break
            if burst.ends.size:
                parts.append(burst.data)
                ends.append(burst.ends + length)
                arrivals.append(burst.arrivals)
                sampled.append(burst.sampled_us)
                length += len(burst.data)
        if len(parts) == 1:
            return Burst(parts[0], ends[0], arrivals[0], sampled[0])
        if not parts:
            none = np.empty(0, np.int64)
            return Burst(b"", none, none, none)
        return Burst(
            b"".join(parts),
            np.concatenate(ends),
            np.concatenate(arrivals),
            np.concatenate(sampled),
        )

    def _states(self, until_us: int) -> Burst | None:
        """The STATE frames up to ``until_us`` or the next message; None: no slot is due."""
        wire = wire_us(protocol.state_bytes(self._history), self._baud)
        slots = self._slots_until(until_us - wire) - self._slot
        if slots <= 0:
            return None
        if self._replies:
            slots = 1
        # Up to and with the slot after which the next HELLO or DIAG is due.
        due = min(self._hello_us, self._diag_us) - self._origin_us
        slot_us = 1e6 * self._hop / self._scan_hz
        slots = min(slots, max(1, int(due / slot_us) - self._slot + 1))

        first_scan = self._slot * self._hop
        since_boot = self._origin_us + np.arange(
            first_scan, first_scan + slots * self._hop, dtype=np.float64
        ) * (1e6 / self._scan_hz)
        host = self._host_of(since_boot)
        masks = self._masks(host)
        newest = np.arange(self._hop - 1, slots * self._hop, self._hop)
        self._slot += slots
        self._line_free_us = int(host[-1]) + wire
        window = np.concatenate((self._recent, masks))
        self._recent = window[-protocol.MAX_HISTORY :]
        passed = float(since_boot[-1])
        if passed >= self._hello_us:
            self._hello_us += _HELLO_EVERY_US
            self._reply(self._hello())
        if passed >= self._diag_us:
            self._diag_us += _HELLO_EVERY_US
            self._reply(self._diag())
        if self._mode == protocol.STREAM_OFF:
            newest = newest[:0]
        elif self._mode == protocol.STREAM_EVENT:
            newest = newest[self._eventful(window, slots)]
        sampled = host[newest]
        stamps = self._boot_us + np.rint(since_boot[newest]).astype(np.int64)
        out = np.empty(newest.size * protocol.state_bytes(self._history), np.uint8)
        ends = np.empty(newest.size, np.int64)
        flags = self._epoch << protocol.FLAG_EPOCH_SHIFT
        if self._dropped and newest.size:
            flags |= protocol.FLAG_QUEUE_DROP
            self._dropped = False
        encode_states(
            newest + protocol.MAX_HISTORY,
            stamps,
            self._sequence,
            flags,
            window,
            self._history,
            _CRC_TABLE,
            out,
            ends,
        )
        self._sequence = (self._sequence + newest.size) & 0xFFFF
        return Burst(out.tobytes(), ends, sampled + wire, sampled)

    def _host_of(self, since_boot: NDArray[np.float64]) -> NDArray[np.int64]:
        return self._start_us + np.rint(since_boot / self._rate).astype(np.int64)

    def _slots_until(self, host_us: int) -> int:
        """How many slots have their newest sample at or before ``host_us``."""
        since_origin = (host_us - self._start_us) * self._rate - self._origin_us
        slots = int(since_origin * self._scan_hz / 1e6 / self._hop) + 2
        while slots > 0 and self._newest_host(slots) > host_us:
            slots -= 1
        return slots

    def _newest_host(self, slots: int) -> int:
        """Host time of the newest sample of slot ``slots`` − 1, as in `_states`."""
        since_boot = self._origin_us + float(slots * self._hop - 1) * (1e6 / self._scan_hz)
        return self._start_us + round(since_boot / self._rate)

    def _masks(self, host: NDArray[np.int64]) -> NDArray[np.uint8]:
        """What the electrodes read at these host times."""
        masks = np.zeros(host.size, np.uint8)
        last = int(host[-1])
        self._touching += self._actor.contacts(last + 1)
        if self._touching:
            for contact in self._touching:
                begin, end = np.searchsorted(host, (contact.start_us, contact.end_us))
                masks[begin:end] |= 1 << contact.grip
            self._touching = [contact for contact in self._touching if contact.end_us > last]
        return self._faults.readings[masks]

    def _eventful(self, window: NDArray[np.uint8], slots: int) -> NDArray[np.bool_]:
        """Event mode: the slots with a change in them, or with none for 20 ms."""
        changed = np.diff(window[protocol.MAX_HISTORY - 1 :]) != 0
        keep: NDArray[np.bool_] = changed.reshape(slots, self._hop).any(axis=1)
        slot_us = round(1e6 * self._hop / self._scan_hz)
        for slot in range(slots):
            self._silent_us += slot_us
            if self._silent_us + slot_us > protocol.EVENT_HEARTBEAT_US:
                keep[slot] = True
            if keep[slot]:
                self._silent_us = 0
        return keep

    def mark_dropped(self, frames: int) -> None:
        """``frames`` of what was returned never left: the next flags and DIAG say so."""
        if frames:
            self._dropped = True
            self._queue_drops += frames

    # -- messages -----------------------------------------------------------------------------

    def receive(self, data: bytes, host_us: int) -> None:
        """Hear commands, in chunks of any size; replies leave with the next frames."""
        for payload in self._commands.feed(data):
            self._hear(payload, host_us)

    def say_hello(self) -> None:
        """Send HELLO with the next frames."""
        self._reply(self._hello())

    def _hear(self, payload: bytes, host_us: int) -> None:
        layout = protocol.BY_TYPE.get(payload[0])
        if layout is None or layout.code < protocol.FIRST_COMMAND:
            self._bad_commands += 1
            return
        try:
            message = protocol.decode(payload)
        except ValueError:
            self._bad_commands += 1
            if len(payload) > 1:
                self._reply(protocol.Ack(payload[1], layout.code, protocol.ACK_BAD_LENGTH))
            return
        if isinstance(message, protocol.AskHello):
            self._reply(self._hello())
            return
        if isinstance(message, protocol.Ping):
            device_us = round((host_us - self._start_us) * self._rate) + self._boot_us
            self._reply(protocol.Pong(message.tag, message.token, device_us & 0xFFFFFFFF))
            return
        tag = payload[1]
        known = self._done.get((layout.code, tag))
        if known is not None and host_us - known[0] < REPEAT_US:
            status = known[1]
        else:
            status = self._carry_out(message, host_us)
            self._done[layout.code, tag] = (host_us, status)
        self._bad_commands += status != protocol.ACK_OK
        self._reply(protocol.Ack(tag, layout.code, status))
        if isinstance(message, protocol.SetRate) and status == protocol.ACK_OK:
            self._reply(self._hello())

    def _carry_out(self, message: protocol.Message, host_us: int) -> int:
        """Do what a command asks; returns the status of its ACK."""
        match message:
            case protocol.SetRate(_, scan_hz, hop, history):
                if not (scan_hz and hop and 1 <= history <= protocol.MAX_HISTORY):
                    return protocol.ACK_BAD_VALUE
                use = protocol.line_use(scan_hz, hop, history, self._baud)
                if use > protocol.MAX_LINE_USE:
                    return protocol.ACK_OVER_BANDWIDTH
                self._origin_us += self._slot * self._hop * 1e6 / self._scan_hz
                self._slot = 0
                self._scan_hz, self._hop, self._history = scan_hz, hop, history
                self._epoch = (self._epoch + 1) & 3
                self._recent[:] = self._recent[-1]
            case protocol.Stream(_, mode):
                if mode not in (
                    protocol.STREAM_OFF,
                    protocol.STREAM_ON,
                    protocol.STREAM_EVENT,
                ):
                    return protocol.ACK_BAD_VALUE
                self._mode = mode
            case protocol.Out(_, mask, _, _):
                if mask & protocol.MASK_RESERVED:
                    return protocol.ACK_BAD_VALUE
                if self._on_out is not None:
                    self._on_out(mask, host_us)
            case protocol.Reset(_, magic):
                if magic != protocol.RESET_MAGIC:
                    return protocol.ACK_BAD_VALUE
                self._boot_nonce = (self._boot_nonce + 1) & 0xFFFF
                self._sequence = 0
                self._boot_us = -round((host_us - self._start_us) * self._rate)
                self._reply(self._hello())
        return protocol.ACK_OK

    def _hello(self) -> protocol.Hello:
        code = next(code for code, baud in protocol.BAUD_CODES.items() if baud == self._baud)
        return protocol.Hello(
            protocol=protocol.PROTOCOL,
            firmware_major=0,
            firmware_minor=1,
            electrodes=5,
            history=self._history,
            hop=self._hop,
            epoch=self._epoch,
            baud_code=code,
            reset_cause=0,
            scan_hz=self._scan_hz,
            boot_nonce=self._boot_nonce,
            serial_number=self._serial_number,
        )

    def _diag(self) -> protocol.Diag:
        levels = self._faults.levels(int(self._recent[-1]))
        return protocol.Diag(
            5_000, levels, 0, self._queue_drops & 0xFFFF, self._bad_commands & 0xFFFF, 0
        )

    def _reply(self, message: protocol.Message) -> None:
        self._replies.append(protocol.frame(protocol.encode(message)))
