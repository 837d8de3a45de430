"""From a pinch to the edge being known, while this process draws the game at 1080p and 60 frames/s.

The glove is another process on a pseudo-terminal, as a real one is another computer on a line; its
pinches are planned on the system's monotonic clock, which both read. Two instants are taken: when
the link's thread has decided the press (it is known, with its time), and when the game's own loop
is handed it (it can sound and light up). Beside them, how far the press's time is from the pinch.
"""

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import numpy as np

from benchmarks.measure import Figure, percentiles
from benchmarks.picture import BusiestSong
from firmware_bridge import pty_glove
from firmware_bridge.device import Device
from firmware_bridge.glove import Glove
from firmware_bridge.host_clock import host_us
from firmware_bridge.reception import HostEdge
from firmware_bridge.virtual import Contact

_SECONDS = 20
_FRAME_S = 1 / 60
_NAP_S = 0.003  # as in game/stage/app.py

#: Pinches come at this distance and are this long; one grip after the other, and out of step with
#: frames of the game and of the glove alike.
_EVERY_US = 43_037
_DWELL_US = 60_000

_STEP_S = 0.0002

#: The link's clock has settled by then.
_RUN_UP_US = 3_000_000


class _Planned:
    """Pinches at ``start_us`` + n × 43 ms."""

    def __init__(self, start_us: int) -> None:
        self._start_us = start_us
        self._next = 0

    def cue(self, at_us: int, grip: int) -> None:
        """Not heeded."""

    def contacts(self, until_us: int) -> list[Contact]:
        """The contacts that begin before ``until_us`` and were not returned yet."""
        told = []
        while (start := self._start_us + self._next * _EVERY_US) < until_us:
            told.append(Contact(start, start + _DWELL_US, self._next % 5))
            self._next += 1
        return told


def _be_a_glove(parent: Connection, start_us: int) -> None:
    """The other process: tell the terminal's name, then stream until told to stop."""
    glove = pty_glove.PtyGlove(Device(_Planned(start_us), host_us()), host_us)
    parent.send(glove.path)
    # Bytes leave as they would on a line, and not at the ticks of a millisecond that are enough
    # for a virtual glove within a program.
    while not parent.poll():
        glove.step(0)
        time.sleep(_STEP_S)
    glove.close()


class _Known:
    """Notes when each press is decided."""

    def __init__(self) -> None:
        self.at: dict[tuple[int, int], int] = {}

    def __call__(self, edges: list[HostEdge]) -> None:
        now = host_us()
        for edge in edges:
            if edge.down:
                self.at[edge.time_us, edge.grip] = now


def figures() -> Iterator[Figure]:
    if not pty_glove.available():
        print("  latency skipped: this system has no pseudo-terminals")
        return
    song = BusiestSong()
    start_us = host_us() + _RUN_UP_US
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_be_a_glove, args=(theirs, start_us), daemon=True)
    process.start()
    theirs.close()  # so that a glove that could not begin is an error here, and no silence
    try:
        path = ours.recv()
        with Glove.open(f"serial:{path}", ports=lambda: ()) as glove:
            known = _Known()
            glove.when_decided(known)
            polled, waits, drawing = _play(song, glove)
    finally:
        ours.send("stop")
        process.join(5)
    yield from _latencies(start_us, known.at, polled)
    yield Figure("draw and show a frame meanwhile, p50", percentiles(drawing, 50)[0], "ms", False)
    middle, most = percentiles(waits, 50, 99)
    yield Figure("between two looks at the events, p50", middle, "ms", False)
    yield Figure("between two looks at the events, p99", most, "ms", False)


def _play(
    song: BusiestSong, glove: Glove
) -> tuple[dict[tuple[int, int], int], list[float], list[float]]:
    """The game's loop; returns when each press was handed out, waits between looks, drawing."""
    import pygame

    pygame.display.init()
    window = pygame.display.set_mode(song.surface.get_size())
    song.surface = window
    polled: dict[tuple[int, int], int] = {}
    waits: list[float] = []
    drawing: list[float] = []
    looked = time.perf_counter()

    def look() -> None:
        nonlocal looked
        pygame.event.get()
        now = time.perf_counter()
        waits.append((now - looked) * 1e3)
        looked = now

    until = time.perf_counter() + _SECONDS + _RUN_UP_US / 1e6
    frame = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        song.show(frame)
        frame += 1
        song.draw()
        look()
        pygame.display.flip()
        drawing.append((time.perf_counter() - began) * 1e3)
        while True:
            look()
            edges, _ = glove.poll()
            now = host_us()
            for edge in edges[edges["down"]]:
                polled[int(edge["time_us"]), int(edge["grip"])] = now
            left = began + _FRAME_S - time.perf_counter()
            if left <= 0:
                break
            time.sleep(min(_NAP_S, left))
    pygame.display.quit()
    return polled, waits, drawing


def _latencies(
    start_us: int, known: dict[tuple[int, int], int], polled: dict[tuple[int, int], int]
) -> Iterator[Figure]:
    stamps, knowing, handing = [], [], []
    numbers: set[int] = set()
    for (time_us, grip), at in polled.items():
        if (time_us, grip) not in known:
            continue  # from before anybody listened: this program was late to begin
        number = round((time_us - start_us) / _EVERY_US)
        pinch_us = start_us + number * _EVERY_US
        if number < 0 or number % 5 != grip:
            raise AssertionError(f"a press of grip {grip} at {time_us} that nobody made")
        stamps.append((time_us - pinch_us) / 1e3)
        knowing.append((known[time_us, grip] - pinch_us) / 1e3)
        handing.append((at - pinch_us) / 1e3)
        numbers.add(number)
    made = max(numbers) - min(numbers) + 1
    yield Figure("pinches heard of those made", len(numbers) / made, "")
    for name, values in (
        ("pinch to edge known", knowing),
        ("pinch to edge handed to the game", handing),
    ):
        middle, most = percentiles(values, 50, 99)
        yield Figure(f"{name}, drawing 1080p, p50", middle, "ms", False)
        yield Figure(f"{name}, drawing 1080p, p99", most, "ms", False)
    yield Figure("press stamp minus pinch, median", float(np.median(stamps)), "ms", False)
    yield Figure("press stamp minus pinch, SD", float(np.std(stamps)), "ms", False)
