"""From a pinch to the edge being known, while this process draws the game at 1080p and 60 frames/s.

The glove is another process on a pseudo-terminal, as a real one is another computer on a line: once
the virtual glove, once the real firmware on a simulated processor, where there is what it takes to
build it. Its pinches are planned on the system's monotonic clock, which both read.

Two instants are taken: when the link's thread has decided the press (it is known, with its time),
and when the game's own loop is handed it (it can sound and light up). Beside them, how far the
press's time is from the pinch.
"""

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pygame

from benchmarks.measure import Figure, percentiles
from benchmarks.picture import BusiestSong
from firmware_bridge import pty_glove
from firmware_bridge.device import Device
from firmware_bridge.glove import Glove
from firmware_bridge.host_clock import host_us
from firmware_bridge.protocol import STANDARD
from firmware_bridge.reception import HostEdge
from firmware_bridge.virtual import Contact
from firmware_bridge.warm import warm_up
from game.stage.steady import be_steady
from tests.hil import toolchain
from tests.hil.simulator_process import Simulator

_SECONDS = 20
_FRAME_S = 1 / 60
_NAP_S = 0.003  # as in game/stage/app.py

#: Pinches come at this distance and are this long; one grip after the other, and out of step with
#: frames of the game and of the glove alike.
_EVERY_US = 43_037
_DWELL_US = 60_000

_STEP_S = 0.0002

#: The link's clock has settled by then.
_RUN_UP_S = 3.0

#: So often the simulator looks at the clock: its bytes leave at most so much late.
_SLICE_US = 50


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


def _be_a_glove(parent: Connection, run_up_s: float) -> None:
    """The other process: tell where it is and when it begins, then stream until told to stop."""
    gc.freeze()  # a glove does not stop to look through its memory
    start_us = host_us() + round(run_up_s * 1e6)
    glove = pty_glove.PtyGlove(Device(_Planned(start_us), host_us()), host_us)
    parent.send((glove.path, start_us))
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


#: Given for how long, and how long before that, gives the port and when the first pinch begins.
_Source = Callable[[float, float], AbstractContextManager[tuple[str, int]]]


def figures(seconds: float = _SECONDS, run_up_s: float = _RUN_UP_S) -> Iterator[Figure]:
    """All figures; pinches are made for ``seconds``, beginning after ``run_up_s``."""
    if not pty_glove.available():
        print("  latency skipped: this system has no pseudo-terminals")
        return
    warm_up()  # or a first run would spend the pinches' time compiling
    song = BusiestSong()
    be_steady()
    pygame.display.init()
    song.surface = pygame.display.set_mode(song.surface.get_size())
    try:
        yield from _measured(song, seconds, run_up_s, _virtual_glove, "")
        if missing := toolchain.missing():
            print(f"  the firmware's latency skipped: {missing}")
            return
        yield from _measured(song, seconds, run_up_s, _simulated_firmware, ", real firmware")
    finally:
        pygame.display.quit()


def _measured(
    song: BusiestSong, seconds: float, run_up_s: float, source: _Source, which: str
) -> Iterator[Figure]:
    with (
        source(seconds, run_up_s) as (path, start_us),
        Glove.open(f"serial:{path}", ports=lambda: ()) as glove,
    ):
        known = _Known()
        glove.when_decided(known)
        polled, waits, drawing = _play(song, glove, start_us + round(seconds * 1e6))
    yield from _latencies(start_us, known.at, polled, which)
    middle = percentiles(drawing, 50)[0]
    yield Figure(f"draw and show a frame meanwhile, p50{which}", middle, "ms", False)
    middle, most = percentiles(waits, 50, 99)
    yield Figure(f"between two looks at the events, p50{which}", middle, "ms", False)
    yield Figure(f"between two looks at the events, p99{which}", most, "ms", False)


@contextmanager
def _virtual_glove(seconds: float, run_up_s: float) -> Iterator[tuple[str, int]]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_be_a_glove, args=(theirs, run_up_s), daemon=True)
    process.start()
    theirs.close()  # so that a glove that could not begin is an error here, and no silence
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(5)


@contextmanager
def _simulated_firmware(seconds: float, run_up_s: float) -> Iterator[tuple[str, int]]:
    with TemporaryDirectory(prefix="griptune-firmware") as folder:
        built = Path(folder)
        toolchain.build(toolchain.FIRMWARE, BUILD=built / "firmware")
        toolchain.build(toolchain.SIMULATOR, BUILD=built / "simulator")
        program, elf = built / "simulator" / "glove-simulator", built / "firmware" / "glove.elf"
        with Simulator(program, elf, "--baud", STANDARD.baud, "--slice", _SLICE_US) as glove:
            start_us = host_us() + round(run_up_s * 1e6)
            glove.commands(_masks(start_us, round(seconds * 1e6 / _EVERY_US)))
            yield glove.path, start_us


def _masks(start_us: int, count: int) -> list[tuple[int | None, str]]:
    """The commands to the simulator for ``count`` pinches."""
    changes = []
    for number in range(count):
        begin = start_us + number * _EVERY_US
        changes += [(begin, 1 << number % 5), (begin + _DWELL_US, 1 << number % 5)]
    mask, commands = 0, []
    for at_us, bit in sorted(changes):
        mask ^= bit
        commands.append((at_us, f"mask {mask}"))
    return commands


def _play(
    song: BusiestSong, glove: Glove, until_us: int
) -> tuple[dict[tuple[int, int], int], list[float], list[float]]:
    """The game's loop; returns when each press was handed out, waits between looks, drawing."""
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

    frame = 0
    while host_us() < until_us:
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
    return polled, waits, drawing


def _latencies(
    start_us: int,
    known: dict[tuple[int, int], int],
    polled: dict[tuple[int, int], int],
    which: str,
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
    if not numbers:
        raise AssertionError("no pinch was heard in all that time")
    made = max(numbers) - min(numbers) + 1
    yield Figure(f"pinches heard of those made{which}", len(numbers) / made, "")
    for name, values in (
        ("pinch to edge known", knowing),
        ("pinch to edge handed to the game", handing),
    ):
        middle, most = percentiles(values, 50, 99)
        yield Figure(f"{name}, drawing 1080p, p50{which}", middle, "ms", False)
        yield Figure(f"{name}, drawing 1080p, p99{which}", most, "ms", False)
    yield Figure(f"press stamp minus pinch, median{which}", float(np.median(stamps)), "ms", False)
    yield Figure(f"press stamp minus pinch, SD{which}", float(np.std(stamps)), "ms", False)
