"""The game in a real window, worked with a real keyboard's events, looked at pixel by pixel."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from game.music.library import bundled_folder
from game.stage.theme import LAMP, LANE
from tests.cli.running import griptune
from tests.cli.xvfb import Display, Game, needs_xvfb

pytestmark = [needs_xvfb, pytest.mark.display, pytest.mark.timeout(600)]

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

#: Where things are on the screens, in design pixels.
PLAY_KEY = (200, 670, 200, 30)
CONTINUE_KEY = (520, 480, 160, 30)
#: The key that starts practice.
START_KEY = (200, 920, 500, 30)
#: From Continue to the last of the five keys.
END_THE_SONG = ("Down", "Down", "Down", "Down", "Return")
RESULT_NUMBER = (60, 40, 400, 240)
FIRST_ROW_RING = (52, 176, 900, 12)
WHOLE = (0, 0, 1920, 1080)


@pytest.fixture
def display(tmp_path: Path):
    one = Display(tmp_path)
    yield one
    one.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def playing(display: Display) -> bool:
    """All five lane colours are on the screen, as nowhere but in play."""
    return all(display.share_of(colour, WHOLE) > 0.0004 for colour in LANE.values())


def start(display: Display, data: Path, *more: str) -> Game:
    return Game(display, *more, "--data", str(data))


def test_a_song_is_played_paused_resumed_and_ended_and_the_result_is_kept(display, data):
    game = start(display, data, "--glove", "virtual:steady?success=1&jitter_ms=20")
    try:
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) > 0.5)
        display.press("Return")
        game.wait_for(lambda: playing(display))
        time.sleep(12)
        display.press("Escape")
        game.wait_for(lambda: display.share_of(LAMP, CONTINUE_KEY) > 0.5)
        display.press("Return")
        game.wait_for(lambda: playing(display))
        time.sleep(6)
        display.press("Escape")
        game.wait_for(lambda: display.share_of(LAMP, CONTINUE_KEY) > 0.5)
        display.press(*END_THE_SONG)
        game.wait_for(lambda: display.share_of(LAMP, RESULT_NUMBER) > 0.05)
        display.press("Escape", "Escape", "Escape")
        assert game.ended() == ("", "")
    finally:
        game.close()
    with sqlite3.connect(data / "griptune.db") as database:
        [(hits, missed, interrupted)] = database.execute(
            "SELECT hits, missed_omission, interrupted FROM plays"
        )
    assert hits >= 2
    assert missed <= 1  # one may have fallen into the pause
    assert interrupted == 1


#: A window that hides whatever lies below it, until it is ended.
COVER = """
import pygame
pygame.display.init()
pygame.display.set_mode((1280, 720), pygame.NOFRAME).fill("magenta")
pygame.display.flip()
while not pygame.event.wait().type == pygame.QUIT:
    pass
"""


def test_a_screen_at_rest_is_whole_again_when_another_window_goes(display, data):
    game = start(display, data, "--glove", "keyboard")
    try:
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) > 0.5)
        cover = subprocess.Popen([sys.executable, "-c", COVER], env=display.environment())
        try:
            game.wait_for(lambda: display.share_of((255, 0, 255), WHOLE) > 0.99)
        finally:
            cover.kill()
            cover.wait()
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) > 0.5, seconds=30)
    finally:
        game.close()


def test_the_keyboard_plays_where_there_is_no_glove(display, data):
    game = start(display, data)
    try:
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) > 0.5)
        display.press("Return")
        game.wait_for(lambda: playing(display))
        time.sleep(3)
        display.press("h", "j", "k", "l", "semicolon")
        time.sleep(1)
        display.press("Escape", *END_THE_SONG)
        game.wait_for(lambda: display.share_of(LAMP, RESULT_NUMBER) > 0.02)
        display.press("Escape", "Escape", "Escape")
        game.ended()
    finally:
        game.close()
    with sqlite3.connect(data / "griptune.db") as database:
        [(repetitions, kind)] = database.execute("SELECT repetitions, input_kind FROM plays")
    assert repetitions == 5
    assert kind == "keyboard"


def test_a_file_put_into_the_folder_shows_while_the_songs_are_looked_at(display, data):
    game = start(display, data, "--glove", "keyboard")
    try:
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) > 0.5)
        display.press("Down", "Return")
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) < 0.5)
        time.sleep(0.5)
        before = display.pixels().copy()
        source = bundled_folder() / "greensleeves.mid"
        shutil.copyfile(source, data / "songs" / "from-my-daughter.mid")
        took = game.wait_for(lambda: (display.pixels() != before).any())
        print(f"on the screen after {took:.1f} s")
        assert not SOAK or took <= 2.0
    finally:
        game.close()


def test_one_song_in_a_window_prints_its_document(display, data, tmp_path):
    import mido

    file = mido.MidiFile()
    track = mido.MidiTrack([mido.MetaMessage("track_name", name="Melody")])
    for number in range(24):
        track.append(mido.Message("note_on", note=60 + number % 5, velocity=90, time=0))
        track.append(mido.Message("note_off", note=60 + number % 5, time=240))
    file.tracks.append(track)
    song = tmp_path / "short.mid"
    file.save(song)
    game = start(
        display, data, "play", str(song), "--json", "--rate", "1",
        "--glove", "virtual:steady?success=1&jitter_ms=0",
    )  # fmt: skip
    try:
        game.wait_for(lambda: display.share_of(LAMP, RESULT_NUMBER) > 0.05)
        display.press("Escape")
        out, _ = game.ended()
    finally:
        game.close()
    document = json.loads(out)
    assert document["hits"] == document["targets"] > 3
    assert document["interrupted"] is False


def test_a_wayland_less_x_less_machine_is_told_so(data):
    done = griptune("--data", data, DISPLAY=":987", WAYLAND_DISPLAY=None)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
