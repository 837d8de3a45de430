"""A glove's line with everything that decides its edges: bytes both ways, silence, unplugging.

A link in real time and the replay of a recording go through this in the same way, so what was
recorded replays to the same edges.
"""

from contextlib import suppress
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from firmware_bridge import protocol
from firmware_bridge.protocol import Ping, Pong, wire_us
from firmware_bridge.reception import Heard, HostEdge, Reception

#: Bytes of a PONG and of a PING on the wire.
_PONG_BYTES = len(protocol.frame(protocol.encode(Pong(1, 1, 1))))
_PING_BYTES = len(protocol.frame(protocol.encode(Ping(1, 1))))
_PING = protocol.BY_MESSAGE[Ping].code


class Tap(Protocol):
    """Is told everything that happens on the line, as it happens; must not take long."""

    def received(self, data: bytes, ends: NDArray[np.int64], arrivals: NDArray[np.int64]) -> None:
        """Bytes came, as in :meth:`Reception.receive`."""

    def sent(self, data: bytes, host_us: int) -> None:
        """Bytes were sent."""

    def silent(self, host_us: int) -> None:
        """Nothing was heard for too long."""

    def unplugged(self, host_us: int) -> None:
        """The port is gone."""

    def reopened(self, host_us: int) -> None:
        """The port was opened again."""

    def retuned(self, baud: int) -> None:
        """The line is heard at another speed from now on; what was received so far was noise."""


class Conversation:
    """What is said on one line of ``baud`` bits/s, and what is known from it."""

    def __init__(self, baud: int, tap: Tap | None = None) -> None:
        self._baud = baud
        self._tap = tap
        self.reception = Reception(baud)
        #: Whether what was heard once is not heard any more.
        self.lost = False
        #: When the last frame came before it was lost, host time; None while it is heard.
        self.lost_since_us: int | None = None
        self._said = protocol.Splitter()
        self._pings: dict[int, int] = {}  # token -> host time of sending

    def received(
        self, data: bytes, ends: NDArray[np.int64], arrivals: NDArray[np.int64]
    ) -> tuple[list[HostEdge], list[Heard]]:
        """Take bytes in, as :meth:`Reception.receive` does."""
        if self._tap is not None:
            self._tap.received(data, ends, arrivals)
        before = self.reception.counters.frames
        edges, heard = self.reception.receive(data, ends, arrivals)
        for message, arrival_us in heard:
            if isinstance(message, Pong):
                asked = self._pings.pop(message.token, None)
                if asked is not None:
                    self.reception.clock.bound(
                        self.reception.unwrap(message.device_us),
                        asked + wire_us(_PING_BYTES, self._baud),
                        arrival_us - wire_us(_PONG_BYTES, self._baud),
                    )
        if self.reception.counters.frames != before:
            self.lost, self.lost_since_us = False, None
        return edges, heard

    def sent(self, data: bytes, host_us: int) -> None:
        """``data`` leaves for the glove at ``host_us``; the PONG to a PING bounds its clock."""
        if self._tap is not None:
            self._tap.sent(data, host_us)
        for payload in self._said.feed(data):
            if payload[0] == _PING:
                with suppress(ValueError):  # in a recording anything may stand
                    message = protocol.decode(payload)
                    if isinstance(message, Ping):
                        self._pings = {message.token: host_us}

    def silent(self, host_us: int) -> list[HostEdge]:
        """No frame has come for long: what was pressed is released."""
        if self._tap is not None:
            self._tap.silent(host_us)
        if self.reception.ready:
            self._lose(host_us)
        return self.reception.lose()

    def unplugged(self, host_us: int) -> list[HostEdge]:
        """The port is gone: what was pressed is released."""
        if self._tap is not None:
            self._tap.unplugged(host_us)
        self._lose(host_us)
        self._pings.clear()
        return self.reception.lose()

    def _lose(self, host_us: int) -> None:
        if not self.lost:
            last = self.reception.last_frame_us
            self.lost, self.lost_since_us = True, host_us if last is None else last

    def reopened(self, host_us: int) -> list[HostEdge]:
        """The port was opened anew, perhaps on another glove."""
        if self._tap is not None:
            self._tap.reopened(host_us)
        return self.reception.reconnect()

    @property
    def link(self) -> str:
        """How well the glove is heard, as in ``Health.link``."""
        if self.lost:
            return "lost"
        if not self.reception.ready:
            return "waiting"
        return "degraded" if self.reception.degraded else "ok"

    @property
    def settled_us(self) -> int | None:
        """No press before this will still come; None: follow the host's clock."""
        return None if self.lost else self.reception.settled_us
