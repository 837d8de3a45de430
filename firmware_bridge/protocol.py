"""The wire format GLV1 as data tables, and everything about one message derived from them.

A frame is COBS(payload + CRC-16, little-endian), then one zero byte. A payload begins with its
type. Everything is little-endian; payload and CRC together have at most 60 bytes. This module is
plain Python and handles one message at a time; long streams go through ``frames``.
"""

import binascii
import struct
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

#: The number a glove of this wire format gives in its HELLO.
PROTOCOL = 1

#: Payload and CRC together, at most.
MAX_PAYLOAD = 60

#: A COBS run of that payload: one byte more (overhead is one byte up to 254).
MAX_RUN = MAX_PAYLOAD + 1

#: Bytes of a STATE payload before its masks: type, sequence, device time, flags.
STATE_HEAD = 8

#: The longest history that fits: 60 − 8 head − 2 CRC.
MAX_HISTORY = MAX_PAYLOAD - STATE_HEAD - 2

#: Bits of a mask and of the flags that must be zero.
MASK_RESERVED = 0xE0
FLAGS_RESERVED = 0xC0

#: Flags of STATE.
FLAG_SCAN_OVERRUN, FLAG_QUEUE_DROP, FLAG_RECEIVE_ERROR, FLAG_RESET = 0x01, 0x02, 0x04, 0x08
FLAG_EPOCH_SHIFT = 4

#: Status of an ACK.
ACK_OK, ACK_BAD_LENGTH, ACK_BAD_VALUE, ACK_OVER_BANDWIDTH = 0, 1, 2, 3

#: Modes of STREAM.
STREAM_OFF, STREAM_ON, STREAM_EVENT = 0, 1, 2

#: RESET is carried out only with this word ("BOOT").
RESET_MAGIC = 0x544F4F42

#: A glove refuses a setting that would fill more of its line than this. (1 kHz × 16 bytes at
#: 115 200 is 139 %: it lost a third of its frames and fell 24 ms behind.)
MAX_LINE_USE = 0.80

#: How slowly and how fast a glove can scan.
SCAN_HZ_LEAST, SCAN_HZ_MOST = 100, 4_000

#: Bits on the line for one byte: a start bit, eight data bits, a stop bit.
BITS_PER_BYTE = 10

#: In event mode a frame comes on every change, and after this time without one.
EVENT_HEARTBEAT_US = 20_000

#: The line speeds a HELLO can name.
BAUD_CODES: dict[int, int] = {0: 115_200, 1: 500_000, 2: 1_000_000}


class State(NamedTuple):
    """Raw contact masks, newest first, one per scan period; ``device_us`` stamps the newest."""

    sequence: int
    device_us: int
    flags: int
    masks: bytes


class Hello(NamedTuple):
    """What a glove is and how it is set: at boot, every second, and on request."""

    protocol: int
    firmware_major: int
    firmware_minor: int
    electrodes: int
    history: int
    hop: int
    epoch: int
    baud_code: int
    reset_cause: int
    scan_hz: int
    boot_nonce: int
    serial_number: bytes


class Pong(NamedTuple):
    """The answer to PING: the host's token, and the device time at which it was answered."""

    tag: int
    token: int
    device_us: int


class Ack(NamedTuple):
    """The answer to a command: ``status`` is one of the ``ACK_…`` values."""

    tag: int
    command: int
    status: int


class Diag(NamedTuple):
    """Supply, the level on each electrode, and counters; once a second."""

    supply_mv: int
    adc: bytes
    scan_overruns: int
    queue_drops: int
    bad_commands: int
    resets: int


class AskHello(NamedTuple):
    """Please say HELLO."""


class Ping(NamedTuple):
    """Answered at once by PONG with the same tag and token."""

    tag: int
    token: int


class SetRate(NamedTuple):
    """Scan at ``scan_hz``, send every ``hop`` scans, with the last ``history`` masks."""

    tag: int
    scan_hz: int
    hop: int
    history: int


class Stream(NamedTuple):
    """Stop sending, send steadily, or send on change: one of the ``STREAM_…`` values."""

    tag: int
    mode: int


class Out(NamedTuple):
    """Show a cue (a light, a vibration) on the grips of ``mask`` for ``duration_ms``, ≤ 1 s."""

    tag: int
    mask: int
    level: int
    duration_ms: int


class Reset(NamedTuple):
    """Boot again; ``magic`` must be ``RESET_MAGIC``."""

    tag: int
    magic: int


Message = State | Hello | Pong | Ack | Diag | AskHello | Ping | SetRate | Stream | Out | Reset


@dataclass(frozen=True)
class Layout:
    """One row of the table: the type byte, the message, and its fields as ``struct`` codes."""

    code: int
    message: type[Message]
    fields: str

    @property
    def length(self) -> int:
        """Bytes of the payload, type included; for STATE without its masks."""
        return struct.calcsize("<B" + self.fields)


#: The wire format. STATE alone has a tail of variable length, its masks.
LAYOUTS: tuple[Layout, ...] = (
    Layout(0x01, State, "HIB"),
    Layout(0x02, Hello, "9BHH8s"),
    Layout(0x03, Pong, "BII"),
    Layout(0x04, Ack, "BBB"),
    Layout(0x05, Diag, "H5s4H"),
    Layout(0x81, AskHello, ""),
    Layout(0x82, Ping, "BI"),
    Layout(0x83, SetRate, "BHBB"),
    Layout(0x84, Stream, "BB"),
    Layout(0x85, Out, "BBBH"),
    Layout(0x86, Reset, "BI"),
)

BY_TYPE: dict[int, Layout] = {layout.code: layout for layout in LAYOUTS}
BY_MESSAGE: dict[type[Message], Layout] = {layout.message: layout for layout in LAYOUTS}

#: Types below this one go from the glove to the host.
FIRST_COMMAND = 0x80


def encode(message: Message) -> bytes:
    """The payload of ``message``: type and fields, without CRC.

    Raises ValueError if a field does not fit or a STATE has no masks or more than fit.
    """
    layout = BY_MESSAGE[type(message)]
    fields = tuple(message)
    tail = b""
    if isinstance(message, State):
        fields, tail = fields[:-1], message.masks
        if not 1 <= len(tail) <= MAX_HISTORY:
            raise ValueError(f"a STATE has 1 to {MAX_HISTORY} masks, not {len(tail)}")
    try:
        return struct.pack("<B" + layout.fields, layout.code, *fields) + tail
    except struct.error as error:
        raise ValueError(f"{message} does not fit the wire: {error}") from None


def decode(payload: bytes) -> Message:
    """The message in ``payload`` (without CRC).

    Raises ValueError for an unknown type, a wrong length, or a reserved bit that is set.
    """
    layout = BY_TYPE.get(payload[0]) if payload else None
    if layout is None:
        raise ValueError(f"unknown message {payload.hex(' ') or '(empty)'}")
    head = payload[: layout.length]
    tail = payload[layout.length :]
    is_state = layout.message is State
    if len(head) != layout.length or (len(tail) > 0) != is_state or len(tail) > MAX_HISTORY:
        raise ValueError(f"{layout.message.__name__} has a wrong length, {len(payload)} bytes")
    fields = struct.unpack("<B" + layout.fields, head)[1:]
    if layout.message is not State:
        message: Message = layout.message(*fields)
        return message
    sequence, device_us, flags = fields
    if flags & FLAGS_RESERVED or any(mask & MASK_RESERVED for mask in tail):
        raise ValueError("a reserved bit is set")
    return State(sequence, device_us, flags, tail)


def crc16(data: bytes) -> int:
    """CRC-16/IBM-3740 (polynomial 1021, start FFFF); of ``b"123456789"`` it is 29B1."""
    return binascii.crc_hqx(data, 0xFFFF)


def crc_table() -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    """The CRC of each of the 256 bytes from a register of zero, for the kernels. Shape (256,)."""
    return np.array([binascii.crc_hqx(bytes([byte]), 0) for byte in range(256)], np.uint16)


def cobs(data: bytes) -> bytes:
    """``data`` without zeros (Consistent Overhead Byte Stuffing); at most 254 bytes."""
    if len(data) > 254:
        raise ValueError(f"a frame of {len(data)} bytes is too long")
    return b"".join(bytes([len(run) + 1]) + run for run in data.split(b"\0"))


def uncobs(run: bytes) -> bytes:
    """The bytes that ``cobs`` turned into ``run``; raises ValueError if there are none."""
    out = bytearray()
    position = 0
    while position < len(run):
        code = run[position]
        block = run[position + 1 : position + code]
        if code == 0 or 0 in block or len(block) != code - 1:
            raise ValueError("the run ends early or holds a zero")
        if position:
            out.append(0)
        out += block
        position += code
    return bytes(out)


def frame(payload: bytes) -> bytes:
    """The bytes on the wire for ``payload``, the closing zero included."""
    return cobs(payload + crc16(payload).to_bytes(2, "little")) + b"\0"


def unframe(run: bytes) -> bytes:
    """The payload of one run between zeros; raises ValueError if length or CRC are wrong."""
    if len(run) > MAX_RUN:
        raise ValueError(f"a run of {len(run)} bytes is too long")
    data = uncobs(run)
    if len(data) < 3:
        raise ValueError(f"a frame of {len(data)} bytes is too short")
    payload, check = data[:-2], int.from_bytes(data[-2:], "little")
    if crc16(payload) != check:
        raise ValueError("the CRC is wrong")
    return payload


class Splitter:
    """Commands out of bytes in any chunks, as a glove hears them.

    Bytes before the first zero count as one run, so a host opens with a zero of its own.
    """

    def __init__(self) -> None:
        self._run = bytearray()
        self._heard_a_zero = False
        #: Runs that were no frame; what comes before the first zero is no error.
        self.refused = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads of the frames that ended in ``data``. Never raises."""
        payloads = []
        *ended, rest = data.split(b"\0")
        for part in ended:
            run = bytes(self._run) + part
            self._run.clear()
            counts, self._heard_a_zero = self._heard_a_zero, True
            if not run:
                continue
            try:
                payloads.append(unframe(run))
            except ValueError:
                self.refused += counts
        # One byte more than a run may have is kept, enough to know that it is too long.
        self._run += rest[: MAX_RUN + 1 - len(self._run)]
        return payloads


@dataclass(frozen=True)
class Profile:
    """A way to run a glove: line speed, scan rate, scans per frame, masks per frame."""

    name: str
    baud: int
    scan_hz: int
    hop: int
    history: int

    @property
    def frame_bytes(self) -> int:
        """Bytes on the wire for one STATE frame."""
        return state_bytes(self.history)

    @property
    def frames_per_s(self) -> float:
        """STATE frames in a second."""
        return self.scan_hz / self.hop

    @property
    def line_use(self) -> float:
        """The share of the line that STATE frames fill, 0 to 1."""
        return line_use(self.scan_hz, self.hop, self.history, self.baud)

    @property
    def frames_covered(self) -> int:
        """How many frames in a row may be lost before a scan is unseen."""
        return self.history // self.hop - 1


def state_bytes(history: int) -> int:
    """Bytes on the wire for a STATE with ``history`` masks: head, CRC, COBS byte and zero."""
    return STATE_HEAD + history + 2 + 1 + 1


def line_use(scan_hz: int, hop: int, history: int, baud: int) -> float:
    """The share of a line of ``baud`` bits/s that STATE frames fill (above 1: it cannot work)."""
    return scan_hz / hop * state_bytes(history) * BITS_PER_BYTE / baud


def rate_status(scan_hz: int, hop: int, history: int, baud: int) -> int:
    """What a glove answers to SET_RATE with these settings: one of the ``ACK_…`` values.

    It refuses what it cannot scan, what would leave scans untold (a hop above the history), and
    what would fill too much of its line. In whole numbers, as the firmware reckons.
    """
    if not SCAN_HZ_LEAST <= scan_hz <= SCAN_HZ_MOST or not 1 <= hop <= history <= MAX_HISTORY:
        return ACK_BAD_VALUE
    asked = state_bytes(history) * BITS_PER_BYTE * scan_hz
    most = baud // 100 * round(100 * MAX_LINE_USE) * hop
    return ACK_OVER_BANDWIDTH if asked > most else ACK_OK


def wire_us(byte_count: int, baud: int) -> int:
    """How long ``byte_count`` bytes are on the line, in µs, rounded up."""
    return -(-byte_count * BITS_PER_BYTE * 1_000_000 // baud)


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("standard", 500_000, 4_000, 4, 8),
        Profile("safe", 500_000, 1_000, 1, 4),
        Profile("fast", 1_000_000, 2_000, 1, 4),
        Profile("lite", 115_200, 1_000, 2, 4),
    )
}
STANDARD = PROFILES["standard"]

#: Speeds a glove's line may have, in the order in which they are tried: most are built for the
#: first; the second is for adapters that cannot do it.
SPEEDS = (STANDARD.baud, PROFILES["lite"].baud, PROFILES["fast"].baud)
