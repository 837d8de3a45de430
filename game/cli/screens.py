"""``griptune screens DIR``: every screen with sample data, as PNG."""

import os
from pathlib import Path
from typing import Annotated

import typer

from game.cli.common import UserError


def draw_screens(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the pictures go.")],
) -> None:
    """Draw every screen with sample data to PNG."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # pictures need no window
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}") from error
    from game.stage.samples import draw_all

    for path in draw_all(folder):
        print(path)
