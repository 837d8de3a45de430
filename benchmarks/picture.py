"""Milliseconds to draw a frame of the highway at 1920×1080, in the busiest bundled song."""

import os
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Figure, percentiles

_SIZE = (1920, 1080)
_FRAMES = 1_200
_FRAME_US = 1_000_000 // 60


def figures() -> Iterator[Figure]:
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    import pygame

    from game.core import Grip
    from game.music.arranging import arrange
    from game.music.library import Library, bundled_folder
    from game.music.reading import read_song
    from game.stage.lyrics import lyric_lines
    from game.stage.screens import PlayScreen
    from game.stage.view import WAS_HIT, Effect, HighwayView

    library = Library([bundled_folder()])
    library.scan()
    songs = [read_song(entry.path) for entry in library.songs if entry.ok]
    song, chart = max(((song, arrange(song)) for song in songs), key=lambda pair: pair[1].rates[-1])
    surface = pygame.Surface(_SIZE, 0, 32)
    screen = PlayScreen(_SIZE, "right")
    targets = chart.targets
    states = np.zeros(len(targets), np.uint8)
    view = HighwayView(
        length_us=chart.length_us,
        targets=targets,
        states=states,
        beats_us=chart.beats_us,
        bars_us=chart.bars_us,
        lyrics=lyric_lines(song.lyrics, chart.length_us),
        sections=song.sections,
        title=song.title,
    )
    screen.prepare(view)
    took, effects = [], []
    start_us = int(targets["time_us"][len(targets) // 3])
    for frame in range(_FRAMES):
        view.song_us = start_us + frame * _FRAME_US
        due = np.flatnonzero((targets["time_us"] <= view.song_us) & (states == 0))
        for index in due:
            states[index] = WAS_HIT
            if targets["time_us"][index] > view.song_us - 2 * _FRAME_US:
                effects.append(Effect("hit", view.song_us, Grip(int(targets["grip"][index]))))
                view.count += 1
        effects = [effect for effect in effects if view.song_us - effect.at_us < 400_000]
        waiting = np.flatnonzero(states == 0)[:2]
        view.effects = tuple(effects)
        view.contacts = 1 << effects[-1].grip if effects else 0
        view.asked_index = int(waiting[0]) if len(waiting) else -1
        view.asked = Grip(int(targets["grip"][waiting[0]])) if len(waiting) else None
        began = time.perf_counter()
        screen.view = view
        screen.draw(surface)
        took.append((time.perf_counter() - began) * 1e3)
    median, worst = percentiles(took[60:], 50, 99)
    name = f"highway frame, {song.title} at {chart.rates[-1]:.1f} targets/s"
    yield Figure(f"{name}, p50", median, "ms", False)
    yield Figure(f"{name}, p99", worst, "ms", False)
