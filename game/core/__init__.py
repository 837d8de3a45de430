"""Grips, targets, the judge and its figures. Pure: no clock, file, screen or database."""

from game.core.data import EDGE, TARGET, Window
from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip, lanes

__all__ = ["ACROSS_THE_HAND", "EDGE", "GRIPS", "TARGET", "Grip", "Window", "lanes"]
