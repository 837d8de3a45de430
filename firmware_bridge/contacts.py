"""Samples in, edges out: the contact state machine of each electrode.

    BLOCKED -- open for 20 ms --> OPEN
    OPEN    -- contact adding up to more than 1 ms; touches at most 5 ms apart count together
               --> PRESSED, dated back to the first touch
    PRESSED -- open for more than 25 ms --> OPEN, release dated back to when it opened
    PRESSED -- 8 s --> STUCK (released) -- open for 20 ms --> OPEN
    any     -- no sample for 250 ms --> LOST, then BLOCKED; what was pressed is released

A sample stands for the time since the sample before it, but time not seen is credited at most
3 ms (20 ms in event mode while no frame is missing), and for the first sample of a touch at most
the 1 ms that confirms one: a single sample after a hole is never a press. Old and repeated
samples are skipped, so overlapping history is harmless.

Dating back makes confirmation cost feedback latency, never score. Eager debouncing (report the
first touch, then ignore the electrode for a while) was rejected: it turns a spike of 1 ms into a
press, and stretches a short press.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from firmware_bridge.edges import GRIP_COUNT

BLOCKED, OPEN, PRESSED, STUCK, LOST = 0, 1, 2, 3, 4

# One row per electrode.
_STATE = 0
_FIRST = 1  # first touch of what may become a press, or of the press
_CLOSED = 2  # the newest sample of a pending touch that was closed
_SUM = 3  # contact (OPEN) or openness (all others) added up so far, µs
_OPENED = 4  # when a pressed electrode opened
_COLUMNS = 5

# The memory all electrodes share.
_TIME = 0  # newest sample
_MASK = 1  # its mask
_SEEN = 2  # 0 nothing seen, 1 running, 2 lost: times go on, contacts start anew
_EARLIEST = 3  # no press to come is dated before this
_SINCE = 4  # the first sample since contacts started anew
_SHARED = 5

_FAR = np.int64(1) << 62


@dataclass(frozen=True)
class ContactSettings:
    """The times of the state machine, in µs.

    ``release_us`` is set per patient, 10 to 60 ms: tremor at 4–12 Hz and the fastest tapping
    leave gaps well above 25 ms. Raises ValueError outside that.
    """

    confirm_us: int = 1_000
    together_us: int = 5_000
    release_us: int = 25_000
    unblock_us: int = 20_000
    stuck_us: int = 8_000_000
    lost_us: int = 250_000
    unseen_us: int = 3_000
    unseen_event_us: int = 20_000
    event_mode: bool = False

    def __post_init__(self) -> None:
        if not 10_000 <= self.release_us <= 60_000:
            raise ValueError(
                f"a release is confirmed after 10 to 60 ms, not {self.release_us / 1000:g} ms"
            )

    def as_array(self) -> NDArray[np.int64]:
        """The settings in the kernel's order; the last is the credit with no frame missing."""
        unbroken = self.unseen_event_us if self.event_mode else self.unseen_us
        return np.array(
            [
                self.confirm_us,
                self.together_us,
                self.release_us,
                self.unblock_us,
                self.stuck_us,
                self.lost_us,
                self.unseen_us,
                unbroken,
            ],
            np.int64,
        )


class DeviceEdges(NamedTuple):
    """Edges in device time, in the order in which they were decided; three arrays (n,).

    A press may come after one that is dated later; a release never before its press.
    """

    device_us: NDArray[np.int64]
    grip: NDArray[np.uint8]
    down: NDArray[np.bool_]


@njit(cache=True)
def _detect(
    times: NDArray[np.int64],
    masks: NDArray[np.uint8],
    unbroken: NDArray[np.uint8],
    settings: NDArray[np.int64],
    electrodes: NDArray[np.int64],
    shared: NDArray[np.int64],
    edge_us: NDArray[np.int64],
    edge_grip: NDArray[np.uint8],
    edge_down: NDArray[np.bool_],
) -> int:
    """Run the samples through the state machine; returns how many edges were written."""
    confirm, together, release = settings[0], settings[1], settings[2]
    unblock, stuck, lost = settings[3], settings[4], settings[5]
    unseen, unseen_unbroken = settings[6], settings[7]
    count = electrodes.shape[0]
    last = shared[_TIME]
    mask_before = shared[_MASK]
    seen = shared[_SEEN]
    edges = 0
    # Calm: nothing is being counted, so a sample with the same mask changes nothing until then.
    calm_until = last
    for i in range(times.size):
        time = times[i]
        mask = np.int64(masks[i])
        if seen != 0 and time <= last:
            continue
        fresh = seen != 1
        if not fresh:
            if time - last > lost:
                fresh = True
                for e in range(count):
                    if electrodes[e, _STATE] == PRESSED:
                        edge_us[edges] = last
                        edge_grip[edges] = e
                        edge_down[edges] = False
                        edges += 1
            elif mask == mask_before and time < calm_until:
                last = time
                continue
        if fresh:
            for e in range(count):
                electrodes[e, _STATE] = BLOCKED
                electrodes[e, _SUM] = 0
            seen = 1
            shared[_SINCE] = time
            mask_before = mask
            last = time
        credit = min(time - last, unseen_unbroken if unbroken[i] != 0 else unseen)
        calm_until = _FAR
        for e in range(count):
            closed = (mask >> e) & 1
            before = (mask_before >> e) & 1
            state = electrodes[e, _STATE]
            if state == OPEN:
                if closed:
                    total = electrodes[e, _SUM]
                    if total > 0 and before == 0 and time - electrodes[e, _CLOSED] > together:
                        total = 0
                    if total == 0:
                        electrodes[e, _FIRST] = time
                    if before:
                        total += credit
                    else:
                        # Nobody saw when the touch began. Behind a hole it may have been just
                        # now, so the hole is no contact; 1 µs keeps the touch and its date.
                        total += min(credit, confirm if unbroken[i] != 0 else 1)
                    electrodes[e, _SUM] = total
                    electrodes[e, _CLOSED] = time
                    if total > confirm:
                        electrodes[e, _STATE] = PRESSED
                        edge_us[edges] = electrodes[e, _FIRST]
                        edge_grip[edges] = e
                        edge_down[edges] = True
                        edges += 1
                        calm_until = min(calm_until, electrodes[e, _FIRST] + stuck)
                    else:
                        calm_until = time
                elif electrodes[e, _SUM] > 0:
                    if time - electrodes[e, _CLOSED] >= together:
                        electrodes[e, _SUM] = 0
                    else:
                        calm_until = time
            elif state == PRESSED:
                if closed:
                    if time - electrodes[e, _FIRST] >= stuck:
                        electrodes[e, _STATE] = STUCK
                        electrodes[e, _SUM] = 0
                        edge_us[edges] = time
                        edge_grip[edges] = e
                        edge_down[edges] = False
                        edges += 1
                    else:
                        calm_until = min(calm_until, electrodes[e, _FIRST] + stuck)
                else:
                    if before:
                        electrodes[e, _OPENED] = time
                        electrodes[e, _SUM] = 0
                    else:
                        electrodes[e, _SUM] += credit
                    if electrodes[e, _SUM] > release:
                        electrodes[e, _STATE] = OPEN
                        electrodes[e, _SUM] = 0
                        edge_us[edges] = electrodes[e, _OPENED]
                        edge_grip[edges] = e
                        edge_down[edges] = False
                        edges += 1
                    else:
                        calm_until = time
            elif not closed:  # BLOCKED or STUCK
                if before:
                    electrodes[e, _SUM] = 0
                else:
                    electrodes[e, _SUM] += credit
                if electrodes[e, _SUM] >= unblock:
                    electrodes[e, _STATE] = OPEN
                    electrodes[e, _SUM] = 0
                else:
                    calm_until = time
        last = time
        mask_before = mask
    shared[_TIME] = last
    shared[_MASK] = mask_before
    shared[_SEEN] = seen
    # A press still to come begins with a touch already pending, or with a later sample.
    earliest = last + 1
    for e in range(count):
        if electrodes[e, _STATE] == OPEN and electrodes[e, _SUM] > 0:
            earliest = min(earliest, electrodes[e, _FIRST])
    shared[_EARLIEST] = earliest
    return edges


class Contacts:
    """The state machine of the five electrodes of one glove. See the module's text."""

    def __init__(self, settings: ContactSettings | None = None) -> None:
        settings = settings or ContactSettings()
        self._unblock_us = settings.unblock_us
        self._settings = settings.as_array()
        self._electrodes = np.zeros((GRIP_COUNT, _COLUMNS), np.int64)
        self._electrodes[:, _STATE] = LOST
        self._shared = np.zeros(_SHARED, np.int64)

    def feed(
        self,
        device_us: NDArray[np.int64],
        mask: NDArray[np.uint8],
        unbroken: NDArray[np.uint8],
    ) -> DeviceEdges:
        """The edges that these samples decide. All (n,), in the order they were taken.

        ``unbroken`` is 0 where a frame is missing before the sample (see ``frames.Decoded``).
        """
        most = GRIP_COUNT * (device_us.size + 1)
        times = np.empty(most, np.int64)
        grips = np.empty(most, np.uint8)
        downs = np.empty(most, np.bool_)
        count = _detect(
            device_us,
            mask,
            unbroken,
            self._settings,
            self._electrodes,
            self._shared,
            times,
            grips,
            downs,
        )
        return DeviceEdges(times[:count], grips[:count], downs[:count])

    def lose(self, *, restarted: bool = False) -> DeviceEdges:
        """The link was lost: what was pressed is released, dated at the last sample seen.

        Contacts start anew, BLOCKED, with the next sample. With ``restarted`` device time starts
        anew as well; without, samples from before the loss are still skipped.
        """
        pressed = np.flatnonzero(self._electrodes[:, _STATE] == PRESSED)
        last = int(self._shared[_TIME])
        self._electrodes[:, _STATE] = LOST
        self._electrodes[:, _SUM] = 0
        if restarted:
            self._shared[:] = 0
        elif self._shared[_SEEN]:
            self._shared[_SEEN] = 2
            self._shared[_EARLIEST] = self._shared[_TIME] + 1
        return DeviceEdges(
            np.full(pressed.size, last, np.int64),
            pressed.astype(np.uint8),
            np.zeros(pressed.size, np.bool_),
        )

    @property
    def earliest_us(self) -> int | None:
        """No press that is still to come is dated before this device time; None: none seen."""
        return int(self._shared[_EARLIEST]) if self._shared[_SEEN] else None

    @property
    def last_us(self) -> int | None:
        """Device time of the newest sample; None: none seen."""
        return int(self._shared[_TIME]) if self._shared[_SEEN] else None

    @property
    def ready(self) -> bool:
        """Whether an open hand has been seen for long enough that a pinch would be a press."""
        since = int(self._shared[_TIME]) - int(self._shared[_SINCE])
        return bool(self._shared[_SEEN] == 1) and since > self._unblock_us

    @property
    def closed_mask(self) -> int:
        """The raw mask of the newest sample; 0 while lost."""
        return int(self._shared[_MASK]) if self._shared[_SEEN] == 1 else 0

    @property
    def stuck_mask(self) -> int:
        """The electrodes that have been closed for too long to be believed."""
        stuck = np.flatnonzero(self._electrodes[:, _STATE] == STUCK)
        return int(sum(1 << int(e) for e in stuck))

    @property
    def states(self) -> tuple[int, ...]:
        """The state of each electrode: BLOCKED, OPEN, PRESSED, STUCK or LOST."""
        return tuple(int(state) for state in self._electrodes[:, _STATE])
