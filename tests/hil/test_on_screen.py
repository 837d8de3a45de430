"""A faulty glove is named on the screen of the game, in a real window, while a song is played.

What stands in the window is compared with the same words drawn here, pixel by pixel.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from firmware_bridge.diagnosis import Code, finding
from game.core.grips import Grip
from game.stage.glove_words import said
from game.stage.highway import Highway
from game.stage.highway.places import places
from game.stage.theme import LAMP, LANE, Scale
from tests.cli.xvfb import HEIGHT, WIDTH, Display, Game, needs_xvfb
from tests.hil.conftest import SOAK, MakeGlove
from tests.stage.scenes import pixels, still_view

pytestmark = [needs_xvfb, pytest.mark.display, pytest.mark.timeout(240)]

INDEX, MIDDLE, RING = 0, 1, 2
GLOVE = "virtual:steady?success=1&jitter_ms=0"

WHOLE = (0, 0, 1920, 1080)

#: In the pause, where the key to go on is.
CONTINUE_KEY = (600, 490, 100, 30)
GLOVE_HELP = (1150, 420, 80, 80)


@pytest.fixture
def display(tmp_path: Path) -> Iterator[Display]:
    one = Display(tmp_path)
    yield one
    one.close()


def play(display: Display, data: Path, glove: str) -> Game:
    return Game(
        display, "play", "ode-to-joy", "--rate", "1", "--glove", glove, "--data", str(data)
    )  # fmt: skip


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


def bridged_pinches(path: Path) -> Path:
    """A hand whose index and middle finger always close together."""
    lines = [f"{k * 300} 3\n{k * 300 + 120} 0" for k in range(2, 60)]
    path.write_text("\n".join(lines))
    return path


FAULTS = [
    ("short", Code.BRIDGED, (INDEX, MIDDLE)),
    ("stuck:ring", Code.STUCK, (RING,)),
    ("wet", Code.WET, ()),
]


@pytest.mark.parametrize(("fault", "code", "grips"), FAULTS if SOAK else FAULTS[:1])
def test_a_fault_is_named_while_a_song_is_played(
    display: Display, tmp_path: Path, fault: str, code: Code, grips: tuple[int, ...]
) -> None:
    glove = (
        f"script:{bridged_pinches(tmp_path / 'hand')}"
        if fault == "short"
        else f"{GLOVE}&fault={fault}"
    )
    what, _ = said(finding(code, grips))
    game = play(display, tmp_path / "data", glove)
    try:
        game.wait_for(lambda: says(display, what))
        # And it is that sentence that was found, not just any.
        assert not says(display, said(finding(Code.NOISY))[0])
    finally:
        game.close()


def test_a_glove_that_is_pulled_out_pauses_the_song_and_is_named(
    display: Display, tmp_path: Path, make_glove: MakeGlove
) -> None:
    simulator = make_glove()
    game = play(display, tmp_path / "data", f"serial:{simulator.path}")
    try:
        game.wait_for(lambda: bool(simulator.told("open")))
        game.wait_for(lambda: display.share_of(LANE[Grip.KEY], WHOLE) > 0.0004)
        assert display.share_of(LAMP, CONTINUE_KEY) < 0.1
        simulator.command("unplug")
        # The pause of a glove that is gone has a picture of what to do, and Glove help beside it.
        game.wait_for(lambda: display.share_of(LAMP, GLOVE_HELP) > 0.6)
    finally:
        game.close()
