"""``griptune patient export`` and ``import``: records out for others, and back in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from game import __version__
from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

if TYPE_CHECKING:
    from game.records.export.people import Progress
    from game.records.plays import PlayRecord
    from game.records.replays import Scene
    from game.records.store import Store


class Format(StrEnum):
    """How records are written."""

    JSON = "json"
    CSV = "csv"
    ORIGINAL = "original"
    FHIR = "fhir"
    REPLAYS = "replays"


#: What each format counts.
_COUNTED = {
    Format.JSON: "facts",
    Format.CSV: "plays",
    Format.ORIGINAL: "songs",
    Format.FHIR: "resources",
    Format.REPLAYS: "replays",
}


def export(
    out: Annotated[
        Path,
        typer.Option(
            "--out", help="The file to write; for csv, original, replays a folder or zip."
        ),
    ],
    code: Annotated[str | None, typer.Argument(help="The patient's code.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Export every patient.")] = False,
    format: Annotated[
        Format | None,
        typer.Option(
            "--format", help="json: everything, to be taken in again; default by the file's name."
        ),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a patient's records for others: json, csv, original, fhir or replays."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login

    if (code is None) != everybody:
        raise UserError("give a patient's code, or --all for everybody")
    chosen = _format(out, format)
    codes = None if code is None else [code]
    folder = data_folder(data)
    with open_records(folder) as store, progress_bar("Exporting", as_json) as progress:
        count = _write(folder, store, out, codes, chosen, progress)
        store.audit(login(), "export", f"records as {chosen.value}", code)
    if as_json:
        print_json({"file": str(out), "format": chosen.value, "count": count})
    else:
        print(f"{out}: {count} {_COUNTED[chosen]}, {chosen.value}.")


def import_records(
    file: Annotated[Path, typer.Argument(help="A file of griptune patient export, json.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in an export: all of it, or nothing. What is here already stays as it is."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login
    from game.records.export.json_file import read_json

    with (
        open_records(data_folder(data)) as store,
        progress_bar("Importing", as_json) as progress,
    ):
        new, every = read_json(store, file, progress=progress)
        store.audit(login(), "import", f"{new} of {every} facts")
    if as_json:
        print_json({"file": str(file), "new": new, "facts": every})
    else:
        print(f"{file}: {new} new facts, {every - new} were here already.")


@contextmanager
def progress_bar(what: str, quiet: bool) -> Iterator[Callable[[float], None]]:
    """A bar on standard error, if somebody looks at it."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    hidden = quiet or not sys.stderr.isatty()
    with Bar(console=Console(stderr=True), transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _format(out: Path, given: Format | None) -> Format:
    if given is not None:
        return given
    named = {".json": Format.JSON, ".zip": Format.CSV, "": Format.CSV}.get(out.suffix.lower())
    if named is None:
        raise UserError(
            f"what “{out.name}” shall be is not clear: use --format "
            f"{', '.join(f.value for f in Format)}"
        )
    return named


def _write(
    folder: Path,
    store: "Store",
    out: Path,
    codes: list[str] | None,
    format: Format,
    progress: "Progress",
) -> int:
    if format is Format.JSON:
        from game.records.export.json_file import write_json

        return write_json(store, out, codes, software=__version__, progress=progress)
    if format is Format.FHIR:
        from game.records.export.fhir import write_fhir

        return write_fhir(store, out, codes, software=__version__, progress=progress)
    if format is Format.ORIGINAL:
        from game.records.export.original_csv import write_original

        return write_original(store, out, codes, progress=progress)
    if format is Format.REPLAYS:
        from game.records.export.replay_files import write_replays

        return write_replays(store, out, codes, _scenes(folder), progress=progress)
    from game.records.export.tables_csv import write_tables

    return write_tables(store, out, codes, progress=progress)


def _scenes(folder: Path) -> "Callable[[PlayRecord], Scene]":
    """What is known of the songs of plays: each song is read once."""
    from game.cli.replay import scene_of, song_of

    songs = {}

    def scene(play: "PlayRecord") -> "Scene":
        key = (play.song_key, play.song_hash)
        if key not in songs:
            songs[key] = song_of(folder, play)
        return scene_of(play, songs[key])

    return scene
