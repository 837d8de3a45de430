"""``griptune screens DIR``: every screen with sample data, as PNG."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from game.cli.common import UserError, known_language


def draw_screens(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the pictures go.")],
    language: Annotated[
        list[str] | None,
        typer.Option("--lang", metavar="LANGUAGE", help="Only in this language; may be repeated."),
    ] = None,
    scale: Annotated[
        list[int] | None,
        typer.Option("--scale", metavar="PERCENT", help="Only at this scale, 100 to 200."),
    ] = None,
    palette: Annotated[
        list[str] | None,
        typer.Option("--palette", metavar="NAME", help="Only in these colours."),
    ] = None,
) -> None:
    """Draw every screen with sample data to PNG."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # pictures need no window
    for one in language or ():
        known_language(one)
    for percent in scale or ():
        if not 100 <= percent <= 200:
            raise UserError(f"--scale must lie between 100 and 200 percent, not {percent}")
    from game.stage import samples
    from game.words import LANGUAGES

    _refuse_unknown("--palette", palette or (), samples.PALETTES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}") from error
    for path in samples.draw_all(
        folder,
        languages=language or tuple(LANGUAGES),
        scales=scale or samples.SCALES,
        palettes=palette or samples.PALETTES,
    ):
        print(path)


def _refuse_unknown(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    for one in given:
        if one not in known:
            raise UserError(f"{option} is one of {', '.join(known)}, not “{one}”")
