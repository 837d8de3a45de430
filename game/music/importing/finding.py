"""The songs of another game below a folder."""

import os
from dataclasses import dataclass
from pathlib import Path

from game.music.errors import MusicError
from game.music.importing.chart_format import read_chart
from game.music.importing.fretted import FretSong
from game.music.importing.ini import read_ini
from game.music.importing.notes_mid import read_notes_mid

#: How deep below the given folder songs are looked for, and how many are taken at most.
MAX_DEPTH = 10
MAX_SONGS = 20_000
MAX_CHART_BYTES = 16_000_000

_MIDI_NAMES = ("notes.mid", "notes.midi")


@dataclass(frozen=True)
class SongFolder:
    """A folder that holds a song: ``charts`` are its chart files, the one to be tried first first;
    ``files`` all its files."""

    path: Path
    charts: tuple[Path, ...]
    files: tuple[Path, ...]

    def read_about(self) -> dict[str, str]:
        """What ``song.ini`` says; nothing if there is none."""
        for file in self.files:
            if file.name.casefold() == "song.ini":
                try:
                    return read_ini(file.read_bytes())
                except OSError:
                    return {}
        return {}

    def read_chart(self) -> FretSong:
        """The first of the charts that has one for five frets.

        Raises MusicError, the sentence about the first chart, if none does.
        """
        first_error: MusicError | None = None
        for path in self.charts:
            try:
                song = _read(path)
                if song.hardest() is None:
                    raise MusicError(f"{path}: it has no chart for a guitar of five frets.")
                return song
            except MusicError as error:
                first_error = first_error or error
        assert first_error is not None, "a song folder has a chart"
        raise first_error


def find_songs(root: Path, leave_out: Path) -> list[SongFolder]:
    """Every folder at or below ``root`` that holds a song, in the order of their paths.

    ``root`` may also be a chart file itself, which stands for its folder. ``leave_out`` is not
    looked into; hidden folders and links to folders are not either.
    """
    if not root.is_dir():
        root = root.parent
    found: list[SongFolder] = []
    _look(root, leave_out.resolve(), MAX_DEPTH, found)
    return found


def is_chart(path: Path) -> bool:
    """Whether a file of this name would be taken for a song's chart."""
    return _rank(path) is not None


def _look(folder: Path, leave_out: Path, depth: int, found: list[SongFolder]) -> None:
    if folder.resolve() == leave_out or len(found) >= MAX_SONGS:
        return
    try:
        with os.scandir(folder) as listing:
            items = sorted(listing, key=lambda item: item.name)
        below = [item for item in items if item.is_dir(follow_symlinks=False)]
        files = tuple(Path(item.path) for item in items if item.is_file())
    except OSError:
        return
    charts = sorted(
        (path for path in files if _rank(path) is not None), key=lambda p: (_rank(p), p.name)
    )
    if charts:
        found.append(SongFolder(folder, tuple(charts), files))
    if depth > 0:
        for item in below:
            if not item.name.startswith("."):
                _look(Path(item.path), leave_out, depth - 1, found)


def _rank(path: Path) -> int | None:
    """How early a file is tried as the chart; None if it is none.

    ``notes.chart`` before ``notes.mid``; then charts named after the song, of which editors write
    two: ``[Y]`` or ``[F]`` has all the notes.
    """
    name, suffix = path.name.casefold(), path.suffix.casefold()
    if name == "notes.chart":
        return 0
    if name in _MIDI_NAMES:
        return 1
    if suffix != ".chart":
        return None
    return 2 if path.stem.casefold().rstrip(" ])").endswith(("[y", "[f", "(y", "(f")) else 3


def _read(path: Path) -> FretSong:
    try:
        if path.stat().st_size > MAX_CHART_BYTES:
            raise MusicError(f"{path}: it is too large to be a chart; up to 16 MB are read.")
        data = path.read_bytes()
    except OSError as error:
        raise MusicError(f"{path}: cannot be read ({error.strerror or error}).") from None
    if path.suffix.casefold() == ".chart":
        return read_chart(path, data)
    return read_notes_mid(path, data)
