"""The first start, the tutorial and an unplugged glove, in a real window with a real tty."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from game.stage.theme import LAMP, LANE
from tests.cli.running import griptune
from tests.cli.xvfb import PATIENCE_S, Display, Game, needs_xvfb

pytestmark = [
    needs_xvfb,
    pytest.mark.display,
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals"),
]

#: On a quiet machine people's limits hold: a minute to music, a minute and a half of tutorial.
SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

#: Where things are on the screens, in design pixels.
WHOLE = (0, 0, 1920, 1080)
PLAY_KEY = (200, 670, 200, 30)
FIRST_PERSON_RING = (120, 172, 300, 7)
SHOW_ME = (410, 890, 90, 80)
FIRST_DOT = (862, 456, 30, 30)
SKIP_RING = (1620, 37, 180, 5)
CHOSEN_PLAY_KEY = (1080, 790, 100, 40)
GLOVE_HELP = (1150, 420, 80, 80)
CONTINUE = (1150, 260, 80, 80)


@pytest.fixture
def display(tmp_path: Path):
    one = Display(tmp_path)
    yield one
    one.close()


def playing(display: Display) -> bool:
    """All five lane colours are on the screen, as nowhere but in play."""
    return all(display.share_of(colour, WHOLE) > 0.0004 for colour in LANE.values())


def lit(display: Display, box: tuple[int, int, int, int]) -> bool:
    return display.share_of(LAMP, box) > 0.6


def plug_in(link: Path) -> subprocess.Popen[str]:
    """A glove that pinches whatever it is shown."""
    glove = subprocess.Popen(
        [sys.executable, "-m", "game", "glove", "simulate", "--link", str(link)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + PATIENCE_S
    while not link.is_symlink() and time.monotonic() < until:
        assert glove.poll() is None, glove.communicate()[1]
        time.sleep(0.05)
    return glove


def unplug(glove: subprocess.Popen[str], link: Path) -> None:
    glove.kill()
    glove.communicate()
    # Somebody else's terminal may get the same number at once.
    link.unlink()


def test_from_a_first_start_to_music_for_who_only_presses_the_biggest_button(display, tmp_path):
    began = time.monotonic()
    game = Game(display, "--data", str(tmp_path / "data"))
    try:
        until = began + (60 if SOAK else PATIENCE_S)
        while lit(display, PLAY_KEY) or not playing(display):
            assert time.monotonic() < until, "no music yet"
            display.press("Return")
            time.sleep(1)
        print(f"music after {time.monotonic() - began:.0f} s")
    finally:
        game.close()


def test_the_tutorial_is_worked_by_glove_and_an_unplugged_glove_pauses_the_song(display, tmp_path):
    data, link = tmp_path / "data", tmp_path / "glove"
    assert griptune("patient", "add", "ANNA-1", "--data", data).returncode == 0
    plan = ("--preset", "middle", "--grips", "index,ring", "--author", "Dr. Ruiz")
    done = griptune("patient", "prescribe", "ANNA-1", *plan, "--data", data)
    assert done.returncode == 0, done.stderr
    glove = plug_in(link)
    # With a therapist beside her no question comes before the song.
    game = Game(display, "--therapist", "--glove", f"serial:{link}", "--data", str(data))
    try:
        game.wait_for(lambda: display.share_of(LAMP, FIRST_PERSON_RING) > 0.3)
        display.press("Return")
        game.wait_for(lambda: lit(display, SHOW_ME))
        display.press("Return")
        began = time.monotonic()
        # The glove is shown the finger and pinches it: one dot is lit, then the other.
        game.wait_for(lambda: lit(display, FIRST_DOT))
        # Then the highway, on which nothing is in focus; then the songs.
        game.wait_for(lambda: not lit(display, SKIP_RING))
        game.wait_for(lambda: playing(display))
        game.wait_for(lambda: lit(display, CHOSEN_PLAY_KEY))
        assert not SOAK or time.monotonic() - began < 90

        display.press("Return")  # the first song
        game.wait_for(lambda: playing(display))
        time.sleep(4)
        unplug(glove, link)
        game.wait_for(lambda: lit(display, GLOVE_HELP))
        assert not playing(display)
        glove = plug_in(link)
        game.wait_for(lambda: lit(display, CONTINUE))
        display.press("Return")
        game.wait_for(lambda: playing(display))
    finally:
        game.close()
        if glove.poll() is None:
            unplug(glove, link)
