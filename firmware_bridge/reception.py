"""Wire bytes with their arrival in, edges in host time out: decoder, contacts and clock together.

Everything is decided by the bytes and by when each arrived, so it does not matter in what chunks
they are handed in, or how often anybody looks. A real port and a virtual glove are both read
through this.
"""

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.contacts import BLOCKED, Contacts, ContactSettings, DeviceEdges
from firmware_bridge.device_clock import BROKEN, CLOSED, DeviceClock
from firmware_bridge.edges import GRIP_COUNT
from firmware_bridge.frames import Counters, Decoder
from firmware_bridge.protocol import Diag, Hello, Message, decode, state_bytes, wire_us
from firmware_bridge.signs import Signs

#: No frame for this long: the link is lost, and everything is released.
LOST_US = 250_000

#: More than this share of bad frames in a second: the link is degraded.
DEGRADED_SHARE = 0.05
_DEGRADED_OVER_US = 1_000_000
_DEGRADED_STEP_US = 100_000

_LONG_AGO = -(1 << 62)


class HostEdge(NamedTuple):
    """A press or a release of ``grip`` at ``time_us`` in host time."""

    time_us: int
    grip: int
    down: bool


class Heard(NamedTuple):
    """A message that is not STATE: what it says, when it arrived."""

    message: Message
    arrival_us: int


class Reception:
    """One glove's bytes -> edges in host time, messages, and how well it is heard.

    ``baud`` is the line speed, for the time that a frame is known to be on the wire.
    """

    def __init__(self, baud: int, settings: ContactSettings | None = None) -> None:
        self._baud = baud
        self._decoder = Decoder()
        self._contacts = Contacts(settings)
        self.clock = DeviceClock()
        self.hello: Hello | None = None
        self.diag: Diag | None = None
        self.last_frame_us: int | None = None  #: arrival of the newest STATE frame
        self.degraded = False
        self.signs = Signs()
        self._tallies: deque[tuple[int, int, int]] = deque()  # (arrival, good, refused)
        self._waiting: list[DeviceEdges] = []  # decided before the clock was known
        self._told_us = [_LONG_AGO] * GRIP_COUNT  # each grip's last edge, in host time
        self._half_scan_us = 0
        self._since_us: int | None = None  # arrival of the first frame since all started anew
        self._settled: int | None = None

    def receive(
        self, data: bytes, ends: NDArray[np.int64], arrivals: NDArray[np.int64]
    ) -> tuple[list[HostEdge], list[Heard]]:
        """Take bytes in; returns the edges they decided and the messages they held.

        Byte k arrived at ``arrivals[j]`` of the first ``ends[j]`` > k; both (n,), int64,
        increasing. A press may come after one that is dated later, but none before
        :attr:`settled_us`; a release never comes before its press.
        """
        decoded = self._decoder.feed(data)
        heard = []
        for payload, end in decoded.messages:
            message = decode(payload)
            if isinstance(message, Hello):
                self.hello = message
                self._half_scan_us = 500_000 // max(message.scan_hz, 1)
            elif isinstance(message, Diag):
                self.diag = message
            j = min(int(np.searchsorted(ends, end)), ends.size - 1)
            heard.append(Heard(message, int(arrivals[j])))
        edges: list[HostEdge] = []
        frames = decoded.frame_us.size
        wire = wire_us(state_bytes(self._decoder.history), self._baud)
        first = 0
        while first < frames:
            if decoded.frame_restart[first]:
                edges += self._start_anew(restarted=True)
            stop, why = self.clock.gather(
                decoded.frame_us,
                decoded.frame_end,
                decoded.frame_restart,
                first,
                ends,
                arrivals,
                wire,
            )
            if stop > first:
                if self._since_us is None:
                    j = int(np.searchsorted(ends, decoded.frame_end[first]))
                    self._since_us = int(arrivals[min(j, ends.size - 1)])
                begin, end = decoded.frame_sample[first], decoded.frame_sample[stop]
                self._waiting.append(
                    self._contacts.feed(
                        decoded.device_us[begin:end],
                        decoded.mask[begin:end],
                        decoded.unbroken[begin:end],
                    )
                )
                edges += self._mapped()
            if why == BROKEN or (why == CLOSED and not self.clock.close_bucket()):
                edges += self._start_anew(restarted=True)
            first = stop
        if frames:
            edges += self._mapped()
            self.last_frame_us = int(arrivals[-1])
            earliest = self._contacts.earliest_us
            if self.clock.ready and earliest is not None:
                self._settled = self._dated(earliest)
            else:
                self._settled = self._since_us
        self.signs.presses((edge.time_us, edge.grip) for edge in edges if edge.down)
        for item in heard:
            if isinstance(item.message, Diag):
                self.signs.levels(item.message.adc, self._contacts.closed_mask)
        if ends.size:
            self._look_around(int(arrivals[-1]))
        return edges, heard

    def lose(self) -> list[HostEdge]:
        """No frame has come for long: everything is released, and the clock starts anew.

        The clock as well, because a device that slept comes back with a clock that stood still,
        and its frames would pass for very late ones. What only was late is told apart (see
        ``device_clock``).
        """
        self.last_frame_us = None
        return self._start_anew(restarted=False, same_time=True)

    def reconnect(self) -> list[HostEdge]:
        """The port was opened anew, perhaps on another glove: wait for its HELLO again."""
        edges = self._start_anew(restarted=True)
        self.clock.reset()
        self._decoder.reconnect()
        self.hello = self.diag = self.last_frame_us = None
        self.signs.reset()
        return edges

    def unwrap(self, stamp: int) -> int:
        """A 32-bit device time of about now, unwrapped."""
        return self._decoder.unwrap(stamp)

    @property
    def ready(self) -> bool:
        """Whether a pinch would be an edge: HELLO, clock and the open hand have been seen."""
        return self.clock.ready and self._contacts.ready

    @property
    def settled_us(self) -> int | None:
        """No press before this host time will still come; None while no frame was heard.

        Until the clock is known it stands still where the first frame came: what is pressed
        meanwhile will be told, and an open hand has to be seen for 20 ms before that can be.
        """
        return self._settled

    @property
    def counters(self) -> Counters:
        """What the decoder has seen."""
        return self._decoder.counters

    @property
    def closed_mask(self) -> int:
        """The contacts closed in the newest sample."""
        return self._contacts.closed_mask

    @property
    def stuck_mask(self) -> int:
        """The contacts closed for 8 s, or for 3 s ever since they were first seen."""
        return self._contacts.stuck_mask | self.signs.held_mask

    @property
    def states(self) -> tuple[int, ...]:
        """The state of each electrode, as in ``contacts``."""
        return self._contacts.states

    @property
    def newest_sample_us(self) -> int | None:
        """Host time of the newest sample; None while not :attr:`ready`."""
        last = self._contacts.last_us
        return self.clock.host_us(last) if self.clock.ready and last is not None else None

    def _start_anew(self, *, restarted: bool, same_time: bool = False) -> list[HostEdge]:
        self._waiting.append(self._contacts.lose(restarted=restarted))
        self.clock.conclude()
        edges = self._mapped()
        self._waiting.clear()
        self.clock.reset(same_glove=True, same_time=same_time)
        self._since_us = self._settled = None
        return edges

    def _mapped(self) -> list[HostEdge]:
        """What waits, in host time, as soon as the clock is known."""
        if not self.clock.ready:
            return []
        waiting, self._waiting = self._waiting, []
        mapped = []
        for edges in waiting:
            for device_us, grip, down in zip(
                edges.device_us.tolist(), edges.grip.tolist(), edges.down.tolist(), strict=True
            ):
                # A clock that started anew may date it before what was told of this grip already.
                time_us = max(self._dated(device_us), self._told_us[grip])
                self._told_us[grip] = time_us
                mapped.append(HostEdge(time_us, grip, down))
        return mapped

    def _dated(self, device_us: int) -> int:
        """The host time of a change that the sample at ``device_us`` was the first to show.

        It lies anywhere between that sample and the one before: in the middle, on average.
        """
        return self.clock.host_us(device_us) - self._half_scan_us

    def _look_around(self, now_us: int) -> None:
        """Ten times a second: how well the glove is heard, and what has never opened."""
        tallies = self._tallies
        if tallies and now_us - tallies[-1][0] < _DEGRADED_STEP_US:
            return
        counters = self._decoder.counters
        tallies.append((now_us, counters.good, counters.refused))
        while len(tallies) > 2 and now_us - tallies[1][0] >= _DEGRADED_OVER_US:
            tallies.popleft()
        good = tallies[-1][1] - tallies[0][1]
        refused = tallies[-1][2] - tallies[0][2]
        self.degraded = refused > DEGRADED_SHARE * (good + refused)
        closed = self._contacts.closed_mask
        blocked = sum(1 << e for e, state in enumerate(self._contacts.states) if state == BLOCKED)
        self.signs.never_opened(closed & blocked, now_us)
