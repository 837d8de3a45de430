"""Drawing for a long time: memory stays flat, and the sound is never kept waiting."""

import gc
import os
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Figure
from benchmarks.picture import FRAME_US, BusiestSong
from tests.sound_server import missing

if TYPE_CHECKING:
    from game.stage.audio import AudioOut

_SECONDS = 30
_FRAME_S = 1 / 60
_NAP_S = 0.003  # as in game/stage/app.py

#: After so many frames everything that a play draws has been drawn once.
_WARM_FRAMES = 1_200


def resident_mb() -> float:
    """Memory of this process that is in use, in MB (of 1 000 000 bytes)."""
    if Path("/proc/self/statm").exists():
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def growth_mb(song: BusiestSong, frames: int) -> float:
    """How much more memory is in use after ``frames`` than after the first 20 s of ``song``.

    The song begins again when it has been played, and the count goes on with every frame.
    """
    frames_of_song = int((song.view.length_us - song.start_us) // FRAME_US)
    before = 0.0
    for frame in range(_WARM_FRAMES + frames):
        if frame % frames_of_song == 0:
            song.again()
        song.show(frame % frames_of_song)
        song.view.count = frame  # in a minute as many numbers are seen as in half an hour of play
        song.draw()
        if frame == _WARM_FRAMES:
            gc.collect()
            before = resident_mb()
    gc.collect()
    return resident_mb() - before


def lateness_ms(song: BusiestSong, seconds: float) -> np.ndarray:
    """When each callback of the sound device came (s, monotonic) and how late (ms), in two columns,
    while ``song`` was drawn 60 times a second.

    The device is a clock that asks for a period of frames exactly when one has been played, and
    holds as many as a real one is asked to hold. (miniaudio's null device is none: it sleeps for
    10 ms at a time, and so asks up to 10 ms late by itself.) What has been handed over and not
    played yet is followed from callback to callback, at most the device's whole buffer: a callback
    that comes while some of it is left is early by so much (negative); one that comes when all has
    been played is late, a gap in the sound.
    """
    from game.music.sound import SAMPLE_RATE
    from game.stage.audio import PERIOD_MS, PERIODS, AudioOut

    seen: list[tuple[float, int]] = []
    with AudioOut(backend="thread") as audio:
        mixer, fill = audio.mixer, audio.mixer.fill

        def filled(out: np.ndarray) -> None:
            seen.append((time.perf_counter(), mixer.frames_handed))
            fill(out)

        mixer.fill = filled  # type: ignore[method-assign]
        _draw(song, audio, seconds)
    buffer_s = PERIODS * PERIOD_MS / 1e3
    rows, in_hand_s = [], buffer_s
    for (before, handed), (now, handed_now) in pairwise(seen[20:]):
        in_hand_s = min(buffer_s, in_hand_s + (handed_now - handed) / SAMPLE_RATE) - (now - before)
        rows.append((now, -in_hand_s * 1e3))
        in_hand_s = max(0.0, in_hand_s)
    return np.array(rows)


def ran_dry(song: BusiestSong, seconds: float) -> tuple[int, int]:
    """While ``song`` was drawn 60 times a second: how many callbacks a real sound server made, and
    how often it told that it had nothing left to play.
    """
    from game.stage.audio import AudioOut
    from tests.sound_server import sound_server

    with sound_server() as server, AudioOut() as audio:
        assert audio.kind == "device", audio.silent_reason
        _draw(song, audio, 3.0)  # the server's device wakes up
        before, at_first = audio.callbacks, server.ran_dry()
        _draw(song, audio, seconds)
        return audio.callbacks - before, server.ran_dry() - at_first


def _draw(song: BusiestSong, audio: "AudioOut", seconds: float) -> None:
    """The game's loop, with the sound of a song."""
    from game.music.sound import SAMPLE_RATE, Stems
    from game.stage.steady import be_steady

    be_steady()
    mixer = audio.mixer
    noise = np.random.default_rng(1).normal(0, 0.05, (20 * SAMPLE_RATE, 2)).astype(np.float32)
    mixer.load(Stems(noise, noise, noise))
    frame, ends = 0, time.perf_counter() + seconds
    while (began := time.perf_counter()) < ends:
        if frame % _WARM_FRAMES == 0:
            song.again()
            mixer.play(0)
        song.show(frame % _WARM_FRAMES)
        song.draw()
        frame += 1
        while (left := began + _FRAME_S - time.perf_counter()) > 0:
            time.sleep(min(_NAP_S, left))


def figures() -> Iterator[Figure]:
    song = BusiestSong()
    late = lateness_ms(song, _SECONDS)[:, 1]
    name = f"callbacks while drawing 1080p for {_SECONDS} s"
    yield Figure(f"{name}, least audio in hand", -late.max(), "ms")
    yield Figure(f"{name}, after the audio handed over", float((late > 0).sum()), "", False)
    if why := missing():
        print(f"  {name} for a sound server skipped: {why}")
    else:
        _, dry = ran_dry(song, _SECONDS)
        yield Figure(f"{name} for a sound server, times it ran dry", float(dry), "", False)
    grown = growth_mb(song, _SECONDS * 60)
    yield Figure(f"memory grown in {_SECONDS} s of frames", grown, "MB", False)
