"""Rendering every bundled song, from choosing a song to its first sound, from a press to its own.

Rendering is measured in processor time, so on one core. FluidSynth is measured beside it where its
program is installed: the same songs with the same SoundFont, all in one stem that goes nowhere.
"""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.evening import Evening, pygame
from benchmarks.measure import Figure, percentiles
from game.music.library import Library, bundled_folder
from game.music.reading import read_song
from game.music.song import Song
from game.music.sound import render
from game.music.sound.rendering import warm
from game.music.sound.soundfont import default_soundfont
from game.stage.audio import PERIOD_MS, PERIODS

#: What the device still holds back when it is handed a frame: three periods at most.
BUFFER_S = PERIOD_MS * PERIODS / 1_000

_SIZE = (1920, 1080)
_SONGS = ("ode-to-joy", "the-entertainer", "mountain-king", "can-can", "clementine")
_SCANCODES = (13, 14, 15, 51, 11)  # J K L ; H
_PRESS_EVERY_S = 0.083  # out of step with frames and buffers


class Chooses:
    """Chooses each of ``songs`` so often and ends it when it sounds.

    ``waits`` are the seconds from choosing to the first sound, by song. Each was looked at for
    ``look_s`` before, in which the game makes it ready.
    """

    def __init__(self, songs: Sequence[str], times: int, look_s: float) -> None:
        self.waits: dict[str, list[float]] = {song: [] for song in songs}
        self._plan = [song for _ in range(times) for song in songs]
        self._look_s = look_s
        self._chosen_s = 0.0
        self._due_s = 0.0
        self._looked = False

    def keep(self, evening: Evening) -> None:
        """Have every song rendered and kept."""
        desk = evening.keeper
        for name in self.waits:
            who, options = desk.person(None), desk.options()
            prepared = desk.prepare(desk.library.find(name), who, "keyboard", options)
            job = evening.renderer.request(prepared.song, prepared.tempo)
            job.result().whole.wait(120)

    def __call__(self, evening: Evening) -> bool:
        now = time.perf_counter()
        if not self._due_s:
            # The pictures of the first play are drawn while one finds one's way about.
            evening.rooms.draw_ahead().wait()
            self._due_s = now
        elif self._chosen_s:
            if evening.heard_s < now and evening.playing:
                self.waits[self._plan.pop(0)].append(evening.heard_s + BUFFER_S - self._chosen_s)
                evening.end_play()
                self._chosen_s, self._due_s, self._looked = 0.0, now + 0.1, False
            elif now - self._chosen_s > 120:
                raise AssertionError("nothing was heard")
        elif now >= self._due_s and self._look_s and not self._looked:
            evening.rooms.make_ready(evening.keeper.library.find(self._plan[0]))
            self._looked, self._due_s = True, now + self._look_s
        elif now >= self._due_s:
            evening.listen()
            self._chosen_s = time.perf_counter()
            evening.choose(f"play:{self._plan[0]}")
        return not self._plan


class Presses:
    """Presses keys while a song is counted in and begins.

    ``waits`` are the seconds from a key to its sound at the device's end.
    """

    def __init__(self, song: str, count: int) -> None:
        self.waits: list[float] = []
        self._song = song
        self._count = count
        self._made = 0
        self._due_s = 0.0
        self._pressed_s = 0.0
        self._asked = False
        self._chosen = False

    def play(self, evening: Evening) -> None:
        """Press keys until there were enough, in a thread beside the game's own loop."""
        mixer, fill = evening.audio.mixer, evening.audio.mixer.fill
        sound = mixer.sound

        def asked(wave: np.ndarray, gain: float = 1.0) -> None:
            sound(wave, gain)
            self._asked = True

        def filled(out: np.ndarray) -> None:
            sounds = self._asked
            fill(out)
            if sounds and self._pressed_s:
                self.waits.append(time.perf_counter() - self._pressed_s + BUFFER_S)
                self._asked, self._pressed_s = False, 0.0

        mixer.sound, mixer.fill = asked, filled
        done = threading.Event()

        def hand() -> None:
            while not done.wait(0.001):
                self._press(evening)

        thread = threading.Thread(target=hand, daemon=True)
        thread.start()
        try:
            evening.run(self)
        finally:
            done.set()
            thread.join()

    def __call__(self, evening: Evening) -> bool:
        if not self._chosen:
            evening.rooms.draw_ahead().wait()
            evening.choose(f"play:{self._song}")
            self._chosen = True
        return len(self.waits) >= self._count

    def _press(self, evening: Evening) -> None:
        now = time.perf_counter()
        if not evening.playing or self._pressed_s or now < self._due_s:
            return
        code = _SCANCODES[self._made % 5]
        self._made += 1
        self._due_s = now + _PRESS_EVERY_S
        self._pressed_s = now
        for kind in (pygame.KEYDOWN, pygame.KEYUP):
            event = pygame.event.Event(kind, key=pygame.K_z, scancode=code, mod=0, unicode="")
            pygame.event.post(event)


def figures() -> Iterator[Figure]:
    yield from _rendering()
    with tempfile.TemporaryDirectory() as folder:
        for look_s, when in ((0.6, "after a look at it"), (0.0, "at once")):
            evening = Evening(Path(folder), _SIZE)
            person = Chooses(_SONGS, 5, look_s)
            person.keep(evening)
            evening.run(person)
            evening.close()
            waits = np.concatenate([person.waits[song] for song in _SONGS]) * 1e3
            middle, most = percentiles(waits, 50, 100)
            yield Figure(f"a kept song chosen {when} to first sound, p50", middle, "ms", False)
            yield Figure(f"a kept song chosen {when} to first sound, most", most, "ms", False)
        evening = Evening(Path(folder), _SIZE)
        presses = Presses(_SONGS[0], 120)
        presses.play(evening)
        evening.close()
    middle, most = percentiles(np.array(presses.waits) * 1e3, 50, 99)
    yield Figure("key to sound with the device's buffer, 1080p, p50", middle, "ms", False)
    yield Figure("key to sound with the device's buffer, 1080p, p99", most, "ms", False)


def _rendering() -> Iterator[Figure]:
    library = Library([bundled_folder()])
    library.scan()
    paths = [entry.path for entry in library.songs if entry.ok]
    library.close()
    warm()
    speeds, theirs = [], []
    for path in paths:
        song = read_song(path)
        took = min(_seconds(song) for _ in range(2))
        speeds.append(song.length_us / 1e6 / took)
        other = _fluidsynth(path)
        if other:
            theirs.append(song.length_us / 1e6 / other)
    yield Figure("render a bundled song, slowest", min(speeds), "x real time")
    yield Figure("render a bundled song, median", percentiles(speeds, 50)[0], "x real time")
    if theirs:
        yield Figure("the same with FluidSynth, slowest", min(theirs), "x real time")
        yield Figure("the same with FluidSynth, median", percentiles(theirs, 50)[0], "x real time")


def _seconds(song: Song) -> float:
    began = time.process_time()
    render(song)
    return time.process_time() - began


def _fluidsynth(path: Path) -> float | None:
    """Seconds FluidSynth works at a song, its start and its font included; None without it."""
    program = shutil.which("fluidsynth")
    if program is None:
        return None
    command = [program, "-ni", "-q", "-r", "44100", "-T", "raw", "-F", "/dev/null"]
    began = os.times()
    subprocess.run([*command, str(default_soundfont()), str(path)], check=True, capture_output=True)
    ended = os.times()
    spent = ended.children_user + ended.children_system
    return (spent - began.children_user - began.children_system) or None
