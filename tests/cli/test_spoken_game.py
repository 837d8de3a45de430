"""The game read aloud, through a program in the place of the platform's speech that takes notes."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from game.stage.theme import LAMP
from tests.cli.xvfb import Display, Game, needs_xvfb

pytestmark = [needs_xvfb, pytest.mark.display]

PLAY_KEY = (200, 670, 200, 30)

SPEECH = f"""#!{sys.executable}
import sys
with open(__file__ + ".said", "a", encoding="utf-8") as notes:
    notes.write(sys.argv[2] + ": " + sys.stdin.read() + "\\n")
"""


@pytest.fixture
def notes(tmp_path: Path, monkeypatch) -> Path:
    program = tmp_path / "bin" / "espeak-ng"
    program.parent.mkdir()
    program.write_text(SPEECH)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program.with_name("espeak-ng.said")


def said(notes: Path) -> str:
    return notes.read_text(encoding="utf-8") if notes.exists() else ""


def test_screens_are_read_and_then_what_the_focus_moves_to(tmp_path, notes):
    data = tmp_path / "data"
    data.mkdir()
    (data / "settings.toml").write_text('[sound]\nspeak = true\n[display]\nlanguage = "de"\n')
    display = Display(tmp_path)
    game = Game(display, "--data", str(data))
    try:
        game.wait_for(lambda: display.share_of(LAMP, PLAY_KEY) > 0.5)
        game.wait_for(lambda: "de: " in said(notes))
        before = said(notes)
        display.press("Tab")
        game.wait_for(lambda: len(said(notes)) > len(before))
        # Only what is new: the key that is focused now, not the whole screen once more.
        time.sleep(0.5)
        assert len(said(notes)) - len(before) < len(before)
    finally:
        game.close()
        display.close()
