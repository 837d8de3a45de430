"""A patient's day begins in a real window with the keyboard; the game is killed and goes on."""

import sqlite3
from pathlib import Path

import pytest

from game.stage.theme import LAMP
from tests.cli.running import griptune
from tests.cli.test_game_window import data, display, playing
from tests.cli.xvfb import Game, needs_xvfb

__all__ = ["data", "display"]  # fixtures

pytestmark = [needs_xvfb, pytest.mark.display, pytest.mark.timeout(600)]

#: Where things are on the screens, in design pixels.
FIRST_PERSON_RING = (120, 172, 300, 7)
START_KEY = (180, 720, 150, 60)
FIRST_FACE_RING = (130, 264, 200, 6)


def kept(data: Path, what: str) -> list[tuple]:
    with sqlite3.connect(data / "griptune.db") as database:
        return database.execute(what).fetchall()


def test_from_the_check_in_over_the_warm_up_to_the_easy_song_and_on_after_a_kill(display, data):
    assert griptune("patient", "add", "ANNA-1", "--data", data).returncode == 0
    game = Game(display, "--glove", "keyboard", "--data", str(data))
    try:
        game.wait_for(lambda: display.share_of(LAMP, FIRST_PERSON_RING) > 0.3)
        display.press("Return")
        # A first start offers to try the grips: not now.
        game.wait_for(lambda: display.share_of(LAMP, FIRST_PERSON_RING) < 0.3)
        display.press("Right", "Return")
        game.wait_for(lambda: display.share_of(LAMP, START_KEY) > 0.5)
        display.press("Return")
        game.wait_for(lambda: display.share_of(LAMP, FIRST_FACE_RING) > 0.3)
        display.press("3", "Return", "2", "Return", "Return", "Return")
        game.wait_for(lambda: bool(kept(data, "SELECT 1 FROM check_ins")))
        assert kept(data, "SELECT pain, fatigue FROM check_ins") == [(3, 2)]
        display.press("Return", "Return", "Return", "Return")
        game.wait_for(lambda: playing(display))
    finally:
        game.close()  # it is killed
    again = Game(display, "--glove", "keyboard", "--data", str(data))
    try:
        again.wait_for(lambda: display.share_of(LAMP, FIRST_PERSON_RING) > 0.3)
        display.press("Return")
        again.wait_for(lambda: display.share_of(LAMP, FIRST_PERSON_RING) < 0.3)
        again.wait_for(
            lambda: bool(kept(data, "SELECT 1 FROM session_events WHERE kind = 'taken up'"))
        )
    finally:
        again.close()
    assert len(kept(data, "SELECT 1 FROM sessions")) == 1
