"""Many songs read at once, in processes of their own.

The children are spawned (the same on every platform), import nothing of the stage, and may run at a
lower priority. Reading is bounded by itself (:mod:`game.music.midi_file`); should a file get past
that and hang its reader or kill it, the reader is ended and replaced, that one file is answered
with the failure, and all the others are still read.
"""

import contextlib
import gc
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from game.music.library.entries import Entry, read_entry, read_rates
from game.music.processes import start

#: More readers than this wait for the disk and for whoever hands out the files.
MOST_READERS = 8
#: A reader has this many files at hand, so that it never waits for the next.
AT_HAND = 3
#: As long as a child may take to come up: a cold start from a slow disk.
_STARTING_S = 60.0


class Work(Enum):
    """What is wanted of a file, and how long it may take, in seconds."""

    READ = 10.0
    RATES = 60.0


class Failed(Enum):
    """Why there is no answer."""

    TOO_SLOW = "reading it took too long; it is no song that can be played"
    DIED = "it brought its reader down; it is broken"


class NoCrewError(Exception):
    """No process could be started: whoever asks has to do the work."""


Answer = Entry | tuple[float, ...] | Failed


def cores() -> int:
    """How many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class _Reader:
    """One child. The first of ``at_hand`` is what it works on, since ``since`` (monotonic)."""

    process: Any
    pipe: Connection
    ready: bool = False
    since: float = 0.0
    at_hand: deque[Path] = field(default_factory=deque)


class Crew:
    """Up to ``size`` readers; they are started when there is work, and stay until :meth:`close`.

    ``polite`` ones take the time that nobody else wants. To be used from one thread.
    """

    def __init__(self, size: int, *, polite: bool = False) -> None:
        self._size = max(1, min(size, MOST_READERS))
        self._polite = polite
        self._readers: list[_Reader] = []

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every reader."""
        for reader in self._readers:
            _end(reader)
        self._readers.clear()

    def start(self) -> None:
        """Start the readers, so that they come up while something else is done.

        Raises NoCrewError if the system allows no processes.
        """
        while len(self._readers) < self._size:
            self._readers.append(_started(self._polite))

    def run(self, work: Work, paths: Iterable[Path]) -> Iterator[tuple[Path, Answer]]:
        """Every one of ``paths`` with its answer, as they are done.

        Raises NoCrewError if the readers do not even come up; what was not answered by then is
        left to the caller. A generator that is not read to its end leaves the crew unusable.
        """
        return (done for done in self.steps(work, paths) if done is not None)

    def steps(
        self, work: Work, paths: Iterable[Path], idle_s: float | None = None
    ) -> Iterator[tuple[Path, Answer] | None]:
        """As :meth:`run`, but None whenever nothing was done for ``idle_s`` seconds, so that
        whoever waits can do something else and come back."""
        waiting = iter(paths)
        put_back: deque[Path] = deque()
        out_of_work = False
        self.start()
        while True:
            for reader in list(self._readers):
                while not out_of_work and len(reader.at_hand) < AT_HAND:
                    path = put_back.popleft() if put_back else next(waiting, None)
                    if path is None:
                        out_of_work = True
                        break
                    self._hand_over(reader, work, path)
            busy = [reader for reader in self._readers if reader.at_hand]
            if not busy:
                return
            until = min(reader.since + _patience(reader, work) for reader in busy)
            longest_s = max(0.0, until - time.monotonic())
            if idle_s is not None:
                longest_s = min(longest_s, idle_s)
            heard = wait([r.pipe for r in busy], longest_s)
            if not heard:
                yield None
            for reader in busy:
                answer: Answer
                if reader.pipe in heard:
                    try:
                        said = reader.pipe.recv()
                    except (EOFError, OSError):
                        answer = Failed.DIED
                    else:
                        reader.since = time.monotonic()
                        if not reader.ready:
                            reader.ready = True
                        else:
                            yield reader.at_hand.popleft(), said
                        continue
                elif time.monotonic() >= reader.since + _patience(reader, work):
                    answer = Failed.TOO_SLOW
                else:
                    continue
                if not reader.ready:
                    self.close()
                    raise NoCrewError("the readers do not come up")
                path = reader.at_hand.popleft()
                put_back.extend(reader.at_hand)
                out_of_work = False
                _end(reader)
                self._readers[self._readers.index(reader)] = _started(self._polite)
                yield path, answer

    def _hand_over(self, reader: _Reader, work: Work, path: Path) -> None:
        if not reader.at_hand:
            reader.since = time.monotonic()
        reader.at_hand.append(path)
        # A reader that is gone is noticed when it is waited for.
        with contextlib.suppress(OSError):
            reader.pipe.send((work.name, os.fsencode(path)))


def _patience(reader: _Reader, work: Work) -> float:
    return float(work.value) if reader.ready else _STARTING_S


def _started(polite: bool) -> _Reader:
    context = multiprocessing.get_context("spawn")
    try:
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, polite), name="griptune-read", daemon=True
        )
        start(process)
    except OSError as error:
        raise NoCrewError(str(error)) from error
    theirs.close()
    return _Reader(process, ours, since=time.monotonic())


def _end(reader: _Reader) -> None:
    reader.pipe.close()
    reader.process.kill()
    reader.process.join(5.0)
    reader.process.close()


def _serve(pipe: Connection, polite: bool) -> None:
    """The child: answer (work, path) until the pipe is hung up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    if polite and hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(10)
    import game.music.reading  # noqa: F401  before the first file, whose time is bounded

    # What a file was read into is let go by its counts; looking for circles in it costs a tenth.
    gc.freeze()
    gc.set_threshold(100_000)
    with contextlib.suppress(EOFError, OSError):
        pipe.send("ready")
        while True:
            name, path = pipe.recv()
            read = read_entry if Work[name] is Work.READ else read_rates
            pipe.send(read(Path(os.fsdecode(path))))
