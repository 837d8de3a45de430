"""``griptune songs import``: take in a folder of songs from another game."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from game.cli.common import (
    DataOption,
    JsonOption,
    UserError,
    data_folder,
    one_line,
    own_songs_folder,
    print_json,
)

if TYPE_CHECKING:
    from game.music.importing.finding import SongFolder
    from game.music.importing.importer import Importer, Outcome

_PACKED = {".zip", ".rar", ".7z", ".sng"}
#: More at once than this only makes the disk seek.
_MOST_WORKERS = 4


def import_songs(
    path: Annotated[
        Path, typer.Argument(help="A folder of Frets on Fire or Clone Hero songs, or one song.")
    ],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make songs of Frets on Fire or Clone Hero playable here."""
    from game.music.importing.finding import find_songs, is_chart
    from game.music.importing.importer import Importer

    if not path.exists():
        raise UserError(f"there is no folder {path}")
    if path.is_file() and path.suffix.lower() in _PACKED:
        raise UserError(f"{path} is packed; unpack it and give the folder")
    if path.is_file() and not is_chart(path):
        raise UserError(f"{path} is no chart; give the song's folder, notes.mid or .chart")
    own = own_songs_folder(data_folder(data))
    songs = find_songs(path, own)
    if not songs:
        raise UserError(
            f"there is no song of Frets on Fire or Clone Hero in {path}: none of its folders "
            "holds a notes.mid or a .chart file"
        )
    importer = Importer(own, _taken(own))
    outcomes = _import(importer, songs)
    fine = [outcome for outcome in outcomes if outcome.ok]
    refused = [outcome for outcome in outcomes if not outcome.ok]
    if as_json:
        print_json(
            {
                "folder": str(own),
                "imported": [_document(outcome) for outcome in fine],
                "refused": [
                    {"path": str(outcome.folder), "reason": outcome.reason} for outcome in refused
                ],
            }
        )
    else:
        for outcome in outcomes:
            print(_line(outcome))
    if fine and not as_json:
        print(f"\n{len(fine)} of {len(outcomes)} songs can be played now; they are in {own}")
    if not fine:
        raise UserError(
            refused[0].reason
            if len(refused) == 1
            else f"none of the {len(refused)} songs could be imported: {refused[0].reason}"
        )


def _taken(own: Path) -> set[str]:
    """The names of all songs there are: a new one with the same would take their place."""
    from game.music.library import SUFFIXES, bundled_folder

    return {
        path.stem
        for folder in (bundled_folder(), own)
        for path in folder.glob("**/*")
        if path.suffix.lower() in SUFFIXES
    } | {path.name for path in own.glob("*")}


def _import(importer: "Importer", songs: list["SongFolder"]) -> list["Outcome"]:
    """Run the import, with a progress bar if anyone watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("Importing songs"), BarColumn(), MofNCompleteColumn())
    watched = sys.stderr is not None and sys.stderr.isatty()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not watched
    ) as progress:
        task = progress.add_task("songs", total=len(songs))
        workers = min(_MOST_WORKERS, os.cpu_count() or 1)
        return importer.run(songs, lambda _: progress.advance(task), workers)


def _line(outcome: "Outcome") -> str:
    if not outcome.ok:
        return one_line(f"✗ {outcome.reason}")
    by = f" ({outcome.artist})" if outcome.artist else ""
    again = ", again" if outcome.replaced else ""
    return one_line(f"✓ {outcome.title}{by}: {outcome.targets} targets, as {outcome.name}{again}")


def _document(outcome: "Outcome") -> dict[str, Any]:
    return {
        "song": outcome.name,
        "title": outcome.title,
        "artist": outcome.artist,
        "path": str(outcome.folder),
        "targets": outcome.targets,
        "lead": outcome.lead,
        "replaced": outcome.replaced,
    }
