"""A fault of the game itself: one sentence on the screen, the play kept, nothing of whom told."""

import sqlite3
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from game.cli.crash import report
from game.stage.theme import LAMP, LANE
from tests.cli.xvfb import PATIENCE_S, Display, needs_xvfb

WHOLE = (0, 0, 1920, 1080)

#: The game, with a mistake in it that strikes while a song plays.
BROKEN = """
import sys
from game.stage.live_play import LivePlay

view, frames = LivePlay.view, []

def broken(self, *about):
    frames.append(1)
    if len(frames) == 500:
        raise RuntimeError("the name of the patient is ANNA-1")
    return view(self, *about)

LivePlay.view = broken
from game.cli import main
main(sys.argv[1:])
"""


@needs_xvfb
@pytest.mark.display
def test_a_fault_in_play_is_one_sentence_and_the_pinches_are_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    display = Display(tmp_path)
    game = subprocess.Popen(
        [
            *(sys.executable, "-c", BROKEN, "play", "ode-to-joy", "--rate", "1.5"),
            *("--glove", "virtual:steady?success=1&jitter_ms=20", "--data", str(data)),
        ],
        env=display.environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: in_play(display), game)
        # The screen with the sentence has a lamplit key where the play has none, and no lanes.
        wait_for(lambda: not in_play(display) and display.share_of(LAMP, WHOLE) > 0.01, game)
        display.press("Return")
        _, said = game.communicate(timeout=PATIENCE_S)
    finally:
        if game.poll() is None:
            game.kill()
        display.close()
    assert game.returncode == 1
    [line] = said.splitlines()
    assert "had a fault" in line
    assert "is kept" in line
    [file] = (data / "faults").iterdir()
    told = file.read_text(encoding="utf-8")
    assert "RuntimeError" in told
    assert "game/stage/" in told
    assert "ANNA-1" not in told
    with sqlite3.connect(data / "griptune.db") as database:
        [(hits, interrupted)] = database.execute("SELECT hits, interrupted FROM plays")
    assert hits >= 1
    assert interrupted == 1


def wait_for(what, game: subprocess.Popen, seconds: float = PATIENCE_S) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert game.poll() is None, game.communicate()[1]
        assert time.monotonic() < until, "it never came to the screen"
        time.sleep(0.05)


def in_play(display: Display) -> bool:
    return all(display.share_of(colour, WHOLE) > 0.0004 for colour in LANE.values())


def test_a_report_tells_where_and_not_whom(tmp_path: Path) -> None:
    def fails() -> None:
        try:
            raise KeyError("Blue Heron")
        except KeyError as error:
            raise ValueError("ANNA-1 cannot be read") from error

    for second in range(25):
        with pytest.raises(ValueError, match="ANNA-1") as raised:
            fails()
        told = report(raised.value, tmp_path, datetime(2026, 3, 2, 12, 0, second))
    files = sorted((tmp_path / "faults").iterdir())
    assert len(files) == 20
    text = files[-1].read_text(encoding="utf-8")
    assert str(files[-1]) in str(told)
    assert "ValueError" in text
    assert "caused by" in text
    assert "KeyError" in text
    assert "ANNA" not in text
    assert "Heron" not in text
    assert str(tmp_path) not in text


def test_where_nothing_can_be_written_the_sentence_is_all(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert str(report(ValueError("x"), blocked, datetime(2026, 3, 2))).endswith("is kept")
