"""Milliseconds to draw a frame of the highway at 1920×1080, in the busiest bundled song.

Every way a play can look is measured: each direction of the targets, and everything that can be
asked for besides.
"""

import os
import time
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import Figure, percentiles

if TYPE_CHECKING:
    from game.music.chart import Chart
    from game.music.song import Song
    from game.stage.view import Options

SIZE = (1920, 1080)
FRAME_US = 1_000_000 // 60
_FRAMES = 1_200
#: How long the stretch with the most targets is.
BUSY_US = 20_000_000


@cache
def busiest() -> "tuple[Song, Chart]":
    """The bundled song with the most targets a second in its densest tier."""
    from game.music.arranging import arrange
    from game.music.library import Library, bundled_folder
    from game.music.reading import read_song

    library = Library([bundled_folder()])
    library.scan()
    songs = [read_song(entry.path) for entry in library.songs if entry.ok]
    return max(((song, arrange(song)) for song in songs), key=lambda pair: pair[1].rates[-1])


class BusiestSong:
    """The highway in the busiest 20 s of the busiest bundled song; everything is hit.

    Pinches are a little early and late in turn, so that whatever can be told of them is drawn.
    ``start_us`` is where the stretch begins.
    """

    def __init__(
        self, size: tuple[int, int] = SIZE, hand: str = "right", options: "Options | None" = None
    ) -> None:
        # Only a window needs a display, and a benchmark is run where there may be none.
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
        import pygame

        from game.stage.lyrics import lyric_lines
        from game.stage.screens import PlayScreen
        from game.stage.theme import Scale
        from game.stage.view import Effect, HighwayView, Options

        song, chart = busiest()
        self.name = f"{song.title} at {chart.rates[-1]:.1f} targets/s"
        self.surface = pygame.Surface(size, 0, 32)
        options = options or Options()
        self.screen = PlayScreen(Scale(*size, options.scale), hand, options)
        self._targets = chart.targets
        self._chart, self._song = chart, song
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
        times = self._targets["time_us"]
        count = np.searchsorted(times, times + BUSY_US) - np.arange(len(times))
        self.start_us = int(times[int(np.argmax(count))]) - 200_000

    def show(self, frame: int, frame_us: float = FRAME_US) -> None:
        """Make the view that of ``frame``, each of ``frame_us``."""
        from game.core import Grip
        from game.play.plan import WAS_HIT
        from game.stage.view import Effect

        view, targets, states = self.view, self._targets, self._states
        view.song_us = self.start_us + round(frame * frame_us)
        for index in np.flatnonzero((targets["time_us"] <= view.song_us) & (states == 0)):
            states[index] = WAS_HIT
            if targets["time_us"][index] > view.song_us - 2 * frame_us:
                grip = Grip(int(targets["grip"][index]))
                off_us = 70_000 if index % 2 else -70_000
                self._effects.append(Effect("hit", view.song_us, grip, off_us=off_us))
                view.errors_us = (*view.errors_us, off_us)[-12:]
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

    def again(self) -> None:
        """Back to the beginning: nothing was hit."""
        self._states[:] = 0
        self._effects.clear()


def looks() -> "dict[str, dict[str, Any]]":
    """The ways a play can look that are measured: what they are called, and their options."""
    told = {"early_late": True, "error_bar": True, "visual_beat": True, "anchor_bar": True}
    return {
        "towards": {},
        "down": {"scroll": "down"},
        "up": {"scroll": "up"},
        "towards, everything shown": told,
        "down, everything shown": {"scroll": "down", **told},
        "up, everything shown, high contrast": {"scroll": "up", "high_contrast": True, **told},
        "reduced motion": {"reduced_motion": True, "visual_beat": True},
        "at 200 %": {"scale": 2.0, **told},
    }


def drawing_ms(song: BusiestSong, frames: int) -> np.ndarray:
    """Milliseconds to draw each of the frames of ``song``, the first second left out."""
    took = []
    for frame in range(frames):
        song.show(frame)
        began = time.perf_counter()
        song.draw()
        took.append((time.perf_counter() - began) * 1e3)
    return np.array(took[60:])


def figures() -> Iterator[Figure]:
    from game.stage.view import Options

    for look, asked in looks().items():
        song = BusiestSong(options=Options(**asked))
        median, worst = percentiles(drawing_ms(song, _FRAMES), 50, 99)
        name = f"highway frame, {look}"
        if not asked:
            name += f", {song.name}"
        yield Figure(f"{name}, p50", median, "ms", False)
        yield Figure(f"{name}, p99", worst, "ms", False)
