"""Plain-Python twins of the kernels: slow, structured differently, and the oracle in the tests."""

import binascii
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# -- frames ---------------------------------------------------------------------------------------

_LENGTHS = {0x02: 22, 0x03: 10, 0x04: 4, 0x05: 16}


class SlowlyDecoded(NamedTuple):
    """Samples (device µs, mask, unbroken), frames (device µs, restart), payloads, counters."""

    samples: list[tuple[int, int, int]]
    frames: list[tuple[int, int]]
    messages: list[bytes]
    counters: dict[str, int]


def _unstuff(run: bytes) -> bytes | None:
    blocks = []
    while run:
        length = run[0]
        if length > len(run):
            return None
        blocks.append(run[1:length])
        run = run[length:]
    return b"\0".join(blocks)


def decode_slowly(stream: bytes) -> SlowlyDecoded:
    """Decode a whole stream at once, split at its zeros."""
    counters: Counter[str] = Counter()
    samples: list[tuple[int, int, int]] = []
    frames: list[tuple[int, int]] = []
    messages: list[bytes] = []
    hello: dict[str, int] | None = None
    nonce: int | None = None
    before: tuple[int, int] | None = None  # sequence and unwrapped time of the frame before

    runs = stream.split(b"\0")
    for index, run in enumerate(runs):
        last = index == len(runs) - 1
        if not run or (last and len(run) <= 61):
            continue
        if index == 0 and last:
            continue

        def refuse(why: str, counted: bool = index > 0) -> None:
            counters[why] += counted

        data = _unstuff(run) if len(run) <= 61 else None
        if data is None or len(data) < 3:
            refuse("bad_length")
            continue
        payload = data[:-2]
        if binascii.crc_hqx(payload, 0xFFFF) != int.from_bytes(data[-2:], "little"):
            refuse("bad_crc")
            continue
        kind = payload[0]
        if kind in _LENGTHS:
            if len(payload) != _LENGTHS[kind]:
                refuse("bad_length")
                continue
            if kind == 2:
                said = {
                    "protocol": payload[1],
                    "history": payload[5],
                    "hop": payload[6],
                    "epoch": payload[7],
                    "scan_hz": int.from_bytes(payload[10:12], "little"),
                }
                possible = 1 <= said["history"] <= 50 and said["hop"] and said["scan_hz"]
                if not possible or said["epoch"] > 3:
                    refuse("bad_value")
                    continue
                if said["protocol"] == 1:
                    boot = int.from_bytes(payload[12:14], "little")
                    if hello is not None and boot != nonce:
                        before = None
                    hello, nonce = said, boot
                else:
                    hello = None
            counters["messages"] += 1
            messages.append(payload)
            continue
        if kind != 1:
            counters["unknown"] += 1
            continue
        masks = payload[8:]
        if not 1 <= len(masks) <= 50:
            refuse("bad_length")
            continue
        flags = payload[7]
        if flags > 0x3F or max(masks) > 0x1F:
            refuse("bad_value")
            continue
        if hello is None or flags >> 4 != hello["epoch"]:
            counters["unmatched"] += 1
            continue
        if len(masks) != hello["history"]:
            refuse("bad_length")
            continue
        counters["frames"] += 1
        sequence = int.from_bytes(payload[1:3], "little")
        stamp = int.from_bytes(payload[3:7], "little")
        hz = hello["scan_hz"]
        ages = [(k * 1_000_000 + hz // 2) // hz for k in range(max(2, len(masks)))]
        step = 0
        if before is not None:
            step = (stamp - before[1]) % 2**32
            if step == 0:
                continue
            if step >= 2**31:
                before = None
        time = stamp if before is None else before[1] + step
        unbroken = False
        if before is not None:
            lost = (sequence - before[0] - 1) % 2**16
            unbroken = lost == 0
            if lost:
                counters["gaps"] += 1
                counters["missing"] += lost
                if time - ages[len(masks) - 1] <= before[1] + 1.5 * ages[1]:
                    counters["repaired"] += 1
                    unbroken = True
        frames.append((time, int(before is None)))
        history = [(time - ages[k], masks[k]) for k in reversed(range(len(masks)))]
        if before is not None:
            history = [row for row in history if row[0] > before[1] + ages[1] / 2]
        for n, (when, mask) in enumerate(history):
            samples.append((when, mask, int(unbroken or n > 0)))
        before = (sequence, time)
    return SlowlyDecoded(samples, frames, messages, dict(counters))


# -- contacts -------------------------------------------------------------------------------------


@dataclass
class _Electrode:
    """One electrode; times in µs, edges appended to the list that all share."""

    grip: int
    edges: list[tuple[int, int, bool]]
    confirm: int
    together: int
    release: int
    unblock: int
    stuck: int
    state: str = "blocked"
    was_closed: bool = False
    open_for: int = 0
    touches: list[int] = field(default_factory=list)  # samples of a pending touch
    contact: int = 0
    pressed_at: int = 0
    opened_at: int = 0

    def restart(self, released_at: int, closed: bool) -> None:
        if self.state == "pressed":
            self.edges.append((released_at, self.grip, False))
        self.state = "blocked"
        self.open_for = 0
        self.touches = []
        self.was_closed = closed

    def sample(self, time: int, closed: bool, seen: int, unbroken: bool) -> None:
        if self.state == "open":
            self.open(time, closed, seen, unbroken)
        else:
            getattr(self, self.state)(time, closed, seen)
        self.was_closed = closed

    def blocked(self, time: int, closed: bool, seen: int) -> None:
        if closed:
            return
        self.open_for = 0 if self.was_closed else self.open_for + seen
        if self.open_for >= self.unblock:
            self.state = "open"
            self.touches = []

    def open(self, time: int, closed: bool, seen: int, unbroken: bool) -> None:
        apart = not (closed and self.was_closed)
        if self.touches and apart and time - self.touches[-1] > self.together:
            self.touches = []
        if not closed:
            return
        if not self.touches:
            self.contact = 0
        self.touches.append(time)
        # A touch that was first seen behind a hole may have begun just then.
        first = min(seen, self.confirm if unbroken else 1)
        self.contact += seen if self.was_closed else first
        if self.contact > self.confirm:
            self.state = "pressed"
            self.pressed_at = self.touches[0]
            self.edges.append((self.pressed_at, self.grip, True))

    def pressed(self, time: int, closed: bool, seen: int) -> None:
        if closed:
            if time - self.pressed_at >= self.stuck:
                self.edges.append((time, self.grip, False))
                self.state = "blocked"
            return
        if self.was_closed:
            self.opened_at = time
            self.open_for = 0
        else:
            self.open_for += seen
        if self.open_for > self.release:
            self.edges.append((self.opened_at, self.grip, False))
            self.state = "open"
            self.touches = []


class SlowContacts:
    """The state machine of docs/glove-protocol.md, an object per electrode."""

    def __init__(
        self,
        *,
        confirm: int = 1_000,
        together: int = 5_000,
        release: int = 25_000,
        unblock: int = 20_000,
        stuck: int = 8_000_000,
        event_mode: bool = False,
    ) -> None:
        self.edges: list[tuple[int, int, bool]] = []
        self._electrodes = [
            _Electrode(grip, self.edges, confirm, together, release, unblock, stuck)
            for grip in range(5)
        ]
        self._credit = 20_000 if event_mode else 3_000
        self._last: int | None = None

    def feed(self, rows: list[tuple[int, int, int]]) -> None:
        for time, mask, unbroken in rows:
            last = self._last
            if last is not None and time <= last:
                continue
            self._last = time
            if last is None or time - last > 250_000:
                for e in self._electrodes:
                    e.restart(0 if last is None else last, bool(mask >> e.grip & 1))
                continue
            seen = min(time - last, self._credit if unbroken else 3_000)
            for e in self._electrodes:
                e.sample(time, bool(mask >> e.grip & 1), seen, bool(unbroken))

    @property
    def earliest(self) -> int:
        assert self._last is not None
        pending = []
        for e in self._electrodes:
            if e.state != "open" or not e.touches:
                continue
            if e.was_closed or self._last - e.touches[-1] < e.together:
                pending.append(e.touches[0])
        return min([self._last + 1, *pending])


def detect_slowly(
    device_us: NDArray[np.int64], mask: NDArray[np.uint8], unbroken: NDArray[np.uint8]
) -> list[tuple[int, int, bool]]:
    """The edges of these samples with the standard settings: (device µs, grip, down)."""
    contacts = SlowContacts()
    rows = zip(device_us.tolist(), mask.tolist(), unbroken.tolist(), strict=True)
    contacts.feed(list(rows))
    return contacts.edges
