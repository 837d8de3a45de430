"""``griptune replay``: watch a play again, judge it again, hand it on as a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

if TYPE_CHECKING:
    from game.music.song import Song
    from game.records.plays import PlayRecord
    from game.records.replays import Replay, Scene
    from game.records.store import Store


def replay(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PLAY_ID|FILE|last", help="A play's identifier or its beginning, or a file."
        ),
    ],
    out: Annotated[Path | None, typer.Option("--out", help="Write the play to this file.")] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Take a replay file into the records, as a guest's.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only judge it again and say what comes out.")
    ] = False,
    windowed: Annotated[
        bool, typer.Option("--windowed", help="Open a window instead of the full screen.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Watch a play again. With --out, --keep, --check or --json no window is opened."""
    folder = data_folder(data)
    found = open_replay(folder, source)
    differences = found.differences
    if out is not None:
        write_replay(found, out)
    if keep:
        _keep(folder, found)
    if as_json:
        print_json({**_document(found), "file": None if out is None else str(out)})
    elif out is not None or keep or check:
        _tell(found, out, keep)
    if differences and (check or as_json):
        raise typer.Exit(1)
    if not (out is not None or keep or check or as_json):
        from game.cli.stage import watch_replay

        watch_replay(folder, found, full_screen=not windowed)


def open_replay(folder: Path, source: str) -> "Replay":
    """The replay in the file ``source``, else of the play with this identifier in the records."""
    from game.cli.keeping import open_records
    from game.records.replays import MOST_BYTES, SUFFIX, from_bytes, replay_of

    path = Path(source)
    if path.suffix == SUFFIX or path.is_file():
        try:
            if path.stat().st_size > MOST_BYTES:
                raise UserError(f"{path.name} is too large to be a replay")
            return from_bytes(path.read_bytes())
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}") from error
    with open_records(folder) as store:
        play = store.load_play(_latest(store) if source == "last" else source)
    song = song_of(folder, play)
    return replay_of(play, scene_of(play, song))


def write_replay(found: "Replay", path: Path) -> None:
    """Write the file whole or not at all, and never over records. Raises RecordsError."""
    from game.records.export.sink import whole_file
    from game.records.replays import to_bytes

    with whole_file(path, private=False) as out:
        out.write(to_bytes(found))


def song_of(folder: Path, play: "PlayRecord") -> "Song | None":
    """The song that was played, if the library still has it as it was."""
    from game.cli.library import open_library
    from game.music.errors import MusicError
    from game.music.reading import read_song

    try:
        with open_library(folder) as library:
            song = read_song(library.find(play.song_key).path)
    except MusicError:
        return None
    return song if song.content_hash == play.song_hash else None


def scene_of(play: "PlayRecord", song: "Song | None") -> "Scene":
    """What a picture of the play needs of its song; little where the song is not known."""
    from game.records.replays import Scene

    if song is None:
        return Scene(play.duration_us)

    def played(pairs: Any) -> tuple[tuple[int, str], ...]:
        return tuple((round(time_us / play.tempo), text) for time_us, text in pairs)

    return Scene(
        round(song.length_us / play.tempo),
        (song.beats_us / play.tempo).astype("i8"),
        (song.bars_us / play.tempo).astype("i8"),
        played(song.lyrics),
        played(song.sections),
    )


def _latest(store: "Store") -> str:
    found = [store.plays(patient.code, 1) for patient in store.patients()]
    plays = [*(plays[0] for plays in found if plays), *store.guest_plays(1)]
    if not plays:
        raise UserError("nothing has been played yet")
    return max(plays, key=lambda play: play.started_at).id


def _keep(folder: Path, found: "Replay") -> None:
    from game.cli.keeping import open_records

    if found.differences:
        raise UserError(
            f"this replay was not kept: judged again, {_listed(found.differences)} come out "
            "differently"
        )
    with open_records(folder) as store:
        store.save_play(found.play)


def _document(found: "Replay") -> dict[str, Any]:
    play = found.play
    return {
        "play_id": play.id,
        "song": play.song_key,
        "title": play.song_title,
        "started_at": play.started_at.isoformat(),
        "hand": play.hand,
        "input": play.input_kind,
        "tempo": play.tempo,
        "software": play.software_version,
        "targets": play.asked,
        "hits": play.hits,
        "repetitions": play.repetitions,
        "score": play.score,
        "differences": list(found.differences),
    }


def _tell(found: "Replay", out: Path | None, keep: bool) -> None:
    play = found.play
    print(
        f"{play.song_title}, {play.started_at:%Y-%m-%d %H:%M}: {play.hits} of {play.asked} targets "
        f"hit, {play.repetitions} pinches, score {play.score}"
    )
    if found.differences:
        print(f"Judged again, {_listed(found.differences)} come out differently.")
    else:
        print("Judged again, it comes out the same.")
    if out is not None:
        print(f"Written to {out}")
    if keep:
        print("Kept in the records as a guest's play.")


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(words)
