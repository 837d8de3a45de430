"""Edges, the only thing that leaves this package: presses and releases in host time."""

import numpy as np

#: A press (``down``) or a release of one grip. ``time_us`` is int64 microseconds in ``host_us``,
#: ``grip`` 0 index, 1 middle, 2 ring, 3 little, 4 key (the bit on the wire).
EDGE = np.dtype([("time_us", "i8"), ("grip", "u1"), ("down", "?")])

#: How many grips there are.
GRIP_COUNT = 5
