"""Flashes counted on frames, as WCAG 2.2 defines them (general flash and red flash thresholds).

A flash is a pair of opposing changes in relative luminance of 0.1 or more where the darker side is
below 0.8. More than three within a second are too many where a quarter of any field of ten degrees
flashes at once: 341 × 256 pixels of a screen of 1024 × 768, a third of it each way. A red flash is
a pair of opposing changes to or from a saturated red, R / (R + G + B) of at least 0.8, in which
(R − G − B) × 320 changes by more than 20.
"""

import numpy as np

from tests.stage.colour import LUMINANCE, linear

#: Change of relative luminance of one side of a flash, and how dark its darker side is.
STEP, DARK = 0.1, 0.8
FIELD_SHARE = 0.25
MOST_PER_S = 3


def averaged(picture: np.ndarray, cell: int) -> np.ndarray:
    """Linear light of ``picture`` (width × height × 3, sRGB), the mean of cells of pixels."""
    wide, high = picture.shape[0] // cell * cell, picture.shape[1] // cell * cell
    light = linear(picture[:wide, :high])
    return light.reshape(wide // cell, cell, high // cell, cell, 3).mean(axis=(1, 3))


def turns(values: np.ndarray, step: float, dark: float = np.inf) -> np.ndarray:
    """Where ``values`` (frames × …) turned: True in the frame in which a change by ``step`` or
    more, opposite to the one before it, became complete. Its darker side is below ``dark``."""
    low, high = values[0].copy(), values[0].copy()
    way = np.zeros(values.shape[1:], np.int8)
    turned = np.zeros(values.shape, bool)
    for frame, value in enumerate(values):
        low, high = np.minimum(low, value), np.maximum(high, value)
        up = (way != 1) & (value - low >= step) & (low < dark)
        down = (way != -1) & (high - value >= step) & (value < dark)
        turned[frame] = up | down
        way = np.where(up, 1, np.where(down, -1, way)).astype(np.int8)
        low = np.where(turned[frame], value, low)
        high = np.where(turned[frame], value, high)
    return turned


def too_many(turned: np.ndarray, per_s: int) -> np.ndarray:
    """Where there are more than three flashes in the second that ends with each frame."""
    total = np.cumsum(turned, axis=0, dtype=np.int32)
    before = np.zeros_like(total)
    before[per_s:] = total[:-per_s]
    return (total - before) // 2 > MOST_PER_S


def largest_share(flashing: np.ndarray) -> float:
    """The largest share of any field, a third of the screen each way, that flashes in a frame."""
    frames, wide, high = flashing.shape
    w, h = max(1, wide // 3), max(1, high // 3)
    total = np.zeros((frames, wide + 1, high + 1), np.int32)
    total[:, 1:, 1:] = flashing.cumsum(axis=1).cumsum(axis=2)
    field = total[:, w:, h:] - total[:, :-w, h:] - total[:, w:, :-h] + total[:, :-w, :-h]
    return float(field.max() / (w * h))


def general(light: np.ndarray, per_s: int) -> float:
    """The largest share of a field with too many flashes; ``light`` is frames × w × h × 3."""
    return largest_share(too_many(turns(light @ LUMINANCE, STEP, DARK), per_s))


def red(light: np.ndarray, per_s: int) -> float:
    """The same for flashes of saturated red."""
    r, g, b = np.moveaxis(light, -1, 0)
    saturated = r / np.maximum(r + g + b, 1e-6) >= 0.8
    # A colour that is no saturated red counts as none at all: to and from one is what matters.
    return largest_share(too_many(turns(np.where(saturated, (r - g - b) * 320, 0.0), 20.0), per_s))
