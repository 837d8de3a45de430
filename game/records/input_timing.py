"""Whether the times of a play's presses are exact enough for figures of timing.

Keys and buttons are stamped when a window's events are looked at. Over weeks such times tell more
of the keyboard and of the computer than of the hand, so plays with them stay out of every trend of
timing. What was hit and missed is counted as always: that takes a fifth of a second.
"""

import re

#: Timing known less exactly than this says more about the device than about the hand.
COARSE_MS = 5.0

_RESOLUTION = re.compile(r"resolution (\d+(?:\.\d+)?) ms\b")

#: Kinds of input that are coarse wherever no resolution is stated.
_COARSE_KINDS = frozenset({"keyboard", "gamepad", "touch", "mixed"})


def is_coarse(input_kind: str, description: str) -> bool:
    """Whether a play with this input stays out of timing trends.

    By the resolution that its description states (that of the coarsest way in, if there were
    several), else by its kind.
    """
    stated = _RESOLUTION.findall(description)
    return float(stated[-1]) > COARSE_MS if stated else input_kind in _COARSE_KINDS
