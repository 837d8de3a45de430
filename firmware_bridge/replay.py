"""Plays a recording: the same bytes at the same distances in time, through the same decoder."""

from collections.abc import Callable

import numpy as np

from firmware_bridge.conversation import Conversation
from firmware_bridge.health import Health, health_of
from firmware_bridge.reception import LOST_US, HostEdge
from firmware_bridge.recording import Event, Kind, Recording


class Replay:
    """A glove's edges once more, from :meth:`begin` on; cues mean nothing to it.

    Everything is worked out in the times of the recording, and the edges are moved by a whole
    number of microseconds at the end: so they are the same to the microsecond, whenever, however
    often, and however finely they are asked for. What was heard before song time 0 is taken in at
    once, so that the clock and the open hand are known.

    ``margin_us`` is how far behind the present presses are settled while nothing is heard.
    """

    def __init__(self, recording: Recording, clock: Callable[[], int], margin_us: int) -> None:
        self._recording = recording
        self._clock = clock
        self._margin_us = margin_us
        self._shift_us: int | None = None  # from the recording's time to the present's
        self._start_over()

    def _start_over(self) -> None:
        self._conversation = Conversation(self._recording.baud)
        self._next = 0
        self._late = 0  # mask: grips whose last press came too late to be told

    def begin(self, host_us: int) -> None:
        """Song time 0 is at ``host_us``: the recording starts, from its beginning."""
        self._shift_us = host_us - self._recording.begun_us
        self._start_over()

    def take(self) -> tuple[list[HostEdge], int | None]:
        """The edges up to the present, and the settled time (None: follow the clock)."""
        if self._shift_us is None:
            return [], None
        shift, events = self._shift_us, self._recording.events
        now = self._clock() - shift
        edges: list[HostEdge] = []
        while self._next < len(events) and events[self._next].host_us <= now:
            event = events[self._next]
            self._next += 1
            unsettled = self._conversation.settled_us is None
            for edge in self._hear(event):
                bit = 1 << edge.grip
                # While nothing was heard, time was let go on: as in the session that was recorded,
                # a press from before that comes too late.
                if edge.down and unsettled and edge.time_us < event.host_us - self._margin_us:
                    self._late |= bit
                elif not edge.down and self._late & bit:
                    self._late &= ~bit
                else:
                    edges.append(edge._replace(time_us=edge.time_us + shift))
        settled = None if self._ended(now) else self._conversation.settled_us
        return edges, None if settled is None else settled + shift

    def when_decided(self, listener: Callable[[list[HostEdge]], None]) -> None:
        """Not told: the edges of a recording were decided long ago."""

    def _hear(self, event: Event) -> list[HostEdge]:
        conversation = self._conversation
        match event.kind:
            case Kind.RECEIVED:
                size, arrival = len(event.data), event.host_us
                edges, _ = conversation.received(
                    event.data, np.array([size], np.int64), np.array([arrival], np.int64)
                )
                return edges
            case Kind.SILENT:
                return conversation.silent(event.host_us)
            case Kind.UNPLUGGED:
                return conversation.unplugged(event.host_us)
            case Kind.REOPENED:
                return conversation.reopened(event.host_us)
            case _:
                conversation.sent(event.data, event.host_us)
                return []

    def _ended(self, now: int) -> bool:
        return now > self._recording.events[-1].host_us + LOST_US

    def health(self) -> Health:
        """How the glove that was recorded did; ``link`` is "none" before it and after it."""
        if self._shift_us is None:
            return Health(link="none")
        now = self._clock() - self._shift_us
        link = "none" if self._ended(now) else self._conversation.link
        return health_of(self._conversation.reception, link, now)

    def cue(self, host_us: int, grip: int) -> None:
        """What was recorded is done."""

    def cancel_cues(self) -> None:
        """What was recorded is done."""

    def close(self) -> None:
        """There is nothing to let go of."""
