"""Targets, edges and the window: the data every part of the game shares.

Times are ``int64`` microseconds in the clock that the variable names (``song_us``, ``host_us``).
"""

from dataclasses import dataclass

import numpy as np

#: One pinch asked for. ``time_us`` real microseconds since the song started at the played tempo,
#: ``duration_us`` how long the note it stands for sounds, ``pitch`` its MIDI key, ``tier`` its
#: rank (1 is the sparsest chart), ``phrase`` the index of the phrase it lies in.
TARGET = np.dtype(
    [
        ("time_us", "i8"),
        ("grip", "u1"),
        ("duration_us", "i8"),
        ("pitch", "u1"),
        ("tier", "u1"),
        ("phrase", "i4"),
    ]
)

#: A press (``down``) or a release of one grip, after contact detection.
EDGE = np.dtype([("time_us", "i8"), ("grip", "u1"), ("down", "?")])

#: What became of a press.
HIT, NEAR, WRONG_GRIP, EXTRA = 0, 1, 2, 3

#: What kind of miss a target was.
MISS_NONE, MISS_OMISSION, MISS_EARLY, MISS_LATE, MISS_WRONG_GRIP = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Window:
    """The timing window. A press hits from ``early_us`` before to ``late_us`` after a target.

    ``near_us`` is how far a press of the right grip may lie from a target and still have been
    meant for it; it is never less than the wider half-window (see :attr:`reach_us`).
    """

    early_us: int = 200_000
    late_us: int = 200_000
    near_us: int = 500_000

    def __post_init__(self) -> None:
        for name in ("early_us", "late_us", "near_us"):
            value = getattr(self, name)
            if value < 0 or value > 10_000_000:
                raise ValueError(f"{name} must lie between 0 and 10 s, not {value} µs")

    @property
    def reach_us(self) -> int:
        """The distance within which a press is near: ``near_us``, or the wider half-window."""
        return max(self.near_us, self.early_us, self.late_us)

    @property
    def same_grip_spacing_us(self) -> int:
        """How far apart a chart keeps targets of one grip: wider half-window ÷ 0.45."""
        return -(-max(self.early_us, self.late_us) * 100 // 45)
