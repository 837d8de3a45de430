"""A virtual glove on a pseudo-terminal: a device that any program can open as a serial port.

POSIX only; ``available()`` tells. The bytes leave in real time, as the device sends them.
"""

import errno
import os
import select
import threading
import time
from array import array
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from firmware_bridge.device import Burst, Device

try:
    import fcntl
    import termios
    import tty
except ImportError:  # Windows
    _AVAILABLE = False
else:
    _AVAILABLE = hasattr(os, "openpty") and hasattr(select, "poll")

#: How long the device sleeps between two looks at its clock: one frame of the standard profile.
TICK_S = 0.001

_READ_BYTES = 4096


def available() -> bool:
    """Whether this platform has pseudo-terminals."""
    return _AVAILABLE


class PtyGlove:
    """Runs ``device`` on a pseudo-terminal whose other end is ``path``.

    While nobody has the port open, frames are thrown away, as a line without a listener does; a
    pseudo-terminal would keep 3–4 s of them and hand them to the next reader as if they were new.
    A reader that does not keep up loses frames, never part of one.

    ``on_sent(burst, frames)`` is told after every write how many frames of the burst have left in
    full, to a port that somebody has open.
    """

    def __init__(
        self,
        device: Device,
        clock: Callable[[], int],
        *,
        on_sent: Callable[[Burst, int], None] | None = None,
    ) -> None:
        self._device = device
        self._clock = clock
        self._on_sent = on_sent
        #: Guards the device and its actor: hold it to cue the actor from another thread.
        self.lock = threading.Lock()
        self._master, reader = os.openpty()
        try:
            # Raw before anybody opens it: a pseudo-terminal begins with echo, and would send the
            # glove's own frames back to it as commands.
            tty.setraw(reader)
            self.path = os.ttyname(reader)
            fcntl.fcntl(self._master, fcntl.F_SETFL, os.O_NONBLOCK)
        finally:
            # Only after a first open and close does the master tell that nobody is there.
            os.close(reader)
        self._poll = select.poll()
        self._poll.register(self._master, select.POLLIN)
        self._reader_was_there = False
        self._rest = b""  # what is still to be sent of a frame that was begun

    def step(self, wait_s: float = TICK_S) -> None:
        """Wait for commands for at most ``wait_s``, answer them, and send what is due."""
        ready = self._poll.poll(wait_s * 1000)
        reader = not (ready and ready[0][1] & select.POLLHUP)
        if not reader:
            # POLLHUP comes back at once, so the wait has to be made here.
            time.sleep(wait_s)
        if reader != self._reader_was_there:
            self._reader_was_there = reader
            self._rest = b""
            if reader:
                with self.lock:
                    self._device.say_hello()
            else:
                self._forget_unread()
        commands = self._read() if reader else b""
        now = self._clock()
        with self.lock:
            if commands:
                self._device.receive(commands, now)
            burst = self._device.advance(now)
        if reader and burst.data:
            self._send(burst)

    def run(self, stop: Callable[[], bool]) -> None:
        """Step until ``stop()`` is true."""
        while not stop():
            self.step()

    def drain(self, timeout_s: float) -> None:
        """Wait until a reader has taken what was sent, at most ``timeout_s``.

        What is still in a pseudo-terminal when it is closed is lost.
        """
        if not self._reader_was_there:
            return
        reader = os.open(self.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            until = time.monotonic() + timeout_s
            waiting = array("i", [1])
            while waiting[0] and time.monotonic() < until:
                fcntl.ioctl(reader, termios.FIONREAD, waiting)
                time.sleep(TICK_S)
        finally:
            os.close(reader)

    def close(self) -> None:
        """Unplug: the port disappears. Not while another thread is in :meth:`step`."""
        os.close(self._master)

    def _read(self) -> bytes:
        try:
            return os.read(self._master, _READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno == errno.EIO:  # the reader has just gone
                return b""
            raise

    def _send(self, burst: Burst) -> None:
        data = self._rest + burst.data
        boundaries = np.concatenate(([0], burst.ends)) + len(self._rest)
        try:
            written = os.write(self._master, data)
        except BlockingIOError:
            written = 0
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            written = 0
        # A reader that does not keep up: what was begun is finished later, the rest is dropped.
        begun = int(np.searchsorted(boundaries, written))
        self._rest = data[written : boundaries[begun]]
        frames = begun - (1 if self._rest else 0)
        with self.lock:
            self._device.mark_dropped(burst.ends.size - begun)
        if self._on_sent is not None and frames > 0:
            self._on_sent(burst, frames)

    def _forget_unread(self) -> None:
        """Throw away what the reader left unread.

        From the reader's side: flushing the master empties the kernel's queue, but leaves the
        last 4 kB in the line discipline.
        """
        with suppress(OSError, termios.error):
            reader = os.open(self.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                termios.tcflush(reader, termios.TCIOFLUSH)
            finally:
                os.close(reader)
