"""Milliseconds to draw a frame of the highway at 1920×1080, in the busiest bundled song."""

import os
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Figure, percentiles

SIZE = (1920, 1080)
FRAME_US = 1_000_000 // 60
_FRAMES = 1_200


class BusiestSong:
    """The highway in the busiest bundled song, from a third of its targets on; all are hit."""

    def __init__(self) -> None:
        # Only a window needs a display, and a benchmark is run where there may be none.
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
        import pygame

        from game.music.arranging import arrange
        from game.music.library import Library, bundled_folder
        from game.music.reading import read_song
        from game.stage.lyrics import lyric_lines
        from game.stage.screens import PlayScreen
        from game.stage.view import Effect, HighwayView

        library = Library([bundled_folder()])
        library.scan()
        songs = [read_song(entry.path) for entry in library.songs if entry.ok]
        song, chart = max(
            ((song, arrange(song)) for song in songs), key=lambda pair: pair[1].rates[-1]
        )
        self.name = f"{song.title} at {chart.rates[-1]:.1f} targets/s"
        self.surface = pygame.Surface(SIZE, 0, 32)
        self.screen = PlayScreen(SIZE, "right")
        self._targets = chart.targets
        self._states = np.zeros(len(chart.targets), np.uint8)
        self.view = HighwayView(
            length_us=chart.length_us,
            targets=self._targets,
            states=self._states,
            beats_us=chart.beats_us,
            bars_us=chart.bars_us,
            lyrics=lyric_lines(song.lyrics, chart.length_us),
            sections=song.sections,
            title=song.title,
        )
        self.screen.prepare(self.view)
        self.screen.view = self.view
        self._effects: list[Effect] = []
        self._start_us = int(self._targets["time_us"][len(self._targets) // 3])

    def show(self, frame: int) -> None:
        """Make the view that of ``frame``."""
        from game.core import Grip
        from game.play.plan import WAS_HIT
        from game.stage.view import Effect

        view, targets, states = self.view, self._targets, self._states
        view.song_us = self._start_us + frame * FRAME_US
        for index in np.flatnonzero((targets["time_us"] <= view.song_us) & (states == 0)):
            states[index] = WAS_HIT
            if targets["time_us"][index] > view.song_us - 2 * FRAME_US:
                grip = Grip(int(targets["grip"][index]))
                self._effects.append(Effect("hit", view.song_us, grip))
                view.count += 1
        self._effects = [e for e in self._effects if view.song_us - e.at_us < 400_000]
        waiting = np.flatnonzero(states == 0)[:2]
        view.effects = tuple(self._effects)
        view.contacts = 1 << self._effects[-1].grip if self._effects else 0
        view.asked_index = int(waiting[0]) if len(waiting) else -1
        view.asked = Grip(int(targets["grip"][waiting[0]])) if len(waiting) else None

    def draw(self) -> None:
        """Draw the view."""
        self.screen.draw(self.surface)


def figures() -> Iterator[Figure]:
    song = BusiestSong()
    took = []
    for frame in range(_FRAMES):
        song.show(frame)
        began = time.perf_counter()
        song.draw()
        took.append((time.perf_counter() - began) * 1e3)
    median, worst = percentiles(took[60:], 50, 99)
    name = f"highway frame, {song.name}"
    yield Figure(f"{name}, p50", median, "ms", False)
    yield Figure(f"{name}, p99", worst, "ms", False)
