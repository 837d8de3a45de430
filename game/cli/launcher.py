"""``griptune launcher``: an icon on the desktop that opens the game."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from game.cli.common import UserError, data_folder


def launcher(
    desktop: Annotated[
        bool, typer.Option("--desktop/--no-desktop", help="Put it on the desktop.")
    ] = True,
    menu: Annotated[
        bool, typer.Option("--menu/--no-menu", help="Put it in the start menu.")
    ] = True,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="The game it opens keeps its records here."),
    ] = None,
) -> None:
    """Put an icon on the desktop and in the menu that opens the game."""
    if not desktop and not menu:
        raise UserError("with --no-desktop and --no-menu there is nothing to do")
    made = make_launcher(data, desktop=desktop, menu=menu)
    for path in made:
        print(f"Griptune opens with {path}")


def make_launcher(data: Path | None, *, desktop: bool, menu: bool) -> list[Path]:
    """Make the launcher; returns the files that open the game. Raises UserError."""
    # pyshortcuts knows where the three platforms want their shortcuts, and how.
    import os

    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # the icon is drawn without a window
    from pyshortcuts import make_shortcut

    from game.stage.app_icon import write_icon

    arguments = ["-m", "game"]
    if data is not None:
        arguments += ["--data", _quoted(str(data.resolve()))]
    try:
        icon = write_icon(data_folder(data) / "icon", sys.platform)
        made = make_shortcut(
            "_ " + " ".join(arguments),
            name="Griptune",
            description="Pinch in time to a song",
            icon=str(icon),
            working_dir=str(Path.home()),
            terminal=False,
            desktop=desktop,
            startmenu=menu,
            executable=_quoted(sys.executable) if sys.platform != "win32" else sys.executable,
        )
    except OSError as error:
        raise UserError(f"the launcher could not be made: {error}") from error
    folders = [made.desktop_dir] if desktop else []
    if menu and made.startmenu_dir:
        folders.append(made.startmenu_dir)
    return [Path(folder) / made.target for folder in folders]


def _quoted(text: str) -> str:
    """``text`` as one word of a command, where it has spaces."""
    return f'"{text}"' if " " in text else text
