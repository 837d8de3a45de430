"""Pickup beats: after a silence three beats lead to the next target, drawn and softly tapped."""

import numpy as np

#: After a silence longer than this, three beats come before the next target.
PICKUP_GAP_US = 2_000_000

#: Beats before a target, the first one first.
_BACK = (3, 2, 1)

#: The share of the look-ahead that the three may take: a target is known no sooner than it is in
#: view, and the first beat should be seen coming.
_SHARE = 0.8

_NO_BEAT_US = 500_000


def pickup_times(
    before_us: int | None, time_us: int, beats_us: np.ndarray, look_ahead_us: int
) -> tuple[int, ...]:
    """When the three beats before a target at ``time_us`` are; () without a long enough silence.

    ``before_us`` is the target before it, None for the first of a song. Where three beats take
    longer than the target can be seen coming, they are halved: three beats of 1 s are 500 ms
    apart with a look-ahead of 2 s.
    """
    if before_us is not None and time_us - before_us <= PICKUP_GAP_US:
        return ()
    period = _NO_BEAT_US
    if len(beats_us) > 1:
        place = min(max(1, int(np.searchsorted(beats_us, time_us))), len(beats_us) - 1)
        period = max(1, int(beats_us[place] - beats_us[place - 1]))
    while len(_BACK) * period > _SHARE * look_ahead_us:
        period //= 2
    return tuple(time_us - n * period for n in _BACK)
