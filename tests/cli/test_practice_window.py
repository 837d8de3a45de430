"""Practising in a real window with the keyboard: the song waits for the key that is asked."""

import sqlite3
import time
from pathlib import Path

import pytest

from game.stage.theme import LAMP
from tests.cli.test_game_window import (
    CONTINUE_KEY,
    END_THE_SONG,
    PLAY_KEY,
    RESULT_NUMBER,
    START_KEY,
    data,
    display,
    playing,
    start,
)
from tests.cli.xvfb import needs_xvfb

__all__ = ["data", "display"]  # fixtures

pytestmark = [needs_xvfb, pytest.mark.display, pytest.mark.timeout(600)]

#: Every grip of a right hand on the keyboard.
GRIPS = ("h", "j", "k", "l", "semicolon")


def test_a_passage_is_practised_with_the_song_waiting_for_the_right_key(display, data: Path):
    game = start(display, data)
    try:
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) > 0.5)
        display.press("Down", "Down", "Return")
        game.wait_for(lambda: display.share_of(LAMP, START_KEY) > 0.5)
        # From Start back over "Any finger" to "Wait for me"; to "Speed", once more for 90 %.
        display.press("Up", "Up", "Return", "Up", "Return", "Down", "Down", "Down", "Return")
        game.wait_for(lambda: playing(display))
        time.sleep(9)
        began = time.monotonic()
        while time.monotonic() - began < 12:
            display.press(*GRIPS)
        display.press("Escape")
        game.wait_for(lambda: display.share_of(LAMP, CONTINUE_KEY) > 0.5)
        display.press(*END_THE_SONG)
        game.wait_for(lambda: display.share_of(LAMP, RESULT_NUMBER) > 0.02)
        display.press("Escape", "Escape", "Escape")
        assert game.ended() == ("", "")
    finally:
        game.close()
    with sqlite3.connect(data / "griptune.db") as database:
        [(mode, tempo, hits, omission)] = database.execute(
            "SELECT mode, tempo, hits, missed_omission FROM plays"
        )
        assert database.execute("SELECT count(*) FROM difficulty_states").fetchone() == (0,)
    assert (mode, tempo) == ("practice", 0.9)
    assert hits >= 2
    assert omission == 0, "nothing goes by while the song waits"
