"""Signs of a faulty glove while it is played: what repeats, and what stays.

Works on what was decided already, so it costs nothing worth measuring.
"""

from collections import deque
from collections.abc import Iterable
from itertools import combinations

from firmware_bridge.diagnosis import (
    TOGETHER_PINCHES,
    TOGETHER_US,
    Reading,
    bridges,
    is_wet,
    measured,
)
from firmware_bridge.edges import GRIP_COUNT

#: As many readings in a row (one a second) make a wet glove.
_WET_READINGS = 3

#: An electrode that has been closed for this long ever since it was first seen is stuck. One that
#: opened before is given longer (8 s), because a patient may hold a pinch.
HELD_US = 3_000_000


class Signs:
    """Remembers the last pinches of each electrode, the last levels, and what never opened."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Another glove may be there: forget everything."""
        self.reading: Reading | None = None  #: the newest levels
        self.readings = 0  #: how many came
        self._levels: deque[bool] = deque(maxlen=_WET_READINGS)
        # Of each electrode's last pinches: when, and the mask of those that closed with it.
        self._pinches: list[deque[list[int]]] = [
            deque(maxlen=TOGETHER_PINCHES) for _ in range(GRIP_COUNT)
        ]
        self._held_since: list[int | None] = [None] * GRIP_COUNT
        self._held_mask = 0

    def presses(self, pressed: Iterable[tuple[int, int]]) -> None:
        """These presses came, as (time in µs, grip)."""
        for time_us, grip in pressed:
            pinch = [time_us, 0]
            for other, pinches in enumerate(self._pinches):
                if other != grip and pinches and abs(pinches[-1][0] - time_us) <= TOGETHER_US:
                    pinch[1] |= 1 << other
                    pinches[-1][1] |= 1 << grip
            self._pinches[grip].append(pinch)

    def levels(self, levels: bytes, closed: int) -> None:
        """The glove told its levels, while the contacts ``closed`` (a mask) were closed."""
        self.reading = Reading(tuple(levels), closed)
        self.readings += 1
        self._levels.append(bool(measured([self.reading])) and is_wet(self.reading))

    def never_opened(self, mask: int, now_us: int) -> None:
        """The electrodes that are closed now and have not been seen open."""
        for grip in range(GRIP_COUNT):
            if not mask >> grip & 1:
                self._held_since[grip] = None
                self._held_mask &= ~(1 << grip)
                continue
            since = self._held_since[grip]
            if since is None:
                self._held_since[grip] = now_us
            elif now_us - since >= HELD_US:
                self._held_mask |= 1 << grip

    @property
    def held_mask(self) -> int:
        """The electrodes that have been closed for 3 s, ever since they were first seen."""
        return self._held_mask

    @property
    def wet(self) -> bool:
        """Whether the glove is wet: the last readings all say so."""
        return len(self._levels) == _WET_READINGS and all(self._levels)

    @property
    def bridged(self) -> tuple[tuple[int, ...], ...]:
        """Electrodes of which none closes without the others, by their last pinches."""
        often = [g for g in range(GRIP_COUNT) if len(self._pinches[g]) == TOGETHER_PINCHES]
        return bridges(
            (one, other)
            for one, other in combinations(often, 2)
            if all(mask >> other & 1 for _, mask in self._pinches[one])
            and all(mask >> one & 1 for _, mask in self._pinches[other])
        )
