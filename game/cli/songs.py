"""``griptune songs``: the library, what a file would play like, its targets."""

from datetime import datetime
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
    within,
)
from game.cli.library import open_library, shown_progress
from game.cli.songs_import import import_songs

if TYPE_CHECKING:
    from game.music.library import Entry, Library
    from game.music.library.lists import Listener

app = typer.Typer(help="The songs: list them, check a MIDI file, print a chart, import others.")
app.command("import")(import_songs)

#: Orders that say something about a person.
_PERSONAL = ("for-you", "favourites", "recent", "fits")


@app.command("list")
def list_songs(
    search: Annotated[
        str, typer.Option("--search", metavar="WORDS", help="In title, composer, origin or mood.")
    ] = "",
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar="ORDER",
            help="title or rate; with --patient also fits, recent, favourites or for-you.",
        ),
    ] = None,
    patient: Annotated[
        str | None, typer.Option("--patient", metavar="CODE", help="As this patient's list.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every song that was found, and every file that was refused with its reason."""
    from game.music.library.lists import NOBODY, Order, ordered
    from game.music.library.lists import search as found_in

    known = [order.value for order in Order]
    if sort is not None and sort not in known:
        raise UserError(f"there is no order “{sort}”; the orders are {', '.join(known)}")
    if sort in _PERSONAL and patient is None:
        raise UserError(f"--sort {sort} is about a patient: say whose list with --patient CODE")
    folder = data_folder(data)
    who = NOBODY
    with open_library(folder) as library:
        if patient is not None:
            who = _listener(folder, library, patient)
        if patient is not None or sort == Order.RATE:
            with shown_progress("Working out rates") as shown:
                library.work_out_rates(shown)
        songs = found_in(library.songs, search) if search.strip() else list(library.songs)
        if sort is not None:
            songs = ordered(songs, Order(sort), who, datetime.now().astimezone())
    if as_json:
        print_json([_document(entry, None if patient is None else who) for entry in songs])
        return
    for entry in songs:
        said = entry.title if entry.ok else f"cannot be played: {entry.problem}"
        print(f"{one_line(entry.key):<28} {one_line(said)}")
    if search.strip() and not songs:
        print(f"No song has “{one_line(search)}” in its title, composer, origin or mood.")
    print(f"\nYour own songs go into {own_songs_folder(folder)}")


def _listener(folder: Path, library: "Library", code: str) -> "Listener":
    """The patient as lists know them, with the hand and the kind of input of their last play."""
    from game.cli.keeping import now_here, open_records
    from game.cli.listening import listener_of

    with open_records(folder) as store:
        patient = store.patient(code)
        last = store.plays(code, 1, hand=patient.hand)
        input_kind = last[0].input_kind if last else "glove"
        today = now_here().date()
        return listener_of(store, library.songs, patient, patient.hand, input_kind, today)


def _document(entry: "Entry", who: "Listener | None") -> dict[str, Any]:
    """A song of ``songs list --json``; ``who`` adds what it is to this person.

    ``rates`` is null where they were not worked out yet: the game does that when it is idle,
    ``--sort rate`` at once.
    """
    from game.music.library.lists import fits

    document = {
        "song": entry.key,
        "title": entry.title,
        "path": str(entry.path),
        "ok": entry.ok,
        "problem": entry.problem,
        "composer": entry.composer,
        "origin": entry.origin,
        "mood": entry.mood,
        "seconds": round(entry.seconds, 3),
        "rates": [round(rate, 4) for rate in entry.rates] or None,
        "recorded": entry.recorded,
        "has_lyrics": entry.has_lyrics,
        "bundled": entry.bundled,
        "content_hash": entry.content_hash,
    }
    if who is None:
        return document
    played = who.played.get(entry.key)
    return document | {
        "fits": fits(entry, who.level),
        "favourite": entry.key in who.favourites,
        "plays": 0 if played is None else played.plays,
        "last_played": None if played is None else played.last_at.isoformat(),
        "best_this_week": None if played is None else played.best,
    }


@app.command("check")
def check(
    paths: Annotated[list[Path], typer.Argument(help="MIDI files.")], as_json: JsonOption = False
) -> None:
    """Say whether each MIDI file is playable, and how it would be played."""
    from game.music.checking import check as check_file
    from game.music.checking import explain

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
    from game.music.tempo import check_tempo
    from game.therapy.to_music import tier_for

    within("--rate", rate, 0.1, 3, " targets/s")
    within("--tempo", tempo, 0.5, 1.5)
    with open_library(data_folder(data)) as library:
        entry = library.find(song)
    read = read_song(entry.path)
    check_tempo(read, tempo)
    made = arrange(read, tempo=tempo)
    document = chart_document(made, None if rate is None else tier_for(rate, made.rates))
    if as_json:
        print_json({"song": entry.key, "tempo": tempo, "rate": rate, **document})
        return
    for row in document["targets"]:
        print(
            f"{row['time_s']:9.3f} s  {row['grip']:<7} pitch {row['pitch']:3}  tier {row['tier']}"
        )
