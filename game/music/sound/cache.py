"""Rendered songs on disk: 16-bit arrays of three stems (a 3-minute song is 32 MB a stem).

A file is whole or not there. What its name stands for is the renderer's business
(:func:`game.music.sound.rendering.cache_key`); the ones used longest ago go when the cache is over
its bound.
"""

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from game.music.sound.stems import Stems
from game.music.sound.voices import SAMPLE_RATE

#: Default bound of the cache on disk, about 16 three-minute songs.
CACHE_BYTES: Final = 1_500_000_000

#: So much of each stem is there before a kept song begins, and so much is read at once then.
_HEAD_FRAMES: Final = 3 * SAMPLE_RATE
_PART_FRAMES: Final = 10 * SAMPLE_RATE

_STEMS: Final = 3
_BYTES_PER_FRAME: Final = 4


def to_stems(quantised: np.ndarray) -> Stems:
    """int16 (3, frames, 2) to stems, as they come from the disk."""
    melody, backing, layer = (np.empty(part.shape, np.float32) for part in quantised)
    for part, into in zip(quantised, (melody, backing, layer), strict=True):
        _widen(part, into)
    return Stems(melody, backing, layer)


def _widen(quantised: np.ndarray, into: np.ndarray) -> None:
    np.multiply(quantised, np.float32(1 / 32_767), out=into, dtype=np.float32)


def load(place: Path, begun: Callable[[Stems], None] = lambda _: None) -> Stems | None:
    """Stems from a cache file, or None if it is not there or not whole; marks it as used.

    ``begun`` is called with them as soon as their first seconds are there.
    """
    try:
        with place.open("rb") as file:
            frames = _frames_of(file)
            if frames is None:
                return None
            stems = _read(file, frames, begun)
    except (OSError, ValueError, EOFError):
        return None
    with contextlib.suppress(OSError):
        os.utime(place)
    return stems


def is_whole(place: Path) -> bool:
    """Whether there is a cache file of stems; one that was cut short or is none is thrown away."""
    try:
        with place.open("rb") as file:
            whole = _frames_of(file) is not None
    except FileNotFoundError:
        return False
    except (OSError, ValueError, EOFError):
        whole = False
    if not whole:
        drop(place)
    return whole


def drop(place: Path) -> None:
    """Throw a cache file away, if that can be done."""
    with contextlib.suppress(OSError):
        place.unlink()


def _frames_of(file: BinaryIO) -> int | None:
    """How many frames a cache file has, read up to its first; None if it is no such file."""
    if np.lib.format.read_magic(file) != (1, 0):
        return None
    shape, fortran, kind = np.lib.format.read_array_header_1_0(file)
    if len(shape) != 3 or shape[0] != _STEMS or shape[2] != 2 or fortran or kind != np.int16:
        return None
    due = file.tell() + shape[1] * _STEMS * _BYTES_PER_FRAME
    return int(shape[1]) if os.fstat(file.fileno()).st_size == due else None


def _read(file: BinaryIO, frames: int, begun: Callable[[Stems], None]) -> Stems:
    """Fill stems, all three side by side from start to end."""
    first = file.tell()
    melody, backing, layer = parts = [np.zeros((frames, 2), np.float32) for _ in range(_STEMS)]
    stems = Stems(melody, backing, layer, whole=threading.Event())
    try:
        at, told = 0, False
        while at < frames:
            count = min(_PART_FRAMES if told else _HEAD_FRAMES, frames - at)
            for number, part in enumerate(parts):
                file.seek(first + (number * frames + at) * _BYTES_PER_FRAME)
                raw = file.read(count * _BYTES_PER_FRAME)
                if len(raw) < count * _BYTES_PER_FRAME:
                    raise EOFError
                _widen(np.frombuffer(raw, np.int16).reshape(-1, 2), part[at : at + count])
            at += count
            if not told:
                begun(stems)
                told = True
    finally:
        # Also where the disk fails half-way: what is missing stays silent.
        stems.whole.set()
    return stems


def keep(place: Path, quantised: np.ndarray, bound: int) -> None:
    """Write a cache file so that it is whole or not there, then drop the oldest over ``bound``.

    A cache that cannot be written is done without.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, quantised, allow_pickle=False)
            os.replace(name, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError:
        return
    trim_cache(place.parent, bound, keep=place)


def trim_cache(cache_dir: Path, bound: int, keep: Path | None = None) -> None:
    """Delete cache files, those used longest ago first, until ``bound`` bytes are not exceeded."""
    entries = []
    for path in cache_dir.glob("*"):
        with contextlib.suppress(OSError):
            status = path.stat()
            if path.suffix == ".part" and time.time() - status.st_mtime > 3_600:
                path.unlink()  # left behind by a process that died while writing
            elif path.suffix == ".npy":
                entries.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries, key=lambda entry: entry[0]):
        if total <= bound:
            return
        if path != keep:
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
