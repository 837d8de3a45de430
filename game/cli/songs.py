"""``griptune songs``: the library, what a file would play like, its targets."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.common import (
    DataOption,
    JsonOption,
    UserError,
    data_folder,
    one_line,
    own_songs_folder,
    print_json,
    within,
)
from game.cli.songs_import import import_songs

if TYPE_CHECKING:
    from game.music.library import Library

app = typer.Typer(help="The songs: list them, check a MIDI file, print a chart, import others.")
app.command("import")(import_songs)


def open_library(data: Path) -> "Library":
    """The bundled songs and the user's own, scanned."""
    from game.music.library import Library, bundled_folder

    own = own_songs_folder(data)
    library = Library([bundled_folder(), own])
    library.scan()
    return library


@app.command("list")
def list_songs(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List every song that was found, and every file that was refused with its reason."""
    library = open_library(data_folder(data))
    if as_json:
        print_json(
            [
                {
                    "song": entry.key,
                    "title": entry.title,
                    "path": str(entry.path),
                    "ok": entry.ok,
                    "problem": entry.problem,
                }
                for entry in library.songs
            ]
        )
        return
    for entry in library.songs:
        said = entry.title if entry.ok else f"cannot be played: {entry.problem}"
        print(f"{one_line(entry.key):<28} {one_line(said)}")
    print(f"\nYour own songs go into {own_songs_folder(data_folder(data))}")


@app.command("check")
def check(
    paths: Annotated[list[Path], typer.Argument(help="MIDI files.")], as_json: JsonOption = False
) -> None:
    """Say whether each MIDI file is playable, and how it would be played."""
    from game.music.checking import check as check_file
    from game.music.checking import explain

    missing = [p for p in paths if not p.is_file()]
    if missing:
        raise UserError(f"there is no file {missing[0]}")
    documents = [check_file(path) for path in paths]
    if as_json:
        print_json(documents)
    else:
        for document in documents:
            for line in explain(document):
                print(line[: len(line) - len(line.lstrip())] + one_line(line))
    bad = next((d for d in documents if not d["ok"]), None)
    if bad is not None:
        raise UserError(str(bad["problems"][0]))


@app.command("chart")
def chart(
    song: Annotated[str, typer.Argument(help="A song's name or path.")],
    rate: Annotated[float | None, typer.Option(help="Targets per second; default: all.")] = None,
    tempo: Annotated[float, typer.Option(help="Tempo factor, 0.5 to 1.5.")] = 1.0,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the targets of a song."""
    from game.music.arranging import arrange
    from game.music.checking import chart_document
    from game.music.reading import read_song
    from game.therapy.to_music import tier_for

    within("--rate", rate, 0.1, 3, " targets/s")
    within("--tempo", tempo, 0.5, 1.5)
    entry = open_library(data_folder(data)).find(song)
    made = arrange(read_song(entry.path), tempo=tempo)
    document = chart_document(made, None if rate is None else tier_for(rate, made.rates))
    if as_json:
        print_json({"song": entry.key, "tempo": tempo, "rate": rate, **document})
        return
    for row in document["targets"]:
        print(
            f"{row['time_s']:9.3f} s  {row['grip']:<7} pitch {row['pitch']:3}  tier {row['tier']}"
        )
