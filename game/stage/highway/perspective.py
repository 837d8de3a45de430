"""Where time lies on the highway: from microseconds ahead to rows, columns and sizes.

``ahead`` is time to the strike line divided by the look-ahead: 0 at the strike line, 1 at the far
end, negative past the line.

Targets come in one of three ways. *Towards* the player the road is seen at an angle: lanes meet in
the distance, and what is far is small. *Down* and *up* it is seen from straight above: lanes are
parallel, every target is as large as any other and moves at the same speed all the way.
"""

from dataclasses import dataclass
from math import tanh

from game.stage.view import Scroll

LANE_WIDTH = 188.0
DEPTH = 0.92
#: A target that nobody pinched glides this far past the line while it can still be hit.
OVERSHOOT = 26.0
#: The road goes on for so long past the strike line.
RUN_OUT = 104.0

#: The rows of the strike line and of the far end: what comes up is mirrored.
_STRIKE_Y, _FAR_Y = 772.0, 192.0
_STRIKE_Y_UP, _FAR_Y_UP = 292.0, 876.0

_FAR_SCALE = 1 / (1 + DEPTH)
_HORIZON = (_FAR_Y - _STRIKE_Y * _FAR_SCALE) / (1 - _FAR_SCALE)


@dataclass(frozen=True)
class Road:
    """The highway around the column ``centre`` (design pixels); lanes are −2 to 2."""

    centre: float = 0.0
    scroll: Scroll = "towards"

    @property
    def strike_y(self) -> float:
        """The row of the strike line."""
        return _STRIKE_Y_UP if self.scroll == "up" else _STRIKE_Y

    @property
    def far_y(self) -> float:
        """The row where targets come into view."""
        return _FAR_Y_UP if self.scroll == "up" else _FAR_Y

    @property
    def onward(self) -> int:
        """1 where targets move down, −1 where they move up."""
        return -1 if self.scroll == "up" else 1

    @property
    def end_y(self) -> float:
        """The row past the strike line where the road has faded out."""
        return self.past(RUN_OUT)

    def past(self, distance: float) -> float:
        """The row ``distance`` beyond the strike line; before it if negative."""
        return self.strike_y + self.onward * distance

    def row(self, ahead: float) -> float:
        """Row in design pixels. Past the line things slow down, to stay clear of the words.

        The glide begins at the speed of the approach and ends :data:`OVERSHOOT` further on.
        """
        if ahead < 0:
            return self.past(OVERSHOOT * tanh(-ahead * self._speed / OVERSHOOT))
        if self.scroll == "towards":
            return _HORIZON + (_STRIKE_Y - _HORIZON) * _scale_at(ahead)
        return self.strike_y + (self.far_y - self.strike_y) * ahead

    @property
    def _speed(self) -> float:
        """Design pixels a look-ahead at the strike line."""
        if self.scroll == "towards":
            return (_STRIKE_Y - _HORIZON) * DEPTH
        return abs(self.far_y - self.strike_y)

    def width_at_row(self, y: float) -> float:
        """How wide the road is at a row, of its width at the strike line."""
        return (y - _HORIZON) / (_STRIKE_Y - _HORIZON) if self.scroll == "towards" else 1.0

    def ahead_at_row(self, y: float) -> float:
        """The inverse of :meth:`row` for the road itself, which goes on past the strike line."""
        if self.scroll == "towards":
            return (1 / max(0.1, self.width_at_row(y)) - 1) / DEPTH
        return (y - self.strike_y) / (self.far_y - self.strike_y)

    def size_at(self, ahead: float) -> float:
        """Size of a target: it shrinks more slowly than the road, so that far ones are read.

        At the far end it is ¾ of its size at the strike line and still within its lane.
        """
        return _scale_at(max(0.0, ahead)) ** 0.42 if self.scroll == "towards" else 1.0

    def column(self, lane: float, y: float) -> float:
        """Column of the middle of ``lane`` at row ``y``."""
        return self.centre + lane * LANE_WIDTH * self.width_at_row(y)


def _scale_at(ahead: float) -> float:
    """Size of the road: 1 at the strike line, 0.52 at the far end."""
    return 1 / (1 + DEPTH * ahead)
