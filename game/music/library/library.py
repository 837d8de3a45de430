"""The library: what the folders hold, read, kept in the index, and watched.

Whoever wants everything now calls :meth:`Library.scan`. The running game calls
:meth:`Library.poll` about once a second, which costs nothing: a thread of the library looks at the
folders and reads what is new, and what came of it is picked up by a later poll.

What a list needs first (titles, lengths, covers) takes 4 to 8 ms a song to read. The rates of its
tiers take 10 to 100 ms more, because the whole song is arranged for them; so that a first look at
a thousand songs does not take a minute, they are worked out afterwards, one song at a time, in a
process of low priority, and only while somebody polls: never during a play.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from game.music.library.crew import Answer, Crew, Failed, NoCrewError, Work, cores
from game.music.library.entries import (
    Changes,
    Entry,
    changes_between,
    find,
    from_document,
    read_entry,
    read_rates,
    refused,
    to_document,
    with_keys,
)
from game.music.library.folders import FileState, bundled_folder, content_of, look
from game.music.library.index import Index, Kept

#: A file that was written within this many seconds may still be on its way; if it cannot be
#: read, it is tried again before it is refused.
COPYING_S = 2.0
#: From so many new files on it pays to start processes (about half a second of work each).
MANY = 150
#: What was read is written to the index this often, so that a first scan that is broken off is
#: not begun anew.
_WRITE_EVERY_S = 1.0
#: After a poll so much longer rates are worked out: a little more than the pace of the polls.
_RATES_AFTER_POLL_S = 1.5

#: While rates are worked out the thread listens for polls this often.
_LISTEN_S = 0.1

#: Told how many files of how many are done.
Report = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass
class _Rating:
    """A file whose rates are being worked out, its content, and the crew's steps on the way."""

    path: Path
    content: str
    steps: Iterator[tuple[Path, Answer] | None]


class Library:
    """The songs in ``folders``, earlier folders first. Folders that are not there are empty.

    Nothing is read or opened before the first :meth:`scan` or :meth:`poll`. ``index`` is where what
    was understood is kept (None: only in memory). ``wall_clock`` returns seconds as the times of
    files do, ``readers`` is how many processes may read at once.
    """

    def __init__(
        self,
        folders: Iterable[str | Path],
        *,
        index: Path | None = None,
        wall_clock: Callable[[], float] = time.time,
        readers: int | None = None,
    ) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self._index_path = index
        self._wall_clock = wall_clock
        self._readers = cores() if readers is None else readers
        self._entries: tuple[Entry, ...] = ()
        #: Held by the thread that looks and reads. What is known of the files is changed by it
        #: alone, and in one step each under `_lock`, so that others may look meanwhile.
        self._working = threading.Lock()
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._seen: dict[Path, FileState] = {}
        self._files: dict[Path, Entry] = {}
        self._contents: dict[Path, str] = {}
        #: Contents whose rates were worked out and came to nothing.
        self._without_rates: set[str] = set()
        self._touched = False
        self._thread: threading.Thread | None = None
        self._asked = threading.Event()
        self._closing = False

    @property
    def songs(self) -> tuple[Entry, ...]:
        """Every file that was read, refused ones as well, by title within its folder."""
        return self._entries

    def scan(self, report: Report = _silent) -> Changes:
        """Look at every file and read what is new or changed, here and now.

        ``report`` is told of the progress from time to time, if there is anything to read.
        """
        with self._working:
            self._take_in_all(report, patient=False)
        return self._publish()

    def poll(self) -> Changes:
        """Take in what was read since the last time, and have the folders looked at again.

        Does not wait for anything. A file shows up one or two polls after it was copied.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="songs", daemon=True)
            self._thread.start()
        self._asked.set()
        return self._publish()

    def work_out_rates(self, report: Report = _silent) -> Changes:
        """Work out the rates of every song that has none yet, here and now."""
        with self._working:
            paths = self._unrated()
            for done in self._rates_of(paths):
                report(done, len(paths))
        return self._publish()

    def find(self, name: str | Path) -> Entry:
        """The song called ``name``: its key, its title or a path, without regard to case.

        A path outside the folders is read. Raises MusicError if there is no such song, with the
        names that come near.
        """
        return find(self._entries, name)

    def close(self) -> None:
        """Stop reading and let go of the index. The entries stay."""
        self._closing = True
        self._asked.set()
        if self._thread is not None:
            # A folder on a drive that does not answer must not keep the program from ending.
            self._thread.join(timeout=5.0)
            self._thread = None
        if self._index is not None and self._working.acquire(timeout=5.0):
            self._index.close()
            self._index = None
            self._working.release()

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------ looking and reading

    def _take_in_all(self, report: Report, *, patient: bool) -> None:
        """Bring what is known up to what the folders hold now.

        ``patient``: nobody waits; a file that cannot be read and was just written is left for the
        next time.
        """
        index = self._index
        kept: dict[Path, Kept] = {}
        if index is None:
            index = self._index = Index(self._index_path, today=int(self._wall_clock() // 86_400))
            kept = index.files()
        # What an index that was begun anew finds was not dropped today.
        begun = not kept and not self._files

        found = look(self.folders)
        gone = [path for path in {**kept, **self._seen} if path not in found and self._mine(path)]
        for path in gone:
            self._forget(path)
        new: dict[Path, str] = {}
        for path, state in found.items():
            was = kept.get(path)
            if self._seen.get(path) == state:
                continue
            if was is not None and was.stamp == state.stamp:
                entry = self._known(path, was.content, was.document, was.rates)
                if entry is not None:
                    self._take_in(path, state, was.content, entry, was.added_s)
                    continue
            new[path] = content_of(path)

        added = {path: was.added_s for path, was in kept.items()}
        added |= {path: entry.added_s for path, entry in self._files.items()}
        unwritten: list[Path] = []
        written_s = time.monotonic()
        readings = self._read(index, new, polite=patient)
        for done, (path, entry) in enumerate(readings, start=1):
            state, now_s = found[path], self._wall_clock()
            report(done, len(new))
            if patient and not entry.ok and now_s - state.written_s < COPYING_S:
                continue  # perhaps half copied
            at_s = added.get(path, state.written_s if begun else now_s)
            self._take_in(path, state, new[path], entry, at_s)
            unwritten.append(path)
            if time.monotonic() - written_s > _WRITE_EVERY_S:
                self._write(index, unwritten)
                written_s = time.monotonic()
            if self._closing:
                readings.close()
                break
        with index.together() if gone else nullcontext():
            for path in gone:
                index.forget(path)
        self._write(index, unwritten)

    def _read(
        self, index: Index, new: dict[Path, str], *, polite: bool
    ) -> Generator[tuple[Path, Entry], None, None]:
        """The entry of each new file (with its content), from the index if it knows the content."""
        unknown: list[Path] = []
        for path, content in new.items():
            reading = index.reading(content) if content else None
            entry = None if reading is None else self._known(path, content, *reading)
            if entry is None:
                unknown.append(path)
            else:
                yield path, entry
        if len(unknown) >= MANY and self._readers > 1:
            left = dict.fromkeys(unknown)
            with Crew(self._readers, polite=polite) as crew, suppress(NoCrewError):
                for path, answer in crew.run(Work.READ, unknown):
                    del left[path]
                    if isinstance(answer, Failed):
                        yield path, refused(path, f"{path}: {answer.value}.")
                    elif isinstance(answer, Entry):
                        yield path, answer
            unknown = list(left)
        for path in unknown:
            yield path, read_entry(path)

    def _known(
        self, path: Path, content: str, document: dict[str, Any], rates: list[float] | None
    ) -> Entry | None:
        """The entry from what the index kept; None if that is something else."""
        try:
            entry = from_document(path, document, rates)
        except (KeyError, TypeError, ValueError):
            return None
        if rates is not None and not rates:
            self._without_rates.add(content)
        return entry

    def _take_in(
        self, path: Path, state: FileState, content: str, entry: Entry, added_s: float
    ) -> None:
        folder = self.folders[state.folder]
        entry = replace(entry, added_s=added_s, bundled=folder == bundled_folder())
        with self._lock:
            self._seen[path] = state
            self._files[path] = entry
            self._contents[path] = content
            self._touched = True

    def _forget(self, path: Path) -> None:
        with self._lock:
            self._seen.pop(path, None)
            self._contents.pop(path, None)
            self._touched |= self._files.pop(path, None) is not None

    def _mine(self, path: Path) -> bool:
        """Whether ``path`` lies in one of the folders: the index may serve other libraries too."""
        return any(path.is_relative_to(folder) for folder in self.folders)

    def _write(self, index: Index, paths: list[Path]) -> None:
        """Keep what was understood of ``paths``, and empty the list."""
        if not paths:
            return
        with index.together():
            for path in paths:
                entry, content = self._files[path], self._contents[path]
                if content:
                    index.keep(
                        path, self._seen[path].stamp, entry.added_s, content, to_document(entry)
                    )
        paths.clear()

    # ------------------------------------------------------------------ rates

    def _unrated(self) -> list[Path]:
        """One file of every content whose rates are not known yet."""
        first: dict[str, Path] = {}
        # In the order of the list: what is seen first is known first.
        for path in dict.fromkeys([*(entry.path for entry in self._entries), *self._files]):
            entry, content = self._files.get(path), self._contents.get(path)
            if entry is None or not entry.ok or entry.rates:
                continue
            if content and content not in self._without_rates:
                first.setdefault(content, path)
        return list(first.values())

    def _rates_of(self, paths: list[Path]) -> Iterator[int]:
        """Take in the rates of ``paths``; gives how many are done after each."""
        if not paths:
            return
        left = dict.fromkeys(paths)
        with Crew(min(self._readers, len(paths))) as crew, suppress(NoCrewError):
            for path, rates in crew.run(Work.RATES, paths):
                del left[path]
                self._take_in_rates(path, rates if isinstance(rates, tuple) else ())
                yield len(paths) - len(left)
        for path in list(left):
            del left[path]
            self._take_in_rates(path, read_rates(path))
            yield len(paths) - len(left)

    def _take_in_rates(self, path: Path, rates: tuple[float, ...]) -> None:
        content = self._contents[path]
        if not rates:
            self._without_rates.add(content)
        if self._index is not None:
            self._index.keep_rates(content, rates)
        with self._lock:
            for other, its in self._contents.items():
                if its == content:
                    self._files[other] = replace(self._files[other], rates=rates)
                    self._touched = True

    # ------------------------------------------------------------------ watching

    def _work(self) -> None:
        """The thread: look whenever somebody polls, and work out rates in between."""
        with Crew(1, polite=True) as crew:
            rating: _Rating | None = None
            while self._asked.wait():
                self._asked.clear()
                if self._closing:
                    return
                with self._working:
                    self._take_in_all(_silent, patient=True)
                    try:
                        rating = self._work_on_rates(crew, rating)
                    except NoCrewError:
                        rating = None  # the rates are not worth a jerk of the picture

    def _work_on_rates(self, crew: Crew, rating: _Rating | None) -> _Rating | None:
        """Work out rates until somebody polls or has not done so for a while.

        A reader of low priority may be kept from its work for long; nobody waits for it. What it
        had not done yet (``rating``) is given back, to be gone on with.
        """
        until_s = time.monotonic() + _RATES_AFTER_POLL_S
        paths: list[Path] = []
        while not self._asked.is_set() and time.monotonic() < until_s:
            if rating is None:
                paths = paths or self._unrated()
                if not paths:
                    crew.close()
                    return None
                path = paths.pop(0)
                steps = crew.steps(Work.RATES, [path], idle_s=_LISTEN_S)
                rating = _Rating(path, self._contents[path], steps)
            for step in rating.steps:
                if step is None:
                    break
                # By now the file may be gone, or another.
                if self._contents.get(rating.path) == rating.content:
                    rates = step[1]
                    self._take_in_rates(rating.path, rates if isinstance(rates, tuple) else ())
            else:
                rating = None
        return rating

    # ------------------------------------------------------------------ what there is

    def _publish(self) -> Changes:
        """Give out keys and say what is different from last time."""
        with self._lock:
            if not self._touched:
                return Changes()
            self._touched = False
            files = [
                (self._seen[path].folder, str(path), entry) for path, entry in self._files.items()
            ]
        # Keys are given in the order of paths, so that a title does not change them.
        files.sort(key=lambda file: file[:2])
        named = zip(files, with_keys([entry for *_, entry in files]), strict=True)
        ordered = sorted(
            ((folder, entry.title.casefold(), path, entry) for (folder, path, _), entry in named),
            key=lambda file: file[:3],
        )
        before, self._entries = self._entries, tuple(entry for *_, entry in ordered)
        return changes_between(before, self._entries)
