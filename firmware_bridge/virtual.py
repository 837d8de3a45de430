"""Who wears a virtual glove: the model of a patient, as the device sees it, and a steady one."""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

#: A steady hand never presses further than this from its target.
MAX_ASYNCHRONY_US = 180_000

#: Between two contacts of one grip a hand is open at least this long. Contact detection confirms
#: a release after 25 ms; what is shorter would be one press.
MIN_OPEN_US = 40_000


class Contact(NamedTuple):
    """Thumb and ``grip`` touch from ``start_us`` until just before ``end_us``, in host time."""

    start_us: int
    end_us: int
    grip: int


class Actor(Protocol):
    """The model of a patient that wears a virtual glove. All times are host time, in µs."""

    def cue(self, at_us: int, grip: int) -> None:
        """A target of ``grip`` is due at ``at_us``."""

    def contacts(self, until_us: int) -> list[Contact]:
        """The contacts that begin before ``until_us`` and were not returned yet, by start.

        Called with increasing ``until_us``; none that starts before an earlier one comes later.
        """


@runtime_checkable
class Cancelling(Protocol):
    """An actor that can also be told that what it was cued will not come."""

    def cancel_cues(self) -> None:
        """Forget the cues that have not become contacts yet."""


class SteadyActor:
    """Presses near a share of its cues, one draw per cue in the order they are given.

    With probability ``success`` the cue is pressed, with a normal asynchrony of SD ``jitter_us``
    cut to ±180 ms, and held for ``dwell_us``. So the presses depend on the seed and the cues, not
    on how often anybody asks.
    """

    def __init__(
        self,
        seed: int | Sequence[int] = 0,
        success: float = 0.8,
        jitter_us: float = 60_000,
        dwell_us: int = 120_000,
    ) -> None:
        self._random = np.random.default_rng(seed)
        self._success = success
        self._jitter_us = jitter_us
        self._dwell_us = dwell_us
        self._waiting: list[Contact] = []
        self._free_us: dict[int, int] = {}  # when each grip can press again
        self._told_free_us: dict[int, int] = {}  # the same, of what was returned alone
        self._told_us: int | None = None

    def cue(self, at_us: int, grip: int) -> None:
        """A target of ``grip`` is due at ``at_us``: decide now what the hand will do."""
        presses = bool(self._random.random() < self._success)
        asynchrony = round(self._random.normal() * self._jitter_us)
        if not presses:
            return
        start = at_us + min(max(asynchrony, -MAX_ASYNCHRONY_US), MAX_ASYNCHRONY_US)
        start = max(start, self._free_us.get(grip, start))
        if self._told_us is not None:
            start = max(start, self._told_us)
        end = start + self._dwell_us
        self._free_us[grip] = end + MIN_OPEN_US
        heappush(self._waiting, Contact(start, end, grip))

    def contacts(self, until_us: int) -> list[Contact]:
        """The contacts that begin before ``until_us`` and were not returned yet, by start."""
        self._told_us = until_us
        told = []
        while self._waiting and self._waiting[0].start_us < until_us:
            contact = heappop(self._waiting)
            self._told_free_us[contact.grip] = contact.end_us + MIN_OPEN_US
            told.append(contact)
        return told

    def cancel_cues(self) -> None:
        """Forget the presses that have not begun."""
        self._waiting.clear()
        self._free_us = dict(self._told_free_us)
