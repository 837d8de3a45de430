"""Plays to draw in tests: the same every time, busier than any song."""

from collections.abc import Iterator

import numpy as np
import pygame

from game.core.data import TARGET
from game.core.grips import GRIPS, Grip
from game.play.plan import WAITING, WAS_HIT, WAS_MISSED
from game.stage.lyrics import LyricLine
from game.stage.view import Effect, HighwayView

SMALL = (640, 360)
FULL = (1920, 1080)


def pixels(surface: pygame.Surface) -> np.ndarray:
    """The colours of a surface, width × height × 3, as a copy."""
    return pygame.surfarray.array3d(surface)


def luminances(colours: np.ndarray) -> np.ndarray:
    """Relative luminance of every pixel (the same formula as the theme's)."""
    c = colours.astype(float) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def still_view(**changes: object) -> HighwayView:
    """A song of two minutes at 120 bpm with nothing in it, at 10 s."""
    view = HighwayView(song_us=10_000_000, length_us=120_000_000, title="A Song")
    view.beats_us = np.arange(0, view.length_us, 500_000, dtype=np.int64)
    view.bars_us = view.beats_us[::4]
    for name, value in changes.items():
        setattr(view, name, value)
    return view


def targets(*rows: tuple[int, Grip, int]) -> np.ndarray:
    """Targets from (time_us, grip, duration_us)."""
    return np.array([(t, g, d, 60, 1, 0) for t, g, d in rows], TARGET)


def busy_play(
    frames: int, *, per_s: int = 60, period_us: int = 333_000, seed: int = 1
) -> Iterator[HighwayView]:
    """The views of a play: three targets a second, every outcome, tails, gaps, words."""
    rng = np.random.default_rng(seed)
    view = still_view(song_us=20_000_000, look_ahead_us=3_000_000)
    times = np.arange(20_100_000, 100_000_000, period_us)
    times = times[(times // 1_000_000) % 11 > 2]  # a silence, so pickups are seen
    view.targets = np.zeros(len(times), TARGET)
    view.targets["time_us"] = times
    view.targets["grip"] = rng.integers(0, 5, len(times))
    view.targets["duration_us"] = rng.choice([200_000, 900_000, 1_500_000], len(times))
    view.states = np.zeros(len(times), np.uint8)
    view.sections = ((0, "Verse 1"), (21_000_000, "Chorus"))
    view.lyrics = (
        LyricLine(20_200_000, 21_000_000, ("Row", "the"), (20_200_000, 20_400_000)),
        LyricLine(21_000_000, 99_000_000, ("boat", "home"), (21_100_000, 21_300_000)),
    )
    effects: list[Effect] = []
    for frame in range(frames):
        view.song_us = 20_000_000 + frame * 1_000_000 // per_s
        due = np.flatnonzero((times <= view.song_us) & (view.states == WAITING))
        for i in due:
            chance, grip = rng.random(), Grip(int(view.targets["grip"][i]))
            hit = chance < 0.75
            view.states[i] = WAS_HIT if hit else WAS_MISSED
            off_us = int(rng.integers(-200_000, 200_000))
            effects.append(Effect("hit" if hit else "miss", view.song_us, grip, off_us=off_us))
            if hit:
                view.errors_us = (*view.errors_us, off_us)[-12:]
            if chance < 0.3:
                effects.append(Effect("near", view.song_us, grip))
            if chance > 0.6:
                effects.append(Effect("wrong", view.song_us, grip, GRIPS[(grip + 1) % 5]))
            view.count += hit
            view.contacts = 1 << grip if hit else 0
        if frame % 7 == 6:
            view.contacts = 0
        effects = [e for e in effects if view.song_us - e.at_us < 500_000]
        view.effects = tuple(effects)
        coming = np.flatnonzero(view.states == WAITING)[:2]
        view.asked_index = int(coming[0])
        view.asked = Grip(int(view.targets["grip"][coming[0]]))
        view.following = Grip(int(view.targets["grip"][coming[1]]))
        view.contact_held_us = 1_200_000 if 40 < frame % 90 < 55 else 100_000
        view.notice = "No glove: keyboard" if frame % 60 > 40 else ""
        view.count_in = 3 if 50 < frame % 100 < 60 else 0
        yield view
