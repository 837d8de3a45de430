"""The user's own songs: a MIDI file that was dropped on the window, copied into their folder."""

import os
import shutil
from pathlib import Path

from game.cli.common import own_songs_folder
from game.music.beside import find_recorded
from game.music.errors import MusicError
from game.music.reading import read_song


def take_in(data: Path, path: Path) -> Path:
    """Copy a MIDI file into the user's own songs; returns where it is then.

    Raises MusicError if it cannot be played.
    """
    read_song(path)
    folder = own_songs_folder(data)
    if path.resolve().parent == folder.resolve():
        return path
    target = _free_name(path, folder)
    recorded = find_recorded(path, 0.0)
    audio = (recorded.path, recorded.lead) if recorded else ()
    try:
        # The song last: then it is complete.
        for source in (path.with_suffix(".toml"), *audio, path):
            if source is not None and source.is_file():
                _copy(source, target.with_name(target.stem + source.name[len(path.stem) :]))
    except OSError as error:
        raise MusicError(f"{path.name} could not be copied: {error.strerror}") from error
    return target


def _free_name(path: Path, folder: Path) -> Path:
    """Where ``path`` may go in ``folder``: another song of the same name is not overwritten."""
    target = folder / path.name
    number = 2
    while target.exists() and target.read_bytes() != path.read_bytes():
        target = folder / f"{path.stem} ({number}){path.suffix}"
        number += 1
    return target


def _copy(source: Path, target: Path) -> None:
    """Copy so that ``target`` is the old file or the new one, never half of it."""
    half = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(source, half)
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)
