"""Targets, edges, the window and what became of them: the data every part of the game shares.

Times are ``int64`` microseconds in the clock that the variable names (``song_us``, ``host_us``).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

#: What became of a target, a row per target. ``asynchrony_us`` is press − target, negative early:
#: of the press that hit it; if it was missed, of the nearest near press (the first of two equally
#: near), or 0 without one. ``press_index`` is the press that ``asynchrony_us`` is of, as a row of
#: ``Judgements.presses``, or −1: ask ``hit``, not it, whether the target was hit. ``miss`` is a
#: ``MISS_`` code. ``wrong_grip`` is the latest grip pressed in its place or −1, kept even if the
#: right grip hit it later. ``dwell_us`` is release − press of the hit, −1 if missed or not
#: released.
JUDGED = np.dtype(
    [
        ("hit", "?"),
        ("asynchrony_us", "i8"),
        ("press_index", "i4"),
        ("miss", "u1"),
        ("wrong_grip", "i1"),
        ("dwell_us", "i8"),
    ]
)

#: What became of a press, a row per press in the order they were fed. ``edge_index`` counts all
#: edges fed, ``outcome`` is one of ``HIT``, ``NEAR``, ``WRONG_GRIP``, ``EXTRA``, and
#: ``target_index`` the target it hit or was noted against, −1 for an extra.
PRESS = np.dtype([("edge_index", "i4"), ("outcome", "u1"), ("target_index", "i4")])

#: What became of a press.
HIT, NEAR, WRONG_GRIP, EXTRA = 0, 1, 2, 3

#: What kind of miss a target was.
MISS_NONE, MISS_OMISSION, MISS_EARLY, MISS_LATE, MISS_WRONG_GRIP = 0, 1, 2, 3, 4

#: A structured array: rows of ``TARGET``, ``EDGE``, ``JUDGED`` or ``PRESS``.
Rows = NDArray[np.void]

#: A boolean per row.
Mask = NDArray[np.bool_]


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


@dataclass(frozen=True, eq=False)
class Judgements:
    """What became of every target and of every press; two are equal if every field of every row is.

    ``targets`` has a :data:`JUDGED` row per target in the order of the targets, ``presses`` a
    :data:`PRESS` row per press in the order of the edges.
    """

    targets: Rows
    presses: Rows

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Judgements):
            return NotImplemented
        return bool(
            np.array_equal(self.targets, other.targets)
            and np.array_equal(self.presses, other.presses)
        )
