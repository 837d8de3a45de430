"""At most three flashes a second, on the frames of the busiest song's busiest stretch."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.picture import BusiestSong
from game.stage import palettes
from game.stage.palettes import PALETTES
from game.stage.view import SCROLLS, Options, Scroll
from tests.stage import flashing
from tests.stage.scenes import pixels

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

SIZE = (640, 360)
PER_S = 30
SECONDS = 20 if SOAK else 2
CELL = 4

#: In a soak every palette in every direction, and high contrast; else each of them once.
LOOKS: list[tuple[str, Scroll, bool]] = (
    [(name, scroll, strong) for name in PALETTES for scroll in SCROLLS for strong in (False, True)]
    if SOAK
    else [("standard", "towards", True), ("blue-yellow", "up", False), ("steps", "down", False)]
)


@pytest.fixture(autouse=True)
def _standard_again() -> Iterator[None]:
    yield
    palettes.use("standard")


def _light(options: Options) -> np.ndarray:
    """The frames of the busiest seconds, with everything shown that can be."""
    song = BusiestSong(SIZE, "right", options)
    frames = []
    for frame in range(SECONDS * PER_S):
        song.show(frame, 1e6 / PER_S)
        song.draw()
        frames.append(flashing.averaged(pixels(song.surface), CELL).astype(np.float32))
    assert song.view.count >= SECONDS, "targets are hit in them"
    return np.array(frames)


@pytest.mark.parametrize(("palette", "scroll", "strong"), LOOKS)
def test_no_field_flashes_more_than_three_times_a_second(
    palette: str, scroll: Scroll, strong: bool
) -> None:
    palettes.use(palette)
    shown = Options(
        scroll=scroll, high_contrast=strong, early_late=True, error_bar=True, visual_beat=True
    )
    light = _light(shown)
    general, red = flashing.general(light, PER_S), flashing.red(light, PER_S)
    print(f"{palette}, {scroll}: {general:.1%} of a field, in red {red:.1%}")
    # Well below what the rule allows, a quarter of a field.
    assert general <= 0.15
    assert red <= 0.15


# ---------------------------------------------------------------- the measure itself


def _blinking(hertz: float, share: float, bright: float = 0.3, dark: float = 0.1) -> np.ndarray:
    """Two seconds of a screen of 60 × 60 cells, of which a corner blinks."""
    light = np.full((60, 60, 60, 3), dark)
    side = round(20 * share**0.5)
    on = (np.arange(60) / 30 * hertz) % 1 < 0.5
    light[on, :side, :side] = bright
    return light


@pytest.mark.parametrize(
    ("hertz", "share", "bright", "found"),
    [
        (5, 1.0, 0.3, True),
        (2.5, 1.0, 0.3, False),  # not often enough
        (5, 1.0, 0.19, False),  # a step of less than 0.1
        (5, 0.16, 0.3, False),  # too small
    ],
)
def test_flashes_are_counted_where_they_are(hertz, share, bright, found: bool) -> None:
    assert (flashing.general(_blinking(hertz, share, bright), 30) > flashing.FIELD_SHARE) == found


def test_a_bright_picture_may_get_brighter() -> None:
    assert flashing.general(_blinking(5, 1.0, 1.0, 0.85), 30) == 0


def test_saturated_red_is_counted_by_itself() -> None:
    light = _blinking(5, 1.0)
    assert flashing.red(light, 30) == 0
    light[..., 1:] = 0.01
    assert flashing.red(light, 30) > flashing.FIELD_SHARE


def test_a_slow_change_is_one_flash_and_not_many() -> None:
    slow = np.linspace(0, 1, 60)[:, None, None] * np.ones((1, 4, 4))
    assert flashing.turns(slow, 0.1).sum(axis=0).max() == 1
    wave = 0.3 + 0.2 * np.sin(np.arange(60) / 30 * 2 * np.pi * 4)[:, None, None] * np.ones(
        (1, 4, 4)
    )
    assert flashing.turns(wave, 0.1).sum(axis=0).max() == pytest.approx(16, abs=1)
