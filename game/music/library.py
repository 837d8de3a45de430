"""The songs that are there: folders of MIDI files, watched while the game runs.

The state of a folder is what ``stat`` says of its files. Whoever wants everything now calls
:meth:`Library.scan`; the running game calls :meth:`Library.poll` about once a second, which only
looks: files that are new or changed are read in a thread of the library, and what came of it is
picked up by a later poll.
"""

import difflib
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import songs as bundled
from game.music.errors import MusicError
from game.music.reading import read_song
from game.music.song import Song

SUFFIXES = frozenset({".mid", ".midi", ".kar"})
#: How deep below a folder songs are looked for.
MAX_DEPTH = 4
#: A file that was written within this many seconds may still be on its way; if it cannot be
#: read, it is tried again before it is refused.
COPYING_S = 2.0

#: So many notes of the melody make a song's picture.
COVER_NOTES = 15

_Stamp = tuple[int, int, int, int]


@dataclass(frozen=True)
class Entry:
    """One file of the library.

    ``key`` is unique: the name of the file without its ending, with a number if two have the
    same. If ``ok`` is false, ``problem`` says why the file was refused, and ``title`` is its
    name. ``seconds`` is its length at tempo 1.0, ``pitches`` the first notes of
    its melody (its picture is drawn from them), ``meta`` what its ``.toml`` says.
    """

    key: str
    path: Path
    title: str
    ok: bool
    problem: str = ""
    seconds: float = 0.0
    pitches: tuple[int, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def mood(self) -> str:
        """What its ``.toml`` calls its mood, or nothing."""
        return str(self.meta.get("mood", ""))


@dataclass(frozen=True)
class Changes:
    """Keys that were added, changed or removed; false if nothing was."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def bundled_folder() -> Path:
    """The folder of the songs that come with Griptune."""
    return Path(bundled.__file__).parent


class Library:
    """The songs in ``folders``, earlier folders first. Folders that are not there are empty.

    Nothing is read before the first :meth:`scan` or :meth:`poll`. ``wall_clock`` returns seconds
    as the times of files do.
    """

    def __init__(
        self, folders: Iterable[str | Path], *, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self._wall_clock = wall_clock
        self._seen: dict[Path, _Stamp] = {}
        self._files: dict[Path, Entry] = {}
        self._entries: tuple[Entry, ...] = ()
        self._to_read: queue.SimpleQueue[tuple[Path, _Stamp] | None] = queue.SimpleQueue()
        self._read: queue.SimpleQueue[tuple[Path, _Stamp, Entry]] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None

    @property
    def songs(self) -> tuple[Entry, ...]:
        """Every file that was read, refused ones as well, by title within its folder."""
        return self._entries

    def scan(self) -> Changes:
        """Look at every file and read what is new or changed, here and now."""
        found = self._look()
        for path, stamp in found.items():
            if self._seen.get(path) != stamp:
                self._seen[path] = stamp
                self._files[path] = _entry(path)
        self._forget(found)
        return self._publish()

    def poll(self) -> Changes:
        """Look at every file; take in what was read since, and have read what is new.

        Takes about as long as the operating system needs to list the folders, whatever is in
        them. A file shows up one or two polls after it was copied.
        """
        while True:
            try:
                path, stamp, entry = self._read.get_nowait()
            except queue.Empty:
                break
            if self._seen.get(path) != stamp:
                continue  # it has changed or gone since
            if not entry.ok and self._wall_clock() - stamp[1] / 1e9 < COPYING_S:
                del self._seen[path]  # perhaps half copied: the look below has it read again
            else:
                self._files[path] = entry
        found = self._look()
        for path, stamp in found.items():
            if self._seen.get(path) != stamp:
                self._seen[path] = stamp
                self._start_worker()
                self._to_read.put((path, stamp))
        self._forget(found)
        return self._publish()

    def find(self, name: str | Path) -> Entry:
        """The song called ``name``: its key, its title or a path, without regard to case.

        A path outside the folders is read. Raises MusicError if there is no such song, with the
        names that come near.
        """
        text = str(name).strip()
        wanted = text.casefold()
        for entry in self._entries:
            if entry.key.casefold() == wanted:
                return entry
        for entry in self._entries:
            if entry.title.casefold() == wanted:
                return entry
        path = Path(text)
        if path.suffix.lower() in SUFFIXES or os.sep in text:
            for entry in self._entries:
                if entry.path == path or _same_file(entry.path, path):
                    return entry
            if path.is_file():
                found = _entry(path)
                if not found.ok:
                    raise MusicError(found.problem)
                return found
            if wanted.endswith(tuple(SUFFIXES)):
                wanted = path.stem.casefold()
                for entry in self._entries:
                    if entry.key.casefold() == wanted:
                        return entry
        near = self._near(wanted)
        if near:
            advice = f"did you mean {' or '.join(near)}?"
        else:
            advice = "`griptune songs list` shows what there is."
        raise MusicError(f"There is no song “{text}”; {advice}")

    def close(self) -> None:
        """Stop reading. The entries stay."""
        if self._worker is not None:
            self._to_read.put(None)
            self._worker.join()
            self._worker = None

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _near(self, wanted: str) -> list[str]:
        names = {entry.key.casefold(): entry.key for entry in self._entries}
        titles = {entry.title.casefold(): entry.key for entry in self._entries}
        inside = [key for name, key in (names | titles).items() if wanted and wanted in name]
        close = difflib.get_close_matches(wanted, [*names, *titles], n=6, cutoff=0.55)
        keys = [*inside, *((names | titles)[match] for match in close)]
        return list(dict.fromkeys(keys))[:3]

    def _look(self) -> dict[Path, _Stamp]:
        """Every song file with what tells one version of it from the next."""
        found: dict[Path, _Stamp] = {}
        for folder in self.folders:
            found.update(_song_files(folder, MAX_DEPTH))
        return found

    def _forget(self, found: dict[Path, _Stamp]) -> None:
        for path in self._seen.keys() - found.keys():
            del self._seen[path]
            self._files.pop(path, None)

    def _publish(self) -> Changes:
        """Give out keys and say what is different from last time."""
        order = {folder: i for i, folder in enumerate(self.folders)}

        def place(path: Path) -> tuple[int, str, str]:
            depth = min((order[f] for f in self.folders if f in path.parents), default=len(order))
            return depth, self._files[path].title.casefold(), str(path)

        used: set[str] = set()
        entries: list[Entry] = []
        # Keys are given in the order of paths, so that a title does not change them.
        keys: dict[Path, str] = {}
        for path in sorted(self._files, key=lambda p: (place(p)[0], str(p))):
            key, number = path.stem, 1
            while key.casefold() in used:
                number += 1
                key = f"{path.stem}-{number}"
            used.add(key.casefold())
            keys[path] = key
        for path in sorted(self._files, key=place):
            entry = self._files[path]
            if entry.key != keys[path]:
                entry = Entry(**{**entry.__dict__, "key": keys[path]})
                self._files[path] = entry
            entries.append(entry)
        before = {entry.key: entry for entry in self._entries}
        after = {entry.key: entry for entry in entries}
        self._entries = tuple(entries)
        return Changes(
            added=tuple(key for key in after if key not in before),
            changed=tuple(
                key for key, e in after.items() if key in before and e is not before[key]
            ),
            removed=tuple(key for key in before if key not in after),
        )

    def _start_worker(self) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="songs", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while (job := self._to_read.get()) is not None:
            path, stamp = job
            self._read.put((path, stamp, _entry(path)))


def _song_files(folder: Path, depth: int) -> Iterator[tuple[Path, _Stamp]]:
    """Every song file below ``folder`` with its stamp."""
    try:
        with os.scandir(folder) as listing:
            items = sorted(listing, key=lambda item: item.name)
    except OSError:
        return
    for item in items:
        if item.name.startswith("."):
            continue
        path = Path(item.path)
        try:
            if path.suffix.lower() in SUFFIXES and item.is_file():
                file = item.stat()
                try:
                    notes = path.with_suffix(".toml").stat()
                    beside = (notes.st_size, notes.st_mtime_ns)
                except OSError:
                    beside = (-1, -1)
                yield path, (file.st_size, file.st_mtime_ns, *beside)
            elif depth > 0 and item.is_dir(follow_symlinks=False):
                yield from _song_files(path, depth - 1)
        except OSError:
            continue  # it went while we looked


def _entry(path: Path) -> Entry:
    """Read ``path``: an entry whatever is in it."""
    try:
        song: Song = read_song(path)
    except MusicError as error:
        return Entry(key=path.stem, path=path, title=path.stem, ok=False, problem=str(error))
    return Entry(
        key=path.stem,
        path=path,
        title=song.title,
        ok=True,
        seconds=song.length_us / 1e6,
        pitches=tuple(int(pitch) for pitch in song.melody_notes["pitch"][:COVER_NOTES]),
        meta=dict(song.meta),
    )


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
