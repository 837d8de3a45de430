"""A faulty glove is named on the screen of the game, in a real window, while a song is played.

What stands in the window is compared with the same words drawn here, pixel by pixel.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from firmware_bridge.diagnosis import TOGETHER_PINCHES, Code, finding
from firmware_bridge.edges import GRIP_COUNT
from firmware_bridge.host_clock import host_us
from game.stage.glove_words import said
from game.stage.highway import Highway
from game.stage.highway.places import places
from game.stage.theme import LAMP, Scale
from tests.cli.xvfb import HEIGHT, WIDTH, Display, Game, needs_xvfb
from tests.hil.conftest import MakeGlove
from tests.hil.hands import MS
from tests.hil.simulator_process import Simulator
from tests.stage.scenes import pixels, still_view

pytestmark = [needs_xvfb, pytest.mark.display, pytest.mark.timeout(240)]

INDEX, MIDDLE, RING = 0, 1, 2

#: What an electrode reads, in mV, when it leaks through some 12 kOhm of damp fabric.
DAMP = 2_700

#: In the pause, where the key to go on is.
CONTINUE_KEY = (600, 490, 100, 30)
GLOVE_HELP = (1150, 420, 80, 80)


@pytest.fixture
def display(tmp_path: Path) -> Iterator[Display]:
    one = Display(tmp_path)
    yield one
    one.close()


def written(words: str) -> np.ndarray:
    """Where bright letters stand in the place for a notice, if it says ``words``."""
    surface = pygame.Surface((WIDTH, HEIGHT), 0, 32)
    Highway((WIDTH, HEIGHT), "right").draw(surface, still_view(notice=words))
    return letters(pixels(surface).swapaxes(0, 1))


def letters(picture: np.ndarray) -> np.ndarray:
    box, scale = places("right", "centre").notice, Scale(WIDTH, HEIGHT)
    part = picture[scale.y(box.y) : scale.y(box.bottom), scale.x(box.x) : scale.x(box.right)]
    return part.min(axis=2) > 90


def says(display: Display, words: str) -> bool:
    there, wanted = letters(display.pixels()), written(words)
    return wanted.sum() > 500 and bool((there == wanted).mean() > 0.995)


def pinch_together(simulator: Simulator, times: int) -> int:
    """Index and middle finger close together, so many times; returns when they will have."""
    begin = host_us() + 50 * MS
    for k in range(times):
        at = begin + k * 250 * MS
        simulator.commands([(at, f"mask {1 << INDEX | 1 << MIDDLE}"), (at + 120 * MS, "mask 0")])
    return begin + times * 250 * MS


def test_what_is_wrong_with_a_glove_is_named_while_a_song_is_played(
    display: Display, tmp_path: Path, make_glove: MakeGlove
) -> None:
    """Stuck, bridged, wet and unplugged, one after the other, with the real firmware."""
    simulator = make_glove()
    simulator.command(f"mask {1 << RING}")
    game = Game(
        display, "play", "ode-to-joy", "--rate", "1", "--glove", f"serial:{simulator.path}",
        "--data", str(tmp_path / "data"),
    )  # fmt: skip

    def is_named(code: Code, *grips: int) -> None:
        what, _ = said(finding(code, grips))
        game.wait_for(lambda: says(display, what))
        # And it is that sentence that was found, not just any.
        assert not says(display, said(finding(Code.NOISY))[0])

    try:
        is_named(Code.STUCK, RING)
        simulator.command("mask 0")
        game.wait_for(lambda: not says(display, said(finding(Code.STUCK, (RING,)))[0]))
        then = pinch_together(simulator, TOGETHER_PINCHES + 2)
        is_named(Code.BRIDGED, INDEX, MIDDLE)
        simulator.commands([(then, f"level {grip} {DAMP}") for grip in range(GRIP_COUNT)])
        is_named(Code.WET)
        assert display.share_of(LAMP, CONTINUE_KEY) < 0.1
        simulator.command("unplug")
        # The pause of a glove that is gone has a picture of what to do, and Glove help beside it.
        game.wait_for(lambda: display.share_of(LAMP, GLOVE_HELP) > 0.6)
    finally:
        game.close()
