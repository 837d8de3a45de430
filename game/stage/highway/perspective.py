"""Where time lies on the highway: from microseconds ahead to rows, columns and sizes.

``ahead`` is time to the strike line divided by the look-ahead: 0 at the strike line, 1 at the far
end, negative past the line.
"""

from dataclasses import dataclass
from math import tanh

STRIKE_Y, FAR_Y = 800.0, 196.0
LANE_WIDTH = 188.0
DEPTH = 0.92
#: A target that nobody pinched glides this far past the line while it can still be hit.
OVERSHOOT = 26.0

_FAR_SCALE = 1 / (1 + DEPTH)
_HORIZON = (FAR_Y - STRIKE_Y * _FAR_SCALE) / (1 - _FAR_SCALE)


def scale_at(ahead: float) -> float:
    """Size of things: 1 at the strike line, 0.52 at the far end."""
    return 1 / (1 + DEPTH * ahead)


def row(ahead: float) -> float:
    """Row in design pixels. Past the line things slow down, so that they stay clear of the words.

    The glide begins at the speed of the approach and ends :data:`OVERSHOOT` further down.
    """
    if ahead < 0:
        speed = (STRIKE_Y - _HORIZON) * DEPTH
        return STRIKE_Y + OVERSHOOT * tanh(-ahead * speed / OVERSHOOT)
    return _HORIZON + (STRIKE_Y - _HORIZON) * scale_at(ahead)


def width_at_row(y: float) -> float:
    """Scale at a row: the inverse of :func:`row` for the road itself, which goes on below."""
    return (y - _HORIZON) / (STRIKE_Y - _HORIZON)


def size_at(ahead: float) -> float:
    """Size of a target: it shrinks more slowly than the road, so that far ones stay readable."""
    return max(0.0, scale_at(max(0.0, ahead))) ** 0.6


@dataclass(frozen=True)
class Road:
    """The highway around the column ``centre`` (design pixels); lanes are −2 to 2."""

    centre: float

    def column(self, lane: float, y: float) -> float:
        """Column of the middle of ``lane`` at row ``y``."""
        return self.centre + lane * LANE_WIDTH * width_at_row(y)
