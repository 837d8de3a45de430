"""Opening the library of a data folder, with its progress shown to whoever waits."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from game.cli.common import own_songs_folder

if TYPE_CHECKING:
    from game.cli.settings import Settings
    from game.music.library import Library

#: Told how many files of how many are done.
Report = Callable[[int, int], None]


def open_library(
    data: Path, settings: "Settings | None" = None, report: Report | None = None
) -> "Library":
    """The bundled songs, the user's own, and those of the folders in the settings, scanned.

    Close it. A first scan that takes long is told to ``report``; without one, it is shown on
    standard error if that is a terminal.
    """
    from game.music.library import Library, bundled_folder
    from game.music.library.index import FILE_NAME

    if settings is None:
        from game.cli.settings import read_settings

        settings = read_settings(data)
    # A folder in the settings may begin with ~, or be named from the data folder on.
    others = [data / os.path.expanduser(folder) for folder in settings.songs.folders]
    library = Library([bundled_folder(), own_songs_folder(data), *others], index=data / FILE_NAME)
    try:
        if report is not None:
            library.scan(report)
        else:
            with shown_progress("Reading songs") as shown:
                library.scan(shown)
    except BaseException:
        library.close()
        raise
    return library


@contextmanager
def shown_progress(words: str) -> Iterator[Report]:
    """A report that draws a bar on standard error, if somebody looks at it there.

    Nothing is drawn before the first file is done: most scans have nothing to read.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    # Only for whoever looks: it takes a while to import.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("songs", total=None, visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total, visible=True)
