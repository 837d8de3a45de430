"""Drawing for long: memory stays flat, and no sound is kept waiting. A soak takes 30 and 10 min."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.lasting import growth_mb, lateness_ms, ran_dry
from benchmarks.picture import BusiestSong
from game.stage.view import Options
from tests import sound_server

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

MINUTES = 30.0 if SOAK else 0.2
SOUND_S = 600 if SOAK else 4
SHOWN = Options(early_late=True, error_bar=True, visual_beat=True)


@pytest.mark.timeout(7_200)
def test_memory_stays_flat_while_drawing() -> None:
    size = (1920, 1080) if SOAK else (640, 360)
    grown = growth_mb(BusiestSong(size, options=SHOWN), round(MINUTES * 3_600))
    print(f"{MINUTES} min of frames: {grown:+.2f} MB")
    assert grown <= 5


def test_no_frame_leaves_anything_behind() -> None:
    """What Python holds after every two seconds of the song: no more than at first."""
    song = BusiestSong((320, 180), options=SHOWN)
    held = []
    tracemalloc.start()
    try:
        for frame in range(481):
            if frame % 120 == 0:
                song.again()
                held.append(tracemalloc.get_traced_memory()[0])
            song.show(frame % 120)
            song.draw()
    finally:
        tracemalloc.stop()
    # The first time round words are drawn that are kept; the count of pinches adds a few after.
    assert held[-1] - held[1] < 1_000_000


#: A program that draws nothing and is held up by nobody but the machine: 2 ms of work 60 times a
#: second, and a line with the time whenever that took 8 ms longer than it should.
_CONTROL = """
import time
while True:
    began, spent = time.perf_counter(), time.process_time()
    while time.process_time() - spent < 0.002:
        pass
    time.sleep(0.0147)
    now = time.perf_counter()
    if now - began > 0.0247:
        print(now, flush=True)
"""


@contextmanager
def _control() -> Iterator[set[int]]:
    """Filled in the end: the seconds in which that program was held up."""
    held_up: set[int] = set()
    control = subprocess.Popen([sys.executable, "-c", _CONTROL], stdout=subprocess.PIPE, text=True)
    try:
        yield held_up
    finally:
        control.terminate()
        told, _ = control.communicate()
        held_up |= {int(float(line)) for line in told.split()}


@pytest.mark.timeout(7_200)
def test_no_callback_is_later_than_the_audio_handed_over() -> None:
    """At 60 frames a second of 1920×1080.

    In a soak nothing may be late. Otherwise those seconds count in which other programs on the
    machine held up nobody: a game that keeps the sound waiting does so in every second.
    """
    song = BusiestSong(options=SHOWN)
    with _control() as held_up:
        rows = lateness_ms(song, SOUND_S)
    assert len(rows) > SOUND_S * 20
    busy = held_up | {second - 1 for second in held_up} | {second + 1 for second in held_up}
    late = {int(at) for at, ms in rows if ms > 0}
    print(
        f"{len(rows)} callbacks, {-rows[:, 1].max():.1f} ms in hand; late in {len(late)} s, "
        f"of which the machine was busy in {len(late & busy)}"
    )
    assert late <= (set() if SOAK else busy)


@pytest.mark.real_time
@pytest.mark.skipif(bool(sound_server.missing()), reason=sound_server.missing())
@pytest.mark.timeout(7_200)
def test_a_sound_server_never_runs_dry_while_the_song_is_drawn() -> None:
    """As it tells itself. In a soak never; otherwise no more often than the machine stood still."""
    song = BusiestSong(options=SHOWN)
    with _control() as held_up:
        callbacks, dry = ran_dry(song, SOUND_S)
    print(f"{callbacks} callbacks; ran dry {dry} times, machine held up in {len(held_up)} s")
    assert callbacks > SOUND_S * 20
    assert dry <= (0 if SOAK else len(held_up))
