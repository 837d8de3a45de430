"""A glove on a serial port that is not there: for trying, and for testing whole programs.

It streams like a glove, answers like a glove, and pinches whenever OUT asks it to.
"""

import os
import random
from collections.abc import Callable
from heapq import heappop, heappush
from pathlib import Path
from typing import Protocol

from firmware_bridge import pty_glove
from firmware_bridge.device import Burst, Device
from firmware_bridge.edges import GRIP_COUNT
from firmware_bridge.errors import GloveError
from firmware_bridge.faults import parse_faults
from firmware_bridge.host_clock import host_us as host_clock
from firmware_bridge.pty_glove import PtyGlove
from firmware_bridge.virtual import MIN_OPEN_US, Contact

#: A frame whose newest sample is this long after the contact began shows a whole history (8 masks
#: over 1.75 ms) of it: whoever reads it knows of the press.
_CERTAIN_US = 2_000

#: How long a reader may take to read the last frames before the port goes.
_DRAIN_S = 0.5


class Stop(Protocol):
    """Tells when to stop; a ``threading.Event`` will do."""

    def is_set(self) -> bool:
        """Whether it is time."""


class _ObedientHand:
    """Pinches what OUT shows, and counts the pinches that left the port in full."""

    def __init__(self, seed: int, success: float, jitter_us: float, dwell_us: int) -> None:
        self._random = random.Random(seed)
        self._success = success
        self._jitter_us = jitter_us
        self._dwell_us = dwell_us
        self._waiting: list[Contact] = []
        self._uncounted: list[Contact] = []
        self._free_us = [0] * GRIP_COUNT
        self._told_us = 0
        self.presses = [0] * GRIP_COUNT

    def show(self, mask: int, host_us: int) -> None:
        """OUT has come for the grips of ``mask``."""
        for grip in range(GRIP_COUNT):
            if not mask >> grip & 1:
                continue
            presses = self._random.random() < self._success
            delay = round(abs(self._random.gauss(0.0, 1.0)) * self._jitter_us)
            if presses:
                start = max(host_us + delay, self._free_us[grip], self._told_us)
                end = start + self._dwell_us
                self._free_us[grip] = end + MIN_OPEN_US
                heappush(self._waiting, Contact(start, end, grip))

    def cue(self, at_us: int, grip: int) -> None:
        """Cues come as OUT messages."""

    def contacts(self, until_us: int) -> list[Contact]:
        """The contacts that begin before ``until_us`` and were not returned yet, by start."""
        self._told_us = until_us
        told = []
        while self._waiting and self._waiting[0].start_us < until_us:
            told.append(heappop(self._waiting))
        self._uncounted += told
        return told

    def sent(self, burst: Burst, frames: int) -> None:
        """These frames of the burst have left the port in full."""
        if not self._uncounted or not frames:
            return
        sampled = burst.sampled_us[:frames]
        newest = int(sampled[-1]) if sampled[-1] >= 0 else int(sampled.max())
        left = []
        for contact in self._uncounted:
            shown = (sampled >= contact.start_us + _CERTAIN_US) & (sampled < contact.end_us)
            if shown.any():
                self.presses[contact.grip] += 1
            elif newest < contact.end_us:
                left.append(contact)
        self._uncounted = left


def simulate(
    link: Path,
    stop: Stop,
    *,
    seed: int = 0,
    success: float = 1.0,
    jitter_ms: float = 0.0,
    dwell_ms: float = 120.0,
    fault: str = "",
    clock: Callable[[], int] = host_clock,
    started: Callable[[str], None] | None = None,
) -> tuple[int, ...]:
    """Be a glove on a serial port at ``link`` until ``stop.is_set()``; returns presses per grip.

    ``link`` becomes a symbolic link to a pseudo-terminal, which programs open as
    ``serial:LINK``, one after the other. It runs at the standard profile and answers commands as
    firmware does. On OUT it presses each grip of the mask, with probability ``success``, after
    |N(0, ``jitter_ms``)|, for ``dwell_ms``. A press counts when frames that show it beyond doubt
    have left the port while somebody had it open, so the counts are what a reader finds (of a
    glove without a ``fault``, which is named as in ``faults``). ``started`` is told the name of
    the terminal once the port can be opened.

    Raises GloveError if ``link`` cannot be made, there is no such fault, or this platform has no
    pseudo-terminals.
    """
    if not pty_glove.available():
        raise GloveError("a simulated glove needs pseudo-terminals, which this system has not")
    hand = _ObedientHand(seed, success, jitter_ms * 1000, round(dwell_ms * 1000))
    device = Device(
        hand,
        clock(),
        serial_number=b"SIMULATE",
        on_out=hand.show,
        faults=parse_faults(fault),
    )
    glove = PtyGlove(device, clock, on_sent=hand.sent)
    try:
        _publish(link, glove.path)
        try:
            if started is not None:
                started(glove.path)
            while not stop.is_set():
                glove.step()
            glove.drain(_DRAIN_S)
        finally:
            if link.is_symlink() and os.readlink(link) == glove.path:
                link.unlink()
    finally:
        glove.close()
    return tuple(hand.presses)


def _publish(link: Path, path: str) -> None:
    """Make ``link`` point to ``path``; a dead link of ours is replaced, nothing else is."""
    try:
        if link.is_symlink():
            before = os.readlink(link)
            if os.path.exists(before):
                raise GloveError(f"{link} leads to {before}, which is in use; choose another name")
            if not before.startswith("/dev/"):
                raise GloveError(f"{link} is a link to {before}; choose another name")
            link.unlink()
        link.symlink_to(path)
    except FileExistsError:
        raise GloveError(f"{link} is there already and is no link; choose another name") from None
    except OSError as error:
        raise GloveError(f"{link} cannot be made: {error.strerror}") from None
