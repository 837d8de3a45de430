"""Markers for a clinic's own stimulator or amplifier: one byte per target and per press.

A target's byte leaves when the target is due, a press's as soon as the press is known. They are
letters, so that any terminal shows them, and none is a control character that a line with software
flow control would swallow:

    grip      index  middle  ring  little  key
    target    i      m       r     l       k
    press     I      M       R     L       K

They say *when*, and nothing else: what a device does with them is the clinic's. Griptune itself
never drives current into anybody.
"""

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from heapq import heappop, heappush

import numpy as np
import serial

from firmware_bridge.host_clock import host_us as host_clock
from firmware_bridge.ports import PORT_ERRORS
from game.play.conductor import GloveLike

TARGET_BYTES = b"imrlk"  #: in code order
PRESS_BYTES = b"IMRLK"

BAUD = 115_200

#: A marker that could not be sent within this time is not sent at all: one at the wrong time is
#: worse than none.
LATE_US = 50_000

_WRITE_TIMEOUT_S = 0.05
_OPEN_EVERY_S = 2.0

_CANNOT_OPEN: tuple[type[Exception], ...] = (*PORT_ERRORS, ValueError, OverflowError)


class Markers:
    """A serial line for markers, and the thread that writes to it.

    No method waits or raises: a port that is not there, goes away or takes nothing is told by
    :attr:`trouble` and tried again every two seconds. Times are ``clock``'s, in µs.
    """

    def __init__(
        self, port: str, baud: int = BAUD, *, clock: Callable[[], int] = host_clock
    ) -> None:
        self._path = port
        self._baud = baud
        self._clock = clock
        self._port: serial.Serial | None = None
        self._due: list[tuple[int, int, bool, int]] = []  # (when, order, is a target, byte)
        self._order = itertools.count()
        self._trouble: str | None = None
        self._stop = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="markers", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str | None:
        """Why no markers are sent, as a sentence for the screen; None if all is well."""
        return self._trouble

    def target(self, host_us: int, grip: int) -> None:
        """A target of ``grip`` is due at ``host_us``."""
        self._add(host_us, True, TARGET_BYTES[grip])

    def press(self, host_us: int, grip: int) -> None:
        """``grip`` was pressed at ``host_us``, which has just become known."""
        self._add(host_us, False, PRESS_BYTES[grip])

    def cancel(self) -> None:
        """The targets that are not due yet will not come."""
        with self._changed:
            self._due = [marker for marker in self._due if not marker[2]]
            self._due.sort()

    def close(self) -> None:
        """Stop, and let go of the port. Idempotent."""
        with self._changed:
            self._stop = True
            self._changed.notify()
        self._thread.join(1.0)

    def _add(self, host_us: int, is_target: bool, byte: int) -> None:
        with self._changed:
            heappush(self._due, (host_us, next(self._order), is_target, byte))
            self._changed.notify()

    # The thread

    def _run(self) -> None:
        while not self._stop:
            if self._port is None and not self._open():
                with self._changed:
                    self._changed.wait_for(lambda: self._stop, _OPEN_EVERY_S)
                continue
            data = self._wait_for_due()
            if data:
                self._write(data)
        if self._port is not None:
            with suppress(*PORT_ERRORS):
                self._port.close()

    def _wait_for_due(self) -> bytes:
        with self._changed:
            if not self._due and not self._stop:
                self._changed.wait()
            now = self._clock()
            if self._due and self._due[0][0] > now and not self._stop:
                self._changed.wait((self._due[0][0] - now) / 1e6)
                now = self._clock()
            out = bytearray()
            while self._due and self._due[0][0] <= now:
                host_us, _, _, byte = heappop(self._due)
                if now - host_us <= LATE_US:
                    out.append(byte)
            return bytes(out)

    def _open(self) -> bool:
        try:
            self._port = serial.Serial(
                self._path, self._baud, write_timeout=_WRITE_TIMEOUT_S, exclusive=True
            )
        except _CANNOT_OPEN:
            self._trouble = (
                f"No markers are sent: the serial port {self._path} cannot be opened. "
                "Is the device plugged in, and no other program using it?"
            )
            return False
        self._trouble = None
        return True

    def _write(self, data: bytes) -> None:
        assert self._port is not None
        try:
            self._port.write(data)
        except serial.SerialTimeoutException:
            self._trouble = f"No markers are sent: the device on {self._path} takes none."
        except PORT_ERRORS:
            self._trouble = f"No markers are sent: the device on {self._path} is gone."
            with suppress(*PORT_ERRORS):
                self._port.close()
            self._port = None
        else:
            self._trouble = None


class MarkedGlove:
    """``glove``, whose targets and presses go to ``markers`` as well."""

    def __init__(self, glove: GloveLike, markers: Markers) -> None:
        self._glove = glove
        self._markers = markers
        self._playing = False

    def begin(self, host_us: int) -> None:
        """Song time 0 is at ``host_us``; what was pressed before belongs to the menus."""
        self._glove.begin(host_us)
        self._playing = True

    def poll(self) -> tuple[np.ndarray, int]:
        """The glove's edges; every press among them is marked."""
        edges, settled_us = self._glove.poll()
        if self._playing:
            for edge in edges[edges["down"]]:
                self._markers.press(int(edge["time_us"]), int(edge["grip"]))
        return edges, settled_us

    def cue(self, host_us: int, grip: int) -> None:
        """A target of ``grip`` is due at ``host_us``."""
        self._glove.cue(host_us, grip)
        self._markers.target(host_us, grip)

    def cancel_cues(self) -> None:
        """Cues that have not been given yet are not wanted any more."""
        self._glove.cancel_cues()
        self._markers.cancel()
