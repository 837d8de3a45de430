"""Rendering in a process of its own, so that neither the picture nor the sound waits for it.

The child is spawned (the same on every platform), imports nothing of the stage, runs at a lower
priority, and hands a finished sound over as a cache file. It ends when its parent does. If it
dies, the songs it was asked for fail with a MusicError and the next request starts a new one.
"""

import contextlib
import itertools
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from game.music.errors import MusicError
from game.music.processes import start
from game.music.song import Song
from game.music.sound.cache import CACHE_BYTES, drop, is_whole, load
from game.music.sound.rendering import cache_key, find_kept, place_of, render, warm
from game.music.sound.soundfont import soundfont
from game.music.sound.stems import Stems

_numbers = itertools.count()


class RenderJob:
    """One song asked for. ``progress`` is 0 … 1; once ``done``, :meth:`result` does not wait.

    It is done when the song can begin: see :attr:`Stems.whole`.
    """

    def __init__(
        self,
        worker: "RenderWorker",
        source: Song | Path,
        tempo: float,
        key: str | None,
        *,
        ahead: bool,
    ) -> None:
        self.source = source
        self.tempo = tempo
        self.key = key
        self.ahead = ahead
        #: Tells it from others in what is said to the process.
        self.number = next(_numbers)
        self.cancelled = False
        self._worker = worker
        self._progress = 0.0
        self._stems: Stems | None = None
        self._error: MusicError | None = None

    @property
    def name(self) -> str:
        """The file the song comes from."""
        return str(self.source if isinstance(self.source, Path) else self.source.path)

    @property
    def progress(self) -> float:
        """How much is done, 0 … 1; never falls."""
        self._worker.poll()
        return self._progress

    @property
    def done(self) -> bool:
        """Whether the stems are there, or an error is."""
        self._worker.poll()
        return self._stems is not None or self._error is not None

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return self._error is not None

    def result(self, timeout_s: float = 120.0) -> Stems:
        """The stems; waits for them. Raises MusicError if they could not be made in time."""
        until = time.monotonic() + timeout_s
        while not self.done:
            if time.monotonic() > until:
                raise MusicError(f"{self.name}: rendering took over {timeout_s:.0f} s; try again")
            time.sleep(0.002)
        if self._error is not None:
            raise self._error
        assert self._stems is not None
        return self._stems

    def cancel(self) -> None:
        """No longer wanted: it is not started or, if it has been, given up; a MusicError."""
        if not self.done:
            self.cancelled = True
            self._fail(f"{self.name}: rendering was called off")
            self._worker._give_up(self)

    def _fail(self, sentence: str) -> None:
        if self._stems is None and self._error is None:
            self._error = MusicError(sentence)

    def _load(self, place: Path, temporary: bool) -> None:
        # A file that is about to go is read to its end first.
        stems = load(place) if temporary else load(place, self._have)
        if temporary:
            with contextlib.suppress(OSError):
                place.unlink()
                place.parent.rmdir()
        if stems is None:
            drop(place)
            self._fail(f"{self.name}: its rendered sound could not be read back; try again")
        else:
            self._have(stems)

    def _have(self, stems: Stems) -> None:
        self._stems = stems
        self._progress = 1.0


class RenderWorker:
    """Renders songs one after the other, in the order asked, in a separate process.

    To be used from one thread. Nothing is started before :meth:`start` or the first request.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        cache_bytes: int = CACHE_BYTES,
        font_path: Path | None = None,
    ) -> None:
        self.cache_dir = cache_dir
        self._settings = (cache_dir, cache_bytes, font_path)
        self._font_path = font_path
        self._process: Any = None
        self._pipe: Connection | None = None
        self._waiting: deque[RenderJob] = deque()
        self._running: RenderJob | None = None
        self._closed = False

    def __enter__(self) -> "RenderWorker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process and have it compile its kernels; returns at once."""
        if self._closed or (self._process is not None and self._process.is_alive()):
            return
        self._drop()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, *self._settings), name="griptune-render", daemon=True
        )
        start(self._process)
        theirs.close()
        self._pipe = ours

    def request(self, song: Song | Path, tempo: float = 1.0, *, ahead: bool = False) -> RenderJob:
        """Ask for a song at a tempo. A Song whose stems are kept is only loaded, in a thread.

        What is asked for ``ahead`` of being needed gives way: it is called off when anything else
        is asked for, unless that is the same song, which then goes on with what is done already.
        """
        key = None
        if isinstance(song, Song):
            key = cache_key(song, tempo, soundfont(self._font_path))
        same = self._make_way(key)
        if same is not None:
            same.ahead = same.ahead and ahead
            return same
        job = RenderJob(self, song, tempo, key, ahead=ahead)
        if not self._load_kept(job):
            self._waiting.append(job)
            self.poll()
        return job

    def kept(self, song: Song, tempo: float = 1.0) -> RenderJob | None:
        """A song whose stems are kept, loaded in a thread; None if they would have to be rendered.

        Nothing else that was asked for is called off.
        """
        key = cache_key(song, tempo, soundfont(self._font_path))
        job = RenderJob(self, song, tempo, key, ahead=False)
        return job if self._load_kept(job) else None

    def _load_kept(self, job: RenderJob) -> bool:
        """Load what is kept of ``job``, in a thread; whether there is something."""
        if job.key is None or not is_whole(place_of(job.key, self.cache_dir)):
            return False
        _load_in_thread(job, place_of(job.key, self.cache_dir), temporary=False)
        return True

    def _make_way(self, key: str | None) -> RenderJob | None:
        """Call off what was asked for ahead; returns what of it has this ``key`` instead."""
        same = None
        for job in [self._running, *self._waiting]:
            if job is not None and job.ahead and not job.done:
                if job.key is not None and job.key == key:
                    same = job
                else:
                    job.cancel()
        return same

    def poll(self) -> None:
        """Take in what the process has said and give it its next song; never waits."""
        if self._running is not None:
            self._listen()
        while self._running is None and self._waiting:
            job = self._waiting.popleft()
            if job.cancelled:
                continue
            if self._closed:
                job._fail(f"{job.name}: the game is closing")
                continue
            try:
                self.start()
                assert self._pipe is not None
                self._pipe.send((job.number, _bare(job.source), job.tempo))
            except OSError as error:
                self._drop()
                job._fail(f"{job.name}: the sound renderer cannot be started ({error})")
                continue
            self._running = job

    def _give_up(self, job: RenderJob) -> None:
        """Tell the process that ``job`` is no longer wanted, if that is what it is at."""
        if job is self._running and self._pipe is not None:
            with contextlib.suppress(OSError):  # a process that has died is noticed by poll
                self._pipe.send((job.number, None, 0.0))

    def close(self) -> None:
        """Stop the process; what was still wanted fails."""
        self._closed = True
        self._drop()
        self.poll()

    def _listen(self) -> None:
        job, pipe = self._running, self._pipe
        assert job is not None
        assert pipe is not None
        try:
            while pipe.poll():
                kind, value, temporary = pipe.recv()
                if kind == "progress":
                    job._progress = max(job._progress, value)
                    continue
                self._running = None
                if kind == "error":
                    job._fail(value)
                elif temporary or not job.cancelled:
                    _load_in_thread(job, value, temporary)
                return
        except (EOFError, OSError):
            self._drop()

    def _drop(self) -> None:
        """Forget the process: ended, crashed or no longer wanted."""
        if self._running is not None:
            job = self._running
            recorded = isinstance(job.source, Song) and job.source.recorded is not None
            advice = "its recording may be broken" if recorded else "try again"
            job._fail(f"{job.name}: the sound renderer stopped half-way; {advice}")
            self._running = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.terminate()
            self._process.join(2.0)
            if self._process.is_alive():
                self._process.kill()
                self._process.join(2.0)
            self._process.close()
            self._process = None


def _bare(source: Song | Path) -> Song | Path:
    """What rendering needs of a song; its words and its ``.toml`` stay here."""
    if isinstance(source, Path):
        return source
    return replace(source, meta={}, lyrics=(), sections=(), problems=())


def _load_in_thread(job: RenderJob, place: Path, temporary: bool) -> None:
    threading.Thread(
        target=job._load, args=(place, temporary), name="griptune-load-sound", daemon=True
    ).start()


def _serve(pipe: Connection, cache_dir: Path, cache_bytes: int, font_path: Path | None) -> None:
    """The child: warm up, then answer (song or path, tempo) until the pipe is hung up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the game, which ends us
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(5)
    with contextlib.suppress(MusicError):  # a missing font is told with the first song
        warm(font_path)
    while True:
        try:
            number, source, tempo = pipe.recv()
            if source is not None:  # else: given up when it was done already
                said = _Said(pipe, number)
                pipe.send(_answer(said, source, tempo, cache_dir, cache_bytes, font_path))
        except (EOFError, OSError):
            return


class _GivenUpError(Exception):
    """The song at hand is no longer wanted."""


class _Said:
    """Tells the game how far the song ``number`` is, and hears if it is no longer wanted."""

    def __init__(self, pipe: Connection, number: int) -> None:
        self._pipe = pipe
        self._number = number

    def __call__(self, part: float) -> None:
        while self._pipe.poll():
            try:
                number, source, _ = self._pipe.recv()
            except EOFError as error:
                raise BrokenPipeError from error
            if number == self._number and source is None:
                raise _GivenUpError
        self._pipe.send(("progress", part, False))


def _answer(
    report: Callable[[float], None],
    source: Song | Path,
    tempo: float,
    cache_dir: Path,
    cache_bytes: int,
    font_path: Path | None,
) -> tuple[str, object, bool]:
    try:
        if isinstance(source, Song):
            song = source
        else:
            from game.music.reading import read_song

            song = read_song(source)
        settings: dict[str, Any] = {
            "progress": report,
            "font_path": font_path,
            "cache_bytes": cache_bytes,
        }
        render(song, tempo, cache_dir=cache_dir, **settings)
        place = find_kept(song, tempo, cache_dir, font_path)
        if place is not None:
            return "done", place, False
        # The cache cannot be written: hand the sound over in a file for this once.
        passing = Path(tempfile.mkdtemp(prefix="griptune-"))
        render(song, tempo, cache_dir=passing, **settings)
        place = find_kept(song, tempo, passing, font_path)
        if place is None:
            return "error", f"{song.path}: there is no room on the disk for its sound", False
        return "done", place, True
    except MusicError as error:
        return "error", str(error), False
    except _GivenUpError:
        return "error", "", False  # it has been told already
    except BrokenPipeError:
        raise
    except Exception as error:
        name = source if isinstance(source, Path) else source.path
        return "error", f"{name}: its sound could not be made ({error})", False
