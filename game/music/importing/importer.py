"""Import the songs of a folder into the user's own songs.

Each song becomes a folder of its own, made under a hidden name and then renamed, so that it is
there as a whole or not at all. What an earlier import made of the same song is replaced; nothing
else is ever overwritten.
"""

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from game.music.errors import MusicError
from game.music.importing.apart import CalledOffError, apart
from game.music.importing.convert import (
    about_song,
    midi_bytes,
    targets_in_time,
    toml_text,
)
from game.music.importing.finding import SongFolder
from game.music.importing.mixing import Recording, write_recording
from game.music.importing.names import former_imports, free_name, identity
from game.music.importing.stems import SUFFIXES, stem_files

#: A recording is mixed and written at some hundred times real time; this is for very slow disks.
_LONGEST_WORK_S = 900.0
#: A hidden folder this old was left behind by an import that was killed.
_STALE_S = 24 * 3600
_HIDDEN = ".importing-"


@dataclass(frozen=True)
class Outcome:
    """What became of one song. ``reason`` is why it was refused, empty if it was not."""

    folder: Path
    reason: str = ""
    name: str = ""
    title: str = ""
    artist: str = ""
    targets: int = 0
    lead: bool = False
    replaced: bool = False

    @property
    def ok(self) -> bool:
        """Whether the song can be played now."""
        return not self.reason


class Importer:
    """Imports songs into ``own_folder``; ``taken`` are names that other songs have already."""

    def __init__(self, own_folder: Path, taken: Iterable[str]) -> None:
        self.own_folder = own_folder
        self._former = dict(former_imports(own_folder))
        self._taken = {name.casefold() for name in taken}
        self._identities: dict[str, Path] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def run(
        self, songs: Sequence[SongFolder], report: Callable[[Outcome], None], workers: int
    ) -> list[Outcome]:
        """Import ``songs``, ``workers`` at a time, and return what became of each, in their order.

        ``report`` is called with each as it is done, from this thread. Raises MusicError if
        nothing can be written to the folder; an exception, Ctrl-C as well, stops the work.
        """
        try:
            self.own_folder.mkdir(parents=True, exist_ok=True)
            _clear(self.own_folder)
            hidden = Path(tempfile.mkdtemp(prefix=_HIDDEN, dir=self.own_folder))
        except OSError as error:
            raise MusicError(
                f"{self.own_folder}: songs cannot be put there ({error.strerror or error})."
            ) from None
        outcomes: dict[int, Outcome] = {}
        pool = ThreadPoolExecutor(workers, thread_name_prefix="griptune-import")
        try:
            waiting = {
                pool.submit(self._import, song, hidden / str(number)): number
                for number, song in enumerate(songs)
            }
            for done in as_completed(waiting):
                outcomes[waiting[done]] = done.result()
                report(done.result())
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)
            shutil.rmtree(hidden, ignore_errors=True)
        return [outcomes[number] for number in sorted(outcomes)]

    def _import(self, song: SongFolder, hidden: Path) -> Outcome:
        try:
            return self._made(song, hidden)
        except MusicError as error:
            reason = str(error)
        except CalledOffError:
            reason = f"{song.path}: the import was stopped."
        except OSError as error:
            reason = f"{error.filename or song.path}: {error.strerror or error}."
        finally:
            shutil.rmtree(hidden, ignore_errors=True)
        with self._lock:  # another copy of it may be whole
            self._identities = {k: v for k, v in self._identities.items() if v != song.path}
        return Outcome(song.path, reason=reason)

    def _made(self, song: SongFolder, hidden: Path) -> Outcome:
        chart = song.read_chart()
        about = about_song(song.read_about(), chart.about, song.path)
        hardest = chart.hardest()
        assert hardest is not None
        stems = stem_files(song.files, hardest[0], chart.about)
        if stems is None:
            raise MusicError(
                f"{song.path}: it has no recording (song.ogg, guitar.ogg, song.opus, song.mp3 …)."
            )
        with self._lock:
            known = identity(about)
            other = self._identities.setdefault(known, song.path)
            if other != song.path:
                raise MusicError(f"{song.path}: the same song as {other}.")
            former = self._former.get(known)
            name = former.name if former else free_name(about, self._taken)
            self._taken.add(name.casefold())
        if former is not None:
            _refuse_strangers(former)

        hidden.mkdir()
        recording: Recording = apart(
            write_recording,
            stems,
            hidden,
            name,
            what=str(song.path),
            longest_s=_LONGEST_WORK_S,
            stop=self._stop,
        )
        music_s = recording.seconds - about.offset_s
        targets = targets_in_time(chart, song.path, music_s)
        (hidden / f"{name}.mid").write_bytes(midi_bytes(chart, about.title, targets, music_s))
        (hidden / f"{name}.toml").write_text(
            toml_text(about, known, song.path), encoding="utf-8", newline="\n"
        )
        _put(hidden, former or self.own_folder / name)
        return Outcome(
            song.path,
            name=name,
            title=about.title,
            artist=about.artist,
            targets=len(targets),
            lead=len(recording.files) > 1,
            replaced=former is not None,
        )


def _refuse_strangers(former: Path) -> None:
    """Raise MusicError if a former import's folder holds files that the import did not make."""
    name = former.name
    ours = {f"{name}.mid", f"{name}.toml"}
    ours |= {f"{name}{middle}{suffix}" for middle in ("", ".lead") for suffix in SUFFIXES}
    for path in sorted(former.iterdir()):
        if path.name not in ours:
            raise MusicError(
                f"{former}: it holds {path.name}, which the import did not make; move that away."
            )


def _put(made: Path, place: Path) -> None:
    """Rename ``made`` to ``place``, where nothing is or what an earlier import made."""
    old = made.with_name(made.name + "-old")
    if place.exists():
        os.rename(place, old)
    try:
        os.rename(made, place)
    except OSError:
        with contextlib.suppress(OSError):
            os.rename(old, place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _clear(own_folder: Path) -> None:
    """Remove what killed imports left behind."""
    for path in own_folder.glob(_HIDDEN + "*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_S:
                shutil.rmtree(path, ignore_errors=True)
