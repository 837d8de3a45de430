"""Grips, targets, the judge and its figures. Pure: no clock, file, screen or database."""

from game.core.data import (
    EDGE,
    EXTRA,
    HIT,
    JUDGED,
    MISS_EARLY,
    MISS_LATE,
    MISS_NONE,
    MISS_OMISSION,
    MISS_WRONG_GRIP,
    NEAR,
    PRESS,
    TARGET,
    WRONG_GRIP,
    Judgements,
    Window,
)
from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip, lanes
from game.core.judge import Judge, judge

__all__ = [
    "ACROSS_THE_HAND",
    "EDGE",
    "EXTRA",
    "GRIPS",
    "HIT",
    "JUDGED",
    "MISS_EARLY",
    "MISS_LATE",
    "MISS_NONE",
    "MISS_OMISSION",
    "MISS_WRONG_GRIP",
    "NEAR",
    "PRESS",
    "TARGET",
    "WRONG_GRIP",
    "Grip",
    "Judge",
    "Judgements",
    "Window",
    "judge",
    "lanes",
]
