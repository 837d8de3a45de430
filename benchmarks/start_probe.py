"""The game, started until its first frame or until it is ready to play: ``frame`` or ``ready``."""

import os
import sys
from pathlib import Path

from game.cli.stage import run_game

if __name__ == "__main__":
    until = sys.argv[1]
    data = Path(os.environ["GRIPTUNE_DATA"])
    if until == "frame":
        run_game(data, "keyboard", full_screen=False, first_frame=lambda: os._exit(0))
    run_game(data, "keyboard", full_screen=False, ready=lambda: True)
