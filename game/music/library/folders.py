"""What song files there are, and what tells one version of a file from the next.

Looking costs one listing of each folder and one ``stat`` of each file that matters; nothing is
opened. A song is more than its MIDI file: the ``.toml`` and the recordings beside it are looked at
with it.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import songs as bundled

SUFFIXES = frozenset({".mid", ".midi", ".kar"})
#: How deep below a folder songs are looked for.
MAX_DEPTH = 4

#: What may lie beside NAME.mid and be part of the song: NAME and one of these.
_BESIDE = (
    ".toml",
    *(lead + suffix for lead in ("", ".lead") for suffix in (".ogg", ".opus", ".mp3", ".flac")),
    ".wav",
    ".lead.wav",
)
#: Files larger than this are refused unread, so that their size says enough of them.
_MOST_BYTES = 8_000_000


class FileState(NamedTuple):
    """A song file as it was seen.

    ``folder`` is the number of the folder it was found in, ``stamp`` changes when the file or one
    beside it does (sizes and times), ``written_s`` is when that last happened.
    """

    folder: int
    stamp: str
    written_s: float


def bundled_folder() -> Path:
    """The folder of the songs that come with Griptune."""
    return Path(bundled.__file__).parent


def look(folders: Iterable[Path]) -> dict[Path, FileState]:
    """Every song file below ``folders``, by path within each. Folders that are not there are
    empty; a file that two of them hold belongs to the first."""
    found: dict[Path, FileState] = {}
    for number, folder in enumerate(folders):
        for path, stamp, written_s in _song_files(folder, MAX_DEPTH):
            if path not in found:
                found[path] = FileState(number, stamp, written_s)
    return found


def _song_files(folder: Path, depth: int) -> Iterator[tuple[Path, str, float]]:
    try:
        with os.scandir(folder) as listing:
            items = sorted(listing, key=lambda item: item.name)
    except OSError:
        return
    # Endings are compared without regard to case: some systems find NAME.OGG as NAME.ogg.
    by_name = {item.name.casefold(): item for item in items}
    for item in items:
        if item.name.startswith("."):
            continue
        try:
            stem, suffix = os.path.splitext(item.name)
            if suffix.lower() in SUFFIXES and item.is_file():
                yield folder / item.name, *_state(item, stem.casefold(), by_name)
            elif depth > 0 and item.is_dir(follow_symlinks=False):
                yield from _song_files(folder / item.name, depth - 1)
        except OSError:
            continue  # it went while we looked


def _state(
    item: "os.DirEntry[str]", stem: str, by_name: "dict[str, os.DirEntry[str]]"
) -> tuple[str, float]:
    file = item.stat()
    stamp = f"{file.st_size} {file.st_mtime_ns}"
    written_ns = file.st_mtime_ns
    for ending in _BESIDE:
        other = by_name.get(stem + ending)
        if other is not None:
            beside = other.stat()
            stamp += f" {ending} {beside.st_size} {beside.st_mtime_ns}"
            written_ns = max(written_ns, beside.st_mtime_ns)
    return stamp, written_ns / 1e9


def content_of(path: Path) -> str:
    """What a reading of ``path`` rests on, as a digest: its content, that of the files beside it,
    and its own name (a song without a title is called after it); not where it lies.

    Empty if the file cannot be read now.
    """
    from game.music.beside import audio_fingerprint, author_bytes, find_recorded

    digest = hashlib.sha256(os.fsencode(path.name) + b"\0")
    try:
        size = path.stat().st_size
        digest.update(f"{size}\0".encode())
        if size <= _MOST_BYTES:
            digest.update(path.read_bytes())
        notes, problem = author_bytes(path)
        digest.update(b"\0toml\0" + notes + problem.encode())
    except OSError:
        return ""
    digest.update(b"\0audio\0" + audio_fingerprint(find_recorded(path, 0.0)))
    return digest.hexdigest()
